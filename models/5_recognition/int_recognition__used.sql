-- One row per obligation and day on which what prices itself is earned: a use (32-40), an invoice without a period or a minimum fee when issued.
with contracts as (
    select * from {{ ref('contracts') }}
),

-- A use is priced by the terms in force on its day: a later price does not re-open it.
priced as (
    select * from {{ ref('version_lines') }}
    where recognition_method = 'usage'
),

usage as (
    select * from {{ ref('input_usage') }}
),

used as (
    select
        priced.line_key,
        priced.not_before_on,
        case
            when contracts.usage_timing = 'period_end' then cast({{ dbt.last_day('usage.used_on', 'month') }} as date)
            else usage.used_on
        end as earned_on,
        coalesce(
            cast(usage.amount_minor as {{ wide_decimal(38, 16) }}),
            {{ exact_minor_units('usage.quantity', 'coalesce(usage.unit_price, priced.unit_price)', 'contracts.minor_units') }}
        ) as exact_minor
    from usage
    inner join priced
        on
            usage.contract_id = priced.contract_id
            and usage.line_id = priced.line_id
            and usage.used_on >= priced.in_force_from_on
            and usage.used_on < priced.in_force_before_on
    inner join contracts
        on priced.contract_key = contracts.contract_key
),

used_by_day as (
    select
        line_key,
        not_before_on,
        earned_on,
        cast(sum(exact_minor) as {{ wide_decimal(38, 16) }}) as exact_minor
    from used
    group by line_key, not_before_on, earned_on
),

used_so_far as (
    select
        used_by_day.*,
        cast(round(sum(exact_minor) over (
            partition by line_key order by earned_on rows between unbounded preceding and current row
        ), 0) as {{ dbt.type_bigint() }}) as so_far_minor
    from used_by_day
),

-- Cumulative, then difference: a thousand uses of a tenth of a cent are a dollar.
used_increments as (
    select
        line_key,
        not_before_on,
        earned_on,
        so_far_minor - lag(so_far_minor, 1, cast(0 as {{ dbt.type_bigint() }})) over (
            partition by line_key order by earned_on
        ) as earned_minor
    from used_so_far
),

-- Service that is billed for a period is earned over it (int_recognition__invoiced_service).
invoiced as (
    select
        line_key,
        not_before_on,
        issued_on as earned_on,
        amount_minor as earned_minor
    from {{ ref('int_recognition__earning_bills') }}
    where not is_over_service
),

combined as (
    select * from used_increments
    union all
    select * from invoiced
),

dated as (
    select
        obligation_lines.contract_key,
        obligation_lines.obligation_key,
        greatest(combined.earned_on, coalesce(combined.not_before_on, combined.earned_on)) as earned_on,
        combined.earned_minor
    from combined
    inner join {{ ref('obligation_lines') }} as obligation_lines
        on combined.line_key = obligation_lines.line_key
)

select
    contract_key,
    obligation_key,
    earned_on,
    cast(sum(earned_minor) as {{ dbt.type_bigint() }}) as earned_minor
from dated
group by contract_key, obligation_key, earned_on
