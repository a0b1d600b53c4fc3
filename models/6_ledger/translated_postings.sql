{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per posting of a contract in a foreign currency, in both currencies; exchange differences have no foreign amount.
with postings as (
    select * from {{ ref('int_ledger__fx_postings') }}
),

amounts as (
    select * from {{ ref('int_ledger__fx_amounts') }}
),

combined as (
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
        coalesce(amounts.functional_minor, 0) as functional_minor
    from postings
    left join amounts
        on
            postings.contract_key = amounts.contract_key
            and postings.posting_no = amounts.posting_no
    union all
    select
        contract_key,
        line_key,
        entry_type,
        source_type,
        source_id,
        entry_on,
        {{ period_number('entry_on') }} as period_no,
        cause,
        role,
        0 as amount_minor,
        functional_minor
    from {{ ref('int_ledger__fx_differences') }}
),

summed as (
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
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor,
        cast(sum(functional_minor) as {{ dbt.type_bigint() }}) as functional_minor
    from combined
    group by contract_key, line_key, entry_type, source_type, source_id, entry_on, period_no, cause, role
    having sum(amount_minor) <> 0 or sum(functional_minor) <> 0
),

-- Units of both currencies over a common scale, for the rate that a posting was made at.
scaled as (
    select
        summed.*,
        cast(abs(summed.functional_minor) as {{ wide_int() }})
        * case foreign_contracts.minor_units when 0 then 1 when 3 then 1000 else 100 end as functional_scaled,
        cast(abs(summed.amount_minor) as {{ wide_int() }})
        * case foreign_contracts.functional_minor_units when 0 then 1 when 3 then 1000 else 100 end as amount_scaled
    from summed
    inner join {{ ref('foreign_contracts') }} as foreign_contracts
        on summed.contract_key = foreign_contracts.contract_key
)

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
    -- Zero for a difference, which is no amount of the foreign currency.
    case
        when amount_scaled = 0 then 0
        else {{ int_div('2000000000 * functional_scaled + amount_scaled', '2 * greatest(amount_scaled, 1)') }}
    end as rate_nano
from scaled
