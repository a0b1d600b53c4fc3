{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per contract, entry, line and role up to the last period, debits positive: every target but plain revenue, which revenue_by_period holds.
with changed as (
    select contract_key from {{ ref('changed_contracts') }}
),

targets as (
    select
        movements.*,
        movements.contract_key as entry_contract_key
    from {{ ref('int_ledger__movements') }} as movements
    where movements.entry_type <> 'revenue'
    union all
    select
        positions.*,
        positions.contract_key as entry_contract_key
    from {{ ref('int_ledger__positions') }} as positions
    union all
    select * from {{ ref('int_ledger__netting') }}
    union all
    -- A person decides these: no position is derived from them.
    select
        contract_key,
        line_key,
        entry_type,
        source_type,
        source_id,
        entry_on,
        cause,
        role,
        amount_minor,
        entry_contract_key
    from {{ ref('int_ledger__manual') }}
),

numbered as (
    select
        targets.*,
        {{ period_number('targets.entry_on') }} as period_no
    from targets
    inner join changed
        on targets.contract_key = changed.contract_key
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
    entry_contract_key,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from numbered
where period_no <= {{ through_period_no() }}
group by contract_key, line_key, entry_type, source_type, source_id, entry_on, period_no, cause, role, entry_contract_key
having sum(amount_minor) <> 0
-- What belongs together is stored together, here and in the drafts, and takes half of the space.
order by contract_key, line_key
