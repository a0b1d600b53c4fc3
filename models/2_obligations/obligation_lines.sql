-- One row per promised line: the performance obligation it belongs to (606-10-25-14 to 25-22).
with terms as (
    select * from {{ ref('contract_terms') }}
    where not is_discount
),

products as (
    select
        product_id,
        obligation,
        is_distinct
    from {{ ref('input_products') }}
),

reductions as (
    select * from {{ ref('int_obligations__reductions') }}
),

named as (
    select
        terms.contract_key,
        terms.line_key,
        terms.line_no,
        coalesce(
            products.obligation,
            reductions.reduced_line_id,
            -- What is not distinct is bundled until the bundle is (606-10-25-22).
            case
                when not products.is_distinct
                    then first_value(terms.line_id) over (
                        partition by terms.contract_key, products.is_distinct, products.obligation
                        order by terms.line_no rows between unbounded preceding and unbounded following
                    )
            end,
            terms.line_id
        ) as obligation_id
    from terms
    left join products
        on terms.product_id = products.product_id
    left join reductions
        on terms.line_key = reductions.line_key
)

select
    {{ text_key(['contract_key', 'obligation_id']) }} as obligation_key,
    named.*
from named
