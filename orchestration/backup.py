"""`revrec backup` and `revrec restore`: all that cannot be computed again, in one file.

That is schema `ops` (what people decided and what was posted) and the raw schemas (what the sources said, when). The
file is a zip of Parquet, one member per table, and a manifest with each table's definition, rows and hash.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration import audit, close, warehouse
from orchestration.errors import ConfigurationError, StepFailed
from orchestration.rows import Row, rows

FORMAT = 1
_MANIFEST = "manifest.json"
_SCHEMAS = "(schema_name = 'ops' or starts_with(schema_name, 'raw_'))"


@dataclass(frozen=True)
class Kept:
    """What a backup holds."""

    file: Path
    tables: int
    rows: int
    sha256: str
    head: str


def backup(database: Path, file: Path, *, by: str | None) -> Kept:
    """Write a new file, never over another one; the log remembers its hash. Raises ConfigurationError."""
    file = file.expanduser().absolute()
    if file.exists():
        raise ConfigurationError(f"{file} is there already; a backup never replaces another one.")
    draft = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with warehouse.connect(database) as connection:
            manifest = _write(connection, draft)
        if not manifest["tables"]:
            raise ConfigurationError(f"{database} has nothing to keep; build it first with `bin/revrec run`.")
        with draft.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        told = f"{len(manifest['tables'])} tables, {sum(table['rows'] for table in manifest['tables'])} rows"
        close.act(
            "log_action",
            database=database,
            by=by,
            action="backup",
            object_type="file",
            object_id=file.name,
            after=f"{told}, sha256 {digest}",
        )
        # A link is refused where somebody else was faster; a rename would replace their file.
        os.link(draft, file)
    except FileExistsError:
        raise ConfigurationError(f"{file} is there already; a backup never replaces another one.") from None
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return Kept(file, *_counted(manifest), digest, manifest["head"])


def restore(file: Path, database: Path, *, by: str | None) -> Kept:
    """Put a backup into a database without state. All of it is checked, and all of it is there or nothing is."""
    if not file.is_file():
        raise ConfigurationError(f"{file} is no file; name a backup that `bin/revrec backup` wrote.")
    is_new = not database.exists()
    try:
        with warehouse.writing(database), warehouse.connect(database, read_only=False) as connection:
            _refuse_state(connection, database)
            manifest = _read(connection, file)
    except BaseException:
        if is_new:
            database.unlink(missing_ok=True)
        raise
    with file.open("rb") as read:
        digest = hashlib.file_digest(read, "sha256").hexdigest()
    kept = Kept(file, *_counted(manifest), digest, manifest["head"])
    close.act(
        "log_action",
        database=database,
        by=by,
        action="restore",
        object_type="file",
        object_id=file.name,
        after=f"{kept.tables} tables, {kept.rows} rows, sha256 {digest}",
    )
    return kept


def _write(connection: Any, draft: Path) -> dict[str, Any]:
    tables = [_described(connection, row) for row in _tables(connection)]
    schemas = connection.execute(f"select schema_name from duckdb_schemas() where {_SCHEMAS} order by 1").fetchall()  # noqa: S608
    manifest = {
        "format": FORMAT,
        "written_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}",
        "head": audit.head(connection),
        "schemas": sorted({name for (name,) in schemas}),
        "tables": tables,
    }
    # Parquet is compressed already.
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
        for table in tables:
            if table["rows"]:
                part = Path(folder) / "part.parquet"
                connection.execute(f"copy {_name(table)} to '{_quoted(part)}' (format parquet, compression zstd)")
                table["sha256"] = hashlib.sha256(part.read_bytes()).hexdigest()
                archive.write(part, _member(table))
        archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def _read(connection: Any, file: Path) -> dict[str, Any]:
    with _opened(file) as (archive, manifest), tempfile.TemporaryDirectory() as folder:
        connection.execute("begin")
        for schema in sorted({table["schema"] for table in manifest["tables"]} | set(manifest["schemas"])):
            _refuse_other_words({"schema": schema, "name": "one", "definition": "create table one (id integer)"}, file)
            connection.execute(f'create schema if not exists "{schema}"')
        for table in manifest["tables"]:
            _refuse_other_words(table, file)
            connection.execute(f"drop table if exists {_name(table)}")  # it is empty
            connection.execute(table["definition"])
            if table["rows"]:
                part = Path(folder) / "part.parquet"
                part.write_bytes(archive.read(_member(table)))
                if hashlib.sha256(part.read_bytes()).hexdigest() != table["sha256"]:
                    raise StepFailed(f"{file} is damaged: {_member(table)} is not what was written.")
                connection.execute(f"insert into {_name(table)} by name from read_parquet('{_quoted(part)}')")
            found = _described(connection, {"schema": table["schema"], "name": table["name"], "definition": ""})
            if (found["rows"], found["content_hash"]) != (table["rows"], table["content_hash"]):
                raise StepFailed(f"{file} is damaged: {_name(table)} has other rows than were kept.")
        connection.execute("commit")
        return manifest


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            if manifest["format"] != FORMAT:
                raise ConfigurationError(
                    f"{file} has format {manifest['format']}, this version reads {FORMAT}; use the one that wrote it."
                )
            yield archive, manifest
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError) as error:
        raise ConfigurationError(f"{file} is no backup, or only a part of one: {error}.") from error


def _refuse_state(connection: Any, database: Path) -> None:
    for table in _tables(connection):
        [[count]] = connection.execute(f"select count(*) from {_name(table)}").fetchall()  # noqa: S608
        if count:
            raise ConfigurationError(
                f"{database} has state of its own ({table['schema']}.{table['name']}); restore into a new file."
            )


def _tables(connection: Any) -> list[Row]:
    return rows(
        connection,
        f"""
        select schema_name as schema, table_name as name, sql as definition
        from duckdb_tables()
        where {_SCHEMAS} and database_name = current_database()
        order by all
        """,  # noqa: S608
    )


def _described(connection: Any, table: Row) -> Row:
    [[count, digest]] = connection.execute(
        f"select count(*), {audit.content_hash_of(connection, table['name'], table['schema'])} from {_name(table)}"  # noqa: S608
    ).fetchall()
    return {**table, "rows": count, "content_hash": digest}


def _refuse_other_words(table: Row, file: Path) -> None:
    """A definition is SQL that is run: it is one table of ours with its columns, or the file is not from `backup`."""
    import duckdb

    names = re.fullmatch(r"(ops|raw_[a-z0-9_]+)\.[a-z0-9_]+", f"{table['schema']}.{table['name']}")
    try:
        kinds = [statement.type for statement in duckdb.extract_statements(table["definition"])]
    except duckdb.Error:
        kinds = []
    if not names or kinds != [duckdb.StatementType.CREATE]:
        raise StepFailed(f"{file} is damaged: it has other words than the definition of a table.")


def _counted(manifest: dict[str, Any]) -> tuple[int, int]:
    return len(manifest["tables"]), sum(table["rows"] for table in manifest["tables"])


def _name(table: Row) -> str:
    return f'"{table["schema"]}"."{table["name"]}"'


def _member(table: Row) -> str:
    return f"{table['schema']}/{table['name']}.parquet"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
