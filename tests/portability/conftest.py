"""The six dialects, compiled offline once per session, and a Postgres server where its programs are installed."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.made_once import made_once
from tests.portability import journey
from tests.portability.rules import DIALECTS

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def played(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what DuckDB lived through (journey.play). Read it; never write to it."""
    return made_once(tmp_path_factory, "played", journey.play)


@pytest.fixture(scope="session")
def compiled(
    project_root: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, dict[str, Any]]:
    """dialect -> project -> nodes, statements and errors, as offline.py describes them.

    The projects are "main", this one, and "probe", which exercises the adapter macros and generic tests. Only what the
    collected tests ask for is compiled, once for all processes of the session: each of them collects the same tests.
    """
    tests = [item for item in request.session.items if "compiled" in getattr(item, "fixturenames", [])]
    asked = {value for item in tests for name, value in item.callspec.params.items() if name in ("dialect", "engine")}
    folders = {"main": project_root, "probe": HERE / "probe"}
    projects = [f"{name}={folders[name]}" for name in {item.module.PROJECT for item in tests}]

    def compile_for(dialects: list[str], work: Path) -> None:
        command = [sys.executable, HERE / "offline.py", project_root / "profiles.example.yml", work / dialects[0]]
        done = subprocess.run(
            [*command, ",".join(dialects), *projects],
            cwd=project_root,
            env=os.environ | {"PYTHONPATH": str(project_root)},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    halves = [dialects for dialects in (DIALECTS[:3], DIALECTS[3:]) if asked.intersection(dialects)]
    halves = [[dialect for dialect in half if dialect in asked] for half in halves]

    def make(work: Path) -> None:
        with ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(compile_for, halves, [work] * len(halves)))

    work = made_once(tmp_path_factory, "offline", make)
    return {
        dialect: json.loads((work / half[0] / f"{dialect}.json").read_text()) for half in halves for dialect in half
    }


def postgres_programs() -> Path | None:
    """The folder of a Postgres server's programs: on the PATH, or where Debian puts them."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "postgres").exists()), None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A connection to a Postgres server of our own: a socket in a temporary folder, stopped and removed afterwards."""
    import psycopg2

    programs = postgres_programs()
    assert programs is not None, "ask for this fixture only where postgres_programs() finds a server"
    # Postgres refuses to run as root.
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    folder = Path(tempfile.mkdtemp(prefix="revrec-pg-"))
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = str(folder / "data")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c jit=off"

    def run(program: str, *arguments: str) -> None:
        command = [programs / program, *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **identity)

    run("initdb", "-D", data, "--auth=trust", "--username=revrec", "--encoding=UTF8", "--locale=C", "--no-sync")
    run("pg_ctl", "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        run("createdb", "-h", str(folder), "-U", "revrec", "revrec")
        connection = psycopg2.connect(host=str(folder), user="revrec", dbname="revrec")
        connection.autocommit = True
        yield connection
        connection.close()
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)
