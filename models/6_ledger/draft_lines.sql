{{ config(materialized='view') }}
-- One row per journal entry to be approved and line: a debit or a credit, with its account and the contract, line and source it comes from.
with amounts as (
    select * from {{ ref('draft_amounts') }}
),

-- An entry is named by its key; the few that correct a posted one have a number, too.
entries as (
    select * from {{ ref('draft_entries') }}
)

select
    amounts.entity_id,
    amounts.book,
    entries.entry_id,
    -- The line's place in the contract, then the role's: the same every time, without sorting.
    amounts.contract_line_no * 100 + amounts.role_no
    + amounts.party_no * 1000000
    -- A correction may stand beside a posting that has its cause by nature.
    + case when amounts.cause = amounts.target_cause then 0 else 500000 end as line_no,
    amounts.role,
    amounts.account_code,
    amounts.account_name,
    {{ to_major('case when amounts.amount_minor > 0 then amounts.amount_minor else 0 end', 'amounts.minor_units') }} as debit,
    {{ to_major('case when amounts.amount_minor < 0 then -amounts.amount_minor else 0 end', 'amounts.minor_units') }} as credit,
    amounts.currency,
    {{ to_major('case when amounts.functional_minor > 0 then amounts.functional_minor else 0 end', 'amounts.functional_minor_units') }} as functional_debit,
    {{ to_major('case when amounts.functional_minor < 0 then -amounts.functional_minor else 0 end', 'amounts.functional_minor_units') }} as functional_credit,
    amounts.functional_currency,
    cast(cast(amounts.rate_nano as decimal(18, 0)) * cast('0.000000001' as decimal(10, 9)) as decimal(18, 9)) as fx_rate,
    amounts.contract_id,
    amounts.obligation_id,
    amounts.line_id,
    amounts.product_id,
    amounts.customer_id,
    amounts.region,
    amounts.revenue_stream,
    amounts.source_type,
    coalesce(amounts.source_id, amounts.contract_id, amounts.customer_id) as source_id,
    amounts.contract_key,
    amounts.line_key,
    amounts.contract_line_no,
    amounts.period_no,
    amounts.target_cause,
    amounts.amount_minor,
    amounts.functional_minor,
    amounts.rate_nano,
    amounts.party_no,
    amounts.minor_units,
    amounts.functional_minor_units
from amounts
left join entries
    on
        amounts.entry_contract_key = entries.contract_key
        and amounts.period_no = entries.period_no
        and amounts.accounting_period_no = entries.accounting_period_no
        and amounts.entry_on = entries.entry_on
        and amounts.entry_type = entries.entry_type
        and amounts.source_type = entries.source_type
        and coalesce(amounts.source_id, '') = coalesce(entries.source_id, '')
        and amounts.cause = entries.cause
