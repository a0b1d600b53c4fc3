{{ config(
    materialized='incremental',
    schema='engine',
    contract={'enforced': false},
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('contracts_to_draft')) }}",
) }}
-- One row per contract, product and period with a movement of its contract liability: the movements signed by their effect, and how long what remains stands.
with postings as (
    select postings.*
    from {{ ref('booked_postings') }} as postings
    inner join {{ ref('contracts_to_draft') }} as to_draft
        on postings.contract_key = to_draft.contract_key
    where postings.role = 'deferred_revenue'
),

lines as (
    select * from {{ ref('posting_lines') }}
),

movements as (
    select
        postings.contract_key,
        coalesce(lines.product_id, '') as product_id,
        postings.period_no,
        cast(sum(case when postings.entry_type = 'invoice' then -postings.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as billings_minor,
        cast(sum(case when postings.entry_type = 'revenue' then -postings.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as recognized_minor,
        cast(sum(
            case when postings.entry_type in ('credit_note', 'refund', 'void', 'dispute') then -postings.amount_minor else 0 end
        ) as {{ dbt.type_bigint() }}) as credits_minor,
        cast(sum(case
            when postings.entry_type not in ('invoice', 'revenue', 'credit_note', 'refund', 'void', 'dispute') then -postings.amount_minor
            else 0
        end) as {{ dbt.type_bigint() }}) as adjustments_minor
    from postings
    left join lines
        on postings.line_key = lines.line_key
    group by postings.contract_key, coalesce(lines.product_id, ''), postings.period_no
),

changes as (
    select
        movements.*,
        billings_minor + recognized_minor + credits_minor + adjustments_minor as change_minor
    from movements
),

balances as (
    select
        changes.*,
        sum(change_minor) over (
            partition by contract_key, product_id order by period_no rows between unbounded preceding and current row
        ) as closing_minor,
        lead(period_no) over (partition by contract_key, product_id order by period_no) as next_period_no
    from changes
)

-- A balance stands in every period until the next movement; a balance of nothing needs no row.
select
    contract_key,
    product_id,
    period_no,
    case
        when closing_minor = 0 then period_no
        else coalesce(next_period_no - 1, {{ through_period_no() }})
    end as to_period_no,
    {%- for amount in ['billings', 'recognized', 'credits', 'adjustments', 'change', 'closing'] %}
    cast({{ amount }}_minor as {{ dbt.type_bigint() }}) as {{ amount }}_minor{{ ',' if not loop.last }}
    {%- endfor %}
from balances
