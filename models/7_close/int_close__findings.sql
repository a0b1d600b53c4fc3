{{ config(materialized='view') }}
-- One row per finding of a control: of those that are kept by contract, and of those that read all there is in every build.
{%- set columns = [
    'entity_id', 'book', 'rule', 'severity', 'flagged_on', 'contract_id', 'entry_id', 'source_id', 'expected', 'actual', 'explanation', 'first_seen_at',
] %}
{%- set controls = [
    'chk_account_is_active',
    'chk_account_is_mapped',
    'chk_balance_stands_at_the_closing_rate',
    'chk_combination_is_considered',
    'chk_contract_asset_is_billed_in_time',
    'chk_contract_is_accounted_for',
    'chk_credit_keeps_the_tax_rate',
    'chk_credit_note_is_posted',
    'chk_election_is_in_force',
    'chk_entry_balances',
    'chk_entry_has_cause_and_source',
    'chk_exchange_rate_is_recent',
    'chk_financed_contract_runs_out',
    'chk_journal_line_is_complete',
    'chk_ledger_ties_to_postings',
    'chk_liability_is_current_or_noncurrent',
    'chk_liability_stands_at_its_layers',
    'chk_manual_journal_is_posted',
    'chk_nothing_is_worth_nothing',
    'chk_order_is_in_the_contract_currency',
    'chk_payment_is_posted',
    'chk_position_is_net',
    'chk_position_is_not_negative',
    'chk_posted_line_is_untouched',
    'chk_posting_follows_accounting',
    'chk_posting_period_was_open',
    'chk_reversal_nets_to_zero',
    'chk_settled_contract_has_no_position',
    'chk_standalone_price_is_approved'
] %}
select {{ columns | join(', ') }} from {{ ref('int_close__contract_findings') }}

{% for control in controls -%}
union all
select {{ columns | join(', ') }} from {{ ref(control) }}
{% endfor %}
