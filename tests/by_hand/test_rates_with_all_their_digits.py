"""Books in dollars of contracts in currencies of which one is worth a fraction of a cent: every digit of a rate counts.

The rate of a yen is 1 ÷ 149, of a rupiah 1 ÷ 17,950, both cut after eighteen digits. With nine digits the bill in yen
would be 67,114,090.00 and the one in rupiah 5,013,900.00.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

CURRENCIES = {"yen": "JPY", "rupiah": "IDR"}
TABLES = {
    "fx_rates": "rate_on,from_currency,to_currency,rate\n2026-01-01,JPY,USD,0.006711409395973154\n"
    "2026-01-01,IDR,USD,0.000055710306406685\n2026-02-10,JPY,USD,0.0066\n"
    "2026-03-01,IDR,USD,0.0000557103064066852\n2026-03-01,JPY,USD,1000000000\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,{currency},2026-01-01\n" for name, currency in CURRENCIES.items()),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in CURRENCIES),
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on\n"
    "yen,1,L1,plan,10000000000,2027-01-01,2027-12-31\nrupiah,1,L1,plan,90000000000.00,2027-01-01,2027-12-31\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on\n"
    + "".join(f"i-{name},c1,acme,{currency},2026-01-10\n" for name, currency in CURRENCIES.items()),
    "invoice_lines": "invoice_id,invoice_line_id,contract_id,line_id,product_id,amount\n"
    "i-yen,a,yen,L1,plan,10000000000\ni-rupiah,b,rupiah,L1,plan,90000000000.00\n",
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount\n"
    "p,payment,c1,acme,i-yen,2026-02-10,JPY,10000000000\n",
    "manual_journals": "journal_id,line_no,entity_id,book,posted_on,role,debit,credit,currency,memo,prepared_by\n"
    "j,1,acme,ASC606,2026-01-20,bad_debt,10000000000,,JPY,Allowance,ann\n"
    "j,2,acme,ASC606,2026-01-20,allowance,,10000000000,JPY,Allowance,ann\n",
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("digits")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of="2026-06-30", through="2026-04")
    return home / "books.duckdb"


def entry(books: Path, source_id: str) -> dict[str, Decimal]:
    """Role -> debit less credit in dollars."""
    return small_books.amounts(
        books,
        "select role, sum(functional_debit - functional_credit) from reports.journal_lines"  # noqa: S608
        f" where source_id = '{source_id}' and book = 'ASC606' group by role",
    )


def money(**amounts: str) -> dict[str, Decimal]:
    return {role: Decimal(amount) for role, amount in amounts.items()}


def test_a_bill_is_translated_at_every_digit_of_the_rate(books: Path) -> None:
    assert entry(books, "i-yen") == money(accounts_receivable="67114093.96", deferred_revenue="-67114093.96")
    assert entry(books, "i-rupiah") == money(accounts_receivable="5013927.58", deferred_revenue="-5013927.58")


def test_a_payment_loses_what_the_rate_lost(books: Path) -> None:
    assert entry(books, "p") == money(cash="66000000.00", accounts_receivable="-67114093.96", fx_gain_loss="1114093.96")


def test_a_journal_is_translated_like_a_bill(books: Path) -> None:
    assert entry(books, "j") == money(bad_debt="67114093.96", allowance="-67114093.96")
    [[shown]] = small_books.rows(
        books, "select distinct fx_rate from reports.journal_lines where source_id = 'j' and book = 'ASC606'"
    )
    assert shown == Decimal("0.006711409")


def test_the_closing_rate_has_its_digits_too(books: Path) -> None:
    assert small_books.rows(books, "select * from reports.anomaly_flags where severity = 'block'") == []


def test_more_digits_are_a_rejection_and_no_rounding(books: Path) -> None:
    query = """select "row", value, reason from reports.rejected_inputs where "table" = 'fx_rates' order by "row" """
    assert small_books.rows(books, query) == [
        ("5", "0.0000557103064066852", "rate '0.0000557103064066852' has more than 18 digits after the point"),
        ("6", "1000000000", "rate '1000000000' is too large; it must be below 1,000,000,000"),
    ]
