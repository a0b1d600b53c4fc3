{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('contracts_to_draft')) }}",
) }}
-- One row per journal entry to be approved and line: a debit or a credit, with its account and the contract, line and source it comes from.
with to_draft as (
    select contract_key from {{ ref('contracts_to_draft') }}
),

postings as (
    select postings.*
    from {{ ref('draft_postings') }} as postings
    inner join to_draft
        on postings.contract_key = to_draft.contract_key
),

parties as (
    select * from {{ ref('posting_parties') }}
),

lines as (
    select * from {{ ref('posting_lines') }}
),

accounts as (
    select * from {{ ref('account_assignments') }}
),

periods as (
    select
        period_no,
        period
    from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

identified as (
    select
        postings.*,
        {{ entry_key() }} as entry_key
    from postings
    inner join parties
        on postings.contract_key = parties.contract_key
    inner join periods
        on postings.accounting_period_no = periods.period_no
),

-- Few entries have a number: those that correct a posted one.
numbered as (
    select
        entry_key,
        entry_id,
        period_no,
        accounting_period_no,
        entry_on,
        cause
    from {{ ref('draft_entries') }}
    where entry_no > 1
)

select
    parties.entity_id,
    parties.book,
    coalesce(numbered.entry_id, identified.entry_key) as entry_id,
    -- The line's place in the contract, then the role's: the same every time, without sorting.
    coalesce(lines.line_no, 0) * 100 + accounts.role_no
    + case when identified.contract_key = identified.entry_contract_key then 0 else 1000000 end
    -- A correction may stand beside a posting that has its cause by nature.
    + case when identified.cause = identified.target_cause then 0 else 500000 end as line_no,
    identified.role,
    accounts.account_code,
    accounts.account_name,
    {{ to_major('case when identified.amount_minor > 0 then identified.amount_minor else 0 end', 'parties.minor_units') }} as debit,
    {{ to_major('case when identified.amount_minor < 0 then -identified.amount_minor else 0 end', 'parties.minor_units') }} as credit,
    parties.currency,
    {{ to_major('case when identified.functional_minor > 0 then identified.functional_minor else 0 end', 'parties.functional_minor_units') }} as functional_debit,
    {{ to_major('case when identified.functional_minor < 0 then -identified.functional_minor else 0 end', 'parties.functional_minor_units') }} as functional_credit,
    parties.functional_currency,
    cast(cast(identified.rate_nano as decimal(18, 0)) * cast('0.000000001' as decimal(10, 9)) as decimal(18, 9)) as fx_rate,
    parties.contract_id,
    lines.obligation_id,
    lines.line_id,
    lines.product_id,
    parties.customer_id,
    parties.region,
    lines.revenue_stream,
    identified.source_type,
    coalesce(identified.source_id, parties.contract_id, parties.customer_id) as source_id,
    identified.contract_key,
    identified.line_key,
    coalesce(lines.line_no, 0) as contract_line_no,
    identified.period_no,
    identified.target_cause,
    identified.amount_minor,
    identified.functional_minor,
    identified.rate_nano,
    parties.minor_units,
    parties.functional_minor_units
from identified
inner join parties
    on identified.contract_key = parties.contract_key
left join lines
    on identified.line_key = lines.line_key
inner join accounts
    on
        coalesce(lines.dimension_key, parties.dimension_key) = accounts.dimension_key
        and identified.role = accounts.role
left join numbered
    on
        identified.entry_key = numbered.entry_key
        and identified.period_no = numbered.period_no
        and identified.accounting_period_no = numbered.accounting_period_no
        and identified.entry_on = numbered.entry_on
        and identified.cause = numbered.cause
