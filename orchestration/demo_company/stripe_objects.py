"""Stripe's objects in the shape of API version 2026-10-28.endive. Amounts are minor units, moments UTC seconds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .bills import Bill, Item
from .catalog import PRODUCTS, Country
from .customers import Customer
from .identifiers import stripe_id
from .moments import DAY, seconds

Json = dict[str, Any]


def product_id(product: str) -> str:
    return stripe_id("prod", product)


def product(product_key: str, created: int) -> Json:
    return {
        "id": product_id(product_key),
        "object": "product",
        "active": True,
        "created": created,
        "updated": created,
        "default_price": None,
        "description": None,
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": {"product_id": product_key},
        "name": PRODUCTS[product_key].name,
        "type": "service",
        "unit_label": None,
        "url": None,
    }


def price_key(item: Item, currency: str) -> str:
    interval = "" if item.starts is None else "metered" if item.metered else item.interval
    return f"{item.product_id}:{currency}:{interval}:{unit_amount(item)}"


def unit_amount(item: Item) -> str:
    """The price of one, in minor units, as exact as Stripe keeps it: twelve decimal places."""
    return format((Decimal(item.amount) / item.quantity).quantize(Decimal(10) ** -12).normalize(), "f")


def price(key: str, created: int) -> Json:
    product_key, currency, interval, amount = key.split(":")
    recurring = None
    if interval:
        recurring = {
            "interval": "month" if interval == "metered" else interval,
            "interval_count": 3 if interval == "quarter" else 1,
            "meter": stripe_id("mtr", product_key) if interval == "metered" else None,
            "trial_period_days": None,
            "usage_type": "metered" if interval == "metered" else "licensed",
        }
        recurring["interval"] = "month" if interval == "quarter" else recurring["interval"]
    return {
        "id": stripe_id("price", key),
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": created,
        "currency": currency.lower(),
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": product_id(product_key),
        "recurring": recurring,
        "tax_behavior": "exclusive",
        "type": "recurring" if recurring else "one_time",
        "unit_amount": None if "." in amount else int(amount),
        "unit_amount_decimal": amount,
    }


def coupon(key: str, percent: int, months: int, created: int) -> Json:
    return {
        "id": key,
        "object": "coupon",
        "amount_off": None,
        "created": created,
        "currency": None,
        "duration": "repeating",
        "duration_in_months": months,
        "livemode": False,
        "max_redemptions": None,
        "metadata": {},
        "name": f"{percent}% off for {months} months",
        "percent_off": percent,
        "redeem_by": None,
        "times_redeemed": 0,
        "valid": True,
    }


def tax_rate(country: Country, created: int) -> Json:
    return {
        "id": stripe_id("txr", country.code),
        "object": "tax_rate",
        "active": True,
        "country": country.code,
        "created": created,
        "description": None,
        "display_name": "VAT",
        "effective_percentage": country.vat,
        "inclusive": False,
        "jurisdiction": country.code,
        "livemode": False,
        "metadata": {},
        "percentage": country.vat,
        "rate_type": "percentage",
        "state": None,
        "tax_type": "vat",
    }


def address(customer: Customer) -> Json:
    return {
        "city": customer.city,
        "country": customer.country.code,
        "line1": f"{customer.number + 1} Market Street",
        "line2": None,
        "postal_code": None,
        "state": None,
    }


def customer(customer_: Customer, created: int) -> Json:
    metadata = {"entity_id": customer_.country.entity_id, "region": customer_.country.region}
    if customer_.is_crm:
        metadata["salesforce_account"] = customer_.account_id
    return {
        "id": customer_.stripe_id,
        "object": "customer",
        "address": address(customer_),
        "balance": 0,
        "created": created,
        "currency": customer_.currency.lower(),
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": customer_.email,
        "invoice_prefix": f"NW{customer_.number:04d}",
        "livemode": False,
        "metadata": metadata,
        "name": customer_.name,
        "phone": None,
        "shipping": None,
        "tax_exempt": "none",
    }


def line_taxes(bill: Bill, item: Item) -> list[Json]:
    country = bill.customer.country
    if country.vat == 0:
        return []
    charged = bill.tax_percent > 0
    return [
        {
            "amount": bill.tax(item),
            "tax_behavior": "exclusive",
            "tax_rate_details": {"tax_rate": stripe_id("txr", country.code)} if charged else None,
            "taxability_reason": "standard_rated" if charged else "reverse_charge",
            "taxable_amount": item.net,
            "type": "tax_rate_details",
        }
    ]


def line(bill: Bill, place: int) -> Json:
    item = bill.items[place]
    currency = bill.customer.currency
    start = seconds(item.starts or bill.finalized_on)
    metadata = {name: value for name, value in (("line", item.line_id), ("kind", item.kind)) if value}
    discounts = [stripe_id("di", f"{bill.customer.number}:{bill.coupon}")] if item.discount else []
    span = f" ({item.starts} to {item.ends})" if item.starts else ""
    words = "Unused time on " if item.proration and item.amount < 0 else ""
    return {
        "id": bill.line_id(place),
        "object": "line_item",
        "amount": item.amount,
        "currency": currency.lower(),
        "description": f"{words}{PRODUCTS[item.product_id].name}{span}",
        "discount_amounts": [{"amount": item.discount, "discount": discounts[0]}] if discounts else [],
        "discountable": not item.proration,
        "discounts": discounts,
        "invoice": bill.id,
        "livemode": False,
        "metadata": metadata,
        "parent": _line_parent(bill, item, place),
        # Half-open, as at Stripe: the end is the first moment that is not covered.
        "period": {"start": start, "end": seconds(item.ends) + DAY if item.ends else start},
        "pretax_credit_amounts": [],
        "pricing": {
            "type": "price_details",
            "price_details": {
                "price": stripe_id("price", price_key(item, currency)),
                "product": product_id(item.product_id),
            },
            "unit_amount_decimal": unit_amount(item),
        },
        "quantity": item.quantity,
        "quantity_decimal": str(item.quantity),
        "subscription": stripe_id("sub", bill.subscription_key) if bill.subscription_key else None,
        "subtotal": item.amount,
        "taxes": line_taxes(bill, item),
    }


def _line_parent(bill: Bill, item: Item, place: int) -> Json:
    subscription = stripe_id("sub", bill.subscription_key) if bill.subscription_key else None
    if subscription and item.starts and not item.proration:
        details = {
            "invoice_item": None,
            "proration": False,
            "proration_details": None,
            "subscription": subscription,
            "subscription_item": stripe_id("si", f"{bill.subscription_key}:{item.product_id}"),
        }
        return {
            "type": "subscription_item_details",
            "invoice_item_details": None,
            "subscription_item_details": details,
        }
    details = {
        "invoice_item": stripe_id("ii", f"{bill.key}:{place}"),
        "proration": item.proration,
        "proration_details": None,
        "subscription": subscription,
    }
    return {"type": "invoice_item_details", "invoice_item_details": details, "subscription_item_details": None}


def invoice_item(bill: Bill, place: int) -> Json:
    shown = line(bill, place)
    item = bill.items[place]
    return {
        "id": shown["parent"]["invoice_item_details"]["invoice_item"],
        "object": "invoiceitem",
        "amount": item.amount,
        "currency": shown["currency"],
        "customer": bill.customer.stripe_id,
        "date": seconds(bill.created_on or bill.finalized_on),
        "description": shown["description"],
        "discountable": shown["discountable"],
        "discounts": shown["discounts"],
        "invoice": bill.id,
        "livemode": False,
        "metadata": shown["metadata"],
        "net_amount": item.net,
        "parent": None,
        "period": shown["period"],
        "pricing": shown["pricing"],
        "proration": item.proration,
        "quantity": item.quantity,
        "quantity_decimal": str(item.quantity),
        "tax_rates": [],
    }


def invoice(bill: Bill, number: str, created: int) -> Json:
    """A draft, as it is before it is finalized."""
    starts = [item.starts for item in bill.items if item.starts]
    ends = [item.ends for item in bill.items if item.ends]
    due = max(0, bill.total + bill.starting_balance)
    coupons = sum(item.discount for item in bill.items)
    discounts = [stripe_id("di", f"{bill.customer.number}:{bill.coupon}")] if coupons else []
    by_subscription = bill.subscription_key and bill.reason != "manual"
    contract = {"contract": bill.contract_id} if bill.contract_id else {}
    parent = None
    if by_subscription:
        details = {
            "subscription": stripe_id("sub", bill.subscription_key),
            "metadata": contract,
            "subscription_proration_date": None,
        }
        parent = {"type": "subscription_details", "quote_details": None, "subscription_details": details}
    taxes = [line_taxes(bill, item) for item in bill.items]
    total_taxes = []
    if taxes[0]:
        total_taxes = [{**taxes[0][0], "amount": bill.total_tax, "taxable_amount": bill.net}]
    sent = bill.customer.pays_by != "card"
    return {
        "id": bill.id,
        "object": "invoice",
        "account_country": "IE" if bill.customer.country.entity_id == "nwm-eu" else "US",
        "account_name": "Northwind Metrics",
        "amount_due": due,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_paid_off_stripe": 0,
        "amount_remaining": due,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {"enabled": False, "liability": None, "status": None},
        "billing_reason": bill.reason,
        "collection_method": "send_invoice" if sent else "charge_automatically",
        "created": created,
        "currency": bill.customer.currency.lower(),
        "customer": bill.customer.stripe_id,
        "customer_address": address(bill.customer),
        "customer_email": bill.customer.email,
        "customer_name": bill.customer.name,
        "default_tax_rates": [],
        "description": None,
        "discounts": discounts,
        "due_date": seconds(bill.finalized_on) + 30 * DAY if sent else None,
        "effective_at": seconds(bill.effective_on) if bill.effective_on else None,
        "ending_balance": None,
        "from_invoice": None,
        "issuer": {"type": "self"},
        "lines": [line(bill, place) for place in range(len(bill.items))],
        "livemode": False,
        "metadata": {**({} if by_subscription else contract), **bill.metadata},
        "number": number,
        "parent": parent,
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": seconds(max(ends)) + DAY if ends else seconds(bill.finalized_on),
        "period_start": seconds(min(starts)) if starts else seconds(bill.finalized_on),
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": bill.starting_balance,
        "status": "draft",
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": sum(item.amount for item in bill.items),
        "subtotal_excluding_tax": sum(item.amount for item in bill.items),
        "total": bill.total,
        "total_discount_amounts": [{"amount": coupons, "discount": discounts[0]}] if coupons else [],
        "total_excluding_tax": bill.net,
        "total_pretax_credit_amounts": [],
        "total_taxes": total_taxes,
        "webhooks_delivered_at": created,
    }
