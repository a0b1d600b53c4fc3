"""What the input layer must look like before anything is computed from it.

A blocking rule is one whose breach gives a wrong number further on; an advisory one is worth a look. Rows that a
person got wrong never come this far (they are in rejected_inputs): what fails here is a mapping or a model.
Rules are data, so that importing this module does not import Great Expectations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CHANGES = ("inception", "upsell", "downgrade", "price_change", "extension", "renewal", "termination", "pause", "other")
LINE_KINDS = ("charge", "discount", "pass_through", "tax", "credit_grant", "minimum_fee")
METHODS = (
    *("straight_line", "point_in_time", "units", "percent_complete"),
    *("milestone", "usage", "as_invoiced", "on_invoice"),
)
MOVEMENTS = (
    *("payment", "refund", "dispute", "dispute_won", "fee", "balance_applied", "balance_granted"),
    *("balance_refunded", "deposit", "payout"),
)


@dataclass(frozen=True)
class Rule:
    """One expectation: what it says, the name of its Great Expectations class and the arguments."""

    says: str
    expectation: str
    arguments: dict[str, Any]
    blocking: bool = True

    @property
    def columns(self) -> set[str]:
        single = {self.arguments[name] for name in ("column", "column_A", "column_B") if name in self.arguments}
        return single | set(self.arguments.get("column_list", ()))


def present(*columns: str) -> list[Rule]:
    return [Rule(f"{column} is never empty", "ExpectColumnValuesToNotBeNull", {"column": column}) for column in columns]


def unique(*columns: str) -> list[Rule]:
    if len(columns) == 1:
        one = Rule(f"{columns[0]} is there once", "ExpectColumnValuesToBeUnique", {"column": columns[0]})
    else:
        together = f"{', '.join(columns)} together are there once"
        one = Rule(together, "ExpectCompoundColumnsToBeUnique", {"column_list": list(columns)})
    return [one, *present(*columns)]


def one_of(column: str, values: tuple[str, ...]) -> list[Rule]:
    words = f"{column} is one of {', '.join(values)}"
    known = Rule(words, "ExpectColumnValuesToBeInSet", {"column": column, "value_set": list(values)})
    return [known, *present(column)]


def at_least(column: str, least: float, *, blocking: bool = True) -> list[Rule]:
    bounds = {"column": column, "min_value": least}
    return [Rule(f"{column} is at least {least}", "ExpectColumnValuesToBeBetween", bounds, blocking)]


def currency(column: str) -> list[Rule]:
    code = {"column": column, "regex": "^[A-Z]{3}$"}
    return [Rule(f"{column} is a code of three capitals", "ExpectColumnValuesToMatchRegex", code), *present(column)]


def in_order(first: str, last: str) -> list[Rule]:
    """A service that ends before it starts would be recognised on no day."""
    pair = {"column_A": last, "column_B": first, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return [Rule(f"{last} is not before {first}", "ExpectColumnPairValuesAToBeGreaterThanB", pair)]


def not_empty() -> list[Rule]:
    return [Rule("there is a row", "ExpectTableRowCountToBeBetween", {"min_value": 1}, blocking=False)]


SUITES: dict[str, list[Rule]] = {
    "input_entities": unique("entity_id") + currency("functional_currency") + not_empty(),
    "input_customers": unique("customer_id") + present("entity_id"),
    "input_products": unique("product_id") + one_of("recognition_method", METHODS),
    "input_fx_rates": unique("rate_on", "from_currency", "to_currency", "kind") + at_least("rate", 1e-18),
    "input_contracts": unique("contract_id") + present("customer_id", "entity_id") + currency("currency"),
    "input_contract_versions": (
        unique("contract_id", "version") + at_least("version", 1) + one_of("change", CHANGES)
        + present("agreed_on", "effective_on")
    ),
    "input_contract_lines": (
        unique("contract_id", "version", "line_id") + present("product_id", "amount_minor", "quantity")
        + in_order("starts_on", "ends_on") + at_least("quantity", 0, blocking=False)
    ),
    "input_usage": unique("usage_id") + present("contract_id", "line_id", "used_on", "quantity"),
    "input_progress": unique("contract_id", "line_id", "measured_on") + at_least("to_date", 0),
    "input_invoices": unique("invoice_id") + present("customer_id", "entity_id", "issued_on") + currency("currency"),
    "input_invoice_lines": (
        unique("invoice_id", "invoice_line_id") + present("amount_minor") + one_of("kind", LINE_KINDS)
        + in_order("starts_on", "ends_on")
    ),
    "input_credit_notes": unique("credit_note_id") + present("customer_id", "issued_on", "reason", "settled_by"),
    "input_credit_note_lines": unique("credit_note_id", "credit_note_line_id") + at_least("amount_minor", 1),
    "input_payments": (
        unique("payment_id") + one_of("kind", MOVEMENTS) + at_least("amount_minor", 0)
        + present("amount_minor", "occurred_on") + currency("currency")
    ),
    "input_invoice_events": unique("event_id") + present("invoice_id", "kind", "occurred_on"),
    "input_contract_costs": unique("cost_id") + present("contract_id", "amount_minor", "incurred_on"),
    "input_price_components": unique("contract_id", "component_id") + present("kind"),
    "input_price_estimates": present("component_id", "estimated_on", "method", "amount_minor"),
    "input_payment_schedules": present("contract_id", "due_on", "amount_minor"),
    "input_standalone_selling_prices": (
        present("product_id", "valid_from", "price_minor") + currency("currency") + in_order("valid_from", "valid_to")
    ),
    "input_account_mappings": present("role", "account_code"),
    "input_policies": present("entity_id", "policy", "value"),
    "input_manual_journals": unique("journal_id", "line_no") + present("role", "posted_on") + currency("currency"),
    "input_opening_balances": present("contract_id", "line_id", "period", "recognized_to_date_minor"),
}  # fmt: skip
