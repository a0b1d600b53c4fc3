"""Stripe's objects about money that moves: payments, refunds, disputes, fees, credit notes, payouts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .bills import Bill
from .identifiers import stripe_id
from .moments import DAY

Json = dict[str, Any]


def payment_intent(bill: Bill, key: str, amount: int, created: int, charge_id: str) -> Json:
    return {
        "id": stripe_id("pi", key),
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": amount,
        "canceled_at": None,
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "created": created,
        "currency": bill.customer.currency.lower(),
        "customer": bill.customer.stripe_id,
        "description": None,
        "latest_charge": charge_id,
        "livemode": False,
        "metadata": {},
        "payment_method_types": ["card" if bill.customer.pays_by == "card" else "customer_balance"],
        "status": "succeeded",
    }


def charge(bill: Bill, key: str, amount: int, created: int, succeeded: bool, intent_id: str | None) -> Json:
    return {
        "id": stripe_id("ch", key),
        "object": "charge",
        "amount": amount,
        "amount_captured": amount if succeeded else 0,
        "amount_refunded": 0,
        "balance_transaction": stripe_id("txn", key) if succeeded else None,
        "billing_details": {
            "address": None,
            "email": bill.customer.email,
            "name": bill.customer.name,
            "phone": None,
            "tax_id": None,
        },
        "captured": succeeded,
        "created": created,
        "currency": bill.customer.currency.lower(),
        "customer": bill.customer.stripe_id,
        "description": None,
        "disputed": False,
        "failure_code": None if succeeded else "card_declined",
        "failure_message": None if succeeded else "Your card was declined.",
        "livemode": False,
        "metadata": {},
        "paid": succeeded,
        "payment_intent": intent_id,
        "payment_method": None,
        "receipt_email": None,
        "refunded": False,
        "status": "succeeded" if succeeded else "failed",
    }


def invoice_payment(bill: Bill, key: str, amount: int, created: int, charge_id: str, intent_id: str | None) -> Json:
    """Names the payment intent, or the charge where there is no intent: never both, as at Stripe."""
    return {
        "id": stripe_id("inpay", key),
        "object": "invoice_payment",
        "amount_paid": amount,
        "amount_requested": amount,
        "created": created,
        "currency": bill.customer.currency.lower(),
        "invoice": bill.id,
        "is_default": True,
        "livemode": False,
        "payment": {
            "type": "payment_intent" if intent_id else "charge",
            "charge": None if intent_id else charge_id,
            "payment_intent": intent_id,
            "payment_record": None,
        },
        "status": "paid",
        "status_transitions": {"canceled_at": None, "paid_at": created},
    }


def processing_fee(amount: int, pays_by: str) -> int:
    """Cards 2.9 % and 30 minor units; bank transfers 0.8 %, at most 5.00."""
    if pays_by == "card":
        return (amount * 29 + 500) // 1000 + 30
    return min((amount * 8 + 500) // 1000, 500)


def balance_transaction(
    key: str, kind: str, source: str, amount: int, fee: int, currency: str, created: int, category: str = ""
) -> Json:
    fees = [
        {"amount": fee, "application": None, "currency": currency, "description": "Stripe fees", "type": "stripe_fee"}
    ]
    return {
        "id": stripe_id("txn", key),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": created + 2 * DAY,
        "balance_type": "payments",
        "created": created,
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": fees if fee else [],
        "net": amount - fee,
        "reporting_category": category or kind,
        "source": source,
        "status": "available",
        "type": kind,
        "_payout": None,
    }


def refund(bill: Bill, key: str, amount: int, created: int, charge_id: str, intent_id: str | None) -> Json:
    return {
        "id": stripe_id("re", key),
        "object": "refund",
        "amount": amount,
        "balance_transaction": stripe_id("txn", f"refund:{key}"),
        "charge": charge_id,
        "created": created,
        "currency": bill.customer.currency.lower(),
        "metadata": {},
        "payment_intent": intent_id,
        "reason": "requested_by_customer",
        "receipt_number": None,
        "status": "succeeded",
    }


def dispute(
    bill: Bill, key: str, amount: int, created: int, charge_id: str, intent_id: str | None, taken: Json
) -> Json:
    return {
        "id": stripe_id("du", key),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [{name: value for name, value in taken.items() if not name.startswith("_")}],
        "charge": charge_id,
        "created": created,
        "currency": bill.customer.currency.lower(),
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": created + 14 * DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "manual",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": intent_id,
        "reason": "product_not_received",
        "status": "needs_response",
    }


def credit_line(bill: Bill, key: str, place: int | None, amount: int, tax: int) -> Json:
    """place: of the invoice line; None = a line of its own, not bound to one of the invoice."""
    taxes = []
    if tax:
        taxes = [
            {
                "amount": tax,
                "tax_behavior": "exclusive",
                "tax_rate_details": {"tax_rate": stripe_id("txr", bill.customer.country.code)},
                "taxability_reason": "standard_rated",
                "taxable_amount": amount,
                "type": "tax_rate_details",
            }
        ]
    return {
        "id": stripe_id("cnli", key),
        "object": "credit_note_line_item",
        "amount": amount,
        "description": "Credit",
        "discount_amount": 0,
        "discount_amounts": [],
        "invoice_line_item": None if place is None else bill.line_id(place),
        "livemode": False,
        "metadata": {},
        "pretax_credit_amounts": [],
        "quantity": 1,
        "tax_rates": [],
        "taxes": taxes,
        "type": "custom_line_item" if place is None else "invoice_line_item",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }


def credit_note(
    bill: Bill,
    number: str,
    created: int,
    lines: list[Json],
    before_payment: int,
    after_payment: int,
    outside: int,
    refunds: Sequence[Json],
) -> Json:
    """The amounts are those of the invoice's fate: a note can be without lines."""
    net, tax = bill.fate.amount, bill.credited_tax
    kind = "pre_payment" if not after_payment else "post_payment" if not before_payment else "mixed"
    return {
        "id": bill.credit_note_id,
        "object": "credit_note",
        "amount": net + tax,
        "amount_shipping": 0,
        "created": created,
        "currency": bill.customer.currency.lower(),
        "customer": bill.customer.stripe_id,
        "customer_balance_transaction": None,
        "discount_amount": 0,
        "discount_amounts": [],
        "effective_at": created,
        "invoice": bill.id,
        "lines": lines,
        "livemode": False,
        "memo": None,
        "metadata": {"reason": bill.fate.reason} if bill.fate.reason else {},
        "number": number,
        "out_of_band_amount": outside,
        "pdf": "",
        "post_payment_amount": after_payment,
        "pre_payment_amount": before_payment,
        "pretax_credit_amounts": [],
        "reason": bill.fate.stripe_reason,
        "refunds": list(refunds),
        "status": "issued",
        "subtotal": net,
        "subtotal_excluding_tax": net,
        "total": net + tax,
        "total_excluding_tax": net,
        "total_taxes": [{**lines[0]["taxes"][0], "amount": tax, "taxable_amount": net}] if tax and lines else [],
        "type": kind,
        "voided_at": None,
    }


def customer_balance_transaction(
    bill: Bill, key: str, kind: str, amount: int, ending: int, created: int, **links: str
) -> Json:
    """amount: negative = credit to the customer, as at Stripe."""
    return {
        "id": stripe_id("cbtxn", key),
        "object": "customer_balance_transaction",
        "amount": amount,
        "created": created,
        "credit_note": links.get("credit_note"),
        "currency": bill.customer.currency.lower(),
        "customer": bill.customer.stripe_id,
        "description": None,
        "ending_balance": ending,
        "invoice": links.get("invoice"),
        "livemode": False,
        "metadata": {},
        "type": kind,
    }


def payout(key: str, amount: int, currency: str, created: int) -> Json:
    return {
        "id": stripe_id("po", key),
        "object": "payout",
        "amount": amount,
        "arrival_date": created + 2 * DAY,
        "automatic": True,
        "balance_transaction": stripe_id("txn", f"payout:{key}"),
        "created": created,
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": stripe_id("ba", currency),
        "failure_code": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": "completed",
        "source_type": "card",
        "status": "paid",
        "type": "standard",
    }
