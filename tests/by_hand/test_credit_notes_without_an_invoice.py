"""Credit notes that name no invoice: a line that names what it credits says whose it is (accounting.md, section 6)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

YEAR = "2026-01-01,2026-12-31"
CONTRACTS = {"told": "USD", "yen": "JPY", "first": "USD", "second": "USD", "apart": "USD"}
TABLES = {
    "account_mappings": small_books.COMPANY["account_mappings"] + "credit_notes,credit_notes,credit_notes\n",
    "fx_rates": "rate_on,from_currency,to_currency,rate\n2026-01-01,JPY,USD,0.01\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,{currency},2026-01-01\n" for name, currency in CONTRACTS.items()),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in CONTRACTS),
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on\n"
    + "".join(f"{name},1,L1,plan,1200,{YEAR}\n" for name in CONTRACTS),
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    + "".join(f"i-{name},c1,acme,{currency},2026-01-01,{name}\n" for name, currency in CONTRACTS.items())
    + "own,c1,acme,USD,2026-01-01,\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount,starts_on,ends_on\n"
    + "".join(f"i-{name},{name}-1,L1,plan,1200,,\n" for name in CONTRACTS)
    + f"own,own-1,,plan,1200,{YEAR}\n",
    "credit_notes": "credit_note_id,customer_id,issued_on,reason\n"
    + "".join(f"cn-{name},c1,2026-02-01,billing_error\n" for name in ("told", "yen", "own", "several", "free")),
    "credit_note_lines": "credit_note_id,credit_note_line_id,invoice_line_id,amount\n"
    "cn-told,n1,told-1,100\ncn-yen,n2,yen-1,100\ncn-own,n3,own-1,100\n"
    "cn-several,n4,first-1,100\ncn-several,n5,second-1,100\ncn-free,n6,,100\n",
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("notes")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of="2026-12-31", through="2026-12")
    return home / "books.duckdb"


@pytest.mark.parametrize(
    ("contract", "receivable"), [("told", 1100), ("yen", 1100), ("own", 1100), ("apart", 1200), ("first", 0)]
)
def test_a_credit_belongs_to_the_line_it_names(books: Path, contract: str, receivable: int) -> None:
    found = small_books.rows(
        books,
        "select sum(debit - credit) from reports.journal_lines"  # noqa: S608
        f" where contract_id = '{contract}' and role = 'accounts_receivable'",
    )
    assert (found[0][0] or 0) == Decimal(receivable)


def test_what_it_cannot_be_told_of_has_no_numbers_or_stops_the_close(books: Path) -> None:
    assert small_books.rows(
        books,
        "select rule, coalesce(contract_id, source_id) from reports.anomaly_flags"
        " where severity = 'block' order by all",
    ) == [
        ("contract_is_accounted_for", "first"),
        ("contract_is_accounted_for", "second"),
        ("credit_note_is_posted", "cn-free"),
        ("credit_note_is_posted", "cn-several"),
    ]
