"""docs/performance.md and its chart, written anew from results.csv: `python -m benchmarks.report`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import orchestration
from benchmarks import chart, generate, results
from benchmarks.jobs import SHARES, Bench
from benchmarks.results import Result, shown

PAGE = orchestration.ROOT / "docs" / "performance.md"
CHART = PAGE.with_name("performance-growth.svg")
USUAL = generate.Company(0).features
FEATURES = ("plain", "amended 15%", "credited 2%", "foreign 5%", "invoice only 30%")
ORDER = (
    *("build", "checks", "daily table", "days of one period", "close of one period", "first build after a close"),
    *(f"night, {share} changed" for share in SHARES),
    *(f"checks, {share} changed" for share in SHARES),
    *("append", "prove every contract", "memory", "growth", "dbt"),
)
# Beside what has a target, and shares; smaller builds are in the chart only.
SHOWN = ("SQL CPU s", "F, CPU s", "wall s", "peak memory GB")
LEAST = 100_000
Rows = list[dict[str, str]]


def table(found: Iterable[Result]) -> str:
    """Figures just measured, as Markdown."""
    lines = ["| job | measure | target | result | met |", "| --- | --- | --- | ---: | --- |"]
    lines += [
        f"| {one.job} | {one.measure} | {one.target} | {shown(one.measure, one.value)} | {one.met} |" for one in found
    ]
    return "\n".join(lines)


def models(bench: Bench, least: float = 0.01) -> str:
    """What each model of the full build costs, the most expensive first, without dbt's share; empty without a build."""
    if "build" not in bench.models:
        return ""
    overhead = {node["name"]: node["cpu"] for node in bench.overhead["nodes"]}
    costs = [(node["cpu"] - overhead[node["name"]], node) for node in bench.built["nodes"]]
    total = sum(cost for cost, _ in costs)
    lines = ["", "| model | CPU s | share | wall s | rows | MB |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for cost, node in sorted(costs, key=lambda pair: -pair[0]):
        if cost < least * total:
            break
        size = bench.built["tables"].get(f"{node['schema']}.{node['name']}", {"rows": 0, "bytes": 0})
        lines.append(
            f"| {node['name']} | {cost:.2f} | {cost / total:.0%} | {node['seconds']:.1f} | {size['rows']:,} "
            f"| {size['bytes'] / 1e6:.1f} |"
        )
    return "\n".join(lines)


def write(file: Path = results.RESULTS, page: Path = PAGE, picture: Path = CHART) -> None:
    """Put the latest figures between the marks of the page, and draw the chart beside it."""
    rows = results.read(file)
    text = page.read_text()
    for name, lines in {
        "results": _results(rows),
        "features": _features(rows),
        "rivals": _rivals(rows),
        "models": _heaviest(results.models_of(file)),
    }.items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        text, times = mark.subn(lambda found, lines=lines: found[1] + "\n".join(lines) + "\n" + found[2], text)
        if times != 1:
            raise ValueError(f"{page} has the mark of {name} {times} times instead of once")
    page.write_text(text)
    if drawn := _growth(rows):
        picture.write_text(drawn)


def _results(rows: Rows) -> list[str]:
    found = results.latest(row for row in rows if row["features"] == USUAL or row["job"] == "dbt")
    chosen = [row for key, row in found.items() if key[0] in ORDER and (key[0] != "build" or key[1] >= LEAST)]
    chosen.sort(key=lambda row: (ORDER.index(row["job"]), int(row["size"])))
    lines = [
        "| job | obligations | measure | target | result | met | code |",
        "| --- | ---: | --- | --- | ---: | --- | --- |",
    ]
    for row in chosen:
        if row["target"] or row["measure"] in SHOWN or row["measure"].startswith("share of "):
            lines.append(
                f"| {row['job']} | {int(row['size']):,} | {row['measure']} | {row['target']} "
                f"| {shown(row['measure'], float(row['result']))} | {row['met']} | {row['code']} |"
            )
    return lines


def _features(rows: Rows) -> list[str]:
    found = results.latest(rows)
    sizes = {size for job, size, features, _ in found if job == "build" and features == "plain"}
    if not sizes:
        return ["Not measured yet."]
    size = max(sizes)
    lines = [
        f"| {size:,} obligations | SQL, CPU s | of plain | SQL / F |",
        "| --- | ---: | ---: | ---: |",
    ]
    # Of one commit: others were measured on another day.
    row = found["build", size, "plain", "SQL CPU s"]
    plain, found = float(row["result"]), results.latest(one for one in rows if one["code"] == row["code"])
    for features in (*FEATURES, USUAL):
        row, ratio = (found.get(("build", size, features, what)) for what in ("SQL CPU s", "SQL CPU / F"))
        if row and ratio:
            cpu = float(row["result"])
            lines.append(f"| {features} | {cpu:.1f} | {cpu / plain:.2f} | {float(ratio['result']):.2f} |")
    return lines


def _rivals(rows: Rows) -> list[str]:
    found = results.latest(row for row in rows if row["job"].startswith(("rival", "closed form")))
    if not found:
        return ["Not measured yet."]
    lines = ["| | obligations | measure | target | result | met |", "| --- | ---: | --- | --- | ---: | --- |"]
    return lines + [
        f"| {row['job']} | {int(row['size']):,} | {row['measure']} | {row['target']} "
        f"| {shown(row['measure'], float(row['result']))} | {row['met']} |"
        for row in found.values()
    ]


def _heaviest(file: Path, most: int = 12) -> list[str]:
    """Of the last build of the largest company: the models that took most of its CPU."""
    builds = [row for row in results.read(file) if row["job"] == "build" and row["features"] == USUAL]
    if not builds:
        return ["Not measured yet."]
    size = max(int(row["size"]) for row in builds)
    code = next(row["code"] for row in reversed(builds) if int(row["size"]) == size)
    last = {row["model"]: row for row in builds if int(row["size"]) == size and row["code"] == code}
    total = sum(float(row["cpu"]) for row in last.values())
    lines = [
        f"| {size:,} obligations, {code} | CPU s | share | rows | MB |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for row in sorted(last.values(), key=lambda row: -float(row["cpu"]))[:most]:
        cpu = float(row["cpu"])
        rows_of = f"{int(row['rows']):,}" if row["rows"] else ""
        size_of = f"{int(row['bytes']) / 1e6:,.1f}" if row["bytes"] else ""
        lines.append(f"| {row['model']} | {cpu:.1f} | {cpu / total:.0%} | {rows_of} | {size_of} |")
    return lines


def _growth(rows: Rows) -> str:
    """The chart; empty while no build of the usual company was noted."""
    found = results.latest(row for row in rows if row["features"] == USUAL and row["job"] == "build")

    def points(measure: str) -> Sequence[tuple[float, float]]:
        return [(float(size), float(row["result"])) for (_, size, _, what), row in found.items() if what == measure]

    if not found:
        return ""
    return chart.svg(
        "A full build, from input tables to drafts and reports",
        "obligations",
        "CPU seconds",
        {"SQL of the build": list(points("SQL CPU s")), "copying its tables (F)": list(points("F, CPU s"))},
    )


if __name__ == "__main__":
    write()
