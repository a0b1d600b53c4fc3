-- One row per contract opened from an earlier system and account role: the balance accepted for it, positive on the role's natural side.
select
    accepted.contract_key,
    accepted.role,
    cast(sum(accepted.balance_minor) as {{ dbt.type_bigint() }}) as balance_minor
from {{ ref('int_contracts__opening_rows') }} as accepted
inner join {{ ref('opening_contracts') }} as contracts
    on accepted.contract_key = contracts.contract_key
where accepted.role is not null and accepted.balance_minor is not null
group by accepted.contract_key, accepted.role
