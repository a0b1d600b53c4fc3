"""What stands in for parts of dbt while it runs gives what they give."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import SimpleNamespace

import networkx
import pytest
from dbt import compilation
from dbt.adapters.base import BaseAdapter, BaseRelation
from dbt.adapters.events.types import ConnectionUsed
from dbt.adapters.exceptions import ApproximateMatchError
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
    (compilation.Linker, "add_test_edges"),
    (compilation.Linker, "find_cycles"),
    (base, "get_context_modules"),
    (agate_helper, "empty_table"),
    (agate_helper, "build_type_tester"),
    (BaseAdapter, "_make_match"),
    (MacroFuzzEnvironment, "compile"),
    (BaseEvent, "__init__"),
    (BaseEvent, "__getattr__"),
    (BaseEvent, "__setattr__"),
)

ORDER = ("database", "schema", "identifier")


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


@pytest.mark.parametrize(
    "row", [("1", 2, "null", ""), (None, "2026-01-31", "true", "x"), (1.5, 1, None, "2026-01-31 10:00:00")]
)
def test_results_have_the_types_dbt_gives_them(row: tuple[object, ...]) -> None:
    def table() -> tuple[list[str], list[tuple[object, ...]]]:
        made = agate_helper.table_from_data_flat([dict(zip("abcd", row, strict=True))], list("abcd"))
        return [type(one).__name__ for one in made.column_types], [tuple(one) for one in made.rows]

    own = table()
    with thrifty():
        assert [table(), table()] == [own, own]


@pytest.mark.parametrize("name", ["orders", "Orders", "lines", "none", None])
def test_a_relation_is_found_as_dbt_finds_it(name: str | None) -> None:
    """The same relations, and the same refusal of one that differs only in case."""
    adapter = SimpleNamespace(
        Relation=BaseRelation, _make_match_kwargs=lambda *names: dict(zip(ORDER, names, strict=True))
    )
    known = [BaseRelation.create(database="d", schema="s", identifier=one) for one in ("orders", "lines", "LINES2")]

    def found() -> object:
        try:
            return BaseAdapter._make_match(adapter, known, "d", "s", name)
        except ApproximateMatchError as error:
            return str(error)

    own = found()
    with thrifty():
        assert found() == own
    assert bool(own) is (name != "none")


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


def test_every_node_waits_for_the_tests_it_waits_for_in_dbt() -> None:
    parsed, awaited = warehouse.manifest(warehouse.database_path("revrec.duckdb")), []
    parsed.build_parent_and_child_maps()
    for how in (contextlib.nullcontext, thrifty):
        linker, above = compilation.Linker(), {}
        linker.link_graph(parsed)
        with how():
            linker.add_test_edges(parsed)
        for node in networkx.topological_sort(linker.graph):
            before = list(linker.graph.predecessors(node))
            above[node] = frozenset(before).union(*(above[one] for one in before))
        awaited.append(above)
    assert awaited[0] == awaited[1]
    assert sum(one.startswith("test.") for one in above["model.revrec.trial_balance"]) > 100


def test_dbt_is_left_as_it_was() -> None:
    before = [getattr(owner, name) for owner, name in REPLACED]
    with contextlib.suppress(ZeroDivisionError), thrifty():
        assert all(getattr(owner, name) is not own for (owner, name), own in zip(REPLACED, before, strict=True))
        _ = 1 / 0
    assert [getattr(owner, name) for owner, name in REPLACED] == before
