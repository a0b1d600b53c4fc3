-- One row per negative line with a term of its own: the service it reduces, where there is one. They share one obligation.
with terms as (
    select * from {{ ref('contract_terms') }}
    where recognition_method = 'straight_line' and not is_discount
),

reductions as (
    select * from terms
    where amount_minor < 0
),

services as (
    select * from terms
    where amount_minor > 0
),

pairs as (
    select
        reductions.line_key,
        services.line_id as reduced_line_id,
        services.amount_minor as service_minor,
        reductions.amount_minor as reduction_minor,
        services.line_key as service_key,
        row_number() over (
            partition by reductions.line_key
            order by case when services.product_id = reductions.product_id then 0 else 1 end, services.line_no
        ) as preference
    from reductions
    inner join services
        on
            reductions.contract_key = services.contract_key
            and reductions.starts_on = services.starts_on
            and reductions.ends_on = services.ends_on
),

chosen as (
    select
        line_key,
        reduced_line_id,
        service_minor + sum(reduction_minor) over (partition by service_key) as left_minor
    from pairs
    where preference = 1
)

select
    line_key,
    reduced_line_id
from chosen
where left_minor > 0
