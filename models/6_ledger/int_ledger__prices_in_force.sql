{{ config(materialized='view') }}
-- One row per contract that this build computes and version: its transaction price, and the day from which it is in force. Left out are contracts of which
-- it does not say what of their bills is for them: combined ones share one price, and what is owed back or is interest stands beside it.
with combined as (
    select group_key
    from {{ ref('known_contracts') }}
    group by group_key
    having count(*) > 1
),

beside as (
    select distinct contract_key
    from {{ ref('expected_liabilities') }}
),

folded as (
    select
        contract_key,
        version,
        sum(allocated_minor) as price_minor
    from {{ ref('price_changes') }}
    group by contract_key, version
)

select
    folded.contract_key,
    versions.version_order,
    case when versions.version_order = 1 then cast('0001-01-01' as date) else greatest(versions.effective_on, versions.agreed_on) end as from_on,
    folded.price_minor
from folded
inner join {{ ref('contract_versions') }} as versions
    on
        folded.contract_key = versions.contract_key
        and folded.version = versions.version
left join combined
    on versions.group_key = combined.group_key
left join beside
    on folded.contract_key = beside.contract_key
where combined.group_key is null and beside.contract_key is null
union all
select
    contract_key,
    1 as version_order,
    cast('0001-01-01' as date) as from_on,
    fixed_minor as price_minor
from {{ ref('transaction_prices') }}
