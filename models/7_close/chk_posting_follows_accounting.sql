-- One row per entry booked in a period before the one it belongs to (invariant 5).
with early as (
    select *
    from {{ ref('booked_entries') }}
    where period_no < accounting_period_no and entry_type <> 'opening_balance'
)

select
    early.entity_id,
    early.book,
    'posting_follows_accounting' as rule,
    'block' as severity,
    early.entry_date as flagged_on,
    early.contract_id,
    early.entry_id,
    early.entry_id as source_id,
    belongs.period as expected,
    booked.period as actual,
    concat('Entry ', early.entry_id, ' belongs to ', belongs.period, ' and is booked in ', booked.period, ', before it.') as explanation,
    cast(early.entry_date as {{ dbt.type_timestamp() }}) as first_seen_at
from early
inner join {{ ref('fiscal_periods') }} as belongs
    on
        early.accounting_period_no = belongs.period_no
        and belongs.calendar = 'monthly'
inner join {{ ref('fiscal_periods') }} as booked
    on
        early.period_no = booked.period_no
        and booked.calendar = 'monthly'
