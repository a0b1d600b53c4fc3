"""The file drop's tables: every column, its kind, whether it is required, the words it may hold and its default.

This is the edge of the product as a program reads it; docs/input-layer.md says what each column means.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a cell must hold. Money and numbers are decimals, never floats."""

    TEXT = "text"
    DATE = "date, as 2026-01-31"
    OPEN_DATE = "date, as 2026-01-31, or 9999-12-31 for no end"
    TIMESTAMP = "UTC timestamp, as 2026-01-31T09:30:00Z"
    MONEY = "amount in major units, as 1234.50"
    NUMBER = "number, as 12.5"
    RATE = "rate, as 0.05"
    FX_RATE = "exchange rate, as 1.0825"
    WHOLE = "whole number, as 12"
    BOOLEAN = "true or false"
    MONTH_DAY = "month and day, as 04-01"
    TIMEZONE = "IANA time zone, as Europe/Berlin"
    PERIOD = "fiscal period, as 2026-03 or 2026-P03"


@dataclass(frozen=True)
class Column:
    """One column of a file. `words` are the values it may hold (empty: any); `default` stands for a blank cell."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    words: tuple[str, ...] = ()
    default: str | None = None
    stored_as: str = ""

    @property
    def stored_name(self) -> str:
        """The name in the warehouse, where `distinct` is a reserved word."""
        return self.stored_as or self.name


def r(name: str, kind: Kind = Kind.TEXT, *, words: str = "") -> Column:
    """A required column."""
    return Column(name, kind, required=True, words=tuple(words.split()))


def o(name: str, kind: Kind = Kind.TEXT, *, words: str = "", default: str | None = None, stored_as: str = "") -> Column:
    """An optional column."""
    return Column(name, kind, words=tuple(words.split()), default=default, stored_as=stored_as)


DATE, MONEY, NUMBER, WHOLE, BOOLEAN = Kind.DATE, Kind.MONEY, Kind.NUMBER, Kind.WHOLE, Kind.BOOLEAN
METHODS = "straight_line point_in_time units percent_complete milestone usage as_invoiced on_invoice"
BOOKS = "ASC606 IFRS15"
RECORDED_AT = o("recorded_at", Kind.TIMESTAMP)

TABLES: dict[str, tuple[Column, ...]] = {
    # Reference
    "entities": (
        r("entity_id"),
        r("entity_name"),
        r("functional_currency"),
        o("reporting_currency"),
        o("calendar", words="monthly 445 454 544", default="monthly"),
        o("fiscal_year_start", Kind.MONTH_DAY, default="01-01"),
        o("timezone", Kind.TIMEZONE, default="UTC"),
    ),
    "policies": (
        r("entity_id"),
        o("book", words=f"* {BOOKS}", default="*"),
        r("policy"),
        r("value"),
        o("effective_on", DATE),
    ),
    "customers": (
        r("customer_id"),
        r("customer_name"),
        r("entity_id"),
        o("region"),
        o("segment"),
        o("parent_customer_id"),
    ),
    "products": (
        r("product_id"),
        r("product_name"),
        o("revenue_stream"),
        r("recognition_method", words=METHODS),
        o("obligation"),
        o("distinct", BOOLEAN, default="true", stored_as="is_distinct"),
        o("licence", words="right_to_use right_to_access"),
        o("role", words="principal agent", default="principal"),
        o("taxable", BOOLEAN),
    ),
    "standalone_selling_prices": (
        r("product_id"),
        r("currency"),
        r("valid_from", DATE),
        o("valid_to", Kind.OPEN_DATE),
        o("region"),
        o("segment"),
        o("term_months", WHOLE),
        o("unit", words="each month year", default="each"),
        o("low", MONEY),
        r("price", MONEY),
        o("high", MONEY),
        o("method", words="observable adjusted_market cost_plus residual", default="observable"),
        o("residual_weight", NUMBER),
        o("approved_by"),
        RECORDED_AT,
    ),
    "fx_rates": (
        r("rate_on", DATE),
        r("from_currency"),
        r("to_currency"),
        r("rate", Kind.FX_RATE),
        o("kind", words="spot average", default="spot"),
    ),
    "account_mappings": (
        r("role"),
        r("account_code"),
        r("account_name"),
        o("entity_id"),
        o("product_id"),
        o("revenue_stream"),
        o("region"),
        o("currency"),
        o("book", words=BOOKS),
        o("effective_on", DATE),
    ),
    # Contracts
    "contracts": (
        r("contract_id"),
        r("customer_id"),
        r("entity_id"),
        r("currency"),
        o("signed_on", DATE),
        o("combine_with"),
        o("netting_group"),
        o("source_system"),
        o("source_id"),
        o("document_url"),
        RECORDED_AT,
    ),
    "contract_versions": (
        r("contract_id"),
        r("version", WHOLE),
        r("agreed_on", DATE),
        r("effective_on", DATE),
        r("change", words="inception upsell downgrade price_change extension renewal termination pause other"),
        o("treatment", words="separate_contract prospective catch_up"),
        o("resumes_on", DATE),
        o("voided_on", DATE),
        o("reason"),
        RECORDED_AT,
    ),
    "contract_lines": (
        r("contract_id"),
        r("version", WHOLE),
        r("line_id"),
        r("product_id"),
        o("quantity", NUMBER, default="1"),
        o("unit"),
        o("unit_price", NUMBER),
        r("amount", MONEY),
        o("starts_on", DATE),
        o("ends_on", DATE),
        o("ssp", MONEY),
        o("recognition_method", words=METHODS),
        o("discount_scope"),
        o("billing_frequency", words="once monthly quarterly annual"),
        o("billing_timing", words="advance arrears"),
        o("termination_notice_days", WHOLE),
        o("refundable_on_termination", BOOLEAN),
        o("cancellable_until", DATE),
        o("expires_on", DATE),
        o("exercises_line_id"),
        o("unit_cost", NUMBER),
        RECORDED_AT,
    ),
    "payment_schedules": (
        r("contract_id"),
        r("due_on", DATE),
        r("amount", MONEY),
        o("line_id"),
        RECORDED_AT,
    ),
    "price_components": (
        r("contract_id"),
        r("component_id"),
        r(
            "kind",
            words="variable rebate refund_right penalty noncash payable_to_customer financing past_concession royalty "
            "material_right",
        ),
        o("origin_version", WHOLE, default="1"),
        o("lines"),
        o("period_starts_on", DATE),
        o("period_ends_on", DATE),
        o("rate", Kind.RATE),
        o("compounding", words="annual monthly", default="annual"),
        o("exclusive", BOOLEAN, default="false"),
        RECORDED_AT,
    ),
    "price_estimates": (
        r("component_id"),
        r("estimated_on", DATE),
        r("method", words="stated expected_value most_likely"),
        o("scenario"),
        r("amount", MONEY),
        o("probability", NUMBER),
        o("constrained_to", MONEY),
        o("book", words=BOOKS),
        RECORDED_AT,
    ),
    "progress": (
        r("contract_id"),
        r("line_id"),
        r("measured_on", DATE),
        r("to_date", NUMBER),
        o("expected", NUMBER),
        o("at_cost", MONEY),
        RECORDED_AT,
    ),
    "usage": (
        r("usage_id"),
        r("contract_id"),
        r("line_id"),
        r("used_on", DATE),
        r("quantity", NUMBER),
        o("unit_price", NUMBER),
        o("amount", MONEY),
        RECORDED_AT,
    ),
    "contract_costs": (
        r("cost_id"),
        r("contract_id"),
        r("kind", words="obtain fulfil"),
        r("incurred_on", DATE),
        r("amount", MONEY),
        o("amortise_from", DATE),
        o("amortise_to", DATE),
        o("payee"),
        RECORDED_AT,
    ),
    "contract_cost_events": (
        r("cost_id"),
        r("occurred_on", DATE),
        r("kind", words="recoverable_amount clawback write_off extend"),
        o("amount", MONEY),
        o("amortise_to", DATE),
        RECORDED_AT,
    ),
    # Billing and cash
    "invoices": (
        r("invoice_id"),
        r("customer_id"),
        r("entity_id"),
        r("currency"),
        r("issued_on", DATE),
        o("due_on", DATE),
        o("contract_id"),
        o("number"),
        o("source_system"),
        RECORDED_AT,
    ),
    "invoice_lines": (
        r("invoice_id"),
        r("invoice_line_id"),
        o("contract_id"),
        o("line_id"),
        o("product_id"),
        r("amount", MONEY),
        o("tax_amount", MONEY),
        o("starts_on", DATE),
        o("ends_on", DATE),
        o("quantity", NUMBER),
        o("list_amount", MONEY),
        o("kind", words="charge discount pass_through tax credit_grant minimum_fee", default="charge"),
    ),
    "credit_notes": (
        r("credit_note_id"),
        o("invoice_id"),
        r("customer_id"),
        r("issued_on", DATE),
        o(
            "reason",
            words="scope_reduction price_change billing_error past_service rebate unspecified",
            default="unspecified",
        ),
        o("settled_by", words="receivable refund customer_balance outside", default="receivable"),
        o("voided_on", DATE),
        RECORDED_AT,
    ),
    "credit_note_lines": (
        r("credit_note_id"),
        r("credit_note_line_id"),
        o("invoice_line_id"),
        r("amount", MONEY),
        o("tax_amount", MONEY),
    ),
    "invoice_events": (
        r("event_id"),
        r("invoice_id"),
        r("kind", words="void write_off exclude"),
        r("occurred_on", DATE),
        o("amount", MONEY),
        RECORDED_AT,
    ),
    "payments": (
        r("payment_id"),
        r(
            "kind",
            words="payment refund dispute dispute_won fee balance_applied balance_granted balance_refunded deposit "
            "payout",
        ),
        r("customer_id"),
        r("entity_id"),
        o("invoice_id"),
        o("invoice_line_id"),
        o("contract_id"),
        o("line_id"),
        r("occurred_on", DATE),
        r("currency"),
        r("amount", MONEY),
        o("credit_note_id"),
        o("method"),
        o("source_system"),
        RECORDED_AT,
    ),
    # By hand
    "manual_journals": (
        r("journal_id"),
        r("line_no", WHOLE),
        r("entity_id"),
        o("book", words=f"* {BOOKS}"),
        r("posted_on", DATE),
        r("role"),
        o("debit", MONEY),
        o("credit", MONEY),
        r("currency"),
        o("contract_id"),
        o("line_id"),
        r("memo"),
        r("prepared_by"),
        RECORDED_AT,
    ),
    "judgments": (
        r("judgment_id"),
        r("topic"),
        o("contract_id"),
        o("component_id"),
        o("paragraph"),
        r("conclusion"),
        o("evidence_url"),
        r("prepared_by"),
        o("reviewed_by"),
        r("decided_on", DATE),
        RECORDED_AT,
    ),
    "opening_balances": (
        r("entity_id"),
        o("book", words=f"* {BOOKS}"),
        r("period", Kind.PERIOD),
        r("contract_id"),
        r("line_id"),
        r("recognized_to_date", MONEY),
        r("billed_to_date", MONEY),
        o("progress_to_date", NUMBER),
        o("role"),
        o("balance", MONEY),
        r("source"),
        r("accepted_by"),
        RECORDED_AT,
    ),
}
