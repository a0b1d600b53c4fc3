"""Half a year of closes, command by command: `make demo-close` plays it, a test looks at what is left.

Ada approves, Bo posts, Cleo locks; opening a locked month again takes Cleo and Dora.
"""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from close import company, six_months

import orchestration
from orchestration import cli

Say = Callable[[str], None]


@dataclass(frozen=True)
class Done:
    """One command, its exit code and what it printed."""

    command: str
    code: int
    said: str


@dataclass
class HalfYear:
    """Where it is played: the database, and a folder for inputs and exports."""

    database: Path
    folder: Path
    say: Say = lambda text: None

    def revrec(self, *arguments: str, code: int = 0) -> Done:
        """Run a command; another exit code than the one expected is an error."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            found = cli._exit_code([*arguments, "--database", str(self.database)])
        text = out.getvalue().replace(str(self.folder), "close").replace(str(self.database), self.database.name)
        shown = [argument.replace(str(self.folder), "close") for argument in arguments]
        done = Done(f"bin/revrec {shlex.join(shown)}", found, text)
        self.say(f"$ {done.command}\n{done.said}")
        if found != code:
            raise AssertionError(f"{done.command} ended with {found}, not {code}: {done.said}")
        return done

    def play(self) -> Iterator[Done]:
        """Every command in order."""
        for month in six_months.MONTHS:
            yield self.learn(month, six_months.KNOWN[month])
            if month == "2026-01":
                # Nothing is locked before it is posted, nothing is posted before it is approved.
                yield self.revrec("lock", "--period", month, "--by", "Cleo", code=1)
            if month == "2026-04":
                yield self.revrec("ask", "What changed since the last close?")
            yield from self.close(month)
            if month == "2026-04":
                yield from self.april_again()
        yield from self.leave()

    def learn(self, through: str, as_of: str) -> Done:
        inputs = company.write(self.folder / "inputs", as_of, six_months.tables())
        return self.revrec("run", "--inputs", str(inputs), "--as-of", as_of, "--through", through)

    def close(self, month: str) -> Iterator[Done]:
        yield self.revrec("approve", "--period", month, "--by", "Ada")
        yield self.revrec("post", "--period", month, "--by", "Bo")
        yield self.revrec("lock", "--period", month, "--by", "Cleo")

    def april_again(self) -> Iterator[Done]:
        reason = ["--reason", "Invoice I-91 of April was left in a drawer"]
        yield self.revrec("reopen", "--period", "2026-04", "--by", "Cleo", *reason)
        yield self.revrec("reopen", "--period", "2026-04", "--by", "Dora", *reason)
        yield self.learn("2026-04", six_months.APRIL_AGAIN)
        yield from self.close("2026-04")

    def leave(self) -> Iterator[Done]:
        yield self.revrec("periods")
        yield self.revrec("audit", "verify")
        for month in six_months.MONTHS:
            yield self.revrec(
                *("export", "--erp", "journal", "--period", month, "--by", "Bo"),
                *("--out", str(self.folder / "exports" / month)),
            )
        yield self.revrec(
            *("export", "--erp", "beancount", "--period", "2026-06", "--by", "Bo"),
            *("--out", str(self.folder / "exports")),
        )
        [journal] = (self.folder / "exports" / "2026-06").glob("*.csv")
        yield self.revrec("reconcile", "--erp", "journal", "--period", "2026-06", "--file", str(journal))
        yield self.revrec("explain", "ASC606:invoice:I-90")
        yield self.revrec("ask", "Why was $600 deferred for Walk-in in March 2026?")
        yield self.revrec("audit", "log", "--action", "reopen")
        yield self.revrec("trace", "--role", "deferred_revenue", "--period", "2026-06")
        yield self.revrec("backup", str(self.folder / "half-year.backup"), "--by", "Cleo")


def main() -> None:
    """Play it in .revrec/close, anew each time."""
    folder = orchestration.STATE / "close"
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop("REVREC_DATABASE", None)
    folder.mkdir(parents=True)
    for _ in HalfYear(folder / "half-year.duckdb", folder, lambda text: print(text, flush=True)).play():
        pass
    print(f"All of it is in {folder}.")


if __name__ == "__main__":
    sys.exit(main())
