"""The comparison of engines can fail: on a cent, a null, a float, a row too many, and on tables that came out empty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from orchestration.audit import row_hash
from tests.portability.canonical import hash_of, lines_of, text_of
from tests.portability.comparison import Comparison, compare, must_be_chained, must_be_equal

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
    result.add("t", lines_of("t", ["a", "b"], here), lines_of("t", ["A", "B"], there))
    return result


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_value_has_one_text(one: Any, other: Any) -> None:
    assert text_of(one) == text_of(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_values_have_two_texts(one: Any, other: Any) -> None:
    assert text_of(one) != text_of(other)


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    one, other = lines_of("t", ["a", "b"], [(1, "x"), (2, "y")]), lines_of("t", ["b", "a"], [("y", 2), ("x", 1)])
    assert hash_of(one) == hash_of(other)


def test_a_text_cannot_look_like_two_values() -> None:
    assert lines_of("t", ["a", "b"], [("x\ty", "z")]) != lines_of("t", ["a", "b"], [("x", "y\tz")])


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


def test_all_but_the_raw_tables_is_compared() -> None:
    with duckdb.connect() as source:
        for name in ("inputs.a", "engine.contract_fingerprints", "reports.audit_log", "raw_x.e", "ops.f"):
            source.execute(f"create schema if not exists {name.split('.')[0]}")
            source.execute(f"create table {name} (x integer)")
        result = compare("other", source, lambda schema, table: ["x"])
    assert list(result.hashes) == ["engine.contract_fingerprints", "inputs.a", "ops.f", "reports.audit_log"]
    assert (result.differences, result.empty, result.public) == ({}, 4, 1)


def test_of_what_an_engine_makes_of_its_own_it_counts_that_it_is_there() -> None:
    columns, one, other = ["contract_key", "fingerprint", "posted_at"], (1, 17, datetime(2026, 1, 1)), (1, 4, "later")
    assert lines_of("t", columns, [one]) == lines_of("t", columns, [other])
    assert lines_of("t", columns, [one]) != lines_of("t", columns, [(1, None, "later")])
    assert lines_of("t", ["content_hash"], [("1:2",)]) != lines_of("t", ["content_hash"], [("1:3",)])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("acme:ASC606:2026-01:0123abcd", "acme:ASC606:2026-01:ffffffff", True),
        ("acme:ASC606:2026-01:0123abcd", "acme:ASC606:2026-02:0123abcd", False),
        ("posted in 2026-01, content 12:34", "posted in 2026-01, content 5:6", True),
        ("posted in 2026-01, content 12:34", "posted in 2026-02, content 12:34", False),
        ("5e0c1b1e-0000-4000-8000-0123456789ab", "ffffffff-0000-4000-8000-0123456789ab", True),
        ("12:34", "12:35", False),
    ],
)
def test_a_run_has_a_name_of_its_own_and_everything_else_counts(one: str, other: str, same: bool) -> None:
    assert (text_of(one) == text_of(other)) is same


def a_log() -> list[dict[str, Any]]:
    texts = ("at_text", "actor", "login", "action", "object_type", "object_id", "entity_id", "book")
    row = dict.fromkeys((*texts, "value_before", "value_after", "reason"))
    log: list[dict[str, Any]] = []
    for seq in range(1, 11):
        linked = {**row, "seq": seq, "actor": "Ada", "previous_hash": log[-1]["row_hash"] if log else None}
        log.append({**linked, "row_hash": row_hash(linked)})
    return log


def test_a_chain_holds_until_a_row_says_something_else() -> None:
    must_be_chained(a_log())
    with pytest.raises(AssertionError):
        must_be_chained([{**row, "actor": "Eve"} if row["seq"] == 5 else row for row in a_log()])
    with pytest.raises(AssertionError):
        must_be_chained([row for row in a_log() if row["seq"] != 5])
