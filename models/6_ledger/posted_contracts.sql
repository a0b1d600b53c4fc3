-- One row per contract to draft of which something is posted: the knowledge it was last posted with.
select
    posted.contract_key,
    max(posted.known_as_of) as known_as_of
from {{ ref('posted_postings') }} as posted
inner join {{ ref('contracts_to_draft') }} as to_draft
    on posted.contract_key = to_draft.contract_key
group by posted.contract_key
