{%- set roles = {
    'receivable': 'accounts_receivable', 'unbilled': 'unbilled_receivable', 'asset': 'contract_asset',
    'liability': 'deferred_revenue', 'refund': 'refund_liability',
} -%}
-- One row per contract and period with a movement: what stands on it at the end of the period, in minor units (section 7).
with postings as (
    select
        contract_key,
        period_no,
        role,
        case when role in ('deferred_revenue', 'refund_liability') then -amount_minor else amount_minor end as amount_minor
    from {{ ref('ledger_postings') }}
    where role in ('{{ roles.values() | join("', '") }}')
),

movements as (
    select
        contract_key,
        period_no,
        {%- for balance, role in roles.items() %}
        cast(sum(case when role = '{{ role }}' then amount_minor else 0 end) as {{ dbt.type_bigint() }}) as {{ balance }}_minor
        {{- ',' if not loop.last }}
        {%- endfor %}
    from postings
    group by contract_key, period_no
)

select
    contract_key,
    period_no,
    {%- for balance in roles %}
    cast(sum({{ balance }}_minor) over (
        partition by contract_key order by period_no rows between unbounded preceding and current row
    ) as {{ dbt.type_bigint() }}) as {{ balance }}_minor,
    {%- endfor %}
    lead(period_no) over (partition by contract_key order by period_no) as next_period_no
from movements
