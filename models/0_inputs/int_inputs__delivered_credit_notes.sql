{{ config(materialized='ephemeral') }}
-- One row per credit note, from every system that delivers them.
-- Money is in major units, or in minor units where the system says so.
select
    credit_note_id,
    invoice_id,
    customer_id,
    issued_on,
    reason,
    settled_by,
    voided_on,
    source_system,
    given_recorded_at,
    loaded_from,
    file_name,
    file_line,
    content_hash
from {{ ref('stg_file_drop__credit_notes') }}
union all
select
    credit_note_id,
    invoice_id,
    customer_id,
    issued_on,
    reason,
    settled_by,
    voided_on,
    source_system,
    recorded_at as given_recorded_at,
    'stripe' as loaded_from,
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_line,
    cast(null as {{ dbt.type_bigint() }}) as content_hash
from {{ ref('stg_stripe__credit_notes') }}
