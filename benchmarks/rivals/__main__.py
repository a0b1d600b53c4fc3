"""`python -m benchmarks.rivals`: every way beside revrec's own, on the same input; a Markdown table of times slower.

Each run is a process of its own. CPU and wall are from before the file is read to the last row; imports and Spark's
start are outside. The median of `--repeat` runs counts. A slow way is run on fewer obligations: what is compared is the
CPU for one obligation. Exit code 1 when a rival's rows are not what they must be.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.results import Result
from benchmarks.rivals import by_day, by_month, in_sql, obligations, on_spark

Figures = dict[str, Any]
Run = Callable[[Path], Figures]
RIVALS = {
    "closed_form": in_sql.closed_form,
    "decimal_loop": by_day.decimal_loop,
    "erpnext": by_month.erpnext,
    "odoo": by_month.odoo,
    "pandas": by_day.pandas_days,
    "polars": by_day.polars_days,
}
# They round by a rule of their own: only what is recognised in the end is the same.
OWN_RULE = ("erpnext", "odoo")
# Loops, and data frames that must fit in memory, have fewer obligations: one in so many.
FEWER = {"decimal_loop": 100, "erpnext": 10, "odoo": 10, "pandas": 4}
NEEDS = {"polars": "polars", "pandas": "pandas"}
# Spark works out the closed form, too: how its time grows with the company.
GROWTH = (10_000, 100_000, 1_000_000)


def measured(name: str, file: Path) -> Figures:
    """One run in this process: its rows, CPU and wall seconds."""
    __import__(NEEDS.get(name, "duckdb"))
    before, started = time.process_time(), time.monotonic()
    rows = RIVALS[name](file)
    return {"rows": rows, "cpu": time.process_time() - before, "wall": time.monotonic() - started}


def in_own_process(name: str, file: Path, python: str = sys.executable) -> Figures:
    """The figures of one run. Raises CalledProcessError, with what it printed, when the rival fails."""
    command = [python, "-W", "ignore", "-m", "benchmarks.rivals", "--one", name, "--file", str(file)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: Figures = json.loads(done.stdout)
    return found | {"rows": [tuple(row) for row in found["rows"]]}


def mistakes(name: str, rows: list[Any], own: list[Any]) -> list[str]:
    """What is wrong with a rival's rows, beside those of the closed form."""
    if name not in OWN_RULE:
        return [] if rows == own else [f"{name}: rows differ from the closed form's"]
    totals = [sum(row[2] for row in side) for side in (rows, own)]
    return [] if totals[0] == totals[1] and rows[-1][3] == 0 else [f"{name}: does not recognise the whole"]


class Comparison:
    """Rivals beside the closed form on `count` obligations; every figure is of one obligation."""

    def __init__(self, count: int, repeat: int, folder: Path) -> None:
        self.count, self.repeat, self.folder = count, repeat, folder
        self.found: list[Result] = []
        self.wrong: list[str] = []
        self.own = self._median("closed_form", lambda file: in_own_process("closed_form", file), self._file(count))

    def beside(self, name: str, run: Run) -> None:
        """Run a rival, hold its rows to the closed form's, and note how many times longer it takes."""
        size = self.count // FEWER.get(name, 1)
        file = self._file(size)
        own_rows = self.own["rows"] if size == self.count else in_own_process("closed_form", file)["rows"]
        rival = self._median(name, run, file)
        self.wrong += mistakes(name, rival["rows"], own_rows)
        at_least = results.AT_LEAST.get(name)
        for what, target in (("cpu", at_least), ("wall", None)):
            times = rival[what] / size / (self.own[what] / self.count)
            measure = f"times the {what if what == 'wall' else 'CPU'} of the closed form"
            self.found.append(Result(f"rival: {name}", size, "", measure, times, at_least=target))
        months = sum(row != other for row, other in zip(rival["rows"], own_rows, strict=True))
        self.found.append(Result(f"rival: {name}", size, "", f"months of {len(own_rows)} that differ", months))

    def growth_on_spark(self, session: on_spark.Spark, sizes: Sequence[int]) -> None:
        """The closed form as Spark works it out, at several sizes: its rows, then its time."""
        for size in sizes:
            file = self._file(size)
            spark = self._median("spark", lambda file: session.run("closed_form", file), file)
            self.wrong += mistakes("closed form on Spark", spark["rows"], in_own_process("closed_form", file)["rows"])
            for what in ("cpu", "wall"):
                measure = f"{what if what == 'wall' else 'CPU'} s"
                self.found.append(Result("closed form on Spark", size, "", measure, spark[what]))

    def _file(self, size: int) -> Path:
        file = self.folder / f"{size}.parquet"
        if not file.exists():
            obligations.write(file, size)
        return file

    def _median(self, name: str, run: Run, file: Path) -> Figures:
        print(f"{file.stem} obligations: {name}", file=sys.stderr, flush=True)
        runs = [run(file) for _ in range(self.repeat)]
        return {"rows": runs[0]["rows"], **{what: statistics.median(r[what] for r in runs) for what in ("cpu", "wall")}}


def chosen_of(names: Sequence[str], pythons: dict[str, str]) -> Iterator[tuple[str, Run]]:
    """Those whose package is here, or in the Python named for them; what cannot run is said."""
    for name in names:
        python, package = pythons.get(name, sys.executable), NEEDS.get(name, "duckdb")
        if name in pythons or importlib.util.find_spec(package):
            yield name, lambda file, name=name, python=python: in_own_process(name, file, python)
        else:
            print(f"{name} is left out: its package is not installed", file=sys.stderr)


def side_by_side(
    folder: Path,
    file: Path = results.RESULTS,
    *,
    count: int = 100_000,
    repeat: int = 5,
    only: Sequence[str] = (),
    pythons: dict[str, str] | None = None,
    growth: Sequence[int] = GROWTH,
) -> list[str]:
    """Every rival, or those named, and Spark; notes the figures unless one is wrong. Returns what is wrong."""
    compared = Comparison(count, repeat, folder)
    names = [name for name in RIVALS if name != "closed_form" and (not only or name in only)]
    for name, run in chosen_of(names, pythons or {}):
        compared.beside(name, run)
    if not only or "spark" in only:
        if reason := on_spark.missing():
            print(f"Spark is left out: {reason}", file=sys.stderr)
        else:
            with on_spark.spark(folder) as session:
                # What a virtual machine compiles when it first sees a query is not what is compared.
                session.run("days", compared._file(10)), session.run("closed_form", compared._file(10))
                compared.beside("spark", lambda file: session.run("days", file))
                compared.growth_on_spark(session, growth)
    if not compared.wrong:
        results.append(compared.found, repeat, file)
    for one in compared.found:
        print(f"| {one.job} | {one.size:,} | {one.measure} | {one.target} | {one.value:.3g} | {one.met} |")
    return compared.wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rivals", description=__doc__)
    parser.add_argument("--obligations", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=[*RIVALS, "spark"], default=[])
    parser.add_argument("--growth", nargs="+", type=int, default=GROWTH, metavar="N", help="sizes for Spark's growth")
    parser.add_argument("--results", type=Path, default=results.RESULTS, metavar="CSV", help="where to add the figures")
    parser.add_argument(
        "--python", action="append", default=[], metavar="RIVAL=FILE", help="the Python that has its package"
    )
    parser.add_argument("--one", choices=RIVALS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        sys.stdout.write(json.dumps(measured(options.one, options.file)))
        return 0
    pythons = dict(one.split("=", 1) for one in options.python)
    with tempfile.TemporaryDirectory() as folder:
        wrong = side_by_side(
            Path(folder),
            options.results,
            count=options.obligations,
            repeat=options.repeat,
            only=options.only,
            pythons=pythons,
            growth=options.growth,
        )
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
