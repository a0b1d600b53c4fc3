"""Stripe subscriptions: what bills a customer again and again."""

from __future__ import annotations

from typing import Any

from .bills import Bill
from .identifiers import stripe_id
from .moments import DAY, seconds
from .stripe_objects import price, price_key

Json = dict[str, Any]


def items(bill: Bill, created: int) -> list[Json]:
    """The subscription's items as its latest invoice leaves them, one per recurring line."""
    shown = []
    for item in bill.items:
        if item.starts is None or item.ends is None or (item.proration and item.amount < 0):
            continue
        shown.append(
            {
                "id": stripe_id("si", f"{bill.subscription_key}:{item.product_id}"),
                "object": "subscription_item",
                "created": created,
                "current_period_end": seconds(item.ends) + DAY,
                "current_period_start": seconds(item.starts),
                "discounts": [],
                "metadata": {},
                "plan": {},
                "price": price(price_key(item, bill.customer.currency), created),
                "quantity": None if item.metered else item.quantity,
                "subscription": stripe_id("sub", bill.subscription_key),
                "tax_rates": [],
            }
        )
    return list({row["id"]: row for row in shown}.values())


def subscription(bill: Bill, created: int) -> Json:
    """As the first invoice makes it."""
    return {
        "id": stripe_id("sub", bill.subscription_key),
        "object": "subscription",
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": created,
        "billing_mode": {"type": "classic"},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "canceled_at": None,
        "collection_method": "charge_automatically" if bill.customer.pays_by == "card" else "send_invoice",
        "created": created,
        "currency": bill.customer.currency.lower(),
        "customer": bill.customer.stripe_id,
        "discounts": [],
        "ended_at": None,
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": items(bill, created),
        "livemode": False,
        "metadata": {"contract": bill.contract_id} if bill.contract_id else {},
        "start_date": created,
        "status": "active",
    }
