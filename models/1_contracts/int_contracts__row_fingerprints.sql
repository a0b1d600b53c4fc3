{{ config(materialized='view') }}
-- One row per contract and row of its inputs: the fingerprint of that row.
with contracts as (
    select * from {{ ref('known_contracts') }}
),

invoices as (
    select distinct
        contract_key,
        invoice_id
    from {{ ref('known_billings') }}
),

rows_of_contracts as (
    select
        contract_key,
        {{ row_fingerprint([
            'contract_id', 'entity_id', 'book', 'customer_id', 'region', 'segment', 'currency', 'signed_on', 'inception_on',
            'position_key', 'group_key', 'modification', 'progress_rounding', 'material_right_exercise', 'financing_one_year_expedient',
            'straight_line', 'straight_line_days', 'credit_note', 'refund', 'has_contra_accounts', 'usage_timing', 'position_level',
            'unbilled_presentation', 'receivable_when', 'ssp_in_range', 'ssp_outside_range', 'breakage', 'recorded_at',
        ]) }} as fingerprint
    from contracts
    union all
    select
        contract_key,
        {{ row_fingerprint([
            'line_id', 'product_id', 'recognition_method', 'quantity', 'unit_price', 'amount_minor', 'ssp_minor', 'starts_on', 'ends_on',
            'satisfied_on', 'expires_on', 'not_before_on', 'is_billed_after_service', 'is_discount', 'version', 'version_order',
            'priced_on', 'discount_scope', 'exercises_line_id', 'cancellable_until',
            'refundable_after_days', 'in_force_from_on', 'in_force_before_on',
        ]) }} as fingerprint
    from {{ ref('known_version_lines') }}
    union all
    select * from {{ ref('int_contracts__price_fingerprints') }}
    union all
    -- A contract in a foreign currency is computed anew when a rate of its pair is; the others are not.
    select * from {{ ref('int_contracts__currency_fingerprints') }}
    union all
    select * from {{ ref('int_contracts__fingerprints_by_hand') }}
    union all
    select * from {{ ref('int_contracts__billing_fingerprints') }}
    union all
    select
        coalesce(invoices.contract_key, contracts.contract_key) as contract_key,
        {{ row_fingerprint([
            'payments.payment_id', 'payments.kind', 'payments.invoice_id', 'payments.invoice_line_id', 'payments.line_id',
            'payments.occurred_on', 'payments.amount_minor', 'payments.credit_note_id', 'payments.method',
        ]) }} as fingerprint
    from {{ ref('input_payments') }} as payments
    left join invoices
        on payments.invoice_id = invoices.invoice_id
    left join contracts
        on payments.contract_id = contracts.contract_id
    where coalesce(invoices.contract_key, contracts.contract_key) is not null
    union all
    select
        contract_key,
        {{ row_fingerprint(['payment_id', 'kind', 'occurred_on', 'amount_minor', 'method']) }} as fingerprint
    from {{ ref('unattached_payments') }}
    union all
    select
        invoices.contract_key,
        {{ row_fingerprint([
            'notes.credit_note_id', 'notes.issued_on', 'notes.reason', 'notes.settled_by', 'notes.voided_on', 'lines.credit_note_line_id',
            'lines.invoice_line_id', 'lines.amount_minor', 'lines.tax_amount_minor', 'notes.recorded_at', 'lines.recorded_at',
        ]) }} as fingerprint
    from {{ ref('input_credit_notes') }} as notes
    inner join {{ ref('input_credit_note_lines') }} as lines
        on notes.credit_note_id = lines.credit_note_id
    inner join invoices
        on notes.invoice_id = invoices.invoice_id
    union all
    select
        invoices.contract_key,
        {{ row_fingerprint(['events.event_id', 'events.kind', 'events.occurred_on', 'events.amount_minor']) }} as fingerprint
    from {{ ref('input_invoice_events') }} as events
    inner join invoices
        on events.invoice_id = invoices.invoice_id
    union all
    select
        contracts.contract_key,
        {{ row_fingerprint(['progress.line_id', 'progress.measured_on', 'progress.to_date', 'progress.expected', 'progress.at_cost_minor']) }} as fingerprint
    from {{ ref('input_progress') }} as progress
    inner join contracts
        on progress.contract_id = contracts.contract_id
    union all
    select
        contracts.contract_key,
        {{ row_fingerprint([
            'usage.usage_id', 'usage.line_id', 'usage.used_on', 'usage.quantity', 'usage.unit_price', 'usage.amount_minor',
        ]) }} as fingerprint
    from {{ ref('input_usage') }} as usage
    inner join contracts
        on usage.contract_id = contracts.contract_id
    union all
    select
        contract_key,
        {{ row_fingerprint([
            'cost_id', 'kind', 'incurred_on', 'amount_minor', 'amortise_from_on', 'amortise_to_on', 'treatment', 'capitalized_on', 'recorded_at',
        ]) }} as fingerprint
    from {{ ref('known_contract_costs') }}
    union all
    select
        contract_key,
        {{ row_fingerprint(['cost_key', 'event_no', 'occurred_on', 'kind', 'amount_minor', 'amortise_to']) }} as fingerprint
    from {{ ref('known_contract_cost_events') }}
)

select
    contract_key,
    fingerprint
from rows_of_contracts
