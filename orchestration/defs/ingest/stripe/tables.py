"""The raw tables of Stripe: flat, amounts in minor units as Stripe sends them, moments in UTC.

Kept is what the books need; addresses, cards and e-mail addresses are left with Stripe. `metadata` stays whole, as JSON
text, because it is where a company keeps its own keys; the keys we use have a column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from orchestration.defs.ingest.columns import (
    PARENT,
    Kind,
    Object,
    Table,
    computed,
    document,
    flag,
    number_or_text,
    seconds,
    text,
    whole,
)
from orchestration.defs.ingest.stripe.fields import FIELDS

_EPOCH = dt.datetime(1970, 1, 1)


def discount(line: Object) -> int:
    return sum(part["amount"] for part in line.get("discount_amounts") or ())


def _tax(line: Object, behaviour: str) -> int:
    return sum(part["amount"] for part in line.get("taxes") or () if part["tax_behavior"] == behaviour)


def exclusive_tax(line: Object) -> int:
    return _tax(line, "exclusive")


def inclusive_tax(line: Object) -> int:
    return _tax(line, "inclusive")


def service_days(line: Object) -> tuple[dt.date, dt.date] | None:
    """The days a line is for, both included; None for a line that is not for a span of time.

    Stripe's end is the first moment that is not covered. Periods that begin during a day end at the same time of a
    later day, which belongs to the next period.
    """
    period = line.get("period")
    if not period or period["end"] <= period["start"]:
        return None
    start, end = (_EPOCH + dt.timedelta(seconds=period[name]) for name in ("start", "end"))
    last = end - dt.timedelta(days=1) if end.time() == start.time() else end - dt.timedelta(seconds=1)
    return start.date(), max(start, last).date()


def service_starts_on(line: Object) -> dt.date | None:
    days = service_days(line)
    return days and days[0]


def service_ends_on(line: Object) -> dt.date | None:
    days = service_days(line)
    return days and days[1]


def proration(line: Object) -> bool:
    parent = line.get("parent") or {}
    details = parent.get("subscription_item_details") or parent.get("invoice_item_details") or {}
    return bool(details.get("proration"))


def won_at(dispute: Object) -> dt.datetime | None:
    """When the money of a dispute came back."""
    returned = [moved["created"] for moved in dispute.get("balance_transactions") or () if moved["amount"] > 0]
    return _EPOCH + dt.timedelta(seconds=max(returned)) if dispute["status"] == "won" and returned else None


def quantity(line: Object) -> Decimal | None:
    value = line.get("quantity_decimal") or line.get("quantity")
    return None if value is None else Decimal(value).quantize(Decimal("1e-9"))


def lines_of(note: Object) -> int:
    return len((note.get("lines") or {}).get("data") or ())


def _table(name: str, kind: str, *columns: object, child: bool = False) -> Table:
    created = seconds("created", f"{PARENT}.created" if child else "")
    return Table(name, (text("id", required=True), *columns, created), FIELDS[kind] if kind else frozenset())  # type: ignore[arg-type]


CUSTOMERS = _table(
    "customers",
    "customer",
    text("name"),
    text("currency"),
    whole("balance"),
    text("salesforce_account", "metadata.salesforce_account"),
    text("entity_id", "metadata.entity_id"),
    text("region", "metadata.region"),
    text("segment", "metadata.segment"),
    document("metadata"),
)
PRODUCTS = _table(
    "products",
    "product",
    text("name"),
    flag("active"),
    text("product_id", "metadata.product_id"),
    text("revenue_stream", "metadata.revenue_stream"),
    text("recognition_method", "metadata.recognition_method"),
    document("metadata"),
)
PRICES = _table(
    "prices",
    "price",
    text("product"),
    text("currency"),
    text("type"),
    text("usage_type", "recurring.usage_type"),
    text("interval", "recurring.interval"),
    whole("interval_count", "recurring.interval_count"),
    text("unit_amount_decimal"),  # twelve decimal places
    flag("active"),
)
SUBSCRIPTIONS = _table(
    "subscriptions",
    "subscription",
    text("customer"),
    text("currency"),
    text("status"),
    text("contract", "metadata.contract"),
    seconds("start_date"),
    flag("cancel_at_period_end"),
    seconds("canceled_at"),
    seconds("ended_at"),
    document("metadata"),
)
INVOICES = _table(
    "invoices",
    "invoice",
    text("number"),
    text("customer"),
    text("currency", required=True),
    text("status", required=True),
    text("billing_reason"),
    text("collection_method"),
    text("subscription", "parent.subscription_details.subscription"),
    text("contract", "metadata.contract"),
    text("subscription_contract", "parent.subscription_details.metadata.contract"),
    text("from_invoice", "from_invoice.invoice"),
    whole("subtotal"),
    whole("total", required=True),
    whole("total_excluding_tax"),
    whole("amount_due"),
    whole("amount_paid"),
    whole("amount_paid_off_stripe"),
    whole("amount_remaining"),
    whole("starting_balance"),
    whole("ending_balance"),
    whole("pre_payment_credit_notes_amount"),
    whole("post_payment_credit_notes_amount"),
    seconds("effective_at"),
    seconds("due_date"),
    seconds("finalized_at", "status_transitions.finalized_at"),
    seconds("paid_at", "status_transitions.paid_at"),
    seconds("voided_at", "status_transitions.voided_at"),
    seconds("marked_uncollectible_at", "status_transitions.marked_uncollectible_at"),
    document("metadata"),
)
INVOICE_LINES = _table(
    "invoice_lines",
    "invoice_line",
    text("invoice", f"{PARENT}.id"),
    text("description"),
    text("currency"),
    whole("amount", required=True),
    computed("discount_amount", Kind.WHOLE, discount),
    computed("exclusive_tax_amount", Kind.WHOLE, exclusive_tax),
    computed("inclusive_tax_amount", Kind.WHOLE, inclusive_tax),
    seconds("period_start", "period.start"),
    seconds("period_end", "period.end"),
    computed("service_starts_on", Kind.DAY, service_starts_on),
    computed("service_ends_on", Kind.DAY, service_ends_on),
    computed("quantity", Kind.NUMBER, quantity),
    text("price", "pricing.price_details.price"),
    text("product", "pricing.price_details.product"),
    text("subscription"),
    computed("is_proration", Kind.FLAG, proration),
    text("kind", "metadata.kind"),
    text("line", "metadata.line"),
    text("contract", "metadata.contract"),
    document("metadata"),
    child=True,
)
INVOICE_PAYMENTS = _table(
    "invoice_payments",
    "invoice_payment",
    text("invoice"),
    text("status"),
    text("currency"),
    whole("amount_requested"),
    whole("amount_paid"),
    text("payment_type", "payment.type"),
    text("charge", "payment.charge"),
    text("payment_intent", "payment.payment_intent"),
    text("payment_record", "payment.payment_record"),
    seconds("paid_at", "status_transitions.paid_at"),
)
CREDIT_NOTES = _table(
    "credit_notes",
    "credit_note",
    text("number"),
    text("invoice"),
    text("customer"),
    text("currency"),
    text("status"),
    text("type"),
    text("reason"),
    text("metadata_reason", "metadata.reason"),
    whole("amount"),
    whole("total", required=True),
    whole("total_excluding_tax"),
    whole("pre_payment_amount"),
    whole("post_payment_amount"),
    whole("out_of_band_amount"),
    computed("line_count", Kind.WHOLE, lines_of),
    text("customer_balance_transaction"),
    seconds("effective_at"),
    seconds("voided_at"),
    document("metadata"),
)
CREDIT_NOTE_LINES = _table(
    "credit_note_lines",
    "credit_note_line",
    text("credit_note", f"{PARENT}.id"),
    text("type"),
    text("description"),
    whole("amount", required=True),
    whole("discount_amount"),
    computed("exclusive_tax_amount", Kind.WHOLE, exclusive_tax),
    computed("inclusive_tax_amount", Kind.WHOLE, inclusive_tax),
    text("invoice_line_item"),
    child=True,
)
CREDIT_NOTE_REFUNDS = _table(
    "credit_note_refunds",
    "",
    text("credit_note", f"{PARENT}.id"),
    text("refund"),
    whole("amount_refunded"),
    child=True,
)
INVOICE_ITEMS = Table(
    "invoice_items",
    (
        text("id", required=True),
        text("invoice"),
        text("customer"),
        text("description"),
        text("currency"),
        whole("amount", required=True),
        flag("proration"),
        text("product", "pricing.price_details.product"),
        seconds("period_start", "period.start"),
        seconds("period_end", "period.end"),
        document("metadata"),
        seconds("date"),
    ),
    FIELDS["invoice_item"],
    created="date",
)
CHARGES = _table(
    "charges",
    "charge",
    text("customer"),
    text("currency"),
    text("status"),
    text("payment_intent"),
    text("balance_transaction"),
    whole("amount", required=True),
    whole("amount_captured"),
    whole("amount_refunded"),
    flag("captured"),
    flag("disputed"),
    document("metadata"),
)
REFUNDS = _table(
    "refunds",
    "refund",
    text("charge"),
    text("payment_intent"),
    text("currency"),
    text("status"),
    text("reason"),
    text("balance_transaction"),
    whole("amount", required=True),
    document("metadata"),
)
DISPUTES = _table(
    "disputes",
    "dispute",
    text("charge"),
    text("payment_intent"),
    text("currency"),
    text("status"),
    text("reason"),
    whole("amount", required=True),
    computed("won_at", Kind.MOMENT, won_at),
)
BALANCE_TRANSACTIONS = _table(
    "balance_transactions",
    "balance_transaction",
    text("source"),
    text("type"),
    text("reporting_category"),
    text("currency"),
    whole("amount", required=True),
    whole("fee", required=True),
    whole("net"),
    number_or_text("exchange_rate"),
    seconds("available_on"),
)

TABLES = (
    CUSTOMERS,
    PRODUCTS,
    PRICES,
    SUBSCRIPTIONS,
    INVOICES,
    INVOICE_LINES,
    INVOICE_PAYMENTS,
    CREDIT_NOTES,
    CREDIT_NOTE_LINES,
    CREDIT_NOTE_REFUNDS,
    INVOICE_ITEMS,
    CHARGES,
    REFUNDS,
    DISPUTES,
    BALANCE_TRANSACTIONS,
)


def invoice_lines(invoice: Object) -> Iterator[Object]:
    """The lines of an invoice. A draft has none for us: they change freely until it is final."""
    if invoice.get("status") != "draft" and not invoice.get("deleted"):
        for line in invoice["lines"]["data"]:
            yield {**line, PARENT: invoice}


def credit_note_lines(note: Object) -> Iterator[Object]:
    if not note.get("deleted"):
        for line in note["lines"]["data"]:
            yield {**line, PARENT: note}


def credit_note_refunds(note: Object) -> Iterator[Object]:
    """Refunds of charges; one outside Stripe has no refund of its own."""
    for refund in note.get("refunds") or ():
        if refund.get("refund"):
            yield {**refund, "id": f"{note['id']}:{refund['refund']}", PARENT: note}
