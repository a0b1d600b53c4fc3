{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per finding of a control that reads what a build computes of a contract: it stands until the contract is computed again.
{%- set controls = [
    'chk_billed_period_is_in_the_term',
    'chk_billing_is_within_the_price',
    'chk_change_conserves_the_price',
    'chk_change_is_agreed_and_treated',
    'chk_collected_for_others_is_owed',
    'chk_component_is_fully_allocated',
    'chk_contract_is_signed',
    'chk_cost_asset_has_a_contract',
    'chk_cost_asset_is_amortized_in_time',
    'chk_cost_impairment_stands',
    'chk_credit_is_within_the_invoice_line',
    'chk_credit_note_is_split_in_full',
    'chk_estimate_is_constrained',
    'chk_fact_is_used',
    'chk_financing_cancels_out',
    'chk_invoice_is_timely',
    'chk_judgment_is_recorded',
    'chk_line_earns_its_price',
    'chk_line_is_in_one_obligation',
    'chk_obligation_has_its_dates',
    'chk_opening_balance_reconciles',
    'chk_opening_revenue_follows_the_terms',
    'chk_order_matches_the_opportunity',
    'chk_position_ties_to_revenue',
    'chk_price_change_keeps_its_weights',
    'chk_price_is_fully_allocated',
    'chk_price_is_in_the_book_range',
    'chk_price_left_has_a_schedule',
    'chk_residual_is_in_its_range',
    'chk_revenue_is_within_the_term',
    'chk_separate_contract_leaves_the_rest',
    'chk_service_follows_signature',
    'chk_service_is_billed_once',
    'chk_settlement_is_no_revenue',
    'chk_share_is_its_weight',
    'chk_slices_tile_the_term',
    'chk_standalone_price_is_valid',
    'chk_term_never_earns_backwards',
    'chk_use_is_recorded',
    'chk_version_states_its_terms'
] %}
with findings as (
    {%- for control in controls %}
    select * from {{ ref(control) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    findings.*,
    contracts.contract_key
from findings
left join {{ ref('contracts') }} as contracts
    on
        findings.entity_id = contracts.entity_id
        and findings.book = contracts.book
        and findings.contract_id = contracts.contract_id
