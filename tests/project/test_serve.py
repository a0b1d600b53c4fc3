"""`revrec serve` starts the real servers, answers in a browser's way and leaves nothing running behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from project.tiny import TinyBooks

from orchestration import cli

PATIENCE = 400
Serving = tuple[subprocess.Popen[str], int, int]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def is_running(process: int) -> bool:
    """What has ended and was not yet collected by its parent runs no more."""
    try:
        return (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(process: int) -> set[int]:
    """All processes below one, however deep."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended while we looked
            continue
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in {process, *found}} - found:
        found |= more
    return found


@pytest.fixture
def serving(project_root: Path, tiny_books: TinyBooks, tmp_path: Path) -> Iterator[Serving]:
    """The command at work on a copy of the tiny books, its two ports."""
    database = shutil.copyfile(tiny_books[0], tmp_path / "books.duckdb")
    ports = free_port(), free_port()
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "orchestration.cli", "serve", "--database", str(database)),
                *("--port", str(ports[0]), "--tables-port", str(ports[1])),
            ],
            env={**os.environ, "PYTHONPATH": str(project_root)},
            cwd=tmp_path,
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )
    yield process, *ports
    for left in descendants(process.pid):
        os.kill(left, signal.SIGKILL)
    process.kill()
    process.wait()


def test_both_pages_answer_and_a_signal_ends_all_of_it(serving: Serving, tmp_path: Path) -> None:
    process, port, tables_port = serving
    said = tmp_path / "said"
    deadline = time.monotonic() + PATIENCE
    while said.read_text().count(" shows ") < 3 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.5)
    assert process.poll() is None, said.read_text()[-2000:]
    for url, word in ((f"http://127.0.0.1:{port}", "Dagster"), (f"http://127.0.0.1:{tables_port}", "dbt Docs")):
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
            assert answer.status == 200 and word in answer.read().decode(), url
    started = descendants(process.pid)
    assert len(started) >= 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(90) == 0, said.read_text()[-2000:]
    deadline = time.monotonic() + 30
    while any(map(is_running, started)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert [left for left in started if is_running(left)] == []


def test_a_port_that_is_taken_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = cli._exit_code(["serve", "--port", str(port), "--database", str(tmp_path / "x.duckdb")])
    assert code == 2
    assert f"127.0.0.1:{port} cannot be used" in capsys.readouterr().err
