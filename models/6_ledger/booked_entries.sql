{{ config(materialized='view') }}
-- One row per entry that is in the books or drafted for them, with the period it belongs to and the one it is booked in: what needs no approval to be known.
select
    entity_id,
    book,
    entry_id,
    entry_on as entry_date,
    accounting_period_no,
    period_no,
    entry_type,
    cause,
    source_type,
    coalesce(source_id, contract_id, customer_id) as source_id,
    contract_id
from {{ ref('draft_entries') }}
union all
select
    entity_id,
    book,
    entry_id,
    entry_date,
    accounting_period_no,
    posting_period_no as period_no,
    entry_type,
    cause,
    source_type,
    entry_source_id as source_id,
    entry_contract_id as contract_id
from {{ ref('posted_entries') }}
where posting_period_no <= {{ through_period_no() }}
