"""What is posted stays as it is and is counted once, whatever the books are built from, when, and how often."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import close, pipeline
from tests.faults import invariants, prepared_books
from tests.faults.prepared_books import AS_OF, THROUGH
from tests.faults.stages import JANUARY, Stages

LATER = "2097-06-30 12:00:00"


@pytest.fixture
def locked(stages: Stages, tmp_path: Path) -> Iterator[Path]:
    """Books with a posted and locked January. After the test their ledger is what it was, and its invariants hold."""
    database = stages.copy("locked", tmp_path / "books")
    before = ledger(database)
    assert before
    yield database
    assert ledger(database) == before
    assert invariants.broken(database, is_built=False) == []


def ledger(database: Path) -> list[tuple[Any, ...]]:
    """What was posted, without the moment it was known as of, which a test moves."""
    query = "select * exclude (known_as_of) from ops.posted_journal_lines order by entry_id, line_no"
    return invariants.rows(database, query)


def books_of(database: Path) -> invariants.State:
    """All that the books say: state, drafts and public tables, without the log, which tells of every build."""
    return {table: rows for table, rows in invariants.state(database).items() if table != "ops.audit_log"}


def replayed(folder: Path) -> Path:
    """The same files once more, with their rows in another order and every row twice."""
    chance = random.Random("replayed")  # noqa: S311
    tables = {name: [row for row in rows for _ in range(2)] for name, rows in prepared_books.TABLES.items()}
    for rows in tables.values():
        chance.shuffle(rows)
    return prepared_books.write_inputs(folder, tables)


def test_a_full_refresh_leaves_the_ledger_and_finds_nothing_new(locked: Path, stages: Stages) -> None:
    before = books_of(locked)
    pipeline.run(inputs=stages.inputs, database=locked, as_of=AS_OF, through=THROUGH, full_refresh=True)
    assert invariants.differences(books_of(locked), before) == {}


def test_everything_but_raw_and_ops_can_be_dropped_and_comes_back(locked: Path, stages: Stages) -> None:
    """Schema `state`, which says what was built of each contract, stays: it must not be believed."""
    before = books_of(locked)
    with duckdb.connect(str(locked)) as connection:
        for (schema,) in connection.execute(
            """
            select schema_name
            from duckdb_schemas()
            where not internal and schema_name not in ('ops', 'state', 'main') and not starts_with(schema_name, 'raw_')
            """
        ).fetchall():
            connection.execute(f'drop schema "{schema}" cascade')
    pipeline.run(database=locked, as_of=AS_OF, through=THROUGH)
    assert invariants.differences(books_of(locked), before) == {}


def move_what_is_known(database: Path, moment: str) -> None:
    """As if the clock had been ahead when January was closed."""
    with duckdb.connect(str(database)) as connection:
        for table in ("posted_journal_lines", "posted_batches", "approvals", "period_events"):
            connection.execute(f"update ops.{table} set known_as_of = ?", [moment])  # noqa: S608


def test_inputs_that_come_again_while_the_clock_is_behind_give_no_drafts(locked: Path, tmp_path: Path) -> None:
    """Replayed, reordered, doubled; and the books do not look behind what was posted, unless they are asked to."""
    reported = {table: rows for table, rows in books_of(locked).items() if not table.startswith("ops.")}
    move_what_is_known(locked, LATER)
    before = books_of(locked) | reported  # views of the last build see nothing that is known later
    done = pipeline.run(inputs=replayed(tmp_path / "again"), database=locked, through=THROUGH)
    assert (done.as_of, done.through) == (LATER, THROUGH)
    assert invariants.differences(books_of(locked), before) == {}

    pipeline.run(database=locked, as_of=AS_OF, through=THROUGH)
    unseen = "select count(*) from reports.journal_entries where status = 'draft' and posting_period = ?"
    assert invariants.rows(locked, unseen, [JANUARY]) > [(0,)], "what was posted later is not known"
    for action in ("approve", "post", "soft_close"):
        with pytest.raises(close.Refused) as refused:
            close.act(action, database=locked, by="Ada", period=JANUARY)
        assert str(refused.value) == (
            f"the last build sees the books as of {AS_OF} 23:59:59, but they were posted or locked as of {LATER}; "
            "run `bin/revrec run --as-of` with that moment or a later one."
        )


@pytest.mark.parametrize(
    ("now", "latest", "asked", "expected"),
    [
        ("2026-03-05 10:00:00", None, None, ("2026-03-05 10:00:00", "2026-03")),
        ("2026-03-05 10:00:00", "2026-03-01 00:00:00", None, ("2026-03-05 10:00:00", "2026-03")),
        ("2026-02-05 10:00:00", "2026-03-01 00:00:00", None, ("2026-03-01 00:00:00", "2026-03")),
        ("2026-02-05 10:00:00", "2026-03-01 00:00:00", "2026-01", ("2026-03-01 00:00:00", "2026-01")),
    ],
)
def test_now_is_never_before_what_was_posted(
    now: str, latest: str | None, asked: str | None, expected: tuple[str, str]
) -> None:
    horizon = pipeline.Horizon.of(now, asked).not_before(latest, asked)
    assert (horizon.as_of, horizon.through) == expected
