"""What is paid before there is a right to payment: contract liability for the cash alone (606-10-45-2, 45-4, 55-287).

Invoices of 2026-01-10, due on 1 April, of a company that waits for the due day. Service of May, unless it says
otherwise, so that nothing is earned while the entries of an invoice are read.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

MAY, YEAR = "2026-05-01,2026-05-31", "2026-01-01,2026-12-31"
EUROS = ["euro", "euro1", "euro2"]
# Contract -> the invoice of it, in lines of amount and tax.
ONE_LINE = ["over", "back", "refund", "note", "whole", "void", "unpaid", "loss", "deposit", "before", "euro"]
CONTRACTS = [
    "returns",
    "part",
    "earned",
    "arrears",
    "mixed",
    "named",
    "s1",
    "s2",
    "m1",
    "m2",
    *ONE_LINE,
    "euro1",
    "euro2",
]
TABLES = {
    "policies": "entity_id,policy,value\nacme,receivable_when,due\n",
    "account_mappings": small_books.COMPANY["account_mappings"]
    + "".join(f"{role},{role},{role}\n" for role in ("customer_deposit", "pass_through_payable", "refunds")),
    "fx_rates": "rate_on,from_currency,to_currency,rate\n2026-01-01,EUR,USD,1.00\n2026-02-01,EUR,USD,1.10\n"
    "2026-03-01,EUR,USD,1.20\n2026-04-01,EUR,USD,1.30\n2026-04-15,EUR,USD,1.40\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,{'EUR' if name in EUROS else 'USD'},2026-01-01\n" for name in CONTRACTS),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in CONTRACTS),
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on,billing_timing,"
    "cancellable_until\n"
    + "".join(
        f"{name},1,L1,plan,1200.00,{YEAR if name in ('earned', 'arrears') else MAY},"
        f"{'arrears' if name == 'arrears' else ''},\n"
        for name in CONTRACTS
        if name not in ("mixed", "m2")
    )
    + f"mixed,1,L1,plan,600.00,{MAY},,\nmixed,1,L2,plan,600.00,{MAY},,2026-05-31\n"
    + f"named,1,L2,plan,600.00,{MAY},,\nm2,1,L1,plan,500.00,{MAY},,2026-05-31\n",
    "price_components": "component_id,contract_id,kind\nreturns-c,returns,refund_right\n",
    "price_estimates": "component_id,estimated_on,method,amount\nreturns-c,2026-01-01,stated,-120.00\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,due_on,contract_id\n"
    + "".join(
        f"i-{name},c1,acme,{'EUR' if name in EUROS else 'USD'},2026-01-10,2026-04-01,{name}\n"
        for name in [*ONE_LINE, "part", "earned", "arrears", "named", "returns"]
    )
    + "i-mixed,c1,acme,USD,2026-01-10,,mixed\ni-s,c1,acme,USD,2026-01-10,2026-04-01,\n"
    "i-m,c1,acme,USD,2026-01-10,,\ni-eu,c1,acme,EUR,2026-01-10,2026-04-01,\n"
    "own,c1,acme,USD,2026-01-10,2026-04-01,\nown-back,c1,acme,USD,2026-01-10,2026-04-01,\n",
    "invoice_lines": "invoice_id,invoice_line_id,contract_id,line_id,product_id,amount,tax_amount,kind,"
    "starts_on,ends_on\n"
    + "".join(f"i-{name},{name}-1,,L1,plan,1200.00,,,,\n" for name in [*ONE_LINE, "earned", "arrears", "returns"])
    + "i-part,part-1,,L1,plan,1200.00,240.00,,,\ni-part,part-2,,,,60.00,,pass_through,,\n"
    "i-named,named-1,,L1,plan,600.00,,,,\ni-named,named-2,,L2,plan,600.00,,,,\n"
    "i-mixed,mixed-1,,L1,plan,600.00,,,,\ni-mixed,mixed-2,,L2,plan,600.00,,,,\n"
    "i-s,s-1,s1,L1,plan,1000.00,,,,\ni-s,s-2,s2,L1,plan,500.00,,,,\n"
    "i-m,m-1,m1,L1,plan,1000.00,,,,\ni-m,m-2,m2,L1,plan,500.00,,,,\n"
    "i-eu,eu-1,euro1,L1,plan,1000.00,,,,\ni-eu,eu-2,euro2,L1,plan,500.00,,,,\n"
    f"own,own-1,,,plan,1200.00,240.00,,{MAY}\nown-back,own-back-1,,,plan,1200.00,,,{MAY}\n",
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount\n"
    "returns-1,payment,c1,acme,i-returns,2026-02-01,USD,300.00\n"
    "part-1,payment,c1,acme,i-part,2026-02-01,USD,375.00\npart-2,payment,c1,acme,i-part,2026-03-01,USD,375.00\n"
    "part-3,payment,c1,acme,i-part,2026-04-10,USD,750.00\n"
    "earned-1,payment,c1,acme,i-earned,2026-02-01,USD,300.00\n"
    "arrears-1,payment,c1,acme,i-arrears,2026-02-01,USD,100.00\n"
    "over-1,payment,c1,acme,i-over,2026-02-01,USD,1500.00\n"
    "back-1,payment,c1,acme,i-back,2026-02-01,USD,500.00\nback-2,dispute,c1,acme,i-back,2026-03-01,USD,200.00\n"
    "back-3,dispute_won,c1,acme,i-back,2026-03-10,USD,50.00\n"
    "refund-1,payment,c1,acme,i-refund,2026-02-01,USD,500.00\n"
    "refund-2,refund,c1,acme,i-refund,2026-03-01,USD,200.00\n"
    "note-1,payment,c1,acme,i-note,2026-02-01,USD,1000.00\nwhole-1,payment,c1,acme,i-whole,2026-02-01,USD,500.00\n"
    "named-1,payment,c1,acme,i-named,2026-02-01,USD,500.00\n"
    "void-1,payment,c1,acme,i-void,2026-02-01,USD,500.00\nloss-1,payment,c1,acme,i-loss,2026-02-01,USD,500.00\n"
    "deposit-1,deposit,c1,acme,i-deposit,2026-02-01,USD,500.00\n"
    "before-1,payment,c1,acme,i-before,2026-01-05,USD,500.00\n"
    "mixed-1,payment,c1,acme,i-mixed,2026-02-01,USD,800.00\n"
    "s-1,payment,c1,acme,i-s,2026-02-01,USD,750.00\nm-1,payment,c1,acme,i-m,2026-02-01,USD,750.00\n"
    "euro-1,payment,c1,acme,i-euro,2026-02-01,EUR,300.00\neuro-2,payment,c1,acme,i-euro,2026-03-01,EUR,300.00\n"
    "euro-3,payment,c1,acme,i-euro,2026-04-15,EUR,600.00\n"
    "eu-1,payment,c1,acme,i-eu,2026-02-01,EUR,750.00\neu-2,payment,c1,acme,i-eu,2026-04-15,EUR,750.00\n"
    "own-1,payment,c1,acme,own,2026-02-01,USD,360.00\n"
    "own-2,payment,c1,acme,own-back,2026-01-05,USD,500.00\nown-3,refund,c1,acme,own-back,2026-03-01,USD,200.00\n",
    "invoice_events": "event_id,invoice_id,kind,occurred_on,amount\n"
    "end,i-void,void,2026-03-01,\nend-unpaid,i-unpaid,void,2026-03-01,\nlost,i-loss,write_off,2026-02-15,\n",
    "credit_notes": "credit_note_id,invoice_id,customer_id,issued_on,reason\n"
    + "".join(f"cn-{name},i-{name},c1,2026-03-01,billing_error\n" for name in ("note", "whole", "named", "s")),
    "credit_note_lines": "credit_note_id,credit_note_line_id,invoice_line_id,amount\n"
    "cn-note,cn-note-1,note-1,300.00\ncn-whole,cn-whole-1,,300.00\ncn-named,cn-named-1,named-1,300.00\n"
    "cn-s,cn-s-1,s-2,300.00\n",
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("rights")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of="2026-12-31", through="2026-12")
    return home / "books.duckdb"


def entries(books: Path, contract: str, columns: str = "lines.debit - lines.credit") -> dict[str, dict[str, Decimal]]:
    """Day -> what the entries of it but those of revenue and period ends debit, by role."""
    found: dict[str, dict[str, Decimal]] = {}
    for day, role, amount in small_books.rows(
        books,
        f"select cast(entries.entry_date as varchar), lines.role, sum({columns}) from reports.journal_lines as lines"  # noqa: S608
        " inner join reports.journal_entries as entries using (entry_id)"
        f" where lines.contract_id = '{contract}'"
        " and entries.entry_type not in ('revenue', 'reclassification', 'fx_remeasurement') group by all",
    ):
        if amount:
            found.setdefault(day, {})[role] = amount
    return found


def entry(**roles: str | int) -> dict[str, Decimal]:
    return {role: Decimal(amount) for role, amount in roles.items()}


FEBRUARY, MARCH, APRIL = "2026-02-01", "2026-03-01", "2026-04-01"
PAID_500 = entry(cash=500, deferred_revenue=-500)


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        # 375.00 is a quarter of 1,500.00: of the price, of the tax, of what is collected for others.
        (
            "part",
            {
                FEBRUARY: entry(cash=375, deferred_revenue=-300, tax_payable=-60, pass_through_payable=-15),
                MARCH: entry(cash=375, deferred_revenue=-300, tax_payable=-60, pass_through_payable=-15),
                APRIL: entry(
                    accounts_receivable=750, deferred_revenue=-600, tax_payable=-120, pass_through_payable=-30
                ),
                "2026-04-10": entry(cash=750, accounts_receivable=-750),
            },
        ),
        # No more than the invoice bills is liability of the contract.
        ("over", {FEBRUARY: entry(cash=1500, deferred_revenue=-1200, customer_balance=-300)}),
        # 500.00 less 200.00 that went back and 50.00 that came again: 850.00 fall due.
        (
            "back",
            {
                FEBRUARY: PAID_500,
                MARCH: entry(cash=-200, deferred_revenue=200),
                "2026-03-10": entry(cash=50, deferred_revenue=-50),
                APRIL: entry(accounts_receivable=850, deferred_revenue=-850),
            },
        ),
        # A refund gives back what was billed: 1,000.00 are left of the invoice, 300.00 of them paid.
        (
            "refund",
            {
                FEBRUARY: PAID_500,
                MARCH: entry(cash=-200, deferred_revenue=200),
                APRIL: entry(accounts_receivable=700, deferred_revenue=-700),
            },
        ),
        # 1,000.00 paid of what is 900.00 after the note; nothing falls due.
        (
            "note",
            {
                FEBRUARY: entry(cash=1000, deferred_revenue=-1000),
                MARCH: entry(deferred_revenue=100, customer_balance=-100),
            },
        ),
        # Of 900.00 are 500.00 paid: the note lowers what falls due. It names no line.
        ("whole", {FEBRUARY: PAID_500, APRIL: entry(accounts_receivable=400, deferred_revenue=-400)}),
        # 250.00 were paid of each line; of the 300.00 and 600.00 after the note it is a third and two.
        ("named", {FEBRUARY: PAID_500, APRIL: entry(accounts_receivable=400, deferred_revenue=-400)}),
        ("void", {FEBRUARY: PAID_500, MARCH: entry(deferred_revenue=500, customer_balance=-500)}),
        ("unpaid", {}),
        # What is lost before there is a right to it is lost when there is one.
        ("loss", {FEBRUARY: PAID_500, APRIL: entry(deferred_revenue=-700, bad_debt=700)}),
        # A deposit stays one until then.
        (
            "deposit",
            {
                FEBRUARY: entry(cash=500, customer_deposit=-500),
                APRIL: entry(accounts_receivable=700, deferred_revenue=-1200, customer_deposit=500),
            },
        ),
        # A tenth is expected to go back: of what is paid, then of what is owed (606-10-32-10).
        (
            "returns",
            {
                FEBRUARY: entry(cash=300, deferred_revenue=-270, refund_liability=-30),
                APRIL: entry(accounts_receivable=900, deferred_revenue=-810, refund_liability=-90),
            },
        ),
        # Paid before the invoice was written.
        ("before", {"2026-01-05": PAID_500, APRIL: entry(accounts_receivable=700, deferred_revenue=-700)}),
        # The first line is a right at once and is paid first; the second may be cancelled until the end of May.
        (
            "mixed",
            {
                "2026-01-10": entry(accounts_receivable=600, deferred_revenue=-600),
                FEBRUARY: entry(cash=800, accounts_receivable=-600, deferred_revenue=-200),
                "2026-06-01": entry(accounts_receivable=400, deferred_revenue=-400),
            },
        ),
        # 750.00 are half of 1,000.00 and of 500.00. After the note of 300.00 are 250.00 paid of 200.00 of the second:
        # 50.00 are the customer's, until the first falls due.
        ("s1", {FEBRUARY: PAID_500, APRIL: entry(accounts_receivable=450, deferred_revenue=-500, customer_balance=50)}),
        (
            "s2",
            {
                FEBRUARY: entry(cash=250, deferred_revenue=-250),
                MARCH: entry(deferred_revenue=50, customer_balance=-50),
            },
        ),
        # The first contract is owed at once, the second may be cancelled.
        (
            "m1",
            {
                "2026-01-10": entry(accounts_receivable=1000, deferred_revenue=-1000),
                FEBRUARY: entry(cash=500, accounts_receivable=-500),
            },
        ),
        (
            "m2",
            {
                FEBRUARY: entry(cash=250, deferred_revenue=-250),
                "2026-06-01": entry(accounts_receivable=250, deferred_revenue=-250),
            },
        ),
        # An invoice of its own: the same, in one set of rows or in sequence.
        (
            "own",
            {
                FEBRUARY: entry(cash=360, deferred_revenue=-300, tax_payable=-60),
                APRIL: entry(accounts_receivable=1080, deferred_revenue=-900, tax_payable=-180),
            },
        ),
        (
            "own-back",
            {
                "2026-01-05": PAID_500,
                MARCH: entry(cash=-200, deferred_revenue=200),
                APRIL: entry(accounts_receivable=700, deferred_revenue=-700),
            },
        ),
    ],
)
def test_before_the_right_only_what_is_paid_is_booked(
    books: Path, contract: str, expected: dict[str, dict[str, Decimal]]
) -> None:
    assert entries(books, contract) == expected


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        # Each part at the rate of its own day; what falls due at that of the due day.
        (
            "euro",
            {
                FEBRUARY: entry(cash=330, deferred_revenue=-330),
                MARCH: entry(cash=360, deferred_revenue=-360),
                APRIL: entry(accounts_receivable=780, deferred_revenue=-780),
                "2026-04-15": entry(cash=840, accounts_receivable=-780, fx_gain_loss=-60),
            },
        ),
        (
            "euro1",
            {
                FEBRUARY: entry(cash=550, deferred_revenue=-550),
                APRIL: entry(accounts_receivable=650, deferred_revenue=-650),
                "2026-04-15": entry(cash=700, accounts_receivable=-650, fx_gain_loss=-50),
            },
        ),
        (
            "euro2",
            {
                FEBRUARY: entry(cash=275, deferred_revenue=-275),
                APRIL: entry(accounts_receivable=325, deferred_revenue=-325),
                "2026-04-15": entry(cash=350, accounts_receivable=-325, fx_gain_loss=-25),
            },
        ),
    ],
)
def test_a_part_paid_before_the_right_keeps_the_rate_of_its_day(
    books: Path, contract: str, expected: dict[str, dict[str, Decimal]]
) -> None:
    assert entries(books, contract, "lines.functional_debit - lines.functional_credit") == expected


@pytest.mark.parametrize(
    ("contract", "period", "expected"),
    [
        # 31 of 365 days of 1,200.00 are 101.92, 59 are 193.97, 120 are 394.52.
        ("earned", "2026-01", {"contract_asset": "101.92"}),
        ("earned", "2026-02", {"contract_liability": "106.03"}),
        ("earned", "2026-04", {"receivable": "900.00", "contract_liability": "805.48"}),
        ("arrears", "2026-01", {"unbilled_receivable": "101.92"}),
        ("arrears", "2026-02", {"unbilled_receivable": "93.97"}),
        ("arrears", "2026-04", {"receivable": "1100.00", "contract_liability": "805.48"}),
    ],
)
def test_what_is_earned_meanwhile_stands_against_what_is_paid(
    books: Path, contract: str, period: str, expected: dict[str, str]
) -> None:
    names = ["receivable", "unbilled_receivable", "contract_asset", "contract_liability"]
    found = small_books.rows(
        books,
        f"select {', '.join(names)} from reports.contract_balances"  # noqa: S608
        f" where contract_id = '{contract}' and period = '{period}'",
    )
    balances = {name: amount for row in found for name, amount in zip(names, row, strict=True) if amount}
    assert balances == {name: Decimal(amount) for name, amount in expected.items()}


def test_nothing_of_it_stops_the_close(books: Path) -> None:
    assert small_books.rows(books, "select rule, explanation from reports.anomaly_flags where severity = 'block'") == []


def test_a_month_before_the_right_can_be_closed(own_dbt_target: None, tmp_path: Path) -> None:
    """At the end of February some invoices are paid in part, and the credits of March are still to come."""
    inputs, database = small_books.write(tmp_path / "inputs", TABLES), tmp_path / "books.duckdb"
    pipeline.run(inputs=inputs, database=database, as_of="2026-12-31", through="2026-02")
    assert small_books.rows(database, "select * from reports.anomaly_flags where severity = 'block'") == []
