{{ config(materialized='ephemeral') }}
-- One row per movement of cash or customer balance, from every system that delivers them.
-- Money is in major units, or in minor units where the system says so.
select
    payment_id,
    kind,
    customer_id,
    entity_id,
    invoice_id,
    invoice_line_id,
    contract_id,
    line_id,
    occurred_on,
    currency,
    amount,
    cast(null as {{ dbt.type_bigint() }}) as given_amount_minor,
    credit_note_id,
    method,
    source_system,
    given_recorded_at,
    loaded_from,
    file_name,
    file_line,
    content_hash
from {{ ref('stg_file_drop__payments') }}
union all
select
    payment_id,
    kind,
    customer_id,
    entity_id,
    invoice_id,
    invoice_line_id,
    contract_id,
    line_id,
    occurred_on,
    currency,
    cast(null as decimal(28, 9)) as amount,
    amount_minor as given_amount_minor,
    credit_note_id,
    method,
    source_system,
    recorded_at as given_recorded_at,
    'stripe' as loaded_from,
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_line,
    cast(null as {{ dbt.type_bigint() }}) as content_hash
from {{ ref('stg_stripe__payments') }}
union all
select
    payment_id,
    kind,
    customer_id,
    entity_id,
    invoice_id,
    invoice_line_id,
    contract_id,
    line_id,
    occurred_on,
    currency,
    cast(null as decimal(28, 9)) as amount,
    amount_minor as given_amount_minor,
    credit_note_id,
    method,
    source_system,
    recorded_at as given_recorded_at,
    'gocardless' as loaded_from,
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_line,
    cast(null as {{ dbt.type_bigint() }}) as content_hash
from {{ ref('stg_gocardless__payments') }}
