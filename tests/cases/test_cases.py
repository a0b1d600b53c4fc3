"""The oracle cases through `revrec run --inputs`: published tables of vendors and of the standard, in one build."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

HERE = Path(__file__).parent
CASES = [row["case_id"] for row in csv.DictReader((HERE / "expected" / "cases.csv").open(encoding="utf-8"))]


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


@pytest.mark.parametrize("case_id", CASES)
def test_case_gives_the_expected_figures(case_id: str, differences: dict[str, list[str]]) -> None:
    assert differences[case_id] == []


def test_every_contract_of_a_case_is_accounted_for(built: Path) -> None:
    with duckdb.connect(str(built), read_only=True) as connection:
        flags = "from reports.anomaly_flags where rule = 'contract_is_accounted_for'"
        assert connection.execute(f"select contract_id, actual {flags}").fetchall() == []


def test_no_case_is_rejected(built: Path) -> None:
    with duckdb.connect(str(built), read_only=True) as connection:
        assert connection.execute("select * from reports.rejected_inputs").fetchall() == []
