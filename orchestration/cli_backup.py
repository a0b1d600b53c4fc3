"""`revrec backup` and `revrec restore`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from orchestration.options import By, Database, Json
from orchestration.printing import print_json, printable

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]


def backup(file: File, by: By = None, database: Database = None, as_json: Json = False) -> None:
    """Keep all that cannot be computed again (decisions, posted entries, what the sources said) in a new file."""
    from orchestration import backup as keeping
    from orchestration import warehouse

    _tell("kept", keeping.backup(warehouse.database_path(database), file, by=by), as_json)


def restore(
    file: File,
    database: Annotated[Path, typer.Option("--database", metavar="NEW", help="A warehouse file without state.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Put a backup into a new database; `bin/revrec run` then computes the rest, to the same cent."""
    from orchestration import audit, warehouse
    from orchestration import backup as keeping

    path = warehouse.database_path(database)
    kept = keeping.restore(file.expanduser().absolute(), path, by=by)
    wrong = audit.verify(path).findings
    _tell("restored", kept, as_json, findings=[asdict(finding) for finding in wrong])
    for finding in wrong:
        typer.echo(printable(f"WRONG  {finding.what} {finding.which} {finding.problem}"), err=True)
    if wrong:
        typer.echo("The backup was of books that had been changed: use an earlier one.", err=True)
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def _tell(what: str, kept: Any, as_json: bool, **more: Any) -> None:
    if as_json:
        print_json(asdict(kept) | more)
        return
    typer.echo(f"{what} {kept.tables} tables with {kept.rows:,} rows: {kept.file}")
    typer.echo(f"  sha256 {kept.sha256}")
    typer.echo(f"  head of the audit log {kept.head}")
