-- One row per line of an activated order of a Salesforce contract.
with lines as (
    select * from {{ ref('base_salesforce__version_lines') }}
)

select
    contract_id,
    version,
    line_id,
    product_id,
    coalesce(quantity, 1) as quantity,
    cast(null as {{ dbt.type_string() }}) as unit,
    unit_price,
    cast(scaled as {{ dbt.type_bigint() }}) as amount_minor,
    starts_on,
    ends_on,
    cast(null as {{ dbt.type_bigint() }}) as ssp_minor,
    cast(null as {{ dbt.type_string() }}) as recognition_method,
    cast(null as {{ dbt.type_string() }}) as discount_scope,
    billing_frequency,
    billing_timing,
    cast(null as {{ dbt.type_bigint() }}) as termination_notice_days,
    cast(null as {{ dbt.type_boolean() }}) as refundable_on_termination,
    cast(null as date) as cancellable_until,
    cast(null as date) as expires_on,
    cast(null as {{ dbt.type_string() }}) as exercises_line_id,
    cast(null as decimal(28, 9)) as unit_cost,
    'salesforce' as source_system,
    recorded_at
from lines
where wrong is null
