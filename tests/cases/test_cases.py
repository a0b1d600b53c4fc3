"""The oracle cases through `revrec run --inputs`: published tables of vendors and of the standard, in one build.

`scope.csv` says of every case whether its rules are built, and if not, which term stands in the way. A case out of
scope must have a blocking flag with that reason, so that it can never be a wrong number.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

HERE = Path(__file__).parent
SCOPE = list(csv.DictReader((HERE / "scope.csv").open(encoding="utf-8")))
CASES = {row["case_id"] for row in csv.DictReader((HERE / "expected" / "cases.csv").open(encoding="utf-8"))}


@pytest.fixture(scope="session")
def differences(built: Path) -> dict[str, list[str]]:
    """What the checker found, by case."""
    checked = subprocess.run(
        [sys.executable, HERE / "check.py", "--cases", HERE, "--database", built, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {case["case_id"]: case["differences"] for case in json.loads(checked.stdout)["cases"]}


@pytest.fixture(scope="session")
def blocked(built: Path) -> dict[str, set[str]]:
    """The reasons of blocking flags, by entity (every case is its own)."""
    with duckdb.connect(str(built), read_only=True) as connection:
        rows = connection.execute(
            "select entity_id, actual from reports.anomaly_flags"
            " where rule = 'contract_is_accounted_for' and severity = 'block'"
        ).fetchall()
    reasons: dict[str, set[str]] = {}
    for entity, reason in rows:
        reasons.setdefault(entity, set()).add(reason)
    return reasons


def test_the_scope_names_every_case_once() -> None:
    names = [row["case_id"] for row in SCOPE]
    assert len(names) == len(set(names))
    assert set(names) == CASES


@pytest.mark.parametrize("case_id", [row["case_id"] for row in SCOPE if row["scope"] == "in"])
def test_case_gives_the_expected_figures(case_id: str, differences: dict[str, list[str]]) -> None:
    assert differences[case_id] == []


@pytest.mark.parametrize(
    ("case_id", "why"), [(row["case_id"], row["why_not_yet"]) for row in SCOPE if row["scope"] == "not_yet"]
)
def test_case_out_of_scope_is_blocked_with_its_reason(case_id: str, why: str, blocked: dict[str, set[str]]) -> None:
    assert why in blocked[case_id]


def test_no_case_is_rejected(built: Path) -> None:
    with duckdb.connect(str(built), read_only=True) as connection:
        assert connection.execute("select * from reports.rejected_inputs").fetchall() == []
