"""The command line: `revrec run`, `status`, `review`, `serve`, and what the other cli_ modules add.

Exit codes: 0 done; 1 a control blocks or a step failed; 2 bad usage or configuration; 130 stopped. A person sees one
sentence, never a traceback; the traceback is in .revrec/logs/revrec.log. With --json a program reads the error as an
object on standard output as well. Everything heavy is imported by the command that needs it.
"""

from __future__ import annotations

import json
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

import orchestration
from orchestration import about, cli_audit, cli_backup, cli_close, cli_export, cli_trace
from orchestration.errors import ConfigurationError, StepFailed
from orchestration.options import AnyPeriod, Database, Json
from orchestration.printing import print_json, printable, without_secrets

_STOPPED = 128 + signal.SIGINT

app = typer.Typer(
    help="An ASC 606 / IFRS 15 revenue sub-ledger inside your own warehouse. A close is: run, review, approve, post,"
    " lock, export; each command says with --help what it changes, who may, and how it is used.",
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def run(
    demo: Annotated[bool, typer.Option("--demo", help="Load the demo company from its own local services.")] = False,
    inputs: Annotated[Path | None, typer.Option(metavar="DIR", help="Load a folder of input-layer files.")] = None,
    source: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Load salesforce, stripe, gocardless.")
    ] = None,
    database: Database = None,
    as_of: Annotated[str | None, typer.Option(metavar="TS", help="See only what was known then [now].")] = None,
    through: Annotated[str | None, typer.Option(metavar="PERIOD", help="Draft up to it [month of --as-of].")] = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Rebuild every derived table.")] = False,
    check_changed: Annotated[
        bool, typer.Option("--check-changed", help="Check balances, and contracts that changed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Ingest, build and check; ends with drafts and a summary."""
    from orchestration import pipeline

    with _progress(quiet=as_json) as progress:
        summary = pipeline.run(
            demo=demo,
            inputs=inputs,
            sources=source or (),
            database=database,
            as_of=as_of,
            through=through,
            full_refresh=full_refresh,
            check_changed=check_changed,
            progress=progress,
        )
    _print_summary(summary, as_json)


@app.command()
def status(database: Database = None, as_json: Json = False) -> None:
    """The state of the books, from the last build."""
    from orchestration import summary, warehouse

    _print_summary(summary.read(warehouse.database_path(database)), as_json)


@app.command()
def review(
    period: AnyPeriod = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """What a person has to look at: open anomaly flags, drafts that lost their approval, rejected input rows."""
    from orchestration import summary, warehouse

    found = summary.review(warehouse.database_path(database), period)
    if as_json:
        print_json(found)
        return
    for flag in found["flags"]:
        where = " ".join(str(flag[key]) for key in ("period", "entity_id", "contract_id", "source_id") if flag[key])
        mark = f"[{flag['flag_id'][:12]}]"
        typer.echo(f"{flag['severity']:<6} {flag['rule']}  {printable(where)}  {mark}")
        typer.echo(f"       {printable(flag['explanation'])}")
    for draft in found["drafts"]:
        typer.echo(f"draft  {printable(draft['entry_id'])}  {draft['posting_period']}")
        typer.echo(f"       {printable(draft['explanation'])}")
    for row in found["rejected_inputs"]:
        value = f" = {row['value']}" if row["value"] is not None else ""
        column = f", {row['column']}{value}" if row["column"] else ""
        where = printable(f"{row['source']} {row['table']}, row {row['row']}{column}")
        typer.echo(f"reject {where}")
        typer.echo(f"       {printable(row['reason'])}")
    counts = {"open flags": "flags", "drafts to look at again": "drafts", "rejected rows": "rejected_inputs"}
    typer.echo(", ".join(f"{len(found[key])} {words}" for words, key in counts.items()))


@app.command()
def serve(
    host: Annotated[str, typer.Option(metavar="HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", min=1, max=65535, help="Of the pipeline.")] = 3000,
    tables_port: Annotated[int, typer.Option(metavar="PORT", min=1, max=65535, help="Of the tables.")] = 8080,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show the pipeline (Dagster) and the description of every table in a browser, until Ctrl-C.

    Approving, posting and locking is done with the other commands. The tables are shown when the warehouse is built.
    """
    from orchestration import serve as serving
    from orchestration import warehouse

    def say(sentence: str) -> None:
        typer.echo(json.dumps({"said": sentence}) if as_json else printable(sentence))
        sys.stdout.flush()

    serving.serve(warehouse.database_path(database), host, port, tables_port, say)


cli_close.register(app)
cli_trace.register(app)
cli_export.register(app)
cli_backup.register(app)
app.add_typer(cli_audit.app, name="audit")
for _group, _prefix in ((app, ""), (cli_audit.app, "audit ")):
    for _command in _group.registered_commands:
        _command.epilog = about.epilog(_prefix + (_command.name or str(getattr(_command.callback, "__name__", ""))))


def main() -> None:
    """Entry point: one sentence for every error, and its exit code."""
    # What ends orderly, as Ctrl-C does, cannot tear a block that DuckDB is writing.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    sys.exit(_exit_code(sys.argv[1:]))


def _exit_code(arguments: list[str]) -> int:
    as_json = "--json" in arguments
    try:
        # Commands return nothing; --help and --version return click's own code.
        code = app(arguments or ["--help"], prog_name="revrec", standalone_mode=False) or 0
        if code == _STOPPED:  # what Typer makes of Ctrl-C
            raise KeyboardInterrupt
        return code
    except TyperException as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        return _complain(f"{message.rstrip('.')}; see `bin/revrec --help`.", 2, as_json)
    except (Exception, KeyboardInterrupt) as error:
        if _is_stop(error):
            return _complain("stopped; what was loaded is kept, and the next run builds the rest.", _STOPPED, as_json)
        if isinstance(error, ConfigurationError):
            return _complain(str(error), 2, as_json)
        if isinstance(error, StepFailed):
            return _complain(str(error), 1, as_json)
        return _complain(f"{type(error).__name__}: {error}{_log(error)}", 1, as_json)


def _is_stop(error: BaseException | None) -> bool:
    """A person or the system stopped the process; dbt and dlt wrap what they were told in errors of their own."""
    while error is not None and not isinstance(error, (KeyboardInterrupt, typer.Abort)):
        error = error.__cause__
    return error is not None


def _complain(sentence: str, code: int, as_json: bool) -> int:
    """On standard error for a person; as an object on standard output for a program, what to do line by line."""
    lines = [" ".join(line.split()) for line in without_secrets(sentence).split("\n") if line.strip()]
    typer.echo("revrec: " + "\n".join(map(printable, lines)), err=True)
    if as_json:
        to_do = [line.removeprefix("- ") for line in lines[1:]]
        print_json({"error": {"exit_code": code, "message": lines[0] if lines else "", "to_do": to_do}})
    return code


def _log(error: Exception) -> str:
    """Where the traceback is; nothing when it cannot be written, as on a full disk."""
    path = orchestration.STATE / "logs" / "revrec.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", errors="backslashreplace") as log:
            log.write(without_secrets("".join(traceback.format_exception(error))) + "\n")
    except OSError:
        return ""
    return f" (details: {path})"


@contextmanager
def _progress(quiet: bool) -> Iterator[Any]:
    """A spinner with the current step on a terminal; otherwise one line per step, without the counting."""
    if quiet:
        yield lambda message: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.markup import escape

        with Console(stderr=True).status("starting") as spinner:
            yield lambda message: spinner.update(escape(printable(without_secrets(message))))
    else:
        said: set[str] = set()

        def say(message: str) -> None:
            step = message.split(" ")[0] if message.startswith("dbt ") else message
            if step not in said:
                said.add(step)
                typer.echo(printable(without_secrets("dbt build" if step == "dbt" else step)), err=True)

        yield say


def _print_summary(summary: Any, as_json: bool) -> None:
    from orchestration.summary import show

    if as_json:
        print_json(summary.as_json())
        return
    from rich.console import Console

    console = Console(emoji=False)
    show(summary, console if console.is_terminal else Console(width=120, emoji=False))


if __name__ == "__main__":
    main()
