-- One row per Stripe product that names no product of the books; how it is earned follows from its metadata or its prices.
with products as (
    select * from {{ ref('base_stripe__products') }}
),

priced as (
    select
        product,
        max(case when type = 'recurring' then 1 else 0 end) as is_recurring
    from {{ ref('base_stripe__prices') }}
    group by product
),

final as (
    select
        products.known_product_id as product_id,
        products.name as product_name,
        products.revenue_stream,
        coalesce(
            products.recognition_method,
            case when priced.is_recurring = 1 then 'straight_line' else 'point_in_time' end
        ) as recognition_method,
        cast(null as {{ dbt.type_string() }}) as obligation,
        cast(null as {{ dbt.type_boolean() }}) as is_distinct,
        cast(null as {{ dbt.type_string() }}) as licence,
        cast(null as {{ dbt.type_string() }}) as role,
        cast(null as {{ dbt.type_boolean() }}) as taxable,
        'stripe' as source_system,
        products._recorded_at as recorded_at
    from products
    left join priced
        on products.id = priced.product
    where products.product_id is null
)

select * from final
