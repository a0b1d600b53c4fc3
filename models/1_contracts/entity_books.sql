-- One row per legal entity and book, with its elections side by side.
with elections as (
    select * from {{ ref('policy_elections') }}
),

entities as (
    select * from {{ ref('input_entities') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

pivoted as (
    select
        entity_id,
        book,
        {%- for policy in [
            'straight_line', 'straight_line_days', 'credit_note', 'refund', 'contra_accounts', 'service_before_invoice',
            'usage_timing', 'position_level', 'unbilled_presentation', 'receivable_when', 'ssp_in_range',
            'ssp_outside_range', 'progress_rounding', 'breakage', 'write_off', 'modification', 'material_right_exercise',
            'financing_one_year_expedient',
            'cost_one_year_expedient', 'opening_liability_order', 'second_approval_above',
        ] %}
        max(case when policy = '{{ policy }}' then value end) as {{ policy }}{{ ',' if not loop.last }}
        {%- endfor %}
    from elections
    group by entity_id, book
)

select
    pivoted.*,
    entities.functional_currency,
    entities.reporting_currency,
    entities.calendar,
    currencies.minor_units as functional_minor_units
from pivoted
inner join entities
    on pivoted.entity_id = entities.entity_id
inner join currencies
    on entities.functional_currency = currencies.currency
