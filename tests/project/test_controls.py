"""The index of controls: every invariant is in it, nothing it names is missing, and what is open is said aloud."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from project import controls_page
from project.controls_page import BEYOND, Row

INVARIANTS = range(1, 66)
# What nothing shows yet, and why. A row leaves this list together with its `open` row of the index.
STILL_OPEN = {
    ("48", "remaining_performance_obligations"): "there is no such table yet",
    ("49", "revenue_disaggregation"): "revenue ties to the ledger; there is no table of its cuts yet",
    ("61", "a disclosure of revenue from earlier performance"): "there is no such table yet",
}
SEVERITY = re.compile(r"'(block|review|info)'")


@pytest.fixture(scope="module")
def index() -> list[Row]:
    return controls_page.rows()


@pytest.fixture(scope="module")
def nodes(manifest: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """Models and tests of the project by their names."""
    found: dict[str, dict[str, dict[str, Any]]] = {"model": {}, "test": {}, "seed": {}}
    for node in manifest["nodes"].values():
        if node["resource_type"] in found:
            found[node["resource_type"]][node["name"]] = node
    return found


def shown_by(index: list[Row], *kinds: str) -> list[Row]:
    found = [row for row in index if row["shown_by"] in kinds]
    assert found
    return found


def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def test_every_invariant_is_in_the_index(index: list[Row]) -> None:
    assert {row["invariant"] for row in index} - {BEYOND} == {str(number) for number in INVARIANTS}


def test_an_invariant_has_one_statement_and_no_evidence_twice(index: list[Row]) -> None:
    statements = {(row["invariant"], row["statement"]) for row in index if row["invariant"] != BEYOND}
    assert len(statements) == len(INVARIANTS)
    assert len({(row["invariant"], row["evidence"]) for row in index}) == len(index)


def test_every_control_is_in_the_index(index: list[Row], nodes: dict[str, dict[str, Any]]) -> None:
    controls = {name for name in nodes["model"] if name.startswith("chk_")}
    assert {row["evidence"] for row in shown_by(index, "check")} == controls


def test_every_control_is_among_the_flags(index: list[Row], nodes: dict[str, dict[str, Any]]) -> None:
    findings = nodes["model"]["int_close__findings"]
    assert findings["unique_id"] in nodes["model"]["anomaly_flags"]["depends_on"]["nodes"]
    by_contract = nodes["model"]["int_close__contract_findings"]
    read = {*findings["depends_on"]["nodes"], *by_contract["depends_on"]["nodes"]}
    assert by_contract["unique_id"] in read
    united = {name.rpartition(".")[2] for name in read if ".chk_" in name}
    assert united == {row["evidence"] for row in shown_by(index, "check")}


def test_every_other_evidence_exists(index: list[Row], nodes: dict[str, dict[str, Any]], project_root: Path) -> None:
    wrong = [row for row in shown_by(index, "data_test") if row["evidence"] not in nodes["test"]]
    wrong += [row for row in shown_by(index, "shape") if row["evidence"] not in nodes["model"]]
    for row in shown_by(index, "property_test"):
        path, _, function = row["evidence"].partition("::")
        if not (project_root / path).is_file() or function not in functions_of(project_root / path):
            wrong.append(row)
    assert wrong == []


def test_what_is_open_is_listed_with_its_reason(index: list[Row], nodes: dict[str, dict[str, Any]]) -> None:
    still_open = shown_by(index, "open")
    assert {(row["invariant"], row["evidence"]) for row in still_open} == set(STILL_OPEN)
    assert [name for _, name in STILL_OPEN if name in nodes["model"] or name in nodes["test"]] == [], "no longer open"


def test_severities_are_those_of_the_controls(index: list[Row], nodes: dict[str, dict[str, Any]]) -> None:
    wrong = [
        row
        for row in shown_by(index, "check")
        if row["severity"] not in SEVERITY.findall(nodes["model"][row["evidence"]]["raw_code"])
    ]
    assert wrong == []


def test_an_invariant_that_blocks_is_blocked_by_something(index: list[Row]) -> None:
    """A second control of it may be milder: what is only likely to be wrong is a question to a person."""
    severities: dict[str, set[str]] = {}
    for row in index:
        severities.setdefault(row["invariant"], set()).add(row["severity"])
    mild = {int(number) for number, found in severities.items() if "block" not in found}
    assert mild == {18, *range(61, 66)}


def test_every_threshold_is_of_a_control_and_read_by_it(nodes: dict[str, dict[str, Any]]) -> None:
    seed = nodes["seed"]["control_thresholds"]["unique_id"]
    readers = {
        name for name, node in nodes["model"].items() if seed in node["depends_on"]["nodes"] and name.startswith("chk_")
    }
    path = controls_page.INDEX.parent / "control_thresholds.csv"
    assert readers == {f"chk_{line.partition(',')[0]}" for line in path.read_text().splitlines()[1:]}


def test_the_page_is_the_index(index: list[Row]) -> None:
    text = controls_page.PAGE.read_text(encoding="utf-8")
    assert text == controls_page.page(text, index), "write it anew: python -m project.controls_page, in tests/"
