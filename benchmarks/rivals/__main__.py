"""`python -m benchmarks.rivals`: every way beside revrec's own, on the same input; a Markdown table of times slower.

Each run is a process of its own. CPU is that of the process and of its children (Spark's machine), from before the file
is read to the last row; imports and Spark's start are outside. The median of `--repeat` runs counts, for a rival and
for the closed form on the same file. Exit code 1 when a rival's rows are not what they must be.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.rivals import by_day, by_month, in_sql, obligations

RIVALS = {
    "closed_form": in_sql.closed_form,
    "spark": by_day.spark_days,
    "decimal_loop": by_day.decimal_loop,
    "erpnext": by_month.erpnext,
    "odoo": by_month.odoo,
    "pandas": by_day.pandas_days,
    "polars": by_day.polars_days,
}
# They round by a rule of their own: only what is recognised in the end is the same.
OWN_RULE = ("erpnext", "odoo")
# A loop over days is measured on fewer obligations; the closed form beside it on the same ones.
FEWER = {"decimal_loop": 100}
NEEDS = {"spark": "pyspark", "polars": "polars", "pandas": "pandas"}


def measured(name: str, file: Path) -> dict[str, Any]:
    """One run in this process: its rows, CPU and wall seconds."""
    import psutil

    __import__(NEEDS.get(name, "duckdb"))
    if name == "spark":
        RIVALS[name](_warmed_up(file))

    def cpu() -> float:
        here = psutil.Process()
        return sum(sum(one.cpu_times()[:2]) for one in (here, *here.children(recursive=True)))

    before, started = cpu(), time.monotonic()
    rows = RIVALS[name](file)
    return {"rows": rows, "cpu": cpu() - before, "wall": time.monotonic() - started}


def _warmed_up(file: Path) -> Path:
    """A file of few obligations beside it, on which Spark starts."""
    small = file.with_name("warm.parquet")
    obligations.write(small, 10)
    return small


def in_own_process(name: str, file: Path, python: str = sys.executable) -> dict[str, Any]:
    """The figures of one run. Raises CalledProcessError, with what it printed, when the rival fails."""
    command = [python, "-W", "ignore", "-m", "benchmarks.rivals", "--one", name, "--file", str(file)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def mistakes(name: str, rows: list[Any], own: list[Any]) -> list[str]:
    """What is wrong with a rival's rows, beside those of the closed form."""
    if name not in OWN_RULE:
        return [] if rows == own else [f"{name}: rows differ from the closed form's"]
    totals = [sum(row[2] for row in side) for side in (rows, own)]
    return [] if totals[0] == totals[1] and rows[-1][3] == 0 else [f"{name}: does not recognise the whole"]


def compare(count: int, repeat: int, chosen: list[str], folder: Path, pythons: dict[str, str]) -> int:
    """Run the chosen rivals and print the table."""
    lines, wrong, own_times = [], [], {}
    for name in chosen:
        size = count // FEWER.get(name, 1)
        file = folder / f"{size}.parquet"
        if not file.exists():
            obligations.write(file, size)
            runs = [in_own_process("closed_form", file) for _ in range(repeat)]
            own_times[size] = (
                runs[0]["rows"],
                *(statistics.median(run[what] for run in runs) for what in ("cpu", "wall")),
            )
        own, own_cpu, own_wall = own_times[size]
        runs = [in_own_process(name, file, pythons.get(name, sys.executable)) for _ in range(repeat)]
        cpu, wall = (statistics.median(run[what] for run in runs) for what in ("cpu", "wall"))
        wrong += mistakes(name, runs[0]["rows"], own)
        months = sum(row != other for row, other in zip(runs[0]["rows"], own, strict=True))
        said = f"{months} of {len(own)} months differ, by its rule" if name in OWN_RULE else "equal to the unit"
        lines.append(
            f"| {name} | {size:,} | {cpu:.2f} | {own_cpu:.3f} | {cpu / own_cpu:.0f} | {wall / own_wall:.0f} | {said} |"
        )
    print("| rival | obligations | CPU s | closed form, CPU s | times the CPU | times the wall | rows |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    print("\n".join([*lines, *wrong]))
    return bool(wrong)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rivals", description=__doc__)
    parser.add_argument("--obligations", type=int, default=300_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=RIVALS, default=[name for name in RIVALS if name != "closed_form"])
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
        return compare(options.obligations, options.repeat, options.only, Path(folder), pythons)


if __name__ == "__main__":
    sys.exit(main())
