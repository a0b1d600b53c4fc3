"""Steps that build: the company, its books, a copy of them, and a hash of what is in them."""

from __future__ import annotations

import contextlib
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orchestration

FOLDERS = (
    *("1_contracts", "2_obligations", "3_transaction_price", "4_allocation"),
    *("5_recognition", "6_ledger", "7_close", "8_reports"),
)
AS_OF = "2099-12-31 00:00:00"
# The lists of what a build computes anew.
LISTS = {"changed_contracts", "contracts_to_draft"}


def shape(database: str) -> dict[str, Any]:
    """Build the input layer of a warehouse nothing was loaded into, in a file of its own; returns its tables."""
    import duckdb

    from benchmarks import generate
    from orchestration import pipeline, warehouse

    path = Path(database)
    with warehouse.writing(path):
        pipeline.declare(path)
        warehouse.dbt("seed", database=path)
        warehouse.dbt("run", database=path, select=["path:models/0_inputs"])
    with duckdb.connect(database, read_only=True) as connection:
        return generate.shape_of(connection)


def prepare(database: str, shape: dict[str, Any], **company: Any) -> dict[str, Any]:
    """Generate a company and what the models need besides it: the seeds and the Python functions."""
    from benchmarks import generate
    from orchestration import warehouse

    path = Path(database)
    with warehouse.writing(path):
        started = time.process_time()
        with warehouse.connect(path, read_only=False) as connection:
            generate.write(generate.Company(**company), connection, shape)
        generated = time.process_time() - started
        kinds = ["--resource-type", "seed", "--resource-type", "function"]
        warehouse.dbt("build", database=path, arguments=kinds)
    return {"generate_cpu": generated}


def build(database: str, through: str, full_refresh: bool = False, memory_limit: str | None = None) -> dict[str, Any]:
    """Run the models after the input layer, one at a time, each with all of DuckDB's threads."""
    from orchestration import warehouse

    path = Path(database)
    with _memory(memory_limit, path.parent):
        schemas = {name: node.schema for name, node in warehouse.manifest(path).nodes.items()}
        finished: list[float] = []
        cpu, wall = time.process_time(), time.monotonic()
        with warehouse.writing(path):
            result = warehouse.dbt(
                "run",
                database=path,
                select=[f"path:models/{folder}" for folder in FOLDERS],
                variables={"as_of": AS_OF, "through": through},
                arguments=["--threads", "1"],
                full_refresh=full_refresh,
                progress=lambda message: finished.append(time.process_time()),
            )
        ended, wall = time.process_time(), time.monotonic() - wall
    _declare_complete(path)
    models = [node for node in result.nodes if node.resource_type == "model"]
    return {
        # dbt says when a model has finished; with one thread the time between two is the second's.
        "nodes": [
            {"name": node.name, "schema": schemas[node.unique_id], "seconds": node.seconds, "cpu": finish - start}
            for node, start, finish in zip(models, [cpu, *finished[:-1]], finished, strict=True)
        ],
        "startup_cpu": cpu,
        "cpu": ended - cpu,
        "wall": wall,
        "peak_rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def checks(database: str, through: str, memory_limit: str | None = None) -> dict[str, Any]:
    """Run the data tests of the models after the input layer, as `revrec run` does with a build; which did not pass."""
    from orchestration import warehouse

    path = Path(database)
    with _memory(memory_limit, path.parent):
        warehouse.manifest(path)
        cpu, wall = time.process_time(), time.monotonic()
        with warehouse.writing(path):
            try:
                result = warehouse.dbt(
                    "test",
                    database=path,
                    select=[f"path:models/{folder}" for folder in FOLDERS],
                    variables={"as_of": AS_OF, "through": through},
                    arguments=["--threads", "1", "--exclude-resource-type", "unit_test"],
                )
            except warehouse.BuildFailed as failed:
                result = failed.result
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    tests = [node for node in result.nodes if node.resource_type == "test"]
    return {
        "cpu": cpu,
        "wall": wall,
        "checks": len(tests),
        "failed": [node.name for node in tests if node.status != "pass"],
    }


def _declare_complete(path: Path) -> None:
    """The generator wrote the input layer, so what dbt calls a part of a build is all of it: drafts may be approved."""
    from orchestration import warehouse

    with warehouse.connect(path, read_only=False) as connection:
        connection.execute(
            "insert into ops.builds select * replace (seq + 1 as seq, 'complete' as status) from ops.builds"
            " order by seq desc limit 1"
        )


@contextlib.contextmanager
def _memory(limit: str | None, folder: Path) -> Iterator[None]:
    """What DuckDB may use, as a profile of its own: `limit` is a size such as '2GB'; nothing leaves its default."""
    if limit is None:
        yield
        return
    import yaml

    profile = yaml.safe_load((orchestration.ROOT / "profiles.example.yml").read_text())
    profile["revrec"]["outputs"]["duckdb"]["config_options"] = {"memory_limit": limit}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile))
    before = os.environ.get("DBT_PROFILES_DIR")
    os.environ["DBT_PROFILES_DIR"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("DBT_PROFILES_DIR")
        if before is not None:
            os.environ["DBT_PROFILES_DIR"] = before


def copy(database: str, target: str) -> dict[str, Any]:
    """Copy every table the models wrote into a fresh file: what writing the result costs at least, and its size."""
    from orchestration import warehouse

    with warehouse.connect(Path(target), read_only=False) as connection:
        connection.execute(f"attach '{database}' as source (read_only)")
        written = tables_of(connection, "source", ("engine", "close", "reports"))
        for schema in ("engine", "close", "reports"):
            connection.execute(f"create schema {schema}")
        started = time.process_time()
        for schema, name in written:
            connection.execute(f"create table {schema}.{name} as from source.{schema}.{name}")
        connection.execute("checkpoint")
        cpu = time.process_time() - started
        tables = {f"{schema}.{name}": size_of(connection, f"{schema}.{name}") for schema, name in written}
    Path(target).unlink()
    return {"cpu": cpu, "tables": tables}


def size_of(connection: Any, table: str) -> dict[str, int]:
    """Rows and bytes; small tables share blocks, which are counted for each of them."""
    rows = len(connection.table(table))
    blocks = "select count(distinct block_id) from pragma_storage_info(?) where block_id >= 0"
    size = "select any_value(block_size) from pragma_database_size()"
    bytes_used = connection.execute(f"select ({blocks}) * ({size})", [table]).fetchone()[0]
    return {"rows": rows, "bytes": bytes_used}


def fingerprints(database: str) -> dict[str, Any]:
    """Rows and an order-free hash of each table the models wrote, and what the next build knows of this one.

    What holds only the contracts that the last build computed is left out.
    """
    import duckdb

    passing = _of_one_build(Path(database))
    with duckdb.connect(database, read_only=True) as connection:
        catalog = Path(database).stem
        query = "select count(*), cast(coalesce(sum(cast(hash(t) as hugeint)), 0) as text) from t"
        prints = {
            f"{schema}.{name}": connection.table(f"{schema}.{name}").query("t", query).fetchone()
            for schema, name in tables_of(connection, catalog, ("engine", "close", "reports"))
        }
    return {table: found for table, found in prints.items() if table not in passing}


def _of_one_build(path: Path) -> set[str]:
    """Working tables and controls on the way from the lists of what to compute anew to the tables that are added to."""
    from orchestration import warehouse

    models = {key: node for key, node in warehouse.manifest(path).nodes.items() if node.resource_type == "model"}
    passing: set[str] = {key for key, node in models.items() if node.name in LISTS}
    found = set(passing)
    while found:
        found = {
            key
            for key, node in models.items()
            if key not in passing
            and node.schema in ("engine", "close")
            and node.config.materialized != "incremental"
            and found.intersection(node.depends_on.nodes)
        }
        passing |= found
    return {f"{models[key].schema}.{models[key].name}" for key in passing}


def tables_of(connection: Any, catalog: str, schemas: tuple[str, ...]) -> list[tuple[str, str]]:
    """Schema and name of each table, in order."""
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? and list_contains(?, schema_name)"
        " order by schema_name, table_name",
        [catalog, list(schemas)],
    )
    return [(schema, name) for schema, name in found.fetchall()]
