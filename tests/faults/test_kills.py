"""Killed at any moment, an action of the close has happened or has not: nothing is lost, doubled or half-done.

Each test kills real processes (SIGKILL) that are at an action, one after the other on the same database, and looks at
the database after each: its invariants hold, and it is what it was before the action or what it is after an undisturbed
one. At last the action is repeated to its end, which must be the undisturbed one. Moments are drawn from seeds.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults import invariants, test_kills_of_exports, test_kills_of_runs
from tests.faults.nursery import DONE, REFUSED, Nursery
from tests.faults.prepared_books import MONTHS
from tests.faults.stages import JANUARY, Stages

FEBRUARY = MONTHS[1]


@dataclass(frozen=True)
class Action:
    """What is done to which of the stages; `again` is how it ends when it is done already (None: it is done anew)."""

    name: str
    stage: str
    arguments: dict[str, Any]
    again: int | None = DONE

    @property
    def work(self) -> dict[str, Any]:
        return {"action": self.name, "by": "Ada", **self.arguments}


# Every action of the close is one row here; exports write files as well, and have test_kills_of_exports.py.
ACTIONS = {
    action.name: action
    for action in (
        Action("approve", "built", {"period": JANUARY}),
        Action("reject", "approved", {"period": JANUARY, "reason": "not yet"}, again=None),
        Action("post", "approved", {"period": JANUARY}),
        Action("soft_close", "posted", {"period": FEBRUARY, "causes": "credit_note"}, again=None),
        Action("lock", "posted", {"period": JANUARY}),
        Action("reopen", "locked", {"period": JANUARY, "reason": "a bill came late", "second": "Bob"}, again=REFUSED),
    )
}
# Kills of each action by kind, so that boundaries are met and not only the long stretches between them.
KILLS = {"at_any_time": 5, "around_a_statement": 5, "within_the_script": 7, "as_it_commits": 5, "as_it_closes": 5}


def draw(kind: str, chance: random.Random, seconds: float) -> dict[str, Any]:
    """The moment of one kill; `seconds` is how long the action takes undisturbed."""
    match kind:
        case "at_any_time":
            return {"delay": chance.uniform(0, seconds)}
        case "around_a_statement":
            return {chance.choice(("before_statement", "after_statement")): chance.randint(1, 20)}
        case "within_the_script":
            return {"within_script": chance.randrange(1000)}
        case "as_it_commits":
            return {"from": "<script>", "delay": chance.uniform(0, 0.03)}
        case _:
            return {"from": "<closing>", "delay": chance.uniform(0, 0.02)}


@pytest.fixture(scope="module", params=ACTIONS)
def undisturbed(
    request: pytest.FixtureRequest, stages: Stages, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Action, invariants.State, invariants.State, Counter[Any], float]:
    """An action, the state before it and after it, what the books add up to, and how long it takes."""
    action = ACTIONS[request.param]
    database = stages.copy(action.stage, tmp_path_factory.mktemp(action.name))
    before, totals = invariants.state(database), invariants.totals(database)
    done = nursery.send_out(database, action.work)
    assert done["code"] == DONE, done
    after = invariants.state(database)
    assert before != after
    assert invariants.broken(database) == [] and invariants.totals(database) == totals
    return action, before, after, totals, done["seconds"]


@pytest.mark.parametrize("kind", KILLS)
def test_a_killed_action_has_happened_or_has_not(
    kind: str, undisturbed: Any, stages: Stages, nursery: Nursery, tmp_path: Path
) -> None:
    action, before, after, totals, seconds = undisturbed
    chance = random.Random(f"{action.name} {kind}")  # noqa: S311
    database = stages.copy(action.stage, tmp_path / "books")
    kills = 0
    for _ in range(KILLS[kind] * 5):
        fault = draw(kind, chance, seconds)
        ended = nursery.send_out(database, action.work, fault)
        assert ended["killed"] or ended["code"] == DONE, (fault, ended)
        kills += ended["killed"]
        assert invariants.broken(database) == [], fault
        assert invariants.totals(database) == totals, fault
        found = invariants.state(database)
        assert found in (before, after), (fault, invariants.differences(before, found))
        if found == after:
            check_that_it_is_not_done_twice(action, after, nursery, database)
            database = stages.copy(action.stage, tmp_path / "books")
        if kills == KILLS[kind]:
            break
    assert kills == KILLS[kind]

    if invariants.state(database) == before:
        assert nursery.send_out(database, action.work)["code"] == DONE
    assert invariants.differences(invariants.state(database), after) == {}
    assert invariants.broken(database) == []


def test_there_are_more_than_two_hundred_kills() -> None:
    """Each test says by itself that it reached its number."""
    of_actions = len(ACTIONS) * sum(KILLS.values())
    of_exports = len(test_kills_of_exports.ERPS) * test_kills_of_exports.AT_LEAST
    assert of_actions + of_exports + len(test_kills_of_runs.KILLS) > 200


def check_that_it_is_not_done_twice(action: Action, after: invariants.State, nursery: Nursery, database: Path) -> None:
    """A person who saw a process die does it again."""
    if action.again is not None:
        assert nursery.send_out(database, action.work)["code"] == action.again
        assert invariants.differences(invariants.state(database), after) == {}
