{{ config(materialized='ephemeral') }}
-- One row per good line of the latest manual_journals file.
select
    journal_id,
    line_no,
    entity_id,
    book,
    posted_on,
    role,
    cast(debit as decimal(28, 9)) as debit,
    cast(credit as decimal(28, 9)) as credit,
    currency,
    contract_id,
    line_id,
    memo,
    prepared_by,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'manual_journals') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'manual_journals'
)
