"""What the jobs found: one row per measure in results.csv, one per model and build in results/models.csv."""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orchestration

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.csv"
# (job, measure) -> what it may come to; a ratio that grows with how much faster we are has a least instead.
AT_MOST: dict[tuple[str, str], float] = {
    ("build", "SQL CPU / F"): 3.0,
    ("build", "bytes per obligation"): 400,
    ("daily table", "SQL CPU / F, with days"): 1.25,
    ("daily table", "bytes per daily row"): 4.5,
    ("days of one period", "CPU / copying them"): 1.5,
    ("close of one period", "share of the full build"): 0.02,
    ("night, 0.1% changed", "share of the full build"): 0.005,
    ("night, 1% changed", "share of the full build"): 0.05,
    ("night, 10% changed", "share of the full build"): 0.5,
    ("append", "share of the full build"): 0.01,
    ("prove every contract", "share of the full build"): 0.01,
    ("dbt", "CPU ms per node"): 40,
    ("growth", "CPU / CPU of a tenth"): 10.5,
}
AT_LEAST = {"spark": 25, "decimal_loop": 100, "erpnext": 80, "odoo": 12, "pandas": 20}
# Peak memory of a build in GB, by obligations, where DuckDB was given a limit.
PEAK = {1_000_000: 1.0, 10_000_000: 6.0}


@dataclass(frozen=True)
class Result:
    """One figure. `size` counts obligations; `features` says what is not plain about their contracts."""

    job: str
    size: int
    features: str
    measure: str
    value: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"≤ {shown(self.measure, self.at_most)}"
        return f"≥ {shown(self.measure, self.at_least)}" if self.at_least is not None else ""

    @property
    def met(self) -> str:
        if not self.target:
            return ""
        within = self.value <= self.at_most if self.at_most is not None else self.value >= (self.at_least or 0)
        return "yes" if within else "no"


def shown(measure: str, value: float) -> str:
    """A figure as people read it: three digits, or all of a large number; a share in percent."""
    if measure.startswith("share"):
        return f"{value * 100:.3g}%"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def result(job: str, size: int, features: str, measure: str, value: float) -> Result:
    """A figure with its target, if the table of targets has one."""
    return Result(job, size, features, measure, value, at_most=AT_MOST.get((job, measure)))


def append(results: Iterable[Result], repeat: int, path: Path = RESULTS) -> None:
    """Add figures to a CSV file, which gets a header when it is new."""
    origin = _origin() | {"repeat": repeat}
    _write(
        path,
        [
            {
                "job": one.job,
                "size": one.size,
                "features": one.features,
                "measure": one.measure,
                "target": one.target,
                "result": f"{one.value:.6g}",
                "met": one.met,
                **origin,
            }
            for one in results
        ],
    )


def append_models(job: str, size: int, features: str, figures: dict[str, Any], path: Path) -> None:
    """Add what each model of a build cost to results/models.csv beside the results; a night has no sizes."""
    origin, tables = _origin(), figures.get("tables", {})
    rows = []
    for node in figures["nodes"]:
        table = tables.get(f"{node['schema']}.{node['name']}", {})
        rows.append(
            {
                **{"code": origin["code"], "job": job, "size": size, "features": features, "model": node["name"]},
                **{"cpu": f"{node['cpu']:.3f}", "wall": f"{node['seconds']:.3f}"},
                **{"rows": table.get("rows", ""), "bytes": table.get("bytes", "")},
            }
        )
    _write(models_of(path), rows)


def models_of(path: Path) -> Path:
    """The file of the models' times that belongs to a file of results."""
    return path.parent / "results" / "models.csv"


def read(path: Path = RESULTS) -> list[dict[str, str]]:
    """Every row, oldest first."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def latest(rows: Iterable[dict[str, str]]) -> dict[tuple[str, int, str, str], dict[str, str]]:
    """The last row of each job, size, features and measure."""
    return {(row["job"], int(row["size"]), row["features"], row["measure"]): row for row in rows}


def growth(rows: Iterable[dict[str, str]], size: int, features: str) -> list[Result]:
    """How many times the CPU of a company is that of one a tenth as large, where the same code built both."""
    found = latest(rows)
    large, small = (found.get(("build", one, features, "SQL CPU s")) for one in (size, size // 10))
    if not large or not small or large["code"] != small["code"]:
        return []
    times = float(large["result"]) / float(small["result"])
    return [result("growth", size, features, "CPU / CPU of a tenth", times)]


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", newline="") as file:
        if rows:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            if is_new:
                writer.writeheader()
            writer.writerows(rows)


def _origin() -> dict[str, Any]:
    return {
        "code": _commit(),
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "duckdb": version("duckdb"),
    }


def _commit() -> str:
    """The commit, with `+` when files of the project differ from it; empty outside of a repository.

    Figures that were added to the results since do not count as a difference.
    """
    asked = ["git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!benchmarks/results*", ":!docs"]
    head = ["git", "rev-parse", "--short=9", "HEAD"]
    try:
        commit, changed = (
            subprocess.run(command, cwd=orchestration.ROOT, capture_output=True, text=True, check=True).stdout.strip()
            for command in (head, asked)
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return commit + ("+" if changed else "")
