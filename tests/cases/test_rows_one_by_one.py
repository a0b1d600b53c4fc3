"""Every public table is read row by row, as BI tools and notebooks do: a plan that waits for itself would never end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

READ = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True, config={"threads": int(sys.argv[2])})
connection.execute("set enable_progress_bar = false")
connection.execute("set streaming_buffer_size = '1KB'")
tables = "select table_schema, table_name from information_schema.tables where table_schema = 'reports' order by all"
for schema, table in connection.execute(tables).fetchall():
    cursor = connection.execute(f"from {schema}.{table}")
    count = sum(len(rows) for rows in iter(lambda: cursor.fetchmany(1000), []))
    print(table, count, flush=True)
"""


@pytest.mark.parametrize("threads", [1, 2])
def test_every_public_table_is_read_to_its_end(built: Path, threads: int) -> None:
    """In a process of its own: what DuckDB waits for so cannot be interrupted."""
    command = [sys.executable, "-c", READ, str(built), str(threads)]
    try:
        read = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True).stdout
    except subprocess.TimeoutExpired as waiting:
        pytest.fail(f"stopped after {(waiting.stdout or b'').decode().splitlines()[-1:]}")
    counts = {table: int(count) for table, count in (line.split() for line in read.splitlines())}
    assert counts["daily_recognition"] > 10_000 and counts["journal_lines"] > 1_000 and len(counts) >= 12
