"""Correct books have no blocking flag, and what lost a row, or a weight, has one that says so."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

YEAR = "2026-01-01,2026-12-31"
VERSIONS = {"right": "upsell", "more": "upsell", "gone": "price_change"}
FIRST_LINES = {
    "residual": [f"A,thing,500.00,{YEAR},1,400.00,", f"B,rest,500.00,{YEAR},1,,"],
    "right": [f"P,thing,1000.00,{YEAR},1,1000.00,", f"R,credits,0.00,{YEAR},1,250.00,"],
    "more": [f"A,plan,1200.00,{YEAR},1,,"],
    "gone": [f"A,plan,1200.00,{YEAR},1,,"],
    "one": [f"A,plan,1000.00,{YEAR},1,,"],
    "two": [f"A,thing,1000.00,{YEAR},1,,"],
    "financed": ["A,thing,1000.00,2028-01-01,2028-01-01,1,,"],
    "short": ["A,thing,1000.00,2028-01-01,2028-01-01,1,,"],
    "lent": ["A,thing,1000.00,2026-01-01,2026-01-01,1,,"],
    "units": [f"U,credits,1000.00,{YEAR},100,,"],
    "unread": [f"A,plan,1200.00,{YEAR},1,,"],
    "nothing": [f"A,plan,0.00,{YEAR},1,,", f"B,thing,0.00,{YEAR},1,,"],
    **{name: [f"A,plan,1200.00,{YEAR},1,,"] for name in ("opening", "estimate", "instalment", "unrated", "credited")},
}
SECOND_LINES = {
    "right": [*FIRST_LINES["right"], "S,plan,600.00,2026-08-01,2027-07-31,1,850.00,R"],
    "more": [f"A,plan,1500.00,{YEAR},1,,"],
    "gone": [f"A,plan,1500.00,{YEAR},1,,"],
}
ROLES = [*small_books.ROLES, "interest_expense", "interest_income"]


def text(header: str, rows: Iterable[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


TABLES = {
    "account_mappings": text("role,account_code,account_name", (f"{role},{role},{role}" for role in ROLES)),
    "products": text(
        "product_id,product_name,recognition_method",
        ["plan,Plan,straight_line", "rest,Rest,straight_line", "thing,Thing,point_in_time", "credits,Credits,units"],
    ),
    "standalone_selling_prices": text(
        "product_id,currency,valid_from,low,price,high,method,approved_by",
        ["rest,USD,2020-01-01,550.00,650.00,700.00,residual,CFO"],
    ),
    "contracts": text(
        "contract_id,customer_id,entity_id,currency,signed_on,combine_with",
        (f"{name},c1,acme,USD,2026-01-01,{'one' if name == 'two' else ''}" for name in FIRST_LINES),
    ),
    "contract_versions": text(
        "contract_id,version,agreed_on,effective_on,change,treatment",
        [
            *(f"{name},1,2026-01-01,2026-01-01,inception," for name in FIRST_LINES),
            *(
                f"{name},2,2026-07-01,2026-07-01,{change},{'separate_contract' if name == 'more' else ''}"
                for name, change in VERSIONS.items()
            ),
        ],
    ),
    "contract_lines": text(
        "contract_id,version,line_id,product_id,amount,starts_on,ends_on,quantity,ssp,exercises_line_id",
        [f"{name},1,{line}" for name, lines in FIRST_LINES.items() for line in lines]
        + [f"{name},2,{line}" for name, lines in SECOND_LINES.items() for line in lines],
    ),
    "price_components": text(
        "contract_id,component_id,kind,rate",
        [
            *(f"{name},{name}-bonus,variable," for name in ("gone", "two", "financed", "short", "nothing", "estimate")),
            *(f"{name},{name}-time,financing,0.10" for name in ("financed", "short", "lent")),
            "unrated,unrated-time,financing,",
        ],
    ),
    "price_estimates": text(
        "component_id,estimated_on,method,amount",
        [
            "gone-bonus,2026-01-01,stated,120.00",
            "gone-bonus,2026-10-01,stated,0.00",
            "two-bonus,2026-07-01,stated,100.01",
            "financed-bonus,2027-06-30,stated,50.00",
            "short-bonus,2027-06-30,stated,50.00",
            "nothing-bonus,2026-01-01,stated,10.00",
            "estimate-bonus,2026-01-01,stated,10.001",
        ],
    ),
    "payment_schedules": text(
        "contract_id,due_on,amount",
        [
            "financed,2026-01-01,1000.00",
            "short,2026-01-01,900.00",
            "lent,2029-01-01,1000.00",
            "instalment,2026-01-01,1000.001",
        ],
    ),
    "opening_balances": text(
        "entity_id,period,contract_id,line_id,recognized_to_date,billed_to_date,source,accepted_by",
        ["acme,2026-04,opening,A,300.001,1200.00,legacy,ann"],
    ),
    "invoices": text(
        "invoice_id,customer_id,entity_id,currency,issued_on,contract_id",
        [
            *(f"i-{name},c1,acme,USD,2026-01-01,{name}" for name in ("financed", "short", "lent")),
            "i-credited,c1,acme,USD,2026-01-01,credited",
            "i-unread,c1,acme,USD,2026-01-01,unread",
        ],
    ),
    "invoice_lines": text(
        "invoice_id,invoice_line_id,line_id,amount",
        [
            *(f"i-{name},{name[0]}-1,A,1000.00" for name in ("financed", "short", "lent")),
            "i-credited,c-1,A,1200.00",
            "i-unread,u-1,A,1200.00",
        ],
    ),
    "credit_notes": text("credit_note_id,invoice_id,customer_id,issued_on", ["n,i-credited,c1,2026-02-01"]),
    "credit_note_lines": text("credit_note_id,credit_note_line_id,invoice_line_id,amount", ["n,n-1,u-1,10.00"]),
    "usage": text(
        "usage_id,contract_id,line_id,used_on,quantity", ["u1,units,U,2026-03-10,25", "u2,unread,A,2026-03-10,25"]
    ),
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("flags")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of="2037-12-31", through="2028-12")
    return home / "books.duckdb"


def test_only_what_is_wrong_blocks_the_close(books: Path) -> None:
    lost = ["credited", "estimate", "instalment", "opening", "unrated"]
    assert small_books.rows(
        books,
        "select distinct contract_id, rule from reports.anomaly_flags where severity = 'block' order by contract_id",
    ) == sorted(
        [
            *((name, "contract_is_accounted_for") for name in lost),
            ("nothing", "share_is_its_weight"),
            ("short", "financing_cancels_out"),
        ]
    )


def test_instalments_that_miss_the_price_are_told_apart_from_a_loan_that_runs(books: Path) -> None:
    """900.00 paid for 1,000.00: at 10% in two years a price of 900.00 × 1.21: 89.00 more, interest of 189.00."""
    query = "select expected, actual from reports.anomaly_flags where rule = 'financing_cancels_out'"
    assert small_books.rows(books, query) == [("interest that makes up for 89.000", "-189.000")]


def test_what_lost_a_row_has_no_numbers_and_a_reason(books: Path) -> None:
    reasons = dict(
        small_books.rows(
            books,
            "select contract_id, explanation from reports.anomaly_flags where rule = 'contract_is_accounted_for'",
        )
    )
    tables = {
        "opening": "opening_balances",
        "estimate": "price_estimates",
        "instalment": "payment_schedules",
        "unrated": "price_components",
        "credited": "credit_note_lines",
    }
    assert {name: reasons[name].split(" in ")[-1].split()[0] for name in tables} == tables
    assert not set(tables) & {
        name for (name,) in small_books.rows(books, "select distinct contract_id from reports.recognition_by_period")
    }


def test_units_are_earned_as_they_are_used(books: Path) -> None:
    assert small_books.amounts(
        books,
        "select accounting_period, sum(amount) from reports.recognition_by_period"
        " where contract_id = 'units' group by accounting_period",
    ) == {"2026-03": Decimal("250.00"), "2026-12": Decimal("750.00")}


def test_use_of_what_time_earns_is_shown_to_somebody(books: Path) -> None:
    assert small_books.rows(
        books, "select source_id, severity from reports.anomaly_flags where rule = 'fact_is_used'"
    ) == [("unread:A:use", "review")]
