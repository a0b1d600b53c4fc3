-- One row per delivered product, with its fate in status.
{%- set key = ['product_id'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_products') }}
),

joined as (
    select
        delivered.*,
        coalesce(delivered.given_recorded_at, {{ beginning() }}) as recorded_at
    from delivered
),

checked as (
    select
        *,
        recorded_at as known_at,
        case
            {{ repetition_problems(key, 'product_id', 'this product_id', may_share=true, is_dated=false) }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(key, prefer_file_drop=true) }} as row_rank,
        {{ accepted_at(key) }} as accepted_at
    from checked
)

select
    *,
    {{ row_status() }} as status,
    (row_rank = 1 and problem is null) as is_reference
from ranked
