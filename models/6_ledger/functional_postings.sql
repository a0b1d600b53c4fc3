{{ config(materialized='view') }}
-- One row per posting in both currencies: the same amount twice where the contract is in the currency of the books.
with foreign_contracts as (
    select contract_key from {{ ref('foreign_contracts') }}
),

own_currency as (
    select
        postings.contract_key,
        postings.line_key,
        postings.entry_type,
        postings.source_type,
        postings.source_id,
        postings.entry_on,
        postings.period_no,
        postings.cause,
        postings.role,
        postings.amount_minor,
        postings.amount_minor as functional_minor,
        cast(1000000000 as {{ dbt.type_bigint() }}) as rate_nano,
        postings.entry_contract_key,
        case when postings.contract_key = postings.entry_contract_key then 0 else 1 end as party_no
    from {{ ref('ledger_postings') }} as postings
    left join foreign_contracts
        on postings.contract_key = foreign_contracts.contract_key
    where foreign_contracts.contract_key is null and postings.entry_type <> 'manual'
)

select * from own_currency
union all
select
    contract_key,
    line_key,
    entry_type,
    source_type,
    source_id,
    entry_on,
    period_no,
    cause,
    role,
    amount_minor,
    functional_minor,
    rate_nano,
    contract_key as entry_contract_key,
    0 as party_no
from {{ ref('translated_postings') }}
union all
select
    contract_key,
    line_key,
    entry_type,
    source_type,
    source_id,
    entry_on,
    period_no,
    cause,
    role,
    amount_minor,
    functional_minor,
    rate_nano,
    entry_contract_key,
    party_no
from {{ ref('int_ledger__manual') }}
where period_no <= {{ through_period_no() }}
