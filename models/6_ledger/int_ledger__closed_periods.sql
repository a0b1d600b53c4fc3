-- One row per contract, customer balance or books that has postings: which periods are closed to it, and why what is posted of it may be wrong.
-- A table, so that every posting is joined once, with one that is known to be small.
select
    parties.contract_key,
    parties.entity_id,
    parties.book,
    status.locked_through_no,
    status.soft_through_no,
    status.soft_causes,
    coalesce(contracts.position_key, parties.contract_key) as position_key,
    coalesce(late_causes.cause, 'late_data') as late_cause
from {{ ref('posting_parties') }} as parties
inner join {{ ref('period_status') }} as status
    on
        parties.entity_id = status.entity_id
        and parties.book = status.book
left join {{ ref('known_contracts') }} as contracts
    on parties.contract_key = contracts.contract_key
left join {{ ref('late_causes') }} as late_causes
    on parties.contract_key = late_causes.contract_key
