"""dbt-duckdb plugin: registers every Python function of python_udfs/functions on the connection.

DuckDB has no CREATE FUNCTION for Python. A function `f` is therefore registered as `__py_f`, and its dbt node creates
a SQL macro `f` that calls it, so that models say `f(...)` on every warehouse. The macro stays in the database file and
works only where this plugin is loaded: materialise what it returns as tables.
"""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml
from dbt.adapters.duckdb.plugins import BasePlugin

FUNCTIONS = Path(__file__).parent / "functions"
ARROW_TYPES = {"string": pa.string(), "bigint": pa.int64(), "date": pa.date32(), "boolean": pa.bool_()}


def python_functions(folder: Path = FUNCTIONS) -> Iterator[tuple[dict[str, Any], Callable[..., Any]]]:
    """The declaration and the callable of each Python function that the folder declares, in file order."""
    for properties in sorted(folder.glob("*.yml")):
        for declared in (yaml.safe_load(properties.read_text(encoding="utf-8")) or {}).get("functions", []):
            source = folder / f"{declared['name']}.py"
            if not source.exists():  # a function in SQL
                continue
            spec = importlib.util.spec_from_file_location(f"revrec_udf_{source.stem}", source)
            if spec is None or spec.loader is None:
                raise ImportError(f"cannot load {source}")
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            yield declared, getattr(module, declared["config"]["entry_point"])


def vectorised(scalar: Callable[..., Any], returns: pa.DataType) -> Callable[..., pa.Array]:
    """A function of Arrow columns that calls `scalar` for each row."""

    def batch(*columns: pa.ChunkedArray) -> pa.Array:
        rows = zip(*(column.to_pylist() for column in columns), strict=True)
        return pa.array([scalar(*row) for row in rows], type=returns)

    # DuckDB takes the number of arguments from the signature.
    batch.__signature__ = inspect.signature(scalar)  # type: ignore[attr-defined]
    return batch


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Register the functions, except those the database instance has from another connection of this process."""
    query = "select function_name from duckdb_functions() where starts_with(function_name, '__py_')"
    present = {name for (name,) in connection.execute(query).fetchall()}
    for declared, scalar in python_functions():
        name = f"__py_{declared['name']}"
        if name in present:
            continue
        arguments = [argument["data_type"] for argument in declared["arguments"]]
        returns = declared["returns"]["data_type"]
        batch = vectorised(scalar, ARROW_TYPES[returns])
        connection.create_function(name, batch, arguments, returns, type="arrow", null_handling="special")


class Plugin(BasePlugin):
    """What dbt-duckdb looks for in this module."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        register(conn)
