"""One measured step in a process of its own: `python -m benchmarks.measure STEP JSON` prints its figures as JSON.

A step is a function of this module; `in_own_process` calls it. CPU is counted over all threads of the process, so it
hardly depends on what else the machine does; wall time does. Memory is the process's peak.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orchestration
from benchmarks.proofs import prove

FOLDERS = (
    *("1_contracts", "2_obligations", "3_transaction_price", "4_allocation"),
    *("5_recognition", "6_ledger", "7_close", "8_reports"),
)
# A night recomputes only what changed; everything else must come out the same.
OF_ONE_BUILD = {"engine.changed_contracts", "engine.contracts_to_draft", "engine.int_ledger__unwelcome"}


def in_own_process(step: str, **arguments: Any) -> dict[str, Any]:
    """Run a step in a fresh interpreter and return its figures. Raises RuntimeError with what it printed."""
    environment = dict(os.environ)
    environment.setdefault("DBT_TARGET_PATH", str(orchestration.STATE / "benchmarks" / "target"))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", step, json.dumps(arguments)],
        env=environment,
        cwd=orchestration.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise RuntimeError(f"{step} ended with exit code {done.returncode}: {said}")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


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


def build(database: str, through: str, full_refresh: bool = False) -> dict[str, Any]:
    """Run the models after the input layer, one at a time, each with all of DuckDB's threads."""
    from orchestration import warehouse

    path = Path(database)
    schemas = {name: node.schema for name, node in warehouse.manifest(path).nodes.items()}
    finished: list[float] = []
    cpu, wall = time.process_time(), time.monotonic()
    with warehouse.writing(path):
        result = warehouse.dbt(
            "run",
            database=path,
            select=[f"path:models/{folder}" for folder in FOLDERS],
            variables={"as_of": "2099-12-31 00:00:00", "through": through},
            arguments=["--threads", "1"],
            full_refresh=full_refresh,
            progress=lambda message: finished.append(time.process_time()),
        )
    ended = time.process_time()
    models = [node for node in result.nodes if node.resource_type == "model"]
    return {
        # dbt says when a model has finished; with one thread the time between two is the second's.
        "nodes": [
            {"name": node.name, "schema": schemas[node.unique_id], "seconds": node.seconds, "cpu": finish - start}
            for node, start, finish in zip(models, [cpu, *finished[:-1]], finished, strict=True)
        ],
        "startup_cpu": cpu,
        "cpu": ended - cpu,
        "wall": time.monotonic() - wall,
        "peak_rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def copy(database: str, target: str) -> dict[str, Any]:
    """Copy every table the models wrote into a fresh file: what writing the result costs at least, and its size."""
    from orchestration import warehouse

    with warehouse.connect(Path(target), read_only=False) as connection:
        connection.execute(f"attach '{database}' as source (read_only)")
        written = _tables(connection, "source", ("engine", "close", "reports"))
        for schema in ("engine", "close", "reports"):
            connection.execute(f"create schema {schema}")
        started = time.process_time()
        for schema, name in written:
            connection.execute(f"create table {schema}.{name} as from source.{schema}.{name}")
        connection.execute("checkpoint")
        cpu = time.process_time() - started
        tables = {f"{schema}.{name}": _size(connection, f"{schema}.{name}") for schema, name in written}
    Path(target).unlink()
    return {"cpu": cpu, "tables": tables}


def _size(connection: Any, table: str) -> dict[str, int]:
    """Rows and bytes; small tables share blocks, which are counted for each of them."""
    rows = len(connection.table(table))
    blocks = "select count(distinct block_id) from pragma_storage_info(?) where block_id >= 0"
    size = "select any_value(block_size) from pragma_database_size()"
    bytes_used = connection.execute(f"select ({blocks}) * ({size})", [table]).fetchone()[0]
    return {"rows": rows, "bytes": bytes_used}


def change(database: str) -> dict[str, Any]:
    """A day's work: one contract in a hundred is worth 1.00 more."""
    import duckdb

    with duckdb.connect(database) as connection:
        changed = connection.execute(
            "update inputs.input_contract_lines set amount_minor = amount_minor + 100"
            " where line_id = 'L1' and cast(substr(contract_id, 2) as bigint) % 100 = 7"
        ).fetchone()[0]
        changed += connection.execute(
            "update inputs.input_invoice_lines set amount_minor = amount_minor + 100 where contract_id is null"
            " and invoice_line_id like '%-L1' and cast(substr(invoice_id, 2, 9) as bigint) % 100 = 7"
        ).fetchone()[0]
    return {"contracts": changed}


def fingerprints(database: str) -> dict[str, Any]:
    """Rows and an order-free hash of each table the models wrote, and what the next build knows of this one."""
    import duckdb

    with duckdb.connect(database, read_only=True) as connection:
        catalog = Path(database).stem
        query = "select count(*), cast(coalesce(sum(cast(hash(t) as hugeint)), 0) as text) from t"
        prints = {
            f"{schema}.{name}": connection.table(f"{schema}.{name}").query("t", query).fetchone()
            for schema, name in _tables(connection, catalog, ("engine", "close", "reports", "state"))
        }
    return {table: found for table, found in prints.items() if table not in OF_ONE_BUILD}


def _tables(connection: Any, catalog: str, schemas: tuple[str, ...]) -> list[tuple[str, str]]:
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? and list_contains(?, schema_name)"
        " order by schema_name, table_name",
        [catalog, list(schemas)],
    )
    return [(schema, name) for schema, name in found.fetchall()]


def in_this_process(step: str, **arguments: Any) -> dict[str, Any]:
    """Run a step here, where only its result matters."""
    return STEPS[step](**arguments)


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "shape": shape,
    "prepare": prepare,
    "build": build,
    "copy": copy,
    "prove": prove,
    "change": change,
    "fingerprints": fingerprints,
}

if __name__ == "__main__":
    found = in_this_process(sys.argv[1], **json.loads(sys.argv[2]))
    sys.stdout.write(json.dumps(found))
