"""What is posted leaves the house exactly once, harmless to a spreadsheet, and is read back to the cent."""

from __future__ import annotations

import csv
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from beancount import loader
from beancount.core import data

from orchestration import audit, cli, exports
from orchestration.exports import beancount, journal
from orchestration.exports.reconcile import reconcile


def rows(database: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def line(**other: object) -> dict[str, object]:
    """A line as `exports.erp_journals` has it."""
    zero = Decimal("0.000")
    return {
        **dict.fromkeys(journal.COLUMNS, None),
        **{
            "entity_id": "e",
            "book": "ASC606",
            "batch_id": "b",
            "entry_id": "x",
            "line_no": 1,
            "posting_period": "2026-02",
        },
        **{"entry_date": "2026-02-03", "description": "d", "role": "cash", "account_code": "1000", "account_name": "n"},
        **{"debit": zero, "credit": zero, "currency": "USD", "functional_debit": zero, "functional_credit": zero},
        **{"functional_currency": "USD", "minor_units": 2, "functional_minor_units": 2, "natural_side": "debit"},
        **{"statement": "balance_sheet", "entry_type": "payment", "cause": "payment", **other},
    }


def test_only_what_is_posted_is_exported_batch_by_batch(own_books: Path, tmp_path: Path) -> None:
    [done] = exports.export(own_books, "journal", "2026-02", by="Bo", out=tmp_path)
    with Path(done.file).open(encoding="utf-8", newline="") as source:
        found = list(csv.DictReader(source))
    assert done.status == "exported" and len(found) == done.lines
    assert {row["posting_period"] for row in found} == {"2026-02"}
    [[debit, lines]] = rows(
        own_books, "select sum(debit), count(*) from ops.posted_journal_lines where posting_period_no = 2026 * 12 + 1"
    )
    assert (sum(Decimal(row["debit"]) for row in found), len(found)) == (debit, lines)
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_balance_taken_over_is_not_exported(own_books: Path, tmp_path: Path) -> None:
    """The other ledger has it already; nothing else is left out."""
    with duckdb.connect(str(own_books)) as connection:
        connection.execute(
            "update ops.posted_journal_lines set entry_type = 'opening_balance'"
            " where entry_id = 'ASC606:payment:P-1:K-1'"
        )
    [done] = exports.export(own_books, "journal", "2026-01", by="Bo", out=tmp_path)
    assert done.entries == 7 and "ASC606:payment:P-1:K-1" not in Path(done.file).read_text(encoding="utf-8")


def test_exporting_again_gives_the_same_bytes_and_says_so(own_books: Path, tmp_path: Path) -> None:
    [first] = exports.export(own_books, "journal", "2026-01", by="Bo", out=tmp_path / "a")
    [again] = exports.export(own_books, "journal", "2026-01", by="Bo", out=tmp_path / "b")
    assert Path(first.file).read_bytes() == Path(again.file).read_bytes()
    assert (first.status, again.status) == ("exported", "the same as before")
    outbox = rows(own_books, "select erp, batch_id, content_hash, actor from ops.export_outbox")
    assert outbox == [("journal", first.batch_id, first.content_hash, "Bo")]
    assert audit.verify(own_books).findings == []
    with duckdb.connect(str(own_books)) as connection:
        connection.execute("update ops.posted_journal_lines set debit = debit + 1 where role = 'cash' and debit > 0")
    assert (
        cli._exit_code(
            [
                "export",
                "--erp",
                "journal",
                "--period",
                "2026-01",
                "--by",
                "Bo",
                "--out",
                str(tmp_path),
                "--database",
                str(own_books),
            ]
        )
        == 1
    )


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\tx", "'=1", "''", "O'Neil", "plain", "a,b", 'q"', "two\nlines"]
)
def test_a_cell_is_never_a_formula_and_comes_back_as_it_was(text: str) -> None:
    rendered = journal.render([line(description=text, account_code=text)])
    [row] = csv.DictReader(rendered.splitlines(keepends=True))
    assert not row["description"].startswith(("=", "+", "-", "@", "\t"))
    assert journal.plain(row["description"]) == text
    assert journal.plain(row["account_code"]) == text


def test_the_same_ledger_comes_back_without_a_difference(own_books: Path, tmp_path: Path) -> None:
    for period in ("2026-01", "2026-02"):
        [done] = exports.export(own_books, "journal", period, by="Bo", out=tmp_path)
        read = reconcile(own_books, period, Path(done.file))
        assert read.differences == [] and read.compared > 8


def test_a_difference_is_named_to_the_cent(own_books: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    balances = rows(
        own_books,
        """
        select account_code, currency, sum(debit - credit) from ops.posted_journal_lines
        where debit <> 0 or credit <> 0 group by all order by all
        """,
    )
    file = tmp_path / "trial.csv"
    text = "account_code,currency,balance\n"
    file.write_text(text + "".join(f"{code},{currency},{balance}\n" for code, currency, balance in balances))
    assert reconcile(own_books, "2026-02", file).differences == []
    wrong = [(code, currency, balance + (code == "1000" and currency == "USD")) for code, currency, balance in balances]
    file.write_text(
        text + "".join(f"{code},{currency},{balance}\n" for code, currency, balance in wrong) + "9999,USD,-5\n"
    )
    command = [
        "reconcile",
        "--erp",
        "journal",
        "--period",
        "2026-02",
        "--file",
        str(file),
        "--database",
        str(own_books),
    ]
    assert cli._exit_code(command) == 1
    said = capsys.readouterr().out
    assert "1000 USD balance: posted 1,700.000, journal has 1,701.000, difference 1.000" in said
    assert "9999 USD balance: posted 0, journal has -5, difference -5" in said and "2 differences" in said
    for broken in ("account,currency,balance\n", "account_code,currency,balance\n1000,USD,1.2.3\n"):
        file.write_text(broken)
        assert cli._exit_code(command) == 2


def test_beancount_reads_the_ledger_and_finds_no_error(own_books: Path, tmp_path: Path) -> None:
    [done] = exports.export(own_books, "beancount", "2026-02", by="Bo", out=tmp_path)
    checked = subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", done.file], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    entries, errors, _ = loader.load_file(done.file)
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    assert errors == [] and len(transactions) == done.entries == 18
    late = next(entry for entry in transactions if entry.meta["entry_id"] == "ASC606:credit_note:CN-1:I-3")
    assert (f"{late.date}", f"{late.meta['entry_date']}") == ("2026-02-01", "2026-01-30")
    assert late.meta["contract_id"] == "I-3"


def test_beancount_takes_any_text() -> None:
    text = 'say "hi" \\ to\x00 them\nall\x1b[31m'
    found = beancount.render(
        [
            line(description=text, customer_id=text, contract_id=text, debit=Decimal(1), functional_debit=Decimal(1)),
            line(
                line_no=2,
                role="revenue",
                statement="income",
                natural_side="credit",
                account_code="4.0/x",
                credit=Decimal(1),
                functional_credit=Decimal(1),
            ),
        ]
    )
    entries, errors, _ = loader.load_string(found)
    assert errors == []
    [transaction] = [entry for entry in entries if isinstance(entry, data.Transaction)]
    assert transaction.narration == 'say "hi" \\ to  them all [31m' == transaction.meta["contract_id"]
    assert {posting.account for posting in transaction.postings} == {"Assets:1000:Cash", "Income:4-0-x:Revenue"}


def test_beancount_sees_an_entry_that_does_not_balance() -> None:
    found = beancount.render([line(debit=Decimal(1), functional_debit=Decimal(1))])
    _, errors, _ = loader.load_string(found)
    assert "does not balance" in errors[0].message


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "--erp", "flop", "--period", "2026-01"],
        ["export", "--erp", "journal", "--period", "January"],
        ["reconcile", "--erp", "journal", "--period", "2026-01", "--file", "nowhere.csv"],
    ],
)
def test_bad_usage_is_exit_code_2(closed_books: Path, arguments: list[str]) -> None:
    assert cli._exit_code([*arguments, "--database", str(closed_books)]) == 2
