"""What settles an invoice: deposits that name it, and credit notes before its end."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

AS_OF, THROUGH = "2027-01-31", "2026-12"
YEAR = "2026-01-01,2026-12-31"
CONTRACTS = {"signed": "2026-01-01", "late": "2026-04-10"}
TABLES = {
    "account_mappings": small_books.COMPANY["account_mappings"]
    + "".join(f"{role},{role},{role}\n" for role in ("customer_deposit", "credit_notes")),
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,USD,{day}\n" for name, day in CONTRACTS.items()),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,{day},2026-01-01,inception\n" for name, day in CONTRACTS.items()),
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on\n"
    + "".join(f"{name},1,L1,plan,1200.00,{YEAR}\n" for name in CONTRACTS),
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    "i-signed,c1,acme,USD,2026-02-01,signed\n"
    "i-late,c1,acme,USD,2026-04-15,late\n"
    "own,c1,acme,USD,2026-02-01,\n"
    "credited,c1,acme,USD,2026-02-01,\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount,starts_on,ends_on\n"
    "i-signed,i-signed-1,L1,plan,1200.00,,\n"
    "i-late,i-late-1,L1,plan,1200.00,,\n"
    "own,own-1,,plan,120.00,2026-02-01,2026-02-28\n"
    "credited,credited-1,,plan,120.00,2026-02-01,2026-02-28\n",
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount\n"
    "d1,deposit,c1,acme,i-signed,2026-01-10,USD,500.00\n"
    "d2,deposit,c1,acme,i-late,2026-01-10,USD,500.00\n"
    "d3,deposit,c1,acme,own,2026-01-10,USD,50.00\n"
    "d4,deposit,c1,acme,own,2026-02-10,USD,30.00\n"
    "d5,deposit,c1,acme,credited,2026-01-10,USD,50.00\n",
    "credit_notes": "credit_note_id,invoice_id,customer_id,issued_on,reason,settled_by\n"
    "cn-own,credited,c1,2026-03-01,price_change,receivable\n",
    "credit_note_lines": "credit_note_id,credit_note_line_id,invoice_line_id,amount\n"
    "cn-own,cn-own-1,credited-1,20.00\n",
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("settled")
    database = home / "books.duckdb"
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=database, as_of=AS_OF, through=THROUGH)
    return database


def balance(books: Path, contract: str, role: str, day: str) -> Decimal:
    """Debit less credit of a role, of a contract or of an invoice without one, at the end of a day."""
    found = small_books.amounts(
        books,
        "select lines.contract_id, sum(lines.debit - lines.credit) from reports.journal_lines as lines"  # noqa: S608
        " inner join reports.journal_entries as entries using (entry_id)"
        f" where lines.contract_id = '{contract}' and lines.role = '{role}' and entries.entry_date <= '{day}'"
        " group by all",
    )
    return found.get(contract, Decimal(0))


@pytest.mark.parametrize(
    ("contract", "day", "deposit", "receivable"),
    [
        ("signed", "2026-01-31", -500, 0),
        ("signed", "2026-02-01", 0, 700),
        # Signed on the 10th, invoiced on the 15th of April.
        ("late", "2026-04-14", -500, 0),
        ("late", "2026-04-15", 0, 700),
        ("own", "2026-01-31", -50, 0),
        ("own", "2026-02-01", 0, 70),
        ("own", "2026-02-10", 0, 40),
        # A credit note puts the events of this one in sequence.
        ("credited", "2026-01-31", -50, 0),
        ("credited", "2026-02-01", 0, 70),
        ("credited", "2026-03-01", 0, 50),
    ],
)
def test_a_deposit_settles_the_invoice_it_names_when_that_is_booked(
    books: Path, contract: str, day: str, deposit: int, receivable: int
) -> None:
    assert balance(books, contract, "customer_deposit", day) == deposit
    assert balance(books, contract, "accounts_receivable", day) == receivable


def test_nothing_of_it_stops_the_close(books: Path) -> None:
    assert small_books.rows(books, "select rule, explanation from reports.anomaly_flags where severity = 'block'") == []
