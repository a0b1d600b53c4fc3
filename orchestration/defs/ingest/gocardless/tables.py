"""The raw tables of GoCardless: flat, amounts in minor units as GoCardless sends them, moments in UTC.

Kept is what the books need; names, addresses and bank details are left with GoCardless.
"""

from __future__ import annotations

from orchestration.defs.ingest.columns import Column, Table, day, document, moment, number_text, text, whole
from orchestration.defs.ingest.gocardless.fields import FIELDS


def _table(name: str, *columns: Column) -> Table:
    every = (text("id", required=True), *columns, moment("created_at"))
    return Table(name, every, FIELDS[name.removesuffix("s")], created="created_at")


TABLES = (
    _table(
        "customers",
        text("company_name"),
        text("country_code"),
        text("stripe_customer", "metadata.stripe_customer"),
        text("salesforce_account", "metadata.salesforce_account"),
        text("entity_id", "metadata.entity_id"),
        document("metadata"),
    ),
    _table(
        "mandates",
        text("status"),
        text("scheme"),
        text("reference"),
        text("customer", "links.customer"),
        text("creditor", "links.creditor"),
        document("metadata"),
    ),
    _table(
        "payments",
        text("status", required=True),
        text("currency", required=True),
        whole("amount", required=True),
        whole("amount_refunded"),
        day("charge_date"),
        text("reference"),
        text("invoice", "metadata.invoice"),
        text("mandate", "links.mandate"),
        text("payout", "links.payout"),
        text("fx_currency", "fx.fx_currency"),
        whole("fx_amount", "fx.fx_amount"),
        number_text("fx_exchange_rate", "fx.exchange_rate"),
        document("metadata"),
    ),
    _table(
        "refunds",
        text("status", required=True),
        text("currency", required=True),
        whole("amount", required=True),
        text("reference"),
        text("payment", "links.payment"),
        text("mandate", "links.mandate"),
        document("metadata"),
    ),
    _table(
        "payouts",
        text("status"),
        text("currency", required=True),
        whole("amount", required=True),
        whole("deducted_fees"),
        day("arrival_date"),
        text("payout_type"),
        text("reference"),
        document("metadata"),
    ),
    _table(
        "events",
        text("resource_type"),
        text("action"),
        text("cause", "details.cause"),
        text("payment", "links.payment"),
        text("refund", "links.refund"),
        text("mandate", "links.mandate"),
        text("payout", "links.payout"),
    ),
)
