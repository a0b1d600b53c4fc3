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
    """One expectation: the name of its Great Expectations class and the arguments."""

    expectation: str
    arguments: dict[str, Any]
    blocking: bool = True

    @property
    def columns(self) -> set[str]:
        single = {self.arguments[name] for name in ("column", "column_A", "column_B") if name in self.arguments}
        return single | set(self.arguments.get("column_list", ()))


def present(*columns: str) -> list[Rule]:
    return [Rule("ExpectColumnValuesToNotBeNull", {"column": column}) for column in columns]


def unique(*columns: str) -> list[Rule]:
    if len(columns) == 1:
        return [Rule("ExpectColumnValuesToBeUnique", {"column": columns[0]}), *present(*columns)]
    return [Rule("ExpectCompoundColumnsToBeUnique", {"column_list": list(columns)}), *present(*columns)]


def one_of(column: str, values: tuple[str, ...]) -> list[Rule]:
    return [Rule("ExpectColumnValuesToBeInSet", {"column": column, "value_set": list(values)}), *present(column)]


def between(column: str, least: float | None, most: float | None, *, blocking: bool = True) -> list[Rule]:
    bounds = {"column": column, "min_value": least, "max_value": most}
    return [Rule("ExpectColumnValuesToBeBetween", bounds, blocking)]


def currency(column: str) -> list[Rule]:
    return [Rule("ExpectColumnValuesToMatchRegex", {"column": column, "regex": "^[A-Z]{3}$"}), *present(column)]


def in_order(first: str, last: str) -> list[Rule]:
    """A service that ends before it starts would be recognised on no day."""
    pair = {"column_A": last, "column_B": first, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return [Rule("ExpectColumnPairValuesAToBeGreaterThanB", pair)]


def not_empty() -> list[Rule]:
    return [Rule("ExpectTableRowCountToBeBetween", {"min_value": 1}, blocking=False)]


SUITES: dict[str, list[Rule]] = {
    "input_entities": unique("entity_id") + currency("functional_currency") + not_empty(),
    "input_customers": unique("customer_id") + present("entity_id"),
    "input_products": unique("product_id") + one_of("recognition_method", METHODS),
    "input_fx_rates": unique("rate_on", "from_currency", "to_currency", "kind") + between("rate", 1e-9, None),
    "input_contracts": unique("contract_id") + present("customer_id", "entity_id") + currency("currency"),
    "input_contract_versions": (
        unique("contract_id", "version") + between("version", 1, None) + one_of("change", CHANGES)
        + present("agreed_on", "effective_on")
    ),
    "input_contract_lines": (
        unique("contract_id", "version", "line_id") + present("product_id", "amount_minor", "quantity")
        + in_order("starts_on", "ends_on") + between("quantity", 0, None, blocking=False)
    ),
    "input_usage": unique("usage_id") + present("contract_id", "line_id", "used_on", "quantity"),
    "input_progress": unique("contract_id", "line_id", "measured_on") + between("to_date", 0, None),
    "input_invoices": unique("invoice_id") + present("customer_id", "entity_id", "issued_on") + currency("currency"),
    "input_invoice_lines": (
        unique("invoice_id", "invoice_line_id") + present("amount_minor") + one_of("kind", LINE_KINDS)
        + in_order("starts_on", "ends_on")
    ),
    "input_credit_notes": unique("credit_note_id") + present("customer_id", "issued_on", "reason", "settled_by"),
    "input_credit_note_lines": unique("credit_note_id", "credit_note_line_id") + between("amount_minor", 1, None),
    "input_payments": (
        unique("payment_id") + one_of("kind", MOVEMENTS) + between("amount_minor", 0, None)
        + present("amount_minor", "occurred_on") + currency("currency")
    ),
    "input_contract_costs": unique("cost_id") + present("contract_id", "amount_minor", "incurred_on"),
}  # fmt: skip
