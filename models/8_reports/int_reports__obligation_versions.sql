{{ config(
    materialized='incremental',
    schema='engine',
    contract={'enforced': false},
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per performance obligation and contract version, in minor units: its lines, its term and its share of the transaction price.
with obligations as (
    select * from {{ ref('obligations') }}
),

obligation_lines as (
    select * from {{ ref('obligation_lines') }}
),

lines as (
    select * from {{ ref('int_reports__lines_of_obligations') }}
),

prices as (
    select
        obligation_key,
        cast(sum(allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor
    from {{ ref('allocations') }}
    group by obligation_key
),

modified as (
    select * from {{ ref('modified_obligations') }}
),

earned as (
    select
        obligation_lines.obligation_key,
        cast(sum(revenue.amount_minor) as {{ dbt.type_bigint() }}) as earned_minor
    from {{ ref('revenue_by_period') }} as revenue
    inner join obligation_lines
        on revenue.line_key = obligation_lines.line_key
    group by obligation_lines.obligation_key
),

stated as (
    select
        obligations.contract_key,
        obligations.obligation_id,
        obligations.recognition_method,
        lines.*,
        coalesce(modified.allocated_minor, prices.allocated_minor, 0) as allocated_minor,
        coalesce(modified.recognized_before_minor, 0) as recognized_before_minor,
        coalesce(modified.treatment, 'inception') as treatment,
        coalesce(earned.earned_minor, 0) as earned_minor
    from obligations
    inner join lines
        on obligations.obligation_key = lines.obligation_key
    left join prices
        on obligations.obligation_key = prices.obligation_key
    left join modified
        on
            lines.obligation_key = modified.obligation_key
            and lines.version = modified.version
    left join earned
        on obligations.obligation_key = earned.obligation_key
)

select
    contract_key,
    obligation_id,
    version,
    line_ids,
    product_ids,
    recognition_method,
    coalesce(starts_on, satisfied_on) as starts_on,
    ends_on,
    ssp_minor,
    allocated_minor,
    recognized_before_minor,
    treatment,
    case
        when is_latest = 0 then 'superseded'
        when earned_minor = 0 and allocated_minor <> 0 then 'open'
        when earned_minor = allocated_minor then 'satisfied'
        else 'partly_satisfied'
    end as status
from stated
