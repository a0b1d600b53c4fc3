-- One row per contract and period with a movement: what stands on it at the end of the period, in minor units (section 7).
with movements as (
    select
        contract_key,
        period_no,
        sum(case when role = 'accounts_receivable' then amount_minor else 0 end) as receivable_minor,
        sum(case when role = 'unbilled_receivable' then amount_minor else 0 end) as unbilled_minor,
        sum(case when role = 'contract_asset' then amount_minor else 0 end) as asset_minor,
        sum(case when role = 'deferred_revenue' then -amount_minor else 0 end) as liability_minor,
        sum(case when role = 'refund_liability' then -amount_minor else 0 end) as refund_minor
    from {{ ref('booked_postings') }}
    where role in ('accounts_receivable', 'unbilled_receivable', 'contract_asset', 'deferred_revenue', 'refund_liability')
    group by contract_key, period_no
)

select
    contract_key,
    period_no,
    {%- for balance in ['receivable', 'unbilled', 'asset', 'liability', 'refund'] %}
    cast(sum({{ balance }}_minor) over (
        partition by contract_key order by period_no rows between unbounded preceding and current row
    ) as {{ dbt.type_bigint() }}) as {{ balance }}_minor,
    {%- endfor %}
    lead(period_no) over (partition by contract_key order by period_no) as next_period_no
from movements
