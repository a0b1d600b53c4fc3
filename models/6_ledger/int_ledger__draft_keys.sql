{{ config(materialized='view') }}
-- One row per journal entry to be approved: the key it is named by, its books, contract and the period it belongs to.
select
    postings.*,
    parties.entity_id,
    parties.book,
    parties.contract_id,
    parties.customer_id,
    periods.period,
    {{ entry_key() }} as entry_key
from {{ ref('draft_headers') }} as postings
inner join {{ ref('posting_parties') }} as parties
    on postings.contract_key = parties.contract_key
inner join {{ ref('fiscal_periods') }} as periods
    on
        postings.accounting_period_no = periods.period_no
        and periods.calendar = 'monthly'
