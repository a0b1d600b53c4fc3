"""Refunds without a credit note, notes without a line, and what of an invoice of its own is earned or lost when."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

YEAR = "2026-01-01,2026-12-31"
BILLED = ["twice", "granted", "named", "late", "early", "beyond", "taxed", "disputed", "prior"]
CONTRACTS = {name: "2026-02-01" if name == "prior" else "2026-01-01" for name in [*BILLED, "spread"]}
TABLES = {
    "account_mappings": small_books.COMPANY["account_mappings"]
    + "".join(f"{role},{role},{role}\n" for role in ("customer_deposit", "voids")),
    "products": small_books.COMPANY["products"] + "setup,Set-up,on_invoice\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,USD,{day}\n" for name, day in CONTRACTS.items()),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in CONTRACTS),
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on\n"
    + "".join(f"{name},1,L1,plan,1200.00,{YEAR}\n" for name in BILLED)
    + f"spread,1,L1,plan,800.00,{YEAR}\nspread,1,L2,plan,400.00,{YEAR}\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    + "".join(f"i-{name},c1,acme,USD,2026-01-01,{name}\n" for name in CONTRACTS)
    + "fee,c1,acme,USD,2026-03-10,\nset,c1,acme,USD,2026-03-10,\nlost,c1,acme,USD,2026-01-01,\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount,tax_amount,starts_on,ends_on,kind\n"
    + "".join(f"i-{name},{name}-1,L1,plan,1200.00,{240 if name == 'taxed' else 0},,,charge\n" for name in BILLED)
    + "i-spread,spread-1,L1,plan,800.00,,,,charge\ni-spread,spread-2,L2,plan,400.00,,,,charge\n"
    "fee,fee-1,,plan,75.00,,2026-02-01,2026-02-28,minimum_fee\n"
    "set,set-1,,setup,100.00,,2026-04-01,2026-04-30,charge\n"
    "lost,lost-1,,plan,90.00,,2026-01-01,2026-03-31,charge\nlost,lost-2,,setup,40.00,,,,charge\n",
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount,credit_note_id\n"
    + "".join(
        f"{payment},{kind},c1,acme,{invoice},2026-{day},USD,{amount},{'n-named' if payment == 'j3' else ''}\n"
        for payment, kind, invoice, day, amount in [
            ("a1", "payment", "i-twice", "01-05", "1200.00"),
            ("a2", "payment", "i-twice", "01-06", "1200.00"),
            ("a3", "refund", "i-twice", "01-20", "1200.00"),
            ("b1", "payment", "i-granted", "01-05", "1200.00"),
            ("b2", "refund", "i-granted", "02-10", "120.00"),
            ("j1", "payment", "i-named", "01-05", "1200.00"),
            ("j2", "refund", "i-named", "02-10", "300.00"),
            ("j3", "refund", "i-named", "02-20", "120.00"),
            ("c1", "payment", "i-late", "02-10", "500.00"),
            ("c2", "refund", "i-late", "02-20", "500.00"),
            ("d1", "payment", "i-early", "01-05", "1200.00"),
            ("d2", "refund", "i-early", "02-01", "100.00"),
            ("i1", "payment", "i-beyond", "01-05", "1200.00"),
            ("i2", "refund", "i-beyond", "02-20", "1300.00"),
            ("e1", "payment", "i-taxed", "01-05", "1440.00"),
            ("e2", "refund", "i-taxed", "02-01", "660.00"),
            ("e3", "refund", "i-taxed", "02-02", "660.00"),
            ("f1", "payment", "i-disputed", "01-05", "1200.00"),
            ("f2", "payment", "i-disputed", "01-06", "1200.00"),
            ("f3", "refund", "i-disputed", "01-20", "1200.00"),
            ("f4", "dispute", "i-disputed", "02-01", "1200.00"),
            ("g1", "payment", "i-prior", "01-10", "300.00"),
            ("g2", "refund", "i-prior", "01-20", "100.00"),
            ("h1", "payment", "lost", "01-05", "60.00"),
        ]
    ),
    "credit_notes": "credit_note_id,invoice_id,customer_id,issued_on,reason,settled_by\n"
    "n-granted,i-granted,c1,2026-02-01,billing_error,customer_balance\n"
    "n-named,i-named,c1,2026-02-01,billing_error,customer_balance\n"
    "n-spread,i-spread,c1,2026-02-01,billing_error,receivable\n",
    "credit_note_lines": "credit_note_id,credit_note_line_id,invoice_line_id,amount\n"
    "n-granted,n-granted-1,granted-1,120.00\nn-named,n-named-1,named-1,120.00\nn-spread,n-spread-1,,120.00\n",
    "invoice_events": "event_id,invoice_id,kind,occurred_on,amount\n"
    "end-late,i-late,void,2026-02-01,\nend-early,i-early,void,2026-03-01,\nend-beyond,i-beyond,void,2026-02-01,\nloss,lost,write_off,2026-02-01,\n",
}
# Of 1,200.00 for 2026 101.92 are earned in January, 193.97 by the end of February, 295.89 by the end of March.
BALANCES = {
    # Paid twice and given back once: nothing that was billed went back.
    ("twice", "2026-01-31"): {
        "customer_balance": 0,
        "accounts_receivable": 0,
        "cash": 1200,
        "deferred_revenue": "-1098.08",
    },
    ("granted", "2026-02-01"): {"customer_balance": -120},
    ("granted", "2026-02-28"): {"customer_balance": 0, "contract_asset": 0, "deferred_revenue": "-886.03"},
    # The balance of the note is for the refund that names it.
    ("named", "2026-02-10"): {"customer_balance": -120},
    ("named", "2026-02-28"): {"customer_balance": 0, "deferred_revenue": "-586.03", "cash": 780},
    ("late", "2026-02-10"): {"customer_balance": -500},
    ("late", "2026-02-28"): {"customer_balance": 0, "accounts_receivable": 0, "cash": 0, "contract_asset": "193.97"},
    # 100.00 of the bill went back before it was voided, so 1,100.00 are owed.
    ("early", "2026-03-31"): {"customer_balance": -1100, "accounts_receivable": 0, "contract_asset": "295.89"},
    # 100.00 more than was owed after the void: given away, for what is still to be billed.
    ("beyond", "2026-02-01"): {"customer_balance": -1200, "accounts_receivable": 0},
    ("beyond", "2026-02-28"): {"customer_balance": 0, "cash": -100, "contract_asset": "293.97"},
    # 1,320.00 of 1,440.00 take 220.00 of 240.00 of tax.
    ("taxed", "2026-02-01"): {"tax_payable": -130, "cash": 780},
    ("taxed", "2026-02-28"): {
        "tax_payable": -20,
        "customer_balance": 0,
        "contract_asset": "93.97",
        "deferred_revenue": 0,
    },
    # The payment that is left is disputed: the bill is open again.
    ("disputed", "2026-02-01"): {"accounts_receivable": 1200, "customer_balance": 0, "cash": 0},
    ("prior", "2026-01-31"): {"customer_deposit": -200},
    ("prior", "2026-02-01"): {"customer_deposit": 0, "accounts_receivable": 1000},
    # Earned when invoiced, whatever period the line names.
    ("fee", "2026-02-28"): {"revenue": 0},
    ("fee", "2026-03-31"): {"revenue": -75, "deferred_revenue": 0, "unbilled_receivable": 0},
    ("set", "2026-03-31"): {"revenue": -100, "deferred_revenue": 0},
    # 71.00 of 130.00 are delivered and 60.00 paid: 59.00 were never delivered, 11.00 are lost.
    ("lost", "2026-02-01"): {"accounts_receivable": 0, "bad_debt": 11, "deferred_revenue": 0},
    ("lost", "2026-12-31"): {"revenue": -71, "deferred_revenue": 0},
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("owed_back")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of="2026-12-31", through="2026-12")
    return home / "books.duckdb"


@pytest.mark.parametrize(("contract", "day"), BALANCES)
def test_every_event_leaves_what_was_worked_out_by_hand(books: Path, contract: str, day: str) -> None:
    found = small_books.balances(books, contract, day)
    wanted = BALANCES[contract, day]
    assert {role: found.get(role, 0) for role in wanted} == {role: Decimal(amount) for role, amount in wanted.items()}


def test_a_note_without_a_line_is_spread_over_the_lines_of_the_invoice(books: Path) -> None:
    assert small_books.amounts(
        books,
        "select line_id, debit - credit from reports.journal_lines"
        " where source_id = 'n-spread' and role = 'deferred_revenue'",
    ) == {"L1": Decimal("80.00"), "L2": Decimal("40.00")}


def test_nothing_of_it_stops_the_close(books: Path) -> None:
    assert small_books.rows(books, "select rule, explanation from reports.anomaly_flags where severity = 'block'") == []
