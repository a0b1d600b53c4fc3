-- One row per contract to draft that is accounted for and of which nothing is posted: its whole target is to be posted.
select to_draft.contract_key
from {{ ref('contracts_to_draft') }} as to_draft
left join {{ ref('contracts_not_accounted') }} as refused
    on to_draft.contract_key = refused.contract_key
left join {{ ref('posted_contracts') }} as posted
    on to_draft.contract_key = posted.contract_key
where refused.contract_key is null and posted.contract_key is null
