"""What settles an invoice: deposits that name it, and what is paid on one that bills two contracts."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

AS_OF, THROUGH = "2027-01-31", "2026-12"
YEAR = "2026-01-01,2026-12-31"
# Invoices of 1,000.00 to the first and 500.00 to the second of two contracts.
SHARED = ["paid", "parts", "noted", "half", "void", "back"]
CONTRACTS = {
    "signed": "2026-01-01",
    "late": "2026-04-10",
    "ended": "2026-01-01",
    **{f"{name}{n}": "2026-01-01" for name in SHARED for n in (1, 2)},
    "open1": "2026-01-01",
    "open2": "",
}
TABLES = {
    "account_mappings": small_books.COMPANY["account_mappings"]
    + "".join(f"{role},{role},{role}\n" for role in ("customer_deposit", "credit_notes")),
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,USD,{day}\n" for name, day in CONTRACTS.items()),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,{day or '2026-01-01'},2026-01-01,inception\n" for name, day in CONTRACTS.items()),
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on\n"
    + "".join(f"{name},1,L1,plan,1200.00,{YEAR}\n" for name in CONTRACTS),
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    "i-signed,c1,acme,USD,2026-02-01,signed\n"
    "i-late,c1,acme,USD,2026-04-15,late\n"
    "i-ended,c1,acme,USD,2026-02-01,ended\n"
    "own,c1,acme,USD,2026-02-01,\n"
    "credited,c1,acme,USD,2026-02-01,\n" + "".join(f"i-{name},c1,acme,USD,2026-01-01,\n" for name in [*SHARED, "open"]),
    "invoice_lines": "invoice_id,invoice_line_id,contract_id,line_id,product_id,amount,starts_on,ends_on\n"
    "i-signed,i-signed-1,,L1,plan,1200.00,,\n"
    "i-late,i-late-1,,L1,plan,1200.00,,\n"
    "i-ended,i-ended-1,,L1,plan,1200.00,,\n"
    "own,own-1,,,plan,120.00,2026-02-01,2026-02-28\n"
    "credited,credited-1,,,plan,120.00,2026-02-01,2026-02-28\n"
    + "".join(
        f"i-{name},{name}-a,{name}1,L1,plan,1000.00,,\ni-{name},{name}-b,{name}2,L1,plan,500.00,,\n"
        for name in [*SHARED, "open"]
    ),
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount\n"
    "d1,deposit,c1,acme,i-signed,2026-01-10,USD,500.00\n"
    "d2,deposit,c1,acme,i-late,2026-01-10,USD,500.00\n"
    "d3,deposit,c1,acme,own,2026-01-10,USD,50.00\n"
    "d4,deposit,c1,acme,own,2026-02-10,USD,30.00\n"
    "d5,deposit,c1,acme,credited,2026-01-10,USD,50.00\n"
    "p1,payment,c1,acme,i-paid,2026-02-01,USD,1500.00\n"
    "p2,payment,c1,acme,i-parts,2026-02-01,USD,500.00\n"
    "p3,payment,c1,acme,i-parts,2026-03-01,USD,500.00\n"
    "p4,payment,c1,acme,i-parts,2026-04-01,USD,500.00\n"
    "p5,payment,c1,acme,i-half,2026-02-01,USD,750.00\n"
    "p6,payment,c1,acme,i-half,2026-05-01,USD,100.00\n"
    "p7,payment,c1,acme,i-back,2026-02-01,USD,1500.00\n"
    "p8,refund,c1,acme,i-back,2026-03-01,USD,150.00\n"
    "p9,dispute,c1,acme,i-back,2026-04-01,USD,300.00\n"
    "q1,payment,c1,acme,i-open,2026-02-01,USD,1500.00\n",
    "invoice_events": "event_id,invoice_id,kind,occurred_on,amount\n"
    "loss,i-half,write_off,2026-04-01,\nend,i-void,void,2026-03-01,\nend-ended,i-ended,void,2026-03-01,\n",
    "credit_notes": "credit_note_id,invoice_id,customer_id,issued_on,reason,settled_by\n"
    "cn-own,credited,c1,2026-03-01,price_change,receivable\n"
    "cn-ended,i-ended,c1,2026-02-10,billing_error,customer_balance\n"
    + "".join(f"cn-{name},i-{name},c1,2026-03-01,billing_error,receivable\n" for name in ("noted", "half")),
    "credit_note_lines": "credit_note_id,credit_note_line_id,invoice_line_id,amount\n"
    "cn-ended,cn-ended-1,i-ended-1,100.00\n"
    "cn-own,cn-own-1,credited-1,20.00\ncn-noted,cn-noted-1,noted-b,100.00\ncn-half,cn-half-1,half-b,300.00\n",
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("settled")
    database = home / "books.duckdb"
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=database, as_of=AS_OF, through=THROUGH)
    return database


def balance(books: Path, contract: str, role: str, day: str) -> Decimal:
    """Debit less credit of a role, of a contract or of an invoice without one, at the end of a day."""
    found = small_books.amounts(
        books,
        "select lines.contract_id, sum(lines.debit - lines.credit) from reports.journal_lines as lines"  # noqa: S608
        " inner join reports.journal_entries as entries using (entry_id)"
        f" where lines.contract_id = '{contract}' and lines.role = '{role}' and entries.entry_date <= '{day}'"
        " group by all",
    )
    return found.get(contract, Decimal(0))


@pytest.mark.parametrize(
    ("contract", "day", "deposit", "receivable"),
    [
        ("signed", "2026-01-31", -500, 0),
        ("signed", "2026-02-01", 0, 700),
        # Signed on the 10th, invoiced on the 15th of April.
        ("late", "2026-04-14", -500, 0),
        ("late", "2026-04-15", 0, 700),
        ("own", "2026-01-31", -50, 0),
        ("own", "2026-02-01", 0, 70),
        ("own", "2026-02-10", 0, 40),
        # A credit note puts the events of this one in sequence.
        ("credited", "2026-01-31", -50, 0),
        ("credited", "2026-02-01", 0, 70),
        ("credited", "2026-03-01", 0, 50),
    ],
)
def test_a_deposit_settles_the_invoice_it_names_when_that_is_booked(
    books: Path, contract: str, day: str, deposit: int, receivable: int
) -> None:
    assert balance(books, contract, "customer_deposit", day) == deposit
    assert balance(books, contract, "accounts_receivable", day) == receivable


@pytest.mark.parametrize(
    ("invoice", "day", "receivables"),
    [
        ("paid", "2026-01-31", (1000, 500)),
        ("paid", "2026-02-01", (0, 0)),
        # Three payments of 500.00 pay two thirds of the one and a third of the other, to the cent.
        ("parts", "2026-02-01", ("666.67", "333.33")),
        ("parts", "2026-03-01", ("333.33", "166.67")),
        ("parts", "2026-04-01", (0, 0)),
        ("noted", "2026-03-01", (1000, 400)),
        ("half", "2026-02-01", (500, 250)),
        # 300.00 credited of the 250.00 that were open: the rest pays what is open of the first.
        ("half", "2026-03-01", (450, 0)),
        ("half", "2026-04-01", (0, 0)),
        ("half", "2026-05-01", (0, 0)),
        ("void", "2026-03-01", (0, 0)),
        # What is disputed is open again, of each as it was paid.
        ("back", "2026-04-01", (200, 100)),
        ("open", "2026-02-01", (0, 0)),
    ],
)
def test_an_invoice_is_settled_under_each_contract_it_bills(
    books: Path, invoice: str, day: str, receivables: tuple[str, str]
) -> None:
    found = tuple(balance(books, f"{invoice}{n}", "accounts_receivable", day) for n in (1, 2))
    assert found == tuple(Decimal(amount) for amount in receivables)


@pytest.mark.parametrize(
    ("contract", "role", "amount"),
    [
        ("paid1", "cash", 1000),
        ("paid2", "cash", 500),
        # The whole invoice was 450.00 short, and 100.00 of it came later.
        ("half1", "bad_debt", 350),
        ("half2", "bad_debt", 0),
        ("back1", "cash", 700),
        ("back2", "cash", 350),
        # The second contract is not signed: its part of the cash is a deposit.
        ("open1", "customer_balance", 0),
        ("open2", "customer_deposit", -500),
    ],
)
def test_each_contract_has_its_part_of_what_is_paid(books: Path, contract: str, role: str, amount: int) -> None:
    assert balance(books, contract, role, THROUGH + "-31") == amount


@pytest.mark.parametrize(
    ("contract", "liability"),
    # A line of 1,200.00 earns 295.89 of it by the end of March.
    [("noted1", "704.11"), ("noted2", "104.11"), ("back1", "604.11"), ("back2", "154.11")],
)
def test_what_is_credited_and_given_back_leaves_the_contract_it_belongs_to(
    books: Path, contract: str, liability: str
) -> None:
    assert small_books.rows(
        books,
        "select contract_liability from reports.contract_balances"  # noqa: S608
        f" where contract_id = '{contract}' and period = '2026-03'",
    ) == [(Decimal(liability),)]


def test_a_build_that_computes_one_contract_of_an_invoice_shares_as_a_full_one(
    own_dbt_target: None, tmp_path: Path, books: Path
) -> None:
    """First the second contract is billed 600.00 and its term ends later; then the term alone of the first changes."""
    billed = TABLES["invoice_lines"].replace("half2,L1,plan,500.00", "half2,L1,plan,600.00")
    short = {**TABLES, "invoice_lines": billed}
    later = {
        **short,
        "contract_lines": short["contract_lines"].replace("half1,1,L1,plan,1200.00", "half1,1,L1,plan,1300.00"),
    }
    steps = shutil.copy(books, tmp_path / "steps.duckdb")
    for step, tables in (("short", short), ("later", later)):
        inputs = small_books.write(tmp_path / step, tables)
        pipeline.run(inputs=inputs, database=steps, as_of=AS_OF, through=THROUGH)
    once = tmp_path / "once.duckdb"
    pipeline.run(inputs=inputs, database=once, as_of=AS_OF, through=THROUGH)
    journal = (
        "select contract_id, source_id, role, sum(debit - credit) from reports.journal_lines group by all order by all"
    )
    assert small_books.rows(steps, journal) == small_books.rows(once, journal)


@pytest.mark.parametrize(("day", "receivable", "kept"), [("2026-02-28", 1200, -100), ("2026-03-01", 0, 0)])
def test_a_credit_the_customer_kept_pays_the_receivable_of_a_voided_invoice(
    books: Path, day: str, receivable: int, kept: int
) -> None:
    assert balance(books, "ended", "accounts_receivable", day) == receivable
    assert balance(books, "ended", "customer_balance", day) == kept


def test_nothing_of_it_stops_the_close(books: Path) -> None:
    assert small_books.rows(books, "select rule, explanation from reports.anomaly_flags where severity = 'block'") == []
