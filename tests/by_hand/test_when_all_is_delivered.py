"""What waits for the invoice only is an unbilled receivable; an obligation of several lines has one measure."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

CONTRACTS = ["once", "two", "renewed", "dropped", "built", "agreed"]
TABLES = {
    "products": "product_id,product_name,recognition_method,obligation\n"
    "item,Item,point_in_time,\nplan,Plan,straight_line,\nfoundation,Foundation,percent_complete,hospital\n"
    "wards,Wards,percent_complete,hospital\n",
    "policies": "entity_id,book,policy,value\nacme,*,straight_line,monthly_even\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,USD,2026-01-01\n" for name in CONTRACTS),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in CONTRACTS)
    + "renewed,2,2026-07-01,2026-07-01,extension\ndropped,2,2026-04-01,2026-04-01,downgrade\n",
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on,ssp\n"
    "once,1,L1,item,6000.00,2026-03-10,,\n"
    "two,1,A,item,750.00,2026-03-05,,750.00\ntwo,1,B,item,250.00,2026-05-09,,250.00\n"
    # Half a year, and half a year more that is agreed after it.
    "renewed,1,L1,plan,600.00,2026-01-01,2026-06-30,\nrenewed,2,L1,plan,1200.00,2026-01-01,2026-12-31,\n"
    # An item of September that a later version leaves out.
    "dropped,1,A,item,500.00,2026-02-05,,500.00\ndropped,1,B,item,500.00,2026-09-05,,500.00\n"
    "dropped,2,A,item,500.00,2026-02-05,,500.00\n"
    "built,1,D,foundation,200000.00,2026-01-01,,\nbuilt,1,E,wards,800000.00,2026-01-01,,\n"
    "agreed,1,D,foundation,200000.00,2026-01-01,,\nagreed,1,E,wards,800000.00,2026-01-01,,\n",
    "progress": "contract_id,line_id,measured_on,to_date\n"
    "built,D,2026-06-30,30\nbuilt,D,2026-09-30,100\n"
    "agreed,D,2026-06-30,30\nagreed,E,2026-06-30,30\nagreed,D,2026-09-30,60\nagreed,E,2026-09-30,60\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    "i-once,c1,acme,USD,2026-04-01,once\ni-two,c1,acme,USD,2026-06-15,two\ni-built,c1,acme,USD,2026-11-15,built\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount\n"
    "i-once,once-1,L1,item,6000.00\ni-two,two-a,A,item,750.00\ni-two,two-b,B,item,250.00\n"
    "i-built,built-d,D,foundation,200000.00\ni-built,built-e,E,wards,800000.00\n",
}
# Contract asset and unbilled receivable.
WAITING = {
    ("once", "2026-03"): (0, 6000),
    ("once", "2026-04"): (0, 0),
    ("two", "2026-03"): (750, 0),
    ("two", "2026-05"): (0, 1000),
    ("two", "2026-06"): (0, 0),
    ("renewed", "2026-05"): (500, 0),
    ("renewed", "2026-06"): (0, 600),
    ("renewed", "2026-07"): (700, 0),
    ("renewed", "2026-12"): (0, 1200),
    ("dropped", "2026-03"): (500, 0),
    ("dropped", "2026-04"): (0, 500),
    ("built", "2026-06"): (300000, 0),
    ("built", "2026-09"): (0, 1000000),
    ("built", "2026-11"): (0, 0),
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("delivered")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of="2027-01-31", through="2026-12")
    return home / "books.duckdb"


@pytest.mark.parametrize(("contract", "period"), WAITING)
def test_what_waits_for_the_invoice_only_is_a_receivable(books: Path, contract: str, period: str) -> None:
    found = small_books.rows(
        books,
        "select contract_asset, unbilled_receivable from reports.contract_balances"  # noqa: S608
        f" where contract_id = '{contract}' and period = '{period}'",
    )
    assert (found or [(0, 0)]) == [tuple(Decimal(amount) for amount in WAITING[contract, period])]


def test_one_measure_counts_for_every_line_of_an_obligation(books: Path) -> None:
    """30 %, then all: stated on one of the lines, or on both alike."""
    assert small_books.rows(
        books,
        "select contract_id, line_id, accounting_period, sum(amount) from reports.recognition_by_period"
        " where contract_id in ('built', 'agreed') group by all order by all",
    ) == [
        ("agreed", "D", "2026-06", 60000),
        ("agreed", "D", "2026-09", 60000),
        ("agreed", "E", "2026-06", 240000),
        ("agreed", "E", "2026-09", 240000),
        ("built", "D", "2026-06", 60000),
        ("built", "D", "2026-09", 140000),
        ("built", "E", "2026-06", 240000),
        ("built", "E", "2026-09", 560000),
    ]


def test_nothing_of_it_stops_the_close(books: Path) -> None:
    assert small_books.rows(books, "select rule, explanation from reports.anomaly_flags where severity = 'block'") == []
