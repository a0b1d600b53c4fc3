"""Appending to raw tables: a version of an object is stored when it differs from the last one stored, and never twice.

The warehouse is the only memory. What an object looked like is asked from the raw table, and how far a system was read
is in dlt's state, which dlt stores with the rows it belongs to. So a run that is repeated appends nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import dlt
import pyarrow as pa
from dlt.destinations.exceptions import DatabaseUndefinedRelation
from dlt.extract import DltResource

from orchestration.defs.ingest.columns import DRIFT, Drift, Kind, Object, Row, Table, content_hash

Marks = dict[str, Any]
Progress = Callable[[str], None]

_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.decimal128(28, 9),
    Kind.FLAG: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.MOMENT: pa.timestamp("us"),
}
# Ids asked for in one statement.
_BATCH = 1000


def silent(_: str) -> None:
    """No progress is reported."""


@dataclass(frozen=True)
class Page:
    """Objects of a vendor. The last page of a reading carries the marks: how far it came."""

    objects: list[Object]
    marks: Marks | None = None


@dataclass
class Run:
    """One reading of one system: what it found, and what it already stored.

    loaded_at: UTC without offset. read, appended: objects seen and versions stored, by table; rejected: versions with a
    value that cannot be read.
    """

    system: str
    loaded_at: dt.datetime
    progress: Progress = silent
    read: dict[str, int] = field(default_factory=dict)
    appended: dict[str, int] = field(default_factory=dict)
    drift: dict[tuple[str, str, str, str], Drift] = field(default_factory=dict)
    rejected: int = 0
    _stored: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    _first: dict[str, bool] = field(default_factory=dict)
    _empty: dict[str, bool] = field(default_factory=dict)
    _client: Any = None

    @classmethod
    def now(cls, system: str, progress: Progress = silent, loaded_at: dt.datetime | None = None) -> Run:
        return cls(system, loaded_at or dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0), progress)

    def marks(self, tables: Iterable[Table]) -> Marks | None:
        """How far all of these tables have come: the least of each mark; None when one was never read."""
        states = [dlt.current.resource_state(table.name) for table in tables]
        for table, state in zip(tables, states, strict=True):
            self._first.setdefault(table.name, "marks" not in state)
        if any("marks" not in state for state in states):
            return None
        return {name: min(state["marks"][name] for state in states) for name in states[0]["marks"]}

    def is_first(self, table: Table) -> bool:
        """Whether this run is the first to read the table, so that it holds the time before the books."""
        return self._first.get(table.name, False)

    def note(self, drift: Drift) -> None:
        self.drift.setdefault((drift.table, drift.field, drift.kind, drift.observed), drift)

    def new_versions(self, table: Table, rows: Iterable[Row]) -> list[Row]:
        """The rows whose content is not the last one stored, with version and dates."""
        rows = list(rows)
        self.read[table.name] = self.read.get(table.name, 0) + len(rows)
        self._recall(table, [row["id"] for row in rows])
        new = []
        for row in rows:
            key, content = (table.name, row["id"]), content_hash(row, table.unhashed)
            version, last = self._stored.get(key, (0, ""))
            if content == last:
                continue
            self._stored[key] = (version + 1, content)
            before_books = not version and self.is_first(table) and row.get(table.created)
            new.append(
                row
                | {
                    "_version": version + 1,
                    "_content_hash": content,
                    "_recorded_at": row[table.created] if before_books else self.loaded_at,
                    "_loaded_at": self.loaded_at,
                }
            )
        self.appended[table.name] = self.appended.get(table.name, 0) + len(new)
        self.rejected += sum(row["_rejected_reason"] is not None for row in new)
        return new

    def _recall(self, table: Table, ids: list[str]) -> None:
        """Looks up the last stored version of those ids that this run has not met yet."""
        unknown = sorted({one for one in ids if (table.name, one) not in self._stored})
        if not unknown or self._empty.get(table.name):
            return
        self._client = self._client or dlt.current.pipeline().sql_client()
        with self._client as client:
            name = client.make_qualified_table_name(table.name)
            if table.name not in self._empty:
                self._empty[table.name] = _is_empty(client, name)
            for start in range(0, 0 if self._empty[table.name] else len(unknown), _BATCH):
                some = unknown[start : start + _BATCH]
                query = (
                    "select id, _version, _content_hash from (select id, _version, _content_hash, row_number()"  # noqa: S608
                    f" over (partition by id order by _version desc) as recency from {name}"
                    f" where id in ({', '.join(['%s'] * len(some))})) as ranked where recency = 1"
                )
                found = client.execute_sql(query, *some) or []
                self._stored.update({(table.name, one): (version, content) for one, version, content in found})


def _is_empty(client: Any, qualified_name: str) -> bool:
    try:
        return not client.execute_sql(f"select 1 from {qualified_name} limit 1")  # noqa: S608
    except DatabaseUndefinedRelation:
        return True


def as_arrow(table: Table, rows: list[Row]) -> pa.Table:
    hints = table.hints
    schema = pa.schema([pa.field(name, _ARROW[kind], hints[name]["nullable"]) for name, kind in table.kinds.items()])
    return pa.Table.from_pylist(rows, schema=schema)


def table_resource(
    run: Run, feed: DltResource, table: Table, children: Callable[[Object], Iterable[Object]] | None = None
) -> DltResource:
    """A raw table fed by the pages of a feed: a row per object, or per child that `children` finds in an object."""

    def parts(one: Object) -> Iterable[Object]:
        if children is None:
            return (one,)
        try:
            return list(children(one))
        except (AttributeError, KeyError, TypeError):
            run.note(Drift(table.name, "the list they come in", "changed_type", "another shape", str(one.get("id"))))
            return ()

    def rows(page: Page) -> Iterator[Any]:
        read = (table.row(part, run.note) for one in page.objects for part in parts(one))
        new = run.new_versions(table, [row for row in read if row])
        if new:
            yield as_arrow(table, new)
        noted = [_drift_row(one) for one in run.drift.values() if one.table == table.name]
        drift = run.new_versions(DRIFT, noted) if noted else []
        if drift:
            marker = dlt.mark.make_hints(table_name=DRIFT.name, columns=DRIFT.hints, write_disposition="append")
            yield dlt.mark.with_hints(as_arrow(DRIFT, drift), marker, create_table_variant=True)
        if page.marks is not None:
            dlt.current.resource_state(table.name)["marks"] = page.marks
            if run.is_first(table) and not run.appended.get(table.name):
                yield as_arrow(table, [])  # the table exists with every column, whatever was there to read

    return dlt.transformer(
        rows, data_from=feed, name=table.name, columns=table.hints, write_disposition="append", max_table_nesting=0
    )


def feed(name: str, pages: Callable[[], Iterator[Page]]) -> DltResource:
    """What a vendor answers, for the tables made of it; it is no table itself."""
    return dlt.resource(pages, name=f"read_{name}", selected=False)


def _drift_row(drift: Drift) -> Row:
    return {
        "id": f"{drift.table} {drift.field} {drift.kind} {drift.observed}",
        "table_name": drift.table,
        "field": drift.field,
        "kind": drift.kind,
        "observed": drift.observed,
        "example_id": drift.example_id,
        "is_deleted": False,
        "_rejected_column": None,
        "_rejected_value": None,
        "_rejected_reason": None,
    }
