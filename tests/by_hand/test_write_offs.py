"""A contract's bill that is written off: what was billed beyond the price in force is not delivered, so it is no loss.

Of 12,000.00 for 2026 2,958.90 are earned by the end of March, 4,964.38 by the end of May, 5,950.68 by the end of June.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

YEAR = "2026-01-01,2026-12-31"
# Whose service ends after March, which versions say, and what each of them is written off on 15 April.
ENDED = [
    "ended",
    "part",
    "paid",
    "credited",
    "recovered",
    "two",
    "taxed",
    "euro",
    "metered",
    "voided",
    "resumed",
    "some",
]
NAMES = [*ENDED, "later", "backdated", "goes_on", "rebated", "joined", "mate"]
EUROS = {"euro"}
SHARED = {"joined": "6000.00", "mate": "18000.00"}
TABLES = {
    "products": small_books.COMPANY["products"],
    "account_mappings": small_books.COMPANY["account_mappings"] + "voids,voids,voids\n",
    "fx_rates": "rate_on,from_currency,to_currency,rate\n2026-01-01,EUR,USD,1.10\n2026-04-15,EUR,USD,1.20\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on,combine_with\n"
    + "".join(
        f"{name},c1,acme,{'EUR' if name in EUROS else 'USD'},2026-01-01,{'joined' if name == 'mate' else ''}\n"
        for name in NAMES
    ),
    "price_components": "contract_id,component_id,kind\nrebated,back,rebate\n",
    "price_estimates": "component_id,estimated_on,method,amount\nback,2026-01-01,stated,-1000.00\n",
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in NAMES)
    + "".join(f"{name},2,2026-04-01,2026-04-01,termination\n" for name in ENDED)
    + "later,2,2026-06-01,2026-06-01,termination\nbackdated,2,2026-05-01,2026-04-01,termination\n"
    "resumed,3,2026-07-01,2026-07-01,other\n",
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on,unit_price,ssp\n"
    + "".join(f"{name},1,L1,plan,12000.00,{YEAR},,{SHARED.get(name, '')}\n" for name in NAMES)
    + "".join(f"{name},2,L1,plan,2958.90,2026-01-01,2026-03-31,,\n" for name in [*ENDED, "backdated"])
    + "later,2,L1,plan,4964.38,2026-01-01,2026-05-31,,\n"
    + "resumed,3,L1,plan,2958.90,2026-01-01,2026-03-31,,\nresumed,3,L2,plan,6000.00,2026-07-01,2026-12-31,,\n"
    + f"metered,1,M,meter,0.00,{YEAR},2,\nmetered,2,M,meter,0.00,{YEAR},2,\n",
    "usage": "usage_id,contract_id,line_id,used_on,quantity\nu1,metered,M,2026-02-10,250\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    + "".join(
        f"i-{name},c1,acme,{'EUR' if name in EUROS else 'USD'},2026-01-01,{name}\n" for name in NAMES if name != "two"
    )
    + "i-two-1,c1,acme,USD,2026-01-01,two\ni-two-2,c1,acme,USD,2026-02-01,two\ni-use,c1,acme,USD,2026-03-01,metered\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount,tax_amount\n"
    + "".join(
        f"i-{name},{name}-1,L1,plan,12000.00,{2400 if name == 'taxed' else 0}\n" for name in NAMES if name != "two"
    )
    + "i-two-1,two-1,L1,plan,6000.00,0\ni-two-2,two-2,L1,plan,6000.00,0\ni-use,use-1,M,meter,500.00,0\n",
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount\n"
    "p1,payment,c1,acme,i-part,2026-01-10,USD,10000.00\np2,payment,c1,acme,i-paid,2026-01-10,USD,1000.00\n"
    "p3,payment,c1,acme,i-recovered,2026-06-10,USD,12000.00\n",
    "credit_notes": "credit_note_id,invoice_id,customer_id,issued_on,reason\n"
    "n1,i-credited,c1,2026-05-01,scope_reduction\n",
    "credit_note_lines": "credit_note_id,credit_note_line_id,invoice_line_id,amount\nn1,n1-1,credited-1,9041.10\n",
    "invoice_events": "event_id,invoice_id,kind,occurred_on,amount\n"
    + "".join(
        f"w-{name},i-{name},write_off,2026-04-15,{'5000.00' if name == 'some' else ''}\n"
        for name in NAMES
        if name != "two"
    )
    + "w-two-1,i-two-1,write_off,2026-04-15,\nw-two-2,i-two-2,write_off,2026-04-20,\n"
    "w-use,i-use,write_off,2026-04-15,\n"
    "v,i-voided,void,2026-05-01,\n",
}
NOTHING = {"accounts_receivable": 0, "deferred_revenue": 0, "contract_asset": 0, "unbilled_receivable": 0}
BALANCES = {
    ("ended", "2026-03-31"): {"bad_debt": 0, "accounts_receivable": 12000, "deferred_revenue": "-9041.10"},
    ("ended", "2026-04-15"): NOTHING | {"bad_debt": "2958.90", "revenue": "-2958.90"},
    # 2,000.00 are open: that much was not delivered, and 7,041.10 that were paid are left.
    ("part", "2026-04-15"): {"bad_debt": 0, "accounts_receivable": 0, "deferred_revenue": "-7041.10"},
    # Of 11,000.00 open 9,041.10 are no loss.
    ("paid", "2026-04-15"): NOTHING | {"bad_debt": "1958.90"},
    # A note takes the rest of the bill back later: until then all that is open counts as lost.
    ("credited", "2026-04-15"): {"bad_debt": 12000, "deferred_revenue": "-9041.10"},
    ("credited", "2026-05-01"): NOTHING | {"bad_debt": "2958.90", "customer_balance": 0},
    # Who pays all of it after all is owed what was not delivered.
    ("recovered", "2026-06-10"): NOTHING | {"bad_debt": 0, "customer_balance": "-9041.10", "cash": 12000},
    # The price is for the bill that came first.
    ("two", "2026-04-15"): {"bad_debt": "2958.90", "accounts_receivable": 6000, "deferred_revenue": -6000},
    ("two", "2026-04-20"): NOTHING | {"bad_debt": "2958.90"},
    ("taxed", "2026-04-15"): NOTHING | {"bad_debt": "5358.90", "tax_payable": -2400},
    ("euro", "2026-04-30"): NOTHING | {"bad_debt": "2958.90"},
    # The use is lost with its bill: it was delivered.
    ("metered", "2026-04-15"): NOTHING | {"bad_debt": "3458.90"},
    # Voided later: nothing is lost, and what was earned is to be billed.
    ("voided", "2026-05-31"): {"bad_debt": 0, "accounts_receivable": 0, "customer_balance": 0, "deferred_revenue": 0},
    ("resumed", "2026-04-15"): NOTHING | {"bad_debt": "2958.90"},
    # Service for 6,000.00 is taken up again, and the bill paid for it: as much of what was written off is a loss.
    ("resumed", "2026-07-01"): {"bad_debt": "8958.90", "accounts_receivable": 0},
    ("resumed", "2026-12-31"): NOTHING | {"bad_debt": "8958.90", "revenue": "-8958.90"},
    ("some", "2026-04-15"): {"bad_debt": 0, "accounts_receivable": 7000, "deferred_revenue": "-4041.10"},
    # Still to be delivered when it was written off, and not any more.
    ("later", "2026-04-15"): {"bad_debt": 12000},
    ("later", "2026-06-01"): NOTHING | {"bad_debt": "4964.38", "revenue": "-4964.38"},
    ("backdated", "2026-04-30"): {"bad_debt": 12000},
    ("backdated", "2026-05-01"): {"bad_debt": "2958.90"},
    # What is expected back is owed beside the contract liability.
    ("rebated", "2026-04-15"): {"bad_debt": 12000},
    # 24,000.00 are shared by standalone prices, 6,000.00 to one and 18,000.00 to the other: neither bill is beyond it.
    ("joined", "2026-04-15"): {"bad_debt": 12000},
    ("mate", "2026-04-15"): {"bad_debt": 12000},
    ("goes_on", "2026-12-31"): NOTHING | {"bad_debt": 12000, "revenue": -12000},
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("write_offs")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of="2026-12-31", through="2026-12")
    return home / "books.duckdb"


@pytest.mark.parametrize(("contract", "day"), BALANCES)
def test_what_was_not_going_to_be_delivered_is_no_loss(books: Path, contract: str, day: str) -> None:
    found = small_books.balances(books, contract, day)
    wanted = BALANCES[contract, day]
    assert {role: found.get(role, 0) for role in wanted} == {role: Decimal(amount) for role, amount in wanted.items()}


def test_in_the_currency_of_the_books_the_liability_goes_out_at_the_rate_it_came_in_at(books: Path) -> None:
    """9,041.10 at 1.10 leave it; 2,958.90 are lost at 1.20, the rate of the day."""
    assert small_books.amounts(
        books,
        "select role, sum(functional_debit - functional_credit) from reports.journal_lines"
        " where source_id = 'w-euro' and role in ('deferred_revenue', 'bad_debt') group by role",
    ) == {"deferred_revenue": Decimal("9945.21"), "bad_debt": Decimal("3550.68")}


def test_what_is_no_loss_counts_as_billed_no_more(books: Path) -> None:
    flagged = small_books.rows(
        books, "select contract_id from reports.anomaly_flags where rule = 'billing_is_within_the_price' order by all"
    )
    assert flagged == [("part",), ("some",)]


def test_nothing_of_it_stops_the_close(books: Path) -> None:
    assert small_books.rows(books, "select rule, explanation from reports.anomaly_flags where severity = 'block'") == []
