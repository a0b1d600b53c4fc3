"""What a credit note, a void or a write-off does to a bill that is itself revenue (606-10-55-18, 32-42 to 32-45)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import close, pipeline

AS_OF, THROUGH = "2026-07-05", "2026-06"
# 900.00 for the 90 days of a quarter are 10.00 a day; 600.00 are 393.33 by the end of February.
QUARTER, YEAR = "2026-01-01,2026-03-31", "2026-01-01,2026-12-31"
ADVANCE = f"H,hours,2026-01-01,900.00,0.00,{QUARTER},charge"
# Contract -> its bills: line, product, day of issue, amount, tax, service, kind.
BILLS = {
    "running": [ADVANCE],
    "taxed": [f"H,hours,2026-01-01,900.00,90.00,{QUARTER},charge"],
    "served": [ADVANCE],
    "ahead": ["H,hours,2026-01-01,910.00,0.00,2026-04-01,2026-06-30,charge"],
    "void": [ADVANCE],
    "both": [ADVANCE],
    "thirds": [f"H,hours,2026-01-01,100.00,0.00,{QUARTER},charge"],
    "undated": ["H,hours,2026-02-10,900.00,0.00,,,charge"],
    "mixed": [
        f"H,hours,2026-01-01,600.00,0.00,{QUARTER},charge",
        f"F,plan,2026-01-01,300.00,0.00,{QUARTER},charge",
    ],
    "signed": [ADVANCE],
    "lost": [ADVANCE],
    "late": [ADVANCE],
    "months": [ADVANCE],
    "fee": ["H,fee,2026-02-10,100.00,0.00,,,charge"],
    "minimum": ["H,meter,2026-02-10,30.00,0.00,,,minimum_fee"],
    "repaid": [ADVANCE],
    "refunded": [ADVANCE],
    "scope": [ADVANCE],
    "past": [ADVANCE],
    "due": [ADVANCE],
    "rebated": [ADVANCE],
}
# Contract -> its credit notes: day, amount, tax, how it is settled, the bill line it names, reason.
NOTES = {
    "running": ["2026-02-15,300.00,0.00,receivable,1,price_change"],
    "taxed": ["2026-02-15,300.00,30.00,receivable,1,price_change"],
    "served": ["2026-05-10,300.00,0.00,receivable,,unspecified"],
    "ahead": ["2026-02-10,91.00,0.00,receivable,1,unspecified"],
    "both": ["2026-02-15,300.00,0.00,receivable,1,unspecified"],
    "thirds": [
        f"2026-01-{day},{amount},0.00,receivable,1,unspecified"
        for day, amount in ((11, 33.33), (21, 33.33), (31, 33.34))
    ],
    "undated": ["2026-03-05,200.00,0.00,receivable,1,unspecified"],
    "mixed": ["2026-04-05,90.00,0.00,receivable,,unspecified"],
    "signed": ["2026-01-20,300.00,0.00,receivable,1,unspecified"],
    "late": ["2026-01-20,300.00,0.00,receivable,1,unspecified"],
    "months": ["2026-02-15,300.00,0.00,receivable,1,unspecified"],
    "minimum": ["2026-03-02,30.00,0.00,receivable,1,unspecified"],
    "repaid": ["2026-02-15,300.00,0.00,refund,1,price_change"],
    "rebated": ["2026-02-15,300.00,0.00,receivable,1,rebate"],
    "scope": ["2026-03-01,310.00,0.00,receivable,1,scope_reduction"],
    "past": ["2026-02-15,300.00,0.00,receivable,1,past_service"],
    "due": ["2026-02-15,300.00,0.00,receivable,1,price_change"],
}
ENTITY = {"months": "even", "due": "later"}
CUSTOMER = {"months": "c2", "due": "c3"}
PRODUCTS = {"fee": "fee", "minimum": "meter"}


def party(name: str) -> str:
    return f"{CUSTOMER.get(name, 'c1')},{ENTITY.get(name, 'acme')},USD"


TABLES = {
    "entities": small_books.COMPANY["entities"] + "even,Even Inc.,USD\nlater,Later Inc.,USD\n",
    "customers": small_books.COMPANY["customers"] + "c2,Customer,even\nc3,Customer,later\n",
    "policies": "entity_id,book,policy,value\neven,*,straight_line,monthly_even\neven,*,credit_note,pro_rata\n"
    "later,*,receivable_when,due\n",
    "products": small_books.COMPANY["products"] + "hours,Hours,as_invoiced\nfee,Fee,on_invoice\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},{party(name)},{'2026-02-10' if name == 'signed' else '2026-01-01'}\n" for name in BILLS),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in BILLS),
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on\n"
    + "".join(f"{name},1,H,{PRODUCTS.get(name, 'hours')},0.00,{YEAR}\n" for name in BILLS)
    + f"mixed,1,F,plan,300.00,{QUARTER}\n",
    "price_components": "component_id,contract_id,kind\nback,rebated,rebate\n",
    "price_estimates": "component_id,estimated_on,method,amount\nback,2026-01-31,stated,-300.00\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,due_on,contract_id\n"
    + "".join(f"i-{name},{party(name)},{bills[0].split(',')[2]},2026-04-20,{name}\n" for name, bills in BILLS.items()),
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount,tax_amount,starts_on,ends_on,kind\n"
    + "".join(
        f"i-{name},i-{name}-{n},{','.join(bill.split(',')[:2] + bill.split(',')[3:])}\n"
        for name, bills in BILLS.items()
        for n, bill in enumerate(bills, 1)
    ),
    "credit_notes": "credit_note_id,invoice_id,customer_id,issued_on,reason,settled_by,recorded_at\n"
    + "".join(
        f"n-{name}{n},i-{name},{CUSTOMER.get(name, 'c1')},{note[:10]},{note.split(',')[5]},{note.split(',')[3]},"
        f"{'2026-02-20' if name == 'late' else ''}\n"
        for name, notes in NOTES.items()
        for n, note in enumerate(notes)
    ),
    "credit_note_lines": "credit_note_id,credit_note_line_id,invoice_line_id,amount,tax_amount\n"
    + "".join(
        f"n-{name}{n},n-{name}{n}-1,{f'i-{name}-1' if note.split(',')[4] else ''},{','.join(note.split(',')[1:3])}\n"
        for name, notes in NOTES.items()
        for n, note in enumerate(notes)
    ),
    "invoice_events": "event_id,invoice_id,kind,occurred_on\nv1,i-void,void,2026-03-01\nv2,i-both,void,2026-03-01\n"
    "v3,i-fee,void,2026-03-03\nw,i-lost,write_off,2026-04-01\n",
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,credit_note_id,occurred_on,currency,amount\n"
    "p1,payment,c1,acme,i-repaid,,2026-02-01,USD,900.00\np2,refund,c1,acme,i-repaid,n-repaid0,2026-02-20,USD,300.00\n"
    "p3,payment,c1,acme,i-refunded,,2026-02-01,USD,900.00\np4,refund,c1,acme,i-refunded,,2026-02-20,USD,300.00\n",
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("credited")
    inputs = small_books.write(home / "inputs", TABLES)
    database = home / "books.duckdb"
    # January is closed before the note of `late` is known.
    pipeline.run(inputs=inputs, database=database, as_of="2026-02-05", through="2026-01")
    for action in ("approve", "post", "lock"):
        close.act(action, database=database, by="Ada", period="2026-01")
    pipeline.run(inputs=inputs, database=database, as_of=AS_OF, through=THROUGH)
    return database


def months(books: Path, contract: str, what: str = "accounting_period", line: str = "H") -> list[str]:
    """What the line earns by month, from January on."""
    found = small_books.amounts(
        books,
        f"select {what}, cast(sum(amount) as decimal(18, 2)) from reports.recognition_by_period"  # noqa: S608
        f" where contract_id = '{contract}' and line_id = '{line}' group by all",
    )
    return [str(found.get(f"2026-0{month}", Decimal("0.00"))) for month in range(1, 7)]


@pytest.mark.parametrize(
    ("contract", "earned"),
    [
        # 45 of 90 days are 450.00, of 600.00 they would be 300.00: 150.00 go back, and 300.00 are left for 45 days.
        ("running", ["310.00", "83.33", "206.67", "0.00", "0.00", "0.00"]),
        ("taxed", ["310.00", "83.33", "206.67", "0.00", "0.00", "0.00"]),
        ("repaid", ["310.00", "83.33", "206.67", "0.00", "0.00", "0.00"]),
        ("due", ["310.00", "83.33", "206.67", "0.00", "0.00", "0.00"]),
        # What will not be served takes nothing from what was; a concession for the past takes it all from there.
        ("scope", ["310.00", "280.00", "0.00", "0.00", "0.00", "0.00"]),
        ("past", ["310.00", "-20.00", "310.00", "0.00", "0.00", "0.00"]),
        # The service is done: all of the credit is of that day.
        ("served", ["310.00", "280.00", "310.00", "0.00", "-300.00", "0.00"]),
        # 819.00 for 91 days are 9.00 a day.
        ("ahead", ["0.00", "0.00", "0.00", "270.00", "279.00", "270.00"]),
        ("void", ["310.00", "280.00", "-590.00", "0.00", "0.00", "0.00"]),
        # Without a reason what is deferred first: 150.00 for 45 days, 46.67 of them in February. The void takes 496.67.
        ("both", ["310.00", "186.67", "-496.67", "0.00", "0.00", "0.00"]),
        # Credited in full by three notes, nothing is left, whatever the cents of each.
        ("thirds", ["0.00", "0.00", "0.00", "0.00", "0.00", "0.00"]),
        ("undated", ["0.00", "900.00", "-200.00", "0.00", "0.00", "0.00"]),
        # 90.00 of an invoice for 600.00 and 300.00: 60.00 are of the hours.
        ("mixed", ["206.67", "186.66", "206.67", "-60.00", "0.00", "0.00"]),
        # Before the signature there is nothing to take back: 600.00 × 59 ÷ 90.
        ("signed", ["0.00", "393.33", "206.67", "0.00", "0.00", "0.00"]),
        # A credit loss is none of revenue.
        ("lost", ["310.00", "280.00", "310.00", "0.00", "0.00", "0.00"]),
        # 190.00 for 19 days; 410.00 for the other 71: 69.30 in January, 230.99 by the end of February.
        ("late", ["259.30", "161.69", "179.01", "0.00", "0.00", "0.00"]),
        # 300.00 a month; of 450.00 150.00 go back by election, and 300.00 are left for two months.
        ("months", ["300.00", "150.00", "150.00", "0.00", "0.00", "0.00"]),
        ("fee", ["0.00", "100.00", "-100.00", "0.00", "0.00", "0.00"]),
        ("minimum", ["0.00", "30.00", "-30.00", "0.00", "0.00", "0.00"]),
    ],
)
def test_a_credit_lowers_what_the_bill_earns_from_its_day_on(books: Path, contract: str, earned: list[str]) -> None:
    assert months(books, contract) == earned


def test_what_was_earned_is_a_change_of_the_price_on_the_day(books: Path) -> None:
    query = (
        "select recognized_on, cause, cast(cast(amount as decimal(18, 2)) as varchar) from reports.daily_recognition"
        " where contract_id = 'running' and recognized_on between '2026-02-14' and '2026-02-16' order by all"
    )
    assert [(str(day), *said) for day, *said in small_books.rows(books, query)] == [
        ("2026-02-14", "schedule", "10.00"),
        # 300.00 × 1 ÷ 45 = 6.67, and × 2 ÷ 45 = 13.33.
        ("2026-02-15", "price_change", "-150.00"),
        ("2026-02-15", "schedule", "6.67"),
        ("2026-02-16", "schedule", "6.66"),
    ]


def test_a_fixed_price_on_the_same_invoice_stays_earned(books: Path) -> None:
    assert months(books, "mixed", line="F")[:4] == ["103.33", "93.34", "103.33", "0.00"]


def test_a_closed_month_keeps_what_it_posted(books: Path) -> None:
    # 50.70 too much of January, and 161.69 of February.
    assert months(books, "late", "posting_period") == ["310.00", "110.99", "179.01", "0.00", "0.00", "0.00"]


# Contract and day -> what stands on the accounts then.
BALANCES = {
    # 600.00 are billed, 393.33 earned.
    ("running", "2026-02-28"): {"accounts_receivable": 600, "deferred_revenue": Decimal("-206.67"), "tax_payable": 0},
    ("running", "2026-03-31"): {"accounts_receivable": 600, "deferred_revenue": 0, "revenue": -600},
    ("taxed", "2026-02-28"): {"accounts_receivable": 660, "deferred_revenue": Decimal("-206.67"), "tax_payable": -60},
    ("served", "2026-05-31"): {"accounts_receivable": 600, "deferred_revenue": 0, "revenue": -600, "contract_asset": 0},
    ("void", "2026-03-31"): {"accounts_receivable": 0, "deferred_revenue": 0, "revenue": 0},
    ("both", "2026-03-31"): {"accounts_receivable": 0, "deferred_revenue": 0, "revenue": 0},
    ("repaid", "2026-02-19"): {"cash": 900, "customer_balance": -300, "accounts_receivable": 0},
    ("repaid", "2026-03-31"): {"cash": 600, "customer_balance": 0, "deferred_revenue": 0, "revenue": -600},
    # 30.00 of the credit are of the fixed price, which is still promised.
    ("mixed", "2026-04-30"): {"accounts_receivable": 810, "deferred_revenue": 0, "revenue": -840, "contract_asset": 30},
    ("due", "2026-03-31"): {"accounts_receivable": 0, "revenue": -600, "unbilled_receivable": 600},
    ("due", "2026-04-30"): {"accounts_receivable": 600, "revenue": -600, "unbilled_receivable": 0},
    ("lost", "2026-04-30"): {"accounts_receivable": 0, "bad_debt": 900, "revenue": -900},
    ("minimum", "2026-03-31"): {
        "accounts_receivable": 0,
        "revenue": 0,
        "deferred_revenue": 0,
        "unbilled_receivable": 0,
    },
}


@pytest.mark.parametrize(("contract", "day"), BALANCES)
def test_the_accounts_are_what_was_worked_out_by_hand(books: Path, contract: str, day: str) -> None:
    found = small_books.balances(books, contract, day)
    wanted = BALANCES[contract, day]
    assert {role: found.get(role, Decimal(0)) for role in wanted} == wanted


def test_only_what_cannot_be_told_is_left_without_numbers(books: Path) -> None:
    query = "select contract_id, explanation from reports.anomaly_flags where severity = 'block'"
    line = "line H is earned as invoiced and"
    reasons = {
        "refunded": f"{line} invoice i-refunded was refunded without a credit note: record the note",
        "rebated": f"{line} credit note n-rebated0 may settle component back: if not, say so by its reason",
    }
    assert dict(small_books.rows(books, query)) == {
        name: f"Contract {name} has no entries: {reason}." for name, reason in reasons.items()
    }
