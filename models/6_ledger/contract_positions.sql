{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('contracts_to_draft')) }}",
) }}
-- One row per contract and period with a movement: what stands on it at the end of the period, in minor units (section 7).
with movements as (
    select
        postings.contract_key,
        postings.period_no,
        cast(sum(case when postings.role = 'accounts_receivable' then postings.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as receivable_minor,
        cast(sum(case when postings.role = 'unbilled_receivable' then postings.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as unbilled_minor,
        cast(sum(case when postings.role = 'contract_asset' then postings.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as asset_minor,
        cast(sum(case when postings.role = 'deferred_revenue' then -postings.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as liability_minor,
        cast(sum(case when postings.role = 'refund_liability' then -postings.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as refund_minor
    from {{ ref('booked_postings') }} as postings
    inner join {{ ref('contracts_to_draft') }} as to_draft
        on postings.contract_key = to_draft.contract_key
    where postings.role in ('accounts_receivable', 'unbilled_receivable', 'contract_asset', 'deferred_revenue', 'refund_liability')
    group by postings.contract_key, postings.period_no
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
