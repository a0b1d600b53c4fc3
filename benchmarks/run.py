"""How long the books of a large company take: `python -m benchmarks.run --obligations 100000 --periods 36`.

Builds the models after the input layer on a generated company, in a fresh process per run, and compares the CPU it
took with F: the CPU it takes to copy the tables it wrote. Then a night: one contract in a hundred changes, the next
build must come out equal to a full refresh, and a build after it must change nothing. Ends with a Markdown table and a
row in benchmarks/results.csv; exit code 1 when a result is wrong.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orchestration
from benchmarks import generate, measure, report

Figures = dict[str, Any]
Step = Callable[..., Figures]
# dbt's own share: three contracts cost what starting, compiling and running the statements costs.
SMALLEST = 9


def build_and_prove(company: generate.Company, folder: Path, shape: generate.Shape, repeat: int, step: Step) -> Figures:
    """Build a company `repeat` times from the same inputs. `folder` keeps the last file, as revrec.duckdb."""
    prepared, database = folder / "prepared" / "revrec.duckdb", folder / "revrec.duckdb"
    prepared.parent.mkdir(parents=True)
    inputs = step("prepare", database=str(prepared), shape=shape, **vars(company))
    builds, copies = [], []
    for _ in range(repeat):
        shutil.copy(prepared, database)
        builds.append(step("build", database=str(database), through=company.through))
        copies.append(step("copy", database=str(database), target=str(folder / "copy.duckdb")))
    proofs = step("prove", database=str(database), last_on=str(company.last_on))
    return {
        **inputs,
        "nodes": _median_of_nodes([build["nodes"] for build in builds]),
        **{name: statistics.median(build[name] for build in builds) for name in ("cpu", "wall", "peak_rss")},
        "copy_cpu": statistics.median(copy["cpu"] for copy in copies),
        "tables": copies[-1]["tables"],
        "proofs": proofs,
    }


def night(company: generate.Company, folder: Path, step: Step) -> Figures:
    """Change one contract in a hundred of the file in `folder` and build again; then once more with nothing to do."""
    database = str(folder / "revrec.duckdb")
    changed = step("change", database=database)
    first = step("build", database=database, through=company.through)
    after = step("fingerprints", database=database)
    idle = step("build", database=database, through=company.through)
    again = step("fingerprints", database=database)
    step("build", database=database, through=company.through, full_refresh=True)
    refreshed = step("fingerprints", database=database)
    return {
        **changed,
        **{name: first[name] for name in ("nodes", "cpu", "wall", "peak_rss")},
        "idle_cpu": idle["cpu"],
        "idle_nodes": idle["nodes"],
        "tables": len(after),
        "differ_from_full_refresh": sorted(table for table in refreshed if refreshed[table] != after.get(table)),
        "changed_by_nothing": sorted(table for table in again if again[table] != after.get(table)),
    }


def run(
    company: generate.Company,
    *,
    folder: Path,
    repeat: int = 1,
    with_night: bool = True,
    step: Step = measure.in_own_process,
) -> Figures:
    """Every job on one company; all files are written below `folder`. The figures are those of report.py."""
    shape = step("shape", database=str(folder / "revrec.duckdb"))
    smallest = generate.Company(SMALLEST, company.periods)
    overhead = build_and_prove(smallest, folder / "smallest", shape, repeat, step)
    built = build_and_prove(company, folder / "company", shape, repeat, step)
    figures = {"company": company, "repeat": repeat, "overhead": overhead, "built": built}
    if with_night:
        figures["night"] = night(company, folder / "company", step)
    return figures


def mistakes(figures: Figures) -> list[str]:
    """One sentence per wrong result; empty when the books are right."""
    found = [f"Not so ({rows} rows): {sentence}." for sentence, rows in figures["built"]["proofs"].items() if rows]
    after = figures.get("night", {})
    found += [
        f"After a night {table} is not what a full refresh gives."
        for table in after.get("differ_from_full_refresh", [])
    ]
    found += [f"Building again changed {table}." for table in after.get("changed_by_nothing", [])]
    return found


def _median_of_nodes(runs: list[list[Figures]]) -> list[Figures]:
    medians = []
    for nodes in zip(*runs, strict=True):
        cpu = statistics.median(node["cpu"] for node in nodes)
        seconds = statistics.median(node["seconds"] for node in nodes)
        medians.append({"name": nodes[0]["name"], "schema": nodes[0]["schema"], "cpu": cpu, "seconds": seconds})
    return medians


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.split("\n\n")[0])
    generate.add_company(parser)
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="builds; figures are their medians")
    parser.add_argument("--no-night", action="store_true", help="only the full build")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder for the files; they are kept")
    parser.add_argument("--results", type=Path, default=report.RESULTS, metavar="CSV", help="where to add the figures")
    arguments = parser.parse_args()
    (orchestration.STATE / "benchmarks").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=orchestration.STATE / "benchmarks") as temporary:
        folder = arguments.keep or Path(temporary)
        figures = run(
            generate.company_of(arguments),
            folder=folder.absolute(),
            repeat=arguments.repeat,
            with_night=not arguments.no_night,
        )
    report.append(figures, arguments.results)
    print(report.markdown(figures))
    wrong = mistakes(figures)
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
