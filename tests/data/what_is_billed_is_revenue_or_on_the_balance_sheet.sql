-- Billed and not recognised is a liability, recognised and not billed an asset; a difference is money the books lost.
with parts as (
    select * from {{ ref('billed_parts') }}
    where role = 'deferred_revenue' and {{ period_number('occurred_on') }} <= {{ through_period_no() }}
),

-- An invoice of which a payment or a credit comes before the right to it is billed in parts.
bills as (
    select
        billings.contract_key,
        billings.amount_minor
    from {{ ref('billings') }} as billings
    left join {{ ref('early_invoices') }} as early
        on
            billings.contract_key = early.contract_key
            and billings.invoice_id = early.invoice_id
    where early.contract_key is null and {{ period_number('billings.booked_on') }} <= {{ through_period_no() }}
    union all
    select
        contract_key,
        amount_minor
    from parts
),

billed as (
    select
        contract_key,
        sum(amount_minor) as billed_minor
    from bills
    group by contract_key
),

earned as (
    select
        contract_key,
        sum(amount_minor) as earned_minor
    from {{ ref('revenue_by_period') }}
    group by contract_key
),

-- Where cash or a credit moved the liability by more than it billed, the roll-forward explains it.
moves as (
    select
        contract_key,
        entry_type,
        source_id,
        amount_minor
    from {{ ref('ledger_postings') }}
    where role = 'deferred_revenue' and entry_type not in ('invoice', 'revenue', 'reclassification')
    union all
    select
        contract_key,
        entry_type,
        source_id,
        amount_minor
    from parts
    where entry_type <> 'invoice'
),

moved as (
    select contract_key
    from moves
    group by contract_key, entry_type, source_id
    having sum(amount_minor) <> 0
    union all
    select contract_key
    from {{ ref('invoice_only_events') }}
    union all
    select contract_key
    from {{ ref('opening_contracts') }}
),

positions as (
    select
        contract_key,
        -sum(amount_minor) as position_minor
    from {{ ref('ledger_postings') }}
    where role in ('deferred_revenue', 'unbilled_receivable', 'contract_asset')
    group by contract_key
)

select
    contracts.contract_id,
    billed.billed_minor,
    earned.earned_minor,
    positions.position_minor
from {{ ref('contracts') }} as contracts
left join billed
    on contracts.contract_key = billed.contract_key
left join earned
    on contracts.contract_key = earned.contract_key
left join positions
    on contracts.contract_key = positions.contract_key
left join moved
    on contracts.contract_key = moved.contract_key
where
    moved.contract_key is null
    and coalesce(billed.billed_minor, 0) - coalesce(earned.earned_minor, 0) <> coalesce(positions.position_minor, 0)
