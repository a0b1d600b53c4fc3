{{ config(materialized='ephemeral') }}
-- One row per good line of the latest standalone_selling_prices file.
select
    product_id,
    currency,
    valid_from,
    valid_to,
    region,
    segment,
    term_months,
    unit,
    cast(low as decimal(28, 9)) as low,
    cast(price as decimal(28, 9)) as price,
    cast(high as decimal(28, 9)) as high,
    method,
    cast(residual_weight as decimal(28, 9)) as residual_weight,
    approved_by,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'standalone_selling_prices') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'standalone_selling_prices'
)
