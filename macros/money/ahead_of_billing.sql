{#-
  Two CTEs, `balances` and `reclassified`: the change, period by period, of what is earned ahead of billing. `changes` holds one row per
  key and period with the debits less credits of contract liability; a balance of debits is earned but not billed.
-#}
{% macro ahead_of_billing(changes, keys) -%}
{%- set key = keys | join(', ') -%}
balances as (
    select
        {{ changes }}.*,
        greatest(cast(sum(amount_minor) over (
            partition by {{ key }} order by period_no rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}), 0) as ahead_minor
    from {{ changes }}
),

reclassified as (
    select
        {{ key }},
        period_no,
        cast(
            ahead_minor - lag(ahead_minor, 1, 0) over (partition by {{ key }} order by period_no) as {{ dbt.type_bigint() }}
        ) as amount_minor
    from balances
)
{%- endmacro %}
