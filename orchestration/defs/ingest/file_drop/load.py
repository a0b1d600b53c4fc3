"""Loading a file drop: what changed since the last load is appended to `raw_file_drop`, the rest is left alone.

Every load of a table appends its rows under the next number (`_load_no`) and then one row to `loads`. Staging reads
the rows of each table's latest load, so the folder is the whole truth of the file drop, a load that was interrupted
is never seen, and every earlier state of the folder stays on record.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dlt
import pyarrow as pa
from dlt.common.schema import Schema
from dlt.common.schema.utils import new_table

from orchestration import warehouse
from orchestration.defs.ingest.file_drop import folder
from orchestration.defs.ingest.file_drop.cells import FX_RATE_PLACES, RATE_PLACES
from orchestration.defs.ingest.file_drop.files import OWNERS
from orchestration.defs.ingest.file_drop.schema import TABLES, Kind
from orchestration.errors import ConfigurationError

DATASET = "raw_file_drop"
_TEXT: dict[str, Any] = {"data_type": "text"}
_WHOLE: dict[str, Any] = {"data_type": "bigint"}
_DATE: dict[str, Any] = {"data_type": "date"}
_DECIMAL: dict[str, Any] = {"data_type": "decimal", "precision": 38, "scale": 9}
_MOMENT: dict[str, Any] = {"data_type": "timestamp", "timezone": False, "precision": 6}
_DLT_TYPES = {
    Kind.DATE: _DATE,
    Kind.OPEN_DATE: _DATE,
    Kind.TIMESTAMP: _MOMENT,
    Kind.MONEY: _DECIMAL,
    Kind.NUMBER: _DECIMAL,
    Kind.RATE: _DECIMAL | {"scale": RATE_PLACES},
    Kind.FX_RATE: _DECIMAL | {"scale": FX_RATE_PLACES},
    Kind.WHOLE: _WHOLE,
    Kind.BOOLEAN: {"data_type": "bool"},
}
_REJECTED_ROWS = {
    "file": _TEXT,
    "line": _WHOLE,
    "table_name": _TEXT,
    "column_name": _TEXT,
    "value": _TEXT,
    "reason": _TEXT,
    **dict.fromkeys(OWNERS, _TEXT),
}
_LOAD = {"_load_no": _WHOLE, "_loaded_at": _MOMENT, "_dlt_load_id": {"data_type": "text", "nullable": False}}
_LOADS = {
    "load_no": _WHOLE,
    "table_name": _TEXT,
    "file": _TEXT,
    "digest": _TEXT,
    "lines_read": _WHOLE,
    "lines_loaded": _WHOLE,
    "rejections": _WHOLE,
    "loaded_at": _MOMENT,
}


@dataclass(frozen=True)
class TableSummary:
    """What one file gave. A rejected line has a bad cell, or belongs to a file that cannot be read."""

    table: str
    file: str | None
    lines_loaded: int
    lines_rejected: int
    rejections: int


@dataclass(frozen=True)
class Summary:
    """What one load appended: the tables that changed. A folder loaded twice gives no tables the second time."""

    tables: list[TableSummary] = field(default_factory=list)

    @property
    def lines_loaded(self) -> int:
        return sum(table.lines_loaded for table in self.tables)

    @property
    def lines_rejected(self) -> int:
        return sum(table.lines_rejected for table in self.tables)

    @property
    def rejections(self) -> int:
        return sum(table.rejections for table in self.tables)


def declare(database: Path) -> None:
    """Create the schema and all its tables, empty, where they do not exist yet."""
    with _pipeline(database):
        pass


def load(directory: Path, database: Path, progress: Callable[[str], None] | None = None) -> Summary:
    """Load the folder into `raw_file_drop` and say what was taken.

    Bad content is rejected cell by cell into `raw_file_drop.rejected_rows`. A folder that does not exist is a
    ConfigurationError.
    """
    directory, tell = Path(directory), progress or (lambda message: None)
    if not directory.is_dir():
        raise ConfigurationError(f"{directory} is not a folder; --inputs names the folder that holds the files.")
    with _pipeline(database) as pipeline:
        with pipeline.sql_client() as client:
            loaded, load_no = _last_loads(client)
        changes = list(folder.changes(directory, loaded, tell))
        if not changes:
            return Summary()
        tell("loading the files that changed")
        loaded_at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        tables = _appended(changes, load_no, loaded_at)
        if tables:
            pipeline.extract(_source(tables))
            pipeline.normalize(workers=1)
            pipeline.load(workers=1)
        # Written last and at once: rows without their entry here are never seen.
        with pipeline.sql_client() as client:
            _record(client, changes, load_no, loaded_at)
    return Summary([_summary(change) for change in changes])


@contextlib.contextmanager
def _pipeline(database: Path) -> Iterator[Any]:
    """A dlt pipeline on existing tables. Its working folder is thrown away: what was loaded, the warehouse knows."""
    # One connection for the whole load: dlt would open and close the file once per table, most of its time.
    with tempfile.TemporaryDirectory() as working_folder, warehouse.connect(database, read_only=False) as connection:
        pipeline = dlt.pipeline(
            "file_drop",
            pipelines_dir=working_folder,
            destination=dlt.destinations.duckdb(connection),
            dataset_name=DATASET,
        )
        pipeline.config.restore_from_destination = False
        pipeline.extract(_source({}))  # makes the pipeline know the schema
        pipeline.sync_schema()
        _widen(connection)
        try:
            yield pipeline
        finally:
            pipeline.deactivate()


def _widen(connection: Any) -> None:
    """A rate of a file that was made before rates had their digits gets room for them; dlt leaves a column as it is."""
    for table, places in (("price_components", RATE_PLACES), ("fx_rates", FX_RATE_PLACES)):
        narrow = connection.execute(
            "select count(*) from duckdb_columns() where database_name = current_database() and schema_name = ?"
            " and table_name = ? and column_name = 'rate' and numeric_scale < ?",
            [DATASET, table, places],
        )
        if narrow.fetchone()[0]:
            connection.execute(f"alter table {DATASET}.{table} alter rate type decimal(38, {places})")


def _schema() -> Schema:
    schema = Schema("file_drop")
    for name, columns in _declared().items():
        hints = [{"name": column, **kind} for column, kind in columns.items()]
        schema.update_table(new_table(name, write_disposition="append", columns=hints))
    return schema


def _declared() -> dict[str, dict[str, dict[str, Any]]]:
    """table -> column -> dlt type, for everything in `raw_file_drop`."""
    place = {"_file": _TEXT, "_line": _WHOLE, "_content": _WHOLE}
    tables = {
        name: {column.stored_name: _DLT_TYPES.get(column.kind, _TEXT) for column in columns} | place | _LOAD
        for name, columns in TABLES.items()
    }
    return tables | {"rejected_rows": _REJECTED_ROWS | _LOAD, "loads": _LOADS}


def _last_loads(client: Any) -> tuple[Mapping[str, str], int]:
    """The digest of each name's last load, and the number of the next one (never one of an interrupted load)."""
    loads = client.execute_sql("select table_name, digest from loads order by load_no") or []
    numbered = " union all ".join(
        f"select max(_load_no) as load_no from {client.escape_column_name(name)}"  # noqa: S608
        for name in (*TABLES, "rejected_rows")
    )
    (last,) = (client.execute_sql(f"select max(load_no) from ({numbered}) as numbered") or [(None,)])[0]  # noqa: S608
    recorded = client.execute_sql("select max(load_no) from loads") or [(None,)]
    return dict(loads), max(last or 0, recorded[0][0] or 0) + 1


def _appended(changes: list[folder.Change], load_no: int, loaded_at: dt.datetime) -> dict[str, list[pa.Table]]:
    """table -> Arrow tables to append, with their place and load; empty ones are left out."""
    moment = pa.timestamp("us")

    def stamped(table: pa.Table, **constants: Any) -> pa.Table:
        constants |= {"_load_no": load_no, "_loaded_at": loaded_at}
        for name, value in constants.items():
            kind = moment if name == "_loaded_at" else None
            table = table.append_column(name, pa.repeat(pa.scalar(value, kind), table.num_rows))
        return table

    tables: dict[str, list[pa.Table]] = {}
    for change in changes:
        batches = [stamped(batch, _file=change.file) for batch in change.content.batches if batch.num_rows]
        if batches:
            tables[change.name] = batches
    rejections = [rejection for change in changes for rejection in change.content.rejections]
    if rejections:
        types = {name: pa.int64() if kind is _WHOLE else pa.string() for name, kind in _REJECTED_ROWS.items()}
        columns = {
            name: pa.array([getattr(rejection, name) for rejection in rejections], types[name]) for name in types
        }
        tables["rejected_rows"] = [stamped(pa.table(columns))]
    return tables


def _source(tables: dict[str, list[pa.Table]]) -> Any:
    @dlt.source(schema=_schema())
    def file_drop() -> Iterator[Any]:
        for name, batches in tables.items():
            yield dlt.resource(batches, name=name, write_disposition="append")

    return file_drop()


def _record(client: Any, changes: list[folder.Change], load_no: int, loaded_at: dt.datetime) -> None:
    rows = [
        (
            load_no,
            change.name,
            change.file,
            change.digest,
            change.content.lines_read,
            change.content.lines_loaded,
            len(change.content.rejections),
            loaded_at,
        )
        for change in changes
    ]
    row = "(" + ", ".join(["%s"] * len(_LOADS)) + ")"
    statement = f"insert into loads ({', '.join(_LOADS)}) values {', '.join([row] * len(rows))}"  # noqa: S608
    client.execute_sql(statement, *[value for values in rows for value in values])


def _summary(change: folder.Change) -> TableSummary:
    content = change.content
    return TableSummary(
        table=change.name,
        file=change.file,
        lines_loaded=content.lines_loaded,
        lines_rejected=content.lines_read - content.lines_loaded,
        rejections=len(content.rejections),
    )
