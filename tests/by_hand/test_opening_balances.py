"""Contracts taken over from an earlier system in April 2026: what was accepted stands in March, the rest is ours."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books
from public_tables import changed_contracts, contents

from orchestration import pipeline

AS_OF, THROUGH = "2026-10-05", "2026-08"
YEARS = ["equal", "differs", "arrears", "ahead", "open", "receivable", "wrong", "folded", "rebate", "group1", "group2"]
OTHERS = ["usage", "project", "euro", "missing", "unsigned"]
TERM = "2026-01-01,2026-12-31"

TABLES = {
    "policies": "entity_id,book,policy,value\nacme,*,straight_line,monthly_even\n",
    "fx_rates": "rate_on,from_currency,to_currency,rate\n2026-01-01,EUR,USD,1.10\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on,netting_group\n"
    + "".join(
        f"{name},c1,acme,{'EUR' if name == 'euro' else 'USD'},{'2026-05-01' if name == 'unsigned' else '2026-01-01'},"
        f"{'g' if name.startswith('group') else ''}\n"
        for name in YEARS + OTHERS
    ),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change,treatment\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception,\n" for name in YEARS + OTHERS)
    + "folded,2,2026-06-01,2026-06-01,price_change,prospective\n",
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on,billing_timing,unit_price\n"
    + "".join(f"{name},1,L1,plan,1200.00,{TERM},{'arrears' if name == 'arrears' else 'advance'},\n" for name in YEARS)
    + f"folded,2,L1,plan,1900.00,{TERM},advance,\n"
    + f"usage,1,L1,meter,0.00,{TERM},arrears,2.00\n"
    + f"project,1,L1,project,1000.00,{TERM},advance,\n"
    + "".join(f"{name},1,L1,plan,1200.00,{TERM},advance,\n" for name in ("euro", "missing", "unsigned"))
    + f"missing,1,L2,plan,1200.00,{TERM},advance,\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    "i-open,c1,acme,USD,2026-02-01,open\ni-arrears,c1,acme,USD,2026-04-10,arrears\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount,tax_amount\n"
    "i-open,i-open-1,L1,plan,1200.00,120.00\ni-arrears,i-arrears-1,L1,plan,300.00,\n",
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount\n"
    "p-before,payment,c1,acme,i-open,2026-03-10,USD,400.00\np-after,payment,c1,acme,i-open,2026-04-20,USD,920.00\n",
    "price_components": "contract_id,component_id,kind\nrebate,back,rebate\n",
    "price_estimates": "component_id,estimated_on,method,amount\nback,2026-01-01,stated,-120.00\n",
    "usage": "usage_id,contract_id,line_id,used_on,quantity\nu1,usage,L1,2026-04-11,10\n",
    "progress": "contract_id,line_id,measured_on,to_date\nproject,L1,2026-05-31,60\n",
    "contract_costs": "cost_id,contract_id,kind,incurred_on,amount,amortise_from,amortise_to\n"
    "commission,equal,obtain,2026-01-01,240.00,2026-01-01,2027-12-31\n",
}
HEADER = (
    "entity_id,period,contract_id,line_id,recognized_to_date,billed_to_date,progress_to_date,role,balance,"
    "source,accepted_by\n"
)
OPENINGS = [
    "equal,L1,300.00,1200.00,,deferred_revenue,900.00",
    "equal,L1,300.00,1200.00,,revenue,300.00",
    "differs,L1,250.00,1200.00,,deferred_revenue,950.00",
    "arrears,L1,300.00,0.00,,unbilled_receivable,300.00",
    "ahead,L1,300.00,0.00,,contract_asset,300.00",
    "open,L1,300.00,1200.00,,accounts_receivable,920.00",
    "receivable,L1,300.00,1200.00,,accounts_receivable,500.00",
    "wrong,L1,300.00,1200.00,,deferred_revenue,899.99",
    "folded,L1,300.00,1200.00,,,",
    "rebate,L1,270.00,1200.00,,deferred_revenue,810.00",
    "rebate,L1,270.00,1200.00,,refund_liability,120.00",
    "group1,L1,300.00,1200.00,,deferred_revenue,600.00",
    "group2,L1,300.00,0.00,,contract_asset,0.00",
    "usage,L1,200.00,150.00,,unbilled_receivable,50.00",
    "project,L1,400.00,500.00,40,deferred_revenue,100.00",
    "euro,L1,300.00,1200.00,,,",
    "missing,L1,300.00,1200.00,,,",
    "unsigned,L1,0.00,0.00,,,",
]


def build(folder: Path, database: Path, openings: list[str]) -> Path:
    text = HEADER + "".join(f"acme,2026-04,{row},legacy,ann\n" for row in openings)
    inputs = small_books.write(folder, {**TABLES, "opening_balances": text})
    pipeline.run(inputs=inputs, database=database, as_of=AS_OF, through=THROUGH)
    return database


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("openings")


@pytest.fixture(scope="module")
def books(own_dbt_target: None, home: Path) -> Path:
    return build(home / "inputs", home / "books.duckdb", OPENINGS)


def entry(books: Path, contract: str) -> dict[str, Decimal]:
    """The opening entry of a contract: debit less credit by role."""
    return small_books.amounts(
        books,
        "select role, sum(debit - credit) as amount from reports.journal_lines"  # noqa: S608
        f" where source_type = 'opening_balance' and source_id = '{contract}' group by role having amount <> 0",
    )


def money(**roles: float) -> dict[str, Decimal]:
    return {role: Decimal(str(amount)) for role, amount in roles.items()}


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        ("equal", money(external_asset=1200, deferred_revenue=-900, revenue=-300)),
        ("differs", money(external_asset=1200, deferred_revenue=-950, revenue=-250)),
        ("arrears", money(unbilled_receivable=300, revenue=-300)),
        ("ahead", money(contract_asset=300, revenue=-300)),
        # 1,320.00 with tax, of which 400.00 were paid.
        (
            "open",
            money(accounts_receivable=920, external_asset=400, deferred_revenue=-900, tax_payable=-120, revenue=-300),
        ),
        ("receivable", money(accounts_receivable=500, external_asset=700, deferred_revenue=-900, revenue=-300)),
        (
            "rebate",
            money(external_asset=1200, deferred_revenue=-810, refund_liability=-120, revenue=-270),
        ),
        # What one of a group earned ahead is net of what the other owes.
        ("group1", money(external_asset=1200, deferred_revenue=-900, revenue=-300)),
        ("group2", money(deferred_revenue=300, revenue=-300)),
        ("usage", money(unbilled_receivable=50, external_asset=150, revenue=-200)),
        ("project", money(external_asset=500, deferred_revenue=-100, revenue=-400)),
    ],
)
def test_the_opening_entry_is_the_accepted_balance(books: Path, contract: str, expected: dict[str, Decimal]) -> None:
    assert entry(books, contract) == expected


def test_there_is_one_entry_before_april_for_each_contract_and_cost(books: Path) -> None:
    assert small_books.rows(
        books,
        "select entry_type, cause, source_type, entry_date::text, count(*) from reports.journal_entries"
        " where posting_period < '2026-04' group by all order by source_type",
    ) == [
        ("opening_balance", "opening_balance", "contract_cost", "2026-03-31", 1),
        ("opening_balance", "opening_balance", "opening_balance", "2026-03-31", 13),
    ]


def revenue(books: Path, contract: str) -> list[tuple[str, str, Decimal]]:
    return small_books.rows(
        books,
        "select accounting_period, cause, amount from reports.recognition_by_period"  # noqa: S608
        f" where contract_id = '{contract}' and accounting_period <= '2026-06' order by 1, 2",
    )


def test_the_schedule_goes_on_and_a_difference_is_caught_up_in_the_first_month(books: Path) -> None:
    hundred = [("2026-05", "schedule", Decimal(100)), ("2026-06", "schedule", Decimal(100))]
    assert revenue(books, "equal") == [
        ("2026-03", "opening_balance", Decimal(300)),
        ("2026-04", "schedule", Decimal(100)),
        *hundred,
    ]
    assert revenue(books, "differs") == [
        ("2026-03", "opening_balance", Decimal(250)),
        ("2026-04", "opening_balance", Decimal(50)),
        ("2026-04", "schedule", Decimal(100)),
        *hundred,
    ]
    # A prospective change in June: 1,900.00 less 500.00 over seven months.
    assert revenue(books, "folded")[-2:] == [
        ("2026-05", "schedule", Decimal(100)),
        ("2026-06", "schedule", Decimal(200)),
    ]
    # What use prices has no other figure for the time before; a measure goes on from the accepted one.
    assert revenue(books, "usage") == [
        ("2026-03", "opening_balance", Decimal(200)),
        ("2026-04", "schedule", Decimal(20)),
    ]
    assert revenue(books, "project") == [
        ("2026-03", "opening_balance", Decimal(400)),
        ("2026-05", "schedule", Decimal(200)),
    ]


def test_days_begin_with_april(books: Path) -> None:
    assert small_books.rows(
        books,
        "select recognized_on::text, cause, amount from reports.daily_recognition"
        " where contract_id = 'differs' and (recognized_on <= '2026-03-31' or cause = 'opening_balance') order by 1, 2",
    ) == [("2026-03-31", "opening_balance", Decimal(250)), ("2026-04-01", "opening_balance", Decimal(50))]


def test_balances_of_the_contracts_are_to_the_cent(books: Path) -> None:
    balances = small_books.rows(
        books,
        "select contract_id, period, receivable, unbilled_receivable, contract_asset, contract_liability"
        " from reports.contract_balances where period in ('2026-03', '2026-04') order by 1, 2",
    )
    found = {(contract, period): tuple(int(amount) for amount in rest) for contract, period, *rest in balances}
    assert found == {
        ("ahead", "2026-03"): (0, 0, 300, 0),
        ("ahead", "2026-04"): (0, 0, 400, 0),
        ("arrears", "2026-03"): (0, 300, 0, 0),
        ("arrears", "2026-04"): (300, 100, 0, 0),
        ("differs", "2026-03"): (0, 0, 0, 950),
        ("differs", "2026-04"): (0, 0, 0, 800),
        ("equal", "2026-03"): (0, 0, 0, 900),
        ("equal", "2026-04"): (0, 0, 0, 800),
        ("folded", "2026-03"): (0, 0, 0, 900),
        ("folded", "2026-04"): (0, 0, 0, 800),
        ("group1", "2026-03"): (0, 0, 0, 600),
        ("group1", "2026-04"): (0, 0, 0, 400),
        ("group2", "2026-03"): (0, 0, 0, 0),
        ("group2", "2026-04"): (0, 0, 0, 0),
        ("open", "2026-03"): (920, 0, 0, 900),
        ("open", "2026-04"): (0, 0, 0, 800),
        ("project", "2026-03"): (0, 0, 0, 100),
        ("project", "2026-04"): (0, 0, 0, 100),
        ("rebate", "2026-03"): (0, 0, 0, 810),
        ("rebate", "2026-04"): (0, 0, 0, 720),
        ("receivable", "2026-03"): (500, 0, 0, 900),
        ("receivable", "2026-04"): (500, 0, 0, 800),
        ("usage", "2026-03"): (0, 50, 0, 0),
        ("usage", "2026-04"): (0, 70, 0, 0),
        ("wrong", "2026-03"): (0, 0, 0, 900),
        ("wrong", "2026-04"): (0, 0, 0, 800),
    }


def test_the_trial_balance_and_the_roll_forward_begin_with_what_was_accepted(books: Path) -> None:
    assert small_books.amounts(
        books, "select role, closing from reports.trial_balance where period = '2026-03' and closing <> 0"
    ) == money(
        external_asset=8980,
        accounts_receivable=1420,
        unbilled_receivable=350,
        contract_asset=300,
        contract_cost_asset=210,
        deferred_revenue=6960,
        refund_liability=120,
        tax_payable=120,
        commissions_payable=240,
        revenue=3820,
    )
    assert small_books.rows(
        books,
        "select period, opening, billings, recognized, adjustments, closing from reports.deferred_revenue_rollforward"
        " where contract_id = 'differs' and period <= '2026-04' order by 1",
    ) == [
        ("2026-03", *(Decimal(amount) for amount in (0, 0, 0, 950, 950))),
        ("2026-04", *(Decimal(amount) for amount in (950, 0, -150, 0, 800))),
    ]
    assert small_books.rows(
        books,
        "select period, opening, capitalized, amortized, closing from reports.contract_cost_rollforward"
        " where period <= '2026-04' order by 1",
    ) == [
        ("2026-03", *(Decimal(amount) for amount in (0, 210, 0, 210))),
        ("2026-04", *(Decimal(amount) for amount in (210, 0, -10, 200))),
    ]


def test_flags_name_what_differs_and_what_is_not_taken_over(books: Path) -> None:
    # Contracts of one customer that were signed together are asked about, whatever their opening balances.
    assert small_books.rows(
        books,
        "select rule, severity, source_id, expected, actual from reports.anomaly_flags"
        " where rule <> 'combination_is_considered' order by 1, 3",
    ) == [
        (
            "contract_is_accounted_for",
            "block",
            "euro",
            "a contract the rules cover",
            "its opening balance in EUR does not say what it was worth in USD",
        ),
        (
            "contract_is_accounted_for",
            "block",
            "missing",
            "a contract the rules cover",
            "line L2 begins before 2026-04 and has no opening balance",
        ),
        (
            "contract_is_accounted_for",
            "block",
            "unsigned",
            "a contract the rules cover",
            "it was not signed before 2026-04, where its opening balance begins",
        ),
        ("opening_balance_reconciles", "block", "wrong:deferred_revenue", "899.990 USD", "900.000 USD"),
        ("opening_revenue_follows_the_terms", "review", "differs:L1", "300.000 USD", "250.000 USD"),
    ]


def test_a_corrected_opening_balance_computes_its_contract_alone(books: Path, home: Path) -> None:
    corrected = [row.replace("899.99", "900.00").replace("differs,L1,250.00", "differs,L1,300.00") for row in OPENINGS]
    corrected = [row.replace("950.00", "900.00") for row in corrected]
    after = contents(build(home / "inputs", books, corrected))
    assert changed_contracts(books) == 2
    assert after == contents(build(home / "again", home / "anew.duckdb", corrected))
