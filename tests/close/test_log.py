"""Every action is in the log, by the commands a person uses: who, what, before and after. So is what a build finds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from close import company

from orchestration import audit, cli

MARCH = "2026-03-31"
Command = Callable[..., tuple[int, str, str]]
JOURNAL = [
    ["journal_id", "line_no", "entity_id", "posted_on", "role", "debit", "credit", "currency", "memo", "prepared_by"],
    ["J-1", "1", "beacon", "2026-03-10", "bad_debt", "75.00", "", "USD", "Owed by a customer who is gone", "Ada"],
    ["J-1", "2", "beacon", "2026-03-10", "accounts_receivable", "", "70.00", "USD", "Owed by one who is gone", "Ada"],
]


def revrec(database: Path, *words: str) -> int:
    return cli._exit_code([*words, "--database", str(database)])


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    def run(database: Path, *words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = revrec(database, *words)
        printed = capsys.readouterr()
        return code, printed.out, " ".join(printed.err.split())

    return run


def build(database: Path, folder: Path, journal: list[list[str]], **changes: tuple[str, str]) -> None:
    """March, with a journal that a person wrote, and other words in some files."""
    company.write(folder, MARCH, company._tables() | {"manual_journals": journal})
    for table, (before, after) in changes.items():
        file = folder / f"{table}.csv"
        text = file.read_text()
        assert before in text
        file.write_text(text.replace(before, after))
    words = ["run", "--inputs", str(folder), "--as-of", MARCH, "--through", "2026-03", "--json"]
    assert revrec(database, *words) == 0


@pytest.fixture(scope="module")
def uneven(closed_books: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """March was built with a journal whose debits are not its credits."""
    folder = tmp_path_factory.mktemp("uneven")
    database = Path(shutil.copyfile(closed_books, folder / "beacon.duckdb"))
    build(database, folder / "inputs", JOURNAL)
    return database


@pytest.fixture(scope="module")
def mended(uneven: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Then again, with the journal corrected, another convention of the schedule and another account for refunds."""
    folder = tmp_path_factory.mktemp("mended")
    database = Path(shutil.copyfile(uneven, folder / "beacon.duckdb"))
    corrected = [[cell.replace("70.00", "75.00") for cell in row] for row in JOURNAL]
    policies = ("straight_line,monthly_even", "straight_line,daily")
    build(
        database, folder / "inputs", corrected, policies=policies, account_mappings=("4130,Refunds", "4135,Paid back")
    )
    return database


def log(command: Command, database: Path, *words: str) -> list[dict[str, Any]]:
    code, said, _ = command(database, "audit", "log", "--all", "--json", *words)
    assert code == 0
    return json.loads(said)


def test_settings_are_logged_with_what_they_were_and_are(mended: Path, command: Command) -> None:
    [*_, policy] = log(command, mended, "--action", "policy_change")
    name = "beacon/ASC606/straight_line"
    assert json.loads(policy["before"]) == {name: "monthly_even"} and json.loads(policy["after"]) == {name: "daily"}
    [*_, mapping] = log(command, mended, "--action", "mapping_change")
    assert json.loads(mapping["before"]) == {"refunds": "4130 Refunds"}
    assert json.loads(mapping["after"]) == {"refunds": "4135 Paid back"}
    first = log(command, mended, "--action", "policy_change")[0]
    assert json.loads(first["before"])[name] is None and json.loads(first["after"])[name] == "monthly_even"


def test_flags_are_logged_when_a_build_raises_them_and_when_they_are_gone(mended: Path, command: Command) -> None:
    raised, gone = log(command, mended, "--action", "flag")[-2:]
    name = "block manual_journal_is_posted"
    assert json.loads(raised["before"]).get(name, 0) == 0
    assert " raised, 0 gone: " in raised["after"] and f'"{name}": 1' in raised["after"]
    assert json.loads(gone["before"])[name] == 1
    assert f'"{name}": 0' in gone["after"] and "content " in gone["after"]
    with duckdb.connect(str(mended), read_only=True) as connection:
        kinds = connection.execute(
            "select kind from ops.flag_events where rule = 'manual_journal_is_posted' order by seq"
        ).fetchall()
    assert kinds == [("raised",), ("gone",)]
    assert audit.verify(mended).findings == []


@pytest.mark.parametrize(
    "script",
    [
        "delete from ops.flag_events where rule = 'manual_journal_is_posted' and kind = 'raised'",
        "update ops.flag_events set severity = 'info'",
        "delete from ops.flag_events",
    ],
)
def test_flags_that_are_made_to_disappear_are_missed(mended: Path, tmp_path: Path, script: str) -> None:
    database = Path(shutil.copyfile(mended, tmp_path / "beacon.duckdb"))
    with duckdb.connect(str(database)) as connection:
        connection.execute(script)
    assert {finding.what for finding in audit.verify(database).findings} & {"flags", "decisions"}


def test_a_control_that_fails_keeps_the_month_open(uneven: Path, command: Command) -> None:
    code, said, complained = command(uneven, "lock", "--period", "2026-03", "--by", "Cleo", "--json")
    assert code == 1
    to_do = json.loads(said)["error"]["to_do"]
    [flag] = [line for line in to_do if "manual_journal_is_posted" in line]
    assert "75.00" in flag and "70.00" in flag
    assert "2026-03 cannot be locked yet" in complained


def test_a_ledger_that_was_changed_keeps_the_month_open(own_books: Path, command: Command) -> None:
    with duckdb.connect(str(own_books)) as connection:
        connection.execute(
            "update ops.posted_journal_lines set amount_minor = amount_minor + 1"
            " where posting_period_no = 2026 * 12 + 1 and role = 'revenue'"
        )
    code, _, complained = command(own_books, "lock", "--period", "2026-02", "--by", "Cleo")
    assert code == 1
    assert "- beacon ASC606: Batch beacon:ASC606:2026-02:" in complained
    assert "is not what was posted: find out who changed it and restore it from a backup." in complained


def test_a_journal_that_a_person_wrote_is_signed_by_another(mended: Path, tmp_path: Path, command: Command) -> None:
    """Ada wrote it. It is a draft like any other: she cannot approve it, it is not posted before somebody does."""
    database = Path(shutil.copyfile(mended, tmp_path / "beacon.duckdb"))
    with duckdb.connect(str(database), read_only=True) as connection:
        [(entry, status)] = connection.execute(
            "select entry_id, status from reports.journal_entries where source_id = 'J-1'"
        ).fetchall()
    assert status == "draft"
    named = ("--entry", entry, "--by")
    refused = command(database, "approve", *named, "Ada")
    assert refused[0] == 1 and refused[2] == "revrec: Ada prepared these drafts; another person approves them."
    # She may sign the rest of the month; her own is not among it, and waits.
    assert command(database, "approve", "--period", "2026-03", "--by", "Ada")[0] == 0
    assert command(database, "post", "--period", "2026-03", "--by", "Bo")[1].splitlines()[-1] == (
        "waiting: beacon ASC606: 1 entry of 2026-03 not approved"
    )
    assert command(database, "approve", *named, "Eve")[0] == 0
    assert command(database, "post", "--period", "2026-03", "--by", "Bo")[0] == 0
    with duckdb.connect(str(database), read_only=True) as connection:
        posted = connection.execute(
            "select distinct approved_by, posted_by from ops.posted_journal_lines where entry_id = $1",
            [entry],
        ).fetchall()
    assert posted == [("Eve", "Bo")]
    said = command(database, "explain", entry)[1]
    assert "Ada wrote it by hand, and may not approve it." in said and "approved by Eve" in said


def test_every_action_of_a_person_is_in_the_log(mended: Path, tmp_path: Path, command: Command) -> None:
    database = Path(shutil.copyfile(mended, tmp_path / "beacon.duckdb"))
    why = ("--reason", "the auditor asked")
    for words in (
        ["reject", "--period", "2026-03", "--by", "Eve", *why],
        ["reopen", "--period", "2026-01", "--by", "Cleo", *why],
        ["reopen", "--period", "2026-01", "--by", "Dora", *why],
        ["soft-close", "--period", "2026-01", "--by", "Cleo", "--causes", "credit_note"],
        ["export", "--erp", "journal", "--period", "2026-02", "--by", "Bo", "--out", str(tmp_path / "out")],
        ["backup", str(tmp_path / "kept.backup"), "--by", "Cleo"],
    ):
        assert command(database, *words)[0] == 0, words
    found = log(command, database)
    # A flag is resolved in test_sign_off, a backup restored in test_backup.
    assert {row["action"] for row in found} == {
        *("ingest", "build", "flag", "policy_change", "mapping_change", "approve", "reject", "post", "lock"),
        *("reopen_request", "reopen", "soft_close", "export", "backup"),
    }
    assert all(row["actor"] and row["at"] and row["after"] for row in found)
    by_action = {row["action"]: row for row in found}
    assert by_action["lock"]["before"] == "nothing locked"
    assert by_action["reopen"]["before"] == "locked through 2026-01"
    assert (by_action["reopen"]["actor"], by_action["reopen"]["reason"]) == ("Dora", "the auditor asked")
    assert by_action["reopen"]["after"] == "open from 2026-01, with Cleo"
    assert json.loads(by_action["ingest"]["after"])["files"] > 0
    assert [row["actor"] for row in log(command, database, "--action", "export")] == ["Bo"]
    shown = command(database, "audit", "log", "--by", "Dora")[1]
    assert shown.count("\n") == 1 and "reopen: beacon ASC606: 2026-01: open from 2026-01, with Cleo" in shown
    assert audit.verify(database).findings == []
