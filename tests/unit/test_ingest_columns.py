"""How an object of a vendor becomes a row: exactly, or not at all and with a reason."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from orchestration.defs.ingest.columns import (
    Column,
    Drift,
    Table,
    content_hash,
    day,
    document,
    flag,
    moment,
    number,
    seconds,
    text,
    whole,
)
from orchestration.defs.ingest.stripe.tables import INVOICE_LINES, service_days
from tests.contracts.vendor_contract import Contract


def read(value: Any, column: Column) -> tuple[Any, str | None, list[Drift]]:
    """What a column makes of a value, why not, and the drift it is."""
    drift: list[Drift] = []
    row = Table("things", (text("id"), column)).row({"id": "one", column.name: value}, drift.append)
    assert row is not None
    return row[column.name], row["_rejected_reason"], drift


@pytest.mark.parametrize(
    ("column", "given", "expected"),
    [
        (text("a"), "plain", "plain"),
        (text("a"), "", None),
        (whole("a"), 1250, 1250),
        (whole("a"), -(2**62), -(2**62)),
        (number("a"), Decimal("1200.50"), Decimal("1200.500000000")),
        (number("a"), 3, Decimal(3)),
        (flag("a"), False, False),
        (seconds("a"), 1_704_067_200, dt.datetime(2024, 1, 1)),
        (moment("a"), "2024-01-01T02:00:00.000+0200", dt.datetime(2024, 1, 1)),
        (moment("a"), "2024-01-01T00:00:00.000Z", dt.datetime(2024, 1, 1)),
        (day("a"), "2024-02-29", dt.date(2024, 2, 29)),
        (document("a"), {"b": 1, "a": [Decimal("1.50")]}, '{"a":["1.50"],"b":1}'),
        (text("a"), None, None),
    ],
)
def test_a_value_of_the_declared_type_is_read(column: Column, given: Any, expected: Any) -> None:
    assert read(given, column) == (expected, None, [])


@pytest.mark.parametrize(
    ("column", "given", "expected", "observed"),
    [
        (whole("a"), "1250", 1250, "text"),
        (whole("a"), Decimal("1250.0"), 1250, "decimal"),
        (number("a"), "1200.50", Decimal("1200.50"), "text"),
        (text("a"), 17, "17", "integer"),
        (seconds("a"), "1704067200", dt.datetime(2024, 1, 1), "text"),
    ],
)
def test_a_value_of_another_type_is_read_where_nothing_is_lost_and_reported(
    column: Column, given: Any, expected: Any, observed: str
) -> None:
    value, reason, drift = read(given, column)
    assert (value, reason) == (expected, None)
    assert drift == [Drift("things", "a", "changed_type", observed, "one")]


@pytest.mark.parametrize(
    ("column", "given"),
    [
        (whole("a"), Decimal("12.5")),
        (whole("a"), True),
        (whole("a"), 2**63),
        (number("a"), Decimal("0.30000000000000004")),
        (number("a"), "1e400"),
        (number("a"), "NaN"),
        (flag("a"), "yes"),
        (seconds("a"), 10**17),
        (moment("a"), "yesterday"),
        (day("a"), "29.02.2024"),
        (day("a"), 20240229),
        (text("a"), {"now": "an object"}),
    ],
)
def test_a_value_that_does_not_fit_is_never_rounded_guessed_or_dropped_silently(column: Column, given: Any) -> None:
    value, reason, _ = read(given, column)
    assert value is None
    assert reason is not None and reason.startswith("a is not")


def test_the_row_says_what_could_not_be_read() -> None:
    table = Table("things", (text("id"), whole("amount"), day("due")))
    row = table.row({"id": "one", "amount": "12.505", "due": "soon"}, lambda drift: None)
    assert row is not None
    assert (row["_rejected_column"], row["_rejected_value"]) == ("amount", "12.505")
    assert row["_rejected_reason"] == "amount is not a whole number"


def test_a_nested_value_that_lost_its_shape_is_drift_and_a_reason() -> None:
    drift: list[Drift] = []
    table = Table("things", (text("id"), text("price", "pricing.price_details.price")))
    row = table.row({"id": "one", "pricing": "price_1"}, drift.append)
    assert row is not None
    assert row["_rejected_value"] == "price_1"
    assert row["_rejected_reason"] == "pricing.price_details.price has another shape than declared"
    assert [one.kind for one in drift] == ["changed_type"]


def test_a_missing_required_value_rejects_the_row_unless_it_was_deleted() -> None:
    table = Table("things", (text("id"), whole("amount", required=True)))
    drift: list[Drift] = []
    living = table.row({"id": "one"}, drift.append)
    deleted = table.row({"id": "one", "deleted": True}, drift.append)
    assert living is not None and living["_rejected_reason"] == "amount is missing"
    assert deleted is not None and deleted["is_deleted"] and deleted["_rejected_reason"] is None
    assert [one.kind for one in drift] == ["missing_field"]


def test_an_object_without_an_id_is_reported_and_left_out() -> None:
    drift: list[Drift] = []
    assert Table("things", (text("id"),)).row({"name": "nobody"}, drift.append) is None
    assert [(one.field, one.kind) for one in drift] == [("id", "missing_field")]


def test_a_field_nobody_declared_is_drift_and_a_known_one_is_not() -> None:
    drift: list[Drift] = []
    table = Table("things", (text("id"),), fields=frozenset({"id", "known"}))
    table.row({"id": "one", "known": 1, "new": [1]}, drift.append)
    assert drift == [Drift("things", "new", "unknown_field", "list", "one")]


def test_content_that_means_the_same_has_the_same_hash() -> None:
    table = Table("things", (text("id"), number("price"), text("note")))
    older = Table("things", (text("id"), number("price")))
    written = [json.loads(f'{{"id": "one", "price": {price}}}', parse_float=Decimal) for price in ("1.5", "1.50")]
    hashes = {content_hash(one.row(given, print) or {}) for given in written for one in (table, older)}
    assert len(hashes) == 1
    assert content_hash(table.row({"id": "one", "price": Decimal("1.51")}, print) or {}) not in hashes


@pytest.mark.parametrize(
    ("starts", "ends", "days"),
    [
        ("2024-01-01T00:00", "2025-01-01T00:00", ("2024-01-01", "2024-12-31")),
        ("2024-01-31T14:33", "2024-02-29T14:33", ("2024-01-31", "2024-02-28")),
        ("2024-03-10T08:00", "2024-03-31T00:00", ("2024-03-10", "2024-03-30")),
        ("2024-03-10T08:00", "2024-03-10T20:00", ("2024-03-10", "2024-03-10")),
        ("2024-03-10T08:00", "2024-03-10T08:00", None),
    ],
)
def test_service_days_follow_on_from_each_other(starts: str, ends: str, days: tuple[str, str] | None) -> None:
    """A period ends where the next begins: no day is in two of them."""
    period = {
        name: int(dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC).timestamp())
        for name, value in (("start", starts), ("end", ends))
    }
    found = service_days({"period": period})
    assert (found and tuple(one.isoformat() for one in found)) == days


def test_taxes_and_discounts_of_a_line_are_added_up_by_what_they_do_to_the_amount() -> None:
    line = {
        "id": "il_1",
        "amount": 11900,
        "period": {"start": 0, "end": 0},
        "discount_amounts": [{"amount": 100, "discount": "di_1"}, {"amount": 50, "discount": "di_2"}],
        "taxes": [
            {"amount": 1881, "tax_behavior": "inclusive"},
            {"amount": 7, "tax_behavior": "exclusive"},
            {"amount": 3, "tax_behavior": "exclusive"},
        ],
        "quantity": 2,
        "quantity_decimal": "2.5",
    }
    row = INVOICE_LINES.row(line, lambda drift: None)
    assert row is not None and row["_rejected_reason"] is None
    assert (row["discount_amount"], row["inclusive_tax_amount"], row["exclusive_tax_amount"]) == (150, 1881, 10)
    assert row["quantity"] == Decimal("2.5")


@pytest.mark.parametrize("system", ["stripe", "gocardless"])
def test_the_fields_taken_for_known_are_those_of_the_vendors_contract(system: str) -> None:
    """Or every load of an honest vendor would report drift, or none would."""
    from importlib import import_module

    schemas = {
        "invoice_line": "InvoiceLineItem",
        "credit_note_line": "CreditNoteLineItem",
    }
    document = Contract(system).document["components"]["schemas"]
    known = import_module(f"orchestration.defs.ingest.{system}.fields").FIELDS
    for name, fields in known.items():
        schema = schemas.get(name) or "".join(part.capitalize() for part in name.split("_"))
        assert fields == frozenset(document[schema]["properties"]), name
