"""Journals that people write: in the ledger when they balance, named with their figures when they do not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books
from public_tables import changed_contracts, contents

from orchestration import pipeline

TABLES = {
    "policies": "entity_id,book,policy,value\n"
    "acme,ASC606,straight_line,monthly_even\nacme,IFRS15,straight_line,monthly_even\n",
    "fx_rates": "rate_on,from_currency,to_currency,rate\n2026-01-01,EUR,USD,1.10\n2026-02-01,EUR,USD,1.155\n",
    # k8 has a line without a term and k9 a currency without a rate: they are not accounted for.
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    "k1,c1,acme,USD,2026-01-01\nk2,c1,acme,USD,2026-01-01\nk3,c1,acme,EUR,2026-01-01\nk8,c1,acme,USD,2026-01-01\nk9,c1,acme,GBP,2026-01-01\n",
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{contract},1,2026-01-01,2026-01-01,inception\n" for contract in ("k1", "k2", "k3", "k8", "k9")),
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on\n"
    + "".join(f"{contract},1,L1,plan,1200.00,2026-01-01,2026-12-31\n" for contract in ("k1", "k2", "k3", "k9"))
    + "k8,1,L1,plan,500.00,,\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    "i1,c1,acme,USD,2026-01-01,k1\ni2,c1,acme,USD,2026-01-01,k2\ni3,c1,acme,EUR,2026-01-01,k3\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount\n"
    "i1,i1a,L1,plan,1200.00\ni2,i2a,L1,plan,1200.00\ni3,i3a,L1,plan,1200.00\n",
}
HEADER = "journal_id,line_no,entity_id,book,posted_on,role,debit,credit,currency,contract_id,line_id,memo,prepared_by\n"
JOURNALS = [
    # Of a contract and its line.
    "with,1,acme,,2026-02-10,deferred_revenue,50.00,,USD,k1,L1,Goodwill for k1,ann",
    "with,2,acme,,2026-02-10,revenue,,50.00,USD,k1,L1,Second line,bob",
    # Of no contract, for one book.
    "without,1,acme,IFRS15,2026-02-15,bad_debt,70.00,,USD,,,Allowance,ann",
    "without,2,acme,IFRS15,2026-02-15,allowance,,70.00,USD,,,Allowance,ann",
    # Between two contracts: one entry.
    "between,1,acme,*,2026-03-05,deferred_revenue,20.00,,USD,k1,,From one to the other,ann",
    "between,2,acme,*,2026-03-05,deferred_revenue,,15.00,USD,k2,,From one to the other,ann",
    "between,3,acme,*,2026-03-05,accounts_receivable,,5.00,USD,k2,,From one to the other,ann",
    # In another currency: 10.01 and 5.00 + 5.01 at 1.155 are 11.56 and 5.78 + 5.79.
    "foreign,1,acme,ASC606,2026-02-20,bad_debt,10.01,,EUR,,,Euro,ann",
    "foreign,2,acme,ASC606,2026-02-20,allowance,,5.00,EUR,,,Euro,ann",
    "foreign,3,acme,ASC606,2026-02-20,cash,,5.01,EUR,,,Euro,ann",
    # Of a contract in another currency: its layers keep their rates.
    "layered,1,acme,ASC606,2026-02-20,deferred_revenue,12.00,,EUR,k3,L1,Layer,ann",
    "layered,2,acme,ASC606,2026-02-20,revenue,,12.00,EUR,k3,L1,Layer,ann",
    # On contract cost assets, of two contracts and of none.
    "costs,1,acme,ASC606,2026-02-25,contract_cost_asset,30.00,,USD,k1,,Commissions,ann",
    "costs,2,acme,ASC606,2026-02-25,contract_cost_asset,,10.00,USD,k2,,Commissions,ann",
    "costs,3,acme,ASC606,2026-02-25,contract_cost_asset,5.00,,USD,,,Commissions,ann",
    "costs,4,acme,ASC606,2026-02-25,cash,,25.00,USD,,,Commissions,ann",
    # Of a contract that is not accounted for: its entry is the only one it has.
    "kept,1,acme,ASC606,2026-02-20,accounts_receivable,100.00,,USD,k8,L1,Kept by hand,ann",
    "kept,2,acme,ASC606,2026-02-20,revenue,,100.00,USD,k8,L1,Kept by hand,ann",
    # Of a contract in another currency than the journal.
    "refused,1,acme,ASC606,2026-02-20,bad_debt,1.00,,USD,k9,,Wrong currency,ann",
    "refused,2,acme,ASC606,2026-02-20,allowance,,1.00,USD,k9,,Wrong currency,ann",
    "uneven,1,acme,ASC606,2026-02-20,bad_debt,100.00,,USD,,,Uneven,ann",
    "uneven,2,acme,ASC606,2026-02-20,allowance,,90.00,USD,,,Uneven,ann",
    "mixed,1,acme,ASC606,2026-02-20,bad_debt,100.00,,USD,,,Mixed,ann",
    "mixed,2,acme,ASC606,2026-02-20,allowance,,100.00,EUR,,,Mixed,ann",
    "unrated,1,acme,ASC606,2026-02-20,bad_debt,100.00,,JPY,,,No rate,ann".replace("100.00", "100"),
    "unrated,2,acme,ASC606,2026-02-20,allowance,,100,JPY,,,No rate,ann",
]
AS_OF, THROUGH = "2026-04-15", "2026-03"


def build(folder: Path, database: Path, journals: list[str], full_refresh: bool = False) -> Path:
    inputs = small_books.write(folder, {**TABLES, "manual_journals": HEADER + "\n".join(journals) + "\n"})
    pipeline.run(inputs=inputs, database=database, as_of=AS_OF, through=THROUGH, full_refresh=full_refresh)
    return database


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journals")


@pytest.fixture(scope="module")
def books(own_dbt_target: None, home: Path) -> Path:
    return build(home / "inputs", home / "books.duckdb", JOURNALS)


def test_a_journal_is_in_every_book_it_is_for(books: Path) -> None:
    assert small_books.rows(
        books,
        "select source_id, book, entry_type, cause, contract_id, description from reports.journal_entries"
        " where source_type = 'manual_journal' order by 1, 2",
    ) == [
        ("between", "ASC606", "manual", "manual", None, "From one to the other"),
        ("between", "IFRS15", "manual", "manual", None, "From one to the other"),
        ("costs", "ASC606", "manual", "manual", None, "Commissions"),
        ("foreign", "ASC606", "manual", "manual", None, "Euro"),
        ("kept", "ASC606", "manual", "manual", "k8", "Kept by hand, contract k8"),
        ("layered", "ASC606", "manual", "manual", "k3", "Layer, contract k3"),
        ("with", "ASC606", "manual", "manual", "k1", "Goodwill for k1, contract k1"),
        ("with", "IFRS15", "manual", "manual", "k1", "Goodwill for k1, contract k1"),
        ("without", "IFRS15", "manual", "manual", None, "Allowance"),
    ]
    assert small_books.rows(
        books, "select source_id, prepared_by from engine.entry_preparers where source_id = 'with' order by 2"
    ) == [
        ("with", "ann"),
        ("with", "bob"),
    ]


def test_a_journal_of_a_contract_moves_its_balances_and_no_position(books: Path) -> None:
    """1,200.00 billed, 300.00 earned: 50.00 and 20.00 come out of k1, 15.00 go to k2."""
    assert small_books.amounts(
        books,
        "select contract_id, contract_liability from reports.contract_balances"
        " where book = 'ASC606' and period = '2026-03' and contract_id in ('k1', 'k2')",
    ) == {"k1": Decimal(830), "k2": Decimal(915)}
    assert small_books.rows(
        books,
        "select opening, recognized, adjustments, closing from reports.deferred_revenue_rollforward"
        " where book = 'ASC606' and period = '2026-02' and contract_id = 'k1'",
    ) == [(Decimal(1100), Decimal(-100), Decimal(-50), Decimal(950))]
    assert small_books.amounts(
        books,
        "select cause, amount from reports.recognition_by_period"
        " where book = 'ASC606' and accounting_period = '2026-02' and contract_id = 'k1'",
    ) == {"schedule": Decimal(100), "manual": Decimal(50)}
    assert small_books.rows(books, "select 1 from engine.ledger_postings where entry_type = 'reclassification'") == []


def test_a_journal_on_contract_costs_is_in_their_roll_forward(books: Path) -> None:
    assert small_books.rows(
        books,
        "select cost_id, contract_id, kind, opening, capitalized, written_off, closing"
        " from reports.contract_cost_rollforward where period = '2026-02' order by cost_id",
    ) == [
        ("costs", None, "manual", 0, 5, 0, 5),
        ("costs:k1", "k1", "manual", 0, 30, 0, 30),
        ("costs:k2", "k2", "manual", 0, 0, -10, -10),
    ]


def test_a_contract_that_is_not_accounted_for_has_what_was_written_for_it(books: Path) -> None:
    assert small_books.rows(
        books,
        "select contract_id, customer_id, period, receivable from reports.contract_balances"
        " where contract_id = 'k8' order by period",
    ) == [("k8", "c1", "2026-02", Decimal(100)), ("k8", "c1", "2026-03", Decimal(100))]


def test_a_journal_between_contracts_is_one_entry_with_a_line_for_each(books: Path) -> None:
    assert small_books.rows(
        books,
        "select contract_id, role, debit, credit from reports.journal_lines"
        " where book = 'ASC606' and source_id = 'between' order by 1, 2",
    ) == [
        ("k1", "deferred_revenue", Decimal(20), Decimal(0)),
        ("k2", "accounts_receivable", Decimal(0), Decimal(5)),
        ("k2", "deferred_revenue", Decimal(0), Decimal(15)),
    ]


def test_a_journal_in_another_currency_balances_in_both(books: Path) -> None:
    """What rounding leaves over goes to its account; the layers of a contract keep their rate beside the journal's."""
    assert small_books.amounts(
        books,
        "select role, functional_debit - functional_credit from reports.journal_lines where source_id = 'foreign'",
    ) == {
        "bad_debt": Decimal("11.56"),
        "allowance": Decimal("-5.78"),
        "cash": Decimal("-5.79"),
        "fx_rounding": Decimal("0.01"),
    }
    assert small_books.amounts(
        books,
        "select role, functional_debit - functional_credit from reports.journal_lines where source_id = 'layered'",
    ) == {"deferred_revenue": Decimal("13.86"), "revenue": Decimal("-13.86")}
    assert small_books.rows(
        books,
        "select sum(amount_minor), sum(functional_minor) from engine.currency_balances"
        " where role = 'deferred_revenue' and is_last = 1",
    ) == [(-2 * 90000, -2 * 99000)]


def test_what_is_not_in_the_ledger_is_named_with_its_figures(books: Path) -> None:
    flags = dict(
        small_books.rows(
            books,
            "select source_id, actual from reports.anomaly_flags"
            " where rule = 'manual_journal_is_posted' and severity = 'block'",
        )
    )
    assert flags == {
        "refused": "debits 1.000, credits 1.000: contract k9 that it names is in GBP and the journal in USD",
        "uneven": "debits 100.000, credits 90.000: its debits are not its credits in USD",
        "mixed": "debits 100.000, credits 100.000: its lines are in EUR and USD",
        "unrated": "debits 100.000, credits 100.000: there is no spot rate from JPY to USD for 2026-02-20",
    }


def test_a_build_of_what_changed_equals_a_full_one(books: Path, home: Path) -> None:
    """A line, a memo, a journal that goes and one that comes, with and without a contract."""
    corrected = [
        line.replace(
            "uneven,2,acme,ASC606,2026-02-20,allowance,,90.00", "uneven,2,acme,ASC606,2026-02-20,allowance,,100.00"
        )
        for line in JOURNALS
    ]
    corrected = [
        line.replace(",15.00,USD,k2", ",16.00,USD,k2").replace(",5.00,USD,k2", ",4.00,USD,k2") for line in corrected
    ]
    corrected = [line for line in corrected if not line.startswith("without")]
    before = contents(books)
    after = contents(build(home / "inputs", books, corrected))
    assert 0 < changed_contracts(books) <= 6
    assert after != before
    assert after == contents(build(home / "again", home / "anew.duckdb", corrected))
    assert contents(build(home / "inputs", books, JOURNALS)) == before
