"""Rows of a query as dictionaries, and amounts that survive JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Row = dict[str, Any]


def rows(connection: Any, query: str, parameters: dict[str, Any] | None = None) -> list[Row]:
    """Every row, by column name."""
    found = connection.execute(query, parameters or {})
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def has_table(connection: Any, schema: str, table: str) -> bool:
    """Whether a table or view is there."""
    [[found]] = connection.execute(
        "select count(*) > 0 from information_schema.tables where table_schema = $schema and table_name = $table",
        {"schema": schema, "table": table},
    ).fetchall()
    return bool(found)


def period_name(number: int) -> str:
    """'2026-03' of a period number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def plain(value: Any) -> Any:
    """The same for JSON: amounts as decimal strings, dates and moments as text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, int | float | str | None) else str(value)
