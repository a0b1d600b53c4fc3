"""The comparison of engines can fail: on a cent, a null, a float, a row too many, and on tables that came out empty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.portability.canonical import hash_of, lines_of, text_of
from tests.portability.comparison import Comparison, compare, compared_tables, must_be_equal

SAME = [
    (Decimal("12.50"), Decimal("12.5")),
    (Decimal("1E+2"), 100),
    (Decimal("-0.00"), 0),
    (datetime(2026, 1, 1, 12), datetime(2026, 1, 1, 12, tzinfo=UTC)),
]
DIFFERENT = [
    (None, ""),
    (None, 0),
    (0, False),
    (1, "1"),
    (12, 12.0),
    (date(2026, 1, 1), datetime(2026, 1, 1)),
    ("a", "A"),
]


def compared(here: list[tuple[Any, ...]], there: list[tuple[Any, ...]]) -> Comparison:
    result = Comparison("other")
    result.add("t", lines_of(["a", "b"], here), lines_of(["A", "B"], there))
    return result


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_value_has_one_text(one: Any, other: Any) -> None:
    assert text_of(one) == text_of(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_values_have_two_texts(one: Any, other: Any) -> None:
    assert text_of(one) != text_of(other)


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    one, other = lines_of(["a", "b"], [(1, "x"), (2, "y")]), lines_of(["b", "a"], [("y", 2), ("x", 1)])
    assert hash_of(one) == hash_of(other)


def test_a_text_cannot_look_like_two_values() -> None:
    assert lines_of(["a", "b"], [("x\ty", "z")]) != lines_of(["a", "b"], [("x", "y\tz")])


def test_a_cent_is_found_and_its_rows_are_shown() -> None:
    found = compared([(1, 100), (2, 200)], [(1, 100), (2, 201)]).differences["t"]
    assert found[-2:] == ["only on DuckDB: 2\t200", "only on other: 2\t201"]


def test_a_row_twice_is_found() -> None:
    assert compared([(1, 1)], [(1, 1), (1, 1)]).differences["t"][-1] == "only on other: 1\t1"


def test_a_table_that_came_out_empty_is_found() -> None:
    assert compared([(1, 1)], []).differences["t"] == ["empty there, 1 rows on DuckDB"]


def test_too_little_to_compare_is_a_failure() -> None:
    with pytest.raises(AssertionError, match="too little"):
        must_be_equal(compared([], []))


def test_every_difference_is_reported_and_fails() -> None:
    with pytest.raises(AssertionError, match="only on other: 1\t2"):
        must_be_equal(compared([(1, 1)], [(1, 2)]))


def test_fingerprints_and_the_log_are_left_out_and_nothing_else() -> None:
    with duckdb.connect() as source:
        for name in ("inputs.a", "engine.contract_fingerprints", "reports.audit_log", "close.d", "raw_x.e", "ops.f"):
            source.execute(f"create schema if not exists {name.split('.')[0]}")
            source.execute(f"create table {name} (x integer)")
        asked = compared_tables(source)
        assert asked == [("close", "d"), ("inputs", "a")]
        result = compare("other", source, asked, lambda schema, table: ["x"])
    assert (result.differences, result.empty, len(result.hashes)) == ({}, 2, 2)
