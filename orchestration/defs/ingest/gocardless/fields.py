"""Every field GoCardless documents for the objects we read, by version 2015-07-06: anything else is drift."""

from __future__ import annotations

_DOCUMENTED = {
    "customer": """
        address_line1 address_line2 address_line3 city company_name country_code created_at danish_identity_number
        email family_name given_name id language metadata phone_number postal_code region swedish_identity_number
    """,
    "mandate": """
        authorisation_source consent_parameters consent_type created_at funds_settlement id links mandate_type
        metadata next_possible_charge_date next_possible_standard_ach_charge_date payments_require_approval
        reference scheme status verified_at
    """,
    "payment": """
        amount amount_refunded app_fee charge_date created_at currency description faster_ach fx id links metadata
        reference retry_if_possible scheme status
    """,
    "refund": """
        amount created_at currency fx id links metadata reference status
    """,
    "payout": """
        amount arrival_date created_at currency deducted_fees fx id links metadata payout_type reference status
        tax_currency
    """,
    "event": """
        action created_at customer_notifications details id links metadata resource_metadata resource_type source
    """,
}

FIELDS = {name: frozenset(fields.split()) for name, fields in _DOCUMENTED.items()}
