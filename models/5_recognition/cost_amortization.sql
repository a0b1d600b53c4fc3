-- One row per capitalised cost and period: what is amortised of it, the difference of two cumulative amounts (340-40-35-1).
with segments as (
    select
        segments.*,
        {{ period_number('recognized_from_on') }} as from_period_no,
        least({{ period_number('recognized_to_on') }}, {{ through_period_no() }}) as to_period_no
    from {{ ref('cost_segments') }} as segments
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

{{ windows_by_period('segments') }},

{{ earned_in_windows('windows') }}

select
    contract_key,
    cost_key,
    period_no,
    cast(sum(earned_through_minor - earned_before_minor) as {{ dbt.type_bigint() }}) as amount_minor
from earned
group by contract_key, cost_key, period_no
having sum(earned_through_minor - earned_before_minor) <> 0
