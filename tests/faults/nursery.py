"""A process that has read the dbt project once and sends children out to do what they are told, or to die of it.

It reads one order per line and answers each with one line. A child does its work with the functions that the command
line calls, and is killed with SIGKILL: after some time, at a statement, within a script, at a node or in a function.
The nursery itself never opens a database, so a child begins as a fresh process does.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

DONE, REFUSED, UNUSABLE, CRASHED = 0, 3, 2, 9


def main() -> None:
    from dbt.compilation import Linker

    from orchestration import warehouse

    for module in (
        "duckdb",
        "agate",
        "pandas",
        "dbt.task.run_operation",
        "orchestration.close",
        "orchestration.exports",
        "orchestration.pipeline",
    ):
        importlib.import_module(module)
    # What a child does before it comes to the database is dbt's own: the graph is not written, nor searched for cycles.
    os.environ["DBT_WRITE_JSON"] = "false"
    Linker.find_cycles = lambda self: None
    ready = warehouse.manifest(Path("books.duckdb"))
    parsed_anew = warehouse.manifest
    # A child has its own copy of the parsed project, because it is a child; a second dbt call of one parses again.
    copies = iter([ready])
    warehouse.manifest = lambda database, progress=None: next(copies, None) or parsed_anew(database, progress)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        orders = json.loads(line)
        started = [_start(order) for order in orders]
        print(json.dumps([_end(order, *child) for order, child in zip(orders, started, strict=True)]), flush=True)


def _start(order: dict[str, Any]) -> tuple[int, int, float]:
    """A child that does `order['work']`, with `order['fault']`; and the pipe by which it tells where it is."""
    reached, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reached)
        _work(order, tell)
    os.close(tell)
    return pid, reached, time.monotonic()


def _end(order: dict[str, Any], pid: int, reached: int, started: float) -> dict[str, Any]:
    """Kill the child when it is time to; how it ended, what it said, and how long it took."""
    fault = order.get("fault") or {}
    if "delay" in fault:
        waits_for = fault.get("from")
        if waits_for is None or _reached(reached, waits_for):
            time.sleep(fault["delay"])
            _kill_between_system_calls(pid)
    said = _rest(reached)
    os.close(reached)
    _, status = os.waitpid(pid, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    code = None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return {"killed": killed, "code": code, "seconds": time.monotonic() - started, "said": said}


def _kill_between_system_calls(pid: int) -> None:
    """Stop the child, which lets a write that is under way end, then kill it.

    A kill inside a write leaves a part of it, and DuckDB writes blocks of metadata over those the file needs: such a
    file cannot be opened any more (docs/close.md). That is the engine's; what is tried here is what revrec does.
    """
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    os.kill(pid, signal.SIGKILL)


def _reached(pipe: int, point: str) -> bool:
    """Wait until the child says that it is at a point; False when it ended before."""
    heard = b""
    while point.encode() not in heard:
        select.select([pipe], [], [])
        more = os.read(pipe, 1 << 16)
        if not more:
            return False
        heard += more
    return True


def _rest(pipe: int) -> str:
    heard = b""
    while more := os.read(pipe, 1 << 16):
        heard += more
    return heard.decode(errors="replace")


def _work(order: dict[str, Any], tell: int) -> None:
    code = CRASHED
    try:
        from orchestration.close import Refused
        from orchestration.errors import ConfigurationError

        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silent, stream)
        try:
            _do(order, tell)
            code = DONE
        except Refused as error:
            code = REFUSED
            os.write(tell, str(error).encode()[:2000])
        except ConfigurationError as error:
            code = UNUSABLE
            os.write(tell, str(error).encode()[:2000])
    except BaseException:
        os.write(tell, traceback.format_exc().encode()[-2000:])
    finally:
        os._exit(code)


def _do(order: dict[str, Any], tell: int) -> None:
    from orchestration import close, exports, pipeline

    if "file_limit" in (order.get("fault") or {}):
        # What is written beyond it fails, as it does on a full disk; Python ignores the signal that comes with it.
        limit = order["fault"]["file_limit"]
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    fault, database = order.get("fault") or {}, Path(order["database"])
    _listen(fault, tell)
    work = dict(order["work"])
    action = work.pop("action")
    if action == "run":
        finished = iter(range(1, 1 << 30))

        def progress(message: str) -> None:
            if message.startswith("dbt ") and next(finished) == fault.get("node"):
                _die()

        pipeline.run(database=database, inputs=Path(work.pop("inputs")), progress=progress, **work)
    elif action == "export":
        exports.export(database, out=Path(work.pop("out")), **work)
    else:
        close.act(action, database=database, **work)


def _listen(fault: dict[str, Any], tell: int) -> None:
    """Be told of every statement, and of the moment before the database is given back; die where the fault says."""
    from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper

    from orchestration import warehouse

    original, release = DuckDBCursorWrapper.execute, warehouse._release_duckdb
    seen, scripts = iter(range(1, 1 << 30)), iter(range(1, 1 << 30))

    def execute(self: Any, sql: str, bindings: Any = None) -> Any:
        number = next(seen)
        if fault.get("before_statement") == number:
            _die()
        if "begin;\n" in sql:
            os.write(tell, b"<script>")
            if next(scripts) == fault.get("before_script"):
                _die()
            if "within_script" in fault:
                return _one_by_one(self, sql, fault["within_script"])
            if "error_within_script" in fault:
                statements = sql.split(";\n")
                statements.insert(fault["error_within_script"], "select error('the statement failed')")
                sql = ";\n".join(statements)
        outcome = original(self, sql, bindings)
        if fault.get("after_statement") == number:
            _die()
        return outcome

    def give_back() -> None:
        os.write(tell, b"<closing>")
        release()

    DuckDBCursorWrapper.execute, warehouse._release_duckdb = execute, give_back
    if "call" in fault:
        _die_in(*fault["call"].split(":"), fault.get("after_calls", 0))


def _one_by_one(cursor: Any, script: str, last: int) -> Any:
    """What DuckDB does with a script, with a place to die between any two statements."""
    import duckdb

    statements = duckdb.extract_statements(script)
    for number, statement in enumerate(statements):
        if number == last % (len(statements) + 1):
            _die()
        cursor._cursor.execute(statement)
    _die()


def _die_in(module: str, owner: str, method: str, after: int) -> None:
    home = importlib.import_module(module)
    home = getattr(home, owner) if owner else home
    original, calls = getattr(home, method), iter(range(1 << 30))

    def dying(*args: Any, **options: Any) -> Any:
        if next(calls) == after:
            _die()
        return original(*args, **options)

    setattr(home, method, dying)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)  # until the signal is there


class Nursery:
    """The process, for a test: `send_out` gives an order and waits for the answer."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            # Warnings are about semaphores of children that were killed.
            [sys.executable, "-W", "ignore", "-m", "tests.faults.nursery"],
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == {"ready": True}

    def send_out(self, database: Path, work: dict[str, Any], fault: dict[str, Any] | None = None) -> dict[str, Any]:
        """Have one child do it, and how it ended."""
        [ended] = self.send_out_together([{"database": str(database), "work": work, "fault": fault}])
        return ended

    def send_out_together(self, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Have as many children as there are orders at work at once."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(orders) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery is gone"
        return json.loads(line)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


if __name__ == "__main__":
    main()
