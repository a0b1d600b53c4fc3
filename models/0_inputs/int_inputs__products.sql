-- One row per delivered product, with its fate in status.
with delivered as (
    select
        product_id,
        product_name,
        revenue_stream,
        recognition_method,
        obligation,
        is_distinct,
        licence,
        role,
        taxable,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__products') }}
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
            {{ repetition_problems(['product_id'], 'product_id', 'this product_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['product_id']) }} as row_rank,
        {{ accepted_at(['product_id']) }} as accepted_at
    from checked
)

select
    product_id,
    product_name,
    revenue_stream,
    recognition_method,
    obligation,
    is_distinct,
    licence,
    role,
    taxable,
    source_system,
    recorded_at,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
