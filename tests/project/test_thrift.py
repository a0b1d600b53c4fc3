"""What stands in for parts of dbt while it runs gives what they give."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from dbt import compilation
from dbt.adapters.events.types import ConnectionUsed
from dbt.context import base, macros
from dbt_common.clients import agate_helper
from dbt_common.clients.jinja import MacroFuzzEnvironment
from dbt_common.events.base_types import BaseEvent
from dbt_common.events.types import Note

from orchestration import warehouse
from orchestration.thrift import thrifty

REPLACED = (
    (macros.MacroNamespaceBuilder, "build_namespace"),
    (compilation, "sqlparse"),
    (compilation.Linker, "find_cycles"),
    (base, "get_context_modules"),
    (agate_helper, "empty_table"),
    (MacroFuzzEnvironment, "compile"),
    (BaseEvent, "__init__"),
    (BaseEvent, "__getattr__"),
    (BaseEvent, "__setattr__"),
)


def compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The statements of a part of the project with ephemeral models, macros of every package and data tests."""
    monkeypatch.setenv("DBT_TARGET_PATH", str(folder))
    database = folder / "revrec.duckdb"
    with warehouse.writing(database):
        warehouse.dbt("compile", database=database, select=["0_inputs", "chk_entry_balances"])
    return {str(path.relative_to(folder)): path.read_text() for path in folder.glob("compiled/**/*.sql")}


def test_dbt_compiles_the_same_statements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = compiled(tmp_path / "fast", monkeypatch)
    monkeypatch.setattr(warehouse, "thrifty", contextlib.nullcontext)
    assert fast == compiled(tmp_path / "own", monkeypatch)
    assert len(fast) > 100
    assert sum("__dbt__cte__" in text for text in fast.values()) > 10


@pytest.mark.parametrize(
    "text",
    [
        "-- One row.\n/* with x */\nWITH recursive a as (select 1) select * from a",
        "with a as (select ';') select * from a",
        "select * from (with a as (select 1) select * from a)",
        "  select 1 as within",
    ],
)
def test_ephemeral_models_go_where_dbt_puts_them(text: str) -> None:
    ctes = [compilation.InjectedCTE(id="one", sql=" __dbt__cte__one as (select 2)")]
    own = compilation.inject_ctes_into_sql(text, ctes)
    with thrifty():
        assert compilation.inject_ctes_into_sql(text, ctes) == own


def test_a_debug_event_is_made_when_it_is_read_or_written() -> None:
    with thrifty():
        event = ConnectionUsed(conn_type="duckdb", conn_name="one")
        assert "pb_msg" not in event.__dict__
        assert event.message() == 'Using duckdb connection "one"'
        event = ConnectionUsed(conn_type="duckdb", conn_name="one")
        event.conn_name = "another"
        assert event.to_dict()["conn_name"] == "another"
        with pytest.raises(AttributeError):
            _ = event.nothing_of_it


def test_any_other_event_is_made_at_once() -> None:
    with thrifty():
        event = Note(msg="said")
    assert event.message() == "said"


def test_models_that_wait_for_each_other_are_found() -> None:
    linker = compilation.Linker()
    for one, other in (("b", "a"), ("c", "b"), ("d", "c")):
        linker.dependency(one, other)
    own = linker.find_cycles()
    with thrifty():
        assert linker.find_cycles() is own is None
        linker.dependency("b", "d")
        found = linker.find_cycles()
    assert found == linker.find_cycles() == "b --> c --> d"


def test_dbt_is_left_as_it_was() -> None:
    before = [getattr(owner, name) for owner, name in REPLACED]
    with contextlib.suppress(ZeroDivisionError), thrifty():
        assert all(getattr(owner, name) is not own for (owner, name), own in zip(REPLACED, before, strict=True))
        _ = 1 / 0
    assert [getattr(owner, name) for owner, name in REPLACED] == before
