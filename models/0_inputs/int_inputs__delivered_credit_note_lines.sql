{{ config(materialized='ephemeral') }}
-- One row per credit note line, from every system that delivers them.
-- Money is in major units, or in minor units where the system says so.
select
    credit_note_id,
    credit_note_line_id,
    invoice_line_id,
    amount,
    cast(null as {{ dbt.type_bigint() }}) as given_amount_minor,
    tax_amount,
    cast(null as {{ dbt.type_bigint() }}) as given_tax_amount_minor,
    source_system,
    given_recorded_at,
    loaded_from,
    file_name,
    file_line,
    content_hash
from {{ ref('stg_file_drop__credit_note_lines') }}
union all
select
    credit_note_id,
    credit_note_line_id,
    invoice_line_id,
    cast(null as decimal(28, 9)) as amount,
    amount_minor as given_amount_minor,
    cast(null as decimal(28, 9)) as tax_amount,
    tax_amount_minor as given_tax_amount_minor,
    source_system,
    recorded_at as given_recorded_at,
    'stripe' as loaded_from,
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_line,
    cast(null as {{ dbt.type_bigint() }}) as content_hash
from {{ ref('stg_stripe__credit_note_lines') }}
