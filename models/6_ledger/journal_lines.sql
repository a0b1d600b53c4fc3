{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    schema='reports',
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per journal entry and line: a debit or a credit, with its account and the contract, line and source it comes from.
with changed as (
    select contract_key from {{ ref('changed_contracts') }}
),

postings as (
    select postings.*
    from {{ ref('functional_postings') }} as postings
    inner join changed
        on postings.contract_key = changed.contract_key
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
)

select
    parties.entity_id,
    parties.book,
    {{ entry_id() }} as entry_id,
    -- The line's place in the contract, then the role's: the same every time, without sorting.
    coalesce(lines.line_no, 0) * 100 + accounts.role_no
    + postings.party_no * 1000000 as line_no,
    postings.role,
    accounts.account_code,
    accounts.account_name,
    {{ to_major('case when postings.amount_minor > 0 then postings.amount_minor else 0 end', 'parties.minor_units') }} as debit,
    {{ to_major('case when postings.amount_minor < 0 then -postings.amount_minor else 0 end', 'parties.minor_units') }} as credit,
    parties.currency,
    {{ to_major('case when postings.functional_minor > 0 then postings.functional_minor else 0 end', 'parties.functional_minor_units') }} as functional_debit,
    {{ to_major('case when postings.functional_minor < 0 then -postings.functional_minor else 0 end', 'parties.functional_minor_units') }} as functional_credit,
    parties.functional_currency,
    cast(cast(postings.rate_nano as decimal(18, 0)) * cast('0.000000001' as decimal(10, 9)) as decimal(18, 9)) as fx_rate,
    parties.contract_id,
    lines.obligation_id,
    lines.line_id,
    lines.product_id,
    parties.customer_id,
    parties.region,
    lines.revenue_stream,
    postings.source_type,
    coalesce(postings.source_id, parties.contract_id, parties.customer_id) as source_id,
    postings.contract_key
from postings
inner join parties
    on postings.contract_key = parties.contract_key
inner join periods
    on postings.period_no = periods.period_no
left join lines
    on postings.line_key = lines.line_key
inner join accounts
    on
        coalesce(lines.dimension_key, parties.dimension_key) = accounts.dimension_key
        and postings.role = accounts.role
