{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per promised line: the ids and dimensions its postings carry.
with terms as (
    select * from {{ ref('contract_terms') }}
),

obligation_lines as (
    select
        line_key,
        obligation_id
    from {{ ref('obligation_lines') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

products as (
    select
        product_id,
        revenue_stream
    from {{ ref('input_products') }}
)

select
    terms.line_key,
    terms.contract_key,
    terms.line_id,
    terms.line_no,
    obligation_lines.obligation_id,
    terms.product_id,
    products.revenue_stream,
    {{ text_key([
        'contracts.entity_id', 'contracts.book', 'contracts.currency', 'contracts.region', 'terms.product_id', 'products.revenue_stream',
    ]) }} as dimension_key
from terms
inner join contracts
    on terms.contract_key = contracts.contract_key
left join obligation_lines
    on terms.line_key = obligation_lines.line_key
left join products
    on terms.product_id = products.product_id
