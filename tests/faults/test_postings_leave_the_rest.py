"""After a posting or a lock nothing else is drafted anew, and yet the drafts are those of a full build."""

from __future__ import annotations

from pathlib import Path

from orchestration import close, pipeline
from tests.faults import invariants, prepared_books
from tests.faults.prepared_books import AS_OF, THROUGH
from tests.faults.stages import Stages

FEBRUARY = prepared_books.MONTHS[1]


def drafted(database: Path) -> int:
    """Contracts whose drafts the last build made anew."""
    return invariants.rows(database, "select count(*) from engine.contracts_to_draft")[0][0]


def checked(database: Path) -> int:
    """Contracts that a build with check_changed asks."""
    return invariants.rows(database, "select count(*) from engine.contracts_to_check")[0][0]


def books_of(database: Path) -> invariants.State:
    """All that the books say: state, drafts and public tables, without the log, which tells of every build."""
    return {table: rows for table, rows in invariants.state(database).items() if table != "ops.audit_log"}


def build(inputs: Path, database: Path, *, full_refresh: bool = False) -> invariants.State:
    pipeline.run(inputs=inputs, database=database, as_of=AS_OF, through=THROUGH, full_refresh=full_refresh)
    return books_of(database)


def test_what_depends_on_a_posting_is_drafted_anew_and_nothing_else(stages: Stages, tmp_path: Path) -> None:
    """January is posted and locked, then corrected; of the corrections that February has to take, one is posted."""
    database = stages.copy("locked", tmp_path / "books")
    posted = books_of(database)
    assert invariants.differences(build(stages.inputs, database), posted) == {}
    assert drafted(database) == 0
    assert checked(database) > 0
    assert invariants.rows(database, "select count(*) from engine.draft_postings where period_no = 24313") > [(0,)]

    tables = {**prepared_books.TABLES}
    tables["invoice_lines"] = [
        {**row, "amount": "1500.00"} if row["invoice_id"] == "i1" else row for row in tables["invoice_lines"]
    ]
    late = prepared_books.write_inputs(tmp_path / "late", tables)
    build(late, database)
    assert drafted(database) > 0
    [[entry, *_], *others] = invariants.rows(
        database,
        "select entry_id from engine.draft_entries"
        " where accounting_period_no = 24312 and period_no = 24313 order by entry_type desc, entry_id",
    )
    assert others
    assert close.act("approve", database=database, by="Ada", period=FEBRUARY, entry_ids=[entry])
    assert close.act("post", database=database, by="Ada", period=FEBRUARY)
    assert invariants.broken(database) == []

    after = build(late, database)
    assert drafted(database) == 1
    assert invariants.differences(build(late, database, full_refresh=True), after) == {}
