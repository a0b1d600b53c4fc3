"""Spark, a real cluster, lives through what DuckDB did and holds the same tables: every row, every cent.

A master and two workers run on the loopback interface. The raw tables are Parquet files; dbt builds every seed, model
and Python function of the project in a session on that cluster, whose tables are Iceberg's, decides and posts, and
builds again what changed. The engine has an environment of its own (engines/spark.lock). Data tests are left out: they
passed on the tables these must equal.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import duckdb
import pytest

from tests.portability import journey
from tests.portability.comparison import compare, compared_tables, export_raw, must_be_chained, must_be_equal
from tests.portability.engines import environment
from tests.portability.engines.dbt_commands import common
from tests.portability.engines.spark_cluster import WORKERS, cluster

BUILD = Path(__file__).parent / "engines" / "spark_build.py"

pytestmark = pytest.mark.skipif(not environment.java(), reason="no Java 11 to 17 installed: Spark was NOT executed")


def test_spark_lives_through_what_duckdb_did(played: Path, project_root: Path, tmp_path: Path) -> None:
    python, started = environment.python_of("spark"), time.monotonic()
    shutil.copy(project_root / "profiles.example.yml", tmp_path / "profiles.yml")
    sides = {name: duckdb.connect(str(played / f"{name}.duckdb"), read_only=True) for name in ("first", "second")}
    build = [*journey.BUILD, "--threads", "2"]
    asked = {"first": [build], "second": [*journey.decided(played), build]}
    steps = [
        {
            "name": name,
            "raw": export_raw(side, tmp_path / "raw" / name, played / "first.duckdb" if name == "second" else None),
            "commands": asked[name],
            "read": compared_tables(side),
        }
        for name, side in sides.items()
    ]
    with cluster(python, tmp_path / "cluster") as master:
        shared = common("spark", tmp_path, journey.VARIABLES)
        order = {"master": master, "work": str(tmp_path), "shared": shared, "steps": steps}
        (tmp_path / "order.json").write_text(json.dumps(order))
        done = subprocess.run(
            [python, BUILD, tmp_path / "order.json"],
            env={name: value for name, value in os.environ.items() if not name.startswith("DBT_")},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["executors"] == WORKERS
    assert report["functions"], "no Python function was registered"
    seconds = time.monotonic() - started
    print(f"{len(report['nodes'])} nodes on {WORKERS} workers in {seconds:.0f} s: {report['seconds']}")
    for name, side in sides.items():

        def read(schema: str, table: str, folder: Path = tmp_path / name) -> list[str]:
            return (folder / f"{schema}.{table}").read_text("utf-8").split("\n")

        must_be_equal(compare(f"Spark, {name} build", side, read))
        side.close()
    must_be_chained(report["log"])
