-- One row per contract and kind of entry that only moves balances and yet touches revenue (invariants 52, 53).
with roles as (
    select role
    from {{ ref('account_roles') }}
    where role = 'revenue' or is_contra_revenue
),

moved as (
    select
        postings.contract_key,
        postings.entry_type,
        min(postings.entry_on) as entry_on,
        min(postings.source_id) as source_id,
        cast(sum(abs(postings.amount_minor)) as {{ dbt.type_bigint() }}) as amount_minor
    from {{ ref('ledger_postings') }} as postings
    inner join roles
        on postings.role = roles.role
    where postings.entry_type not in ('revenue', 'refund', 'dispute', 'void', 'exclude', 'opening_balance', 'manual')
    group by postings.contract_key, postings.entry_type
),

wrong as (
    select
        contracts.*,
        moved.entry_type,
        moved.entry_on,
        moved.source_id,
        cast({{ to_major('moved.amount_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as amount
    from moved
    inner join {{ ref('contracts') }} as contracts
        on moved.contract_key = contracts.contract_key
    -- On an invoice that is its own contract the credit note is the change of the price; on a contract's it is a bill taken back.
    -- A write-off is one where the company's policy says that the price was conceded.
    where
        (moved.entry_type <> 'credit_note' or not contracts.is_invoice_only)
        and (moved.entry_type <> 'write_off' or contracts.write_off <> 'price_concession')
)

select
    entity_id,
    book,
    'settlement_is_no_revenue' as rule,
    'block' as severity,
    entry_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', entry_type) as source_id,
    'no revenue' as expected,
    amount as actual,
    concat('Entries of kind ', entry_type, ' of contract ', contract_id, ' move ', amount, ' of revenue, the first for ', source_id, '.') as explanation,
    recorded_at as first_seen_at
from wrong
