-- One row per unsigned contract that was billed or paid: there is no contract, so bills are memos and cash is a deposit (606-10-25-1).
with contracts as (
    select * from {{ ref('contracts') }}
    where signed_on is null
),

billed as (
    select
        contract_key,
        min(issued_on) as issued_on,
        count(distinct invoice_id) as invoices
    from {{ ref('billings') }}
    group by contract_key
),

deposits as (
    select
        contract_key,
        min(entry_on) as paid_on,
        cast(sum(-amount_minor) as {{ dbt.type_bigint() }}) as deposit_minor
    from {{ ref('ledger_postings') }}
    where role = 'customer_deposit'
    group by contract_key
),

found as (
    select
        contracts.*,
        coalesce(billed.invoices, 0) as invoices,
        coalesce(deposits.paid_on, billed.issued_on) as found_on,
        cast({{ to_major('coalesce(deposits.deposit_minor, 0)', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as deposit
    from contracts
    left join billed
        on contracts.contract_key = billed.contract_key
    left join deposits
        on contracts.contract_key = deposits.contract_key
    where billed.contract_key is not null or deposits.contract_key is not null
)

select
    entity_id,
    book,
    'contract_is_signed' as rule,
    'review' as severity,
    found_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contract_id as source_id,
    'signed before it is billed or paid' as expected,
    'not signed' as actual,
    concat(
        'Contract ', contract_id, ' is not signed: its ', cast(invoices as {{ dbt.type_string() }}), ' invoices are memos, and ', deposit, ' ', currency,
        ' of it is held as a customer deposit.'
    ) as explanation,
    recorded_at as first_seen_at
from found
