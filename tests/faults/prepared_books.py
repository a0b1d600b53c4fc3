"""Small books with two legal entities: what the faults are done to. Three bills for services over time, one paid."""

from __future__ import annotations

import csv
from pathlib import Path

AS_OF, THROUGH = "2026-02-28", "2026-02"
MONTHS = ("2026-01", "2026-02")
ENTITIES = ("acme", "umbra")

TABLES: dict[str, list[dict[str, str]]] = {
    "entities": [
        {"entity_id": "acme", "entity_name": "Acme Inc.", "functional_currency": "USD"},
        {"entity_id": "umbra", "entity_name": "Umbra GmbH", "functional_currency": "EUR"},
    ],
    "customers": [
        {"customer_id": "c1", "customer_name": "One", "entity_id": "acme", "region": "north"},
        {"customer_id": "c2", "customer_name": "Two", "entity_id": "umbra", "region": "south"},
    ],
    "products": [{"product_id": "plan", "product_name": "Plan", "recognition_method": "straight_line"}],
    "account_mappings": [
        {"role": role, "account_code": code, "account_name": role.replace("_", " ").capitalize()}
        for role, code in (
            ("accounts_receivable", "1200"),
            ("cash", "1000"),
            ("deferred_revenue", "2400"),
            ("contract_asset", "1300"),
            ("revenue", "4000"),
        )
    ],
    "invoices": [
        {"invoice_id": "i1", "customer_id": "c1", "entity_id": "acme", "currency": "USD", "issued_on": "2026-01-01"},
        {"invoice_id": "i2", "customer_id": "c2", "entity_id": "umbra", "currency": "EUR", "issued_on": "2026-01-15"},
        {"invoice_id": "i3", "customer_id": "c1", "entity_id": "acme", "currency": "USD", "issued_on": "2026-02-01"},
    ],
    "invoice_lines": [
        {
            "invoice_id": invoice,
            "invoice_line_id": f"{invoice}-l",
            "product_id": "plan",
            "amount": amount,
            "starts_on": starts,
            "ends_on": ends,
        }
        for invoice, amount, starts, ends in (
            ("i1", "1200.00", "2026-01-01", "2026-12-31"),
            ("i2", "100.01", "2026-01-15", "2026-04-14"),
            ("i3", "59.99", "2026-02-01", "2026-02-28"),
        )
    ],
    "payments": [
        {
            "payment_id": "p1",
            "kind": "payment",
            "customer_id": "c1",
            "entity_id": "acme",
            "invoice_id": "i1",
            "occurred_on": "2026-02-10",
            "currency": "USD",
            "amount": "1200.00",
        }
    ],
}


def write_inputs(folder: Path, tables: dict[str, list[dict[str, str]]] = TABLES) -> Path:
    """The file drop, in a new folder."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as target:
            writer = csv.DictWriter(target, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder
