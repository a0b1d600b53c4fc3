"""`revrec trace`, `revrec explain` and `revrec ask`: what a number is made of, and what the books say of it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from orchestration.options import AnyPeriod, Database, Entity, Json
from orchestration.printing import print_json, printable

_MOST = 12


def trace(
    wanted: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="Id of an entry, contract, line, invoice, payment, credit note, batch …"),
    ] = None,
    role: Annotated[str | None, typer.Option(metavar="ROLE", help="Or: a balance, such as deferred_revenue.")] = None,
    account: Annotated[str | None, typer.Option(metavar="CODE", help="Or: a balance, by its account.")] = None,
    period: AnyPeriod = None,
    entity: Entity = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every step, not the first twelve of each.")] = False,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """From a number to the rows it comes from, and from a row to the entries and balances it is in."""
    from orchestration import trace as tracing
    from orchestration import warehouse

    if bool(wanted) == bool(role or account) or (not wanted and not period):
        raise typer.BadParameter("name an id, or a balance with --role (or --account) and --period")
    path = warehouse.database_path(database)
    most = 10**9 if everything or as_json else _MOST
    if wanted:
        found = tracing.trace_id(path, wanted)
    else:
        found = tracing.trace_balance(path, str(period), role=role, account=account, entity=entity, most=most)
    if as_json:
        print_json([step.as_json() for step in found])
        return
    from rich.console import Console

    console = Console(emoji=False)
    console = console if console.is_terminal else Console(width=160, emoji=False)
    for step in found:
        console.print(_tree(step, None, most), highlight=False)


def explain(
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="Id of an entry, from `trace` or the journal.")],
    database: Database = None,
    as_json: Json = False,
) -> None:
    """One entry in plain English: what, why, which amounts, which periods, and who did what."""
    from orchestration import explain as explaining
    from orchestration import warehouse

    said = explaining.explain(warehouse.database_path(database), entry)
    if as_json:
        print_json(said.as_json())
        return
    for sentence in said.sentences:
        typer.echo(printable(sentence))


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In plain English, in quotes.")],
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Answer a question about balances, revenue, drafts, flags and changes, with the entries and terms behind it.

    A question with a word that is no name in the books and none it knows is not answered: exit code 2, and what can
    be asked. Nothing leaves the machine.
    """
    from orchestration import ask as asking
    from orchestration import warehouse

    answer = asking.ask(warehouse.database_path(database), question)
    if as_json:
        print_json(answer.as_json())
        return
    for sentence in answer.sentences:
        typer.echo(printable(sentence))


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("trace")(trace)
    app.command("explain")(explain)
    app.command("ask")(ask)


def _tree(step: Any, parent: Any, most: int) -> Any:
    from rich.markup import escape
    from rich.tree import Tree

    amount = f" {step.amount:,.2f} {step.currency}" if step.amount is not None and step.currency else ""
    said = f"  {escape(printable(step.text))}" if step.text else ""
    label = f"{step.kind} [bold]{escape(printable(step.id))}[/bold]{amount}{said}"
    node = Tree(label) if parent is None else parent.add(label)
    for child in step.steps[:most]:
        _tree(child, node, most)
    if len(step.steps) > most:
        node.add(f"… and {len(step.steps) - most:,} more: --all, or --json")
    return node
