-- One row per contract with posted lines: how many, and the knowledge they were posted with.
select
    contract_key,
    count(*) as posted_lines,
    max(known_as_of) as known_as_of
from {{ ref('posted_postings') }}
group by contract_key
