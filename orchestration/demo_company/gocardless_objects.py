"""GoCardless' objects, version 2015-07-06: the direct debits of some customers of nwm-eu. Amounts are minor units."""

from __future__ import annotations

from datetime import date
from typing import Any

from .bills import Bill
from .customers import Customer
from .identifiers import gocardless_id
from .moments import gocardless_moment

Json = dict[str, Any]
CREDITOR = gocardless_id("creditor", "nwm-eu")
FEE_PER_PAYMENT = 20


def creditor(created: int) -> Json:
    return {
        "id": CREDITOR,
        "created_at": gocardless_moment(created),
        "name": "Northwind Metrics Ltd.",
        "country_code": "IE",
        "creditor_type": "company",
        "verification_status": "successful",
        "fx_payout_currency": "EUR",
        "links": {"default_eur_payout_account": gocardless_id("bank_account", "EUR")},
        "scheme_identifiers": [],
    }


def customer(customer_: Customer, created: int) -> Json:
    return {
        "id": customer_.gocardless_id,
        "created_at": gocardless_moment(created),
        "company_name": customer_.name,
        "country_code": customer_.country.code,
        "city": customer_.city,
        "email": customer_.email,
        "language": "en",
        "metadata": {"stripe_customer": customer_.stripe_id},
    }


def mandate(customer_: Customer, created: int) -> Json:
    return {
        "id": customer_.mandate_id,
        "created_at": gocardless_moment(created),
        "reference": f"NWM-{customer_.number:04d}",
        "status": "active",
        "scheme": "bacs" if customer_.currency == "GBP" else "sepa_core",
        "metadata": {},
        "links": {"creditor": CREDITOR, "customer": customer_.gocardless_id},
    }


def payment(bill: Bill, key: str, amount: int, created: int, charge_date: date) -> Json:
    return {
        "id": gocardless_id("payment", key),
        "created_at": gocardless_moment(created),
        "charge_date": charge_date.isoformat(),
        "amount": amount,
        "amount_refunded": 0,
        "currency": bill.customer.currency,
        "description": None,
        "reference": None,
        "retry_if_possible": False,
        "status": "submitted",
        "metadata": {"invoice": bill.id},
        "links": {"creditor": CREDITOR, "mandate": bill.customer.mandate_id},
    }


def refund(payment_: Json, key: str, amount: int, created: int) -> Json:
    return {
        "id": gocardless_id("refund", key),
        "created_at": gocardless_moment(created),
        "amount": amount,
        "currency": payment_["currency"],
        "reference": None,
        "status": "paid",
        "metadata": {},
        "links": {"payment": payment_["id"], "mandate": payment_["links"]["mandate"]},
    }


def payout(key: str, amount: int, fees: int, currency: str, created: int, arrives: date) -> Json:
    return {
        "id": gocardless_id("payout", key),
        "created_at": gocardless_moment(created),
        "amount": amount,
        "arrival_date": arrives.isoformat(),
        "currency": currency,
        "deducted_fees": fees,
        "payout_type": "merchant",
        "reference": f"NWM-{key}",
        "status": "paid",
        "metadata": {},
        "links": {"creditor": CREDITOR, "creditor_bank_account": gocardless_id("bank_account", currency)},
    }


def payout_item(payout_id: str, number: int, kind: str, amount: int, links: dict[str, str]) -> Json:
    """amount: minor units as a decimal string; negative is taken from the payout. The item itself has no id."""
    return {
        "id": f"{payout_id}:{number}",
        "amount": f"{amount}.0",
        "type": kind,
        "taxes": [],
        "links": links,
        "_payout": payout_id,
    }
