-- One row per performance obligation: how and when it is satisfied (606-10-25-23 to 25-30).
with obligation_lines as (
    select * from {{ ref('obligation_lines') }}
),

terms as (
    select * from {{ ref('contract_terms') }}
)

select
    obligation_lines.obligation_key,
    obligation_lines.obligation_id,
    obligation_lines.contract_key,
    min(obligation_lines.line_no) as line_no,
    count(*) as line_count,
    max(terms.recognition_method) as recognition_method,
    min(terms.starts_on) as starts_on,
    max(terms.ends_on) as ends_on,
    min(terms.satisfied_on) as satisfied_on,
    max(terms.expires_on) as expires_on,
    max(terms.not_before_on) as not_before_on,
    sum(terms.quantity) as quantity
from obligation_lines
inner join terms
    on obligation_lines.line_key = terms.line_key
group by obligation_lines.obligation_key, obligation_lines.obligation_id, obligation_lines.contract_key
