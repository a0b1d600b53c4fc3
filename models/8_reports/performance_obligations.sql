{{ config(materialized='view') }}
-- One row per performance obligation and contract version: its lines, its term and its share of the transaction price.
select
    parties.entity_id,
    parties.book,
    obligations.obligation_id,
    parties.contract_id,
    parties.customer_id,
    obligations.version,
    obligations.line_ids,
    obligations.product_ids,
    obligations.recognition_method,
    obligations.starts_on,
    obligations.ends_on,
    parties.currency,
    {{ to_major('obligations.ssp_minor', 'parties.minor_units') }} as ssp,
    {{ to_major('obligations.allocated_minor', 'parties.minor_units') }} as allocated_amount,
    {{ to_major('obligations.recognized_before_minor', 'parties.minor_units') }} as recognized_before,
    obligations.treatment,
    obligations.status
from {{ ref('int_reports__obligation_versions') }} as obligations
inner join {{ ref('posting_parties') }} as parties
    on obligations.contract_key = parties.contract_key
