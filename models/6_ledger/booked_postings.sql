{{ config(materialized='view') }}
-- One row per posting that is in the books or drafted for them, in both currencies, with the period it belongs to and the one it is booked in.
select
    contract_key,
    line_key,
    entry_type,
    source_type,
    source_id,
    entry_on,
    accounting_period_no,
    period_no,
    cause,
    role,
    entry_contract_key,
    amount_minor,
    functional_minor,
    rate_nano,
    'draft' as status
from {{ ref('draft_postings') }}
union all
select
    contract_key,
    line_key,
    entry_type,
    source_type,
    target_source_id as source_id,
    entry_date as entry_on,
    accounting_period_no,
    posting_period_no as period_no,
    cause,
    role,
    entry_contract_key,
    amount_minor,
    functional_minor,
    rate_nano,
    'posted' as status
from {{ ref('posted_postings') }}
where posting_period_no <= {{ through_period_no() }}
