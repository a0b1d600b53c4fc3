"""Whatever ids, names, memos and reasons hold, it is text: it comes back as it was and nothing of it is carried out.

One company is made of such text. It goes from the file drop through a build, a review, approvals, a posting, a lock and
its reopening, with people whose names and reasons are no better, through the functions and the commands people use.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from beancount import loader

from orchestration import close, pipeline
from orchestration.cli import _exit_code
from orchestration.errors import ConfigurationError
from orchestration.exports import journal
from orchestration.printing import printable
from tests.faults import invariants, prepared_books
from tests.faults.prepared_books import AS_OF, MONTHS, THROUGH

JANUARY, FEBRUARY = MONTHS
EMOJI = "👩‍👩‍👧 ﷽ e\u0301 שלום"
SQL = "'; drop table ops.posted_journal_lines; --"
JINJA = "{{ 1/0 }} {% raw %} {# x #} {{ env_var('HOME') }}"
FORMULA = "=cmd|'/C calc'!A0"
ENTITY = f"o'brien [/bold] :warning: {SQL}"
CUSTOMERS = {
    f'"c" \\ {SQL}': {"customer_name": f'"One" {EMOJI}', "region": "<script>alert(1)</script>"},
    "%s %(x)s $param ? :p": {"customer_name": FORMULA, "region": JINJA},
    "null": {"customer_name": "long " + "x" * 20_000, "region": "turned \u202e around"},
}
PRODUCT, STREAM = f"{FORMULA} {JINJA}", "tab\there, line\nthere"
ACCOUNT = f"{{% endraw %}} 'Revenue' \"{EMOJI}\" \\' \\\\ \x7f\x9b31m"
INVOICES = [f"i1 {SQL}", f"i2 {JINJA} \\", f"i3 %s $1 ? {EMOJI} <b>"]
HELD_BACK = f"i4 {FORMULA}"
# An escape sequence cannot come with a file, whose control characters are refused, but with a name or a reason.
PEOPLE = {
    "builder": f"Bu'ilder {EMOJI} {JINJA}",
    "approver": f"{SQL} \x1b[31mred\x1b[0m \x1b]0;title\x07",
    "second": 'back\\slash \u2028 \x85 "quoted" %s $x ?',
}
REASON = (
    f"{JINJA} {SQL} {EMOJI}\nline two\t\x1b[2J\x08\r <img src=x> {FORMULA} \\u0041 > in macro x refused: " + "y" * 5000
)


def tables() -> dict[str, list[dict[str, str]]]:
    billed = [("2026-01-01", "1200.00", "2026-12-31"), ("2026-01-15", "100.01", "2026-04-14")]
    billed.append(("2026-02-01", "59.99", "2026-02-28"))
    of_invoice = list(zip(INVOICES, CUSTOMERS, billed, strict=True))
    return {
        "entities": [{"entity_id": ENTITY, "entity_name": f"{JINJA} Inc.", "functional_currency": "USD"}],
        "customers": [{"customer_id": one, "entity_id": ENTITY, **row} for one, row in CUSTOMERS.items()],
        "products": [
            {
                "product_id": PRODUCT,
                "product_name": SQL,
                "recognition_method": "straight_line",
                "revenue_stream": STREAM,
            }
        ],
        "account_mappings": [
            {"role": row["role"], "account_code": f"{row['account_code']} {SQL}", "account_name": ACCOUNT}
            for row in prepared_books.TABLES["account_mappings"]
        ],
        "invoices": [
            {"invoice_id": one, "customer_id": customer, "entity_id": ENTITY, "currency": "USD", "issued_on": day}
            for one, customer, (day, _, _) in [*of_invoice, (HELD_BACK, "null", billed[0])]
        ],
        "invoice_lines": [
            {
                "invoice_id": one,
                "invoice_line_id": f"{one} line",
                "product_id": PRODUCT,
                "amount": amount,
                "starts_on": day,
                "ends_on": end,
            }
            for one, _, (day, amount, end) in of_invoice
        ]
        # No amount: rejected, and shown by the review.
        + [{"invoice_id": HELD_BACK, "invoice_line_id": JINJA, "product_id": PRODUCT, "amount": "cost\x9b2J"}],
        "manual_journals": [
            {
                "journal_id": f"j {SQL}",
                "line_no": str(number),
                "entity_id": ENTITY,
                "posted_on": "2026-02-28",
                "role": role,
                "debit": debit,
                "credit": credit,
                "currency": "USD",
                "memo": f"{JINJA} {FORMULA} {EMOJI}",
                "prepared_by": PEOPLE["second"].replace("\x85", "").replace("\u2028", ""),
            }
            for number, (role, debit, credit) in enumerate(
                (("cash", "5.00", ""), ("accounts_receivable", "", "5.00")), start=1
            )
        ],
    }


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("hostile")
    inputs, database = prepared_books.write_inputs(home / "inputs", tables()), home / "books.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(close.USER_VARIABLE, PEOPLE["builder"])
        pipeline.run(inputs=inputs, database=database, as_of=AS_OF, through=THROUGH)
    return database


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def revrec(books: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """A command of the command line on these books: exit code, what it printed, what it complained of."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = _exit_code([*arguments, "--database", str(books)])
        printed = capsys.readouterr()
        for text in (printed.out, printed.err):
            assert printable(text.replace("\n", "")) == text.replace("\n", ""), "a terminal would obey this"
        return code, printed.out, printed.err

    return call


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    return invariants.rows(database, query)


def test_values_are_in_the_public_tables_as_they_were_in_the_files(books: Path) -> None:
    lines = "select distinct {} from reports.journal_lines where {} is not null order by 1"

    def distinct(column: str) -> set[str]:
        return {value for (value,) in rows(books, lines.format(column, column))}

    assert distinct("entity_id") == {ENTITY}
    assert distinct("customer_id") >= set(CUSTOMERS)
    assert distinct("product_id") == {PRODUCT}
    assert distinct("revenue_stream") == {STREAM}
    assert distinct("region") >= {row["region"] for row in CUSTOMERS.values()}
    assert distinct("account_name") == {ACCOUNT}
    assert distinct("source_id") >= set(INVOICES)
    assert {one for (one,) in rows(books, "select prepared_by from engine.draft_entries")} == {PEOPLE["builder"]}
    names = {name for (name,) in rows(books, "select customer_name from inputs.input_customers")}
    assert names == {row["customer_name"] for row in CUSTOMERS.values()}


def test_what_a_person_reads_cannot_move_the_cursor_and_json_is_exact(books: Path, revrec: Command) -> None:
    for command in ("status", "review", "periods"):
        code, shown, _ = revrec(command)
        assert code == 0 and shown, command
        code, exact, _ = revrec(command, "--json")
        assert code == 0 and json.loads(exact), command
    [where] = json.loads(revrec("periods", "--json")[1])
    assert where["entity_id"] == ENTITY
    [rejected] = json.loads(revrec("review", "--json")[1])["rejected_inputs"]
    assert rejected["value"] == "cost\x9b2J"
    assert "cost\\x9b2J" in revrec("review")[1]


def test_a_month_of_such_books_closes(books: Path, revrec: Command) -> None:
    """The whole way, with hostile people; each step is in the log as it was given."""
    before = {
        name for (name,) in rows(books, "select table_schema || '.' || table_name from information_schema.tables")
    }
    by = ("--by", PEOPLE["approver"])
    entry = rows(books, "select min(entry_id) from reports.journal_entries where source_id like '%drop table%'")[0][0]
    period = ("--period", JANUARY)
    every = ("--entity", ENTITY, "--json")

    def done(*arguments: str) -> Any:
        code, printed, complaint = revrec(*arguments)
        assert code == 0, complaint
        return json.loads(printed)

    [approved] = done("approve", *period, *by, "--reason", REASON, *every)
    assert (approved["actor"], approved["reason"], approved["entity_id"]) == (PEOPLE["approver"], REASON, ENTITY)
    [rejected] = done("reject", "--entry", entry, *by, "--reason", REASON, "--json")
    assert (rejected["object_id"], rejected["after"]) == (entry, "1 drafts")
    code, _, complaint = revrec("lock", *period, *by)
    assert code == 1 and f"{JANUARY} cannot be locked yet:" in complaint and printable(ENTITY) in complaint
    assert revrec("approve", "--entry", f"{entry}' or '1'='1", *by)[0] == 1
    code, _, complaint = revrec("approve", *period, "--entity", f"{ENTITY}' or '1'='1", *by)
    assert code == 1 and "there is no entity" in complaint
    code, said, _ = revrec("approve", "--entry", entry, *by, "--reason", REASON)
    assert code == 0 and said.count("\n") == 1
    told = done("post", *period, *by, *every)
    assert [posted["entity_id"] for posted in told["posted"]] == [ENTITY] and told["waiting"] == []
    done("lock", *period, *by, "--reason", REASON, *every)
    [asked] = done("reopen", *period, *by, "--reason", REASON, "--json")
    [reopened] = done("reopen", *period, "--by", PEOPLE["second"], "--reason", REASON, "--json")
    assert (asked["action"], reopened["action"]) == ("reopen_request", "reopen")
    assert PEOPLE["approver"] in reopened["after"] and reopened["actor"] == PEOPLE["second"]
    done("soft-close", "--period", FEBRUARY, *by, "--causes", f"{SQL},{JINJA}", "--reason", REASON, *every)
    code, _, complaint = revrec("resolve", f"{SQL} {JINJA}", *by, "--reason", REASON)
    assert code == 1 and "there is no flag" in complaint

    assert invariants.broken(books) == []
    logged = rows(books, "select distinct actor from ops.audit_log")
    assert {actor for (actor,) in logged} == set(PEOPLE.values())
    assert rows(books, "select distinct reason from ops.period_events") == [(REASON,)]
    assert {name for (name,) in rows(books, "select distinct posted_by from ops.posted_journal_lines")} == {
        PEOPLE["approver"]
    }
    after = {name for (name,) in rows(books, "select table_schema || '.' || table_name from information_schema.tables")}
    assert after == before


def test_such_a_ledger_is_traced_explained_asked_about_and_exported(
    books: Path, revrec: Command, tmp_path: Path
) -> None:
    """After the close of the test before. Text goes in as a parameter and comes out as it is, or as its escape."""
    entry, invoice = rows(
        books,
        "select entry_id, source_id from reports.journal_entries where entry_type = 'invoice' and status = 'posted'"
        " and source_id like '%drop table%'",
    )[0]
    customer = "%s %(x)s $param ? :p"
    for words, seen in (
        (("trace", entry), invoice),
        (("trace", invoice), invoice),
        (("trace", "--role", "deferred_revenue", "--period", JANUARY, "--entity", ENTITY), ENTITY),
        (("explain", entry), ENTITY),
        (("ask", f"What does entry {entry} say?"), ENTITY),
        (("ask", f"Why was 100.01 deferred for {customer} in {JANUARY}?"), customer),
        (("ask", f"How much revenue of {invoice} in {JANUARY}?"), ENTITY),
        (("ask", f"Which drafts of {ENTITY} wait?"), ENTITY),
        (("audit", "log", "--by", PEOPLE["approver"]), PEOPLE["approver"]),
    ):
        code, said, complaint = revrec(*words)
        assert code == 0, (words, complaint)
        assert "".join(printable(seen).split()) in "".join(said.split()).replace("│", ""), words
        code, exact, _ = revrec(*words, "--json")
        assert code == 0 and json.dumps(seen)[1:-1] in exact, words
    for question in (SQL, JINJA, FORMULA, REASON):
        code, said, complaint = revrec("ask", question)
        assert (code, said) == (2, "") and "These can be asked" in complaint

    files = {}
    for erp in ("journal", "beancount"):
        code, said, complaint = revrec(
            *("export", "--erp", erp, "--period", JANUARY, "--by", PEOPLE["approver"], "--out", str(tmp_path / erp)),
            "--json",
        )
        assert code == 0, complaint
        [files[erp]] = (tmp_path / erp).iterdir()
        assert re.fullmatch(r"[A-Za-z0-9._-]+", files[erp].name)
    with files["journal"].open(encoding="utf-8", newline="") as source:
        exported = list(csv.DictReader(source))
    assert not [cell for row in exported for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {journal.plain(row["entity_id"]) for row in exported} == {ENTITY}
    assert {journal.plain(row["product_id"]) for row in exported if row["product_id"]} == {PRODUCT}
    assert {journal.plain(row["account_name"]) for row in exported} == {ACCOUNT}
    _, errors, _ = loader.load_file(str(files["beancount"]))
    assert errors == []
    code, said, complaint = revrec("reconcile", "--period", JANUARY, "--file", str(files["journal"]))
    assert code == 0 and said.endswith(" 0 differences\n"), said + complaint
    assert revrec("audit", "verify")[0] == 0
    assert rows(books, "select count(*) > 0 from ops.posted_journal_lines") == [(True,)]


def test_books_that_hold_such_a_ledger_are_built_again(books: Path) -> None:
    """After the close of the test before: what is posted is compared with its target, by every key."""
    ledger = rows(books, "select * from ops.posted_journal_lines order by all")
    assert ledger
    pipeline.run(inputs=books.parent / "inputs", database=books, as_of=AS_OF, through=THROUGH)
    assert rows(books, "select * from ops.posted_journal_lines order by all") == ledger
    late = "select entry_id from reports.journal_entries where status = 'draft' and accounting_period = '2026-01'"
    assert rows(books, late) == []
    assert invariants.broken(books) == []


@pytest.mark.parametrize("text", ["a\x00b", "not utf-8 \udcff"])
def test_what_is_no_text_is_refused_with_what_to_do(books: Path, text: str) -> None:
    for given in ({"by": text}, {"by": "Ada", "reason": text}, {"by": "Ada", "entry_ids": ["e", text]}):
        with pytest.raises(ConfigurationError, match="holds a NUL or bytes that are not UTF-8 text; write it anew"):
            close.act("approve", database=books, period=JANUARY, **given)


def test_a_period_is_a_month_and_nothing_more(books: Path) -> None:
    for period in (f"{JANUARY}\n", f"{JANUARY}' or '1'='1", "2026-13", "{{ 1/0 }}"):
        with pytest.raises(close.Refused, match="is not a period"):
            close.act("lock", database=books, by="Ada", period=period)
