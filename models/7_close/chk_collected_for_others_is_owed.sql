-- One row per contract and role of which not all that its bills collect for others, tax or passed through, is owed to them (invariants 27, 41).
{% set through = through_period_no() -%}
with bills as (
    select
        billings.contract_key,
        billings.invoice_id,
        billings.tax_minor,
        billings.pass_through_minor
    from {{ ref('billings') }} as billings
    left join {{ ref('opening_contracts') }} as openings
        on billings.contract_key = openings.contract_key
    where
        {{ period_number('billings.booked_on') }} <= {{ through }}
        and (billings.tax_minor <> 0 or billings.pass_through_minor <> 0)
        -- What was billed before a cut-over is the earlier system's to pay over.
        and (openings.contract_key is null or billings.booked_on >= openings.starts_on)
),

-- What comes before the right to all of a bill bills a part of it; what all of it is, is known on the day of the right.
open_bills as (
    select
        contract_key,
        invoice_id
    from {{ ref('early_invoices') }}
    where {{ period_number('booked_in_full_on') }} > {{ through }}
),

-- The same in the fold, by whether only payments came before.
early_events as (
    select
        events.contract_key,
        min(case when events.kind = 'payment' then 1 else 0 end) as is_by_payments
    from {{ ref('invoice_only_events') }} as events
    inner join {{ ref('invoice_only_events') }} as issues
        on events.contract_key = issues.contract_key
    where issues.kind = 'issue' and events.event_no < issues.event_no and {{ period_number('issues.occurred_on') }} <= {{ through }}
    group by events.contract_key
),

sides as (
    {%- for role, collected in [('tax_payable', 'tax_minor'), ('pass_through_payable', 'pass_through_minor')] %}
    select contract_key, invoice_id, '{{ role }}' as role, {{ collected }} as collected_minor, 0 as owed_minor from bills
    union all
    {%- endfor %}
    select contract_key, source_id as invoice_id, role, 0 as collected_minor, -amount_minor as owed_minor
    from {{ ref('ledger_postings') }}
    where entry_type = 'invoice' and role in ('tax_payable', 'pass_through_payable')
    union all
    select contract_key, invoice_id, role, 0 as collected_minor, amount_minor as owed_minor
    from {{ ref('billed_parts') }}
    where entry_type <> 'invoice' and role in ('tax_payable', 'pass_through_payable') and {{ period_number('occurred_on') }} <= {{ through }}
    union all
    select postings.contract_key, cast(null as {{ dbt.type_string() }}) as invoice_id, postings.role, 0 as collected_minor, -postings.amount_minor as owed_minor
    from {{ ref('ledger_postings') }} as postings
    inner join early_events
        on postings.contract_key = early_events.contract_key
    where
        postings.entry_type in ('payment', 'balance_applied', 'deposit_applied')
        and postings.role in ('tax_payable', 'pass_through_payable')
),

compared as (
    select
        sides.contract_key,
        sides.role,
        cast(sum(sides.collected_minor) as {{ dbt.type_bigint() }}) as collected_minor,
        cast(sum(sides.owed_minor) as {{ dbt.type_bigint() }}) as owed_minor
    from sides
    left join open_bills
        on
            sides.contract_key = open_bills.contract_key
            and sides.invoice_id = open_bills.invoice_id
    where open_bills.contract_key is null
    group by sides.contract_key, sides.role
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
    left join early_events
        on compared.contract_key = early_events.contract_key
    -- A credit before the right is netted with what it bills, in an entry of its own.
    where compared.collected_minor <> compared.owed_minor and coalesce(early_events.is_by_payments, 1) = 1
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
