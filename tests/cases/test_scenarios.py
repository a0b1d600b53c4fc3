"""The scenarios, in which the order of runs, postings and locks matters, through the command line.

Each is a legal entity of its own, so all of them run in one set of books: a build at a moment serves every scenario
that asks for it, and each scenario takes its steps in its own order.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration import cli

CASES = Path(__file__).parent
APPROVER, POSTER, CLOSER = "Ada", "Bo", "Cleo"


@dataclass
class Segment:
    """A build at a moment, and what follows: what people do to a period, and blocks by number that are checked."""

    scenario: str
    kind: str
    as_of: str
    repetition: int = 1
    steps: list[tuple[str, str]] = field(default_factory=list)

    @property
    def blocks(self) -> list[int]:
        return [int(subject) for action, subject in self.steps if action == "check"]


def segments(path: Path) -> list[Segment]:
    """The steps of a scenario by build. Expectations that follow one another are one block."""
    found: list[Segment] = []
    block, expecting = 0, False
    for step in yaml.safe_load(path.read_text(encoding="utf-8"))["steps"]:
        [(name, arguments)] = step.items()
        if name.startswith("expect_"):
            block += not expecting
            if not expecting:
                found[-1].steps.append(("check", str(block)))
        elif name in ("run", "replay"):
            before = sum(known.as_of == arguments["as_of"] and known.kind == name for known in found)
            found.append(Segment(path.stem, name, arguments["as_of"], before + 1))
        else:
            found[-1].steps.append((name, arguments["period"]))
        expecting = name.startswith("expect_")
    return found


SCENARIOS = sorted((CASES / "scenarios").glob("*.yml"))
ALL = [segment for path in SCENARIOS for segment in segments(path)]


def revrec(*arguments: str) -> None:
    assert cli._exit_code(list(arguments)) == 0, arguments


def check(scenario: str, block: int, database: Path) -> str:
    """What the checker says; empty when the block holds."""
    done = subprocess.run(
        [
            *(sys.executable, str(CASES / "check.py"), "--cases", str(CASES), "--database", str(database)),
            *("--scenario", str(CASES / "scenarios" / f"{scenario}.yml"), "--block", str(block)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture(scope="module")
def results(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], str]:
    """What the checker said about each block of each scenario, at its moment."""
    folder = tmp_path_factory.mktemp("scenarios")
    inputs, books = folder / "inputs", folder / "books.duckdb"
    names = [path.stem for path in SCENARIOS]
    subprocess.run(
        [sys.executable, str(CASES / "extract.py"), "--cases", str(CASES), "--out", str(inputs), *names], check=True
    )
    found: dict[tuple[str, int], str] = {}
    for kind in ("run", "replay"):
        moments = sorted({(segment.as_of, segment.repetition) for segment in ALL if segment.kind == kind})
        for as_of, repetition in moments:
            database = books if kind == "run" else folder / f"replay-{as_of}.duckdb"
            revrec("run", "--inputs", str(inputs), "--as-of", as_of, "--database", str(database))
            for segment in ALL:
                if (segment.kind, segment.as_of, segment.repetition) == (kind, as_of, repetition):
                    found |= follow(segment, database)
    return found


def follow(segment: Segment, database: Path) -> dict[tuple[str, int], str]:
    """Take the steps after a build; what the checker said about each block among them."""
    where = ("--entity", segment.scenario, "--database", str(database))
    found = {}
    for action, subject in segment.steps:
        if action == "check":
            found[segment.scenario, int(subject)] = check(segment.scenario, int(subject), database)
        elif action == "approve_and_post":
            revrec("approve", "--period", subject, "--by", APPROVER, *where)
            revrec("post", "--period", subject, "--by", POSTER, *where)
        else:
            assert action == "lock"
            revrec("lock", "--period", subject, "--by", CLOSER, *where)
    return found


@pytest.mark.parametrize(
    ("scenario", "block"), [(segment.scenario, block) for segment in ALL for block in segment.blocks]
)
def test_the_books_are_what_the_scenario_says(results: dict[tuple[str, int], Any], scenario: str, block: int) -> None:
    assert results[scenario, block] == ""


def test_every_scenario_is_here() -> None:
    assert len(SCENARIOS) == 6
    assert sum(len(segment.blocks) for segment in ALL) == 16
