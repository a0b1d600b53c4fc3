"""`revrec audit verify` and `revrec audit log`: what an auditor runs. Nothing here changes the books."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.options import AnyPeriod, Database, Json
from orchestration.printing import print_json, printable

_MOST = 50
app = typer.Typer(help="Prove that the books are what was posted and locked; show the log.", rich_markup_mode=None)


@app.callback()
def audit() -> None:
    """Prove that the books are what was posted and locked; show who did what."""


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


@app.command()
def log(
    action: Annotated[
        str | None, typer.Option(metavar="ACTION", help="Only this action, such as approve or policy_change.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Only what this person did.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of it, not the last fifty rows.")] = False,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Who did what and when, with what was before and after, oldest first."""
    from orchestration import close, warehouse

    path = warehouse.database_path(database)
    found = [row for row in close.logged(path) if action in (None, row["action"]) and by in (None, row["actor"])]
    shown = found if everything else found[-_MOST:]
    if as_json:
        print_json(shown)
        return
    if len(found) > len(shown):
        typer.echo(f"… {len(found) - len(shown):,} before these: --all")
    for row in shown:
        whose = " ".join(filter(None, (row["entity_id"], row["book"])))
        said = ": ".join(filter(None, (row["action"], whose, row["object_id"], row["after"])))
        before = f" (before: {row['before']})" if row["before"] else ""
        why = f" because {row['reason']}" if row["reason"] else ""
        typer.echo(printable(f"{row['seq']:>5} {row['at'][:19]} {row['actor']}  {said}{before}{why}"))


def _show(verified: object, built: object) -> None:
    for finding in verified.findings:
        typer.echo(printable(f"WRONG  {finding.what} {finding.which} {finding.problem}"))
    typer.echo(", ".join(f"{count:,} {what}" for what, count in verified.checked.items()))
    if built:
        for table in built.tables:
            told = "equal" if table.is_equal else f"DIFFERS ({table.rows_then:,} rows then, {table.rows_now:,} now)"
            where = f"{table.entity_id} {table.book} {table.period}"
            typer.echo(f"{printable(where)}  {table.table:<32} {table.rows_then:>7,} rows  {told}")
        for note in built.notes:
            typer.echo(printable(f"note: {note}"))
        typer.echo(f"{len(built.tables)} tables built again, {len(built.different)} differ")
    if verified.findings:
        typer.echo("What was changed cannot be trusted: restore a backup from before it, and find out who changed it.")
    else:
        typer.echo(f"All of it is as it was left. Head of the log: {verified.head}")
        typer.echo("Keep the head where nobody who can write to the warehouse can: --known HEAD checks against it.")
