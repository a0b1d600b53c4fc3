"""How long the books of a large company take: `python -m benchmarks.run --obligations 100000`.

Builds the models after the input layer on a generated company, each build in a fresh process, and compares the CPU it
took with F: the CPU it takes to copy the tables it wrote. Then days, a close and nights (jobs.py). Every figure goes to
benchmarks/results.csv; `--suite` measures every size and job, the other ways to compute the same, and writes
docs/performance.md anew. Exit code 1 when a result is wrong: then nothing is noted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orchestration
from benchmarks import generate, jobs, measure, report, results
from benchmarks.rivals import __main__ as rivals

# A company, its jobs and the options of Bench.
Planned = tuple[generate.Company, list[str], dict[str, Any]]
USUAL = [name for name in jobs.JOBS if name != "memory"]
GROWTH = (10_000, 30_000, 100_000, 300_000)
FEATURES = {"amended": 0.15, "credited": 0.02, "foreign": 0.05, "invoice_only": 0.3}


def run_one(bench: jobs.Bench, names: Sequence[str], file: Path = results.RESULTS) -> list[str]:
    """Do the jobs and note their figures, unless a gate did not hold; returns one sentence for each that did not."""
    for name in names:
        told = f"{bench.company.obligations:,} obligations, {bench.company.features}: {name}"
        print(told, file=sys.stderr, flush=True)
        jobs.JOBS[name](bench)
    if bench.wrong:
        return bench.wrong
    size, features = bench.company.obligations, bench.company.features
    results.append(bench.found, bench.repeat, file)
    for job, figures in bench.models.items():
        results.append_models(job, size, features, figures, file)
    results.append(results.growth(results.read(file), size, features), bench.repeat, file)
    print(report.table(bench.found))
    print(report.models(bench))
    return []


def suite(largest: int, ledger_lines: int, repeat: int | None) -> Iterator[Planned]:
    """Every company to measure up to a size, with its jobs and options; each feature is built alone, too."""
    for size in GROWTH:
        if size <= largest:
            names = USUAL if size == 100_000 else ["build"]
            lines = {"ledger_lines": 10_000_000} if size == 100_000 else {}
            yield generate.Company(size), names, {"repeat": repeat or 5, **lines}
    size = min(largest, GROWTH[2])
    plain = dict.fromkeys(FEATURES, 0.0)
    for feature in (None, *FEATURES):
        shares = plain | ({feature: FEATURES[feature]} if feature else {})
        yield generate.Company(size, **shares), ["build"], {"repeat": repeat or 5}
    if largest >= 1_000_000:
        yield generate.Company(1_000_000), list(jobs.JOBS), {"repeat": repeat or 1, "ledger_lines": ledger_lines}
    if largest >= 10_000_000:
        yield generate.Company(10_000_000), ["build"], {"repeat": 1, "memory_limit": "8GB"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.split("\n\n")[0])
    generate.add_company(parser)
    parser.add_argument("--repeat", type=int, metavar="N", help="medians of so many; 5, or 1 from 1M obligations on")
    parser.add_argument("--jobs", nargs="+", choices=jobs.JOBS, default=USUAL, metavar="JOB", help=", ".join(jobs.JOBS))
    parser.add_argument("--memory-limit", metavar="SIZE", help="what DuckDB may use, such as 2GB")
    parser.add_argument("--ledger-lines", type=int, default=0, metavar="N", help="enlarge the ledger appended to")
    parser.add_argument("--suite", action="store_true", help="every size and job up to --largest, and the rivals")
    parser.add_argument("--largest", type=int, default=1_000_000, metavar="N", help="obligations of the suite")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder for the files; they are kept")
    parser.add_argument("--results", type=Path, default=results.RESULTS, metavar="CSV", help="where to add the figures")
    options = parser.parse_args()
    if options.suite and options.keep:
        parser.error("--keep is for one company, not for the suite")
    wrong: list[str] = []
    if options.suite:
        runs = suite(options.largest, options.ledger_lines or 100_000_000, options.repeat)
    else:
        company = generate.company_of(options)
        chosen = {"memory_limit": options.memory_limit, "ledger_lines": options.ledger_lines}
        repeat = options.repeat or (5 if company.obligations < 1_000_000 else 1)
        runs = iter([(company, options.jobs, {"repeat": repeat, **chosen})])
    scratch = orchestration.STATE / "benchmarks"
    scratch.mkdir(parents=True, exist_ok=True)
    shape: generate.Shape = {}
    overhead: jobs.Figures = {}
    for company, names, chosen in runs:
        with tempfile.TemporaryDirectory(dir=scratch) as temporary:
            folder = (options.keep or Path(temporary)).absolute()
            folder.mkdir(parents=True, exist_ok=True)
            shape = shape or measure.in_own_process("shape", database=str(folder / "revrec.duckdb"))
            bench = jobs.Bench(company, folder, shape, measure.in_own_process, **chosen)
            # It is the same whatever the company.
            bench.overhead = overhead = overhead or bench.overhead
            wrong += run_one(bench, names, options.results)
    if options.suite:
        with tempfile.TemporaryDirectory(dir=scratch) as temporary:
            wrong += rivals.side_by_side(
                Path(temporary),
                options.results,
                count=min(options.largest, 100_000),
                repeat=options.repeat or 5,
                growth=[size for size in rivals.GROWTH if size <= options.largest],
            )
        report.write(options.results)
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
