"""`revrec audit verify` finds whatever is changed after the fact, and a locked month can be built again."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from close import company

from orchestration import audit, cli, close, reproduce, warehouse

TAMPERED = {
    "an amount": "update ops.posted_journal_lines set debit = debit + 1 where role = 'cash' and debit > 0",
    "an amount in minor units": "update ops.posted_journal_lines set amount_minor = amount_minor + 1 where line_no = 1",
    "the name of an account": "update ops.posted_journal_lines set account_name = 'Other' where account_code = '4000'",
    "who approved": "update ops.posted_journal_lines set approved_by = 'Eve' where entry_type = 'payment'",
    "a line": "delete from ops.posted_journal_lines where role = 'tax_payable' and credit = 24",
    "a line too many": "insert into ops.posted_journal_lines from ops.posted_journal_lines where role = 'tax_payable'",
    "a batch": "delete from ops.posted_journal_lines where posting_period_no = 2026 * 12",
    "a batch and its record": "delete from ops.posted_journal_lines where posting_period_no = 2026 * 12;"
    "delete from ops.posted_batches where posting_period_no = 2026 * 12",
    "the record of a batch": "update ops.posted_batches set content_hash = '1:1'",
    "who posted": "update ops.posted_batches set posted_by = 'Eve'",
    "words of the log": "update ops.audit_log set actor = 'Eve' where action = 'approve'",
    "a moment of the log": "update ops.audit_log set happened_at = happened_at - interval 1 day where seq = 3",
    "a row of the log": "delete from ops.audit_log where seq = 4",
    "the last row of the log": "delete from ops.audit_log where seq = (select max(seq) from ops.audit_log)",
    "a snapshot": "update ops.lock_snapshots set content_hash = '1:1' where table_name = 'contract_balances'",
    "a locked balance": "update ops.locked_trial_balances set closing = closing + 1 where role = 'cash'",
    "the snapshots": "delete from ops.lock_snapshots",
    "a lock": "delete from ops.period_events",
    "what a lock knew": "update ops.period_events set known_as_of = '2026-02-06 23:59:59'",
    "an approval": "delete from ops.approvals where posting_period_no = 2026 * 12",
    "an approval too many": "insert into ops.approvals select * replace (now() as happened_at) from ops.approvals",
    "a build": "delete from ops.builds where status = 'complete'",
    "a locked period": "update ops.posted_journal_lines set posting_period_no = 2026 * 12 where entry_type = 'payment'",
}


def change(database: Path, script: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(script)


def test_what_was_left_alone_is_found_to_be_so(closed_books: Path) -> None:
    done = audit.verify(closed_books)
    assert done.findings == []
    # Nothing is wrong with these books; flags are checked in test_log.
    assert [what for what, count in done.checked.items() if not count] == ["rows of flags"]
    assert audit.verify(closed_books, known=done.head).findings == []


@pytest.mark.parametrize("script", TAMPERED.values(), ids=TAMPERED)
def test_tampering_is_found(own_books: Path, script: str) -> None:
    change(own_books, script)
    assert audit.verify(own_books).findings


def test_a_lock_remembers_what_was_earned_on_which_day(own_books: Path) -> None:
    """What a day earned moves to the next one: no month differs, and the lock sees it."""

    def remembered(number: int) -> dict[str, tuple[int, str]]:
        lock = {"seq": number, "entity_id": company.ENTITY, "book": company.BOOK}
        with warehouse.writing(own_books):
            told = {"locks": [lock | {"from_period": "2026-01", "to_period": "2026-01"}]}
            close.run("snapshot_again", told, own_books, lambda message: None)
        with duckdb.connect(str(own_books)) as connection:
            found = audit.rows(connection, f"from ops.lock_snapshots where lock_seq = -{number}")
        return {row["table_name"]: (row["row_count"], row["content_hash"]) for row in found}

    before = remembered(101)
    assert before["daily_recognition"][0] > 1 and remembered(102) == before
    change(
        own_books,
        """
        alter view engine.int_reports__days rename to own_days;
        create view engine.int_reports__days as
        select * replace (recognized_on + case day(recognized_on) when 15 then 1 else 0 end as recognized_on)
        from engine.own_days
        """,
    )
    after = remembered(103)
    assert {name for name in before if before[name] != after[name]} == {"daily_recognition"}
    assert before["daily_recognition"][0] == after["daily_recognition"][0]


def test_any_column_of_a_posted_line_counts(own_books: Path) -> None:
    other = {"VARCHAR": "'x'", "BOOLEAN": "true", "DATE": "date '1999-01-01'", "TIMESTAMP": "timestamp '1999-01-01'"}
    unseen = []
    with duckdb.connect(str(own_books)) as connection:
        batches = audit.rows(connection, "from ops.posted_batches")
        log = audit.rows(connection, "from ops.audit_log order by seq")
        for name, kind, *_ in connection.execute("describe ops.posted_journal_lines").fetchall():
            connection.execute("begin")
            connection.execute(
                f"update ops.posted_journal_lines set {name} = {other.get(kind, '99')}"  # noqa: S608
                " where role = 'tax_payable' and credit = 24"
            )
            unseen += [] if list(audit._batches(connection, batches, log)) else [name]
            connection.execute("rollback")
    assert unseen == []


def test_a_log_that_was_written_anew_is_not_the_one_that_was_noted(own_books: Path) -> None:
    """Who may write everything can also hash everything anew: only a head kept elsewhere shows that."""
    head = audit.verify(own_books).head
    with duckdb.connect(str(own_books)) as connection:
        previous = ""
        for row in audit.rows(connection, "from ops.audit_log order by seq"):
            row |= {"previous_hash": previous, "reason": "nothing to see here" if row["seq"] == 2 else row["reason"]}
            previous = audit.row_hash(row)
            connection.execute(
                "update ops.audit_log set previous_hash = ?, row_hash = ?, reason = ? where seq = ?",
                [row["previous_hash"], previous, row["reason"], row["seq"]],
            )
    assert audit.verify(own_books).findings == []
    assert [finding.which for finding in audit.verify(own_books, known=head).findings] == [f"row {head.split(':')[0]}"]


def test_a_locked_month_is_built_again_although_much_was_learned_and_posted_since(own_books: Path) -> None:
    """One snapshot is changed, so that the comparison is seen to find what differs, and nothing else."""
    change(own_books, TAMPERED["a snapshot"])
    done = reproduce.reproduce(own_books, "2026-01")
    assert {table.table for table in done.different} == {"contract_balances"}
    equal = {table.table for table in done.tables if table.is_equal and table.rows_then}
    assert {"journal_lines", "trial_balance", "the trial balance itself", "recognition_by_period"} <= equal
    assert done.notes == []
    assert not list(own_books.parent.glob(".reproduce-*"))


def test_the_command_says_what_is_wrong_and_its_exit_code_does_too(
    own_books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["audit", "verify", "--database", str(own_books)]
    assert cli._exit_code(command) == 0
    assert "All of it is as it was left. Head of the log: " in capsys.readouterr().out
    change(own_books, TAMPERED["a line"])
    assert cli._exit_code(command) == 1
    said = capsys.readouterr().out
    assert "WRONG  batch beacon:ASC606:2026-01:" in said and "does not balance" in said
    assert "All of it" not in said
    assert cli._exit_code([*command, "--period", "2026-01"]) == 2
    assert cli._exit_code([*command, "--known", "flop"]) == 2
    assert cli._exit_code([*command, "--reproduce", "--period", "2031-01"]) == 2
