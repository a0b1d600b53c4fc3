{{ config(materialized='view') }}
-- One row per batch and posted line, in one flat shape that every export renders. Balances taken over from another ledger are in it already.
select
    lines.entity_id,
    lines.book,
    lines.batch_id,
    booked.period as posting_period,
    belongs.period as accounting_period,
    lines.entry_id,
    lines.line_no,
    lines.entry_date,
    lines.entry_type,
    lines.cause,
    lines.description,
    lines.role,
    lines.account_code,
    lines.account_name,
    lines.debit,
    lines.credit,
    lines.currency,
    lines.functional_debit,
    lines.functional_credit,
    lines.functional_currency,
    lines.fx_rate,
    lines.contract_id,
    lines.obligation_id,
    lines.line_id,
    lines.product_id,
    lines.customer_id,
    lines.region,
    lines.revenue_stream,
    lines.source_type,
    lines.source_id,
    lines.corrects_entry_id,
    lines.approved_by,
    lines.posted_by,
    lines.posted_at
from {{ ref('posted_postings') }} as lines
inner join {{ ref('fiscal_periods') }} as booked
    on
        lines.posting_period_no = booked.period_no
        and booked.calendar = 'monthly'
inner join {{ ref('fiscal_periods') }} as belongs
    on
        lines.accounting_period_no = belongs.period_no
        and belongs.calendar = 'monthly'
where lines.entry_type <> 'opening_balance' and lines.posting_period_no <= {{ through_period_no() }}
