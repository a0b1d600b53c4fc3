"""Bytes that are no text, in a file or in its name, are a rejection that a person can act on; the rest is loaded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestration.defs.ingest import file_drop
from tests.faults import prepared_books
from tests.ingesting import rows

HEADER = b"customer_id,customer_name,entity_id\n"
GOOD = b"c9,Nine,acme\n"
BAD = {
    "a NUL": (b"c1,a\x00b,acme\n", "control characters"),
    "an escape": (b"c1,a\x1b[31mb,acme\n", "control characters"),
    "bytes that are not UTF-8": (b"c1,a\xff\xfeb,acme\n", "not UTF-8"),
    "half a character": (b"c1,\xf0\x9f\x91,acme\n", "not UTF-8"),
    "a surrogate": (b"c1,\xed\xa0\x80,acme\n", "not UTF-8"),
    "a quotation mark that does not end": (b'c1,"a,acme\n', "quotation marks"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_line_that_is_no_text_is_rejected_alone(kind: str, tmp_path: Path) -> None:
    line, reason = BAD[kind]
    inputs = prepared_books.write_inputs(tmp_path / "inputs", {"entities": prepared_books.TABLES["entities"]})
    (inputs / "customers.csv").write_bytes(HEADER + GOOD + line)
    file_drop.load(inputs, tmp_path / "books.duckdb")
    found = rows(tmp_path / "books.duckdb", "select table_name, line, reason from raw_file_drop.rejected_rows")
    assert [(table, number) for table, number, _ in found] == [("customers", 3)] and reason in found[0][2]
    assert rows(tmp_path / "books.duckdb", "select customer_id from raw_file_drop.customers") == [("c9",)]


@pytest.mark.parametrize(
    "name", [b"bad\xff.csv", b"it's; drop table x; --.csv", b"\x1b[31m.csv", "👩‍👩‍👧{{ 1 }}.csv".encode()]
)
def test_a_file_whose_name_is_no_text_is_reported_and_the_others_are_read(name: bytes, tmp_path: Path) -> None:
    inputs = prepared_books.write_inputs(tmp_path / "inputs", {"entities": prepared_books.TABLES["entities"]})
    (inputs / os.fsdecode(name)).write_bytes(HEADER)
    file_drop.load(inputs, tmp_path / "books.duckdb")
    [(reason,)] = rows(tmp_path / "books.duckdb", "select reason from raw_file_drop.rejected_rows")
    assert reason.startswith("no table of the input layer is named ")
    assert rows(tmp_path / "books.duckdb", "select count(*) from raw_file_drop.entities") == [(2,)]
    assert file_drop.load(inputs, tmp_path / "books.duckdb").tables == [], "it is the same folder"
