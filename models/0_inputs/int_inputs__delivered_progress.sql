{{ config(materialized='ephemeral') }}
-- One row per measurement of progress, from every system that delivers them.
-- Money is in major units, or in minor units where the system says so.
select
    contract_id,
    line_id,
    measured_on,
    to_date,
    expected,
    at_cost,
    cast(null as {{ dbt.type_bigint() }}) as given_at_cost_minor,
    source_system,
    given_recorded_at,
    loaded_from,
    file_name,
    file_line,
    content_hash
from {{ ref('stg_file_drop__progress') }}
union all
select
    contract_id,
    line_id,
    measured_on,
    to_date,
    expected,
    cast(null as decimal(28, 9)) as at_cost,
    at_cost_minor as given_at_cost_minor,
    source_system,
    recorded_at as given_recorded_at,
    'salesforce' as loaded_from,
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_line,
    cast(null as {{ dbt.type_bigint() }}) as content_hash
from {{ ref('stg_salesforce__progress') }}
