"""Every oracle case, built on a Spark cluster, gives the tables that DuckDB gives: every row, every cent.

A master and two workers run on the loopback interface. The raw tables are Parquet files; dbt builds every seed, model
and Python function of the project in a session on that cluster, whose tables are Iceberg's. The engine has an
environment of its own (engines/spark.lock). Data tests are left out: they passed on the tables these must equal.
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

from tests.portability.comparison import compare, compared_tables, export_raw, must_be_equal, variables
from tests.portability.engines import environment
from tests.portability.engines.spark_cluster import WORKERS, cluster

BUILD = Path(__file__).parent / "engines" / "spark_build.py"
ARGUMENTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", "--threads", "2"]

pytestmark = pytest.mark.skipif(not environment.java(), reason="no Java 11 to 17 installed: Spark was NOT executed")


def test_every_case_gives_the_same_tables_on_spark(cases_database: Path, project_root: Path, tmp_path: Path) -> None:
    python, started = environment.python_of("spark"), time.monotonic()
    shutil.copy(project_root / "profiles.example.yml", tmp_path / "profiles.yml")
    with (
        duckdb.connect(str(cases_database), read_only=True) as source,
        cluster(python, tmp_path / "cluster") as master,
    ):
        asked = compared_tables(source)
        order = {
            "master": master,
            "work": str(tmp_path),
            "raw": export_raw(source, tmp_path / "raw"),
            "variables": variables(source),
            "arguments": ARGUMENTS,
            "read": asked,
        }
        (tmp_path / "order.json").write_text(json.dumps(order))
        done = subprocess.run(
            [python, BUILD, tmp_path / "order.json"],
            env={name: value for name, value in os.environ.items() if not name.startswith("DBT_")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (tmp_path / "report.json").exists(), done.stdout[-3000:] + done.stderr[-3000:]
        report = json.loads((tmp_path / "report.json").read_text())
        assert [node for node in report["nodes"] if node["status"] not in ("success", "no-op")] == []
        assert done.returncode == 0, done.stderr[-3000:]
        assert report["executors"] == WORKERS
        assert report["functions"], "no Python function was registered"
        result = compare(
            "Spark",
            source,
            asked,
            lambda schema, table: (tmp_path / "tables" / f"{schema}.{table}").read_text("utf-8").split("\n"),
        )
    print(
        f"{len(report['nodes'])} nodes on {WORKERS} workers in {time.monotonic() - started:.0f} s: {report['seconds']}"
    )
    must_be_equal(result)
