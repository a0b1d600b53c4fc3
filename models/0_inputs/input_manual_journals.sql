{{ config(materialized='view') }}
-- One row per accepted line of a manual journal: the latest one known.
select
    journal_id,
    line_no,
    entity_id,
    book,
    posted_on,
    role,
    debit_minor,
    credit_minor,
    currency,
    contract_id,
    line_id,
    memo,
    prepared_by,
    source_system,
    recorded_at
from {{ ref('int_inputs__manual_journals') }}
where status = 'accepted'
