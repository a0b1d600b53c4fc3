"""When terms count and what is financed: the price of each line worked out by hand, through a whole build."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import small_books

from orchestration import pipeline

AS_OF, THROUGH = "2029-01-31", "2028-12"
YEAR = "2026-01-01,2026-12-31"
# Contract -> rows of its lines: version, line, product, quantity, amount, standalone price, start and end.
LINES: dict[str, list[str]] = {
    "discounted": ["1,A,goods,1,1100.00,1100.00,2028-01-01,", "1,D,goods,1,-100.00,,,"],
    "scoped": ["1,A,goods,1,1000.00,1000.00,2028-01-01,", "1,B,goods,1,500.00,500.00,2026-01-01,"],
    "quoted": [f"1,A,plan,1,1200.00,,{YEAR}", f"2,A,plan,1,1000.00,,{YEAR}"],
    "improved": [f"1,A,plan,1,1200.00,,{YEAR}", f"2,A,plan,1,1000.00,,{YEAR}", f"3,A,plan,1,1200.00,,{YEAR}"],
    "backdated": [f"1,A,plan,1,1200.00,,{YEAR}", f"2,A,plan,1,1000.00,,{YEAR}"],
    "bundled": ["1,A,goods,1,1000.00,500.00,2028-01-01,", "1,B,goods,1,500.00,1000.00,2026-01-01,"],
    "machine": ["1,A,goods,1,1132260.00,,2026-01-01,"],
    "deferred": ["1,A,goods,1,1210.00,,2026-01-01,"],
    "more_units": ["1,A,units,100,1000.00,,2026-01-01,", "2,A,units,120,1300.00,,2026-01-01,"],
    "more_work": ["1,A,project,1,1000.00,,,", "2,A,project,1,1200.00,,,"],
}
SIGNED = {"quoted": "2026-05-10", "improved": "2026-05-10"}
# Versions after the first: agreed, effective, change and treatment.
VERSIONS = {
    "quoted": ["2026-03-01,2026-03-01,price_change,"],
    "improved": ["2026-05-10,2026-01-01,price_change,", "2026-07-01,2026-07-01,price_change,"],
    "backdated": ["2026-07-01,2026-04-01,price_change,"],
    "more_units": ["2026-03-01,2026-03-01,upsell,separate_contract"],
    "more_work": ["2026-03-01,2026-03-01,upsell,separate_contract"],
}

TABLES = {
    "products": "product_id,product_name,recognition_method\ngoods,Goods,point_in_time\nplan,Plan,straight_line\n"
    "units,Units,units\nproject,Project,percent_complete\n",
    "progress": "contract_id,line_id,measured_on,to_date\nmore_units,A,2026-02-15,60\nmore_units,A,2026-04-15,90\n"
    "more_units,A,2026-05-15,120\nmore_work,A,2026-02-15,50\nmore_work,A,2026-04-15,75\nmore_work,A,2026-05-15,100\n",
    "account_mappings": small_books.COMPANY["account_mappings"]
    + "interest_expense,interest_expense,Interest\ninterest_income,interest_income,Interest\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,USD,{SIGNED.get(name, '2026-01-01')}\n" for name in LINES),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change,treatment\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception,\n" for name in LINES)
    + "".join(f"{name},{n},{row}\n" for name, rows in VERSIONS.items() for n, row in enumerate(rows, 2)),
    "contract_lines": "contract_id,version,line_id,product_id,quantity,amount,ssp,starts_on,ends_on\n"
    + "".join(f"{name},{row}\n" for name, rows in LINES.items() for row in rows),
    "price_components": "contract_id,component_id,kind,lines,rate\n"
    "discounted,f1,financing,,0.10\nscoped,f2,financing,A,0.10\nbundled,f3,financing,,0.10\ndeferred,f4,financing,,0.10\n"
    "machine,f5,financing,,0.126825030131969720661201\n",
    "payment_schedules": "contract_id,due_on,amount,line_id\ndiscounted,2026-01-01,1000.00,\n"
    "scoped,2026-01-01,1000.00,A\nscoped,2026-01-01,500.00,B\nbundled,2026-01-01,1500.00,\n"
    + "".join(f"machine,{2026 + m // 12}-{m % 12 + 1:02}-01,18871.00,\n" for m in range(1, 61)),
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,due_on,contract_id\n"
    "i1,c1,acme,USD,2026-01-01,,discounted\ni2,c1,acme,USD,2026-01-01,,scoped\ni3,c1,acme,USD,2026-01-01,,bundled\n"
    "i4,c1,acme,USD,2026-01-01,2028-01-01,deferred\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount\ni1,i1-1,A,goods,1000.00\n"
    "i2,i2-1,A,goods,1000.00\ni2,i2-2,B,goods,500.00\ni3,i3-1,A,goods,1000.00\ni3,i3-2,B,goods,500.00\n"
    "i4,i4-1,A,goods,1210.00\n",
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("versions")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of=AS_OF, through=THROUGH)
    return home / "books.duckdb"


def revenue(books: Path, contract: str) -> dict[Any, Decimal]:
    """Line and period -> what is earned."""
    return small_books.amounts(
        books,
        "select line_id, accounting_period, sum(amount) as amount from reports.recognition_by_period"  # noqa: S608
        f" where contract_id = '{contract}' group by all having amount <> 0",
    )


def money(amounts: dict[Any, str]) -> dict[Any, Decimal]:
    return {key: Decimal(amount) for key, amount in amounts.items()}


@pytest.mark.parametrize(
    ("contract", "prices", "interest"),
    [
        # 1,000.00 after the discount, two years at 10%.
        ("discounted", {("A", "2028-01"): "1210.00"}, "210.00"),
        # The 500.00 are for what is delivered at once.
        ("scoped", {("A", "2028-01"): "1210.00", ("B", "2026-01"): "500.00"}, "210.00"),
        # Of 1,592.11 two thirds are earned at once; the 438.59 that are left grow to 530.70 at 10%.
        ("bundled", {("A", "2028-01"): "530.70", ("B", "2026-01"): "1061.41"}, "92.11"),
    ],
)
def test_interest_accrues_on_the_balance_in_the_books(
    books: Path, contract: str, prices: dict[Any, str], interest: str
) -> None:
    assert revenue(books, contract) == money(prices)
    assert small_books.amounts(
        books,
        "select role, sum(debit - credit) as amount from reports.journal_lines"  # noqa: S608
        f" where contract_id = '{contract}' and role in ('interest_expense', 'deferred_revenue')"
        " group by role having amount <> 0",
    ) == money({"interest_expense": interest})


def test_what_is_due_in_two_years_is_a_loan_until_then(books: Path) -> None:
    """1,210.00 billed on delivery and due two years later: 1,000.00 at 10%, whatever the day of the bill."""
    assert revenue(books, "deferred") == money({("A", "2026-01"): "1000.00"})
    assert small_books.amounts(
        books,
        "select left(accounting_period, 4) as year, sum(credit - debit) as amount from reports.journal_lines as lines"
        " inner join reports.journal_entries using (entity_id, book, entry_id)"
        " where lines.contract_id = 'deferred' and role = 'interest_income' group by year having amount <> 0",
    ) == money({"2026": "100.00", "2027": "110.00"})
    assert small_books.amounts(
        books,
        "select role, sum(debit - credit) as amount from reports.journal_lines"
        " where contract_id = 'deferred' and role in ('accounts_receivable', 'deferred_revenue', 'contract_asset')"
        " group by role having amount <> 0",
    ) == money({"accounts_receivable": "1210.00"})


def test_a_rate_of_a_month_has_all_its_digits_in_a_year(books: Path) -> None:
    """Example 28, case B: 60 instalments of 18,871.00 at 1% a month are worth 848,346.53 on delivery."""
    assert revenue(books, "machine") == money({("A", "2026-01"): "848346.53"})


def year(**amounts: str) -> dict[Any, str]:
    """Months of 2026, m1 to m12, of line A."""
    return {("A", f"2026-{int(name[1:]):02}"): amount for name, amount in amounts.items()}


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        # The second offer is what is signed on 10 May: 1,000.00 from 1 January, 151 of 365 days by the end of May.
        (
            "quoted",
            year(m5="413.70", m6="82.19", m7="84.93", m8="84.93", m9="82.20", m10="84.93", m11="82.19", m12="84.93"),
        ),
        # The terms of the day of the signature are no modification, those of 1 July are: 704.11 over 184 days.
        (
            "improved",
            year(m5="413.70", m6="82.19", m7="118.63", m8="118.62", m9="114.81")
            | year(m10="118.62", m11="114.80", m12="118.63"),
        ),
        # 1,000.00 from 1 April on, agreed on 1 July: by then 595.07 are earned, and 404.93 are left for 184 days.
        (
            "backdated",
            year(m1="101.92", m2="92.05", m3="101.92", m4="98.63", m5="101.92", m6="98.63")
            | year(m7="68.22", m8="68.22", m9="66.03", m10="68.22", m11="66.02", m12="68.22"),
        ),
    ],
)
def test_terms_count_from_the_contract_on_and_from_when_they_are_agreed(
    books: Path, contract: str, expected: dict[Any, str]
) -> None:
    assert revenue(books, contract) == money(expected)


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        # 100 units at 10.00 and 20 more at 15.00, those there were first: 60, 30 and 10 with the 20.
        ("more_units", year(m2="600.00", m4="300.00", m5="400.00")),
        # Half of 1,000.00, then 200.00 more are earned with the other half.
        ("more_work", year(m2="500.00", m4="350.00", m5="350.00")),
    ],
)
def test_a_separate_contract_on_a_measured_line_is_earned_as_it_is_measured(
    books: Path, contract: str, expected: dict[Any, str]
) -> None:
    assert revenue(books, contract) == money(expected)


def test_nothing_blocks_the_close(books: Path) -> None:
    assert small_books.rows(books, "select rule, explanation from reports.anomaly_flags where severity = 'block'") == []
