"""Credit notes before the right to payment, of contracts that expect to give a tenth back (606-10-32-10, 45-4).

Invoices of 2026-01-10, due on 1 April, of a company that waits for the due day; service of May. A payment pays what was
not credited before, of each contract of the invoice, and a tenth of what is paid is a refund liability until then.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

PRICES = {"first": 1000, "other": 500, "after1": 1000, "after2": 500, "lent": 1200, "paid": 1200, "given": 1200}
# Invoice -> its contracts, the payment, the credit note: contract, day, amount and reason.
INVOICES = {
    "shared": (["first", "other"], "2026-03-01,USD,600", ("other", "2026-02-10", 300, "billing_error")),
    "after": (["after1", "after2"], "2026-02-01,USD,1200", ("after2", "2026-02-10", 300, "billing_error")),
    "lent": (["lent"], "2026-03-01,USD,300", ("lent", "2026-02-10", 300, "price_change")),
    "paid": (["paid"], "2026-02-01,USD,1200", ("paid", "2026-03-01", 300, "billing_error")),
    "given": (["given"], "2026-03-01,USD,1080", ("given", "2026-02-10", 120, "rebate")),
}
TABLES = {
    "policies": "entity_id,policy,value\nacme,receivable_when,due\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,USD,2026-01-01\n" for name in PRICES),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in PRICES),
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on\n"
    + "".join(f"{name},1,L1,plan,{price},2026-05-01,2026-05-31\n" for name, price in PRICES.items()),
    "price_components": "component_id,contract_id,kind\n"
    + "".join(f"{name}-r,{name},refund_right\n" for name in PRICES),
    "price_estimates": "component_id,estimated_on,method,amount\n"
    + "".join(f"{name}-r,2026-01-01,stated,-{price // 10}\n" for name, price in PRICES.items()),
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,due_on\n"
    + "".join(f"{name},c1,acme,USD,2026-01-10,2026-04-01\n" for name in INVOICES),
    "invoice_lines": "invoice_id,invoice_line_id,contract_id,line_id,product_id,amount\n"
    + "".join(
        f"{name},{contract}-l,{contract},L1,plan,{PRICES[contract]}\n"
        for name, (contracts, *_) in INVOICES.items()
        for contract in contracts
    ),
    "payments": "payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount\n"
    + "".join(f"p-{name},payment,c1,acme,{name},{payment}\n" for name, (_, payment, _) in INVOICES.items()),
    "credit_notes": "credit_note_id,invoice_id,customer_id,issued_on,reason\n"
    + "".join(f"n-{name},{name},c1,{day},{reason}\n" for name, (*_, (_, day, _, reason)) in INVOICES.items()),
    "credit_note_lines": "credit_note_id,credit_note_line_id,invoice_line_id,amount\n"
    + "".join(f"n-{name},n-{name}-1,{line}-l,{amount}\n" for name, (*_, (line, _, amount, _)) in INVOICES.items()),
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("credits")
    inputs = small_books.write(home / "inputs", TABLES)
    pipeline.run(inputs=inputs, database=home / "books.duckdb", as_of="2026-12-31", through="2026-12")
    return home / "books.duckdb"


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        # 1,000.00 and 200.00 are left: 600.00 are 500.00 and 100.00. On the day of the right the rest is owed.
        ("first", {"2026-03-01": 50, "2026-04-01": 50}),
        ("other", {"2026-03-01": 10, "2026-04-01": 10}),
        # 1,200.00 are 800.00 and 400.00; of the second 200.00 are left, and what is paid beyond is the customer's.
        ("after1", {"2026-02-01": 80, "2026-04-01": 20}),
        ("after2", {"2026-02-01": 40, "2026-02-10": -20}),
        # A note for the price lowers what falls due, not what was paid.
        ("lent", {"2026-03-01": 30, "2026-04-01": 60}),
        ("paid", {"2026-02-01": 120, "2026-03-01": -30}),
        # What was expected to be given back is given before anything is paid: nothing is owed, then or later.
        ("given", {}),
    ],
)
def test_a_refund_liability_is_of_what_is_paid_and_not_credited(
    books: Path, contract: str, expected: dict[str, int]
) -> None:
    assert small_books.amounts(
        books,
        "select cast(entries.entry_date as varchar), sum(lines.credit - lines.debit) as owed"  # noqa: S608
        " from reports.journal_lines as lines inner join reports.journal_entries as entries using (entry_id)"
        f" where lines.contract_id = '{contract}' and role = 'refund_liability' group by all having owed <> 0",
    ) == {day: Decimal(amount) for day, amount in expected.items()}


def test_what_was_given_back_leaves_the_price_that_is_left(books: Path) -> None:
    query = "select sum(credit - debit) from reports.journal_lines where contract_id = 'given' and role = "
    assert small_books.rows(books, query + "'revenue'") == [(Decimal(1080),)]
    assert small_books.rows(books, query + "'deferred_revenue'") == [(Decimal(0),)]


def test_a_note_that_only_lowers_what_falls_due_blocks_nothing(books: Path) -> None:
    assert small_books.rows(books, "select * from reports.anomaly_flags where severity = 'block'") == []
