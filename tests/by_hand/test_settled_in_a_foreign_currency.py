"""An invoice in euros that bills two contracts, in books in dollars: what each contract gains and loses, to the cent.

Contract liability stays at 1.10, the rate of the invoice; a receivable stands at the closing rate, and what settles it
is worth what it is on its day (decisions 016 and 032). Service is of 2027, so nothing is earned meanwhile.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

NAMES = ["lost", "thirds", "noted", "early"]
CONTRACTS = [f"{name}{n}" for name in NAMES for n in (1, 2)]
TABLES = {
    "fx_rates": "rate_on,from_currency,to_currency,rate\n2026-01-01,EUR,USD,1.10\n2026-02-10,EUR,USD,1.20\n"
    "2026-03-10,EUR,USD,1.15\n2026-04-10,EUR,USD,1.30\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,EUR,2026-01-01\n" for name in CONTRACTS),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in CONTRACTS),
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on\n"
    + "".join(f"{name},1,L1,plan,1200.00,2027-01-01,2027-12-31\n" for name in CONTRACTS),
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on\n"
    + "".join(f"i-{name},c1,acme,EUR,2026-01-10\n" for name in NAMES),
    "invoice_lines": "invoice_id,invoice_line_id,contract_id,line_id,product_id,amount\n"
    + "".join(f"i-{n},{n}-a,{n}1,L1,plan,1000.00\ni-{n},{n}-b,{n}2,L1,plan,500.00\n" for n in NAMES),
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount\n"
    "lost-1,payment,c1,acme,i-lost,2026-02-10,EUR,600.00\nlost-2,payment,c1,acme,i-lost,2026-03-10,EUR,300.00\n"
    "lost-3,payment,c1,acme,i-lost,2026-05-10,EUR,150.00\n"
    "thirds-1,payment,c1,acme,i-thirds,2026-02-10,EUR,500.00\n"
    "thirds-2,payment,c1,acme,i-thirds,2026-03-10,EUR,500.00\n"
    "thirds-3,payment,c1,acme,i-thirds,2026-04-10,EUR,500.00\n"
    "noted-1,payment,c1,acme,i-noted,2026-02-10,EUR,750.00\nnoted-2,payment,c1,acme,i-noted,2026-04-10,EUR,450.00\n"
    "early-1,payment,c1,acme,i-early,2026-01-05,EUR,1800.00\n"
    "early-2,balance_refunded,c1,acme,i-early,2026-03-10,EUR,300.00\n",
    "invoice_events": "event_id,invoice_id,kind,occurred_on\nloss,i-lost,write_off,2026-04-10\n",
    "credit_notes": "credit_note_id,invoice_id,customer_id,issued_on,reason\ncn,i-noted,c1,2026-03-10,billing_error\n",
    "credit_note_lines": "credit_note_id,credit_note_line_id,invoice_line_id,amount\ncn,cn-1,noted-b,300.00\n",
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("euros")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of="2026-12-31", through="2026-12")
    return home / "books.duckdb"


def entry(**roles: str | int) -> dict[str, Decimal]:
    return {role: Decimal(amount) for role, amount in roles.items()}


INVOICE, FEBRUARY, MARCH, APRIL, MAY = "2026-01-10", "2026-02-10", "2026-03-10", "2026-04-10", "2026-05-10"
END_OF_FEBRUARY, END_OF_MARCH = "2026-02-28", "2026-03-31"


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        # 600.00 are 400.00 and 200.00, 300.00 are 200.00 and 100.00; 400.00 and 200.00 are lost, a quarter of it comes.
        (
            "lost1",
            {
                INVOICE: entry(accounts_receivable=1100, deferred_revenue=-1100),
                FEBRUARY: entry(cash=480, accounts_receivable=-440, fx_gain_loss=-40),
                END_OF_FEBRUARY: entry(accounts_receivable=60, fx_gain_loss=-60),
                MARCH: entry(cash=230, accounts_receivable=-240, fx_gain_loss=10),
                END_OF_MARCH: entry(accounts_receivable=-20, fx_gain_loss=20),
                # The loss is that of its day: the debt was worth 520.00 then.
                APRIL: entry(bad_debt=520, accounts_receivable=-460, fx_gain_loss=-60),
                MAY: entry(cash=130, bad_debt=-130),
            },
        ),
        (
            "lost2",
            {
                INVOICE: entry(accounts_receivable=550, deferred_revenue=-550),
                FEBRUARY: entry(cash=240, accounts_receivable=-220, fx_gain_loss=-20),
                END_OF_FEBRUARY: entry(accounts_receivable=30, fx_gain_loss=-30),
                MARCH: entry(cash=115, accounts_receivable=-120, fx_gain_loss=5),
                END_OF_MARCH: entry(accounts_receivable=-10, fx_gain_loss=10),
                APRIL: entry(bad_debt=260, accounts_receivable=-230, fx_gain_loss=-30),
                MAY: entry(cash=65, bad_debt=-65),
            },
        ),
        # 333.33, 333.34 and 333.33 at 1.20, 1.15 and 1.30 are 1,216.67; 116.67 more than the invoice was worth.
        (
            "thirds1",
            {
                INVOICE: entry(accounts_receivable=1100, deferred_revenue=-1100),
                FEBRUARY: entry(cash="400.00", accounts_receivable="-366.66", fx_gain_loss="-33.34"),
                # 666.67 at 1.20 are 800.00, and stood at 733.34.
                END_OF_FEBRUARY: entry(accounts_receivable="66.66", fx_gain_loss="-66.66"),
                MARCH: entry(cash="383.34", accounts_receivable="-400.01", fx_gain_loss="16.67"),
                # 333.33 at 1.15 are 383.33, and stood at 399.99.
                END_OF_MARCH: entry(accounts_receivable="-16.66", fx_gain_loss="16.66"),
                APRIL: entry(cash="433.33", accounts_receivable="-383.33", fx_gain_loss="-50.00"),
            },
        ),
        (
            "thirds2",
            {
                INVOICE: entry(accounts_receivable=550, deferred_revenue=-550),
                FEBRUARY: entry(cash="200.00", accounts_receivable="-183.34", fx_gain_loss="-16.66"),
                END_OF_FEBRUARY: entry(accounts_receivable="33.34", fx_gain_loss="-33.34"),
                MARCH: entry(cash="191.66", accounts_receivable="-199.99", fx_gain_loss="8.33"),
                END_OF_MARCH: entry(accounts_receivable="-8.34", fx_gain_loss="8.34"),
                APRIL: entry(cash="216.67", accounts_receivable="-191.67", fx_gain_loss="-25.00"),
            },
        ),
        # 500.00 and 250.00 are open. The note takes 300.00 of the second at the rate of the invoice: 250.00 of its
        # receivable, and 50.00 that pay the first, by way of the customer's balance at the rate of the day. The payment
        # of 450.00 then pays 500.00 of the first and takes back the 50.00 paid too much of the second.
        (
            "noted1",
            {
                INVOICE: entry(accounts_receivable=1100, deferred_revenue=-1100),
                FEBRUARY: entry(cash=600, accounts_receivable=-550, fx_gain_loss=-50),
                END_OF_FEBRUARY: entry(accounts_receivable=50, fx_gain_loss=-50),
                MARCH: entry(customer_balance="57.50", accounts_receivable=-60, fx_gain_loss="2.50"),
                END_OF_MARCH: entry(accounts_receivable="-22.50", fx_gain_loss="22.50"),
                APRIL: entry(cash=650, accounts_receivable="-517.50", customer_balance="-57.50", fx_gain_loss=-75),
            },
        ),
        (
            "noted2",
            {
                INVOICE: entry(accounts_receivable=550, deferred_revenue=-550),
                FEBRUARY: entry(cash=300, accounts_receivable=-275, fx_gain_loss=-25),
                END_OF_FEBRUARY: entry(accounts_receivable=25, fx_gain_loss=-25),
                MARCH: entry(
                    deferred_revenue=330, accounts_receivable=-300, customer_balance="-57.50", fx_gain_loss="27.50"
                ),
                APRIL: entry(cash=-65, customer_balance="57.50", fx_gain_loss="7.50"),
            },
        ),
        # 1,800.00 before the bill of 1,500.00: what pays it keeps the rate of the cash, the 200.00 too much are owed.
        (
            "early1",
            {
                "2026-01-05": entry(cash=1320, deferred_revenue=-1100, customer_balance=-220),
                END_OF_FEBRUARY: entry(customer_balance=-20, fx_gain_loss=20),
                MARCH: entry(cash=-230, customer_balance=240, fx_gain_loss=-10),
            },
        ),
    ],
)
def test_each_contract_of_an_invoice_gains_and_loses_what_its_part_does(
    books: Path, contract: str, expected: dict[str, dict[str, Decimal]]
) -> None:
    found: dict[str, dict[str, Decimal]] = {}
    for day, role, amount in small_books.rows(
        books,
        "select cast(entries.entry_date as varchar), lines.role, sum(lines.functional_debit - lines.functional_credit)"  # noqa: S608
        " from reports.journal_lines as lines inner join reports.journal_entries as entries using (entry_id)"
        f" where lines.contract_id = '{contract}' group by all",
    ):
        if amount:
            found.setdefault(day, {})[role] = amount
    assert found == expected


def test_nothing_of_it_stops_the_close(books: Path) -> None:
    assert small_books.rows(books, "select rule, explanation from reports.anomaly_flags where severity = 'block'") == []
