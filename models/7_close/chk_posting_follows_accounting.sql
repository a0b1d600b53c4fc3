-- One row per entry booked in a period before the one it belongs to (invariant 5).
select
    entity_id,
    book,
    'posting_follows_accounting' as rule,
    'block' as severity,
    entry_date as flagged_on,
    contract_id,
    entry_id,
    entry_id as source_id,
    accounting_period as expected,
    posting_period as actual,
    concat('Entry ', entry_id, ' belongs to ', accounting_period, ' and is booked in ', posting_period, ', before it.') as explanation,
    cast(entry_date as {{ dbt.type_timestamp() }}) as first_seen_at
from {{ ref('journal_entries') }}
where posting_period < accounting_period and entry_type <> 'opening_balance'
