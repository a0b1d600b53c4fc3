{{ config(materialized='view') }}
-- One row per contract version, line and price component: its standalone price, its weight and its share of the transaction price.
select
    parties.entity_id,
    parties.book,
    parties.contract_id,
    shares.version,
    lines.line_id,
    lines.obligation_id,
    shares.component,
    {{ to_major('shares.ssp_minor', 'parties.minor_units') }} as ssp,
    {{ to_major('shares.weight', 'parties.minor_units') }} as weight,
    {{ to_major('shares.allocated_minor', 'parties.minor_units') }} as amount,
    shares.basis
from {{ ref('int_reports__price_shares') }} as shares
inner join {{ ref('posting_parties') }} as parties
    on shares.contract_key = parties.contract_key
inner join {{ ref('posting_lines') }} as lines
    on shares.line_key = lines.line_key
