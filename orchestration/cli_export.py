"""`revrec export` and `revrec reconcile`: to another ledger and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.options import By, Database, Entity, Json, Period
from orchestration.printing import print_json, printable

Erp = Annotated[str, typer.Option("--erp", metavar="NAME", help="journal (ERP-neutral CSV) or beancount.")]


def export(
    erp: Erp,
    period: Period,
    by: By = None,
    entity: Entity = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where to write [here].")] = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Write what is posted in a period as files for another ledger. The same batch gives the same bytes."""
    from orchestration import exports, warehouse

    done = exports.export(warehouse.database_path(database), erp, period, by=by, entity=entity, out=out)
    if as_json:
        print_json([one.as_json() for one in done])
    else:
        for one in done:
            typer.echo(printable(f"{one.file}: {one.entries:,} entries, {one.lines:,} lines, {one.status}"))
            typer.echo(f"  sha256 {one.content_hash}")
        if not done:
            typer.echo(f"nothing is posted in {period}; drafts are never exported")
    if any(one.status.startswith("not") for one in done):
        typer.echo(
            "A file is not what was exported before: run `bin/revrec audit verify` before you send it.", err=True
        )
        raise typer.Exit(1)


def reconcile(
    period: Period,
    file: Annotated[Path, typer.Option("--file", metavar="CSV", help="The other ledger's journal or trial balance.")],
    erp: Erp = "journal",
    entity: Entity = None,
    book: Annotated[str | None, typer.Option(metavar="BOOK", help="Which books, if there are several.")] = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Compare another ledger with what is posted, account by account; exit code 1 and the differences, if any.

    The CSV has account_code, currency, and debit and credit (movements of the period) or balance (at its end).
    """
    from orchestration import exports, warehouse
    from orchestration.exports import reconcile as reconciling

    if erp not in exports.LAYOUTS:
        raise typer.BadParameter(f"--erp is one of {', '.join(exports.LAYOUTS)}")
    path = warehouse.database_path(database)
    done = reconciling.reconcile(path, period, file, entity=entity, book=book)
    if as_json:
        print_json(done.as_json())
    else:
        for row in done.differences:
            where = f"{row.account_code} {row.currency} {row.what}"
            typer.echo(
                f"{printable(where)}: posted {row.posted:,f}, {erp} has {row.theirs:,f}, difference {row.difference:,f}"
            )
        typer.echo(f"{done.compared} accounts and currencies compared, {len(done.differences)} differences")
    if done.differences:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("export")(export)
    app.command("reconcile")(reconcile)
