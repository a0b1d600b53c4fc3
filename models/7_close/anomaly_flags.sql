{{ config(schema='reports', contract={'enforced': true}) }}
-- One row per failed check: the contract, entry or source row behind it, what was expected, what was found, one plain sentence.
with checks as (
    select * from {{ ref('chk_contract_is_accounted_for') }}
    union all
    select * from {{ ref('chk_contract_is_signed') }}
    union all
    select * from {{ ref('chk_entry_balances') }}
    union all
    select * from {{ ref('chk_account_is_mapped') }}
    union all
    select * from {{ ref('chk_price_is_fully_allocated') }}
    union all
    select * from {{ ref('chk_billing_is_within_the_price') }}
    union all
    select * from {{ ref('chk_service_is_billed_once') }}
    union all
    select * from {{ ref('chk_billed_period_is_in_the_term') }}
    union all
    select * from {{ ref('chk_credit_is_within_the_invoice_line') }}
    union all
    select * from {{ ref('chk_service_follows_signature') }}
    union all
    select * from {{ ref('chk_payment_is_posted') }}
    union all
    select * from {{ ref('chk_credit_note_is_posted') }}
    union all
    select * from {{ ref('chk_manual_journal_is_posted') }}
    union all
    select * from {{ ref('chk_opening_balance_reconciles') }}
    union all
    select * from {{ ref('chk_opening_revenue_follows_the_terms') }}
    union all
    select * from {{ ref('chk_position_is_not_negative') }}
    union all
    select * from {{ ref('chk_invoice_is_timely') }}
    union all
    select * from {{ ref('chk_price_is_in_the_book_range') }}
    union all
    select * from {{ ref('chk_order_matches_the_opportunity') }}
    union all
    select * from {{ ref('chk_order_is_in_the_contract_currency') }}
    union all
    select * from {{ ref('chk_cost_asset_is_amortized_in_time') }}
    union all
    select * from {{ ref('chk_cost_impairment_stands') }}
    union all
    select * from {{ ref('chk_cost_asset_has_a_contract') }}
    union all
    select * from {{ ref('chk_position_ties_to_revenue') }}
    union all
    select * from {{ ref('chk_position_is_net') }}
    union all
    select * from {{ ref('chk_settled_contract_has_no_position') }}
    union all
    select * from {{ ref('chk_liability_is_current_or_noncurrent') }}
    union all
    select * from {{ ref('chk_liability_stands_at_its_layers') }}
    union all
    select * from {{ ref('chk_balance_stands_at_the_closing_rate') }}
    union all
    select * from {{ ref('chk_nothing_is_worth_nothing') }}
),

periods as (
    select
        period_no,
        period
    from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
)

select
    checks.entity_id,
    checks.book,
    {{ dbt.hash("concat(checks.rule, '|', coalesce(checks.book, ''), '|', coalesce(checks.source_id, ''), '|', checks.actual)") }} as flag_id,
    checks.rule,
    checks.severity,
    periods.period,
    checks.contract_id,
    checks.entry_id,
    checks.source_id,
    checks.expected,
    checks.actual,
    checks.explanation,
    cast(checks.first_seen_at as {{ dbt.type_timestamp() }}) as first_seen_at,
    cast(null as {{ dbt.type_string() }}) as resolution,
    cast(null as {{ dbt.type_string() }}) as resolved_by
from checks
left join periods
    on {{ period_number('checks.flagged_on') }} = periods.period_no
