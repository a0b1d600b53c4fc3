{{ config(materialized='ephemeral') }}
-- One row per good line of the latest opening_balances file.
select
    entity_id,
    book,
    period,
    contract_id,
    line_id,
    cast(recognized_to_date as decimal(28, 9)) as recognized_to_date,
    cast(billed_to_date as decimal(28, 9)) as billed_to_date,
    cast(progress_to_date as decimal(28, 9)) as progress_to_date,
    role,
    cast(balance as decimal(28, 9)) as balance,
    source,
    accepted_by,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'opening_balances') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'opening_balances'
)
