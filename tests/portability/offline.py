"""Compile dbt projects for warehouses that are not there.

    PYTHONPATH=. python tests/portability/offline.py <profiles file> <work folder> <target>,... <name>=<project>...

dbt's own compiler and the real adapters render every node; only the connection is replaced: it finds nothing in the
warehouse and remembers what it was asked to run. Writes <work folder>/<target>.json, for each project's name:
    nodes       unique_id -> {"sql", "type", "path"}: the compiled text of every model and data test
    statements  unique_id -> [sql, ...]: what materialising the node would run (DDL with contracts, CREATE FUNCTION)
    errors      what dbt said about nodes that did not compile, or could not be materialised
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import types
from collections import defaultdict
from pathlib import Path

from orchestration.thrift import thrifty

# Names are enough to compile: nothing is looked up.
CREDENTIALS = {
    "SNOWFLAKE_ACCOUNT": "offline",
    "SNOWFLAKE_USER": "offline",
    "SNOWFLAKE_PASSWORD": "offline",
    "DATABRICKS_HOST": "offline.invalid",
    "DATABRICKS_HTTP_PATH": "/sql/1.0/warehouses/offline",
    "DATABRICKS_TOKEN": "offline",
    "REVREC_DATABASE": ":memory:",
}
# As the oracle cases are built (tests/conftest.py).
VARIABLES = '{as_of: "2037-12-31 23:59:59", through: "2037-12"}'


class OfflineHandle:
    """A connection handle that is open and does nothing."""

    def close(self) -> None:
        """Nothing was opened."""

    commit = rollback = close


def disconnect(adapter, statements: dict[str, list[str]]) -> None:
    """Replace what an adapter asks its warehouse: it is empty, and a statement is noted under the node that ran it."""
    from dbt.adapters.contracts.connection import AdapterResponse, ConnectionState
    from dbt_common.clients.agate_helper import empty_table
    from dbt_common.events.contextvars import get_node_info

    def note(sql: str) -> None:
        statements[get_node_info().get("unique_id", "")].append(sql)

    def open_connection(connection):
        connection.state, connection.handle = ConnectionState.OPEN, OfflineHandle()
        return connection

    def execute(sql, auto_begin=False, fetch=False, limit=None):
        note(sql)
        return AdapterResponse("OK"), empty_table()

    def column_schema(sql):
        note(sql)
        return []

    kind = type(adapter)
    kind.ConnectionManager.open = staticmethod(open_connection)
    for name, answer in {
        "execute": execute,
        "get_column_schema_from_query": column_schema,
        "get_relation": lambda *a, **k: None,
        "list_relations_without_caching": lambda *a, **k: [],
        "list_schemas": lambda *a, **k: [],
        "create_schema": lambda *a, **k: None,
        "drop_relation": lambda *a, **k: None,
        "rename_relation": lambda *a, **k: None,
        "get_columns_in_relation": lambda *a, **k: [],
        "pre_model_hook": lambda *a, **k: None,
        "post_model_hook": lambda *a, **k: None,
        "cleanup_connections": lambda *a, **k: None,
    }.items():
        setattr(adapter, name, answer)
    manager = adapter.connections
    for name in (
        "begin",
        "commit",
        "commit_if_has_connection",
        "cancel_open",
        "cleanup_all",
        "add_begin_query",
        "add_commit_query",
    ):
        if hasattr(manager, name):
            setattr(manager, name, lambda *a, **k: None)
    if adapter.type() == "databricks":
        kind.has_capability = kind.has_dbr_capability = lambda *a, **k: True
        kind.is_cluster = lambda *a, **k: False
        kind.compare_dbr_version = lambda *a, **k: 1
    if adapter.type() == "bigquery":
        kind.is_replaceable = lambda *a, **k: True


def run_dbt(arguments: list[str], manifest=None) -> tuple[list, list[str]]:
    """The node results of a dbt command, and what went wrong."""
    from dbt.cli.main import dbtRunner

    with thrifty():
        outcome = dbtRunner(manifest=manifest).invoke(arguments)
    results = getattr(outcome.result, "results", [])
    errors = [f"{r.node.unique_id}: {r.message}" for r in results if r.status in ("error", "fail")]
    if not outcome.success and not errors:
        errors = [str(outcome.exception or "dbt failed without a message")]
    return results, errors


def go_offline(statements: dict[str, list[str]]) -> None:
    """Make dbt register its adapters without a connection."""
    os.environ.update(CREDENTIALS)
    # dbt-spark imports pyspark to check that it is there; compiling uses nothing of it.
    sys.modules.setdefault("pyspark", types.ModuleType("pyspark"))

    from dbt.adapters import factory

    register = factory.FACTORY.register_adapter

    def register_offline(*arguments, **options):
        register(*arguments, **options)
        disconnect(factory.FACTORY.adapters[arguments[0].credentials.type], statements)

    factory.FACTORY.register_adapter = register_offline


def compile_project(target: str, profiles: Path, work: Path, project: Path, statements: dict[str, list[str]]) -> dict:
    """Compile every data test, and compile and "run" every model and function, of one project."""
    from dbt.cli.main import dbtRunner

    common = [
        *("--project-dir", str(project), "--profiles-dir", str(profiles), "--target", target, "--vars", VARIABLES),
        *("--target-path", str(work / "target"), "--log-path", str(work), "--no-write-json"),
        *("--threads", "1", "--log-level", "none", "--log-level-file", "none", "--quiet"),
    ]
    with thrifty():
        parsed = dbtRunner().invoke(["parse", *common])
    if not parsed.success:
        return {"nodes": {}, "statements": {}, "errors": [str(parsed.exception)]}
    offline = ["--no-populate-cache", "--full-refresh"]
    tests, test_errors = [], []
    if any(node.resource_type == "test" for node in parsed.result.nodes.values()):
        tests, test_errors = run_dbt(
            ["compile", *common, *offline, "--no-introspect", "--select", "resource_type:test"], parsed.result
        )
    statements.clear()
    build = ["build", "--resource-type", "model", "--resource-type", "function"]
    models, model_errors = run_dbt([*build, *common, *offline], parsed.result)
    nodes = {
        r.node.unique_id: {"sql": r.node.compiled_code, "type": r.node.resource_type, "path": r.node.original_file_path}
        for r in [*tests, *models]
        if r.node.compiled_code
    }
    return {"nodes": nodes, "statements": dict(statements), "errors": test_errors + model_errors}


def main(profiles_file: Path, work: Path, targets: list[str], projects: dict[str, str]) -> None:
    """Compile all in one process: importing dbt and its adapters takes as long as compiling with them."""
    work.mkdir(parents=True, exist_ok=True)
    shutil.copy(profiles_file, work / "profiles.yml")
    statements: dict[str, list[str]] = defaultdict(list)
    go_offline(statements)
    for target in targets:
        compiled = {
            name: compile_project(target, work, work / target / name, Path(project), statements)
            for name, project in projects.items()
        }
        (work / f"{target}.json").write_text(json.dumps(compiled))


if __name__ == "__main__":
    named = dict(argument.split("=", 1) for argument in sys.argv[4:])
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].split(","), named)
