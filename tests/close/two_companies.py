"""Two companies. Acme wants two people above 1,200.00 USD; Umbra has no account for revenue and no proper limit."""

from __future__ import annotations

from tests.faults.prepared_books import TABLES

JANUARY, FEBRUARY = "2026-01", "2026-02"
# The first build is before the end of February, the second on its last day.
EARLY, LATE = "2026-02-20", "2026-02-28"
OVER, EQUAL = "ASC606:invoice:i4", "ASC606:invoice:i1"

ROLES = """
person,role,entity_id
Ada,approver,*
Eve,approver,*
Bo,poster,*
Cleo,closer,*
Una,controller,umbra
"""


def invoice(
    invoice_id: str, entity: str, amount: str, starts: str, ends: str, issued: str
) -> dict[str, dict[str, str]]:
    """An invoice with one line, for service over time."""
    return {
        "invoices": {
            **{"invoice_id": invoice_id, "customer_id": "c1" if entity == "acme" else "c2", "entity_id": entity},
            **{"currency": "USD" if entity == "acme" else "EUR", "issued_on": issued},
        },
        "invoice_lines": {
            **{"invoice_id": invoice_id, "invoice_line_id": f"{invoice_id}-l", "product_id": "plan"},
            **{"amount": amount, "starts_on": starts, "ends_on": ends},
        },
    }


def election(entity: str, value: str) -> dict[str, str]:
    return {"entity_id": entity, "book": "ASC606", "policy": "second_approval_above", "value": value}


def grown(tables: dict[str, list[dict[str, str]]], *more: dict[str, dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """The tables with a row more in those named."""
    names = dict.fromkeys([*tables, *(name for rows in more for name in rows)])
    return {name: [*tables.get(name, []), *(rows[name] for rows in more if name in rows)] for name in names}


FIRST = grown(
    {
        **TABLES,
        "account_mappings": [
            {**row, "entity_id": "acme" if row["role"] == "revenue" else ""} for row in TABLES["account_mappings"]
        ]
        + [
            {"role": "unbilled_receivable", "account_code": "1250", "account_name": "Unbilled"},
            {"role": "credit_notes", "account_code": "4100", "account_name": "Credit notes"},
        ],
        "policies": [election("acme", "1200.00"), election("umbra", "some")],
    },
    invoice("i4", "acme", "1200.01", "2026-01-01", "2026-03-31", "2026-01-02"),
    # Billed more than a month after the service: a flag that may stand.
    invoice("i5", "umbra", "60.00", "2026-01-05", "2026-01-10", "2026-02-15"),
)
# The bill of February was 10.00 higher; a credit note and a bill of January are found.
SECOND = grown(
    {
        **FIRST,
        "invoice_lines": [
            {**row, "amount": "69.99"} if row["invoice_id"] == "i3" else row for row in FIRST["invoice_lines"]
        ],
    },
    invoice("i6", "acme", "50.00", "2026-01-25", "2026-02-24", "2026-01-25"),
    {
        "credit_notes": {
            **{"credit_note_id": "n1", "invoice_id": "i4", "customer_id": "c1", "issued_on": "2026-01-30"},
            **{"reason": "price_change"},
        },
        "credit_note_lines": {
            **{"credit_note_id": "n1", "credit_note_line_id": "n1-l", "invoice_line_id": "i4-l", "amount": "120.00"},
        },
    },
)
