"""Several dbt commands in one process, because starting dbt and reading the project costs more than most of them:

    python -m tests.portability.engines.dbt_commands <commands.json>

The file holds a list of command lines and the arguments that they share. Stops at the first that fails, with dbt's own
words and exit code 1.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from orchestration.thrift import thrifty

ROOT = Path(__file__).parents[3]
# dbt formats every debug event for its log file: an eighth of a build.
QUIET = ["--log-level", "warn", "--log-level-file", "none", "--no-use-colors"]


def common(target: str, work: Path, variables: dict[str, str]) -> list[str]:
    """The same for every command, or dbt would read the project anew."""
    folders = ["--project-dir", str(ROOT), "--profiles-dir", str(work), "--target-path", str(work / "target")]
    return ["--target", target, "--vars", json.dumps(variables), *folders, "--log-path", str(work), *QUIET]


def run_apart(
    target: str, work: Path, variables: dict[str, str], commands: list[list[str]], **environment: str
) -> None:
    """The commands in a process of their own; fails with what dbt said."""
    (work / "commands.json").write_text(json.dumps([commands, common(target, work, variables)]))
    done = subprocess.run(
        [sys.executable, "-m", "tests.portability.engines.dbt_commands", work / "commands.json"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def run(commands: list[list[str]], shared: list[str]) -> list[Any]:
    """Every result of the commands; the first failure stops with RuntimeError or what dbt raised.

    The project is read once. dbt writes into what it runs, so of several builds each wants a call of its own.
    """
    from dbt.cli.main import dbtRunner

    with thrifty():
        read, results = dbtRunner().invoke(["parse", *shared]), []
    for command in commands:
        with thrifty():
            outcome = dbtRunner(manifest=read.result).invoke([*command, *shared])
        if outcome.exception:
            raise outcome.exception
        found = list(getattr(outcome.result, "results", []))
        wrong = [row for row in found if str(row.status) not in ("success", "pass", "warn", "no-op")]
        if wrong or not outcome.success:
            reasons = [f"{getattr(row, 'node', row).unique_id}: {row.message}" for row in wrong]
            raise RuntimeError("\n".join([f"dbt {command[0]} {command[1]} failed", *reasons[:10]]))
        results += found
    return results


if __name__ == "__main__":
    run(*json.loads(Path(sys.argv[1]).read_text()))
