-- One row per contract: a fingerprint of all its inputs. What was built from the same fingerprint need not be built again.
with rows_of_contracts as (
    select * from {{ ref('int_contracts__row_fingerprints') }}
),

scopes as (
    select * from {{ ref('int_contracts__scopes') }}
),

summed as (
    select
        rows_of_contracts.contract_key,
        sum(cast(rows_of_contracts.fingerprint as {{ wide_int() }})) + max(reference.fingerprint) as fingerprint
    from rows_of_contracts
    cross join {{ ref('int_contracts__reference_fingerprint') }} as reference
    group by rows_of_contracts.contract_key
),

-- Contracts that depend on each other are computed together.
together as (
    select
        summed.contract_key,
        sum(summed.fingerprint) over (partition by coalesce(scopes.scope_key, summed.contract_key)) as fingerprint
    from summed
    left join scopes
        on summed.contract_key = scopes.contract_key
)

select
    contract_key,
    {{ int_mod('abs(fingerprint)', '2305843009213693951') }} as fingerprint
from together
