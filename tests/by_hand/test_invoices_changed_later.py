"""What an invoice collects for others or leaves the customer, what is billed as a minimum, and what is conceded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

AS_OF, THROUGH = "2027-01-31", "2026-12"
FEBRUARY = "2026-02-01,2026-02-28"
OWN = ["refunded", "noted", "void", "lost", "below", "used"]
ROLES = ["pass_through_payable", "other_loss", "refunds", "credit_notes", "voids", "recoveries"]
TABLES = {
    "entities": small_books.COMPANY["entities"] + "kind,Kind Inc.,USD\n",
    "customers": small_books.COMPANY["customers"] + "c2,Customer,kind\n",
    "policies": "entity_id,book,policy,value\nacme,*,refund,pro_rata\nkind,*,write_off,price_concession\n",
    "account_mappings": small_books.COMPANY["account_mappings"] + "".join(f"{role},{role},{role}\n" for role in ROLES),
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    "k,c1,acme,USD,2026-01-01\nm,c1,acme,USD,2026-01-01\n",
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    "k,1,2026-01-01,2026-01-01,inception\nm,1,2026-01-01,2026-01-01,inception\n",
    "contract_lines": "contract_id,version,line_id,product_id,unit_price,amount,starts_on,ends_on\n"
    f"k,1,L1,plan,,280.00,{FEBRUARY}\nm,1,L1,meter,1.00,0.00,2026-01-01,2026-12-31\n",
    "usage": "usage_id,contract_id,line_id,used_on,quantity\nu,m,L1,2026-02-10,70\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    "i-k,c1,acme,USD,2026-02-01,k\ni-m,c1,acme,USD,2026-03-01,m\nconceded,c2,kind,USD,2026-02-01,\n"
    + "".join(f"{name},c1,acme,USD,2026-02-01,\n" for name in OWN),
    # 280.00 for the 28 days of February, and 20.00 for somebody else.
    "invoice_lines": "invoice_id,invoice_line_id,contract_id,line_id,product_id,amount,starts_on,ends_on,kind\n"
    + "i-k,k-a,k,L1,plan,280.00,,,charge\ni-k,k-b,k,,,20.00,,,pass_through\n"
    "i-m,m-a,m,L1,meter,70.00,,,charge\ni-m,m-b,m,L1,meter,30.00,,,minimum_fee\n"
    f"conceded,conceded-a,,,plan,280.00,{FEBRUARY},charge\n"
    f"below,below-a,,,plan,-280.00,{FEBRUARY},charge\nused,used-a,,,pack,100.00,,,charge\n"
    + "".join(
        f"{name},{name}-a,,,plan,280.00,{FEBRUARY},charge\n{name},{name}-b,,,,20.00,,,pass_through\n"
        for name in OWN[:4]
    ),
    "products": small_books.COMPANY["products"] + "pack,Pack,units\n",
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount\n"
    "p1,payment,c1,acme,refunded,2026-02-01,USD,300.00\np2,refund,c1,acme,refunded,2026-02-15,USD,150.00\n"
    "p3,balance_granted,c1,acme,below,2026-02-01,USD,280.00\n"
    "p4,balance_applied,c1,acme,void,2026-02-01,USD,60.00\np5,balance_granted,c1,acme,void,2026-02-15,USD,60.00\n"
    "p6,balance_granted,c1,acme,used,2026-02-01,USD,5.00\np7,payment,c2,kind,conceded,2026-03-15,USD,40.00\n",
    "credit_notes": "credit_note_id,invoice_id,customer_id,issued_on,reason,settled_by\n"
    "n1,noted,c1,2026-02-15,unspecified,receivable\nn2,i-k,c1,2026-02-15,billing_error,receivable\n"
    "n3,used,c1,2026-02-15,unspecified,receivable\n",
    "credit_note_lines": "credit_note_id,credit_note_line_id,invoice_line_id,amount\n"
    "n1,n1-1,noted-b,8.00\nn2,n2-1,k-b,8.00\nn3,n3-1,used-a,40.00\n",
    "invoice_events": "event_id,invoice_id,kind,occurred_on,amount\nend,void,void,2026-02-15,\n"
    "loss,lost,write_off,2026-02-15,\nend-k,i-k,void,2026-02-20,\ngift,conceded,write_off,2026-02-15,\n",
}
# Half of February, 140.00, is earned before the 15th.
BALANCES = {
    ("refunded", "2026-02-15"): {"pass_through_payable": -10, "refunds": 70, "cash": 150},
    ("noted", "2026-02-15"): {"pass_through_payable": -12, "credit_notes": 0, "accounts_receivable": 292},
    ("void", "2026-02-15"): {"pass_through_payable": 0, "voids": 140, "customer_balance": 0, "other_loss": 0},
    # Of the 300.00 that are lost 140.00 were not delivered; the 20.00 are owed to others all the same.
    ("lost", "2026-02-28"): {"pass_through_payable": -20, "bad_debt": 160, "deferred_revenue": 0},
    ("k", "2026-02-15"): {"pass_through_payable": -12, "accounts_receivable": 292},
    ("k", "2026-02-20"): {"pass_through_payable": 0, "accounts_receivable": 0},
    ("below", "2026-02-01"): {"customer_balance": -280, "other_loss": 0},
    ("used", "2026-02-15"): {
        "customer_balance": -5,
        "other_loss": 5,
        "deferred_revenue": -60,
        "accounts_receivable": 60,
    },
    ("m", "2026-03-31"): {"revenue": -100, "deferred_revenue": 0, "accounts_receivable": 100},
    ("conceded", "2026-02-28"): {"bad_debt": 0, "credit_notes": 140, "deferred_revenue": 0, "accounts_receivable": 0},
    ("conceded", "2026-03-31"): {"recoveries": -40, "customer_balance": 0},
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("changed")
    database = home / "books.duckdb"
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=database, as_of=AS_OF, through=THROUGH)
    return database


@pytest.mark.parametrize(("contract", "day"), BALANCES)
def test_every_event_leaves_what_was_worked_out_by_hand(books: Path, contract: str, day: str) -> None:
    found = small_books.balances(books, contract, day)
    wanted = BALANCES[contract, day]
    assert {role: found.get(role, Decimal(0)) for role in wanted} == wanted


def test_no_control_says_that_the_books_are_wrong(books: Path) -> None:
    said = small_books.rows(books, "select rule, explanation from reports.anomaly_flags where severity = 'block'")
    assert said == []
