"""fakesnow's server: Snowflake's protocol, its dialect translated to DuckDB. A test double, not Snowflake.

    python tests/portability/engines/snowflake_server.py <port>

Runs in the engine's own environment. What it lacks and our statements need is added here, each with its reason; none of
it changes what our text means on Snowflake.
"""

from __future__ import annotations

import re
import sys
import textwrap
from typing import Any

import duckdb
import fakesnow.arrow
import fakesnow.cursor
import fakesnow.server
import fakesnow.transforms
import pyarrow as pa
import uvicorn
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.transforms import transforms
from snowflake.connector.errors import Error, ProgrammingError
from sqlglot import exp

FUNCTION = re.compile(
    r"^\s*(?:/\*.*?\*/\s*)?create\s+or\s+replace\s+function\s+(?P<name>[\w.\"]+)\s*\((?P<arguments>.*?)\)\s*"
    r"returns\s+string\b.*?\bhandler\s*=\s*'(?P<handler>\w+)'.*?\bas\s*(?P<quote>\$\$|')(?P<body>.*)(?P=quote)",
    re.IGNORECASE | re.DOTALL,
)
NO_OP = re.compile(r"^\s*(/\*.*?\*/\s*)?(comment\s+(if\s+exists\s+)?on\b|alter\s+session\b)", re.IGNORECASE | re.DOTALL)
# dbt puts its temporary views into the model's schema, where DuckDB has none; dbt drops them when it has read them.
TEMPORARY = re.compile(
    r"^(\s*(?:/\*.*?\*/\s*)?create\s+(?:or\s+replace\s+)?)temp(?:orary)?\s+(?=table\b|view\b)",
    re.IGNORECASE | re.DOTALL,
)
SUCCESS = "select 'Statement executed successfully.' as status"
own_execute = FakeSnowflakeCursor.execute
own_describe = FakeSnowflakeCursor._describe_last_sql
own_transform = FakeSnowflakeCursor._transform
own_integers = transforms.integer_precision
own_moments = fakesnow.arrow.timestamp_to_sf_struct


def refused(error: Exception) -> ProgrammingError:
    """What a server says. Anything else becomes an HTTP 500, which the connector repeats for minutes."""
    return ProgrammingError(msg=f"{type(error).__name__}: {error}", errno=2043, sqlstate="02000")


def create_function(connection: duckdb.DuckDBPyConnection, found: re.Match[str]) -> None:
    """Run the body that was sent, as Snowflake does; fakesnow would keep it as a text. All arguments are strings."""
    arguments = [argument.split()[0] for argument in found["arguments"].split(",")]
    namespace: dict[str, Any] = {"__name__": "__function__"}
    exec(compile(textwrap.dedent(found["body"]), found["name"], "exec", dont_inherit=True), namespace)  # noqa: S102
    registered = f"__py_{found['handler']}"
    present = connection.execute("select 1 from duckdb_functions() where function_name = ?", [registered]).fetchall()
    if not present:
        types = ["VARCHAR"] * len(arguments)
        connection.create_function(registered, namespace[found["handler"]], types, "VARCHAR", null_handling="special")
    listed = ", ".join(arguments)
    connection.execute(f"create or replace macro {found['name']}({listed}) as {registered}({listed})")


def execute(self: FakeSnowflakeCursor, command: str, params: Any = None, *rest: Any, **options: Any) -> Any:
    try:
        function = FUNCTION.match(command)
        if function:
            create_function(self._duck_conn, function)
        if function or NO_OP.match(command):
            command, params = SUCCESS, None
        command = TEMPORARY.sub(r"\1", command)
        return own_execute(self, command, params, *rest, **options)
    except Error:
        raise
    except Exception as error:
        raise refused(error) from error


def describe(self: FakeSnowflakeCursor) -> list[Any]:
    try:
        return own_describe(self)
    except Error:
        raise
    except Exception as error:
        raise refused(error) from error


def leaves_no_remainder(node: exp.Expr) -> bool:
    above = node.this.unnest()
    return isinstance(above, exp.Sub) and isinstance(above.expression.unnest(), exp.Mod)


def exact(node: exp.Expr) -> exp.Expr:
    """Snowflake computes these with whole numbers; DuckDB would go through a double, or does not have them.

    (a - mod(a, b)) / b is a whole number; to_number(…, 'XX…') reads hexadecimal digits.
    """
    if isinstance(node, exp.Div) and leaves_no_remainder(node):
        return exp.IntDiv(this=node.this, expression=node.expression)
    if isinstance(node, exp.ToNumber) and "X" in node.text("format"):
        return exp.cast(exp.DPipe(this=exp.Literal.string("0x"), expression=node.this, safe=True), "bigint")
    return node


def transform(self: FakeSnowflakeCursor, expression: exp.Expr, params: Any) -> exp.Expr:
    return own_transform(self, expression.transform(exact), params)


def name_only(node: exp.Expr) -> exp.Expr:
    """fakesnow sums in double precision, Snowflake exactly: keep only the name that fakesnow gives the column."""
    if isinstance(node, exp.Sum) and isinstance(node.parent, exp.Select):
        name = transforms._numeric_agg_col_name(node, node.this)
        return exp.alias_(node, name, quoted=True) if name else node
    return node


def wide(node: exp.Expr) -> exp.Expr:
    """number(38, 0) has 38 digits, where fakesnow makes it 64 bits."""
    if isinstance(node, exp.DataType) and node.expressions == transforms.NUMBER_38_0:
        return exp.DataType(this=exp.DataType.Type.INT128)
    return own_integers(node)


def with_nulls(moments: Any) -> pa.Array:
    """fakesnow sends a missing moment as 1970."""
    column = moments.combine_chunks() if isinstance(moments, pa.ChunkedArray) else moments
    sent = own_moments(column.fill_null(pa.scalar(0, column.type)))
    return pa.StructArray.from_arrays(sent.flatten(), fields=list(sent.type), mask=column.is_null())


def main(port: int) -> None:
    FakeSnowflakeCursor.execute = execute
    FakeSnowflakeCursor._describe_last_sql = describe
    FakeSnowflakeCursor._transform = transform
    fakesnow.transforms.numeric_agg_implicit_cast = name_only
    fakesnow.transforms.integer_precision = wide
    fakesnow.arrow.timestamp_to_sf_struct = with_nulls
    uvicorn.run(fakesnow.server.app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]))
