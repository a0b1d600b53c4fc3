"""`revrec serve`: the pages there are for people, on this machine, until it is told to stop.

Two servers: Dagster with the pipeline as a graph, and dbt's documentation of every table. Each is a process group of
its own, which ends as a whole: Dagster starts more processes than it stops.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orchestration
from orchestration import warehouse
from orchestration.errors import ConfigurationError, StepFailed

_PATIENCE, _LAST_WORDS = 300, 30
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Page:
    """One server: what it shows, where, and the command that starts it."""

    shows: str
    url: str
    command: list[str]
    is_needed: bool = True


def pages(database: Path, host: str, port: int, tables_port: int) -> list[Page]:
    """What is served: the tables only where there is a database to describe."""
    python, host_in_url = sys.executable, f"[{host}]" if ":" in host else host
    dagster = [
        "-m",
        "dagster",
        "dev",
        "--module-name",
        "orchestration.definitions",
        "--host",
        host,
        "--port",
        str(port),
    ]
    found = [Page("the pipeline, its runs and checks", f"http://{host_in_url}:{port}", [python, *dagster])]
    if database.exists():
        docs = ["-m", "orchestration.docs", "--host", host, "--port", str(tables_port)]
        url = f"http://{host_in_url}:{tables_port}"
        found.append(Page("every table and its columns", url, [python, *docs], is_needed=False))
    return found


def serve(
    database: Path,
    host: str = "127.0.0.1",
    port: int = 3000,
    tables_port: int = 8080,
    say: Callable[[str], None] = print,
) -> None:
    """Serve until SIGINT or SIGTERM. StepFailed if a server ends by itself, ConfigurationError for a taken port."""
    for number in (port, tables_port):
        _refuse_taken(host, number)
    if host not in _LOOPBACK:
        say(f"Whoever reaches {host} can start builds in your name: there is no sign-in.")
    environment = _environment(database)
    chosen = pages(database, host, port, tables_port)
    with _stopping() as stopped, contextlib.ExitStack() as running:
        started = [(page, running.enter_context(_running(page, environment))) for page in chosen]
        waiting = [page for page, _ in started]
        deadline = time.monotonic() + _PATIENCE
        while not stopped:
            for page, process in list(started):
                if process.poll() is None:
                    continue
                if page.is_needed:
                    raise StepFailed(f"the server of {page.shows} ended with {process.returncode}; see above.")
                say(f"Without {page.shows}; see above.")
                started.remove((page, process))
                waiting = [other for other in waiting if other != page]
            for page in [page for page in waiting if _answers(page.url)]:
                say(f"{page.url} shows {page.shows}.")
                waiting.remove(page)
            if waiting and time.monotonic() > deadline:
                raise StepFailed(f"{waiting[0].url} does not answer after {_PATIENCE} seconds.")
            time.sleep(0.3)


@contextlib.contextmanager
def _stopping() -> Iterator[list[int]]:
    """A list that gets the signal which tells this process to stop; the handlers are put back."""
    received: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda got, frame: received.append(got))
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _running(page: Page, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The server; afterwards nothing of it runs."""
    process = subprocess.Popen(page.command, cwd=orchestration.ROOT, env=environment, process_group=0)
    try:
        yield process
    finally:
        _tell(process, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LAST_WORDS)
        # What did not listen, and what it left behind.
        _tell(process, signal.SIGKILL)
        process.wait()


def _tell(process: subprocess.Popen[Any], number: int) -> None:
    """To the whole group, as a terminal would; a group that is gone has heard it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _environment(database: Path) -> dict[str, str]:
    home = orchestration.STATE / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(orchestration.ROOT / "orchestration" / "dagster.yaml", home / "dagster.yaml")
    path = os.pathsep.join(filter(None, (str(orchestration.ROOT), os.environ.get("PYTHONPATH"))))
    mine = {"DAGSTER_HOME": str(home), "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
    return os.environ | mine | {warehouse.DATABASE_VARIABLE: str(database)}


def _refuse_taken(host: str, port: int) -> None:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        raise ConfigurationError(f"{host}:{port} cannot be used: {error.strerror}; name another --port.") from error


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            # To the end: a server that is hung up on says so at length.
            return bool(answer.read()) and answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
