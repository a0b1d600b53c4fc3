{{ config(materialized='view') }}
-- One row per journal entry to be approved and line: a debit or a credit, with its account and the contract, line and source it comes from.
select
    postings.entity_id,
    postings.book,
    coalesce(numbers.entry_id, {{ entry_key() }}) as entry_id,
    -- The line's place in the contract, then the role's: the same every time, without sorting.
    postings.contract_line_no * 100 + postings.role_no
    + postings.party_no * 1000000
    -- A correction may stand beside a posting that has its cause by nature.
    + case when postings.cause = postings.target_cause then 0 else 500000 end as line_no,
    postings.role,
    postings.account_code,
    postings.account_name,
    {{ to_major('greatest(postings.amount_minor, 0)', 'postings.minor_units') }} as debit,
    {{ to_major('greatest(-postings.amount_minor, 0)', 'postings.minor_units') }} as credit,
    postings.currency,
    {{ to_major('greatest(postings.functional_minor, 0)', 'postings.functional_minor_units') }} as functional_debit,
    {{ to_major('greatest(-postings.functional_minor, 0)', 'postings.functional_minor_units') }} as functional_credit,
    postings.functional_currency,
    cast(cast(postings.rate_nano as decimal(18, 0)) * cast('0.000000001' as decimal(10, 9)) as decimal(18, 9)) as fx_rate,
    postings.contract_id,
    postings.obligation_id,
    postings.line_id,
    postings.product_id,
    postings.customer_id,
    postings.region,
    postings.revenue_stream,
    postings.source_type,
    coalesce(postings.source_id, postings.contract_id, postings.customer_id) as source_id,
    postings.contract_key,
    postings.line_key,
    postings.contract_line_no,
    postings.entry_on,
    postings.period_no,
    postings.target_cause,
    postings.amount_minor,
    postings.functional_minor,
    postings.rate_nano,
    postings.party_no,
    postings.minor_units,
    postings.functional_minor_units
from {{ ref('draft_amounts') }} as postings
-- The parties of the entry, which may move an amount to another contract.
left join {{ ref('posting_parties') }} as parties
    on postings.entry_contract_key = parties.contract_key
left join {{ ref('fiscal_periods') }} as periods
    on
        postings.accounting_period_no = periods.period_no
        and periods.calendar = 'monthly'
left join {{ ref('draft_numbers') }} as numbers
    on {{ same_draft('postings.entry_contract_key', 'postings', 'numbers') }}
