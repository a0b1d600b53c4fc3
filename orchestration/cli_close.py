"""The commands with which people close a month: approve, reject, post, soft-close, lock, reopen, resolve.

Each runs one action of macros/ops and prints what it added to the audit log.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from orchestration.options import AnyPeriod, By, Database, Entity, Entries, Json, Period, Reason
from orchestration.printing import print_json, printable


def approve(
    period: AnyPeriod = None,
    by: By = None,
    entity: Entity = None,
    entry: Entries = None,
    reason: Reason = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Sign off drafts as they are now; a draft that changes loses its approval. Who built them cannot approve them."""
    _act("approve", database, as_json, by=by, period=period, entity_id=entity, entry_ids=entry, reason=reason)


def reject(
    reason: Reason = None,
    period: AnyPeriod = None,
    by: By = None,
    entity: Entity = None,
    entry: Entries = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Return drafts to review, with a reason; what was approved of them counts no more."""
    _act("reject", database, as_json, by=by, period=period, entity_id=entity, entry_ids=entry, reason=_needed(reason))


def post(
    period: Period,
    by: By = None,
    entity: Entity = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Post what is approved in a period, and say what waits. Running it again posts nothing twice.

    Exit code 1 when entries are approved and none of them can be posted.
    """
    from orchestration import close

    path = _existing(database)
    posted = close.act("post", database=path, by=by, period=period, entity_id=entity)
    waiting = close.waiting(path, period, entity)
    stuck = not posted and any(row["approved"] for row in waiting)
    if as_json:
        print_json({"posted": posted, "waiting": waiting})
    else:
        _tell(posted, otherwise="nothing could be posted" if stuck else "nothing to do")
        for row in waiting:
            entries = f"{row['entries']:,} {'entry' if row['entries'] == 1 else 'entries'} of {period}"
            typer.echo(printable(f"waiting: {row['entity_id']} {row['book']}: {entries} {row['reason']}"))
    if stuck:
        raise typer.Exit(1)


def soft_close(
    period: Period,
    by: By = None,
    causes: Annotated[
        str, typer.Option(metavar="LIST", help="Causes still let in, such as credit_note,late_data [none].")
    ] = "",
    entity: Entity = None,
    reason: Reason = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Close a period, and every earlier one, to all but the listed causes; other entries move to the next period."""
    _act("soft_close", database, as_json, by=by, period=period, causes=causes, entity_id=entity, reason=reason)


def lock(
    period: Period,
    by: By = None,
    entity: Entity = None,
    reason: Reason = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Lock a period and every earlier one. Refused, with what to do, while drafts or blocking flags remain."""
    _act("lock", database, as_json, by=by, period=period, entity_id=entity, reason=reason)


def reopen(
    period: Period,
    reason: Reason = None,
    by: By = None,
    second: Annotated[
        str | None, typer.Option(metavar="NAME", help="The second person; without one it is a request.")
    ] = None,
    entity: Entity = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Reopen a locked period and every later one. It takes two people: another one's `reopen` grants the request."""
    _act("reopen", database, as_json, by=by, period=period, reason=_needed(reason), second=second, entity_id=entity)


def resolve(
    flag: Annotated[str, typer.Argument(metavar="FLAG", help="Id of the flag, from `review`.")],
    reason: Reason = None,
    by: By = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Say why an anomaly flag may stand. Blocking flags cannot be resolved: mend their cause."""
    _act("resolve_flag", database, as_json, by=by, flag_id=flag, resolution=_needed(reason))


def periods(database: Database = None, as_json: Json = False) -> None:
    """Where each set of books stands: locked through, softly closed through, and what waits."""
    from orchestration import close, warehouse

    rows = close.periods(warehouse.database_path(database))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        said = [f"locked through {row['locked_through']}" if row["locked_through"] else "nothing locked"]
        if row["softly_closed_through"]:
            said.append(f"softly closed through {row['softly_closed_through']}, open to {row['soft_close_lets_in']}")
        said += [f"{row[status]:,} {status}" for status in ("drafts", "approved", "posted")]
        said += [f"oldest open entry in {row['oldest_open_entry']}"] if row["oldest_open_entry"] else []
        typer.echo(printable(f"{row['entity_id']} {row['book']}: {', '.join(said)}"))


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, in the order of a close."""
    for command in (approve, reject, post, soft_close, lock, reopen, resolve, periods):
        app.command(command.__name__.replace("_", "-"))(command)


def _act(action: str, database: Path | None, as_json: bool, **arguments: Any) -> None:
    from orchestration import close

    done = close.act(action, database=_existing(database), **arguments)
    if as_json:
        print_json(done)
    else:
        _tell(done)


def _existing(database: Path | None) -> Path:
    from orchestration import warehouse
    from orchestration.errors import ConfigurationError

    path = warehouse.database_path(database)
    if not path.exists():
        raise ConfigurationError(f"{path} does not exist; build it first with `bin/revrec run`.")
    return path


def _tell(done: list[dict[str, Any]], otherwise: str = "nothing to do") -> None:
    for row in done:
        whose = " ".join(row[key] for key in ("entity_id", "book") if row[key])
        typer.echo(printable(": ".join(filter(None, (row["action"], whose, row["object_id"], row["after"])))))
    if not done:
        typer.echo(otherwise)


def _needed(reason: str | None) -> str:
    if not (reason or "").strip():
        raise typer.BadParameter("say why with --reason TEXT")
    return str(reason)
