"""What dbt would do for nobody: make events that none reads, search all for garbage, wrap macros again and again.

Each part here stands in for one of dbt's own for the time of a command, and gives what that gives.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

# The manifest and dbt itself are a million objects that stay: not to be searched for garbage at every node.
# A rendered node leaves thousands in cycles, so that a search for every 700 is too often, and one for 50,000 too slow.
_THRESHOLDS = (10_000, 5, 10)
# Blanks and comments before a statement, and the `with` it may begin with.
_HEAD = re.compile(r"(?:\s+|--[^\n]*|/\*.*?\*/)*(?:with\b(?:\s+recursive\b)?\s*)?", re.IGNORECASE | re.DOTALL)
# What Jinja made of a text; the next command of the process renders the same ones.
_compiled: dict[tuple[Any, ...], Any] = {}


@contextlib.contextmanager
def thrifty() -> Iterator[None]:
    """For the time of a dbt command: what dbt does is done once, and what nobody reads is not done."""
    from dbt import compilation
    from dbt.adapters.base import BaseAdapter
    from dbt.context import base, macros
    from dbt_common.clients import agate_helper
    from dbt_common.clients.jinja import MacroFuzzEnvironment
    from dbt_common.events import event_manager_client
    from dbt_common.events.base_types import BaseEvent
    from sqlparse import sql, tokens

    before = gc.get_threshold()
    event_manager_client.ctx_set_event_manager(_events())
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    try:
        with contextlib.ExitStack() as stead:
            for owner, name, value in (
                (macros.MacroNamespaceBuilder, "build_namespace", _namespace_builder()),
                (MacroFuzzEnvironment, "compile", _once_a_text(MacroFuzzEnvironment.compile)),
                (compilation, "sqlparse", SimpleNamespace(parse=_head_parsed, sql=sql, tokens=tokens)),
                (compilation.Linker, "add_test_edges", _add_test_edges),
                (compilation.Linker, "find_cycles", _sought_if_there(compilation.Linker.find_cycles)),
                (base, "get_context_modules", functools.cache(base.get_context_modules)),
                (agate_helper, "empty_table", functools.cache(agate_helper.empty_table)),
                (agate_helper, "build_type_tester", _once_a_set(agate_helper.build_type_tester)),
                (BaseAdapter, "_make_match", _of_that_name(BaseAdapter._make_match)),
                *((BaseEvent, name, method) for name, method in _made_when_read(BaseEvent).items()),
            ):
                stead.enter_context(_instead(owner, name, value))
            yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextlib.contextmanager
def _instead(owner: Any, name: str, value: Any) -> Iterator[None]:
    own = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, own)


def _events() -> Any:
    """dbt's event manager; it makes a message of each event, but not of a debug event that has no log to go to."""
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.event_manager import EventManager

    class Events(EventManager):
        def fire_event(self, e: Any, level: Any = None, *arguments: Any, **named: Any) -> None:
            if self.loggers or (level or e.level_tag()) != EventLevel.DEBUG:
                super().fire_event(e, level, *arguments, **named)

    return Events()


def _once_a_text(compile_text: Any) -> Any:
    """Jinja's `compile` of an environment, which is like every other of its class but for what is undefined."""

    def compiled(self: Any, *arguments: Any) -> Any:
        key = (type(self), *arguments)
        if key not in _compiled:
            _compiled[key] = compile_text(self, *arguments)
        return _compiled[key]

    return compiled


def _head_parsed(text: str) -> tuple[Any, ...]:
    """sqlparse's `parse` for one who looks for the `with` a statement begins with: what follows it is one token."""
    from sqlparse import lexer, sql, tokens

    head = _HEAD.match(text)[0]  # type: ignore[index]  # it matches nothing, too
    parts = [*lexer.tokenize(head), (tokens.Text, text[len(head) :])]
    return (sql.Statement([sql.Token(kind, value) for kind, value in parts]),)


def _once_a_set(build_type_tester: Any) -> Any:
    """`build_type_tester`, once for each set of columns that are text: it reads a calendar's words for every result."""

    @functools.cache
    def built(text_columns: frozenset[str], null_values: Any) -> Any:
        return build_type_tester(text_columns, null_values)

    def tester(text_columns: Any, string_null_values: Any = ("null", "")) -> Any:
        return built(frozenset(text_columns), string_null_values and tuple(string_null_values))

    return tester


def _of_that_name(make_match: Any) -> Any:
    """An adapter's `_make_match` among the relations of a schema: only those whose name is that one, but for case."""

    def matched(self: Any, relations: Any, database: Any, schema: Any, identifier: Any) -> Any:
        if identifier is not None:
            quote = self.Relation.quote_character
            name = identifier.lower().strip(quote)
            relations = [one for one in relations if str(one.identifier).lower().strip(quote) == name]
        return make_match(self, relations, database, schema, identifier)

    return matched


def _sought_if_there(find_cycles: Any) -> Any:
    """A linker's `find_cycles`: from every node along all edges, only if no order of the nodes follows them."""
    import networkx

    def found(self: Any) -> Any:
        return None if networkx.is_directed_acyclic_graph(self.graph) else find_cycles(self)

    return found


def _add_test_edges(self: Any, manifest: Any) -> None:
    """A linker's own: a node waits for the tests of what is upstream of it, all of it. dbt asks each node for that and
    gives it an edge from every test; here those before it say so, and what they wait for needs no edge.
    """
    import networkx

    bits = {node: 1 << place for place, node in enumerate(self.graph)}
    tests = [
        (node.unique_id, sum(bits[one] for one in set(node.depends_on_nodes)))
        for node in manifest.nodes.values()
        if node.resource_type == "test" and node.depends_on_nodes
    ]
    upstream: dict[str, int] = {}
    awaited: dict[str, set[str]] = {}
    edges = []
    for node in networkx.topological_sort(self.graph):
        above, waits = 0, set()
        for one in self.graph.predecessors(node):
            above |= upstream[one] | bits[one]
            waits |= awaited[one]
        if node in manifest.nodes and manifest.nodes[node].resource_type != "test":
            new = [test for test, asked in tests if asked & above == asked and test not in waits]
            edges += [(test, node) for test in new]
            waits.update(new)
        upstream[node], awaited[node] = above, waits
    self.graph.add_edges_from(edges, edge_type="parent_test")


def _made_when_read(event: Any) -> dict[str, Any]:
    """Methods of an event: a debug event keeps what it is given, and is made of it when it is first read or written."""
    from dbt_common.events.base_types import EventLevel

    own_init, own_getattr, own_setattr = event.__init__, event.__getattr__, event.__setattr__

    def keep(self: Any, *arguments: Any, **named: Any) -> None:
        if self.level_tag() == EventLevel.DEBUG:
            self.__dict__["given"] = (arguments, named)
        else:
            own_init(self, *arguments, **named)

    def made(self: Any) -> Any:
        if "given" in self.__dict__:
            arguments, named = self.__dict__.pop("given")
            own_init(self, *arguments, **named)
        return self

    def read(self: Any, name: str) -> Any:
        return getattr(made(self), name) if "given" in self.__dict__ else own_getattr(self, name)

    def write(self: Any, name: str, value: Any) -> None:
        own_setattr(self if name == "pb_msg" else made(self), name, value)

    return {"__init__": keep, "__getattr__": read, "__setattr__": write}


def _namespace_builder() -> Any:
    """dbt's `build_namespace`: the same macros under the same names, but one object of each for all namespaces.

    A build has a namespace for every node and for most macros that Python calls, of all macros there are.
    """
    from dbt.clients.jinja import MacroGenerator
    from dbt.context.macros import MacroNamespace
    from jinja2 import pass_context

    bound_to = "_bound_to"
    known: dict[tuple[Any, ...], tuple[Any, MacroNamespace, dict[str, Any]]] = {}

    class Shared(MacroGenerator):
        """A macro; the template that calls it says for whom: its context, node and stack."""

        @pass_context
        def __call__(self, template_context: Any, *arguments: Any, **named: Any) -> Any:
            return MacroGenerator(self.macro, *template_context[bound_to])(*arguments, **named)

    class Namespace(dict[str, Any]):
        """Every name a template can say. What Python asks for is bound."""

        def __init__(self, names: dict[str, Any], packages: MacroNamespace, *bound: Any) -> None:
            super().__init__(names)
            self.packages = packages
            self[bound_to] = bound

        def get_from_package(self, package_name: str | None, name: str) -> Any:
            found = self.packages.get_from_package(package_name, name)
            return MacroGenerator(found.macro, *self[bound_to]) if isinstance(found, Shared) else found

    def build_namespace(self: Any, macros_by_package: dict[str, dict[str, Any]], context: dict[str, Any]) -> Any:
        counts = tuple(map(len, macros_by_package.values()))
        key = (id(macros_by_package), counts, self.search_package, self.root_package)
        if key not in known:
            packages = {
                package: {name: Shared(macro) for name, macro in macros.items()}
                for package, macros in macros_by_package.items()
            }
            internal = [packages.pop(package, {}) for package in reversed(self.internal_package_names_order)]
            searched = MacroNamespace(
                global_namespace=packages.get(self.root_package, {}),
                local_namespace=packages.get(self.search_package, {}),
                global_project_namespace={name: macro for macros in internal for name, macro in macros.items()},
                packages=packages,
            )
            # The first is kept so that its id stays its own.
            known[key] = macros_by_package, searched, dict(searched)
        _, searched, names = known[key]
        return Namespace(names, searched, context, self.node, self.thread_ctx)

    return build_namespace
