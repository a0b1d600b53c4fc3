"""Yen have no smaller unit: shares of a price that does not divide, and months as differences of running sums."""

from __future__ import annotations

import datetime
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

AS_OF, THROUGH = "2027-01-05", "2026-12"
YEAR = "2026-01-01,2026-12-31"
# Contract -> its lines: version, line, product, amount, standalone price, term and unit price.
LINES = {
    "thirds": [f"1,{line},plan,{amount},500,{YEAR}," for line, amount in zip("ABC", (400, 300, 300), strict=True)],
    # The same again in July: nothing is shared anew (606-10-25-10).
    "restated": [
        f"{version},{line},plan,{amount},500,{YEAR},"
        for version in (1, 2)
        for line, amount in zip("ABC", (400, 300, 300), strict=True)
    ],
    "discounted": [*(f"1,{line},plan,367,,{YEAR}," for line in "ABC"), "1,D,plan,-100,,,,"],
    "reduced": [*(f"1,{line},plan,10,,{YEAR}," for line in "ABC"), "1,D,plan,-29,,,,"],
    "metered": [f"1,U,meter,0,,{YEAR},0.5"],
}
PRICES = {
    "thirds": [334, 333, 333],
    "restated": [334, 333, 333],
    "discounted": [334, 334, 333],
    "reduced": [1, 0, 0],
}
TABLES = {
    "entities": "entity_id,entity_name,functional_currency\nkk,Acme KK,JPY\n",
    "customers": "customer_id,customer_name,entity_id\nc1,Customer,kk\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,kk,JPY,2026-01-01\n" for name in LINES),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in LINES)
    + "restated,2,2026-07-11,2026-07-11,other\n",
    "contract_lines": "contract_id,version,line_id,product_id,amount,ssp,starts_on,ends_on,unit_price\n"
    + "".join(f"{name},{row}\n" for name, rows in LINES.items() for row in rows),
    "usage": "usage_id,contract_id,line_id,used_on,quantity\n"
    + "".join(f"u{month},metered,U,2026-{month:02}-10,7\n" for month in range(1, 13)),
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("yen")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of=AS_OF, through=THROUGH)
    return home / "books.duckdb"


def months(books: Path, contract: str, line: str) -> list[int]:
    found = small_books.amounts(
        books,
        "select accounting_period, sum(amount) from reports.recognition_by_period"  # noqa: S608
        f" where contract_id = '{contract}' and line_id = '{line}' group by all",
    )
    assert all(amount == int(amount) for amount in found.values())
    return [int(found.get(f"2026-{month:02}", 0)) for month in range(1, 13)]


def by_month(price: int) -> list[int]:
    """Each month the difference of what is earned by its end, rounded half up, and by the end of the month before."""
    ends = [datetime.date(2026, month, 1) for month in range(2, 13)] + [datetime.date(2027, 1, 1)]
    sums = [floor(Fraction(price * (end - datetime.date(2026, 1, 1)).days, 365) + Fraction(1, 2)) for end in ends]
    return [after - before for before, after in zip([0, *sums], sums, strict=False)]


@pytest.mark.parametrize("contract", PRICES)
def test_shares_are_whole_and_add_up_and_months_are_differences(books: Path, contract: str) -> None:
    found = {line: months(books, contract, line) for line in "ABC"}
    assert found == {line: by_month(price) for line, price in zip("ABC", PRICES[contract], strict=True)}


def test_half_a_yen_of_use_waits_for_the_next(books: Path) -> None:
    """3.5 a month: 4, 7, 11, 14 and so on in all."""
    assert months(books, "metered", "U") == [4, 3] * 6


def test_no_check_of_the_close_objects(books: Path) -> None:
    assert small_books.rows(books, "select rule, source_id from reports.anomaly_flags where severity = 'block'") == []
