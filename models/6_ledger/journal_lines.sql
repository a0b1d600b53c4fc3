{{ config(materialized='view', schema='reports') }}
-- One row per journal entry and line, drafted or posted: a debit or a credit, with its account and the contract, line and source it comes from.
{%- set columns = [
    'entity_id', 'book', 'entry_id', 'line_no', 'role', 'account_code', 'account_name', 'debit', 'credit', 'currency', 'functional_debit',
    'functional_credit', 'functional_currency', 'fx_rate', 'contract_id', 'obligation_id', 'line_id', 'product_id', 'customer_id', 'region',
    'revenue_stream', 'source_type', 'source_id', 'contract_key',
] %}
select
    {{ columns | join(',\n    ') }}
from {{ ref('draft_lines') }}
union all
select
    {{ columns | join(',\n    ') }}
from {{ ref('posted_postings') }}
where posting_period_no <= {{ through_period_no() }}
