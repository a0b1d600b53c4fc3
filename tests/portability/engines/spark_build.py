"""Build the project on a Spark cluster. Runs in the engine's own environment, which has no DuckDB:

    python tests/portability/engines/spark_build.py <order.json>

The order names the master, a work folder, where the raw tables lie as Parquet and with which columns, the variables of
dbt and the tables to read back. Writes <work>/tables/<schema>.<table> in canonical text, and <work>/report.json.
"""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "python_udfs")]

# The books of a test are small: one partition, no optimiser of big data, no generated code, a compiler that is quick.
JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"
SETTINGS = {
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.ui.enabled": "false",
    "spark.sql.legacy.createHiveTableByDefault": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.compression.codec": "uncompressed",
    "spark.sql.execution.arrow.pyspark.enabled": "false",
}

# DuckDB's types of what the loader wrote, where Spark has other words.
TYPES = {"VARCHAR": "string", "TIMESTAMP WITH TIME ZONE": "timestamp"}


def iceberg_jar() -> str:
    import snowpark_connect_deps_iceberg as package

    [jar] = (Path(package.__file__).parent / "jars").glob("iceberg-spark-runtime-*_2.12-*.jar")
    return str(jar)


def start(order: dict[str, Any]) -> Any:
    """A session on the cluster whose tables are Iceberg's: models that are kept delete rows, which Parquet cannot."""
    from pyspark.sql import SparkSession

    work = Path(order["work"])
    builder = SparkSession.builder.master(order["master"]).appName("revrec")
    catalog = "spark.sql.catalog.spark_catalog"
    settings = {
        **SETTINGS,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "3g",
        "spark.driver.extraJavaOptions": JVM,
        "spark.executor.extraJavaOptions": JVM,
        "spark.executor.memory": "1g",
        "spark.sql.warehouse.dir": str(work / "warehouse"),
        "spark.local.dir": str(work / "local"),
        "spark.jars": iceberg_jar(),
        catalog: "org.apache.iceberg.spark.SparkSessionCatalog",
        f"{catalog}.type": "hadoop",
        f"{catalog}.warehouse": str(work / "warehouse"),
        f"{catalog}.cache.expiration-interval-ms": "-1",
        f"{catalog}.io.manifest.cache-enabled": "true",
        "spark.sql.sources.default": "iceberg",
        **order.get("settings", {}),
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def load(session: Any, raw: list[dict[str, Any]]) -> None:
    """The raw tables, as a loader would leave them."""
    for table in raw:
        session.sql(f"create schema if not exists {table['schema']}")
        columns = ", ".join(f"`{name}` {TYPES.get(kind, kind)}" for name, kind in table["columns"])
        name = f"{table['schema']}.{table['table']}"
        session.sql(f"create table {name} ({columns}) using parquet location '{table['at']}'")


def build(order: dict[str, Any]) -> list[dict[str, Any]]:
    """dbt build in this process, on this session; the nodes with their seconds."""
    from dbt.cli.main import dbtRunner

    work = order["work"]
    arguments = ["build", "--target", "spark", "--vars", order["variables"], "--project-dir", str(ROOT)]
    arguments += ["--profiles-dir", work, "--target-path", f"{work}/target", "--log-path", work]
    arguments += [*order["arguments"]]
    outcome = dbtRunner().invoke(arguments)
    if outcome.exception:
        raise outcome.exception
    return [
        {"node": r.node.unique_id, "status": str(r.status), "seconds": r.execution_time, "message": r.message}
        for r in outcome.result.results
    ]


def main(order: dict[str, Any]) -> None:
    from tests.portability.canonical import lines_of

    os.environ["PYSPARK_PYTHON"] = sys.executable
    work, clock, seconds = Path(order["work"]), time.monotonic(), {}

    def lap(name: str) -> None:
        nonlocal clock
        seconds[name], clock = round(time.monotonic() - clock, 1), time.monotonic()

    session = start(order)
    from spark_session import register

    functions = register(session)
    lap("start")
    load(session, order["raw"])
    lap("load")
    nodes = build(order)
    lap("build")
    (work / "tables").mkdir(exist_ok=True)
    failed = [node for node in nodes if node["status"] not in ("success", "pass", "skipped", "no-op")]

    def read(table: list[str]) -> None:
        frame = session.table(".".join(table))
        text = "\n".join(lines_of(frame.columns, frame.collect()))
        (work / "tables" / ".".join(table)).write_text(text, "utf-8")

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(read, [] if failed else order["read"]))
    lap("read")
    executors = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    report = {"nodes": nodes, "seconds": seconds, "functions": functions, "executors": executors}
    (work / "report.json").write_text(json.dumps(report, default=str))
    session.stop()


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
