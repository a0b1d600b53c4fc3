"""Runs the ingestion: declares the raw tables, reads the systems, appends what is new.

A load is there or it is not: what an interrupted one left behind is taken back before the next one starts, and the
working folder is scratch, so a run may be killed anywhere and repeated anywhere.
"""

from __future__ import annotations

import importlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.defs.ingest.settings import SYSTEMS, Settings
from orchestration.errors import ConfigurationError

if TYPE_CHECKING:
    import dlt

    from orchestration.defs.ingest.columns import Drift, Kind, Table

Progress = Callable[[str], None]

__all__ = ["LoadSummary", "Settings", "configured", "declare", "ingest", "pipeline"]


@dataclass(frozen=True)
class LoadSummary:
    """What one system's load found.

    read: objects seen, appended: versions stored, both by table; rejected: those that cannot be read in full.
    drift: answers that are not what was declared, each once per run.
    """

    system: str
    read: dict[str, int] = field(default_factory=dict)
    appended: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    drift: tuple[Drift, ...] = ()
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        return sum(self.appended.values())


def ingest(
    systems: Iterable[str],
    database: str | Path,
    settings: Mapping[str, Settings],
    progress: Progress = lambda message: None,
) -> list[LoadSummary]:
    """Reads each system in turn and appends what is new to `raw_<system>` in the DuckDB file `database`.

    Raises ConfigurationError before anything is read when a system has no settings, and VendorError when a system does
    not answer as it should; systems read before it keep what they loaded.
    """
    systems = list(systems)
    for system in systems:
        if system not in settings:
            raise ConfigurationError(f"'{system}' has no settings; choose from {', '.join(SYSTEMS)}.")
    return [_ingest(system, database, settings[system], progress) for system in systems]


def _ingest(system: str, database: str | Path, settings: Settings, progress: Progress) -> LoadSummary:
    from dlt.pipeline.exceptions import PipelineStepFailed

    from orchestration.defs.ingest.client import VendorError
    from orchestration.defs.ingest.history import DRIFT, Run

    started = time.monotonic()
    run = Run.now(system, progress)
    declare(database, [system])
    loading = pipeline(system, database)
    try:
        # One connection stays open, or DuckDB would open the file anew for every look-up.
        with loading.sql_client():
            loading.run(_module(system).source(settings, run))
    except PipelineStepFailed as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, VendorError | ConfigurationError):
            cause = cause.__cause__
        if cause is None:
            raise
        raise cause from None
    for drift in run.drift.values():
        progress(f"{system}: {drift}")
    for counts in (run.read, run.appended):
        counts.pop(DRIFT.name, None)
    seconds = round(time.monotonic() - started, 1)
    return LoadSummary(system, run.read, run.appended, run.rejected, tuple(run.drift.values()), seconds)


def configured(environment: Mapping[str, str] | None = None) -> dict[str, Settings]:
    """The systems the environment names. Raises ConfigurationError for one that is half configured."""
    found = os.environ if environment is None else environment
    named = [
        system
        for system, known in SYSTEMS.items()
        if any(found.get(name, "").strip() for name in (known.secret, known.client_id, f"{system.upper()}_BASE_URL"))
    ]
    return {system: Settings.from_environment(system, found) for system in named}


def pipeline(system: str, database: str | Path) -> dlt.Pipeline:
    """dlt's pipeline into `raw_<system>`, with the remains of an interrupted load taken back."""
    import dlt

    folder = _working_folder(Path(database))
    shutil.rmtree(folder / system, ignore_errors=True)
    made = dlt.pipeline(
        system,
        pipelines_dir=str(folder),
        destination=destination(database),
        dataset_name=f"raw_{system}",
        progress=None,
    )
    with made.sql_client() as client:
        if client.has_dataset():
            _take_back(client, [table.name for table in tables(system)])
    return made


def destination(database: str | Path) -> Any:
    """Where the raw schemas are: the only place that names a warehouse. DuckDB needs the file's path."""
    import dlt

    Path(database).parent.mkdir(parents=True, exist_ok=True)
    return dlt.destinations.duckdb(str(database))


def _take_back(client: Any, tables: list[str]) -> None:
    """Deletes the rows of loads that never finished. dlt names a load in `_dlt_loads` as its last step."""
    from dlt.destinations.exceptions import DatabaseUndefinedRelation

    try:
        finished = {row[0] for row in client.execute_sql("select load_id from _dlt_loads where status = 0") or []}
    except DatabaseUndefinedRelation:
        finished = set()
    for table in tables:
        try:
            met = {row[0] for row in client.execute_sql(f"select distinct _dlt_load_id from {table}") or []}  # noqa: S608
        except DatabaseUndefinedRelation:
            continue
        for load_id in met - finished:
            client.execute_sql(f"delete from {table} where _dlt_load_id = %s", load_id)  # noqa: S608


def declare(database: str | Path, systems: Iterable[str] = tuple(SYSTEMS)) -> None:
    """Makes every raw table exist with every column, so that every model compiles whatever was loaded.

    Tables keep their rows; a column that was declared since is added. Needs no dlt, which takes seconds to import; dlt
    finds the tables as it would have made them.
    """
    import duckdb

    Path(database).parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database)) as connection:
        found: dict[tuple[str, str], set[str]] = {}
        for schema, table, column in connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
            " where table_schema like 'raw_%'"
        ).fetchall():
            found.setdefault((schema, table), set()).add(column)
        statements = [one for system in systems for one in _statements(system, found)]
        if statements:
            connection.execute("begin; " + "; ".join(statements) + "; commit")


def _statements(system: str, found: Mapping[tuple[str, str], set[str]]) -> Iterable[str]:
    schema = f"raw_{system}"
    if not any(name == schema for name, _ in found):
        yield f"create schema if not exists {schema}"
    for table in tables(system):
        columns = {name: (kind, not table.hints[name]["nullable"]) for name, kind in table.kinds.items()}
        if (schema, table.name) not in found:
            lines = [_definition(name, *column) for name, column in columns.items()]
            yield f"create table {schema}.{table.name} ({', '.join([*lines, '_dlt_load_id varchar not null'])})"
            continue
        for name, (kind, _) in columns.items():
            if name not in found[schema, table.name]:
                yield f"alter table {schema}.{table.name} add column {_definition(name, kind, False)}"


def _definition(name: str, kind: Kind, required: bool) -> str:
    return f'"{name}" {kind.duckdb_type}{" not null" if required else ""}'


def _working_folder(database: Path) -> Path:
    folder = database.absolute().parent
    state = folder if folder.name == ".revrec" else folder / ".revrec"
    return state / "dlt" / database.stem


def _module(system: str) -> Any:
    return importlib.import_module(f"orchestration.defs.ingest.{system}")


def tables(system: str) -> tuple[Table, ...]:
    from orchestration.defs.ingest.columns import DRIFT

    tables = importlib.import_module(f"orchestration.defs.ingest.{system}.tables")
    return (*tables.TABLES, DRIFT)
