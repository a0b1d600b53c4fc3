{{ config(materialized='view') }}
-- One row per posting not yet in the books: its account, and the contract, line and dimensions it carries.
select
    postings.*,
    parties.entity_id,
    parties.book,
    parties.contract_id,
    parties.customer_id,
    parties.region,
    parties.currency,
    parties.minor_units,
    parties.functional_currency,
    parties.functional_minor_units,
    lines.obligation_id,
    lines.line_id,
    lines.product_id,
    lines.revenue_stream,
    coalesce(lines.line_no, 0) as contract_line_no,
    accounts.role_no,
    accounts.account_code,
    accounts.account_name,
    accounts.account_key
-- Each posting has all of these. Joined so that one without would show, and no planner can take them for few.
from {{ ref('draft_postings') }} as postings
left join {{ ref('posting_parties') }} as parties
    on postings.contract_key = parties.contract_key
left join {{ ref('posting_lines') }} as lines
    on postings.line_key = lines.line_key
left join {{ ref('account_assignments') }} as accounts
    on
        coalesce(lines.dimension_key, parties.dimension_key) = accounts.dimension_key
        and postings.role = accounts.role
