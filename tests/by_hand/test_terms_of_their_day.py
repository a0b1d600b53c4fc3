"""Contracts whose later version states other terms: each day is accounted for by the terms in force on it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

TERM = "2026-01-01,2026-12-31"
NAMES = ["seats", "metered", "cancel", "firm", "later", "earlier", "paused", "squeezed", "unpriced"]

TABLES = {
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,USD,2026-01-01\n" for name in NAMES),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change,resumes_on\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception,\n" for name in NAMES)
    + "seats,2,2026-07-01,2026-07-01,price_change,\n"
    "metered,2,2026-04-01,2026-04-01,price_change,\nmetered,3,2026-07-01,2026-07-01,price_change,\n"
    "cancel,2,2026-06-01,2026-06-01,other,\nfirm,2,2026-06-01,2026-06-01,other,\n"
    "later,2,2026-07-01,2026-07-01,other,\nearlier,2,2026-07-01,2026-07-01,other,\n"
    "paused,2,2026-04-01,2026-04-01,pause,2026-06-01\nsqueezed,2,2026-04-01,2026-04-01,pause,2026-06-01\n",
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on,unit_price,billing_timing,"
    "cancellable_until\n"
    f"seats,1,L1,plan,1200.00,{TERM},,,\nseats,1,O,meter,0.00,{TERM},0.10,,\n"
    f"seats,2,L1,plan,1500.00,{TERM},,,\nseats,2,O,meter,0.00,{TERM},0.08,,\n"
    f"metered,1,O,meter,0.00,{TERM},1.00,,\nmetered,2,O,meter,0.00,{TERM},1.10,,\nmetered,3,O,meter,0.00,{TERM},1.20,,\n"
    f"cancel,1,L1,plan,1200.00,{TERM},,,\ncancel,2,L1,plan,1200.00,{TERM},,,2026-08-31\n"
    f"firm,1,L1,plan,1200.00,{TERM},,,2026-08-31\nfirm,2,L1,plan,1200.00,{TERM},,,\n"
    f"later,1,L1,plan,1200.00,{TERM},,advance,\nlater,2,L1,plan,1200.00,{TERM},,arrears,\n"
    f"earlier,1,L1,plan,1200.00,{TERM},,arrears,\nearlier,2,L1,plan,1200.00,{TERM},,advance,\n"
    f"paused,1,L1,plan,1200.00,{TERM},,,\npaused,2,L1,plan,1200.00,2026-01-01,2027-03-02,,,\n"
    f"squeezed,1,L1,plan,1200.00,{TERM},,,\nsqueezed,2,L1,plan,1200.00,{TERM},,,\n"
    f"unpriced,1,L1,plan,1200.00,{TERM},,,\nunpriced,1,O,meter,0.00,{TERM},,,\n",
    "usage": "usage_id,contract_id,line_id,used_on,quantity,unit_price\n"
    "u1,seats,O,2026-03-10,105,\nu2,seats,O,2026-08-10,105,\nu3,seats,O,2026-09-10,10,0.055\n"
    "u4,metered,O,2026-02-10,100,\nu5,metered,O,2026-05-10,100,\nu6,metered,O,2026-08-10,100,\n"
    "u7,unpriced,O,2026-03-10,100,0.25\nu8,unpriced,O,2026-03-11,100,\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    "i-2,c1,acme,USD,2026-02-28,metered\ni-5,c1,acme,USD,2026-05-31,metered\ni-8,c1,acme,USD,2026-08-31,metered\n"
    "i-cancel,c1,acme,USD,2026-01-01,cancel\ni-firm,c1,acme,USD,2026-01-01,firm\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount\n"
    "i-2,i-2-1,O,meter,100.00\ni-5,i-5-1,O,meter,110.00\ni-8,i-8-1,O,meter,120.00\n"
    "i-cancel,i-cancel-1,L1,plan,1200.00\ni-firm,i-firm-1,L1,plan,1200.00\n",
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("terms")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of="2026-12-31", through="2026-12")
    return home / "books.duckdb"


def balances(books: Path, contract: str, period: str) -> dict[str, Decimal]:
    """What is not zero of receivable, unbilled receivable, contract asset and contract liability."""
    names = ["receivable", "unbilled_receivable", "contract_asset", "contract_liability"]
    found = small_books.rows(
        books,
        f"select {', '.join(names)} from reports.contract_balances"  # noqa: S608
        f" where contract_id = '{contract}' and period = '{period}'",
    )
    return {name: amount for row in found for name, amount in zip(names, row, strict=True) if amount}


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        # 105 at 0.10, then at 0.08; the price of a use itself comes first.
        ("seats", {"2026-03": "10.50", "2026-08": "8.40", "2026-09": "0.55"}),
        ("metered", {"2026-02": "100.00", "2026-05": "110.00", "2026-08": "120.00"}),
    ],
)
def test_a_use_has_the_price_of_its_day(books: Path, contract: str, expected: dict[str, str]) -> None:
    earned = small_books.amounts(
        books,
        "select accounting_period, sum(amount) from reports.recognition_by_period"  # noqa: S608
        f" where contract_id = '{contract}' and line_id = 'O' group by accounting_period",
    )
    assert earned == {period: Decimal(amount) for period, amount in expected.items()}


def test_use_that_is_billed_in_its_month_leaves_nothing_open(books: Path) -> None:
    assert balances(books, "metered", "2026-02") == {"receivable": Decimal("100.00")}


def test_a_new_price_of_use_needs_no_treatment_and_a_use_without_one_blocks_its_contract(books: Path) -> None:
    query = "select contract_id, explanation from reports.anomaly_flags where severity = 'block'"
    reason = "the use of line O on 2026-03-11 has no price: give it an amount or a unit_price, or the line a unit_price"
    assert small_books.rows(books, query) == [("unpriced", f"Contract unpriced has no entries: {reason}.")]
    query = "select distinct contract_id from reports.recognition_by_period where contract_id in ('seats', 'unpriced')"
    assert small_books.rows(books, query) == [("seats",)]


@pytest.mark.parametrize(
    ("contract", "period", "expected"),
    [
        # May be cancelled from June on: the right of January stands.
        ("cancel", "2026-01", {"receivable": "1200.00", "contract_liability": "1098.08"}),
        ("cancel", "2026-06", {"receivable": "1200.00", "contract_liability": "604.93"}),
        # Firm from June on: what was a memo is a right then.
        ("firm", "2026-05", {"contract_asset": "496.44"}),
        ("firm", "2026-06", {"receivable": "1200.00", "contract_liability": "604.93"}),
    ],
)
def test_a_right_to_payment_is_judged_by_the_terms_of_its_day(
    books: Path, contract: str, period: str, expected: dict[str, str]
) -> None:
    assert balances(books, contract, period) == {name: Decimal(amount) for name, amount in expected.items()}


@pytest.mark.parametrize(
    ("contract", "period", "expected"),
    [
        ("later", "2026-06", {"contract_asset": "595.07"}),
        ("later", "2026-07", {"unbilled_receivable": "696.99"}),
        ("earlier", "2026-06", {"unbilled_receivable": "595.07"}),
        ("earlier", "2026-07", {"contract_asset": "696.99"}),
    ],
)
def test_a_month_is_presented_by_the_terms_at_its_end(
    books: Path, contract: str, period: str, expected: dict[str, str]
) -> None:
    assert balances(books, contract, period) == {name: Decimal(amount) for name, amount in expected.items()}


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        # 904.11 of 1,200.00 are left: over the 275 days from 1 June to 2 March, or over the 214 to the end of the year.
        ("paused", {"2026-03": "101.92", "2026-06": "98.63"}),
        ("squeezed", {"2026-03": "101.92", "2026-06": "126.74"}),
    ],
)
def test_paused_days_earn_nothing(books: Path, contract: str, expected: dict[str, str]) -> None:
    earned = small_books.amounts(
        books,
        "select accounting_period, sum(amount) from reports.recognition_by_period"  # noqa: S608
        f" where contract_id = '{contract}' and accounting_period between '2026-03' and '2026-06'"
        " group by accounting_period having sum(amount) <> 0",
    )
    assert earned == {period: Decimal(amount) for period, amount in expected.items()}
