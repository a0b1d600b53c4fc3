"""Canonical content of the public tables, to say that two databases hold the same to the byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb


def contents(database: Path) -> dict[str, tuple[int, str]]:
    """Rows and a hash of the sorted rows, by public table; the audit log grows with every build, so it is left out."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute(
            """
            select table_name
            from information_schema.tables
            where table_schema = 'reports' and table_name <> 'audit_log'
            order by table_name
            """
        ).fetchall()
        found = {}
        for (name,) in names:
            rows = sorted(repr(row) for row in connection.execute(f'select * from reports."{name}"').fetchall())  # noqa: S608
            found[name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
        return found


def changed_contracts(database: Path) -> int:
    """How many contracts the last build computed anew."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute("select count(*) from engine.changed_contracts").fetchall()[0][0]
