-- One row per contract and role of which not all that its bills collect for others, tax or passed through, is owed to them (invariants 27, 41).
with bills as (
    select
        billings.contract_key,
        sum(billings.tax_minor) as tax_minor,
        sum(billings.pass_through_minor) as pass_through_minor
    from {{ ref('billings') }} as billings
    left join {{ ref('opening_contracts') }} as openings
        on billings.contract_key = openings.contract_key
    where
        {{ period_number('billings.booked_on') }} <= {{ through_period_no() }}
        and (billings.tax_minor <> 0 or billings.pass_through_minor <> 0)
        -- What was billed before a cut-over is the earlier system's to pay over.
        and (openings.contract_key is null or billings.booked_on >= openings.starts_on)
    group by billings.contract_key
),

collected as (
    select contract_key, 'tax_payable' as role, tax_minor as amount_minor from bills
    union all
    select contract_key, 'pass_through_payable' as role, pass_through_minor as amount_minor from bills
),

-- A bill whose right comes later is billed by other events, too.
booked as (
    select contract_key, role, -amount_minor as amount_minor
    from {{ ref('ledger_postings') }}
    where entry_type = 'invoice'
    union all
    select contract_key, role, amount_minor
    from {{ ref('billed_parts') }}
    where entry_type <> 'invoice' and {{ period_number('occurred_on') }} <= {{ through_period_no() }}
),

owed as (
    select
        contract_key,
        role,
        sum(amount_minor) as amount_minor
    from booked
    where role in ('tax_payable', 'pass_through_payable')
    group by contract_key, role
),

-- What the fold billed before the right is netted in the entries of other events.
netted as (
    select distinct contract_key
    from {{ ref('invoice_only_events') }}
    where kind = 'issue' and event_no > 1
),

compared as (
    select
        coalesce(collected.contract_key, owed.contract_key) as contract_key,
        coalesce(collected.role, owed.role) as role,
        cast(coalesce(collected.amount_minor, 0) as {{ dbt.type_bigint() }}) as collected_minor,
        cast(coalesce(owed.amount_minor, 0) as {{ dbt.type_bigint() }}) as owed_minor
    from collected
    full outer join owed
        on
            collected.contract_key = owed.contract_key
            and collected.role = owed.role
),

wrong as (
    select
        contracts.*,
        compared.role,
        cast({{ to_major('compared.collected_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as collected,
        cast({{ to_major('compared.owed_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as owed
    from compared
    inner join {{ ref('contracts') }} as contracts
        on compared.contract_key = contracts.contract_key
    left join netted
        on compared.contract_key = netted.contract_key
    where compared.collected_minor <> compared.owed_minor and netted.contract_key is null
)

select
    entity_id,
    book,
    'collected_for_others_is_owed' as rule,
    'block' as severity,
    inception_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', role) as source_id,
    collected as expected,
    owed as actual,
    concat('The bills of contract ', contract_id, ' collect ', collected, ' for others, and ', owed, ' is in ', role, ': the rest is in the price.')
        as explanation,
    recorded_at as first_seen_at
from wrong
