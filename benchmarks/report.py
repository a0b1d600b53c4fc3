"""The figures of a benchmark as a Markdown table and as one row of results.csv."""

from __future__ import annotations

import csv
import os
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orchestration

Figures = dict[str, Any]
RESULTS = Path(__file__).resolve().parent / "results.csv"
MEGABYTE = 1_000_000


def summary(figures: Figures) -> dict[str, Any]:
    """One row: CPU and wall in seconds, sizes in millions of bytes. `sql_cpu` is the build without dbt's own share."""
    company, built, overhead = figures["company"], figures["built"], figures["overhead"]
    tables = built["tables"].values()
    sql_cpu, copy_cpu = built["cpu"] - overhead["cpu"], built["copy_cpu"] - overhead["copy_cpu"]
    row = {
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "code": _commit(),
        "obligations": company.obligations,
        "periods": company.periods,
        "invoice_only": company.invoice_only,
        "amended": company.amended,
        "repeat": figures["repeat"],
        "duckdb": version("duckdb"),
        "dbt_core": version("dbt-core"),
        "cores": os.cpu_count(),
        "build_cpu": built["cpu"],
        "build_wall": built["wall"],
        "dbt_cpu": overhead["cpu"],
        "sql_cpu": sql_cpu,
        "copy_cpu": copy_cpu,
        "ratio": sql_cpu / copy_cpu,
        "peak_mb": built["peak_rss"] / MEGABYTE,
        "rows": sum(table["rows"] for table in tables),
        "mb": sum(table["bytes"] for table in tables) / MEGABYTE,
    }
    if "night" in figures:
        night = figures["night"]
        row["night_cpu"] = night["cpu"] - overhead["cpu"]
        row["night_share"] = row["night_cpu"] / sql_cpu
        row["idle_cpu"] = night["idle_cpu"] - overhead["cpu"]
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}


def append(figures: Figures, path: Path) -> None:
    """Add the summary to a CSV file, which gets a header when it is new."""
    row = summary(figures)
    names = [*row, *(name for name in ("night_cpu", "night_share", "idle_cpu") if name not in row)]
    is_new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerow(row)


def markdown(figures: Figures) -> str:
    """The summary in sentences, then what each model costs, most expensive first; dbt's share is taken off."""
    row = summary(figures)
    lines = [
        f"{row['obligations']:,} obligations, {row['periods']} months drafted: {row['rows']:,} rows,"
        f" {row['mb']:,.0f} MB.",
        "",
        "| | CPU s |",
        "| --- | ---: |",
        f"| SQL | {row['sql_cpu']:.1f} |",
        f"| copying the tables it wrote (F) | {row['copy_cpu']:.1f} |",
        f"| SQL / F | {row['ratio']:.2f} |",
        f"| dbt's own, whatever the size | {row['dbt_cpu']:.1f} |",
    ]
    if "night" in figures:
        night = figures["night"]
        lines += [
            f"| a night: {night['contracts']:,} contracts changed | {row['night_cpu']:.1f}"
            f" ({row['night_share']:.0%} of SQL) |",
            f"| a build with nothing to do | {row['idle_cpu']:.1f} |",
        ]
    lines += [
        "",
        f"Wall {row['build_wall']:.0f} s on {row['cores']} cores, peak memory {row['peak_mb']:,.0f} MB, "
        f"DuckDB {row['duckdb']}, dbt {row['dbt_core']}.",
        "",
        *_models(figures),
    ]
    return "\n".join(lines)


def _models(figures: Figures, least: float = 0.01) -> list[str]:
    overhead = {node["name"]: node["cpu"] for node in figures["overhead"]["nodes"]}
    nights = {node["name"]: node["cpu"] for node in figures.get("night", {}).get("nodes", [])}
    costs = [(node["cpu"] - overhead[node["name"]], node) for node in figures["built"]["nodes"]]
    total = sum(cost for cost, _ in costs)
    lines = [
        "| model | CPU s | share | night CPU s | wall s | rows | MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for cost, node in sorted(costs, key=lambda pair: -pair[0]):
        if cost < least * total:
            break
        table = figures["built"]["tables"].get(f"{node['schema']}.{node['name']}", {"rows": 0, "bytes": 0})
        night = f"{nights[node['name']] - overhead[node['name']]:.2f}" if nights else ""
        lines.append(
            f"| {node['name']} | {cost:.2f} | {cost / total:.0%} | {night} | {node['seconds']:.1f} | {table['rows']:,} "
            f"| {table['bytes'] / MEGABYTE:.1f} |"
        )
    return lines


def _commit() -> str:
    """The commit, with `+` when files of the project differ from it; empty outside of a repository."""
    asked = ["git", "describe", "--always", "--dirty=+", "--abbrev=9"]
    done = subprocess.run(asked, cwd=orchestration.ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
