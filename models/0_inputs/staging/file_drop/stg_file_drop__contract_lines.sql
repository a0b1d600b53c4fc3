{{ config(materialized='ephemeral') }}
-- One row per good line of the latest contract_lines file.
select
    contract_id,
    version,
    line_id,
    product_id,
    cast(quantity as decimal(28, 9)) as quantity,
    unit,
    cast(unit_price as decimal(28, 9)) as unit_price,
    cast(amount as decimal(28, 9)) as amount,
    starts_on,
    ends_on,
    cast(ssp as decimal(28, 9)) as ssp,
    recognition_method,
    discount_scope,
    billing_frequency,
    billing_timing,
    termination_notice_days,
    refundable_on_termination,
    cancellable_until,
    expires_on,
    exercises_line_id,
    cast(unit_cost as decimal(28, 9)) as unit_cost,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'contract_lines') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'contract_lines'
)
