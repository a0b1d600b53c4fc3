"""A full disk, a failing statement, two people at once: an action of the close has happened once, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import close
from tests.faults import invariants, prepared_books
from tests.faults.nursery import DONE, REFUSED, UNUSABLE, Nursery
from tests.faults.stages import JANUARY, Stages

APPROVE = {"action": "approve", "by": "Ada", "period": JANUARY}
POST = {"action": "post", "by": "Ada", "period": JANUARY}
LOCK = {"action": "lock", "by": "Ada", "period": JANUARY}


@pytest.fixture(scope="module")
def posted(stages: Stages, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> invariants.State:
    """The state after an undisturbed posting."""
    database = stages.copy("approved", tmp_path_factory.mktemp("posted"))
    assert nursery.send_out(database, POST)["code"] == DONE
    return invariants.state(database)


# Two entities posted: lines, batches; postings, entries and numbers of drafts; four on what was built; two in the log.
WRITTEN = 9 + 2


def check(database: Path, *states: invariants.State) -> invariants.State:
    """The state, which is one of these; its invariants hold."""
    assert invariants.broken(database) == []
    found = invariants.state(database)
    assert found in states, [invariants.differences(found, state) for state in states]
    return found


def test_the_ledger_and_the_log_are_written_together(
    stages: Stages, nursery: Nursery, posted: invariants.State, tmp_path: Path
) -> None:
    """Killed between any two statements of the script: of two batches and their rows in the log, all or none."""
    database = stages.copy("approved", tmp_path / "books")
    approved = invariants.state(database)
    statements = 1 + WRITTEN + 1  # begin and commit
    for number in range(statements):
        assert nursery.send_out(database, POST, {"within_script": number})["killed"]
        check(database, approved)
    assert nursery.send_out(database, POST, {"within_script": statements})["killed"]
    check(database, posted)


def test_a_statement_that_fails_takes_back_those_before_it(
    stages: Stages, nursery: Nursery, posted: invariants.State, tmp_path: Path
) -> None:
    database = stages.copy("approved", tmp_path / "books")
    approved = invariants.state(database)
    for number in range(1, 1 + WRITTEN):
        ended = nursery.send_out(database, POST, {"error_within_script": number})
        assert ended["code"] not in (DONE, None) and "the statement failed" in ended["said"], ended
        check(database, approved)
    assert nursery.send_out(database, POST)["code"] == DONE
    check(database, posted)


# Every write beyond so many bytes of a file fails (RLIMIT_FSIZE, which needs no privileges): at first none of the
# write-ahead log can be written, then a part of it, then all of it but nothing of the database file.
@pytest.mark.parametrize("limit", [0, 100, 1_000, 4_000, 16_000, 64_000, 1_000_000])
def test_a_disk_that_is_full_takes_all_or_nothing(
    limit: int, stages: Stages, nursery: Nursery, posted: invariants.State, tmp_path: Path
) -> None:
    database = stages.copy("approved", tmp_path / "books")
    approved = invariants.state(database)
    ended = nursery.send_out(database, POST, {"file_limit": limit})
    assert not ended["killed"], ended
    found = check(database, approved, posted)
    assert ended["code"] != DONE or found == posted, "said to be done, and is not"
    assert limit > 1_000 or found == approved, "the limit was to stop it"
    assert nursery.send_out(database, POST)["code"] == DONE
    check(database, posted)


def test_a_run_on_a_full_disk_leaves_the_ledger_alone(stages: Stages, nursery: Nursery, tmp_path: Path) -> None:
    database = stages.copy("locked", tmp_path / "books")
    before = invariants.rows(database, "select * from ops.posted_journal_lines order by all")
    work = {
        "action": "run",
        "inputs": str(stages.inputs),
        "as_of": prepared_books.AS_OF,
        "through": prepared_books.THROUGH,
    }
    ended = nursery.send_out(database, work, {"file_limit": 100_000})
    assert ended["code"] not in (DONE, None), ended
    assert invariants.broken(database, is_built=False) == []
    assert invariants.rows(database, "select * from ops.posted_journal_lines order by all") == before


@pytest.mark.parametrize("round_", range(3))
@pytest.mark.parametrize(
    ("stage", "works"),
    [
        pytest.param("built", [APPROVE, APPROVE], id="two approve"),
        pytest.param("approved", [POST, POST, POST], id="three post"),
        pytest.param("approved", [POST, LOCK], id="one posts, one locks"),
        pytest.param("posted", [LOCK, LOCK], id="two lock"),
    ],
)
def test_two_closes_at_once_are_one_after_the_other_or_refused(
    stage: str, works: list[dict[str, Any]], round_: int, stages: Stages, nursery: Nursery, tmp_path: Path
) -> None:
    """Who comes second is told so (exit code 2), or finds it done; done again, it is there once."""
    alone = stages.copy(stage, tmp_path / "alone")
    for work in works[-1:] if works[0] == works[-1] else works:
        assert nursery.send_out(alone, work)["code"] == DONE
    expected = invariants.state(alone)

    database = stages.copy(stage, tmp_path / "books")
    ended = nursery.send_out_together([{"database": str(database), "work": work} for work in works])
    for one in ended:
        assert one["code"] in (DONE, UNUSABLE, REFUSED), one
        assert one["code"] != UNUSABLE or "is in use" in one["said"], one
        assert one["code"] != REFUSED or "cannot be locked yet" in one["said"], one
    assert invariants.broken(database) == []
    for work in works:
        assert nursery.send_out(database, work)["code"] == DONE
    check(database, expected)


def test_what_cannot_be_posted_is_not_logged_as_posted(stages: Stages, tmp_path: Path) -> None:
    """An entry whose account is gone stays a draft; where nothing of an entity could be posted, nothing is logged."""
    database = stages.copy("approved", tmp_path / "books")
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            """
            update engine.account_assignments set account_code = null
            where dimension_key in (
                select unnest([parties.dimension_key, lines.dimension_key])
                from engine.posting_parties as parties
                left join engine.posting_lines as lines using (contract_key)
                where parties.entity_id = 'umbra'
            )
            """
        )
    [done] = close.act("post", database=database, by="Ada", period=JANUARY)
    assert done["entity_id"] == "acme"
    assert invariants.broken(database) == []
    drafts = invariants.rows(database, "select distinct entity_id from engine.draft_entries where period_no = 24312")
    assert drafts == [("umbra",)]
