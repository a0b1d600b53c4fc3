{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    schema='reports',
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per journal entry: a balanced draft, the period it belongs to and is booked in, and the fact it comes from.
with changed as (
    select contract_key from {{ ref('changed_contracts') }}
),

postings as (
    select
        postings.entry_contract_key as contract_key,
        postings.entry_type,
        postings.source_type,
        postings.source_id,
        postings.entry_on,
        postings.period_no,
        postings.cause,
        cast(sum(case when postings.amount_minor > 0 then postings.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as debit_minor,
        -- Any change of an amount, a role or a line changes the sum.
        cast(sum(cast(
            postings.amount_minor + 31 * (postings.functional_minor - postings.amount_minor) as {{ wide_int() }}
        ) * (roles.role_no * 1000003 + coalesce(lines.line_no, 0))) as {{ wide_int() }})
            as checksum
    from {{ ref('functional_postings') }} as postings
    inner join changed
        on postings.entry_contract_key = changed.contract_key
    inner join {{ ref('account_roles') }} as roles
        on postings.role = roles.role
    left join {{ ref('posting_lines') }} as lines
        on postings.line_key = lines.line_key
    group by
        postings.entry_contract_key, postings.entry_type, postings.source_type, postings.source_id, postings.entry_on, postings.period_no,
        postings.cause
),

parties as (
    select * from {{ ref('posting_parties') }}
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
        parties.entity_id,
        parties.book,
        parties.contract_id,
        parties.customer_id,
        periods.period,
        journals.memo,
        {{ entry_id() }} as entry_id
    from postings
    inner join parties
        on postings.contract_key = parties.contract_key
    inner join periods
        on postings.period_no = periods.period_no
    left join {{ ref('manual_journals') }} as journals
        on
            postings.source_type = 'manual_journal'
            and postings.source_id = journals.journal_id
            and parties.book = journals.book
)

select
    entity_id,
    book,
    entry_id,
    entry_on as entry_date,
    period as posting_period,
    period as accounting_period,
    entry_type,
    'draft' as status,
    cause,
    source_type,
    coalesce(source_id, contract_id, customer_id) as source_id,
    contract_id,
    customer_id,
    concat(
        case entry_type
            when 'revenue' then concat('Revenue of ', period)
            when 'reclassification' then concat('Earned but not billed at the end of ', period)
            when 'fx_remeasurement' then concat('Balances at the closing rate of ', period)
            when 'invoice' then concat('Invoice ', source_id)
            when 'manual' then memo
            when 'netting' then concat('Presented with its group at the end of ', period)
            else concat(upper(substring(entry_type, 1, 1)), replace(substring(entry_type, 2, 40), '_', ' '), ' ', source_id)
        end,
        case when contract_id is null then '' else concat(', contract ', contract_id) end
    ) as description,
    {{ dbt.hash("concat(entry_id, '|', cast(entry_on as " ~ dbt.type_string() ~ "), '|', cast(debit_minor as " ~ dbt.type_string()
        ~ "), '|', cast(checksum as " ~ dbt.type_string() ~ "))") }} as content_hash,
    cast(null as {{ dbt.type_string() }}) as approved_by,
    cast(null as {{ dbt.type_timestamp() }}) as approved_at,
    cast(null as {{ dbt.type_timestamp() }}) as posted_at,
    cast(null as {{ dbt.type_string() }}) as batch_id,
    cast(null as {{ dbt.type_string() }}) as corrects_entry_id,
    contract_key
from identified
