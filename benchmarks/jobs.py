"""The jobs: each is a gate of exactness first, then figures. A gate that does not hold is a sentence in `wrong`.

They share one company and go in the order of its life: built from nothing, months posted and locked, a month closed,
nights after it. Shares are of the SQL of the full build: its CPU less what dbt takes whatever the size.
"""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks import generate, results
from benchmarks.results import Result

Figures = dict[str, Any]
Step = Callable[..., Figures]
# dbt's own share: three contracts cost what starting, compiling and running the statements costs.
SMALLEST = 9
# How many contracts of 1,000 a night changes. The first is the one whose drafts are appended.
SHARES = {"1%": 10, "0%": 0, "0.1%": 1, "10%": 100}


@dataclass
class Bench:
    """One company and how to measure it. `closing` is the number of the month that is closed: the last by default."""

    company: generate.Company
    folder: Path
    shape: generate.Shape
    step: Step
    repeat: int = 1
    closing: int = 0
    memory_limit: str | None = None
    ledger_lines: int = 0
    shares: dict[str, int] = field(default_factory=lambda: dict(SHARES))
    found: list[Result] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    models: dict[str, Figures] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.closing = self.closing or self.company.periods
        self._slot = 0

    @property
    def database(self) -> str:
        return str(self.folder / "revrec.duckdb")

    @property
    def month(self) -> str:
        """The month that is closed; the nights book into it."""
        return self.company.period(self.closing)

    def note(self, job: str, measure: str, value: float) -> None:
        self.found.append(results.result(job, self.company.obligations, self.company.features, measure, value))

    def must(self, holds: bool, sentence: str) -> None:
        """A gate."""
        if not holds:
            self.wrong.append(sentence)

    @cached_property
    def overhead(self) -> Figures:
        """The build and the copy of the smallest company."""
        smallest = replace(self.company, obligations=SMALLEST)
        bench = replace(self, company=smallest, folder=self.folder / "smallest", memory_limit=None, found=[], wrong=[])
        return bench.built

    @cached_property
    def built(self) -> Figures:
        """Build the company `repeat` times from the same inputs; the last file stays, and its proofs are gates."""
        prepared = self.folder / "prepared" / "revrec.duckdb"
        prepared.parent.mkdir(parents=True, exist_ok=True)
        self.step("prepare", database=str(prepared), shape=self.shape, **vars(self.company))
        builds, copies = [], []
        for runs_left in reversed(range(self.repeat)):
            # A large company is not kept twice.
            (shutil.copy if runs_left else shutil.move)(prepared, self.database)
            builds.append(self.build())
            copies.append(self.step("copy", database=self.database, target=str(self.folder / "copy.duckdb")))
        proofs = self.step("prove", database=self.database, last_on=str(self.company.last_on))
        self.wrong += [f"Not so ({rows} rows): {sentence}." for sentence, rows in proofs.items() if rows]
        return {
            "nodes": median_of_nodes([build["nodes"] for build in builds]),
            **{name: median(builds, name) for name in ("cpu", "wall", "peak_rss")},
            "copy_cpu": median(copies, "cpu"),
            "tables": copies[-1]["tables"],
        }

    def build(self, **options: Any) -> Figures:
        options.setdefault("memory_limit", self.memory_limit)
        return self.step("build", database=self.database, through=self.company.through, **options)

    @cached_property
    def sql_cpu(self) -> float:
        return self.built["cpu"] - self.overhead["cpu"]

    @cached_property
    def floor(self) -> float:
        """F."""
        return self.built["copy_cpu"] - self.overhead["copy_cpu"]

    def checks(self, job: str) -> None:
        """The data tests of what was built last; that each passes is a gate."""
        figures = self.step(
            "checks", database=self.database, through=self.company.through, memory_limit=self.memory_limit
        )
        self.wrong += [f"Check {name} does not pass." for name in figures["failed"]]
        self.share(job, figures["cpu"])
        self.note(job, "wall s", figures["wall"])
        self.note(job, "checks", figures["checks"])

    def share(self, job: str, cpu: float) -> None:
        self.note(job, "CPU s", cpu)
        self.note(job, "share of the full build", cpu / self.sql_cpu)

    @cached_property
    def posted_before(self) -> Figures:
        """The months before the closing one posted and locked, in a file that is kept beside."""
        _ = self.built
        months = [self.company.period(number) for number in range(1, self.closing)]
        posted = self.step("post", database=self.database, periods=months, lock=True)
        self.must(posted["drafts"] == 0, f"{posted['drafts']} lines of the first {len(months)} months are not posted.")
        shutil.copy(self.database, self.kept("before_close"))
        return posted

    @cached_property
    def settled(self) -> Figures:
        """The closing month posted, too, but open; the build after it looks at every contract that was posted to."""
        _ = self.posted_before
        shutil.copy(self.kept("before_close"), self.database)
        self.step("post", database=self.database, periods=[self.month], lock=False)
        return self.build()

    def night(self, per_mille: int) -> Figures:
        """Contracts that no night changed before are changed, and the books are built again."""
        _ = self.settled
        changed = self.step("change", database=self.database, first=self._slot, count=per_mille)
        self._slot += per_mille
        return changed | self.build()

    @cached_property
    def first_night(self) -> Figures:
        """A night of the first share; a file with its drafts is kept beside."""
        figures = self.night(next(iter(self.shares.values())))
        shutil.copy(self.database, self.kept("after_night"))
        return figures

    def kept(self, name: str) -> str:
        """A file that stays as it is; its folder has the name, for views know their file by its own."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return str(folder / "revrec.duckdb")


def full_build(bench: Bench) -> None:
    """Input layer to drafts and roll-forward, without days."""
    built, tables = bench.built, bench.built["tables"].values()
    bench.models["build"] = built
    for measure, value in {
        "SQL CPU s": bench.sql_cpu,
        "F, CPU s": bench.floor,
        "SQL CPU / F": bench.sql_cpu / bench.floor,
        "wall s": built["wall"],
        "peak memory GB": built["peak_rss"] / 1e9,
        "rows": sum(table["rows"] for table in tables),
        "bytes per obligation": sum(table["bytes"] for table in tables) / bench.company.obligations,
    }.items():
        bench.note("build", measure, value)
    if bench.memory_limit:
        _peak(bench, bench.memory_limit, built)


def memory(bench: Bench) -> None:
    """Another build, with less memory for DuckDB; its proofs are gates, too."""
    limit = bench.memory_limit or "2GB"
    limited = replace(bench, folder=bench.folder / "limited", memory_limit=limit, repeat=1, found=[], wrong=[])
    built = limited.built
    bench.wrong += limited.wrong
    _peak(bench, limit, built)
    bench.note("memory", f"CPU s with a limit of {limit}", built["cpu"] - bench.overhead["cpu"])
    shutil.rmtree(limited.folder)


def _peak(bench: Bench, limit: str, built: Figures) -> None:
    size, features = bench.company.obligations, bench.company.features
    measure, peak = f"peak memory GB with a limit of {limit}", built["peak_rss"] / 1e9
    bench.found.append(Result("memory", size, features, measure, peak, at_most=results.PEAK.get(size)))


def dbt_itself(bench: Bench) -> None:
    """What a node costs that has nothing to do, SQL on three contracts included."""
    nodes = len(bench.overhead["nodes"])
    bench.note("dbt", "CPU ms per node", bench.overhead["cpu"] / nodes * 1000)
    bench.note("dbt", "wall ms per node", bench.overhead["wall"] / nodes * 1000)
    bench.note("dbt", "nodes", nodes)


def checks_of_a_build(bench: Bench) -> None:
    """The data tests after the full build, which the build has no figures of; dbt's own time is in theirs."""
    _ = bench.built
    bench.checks("checks")


def daily_table(bench: Bench) -> None:
    """The full build with every day of every line as a table."""
    _ = bench.built
    asked = {"folder": str(bench.folder), "first": bench.company.period(1), "last": bench.company.through}
    runs = [bench.step("all_days", database=bench.database, **asked) for _ in range(bench.repeat)]
    bench.must(runs[0]["differ"] == 0, f"The days of {runs[0]['differ']} lines and months do not add up to them.")
    cpu, copy_cpu = median(runs, "cpu"), median(runs, "copy_cpu")
    bench.note("daily table", "CPU s", cpu)
    bench.note("daily table", "wall s", median(runs, "wall"))
    bench.note("daily table", "SQL CPU / F, with days", (bench.sql_cpu + cpu) / (bench.floor + copy_cpu))
    bench.note("daily table", "daily rows", runs[0]["rows"])
    bench.note("daily table", "bytes per daily row", runs[0]["bytes"] / runs[0]["rows"])


def days_of_one_period(bench: Bench) -> None:
    """The days of one month, on demand."""
    _ = bench.built
    asked = {"folder": str(bench.folder), "period": bench.month}
    runs = [bench.step("days_of_period", database=bench.database, **asked) for _ in range(bench.repeat)]
    bench.must(runs[0]["differ"] == 0, f"The days of {runs[0]['differ']} lines do not add up to the month.")
    cpu, copy_cpu = median(runs, "cpu"), median(runs, "copy_cpu")
    bench.note("days of one period", "CPU s", cpu)
    bench.note("days of one period", "wall s", median(runs, "wall"))
    bench.note("days of one period", "CPU / copying them", cpu / copy_cpu)


def close_of_one_period(bench: Bench) -> None:
    """Approve, post and lock one month; the months before it are posted and locked."""
    _ = bench.posted_before
    runs = []
    for _ in range(bench.repeat):
        shutil.copy(bench.kept("before_close"), bench.database)
        runs.append(bench.step("close", database=bench.database, period=bench.month))
    last = runs[-1]
    bench.must(last["drafted"] == last["posted"] > 0 and last["left"] == 0, f"{bench.month} was not posted in full.")
    bench.must(last["not_locked"] == 0, f"{bench.month} is not locked in {last['not_locked']} books.")
    bench.share("close of one period", median(runs, "cpu"))
    bench.note("close of one period", "wall s", median(runs, "wall"))
    bench.note("close of one period", "lines posted", last["posted"])
    least = bench.step("least_of_a_close", database=bench.database, folder=str(bench.folder), period=bench.month)
    for what, cpu in (("writing", least["write_cpu"]), ("hashing", least["hash_cpu"])):
        bench.note("close of one period", f"share of {what} its lines once", cpu / bench.sql_cpu)


def nights(bench: Bench) -> None:
    """Some contracts changed, with every month posted: the builds must leave what a full refresh gives."""
    dbt = bench.overhead["cpu"]
    bench.share("first build after a close", bench.settled["cpu"] - dbt)
    runs = [bench.first_night]
    for name, per_mille in bench.shares.items():
        runs += [bench.night(per_mille) for _ in range(bench.repeat - len(runs))]
        job = f"night, {name} changed"
        bench.must((runs[0]["contracts"] > 0) == (per_mille > 0), f"{job}: {runs[0]['contracts']} contracts changed.")
        bench.share(job, median(runs, "cpu") - dbt)
        bench.note(job, "wall s", median(runs, "wall"))
        bench.note(job, "contracts changed", runs[0]["contracts"])
        bench.models[job] = {"nodes": median_of_nodes([run["nodes"] for run in runs])}
        if runs[0] is bench.first_night:
            bench.checks(f"checks, {name} changed")
        runs = []
    least = bench.step("least_of_a_night", database=bench.database)
    bench.note("night, 0% changed", "share of reading its inputs once", least["cpu"] / bench.sql_cpu)
    after = bench.step("fingerprints", database=bench.database)
    prove_every_contract(bench)
    bench.build(full_refresh=True)
    refreshed = bench.step("fingerprints", database=bench.database)
    bench.wrong += [
        f"After the nights {table} is not what a full refresh gives."
        for table in sorted(refreshed)
        if refreshed[table] != after.get(table)
    ]


def prove_every_contract(bench: Bench) -> None:
    """The target of every contract beside what is posted and drafted of it."""
    _ = bench.settled
    runs = [bench.step("compare", database=bench.database) for _ in range(bench.repeat)]
    bench.must(runs[0]["differ"] == 0, f"The ledger of {runs[0]['differ']} contracts is not their target.")
    bench.must(runs[0]["contracts"] >= bench.company.contracts, f"Only {runs[0]['contracts']} contracts were compared.")
    bench.share("prove every contract", median(runs, "cpu"))
    bench.note("prove every contract", "contracts", runs[0]["contracts"])


def append_to_a_large_ledger(bench: Bench) -> None:
    """The drafts of a night posted to a ledger of at least `ledger_lines` lines."""
    _, night, enlarged = bench.first_night, bench.kept("after_night"), bench.kept("enlarged")
    runs = []
    for _ in range(bench.repeat):
        shutil.copy(night, enlarged)
        bench.step("enlarge", database=enlarged, lines=bench.ledger_lines)
        runs.append(bench.step("append", database=enlarged, period=bench.month))
    last = runs[-1]
    bench.must(last["drafted"] == last["posted"] > 0 and last["left"] == 0, "A night's drafts were not posted in full.")
    bench.must(last["kept"], "Posting changed lines that were in the ledger.")
    bench.must(last["lines"] >= bench.ledger_lines, f"The ledger has only {last['lines']} lines.")
    bench.share("append", median(runs, "cpu"))
    bench.note("append", "approving, CPU s", median(runs, "approve_cpu"))
    bench.note("append", "lines in the ledger", last["lines"])
    bench.note("append", "lines appended", last["posted"])


def median(runs: list[Figures], name: str) -> float:
    return statistics.median(run[name] for run in runs)


def median_of_nodes(runs: list[list[Figures]]) -> list[Figures]:
    medians = []
    for nodes in zip(*runs, strict=True):
        cpu = statistics.median(node["cpu"] for node in nodes)
        seconds = statistics.median(node["seconds"] for node in nodes)
        medians.append({"name": nodes[0]["name"], "schema": nodes[0]["schema"], "cpu": cpu, "seconds": seconds})
    return medians


JOBS: dict[str, Callable[[Bench], None]] = {
    "build": full_build,
    "checks": checks_of_a_build,
    "memory": memory,
    "dbt": dbt_itself,
    "daily": daily_table,
    "period": days_of_one_period,
    "close": close_of_one_period,
    "nights": nights,
    "append": append_to_a_large_ledger,
}
