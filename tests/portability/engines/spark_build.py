"""Build the project on a Spark cluster. Runs in the engine's own environment, which has no DuckDB:

    python tests/portability/engines/spark_build.py <order.json>

The order names the master, a work folder and its steps: where raw tables lie as Parquet and with which columns, dbt's
commands (what they share stands beside the steps), and the tables to read back afterwards. Writes each table of a step
in canonical text, <work>/<step>/<schema>.<table>, and <work>/report.json.
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

# The books of a test are small: one partition, no optimiser of big data, no generated code, and on the workers a
# compiler that is quick. The driver has ten minutes of statements to analyse, for which the thorough one is worth it.
JVM = "-XX:+UseSerialGC -Xshare:auto"
WORKER = f"{JVM} -XX:TieredStopAtLevel=1"
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
    # A metastore of this session, in memory: dbt finds in it what an earlier command made. Iceberg's locks need tables
    # that only a metastore of many writers has.
    "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:revrec;create=true",
    "spark.hadoop.datanucleus.schema.autoCreateTables": "true",
    "spark.hadoop.hive.metastore.schema.verification": "false",
    "spark.hadoop.iceberg.engine.hive.lock-enabled": "false",
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
    builder = SparkSession.builder.master(order["master"]).appName("revrec").enableHiveSupport()
    catalog = "spark.sql.catalog.spark_catalog"
    settings = {
        **SETTINGS,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "3g",
        "spark.driver.extraJavaOptions": f"{JVM} -Xmn1g -Dderby.system.home={work}",
        "spark.executor.extraJavaOptions": WORKER,
        "spark.executor.memory": "1g",
        "spark.sql.warehouse.dir": str(work / "warehouse"),
        "spark.local.dir": str(work / "local"),
        "spark.hadoop.hive.exec.scratchdir": str(work / "hive"),
        "spark.jars": iceberg_jar(),
        catalog: "org.apache.iceberg.spark.SparkSessionCatalog",
        f"{catalog}.type": "hive",
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
    """The raw tables, as a loader would leave them; rows are added to tables that are there."""
    for table in raw:
        name = f"{table['schema']}.{table['table']}"
        if session.catalog.tableExists(name):
            session.read.parquet(table["at"]).write.insertInto(name)
            continue
        session.sql(f"create schema if not exists {table['schema']}")
        columns = ", ".join(f"`{name}` {TYPES.get(kind, kind)}" for name, kind in table["columns"])
        session.sql(f"create table {name} ({columns}) using parquet location '{table['at']}'")


def read_back(session: Any, tables: list[list[str]], folder: Path) -> None:
    """Every table in canonical text, a file each."""
    from tests.portability.canonical import lines_of

    folder.mkdir()

    def read(table: list[str]) -> None:
        name, frame = ".".join(table), session.table(".".join(table))
        (folder / name).write_text("\n".join(lines_of(name, frame.columns, frame.collect())), "utf-8")

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(read, tables))


def main(order: dict[str, Any]) -> None:
    from tests.portability.engines import dbt_commands

    os.environ["PYSPARK_PYTHON"] = sys.executable
    work, clock, seconds = Path(order["work"]), time.monotonic(), {}

    def lap(name: str) -> None:
        nonlocal clock
        seconds[name], clock = round(time.monotonic() - clock, 1), time.monotonic()

    session = start(order)
    from spark_session import register

    functions, nodes = register(session), []
    lap("start")
    for step in order["steps"]:
        load(session, step["raw"])
        lap(f"load {step['name']}")
        for result in dbt_commands.run(step["commands"], order["shared"]):
            name = getattr(result, "node", result).unique_id
            nodes.append({"node": name, "status": str(result.status), "seconds": result.execution_time})
        lap(f"build {step['name']}")
        read_back(session, step["read"], work / step["name"])
        lap(f"read {step['name']}")
    log = [row.asDict() for row in session.table("ops.audit_log").collect()]
    executors = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    report = {"nodes": nodes, "seconds": seconds, "functions": functions, "executors": executors, "log": log}
    (work / "report.json").write_text(json.dumps(report, default=str))
    session.stop()


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
