{{ config(materialized='ephemeral') }}
-- One row per usage record, from every system that delivers them.
-- Money is in major units, or in minor units where the system says so.
select
    usage_id,
    contract_id,
    line_id,
    used_on,
    quantity,
    unit_price,
    amount,
    cast(null as {{ dbt.type_bigint() }}) as given_amount_minor,
    source_system,
    given_recorded_at,
    loaded_from,
    file_name,
    file_line,
    content_hash
from {{ ref('stg_file_drop__usage') }}
union all
select
    usage_id,
    contract_id,
    line_id,
    used_on,
    quantity,
    unit_price,
    cast(null as decimal(28, 9)) as amount,
    amount_minor as given_amount_minor,
    source_system,
    recorded_at as given_recorded_at,
    'stripe' as loaded_from,
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_line,
    cast(null as {{ dbt.type_bigint() }}) as content_hash
from {{ ref('stg_stripe__usage') }}
