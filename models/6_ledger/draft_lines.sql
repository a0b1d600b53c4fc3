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

drafted as (
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
    coalesce(numbered.entry_id, drafted.entry_key) as entry_id,
    -- The line's place in the contract, then the role's: the same every time, without sorting.
    coalesce(lines.line_no, 0) * 100 + accounts.role_no
    + drafted.party_no * 1000000
    -- A correction may stand beside a posting that has its cause by nature.
    + case when drafted.cause = drafted.target_cause then 0 else 500000 end as line_no,
    drafted.role,
    accounts.account_code,
    accounts.account_name,
    {{ to_major('case when drafted.amount_minor > 0 then drafted.amount_minor else 0 end', 'parties.minor_units') }} as debit,
    {{ to_major('case when drafted.amount_minor < 0 then -drafted.amount_minor else 0 end', 'parties.minor_units') }} as credit,
    parties.currency,
    {{ to_major('case when drafted.functional_minor > 0 then drafted.functional_minor else 0 end', 'parties.functional_minor_units') }} as functional_debit,
    {{ to_major('case when drafted.functional_minor < 0 then -drafted.functional_minor else 0 end', 'parties.functional_minor_units') }} as functional_credit,
    parties.functional_currency,
    cast(cast(drafted.rate_nano as decimal(18, 0)) * cast('0.000000001' as decimal(10, 9)) as decimal(18, 9)) as fx_rate,
    parties.contract_id,
    lines.obligation_id,
    lines.line_id,
    lines.product_id,
    parties.customer_id,
    parties.region,
    lines.revenue_stream,
    drafted.source_type,
    coalesce(drafted.source_id, parties.contract_id, parties.customer_id) as source_id,
    drafted.contract_key,
    drafted.line_key,
    coalesce(lines.line_no, 0) as contract_line_no,
    drafted.period_no,
    drafted.target_cause,
    drafted.amount_minor,
    drafted.functional_minor,
    drafted.rate_nano,
    drafted.party_no,
    parties.minor_units,
    parties.functional_minor_units
from drafted
inner join parties
    on drafted.contract_key = parties.contract_key
left join lines
    on drafted.line_key = lines.line_key
inner join accounts
    on
        coalesce(lines.dimension_key, parties.dimension_key) = accounts.dimension_key
        and drafted.role = accounts.role
left join numbered
    on
        drafted.entry_key = numbered.entry_key
        and drafted.period_no = numbered.period_no
        and drafted.accounting_period_no = numbered.accounting_period_no
        and drafted.entry_on = numbered.entry_on
        and drafted.cause = numbered.cause
