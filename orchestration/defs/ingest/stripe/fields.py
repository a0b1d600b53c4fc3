"""Every field Stripe documents for the objects we read, by version 2026-10-28.endive: anything else is drift."""

from __future__ import annotations

_DOCUMENTED = {
    "customer": """
        address balance business_name cash_balance created currency customer_account default_source deleted
        delinquent description discount email id individual_name invoice_credit_balance invoice_prefix
        invoice_settings livemode metadata name next_invoice_sequence object phone preferred_locales shipping
        sources subscriptions tax tax_exempt tax_ids test_clock
    """,
    "product": """
        active created default_price deleted description id images livemode marketing_features metadata name object
        package_dimensions shippable statement_descriptor tax_code tax_details type unit_label updated url
    """,
    "price": """
        active billing_scheme created currency currency_options custom_unit_amount deleted id livemode lookup_key
        metadata nickname object product recurring tax_behavior tiers tiers_mode transform_quantity type unit_amount
        unit_amount_decimal
    """,
    "subscription": """
        application application_fee_percent automatic_tax billing_cycle_anchor billing_cycle_anchor_config
        billing_mode billing_schedules billing_thresholds cancel_at cancel_at_period_end canceled_at
        cancellation_details collection_method created currency customer customer_account days_until_due
        default_payment_method default_source default_tax_rates description discounts ended_at id invoice_settings
        items latest_invoice livemode managed_payments metadata next_pending_invoice_item_invoice object
        on_behalf_of pause_collection payment_settings pending_invoice_item_interval pending_setup_intent
        pending_update presentment_details schedule start_date status status_details test_clock transfer_data
        trial_end trial_settings trial_start
    """,
    "invoice": """
        account_country account_name account_tax_ids amount_due amount_overpaid amount_paid amount_paid_off_stripe
        amount_remaining amount_shipping application attempt_count attempted auto_advance automatic_tax
        automatically_finalizes_at billing_reason collection_method confirmation_secret created currency
        custom_fields customer customer_account customer_address customer_email customer_name customer_phone
        customer_shipping customer_tax_exempt customer_tax_ids default_payment_method default_source
        default_tax_rates deleted description discounts due_date effective_at ending_balance footer from_invoice
        hosted_invoice_url id invoice_pdf issuer last_finalization_error latest_revision lines livemode metadata
        next_payment_attempt number object on_behalf_of parent payment_settings payments period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount receipt_number rendering shipping_cost
        shipping_details starting_balance statement_descriptor status status_details status_transitions subtotal
        subtotal_excluding_tax test_clock threshold_reason total total_discount_amounts total_excluding_tax
        total_pretax_credit_amounts total_taxes webhooks_delivered_at
    """,
    "invoice_line": """
        amount currency description discount_amounts discountable discounts id invoice livemode metadata object
        parent period pretax_credit_amounts pricing quantity quantity_decimal subscription subtotal taxes
    """,
    "invoice_payment": """
        amount_paid amount_requested created currency id invoice is_default livemode object payment status
        status_transitions
    """,
    "credit_note": """
        amount amount_shipping created currency customer customer_account customer_balance_transaction
        discount_amount discount_amounts effective_at id invoice lines livemode memo metadata number object
        out_of_band_amount pdf post_payment_amount pre_payment_amount pretax_credit_amounts reason refunds
        shipping_cost status subtotal subtotal_excluding_tax total total_excluding_tax total_taxes type voided_at
    """,
    "credit_note_line": """
        amount description discount_amount discount_amounts id invoice_line_item livemode metadata object
        pretax_credit_amounts quantity tax_rates taxes type unit_amount unit_amount_decimal
    """,
    "invoice_item": """
        amount currency customer customer_account date deleted description discountable discounts frozen_fields id
        invoice invoicing_rules livemode metadata net_amount object parent period pricing proration
        proration_details quantity quantity_decimal tax_rates test_clock
    """,
    "charge": """
        amount amount_captured amount_refunded application application_fee application_fee_amount authorization_code
        balance_transaction billing_details calculated_statement_descriptor captured created currency customer
        description disputed failure_balance_transaction failure_code failure_message fraud_details id level3
        livemode metadata object on_behalf_of outcome paid payment_intent payment_method payment_method_details
        presentment_details radar_options receipt_email receipt_number receipt_url refunded refunds review shipping
        source source_transfer statement_descriptor statement_descriptor_suffix status transfer transfer_data
        transfer_group
    """,
    "refund": """
        amount balance_transaction charge created currency customer customer_account description destination_details
        failure_balance_transaction failure_reason id instructions_email metadata next_action object payment_intent
        payment_method pending_reason presentment_details reason receipt_number source_transfer_reversal status
        transfer_reversal
    """,
    "dispute": """
        amount balance_transactions charge created currency enhanced_eligibility_types evidence evidence_details id
        intended_submission_method is_charge_refundable livemode metadata network_reason_code object payment_intent
        payment_method_details reason status
    """,
    "balance_transaction": """
        amount available_on balance_type created currency description exchange_rate fee fee_details id net object
        reporting_category source status type
    """,
}

FIELDS = {name: frozenset(fields.split()) for name, fields in _DOCUMENTED.items()}
