"""`revrec audit …`: what an auditor runs. Nothing here changes the books."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.options import AnyPeriod, Database, Json
from orchestration.printing import print_json

app = typer.Typer(help="Prove that the books are what was posted and locked.", rich_markup_mode=None)


@app.callback()
def audit() -> None:
    """Prove that the books are what was posted and locked."""


@app.command()
def verify(
    reproduce: Annotated[
        bool, typer.Option("--reproduce", help="Also build the locked periods again and compare every table.")
    ] = False,
    period: AnyPeriod = None,
    known: Annotated[
        str | None, typer.Option(metavar="HEAD", help="A head of the log that you noted: nothing before it may differ.")
    ] = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Check the audit log, every posted batch, entry and lock; exit code 1 and what is wrong, if anything is."""
    from orchestration import audit, warehouse
    from orchestration import reproduce as again

    if period and not reproduce:
        raise typer.BadParameter("--period says what to build again; add --reproduce")
    path = warehouse.database_path(database)
    verified = audit.verify(path, known)
    built = again.reproduce(path, period) if reproduce else None
    if as_json:
        print_json(verified.as_json() | ({"reproduced": built.as_json()} if built else {}))
    else:
        _show(verified, built)
    if verified.findings or (built and built.different):
        raise typer.Exit(1)


def _show(verified: object, built: object) -> None:
    for finding in verified.findings:
        typer.echo(f"WRONG  {finding.what} {finding.which} {finding.problem}")
    typer.echo(", ".join(f"{count:,} {what}" for what, count in verified.checked.items()))
    if built:
        for table in built.tables:
            told = "equal" if table.is_equal else f"DIFFERS ({table.rows_then:,} rows then, {table.rows_now:,} now)"
            where = f"{table.entity_id} {table.book} {table.period}"
            typer.echo(f"{where}  {table.table:<32} {table.rows_then:>7,} rows  {told}")
        for note in built.notes:
            typer.echo(f"note: {note}")
        typer.echo(f"{len(built.tables)} tables built again, {len(built.different)} differ")
    if verified.findings:
        typer.echo("What was changed cannot be trusted: restore a backup from before it, and find out who changed it.")
    else:
        typer.echo(f"All of it is as it was left. Head of the log: {verified.head}")
        typer.echo("Keep the head where nobody who can write to the warehouse can: --known HEAD checks against it.")
