"""A credential is in the environment and in one header of a request: in no log, table, artefact or message."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration import demo_company
from orchestration.demo_company import CREDENTIALS, Faults
from orchestration.demo_company.web import Request, Response
from tests.ingesting import answering, stripe_list

WRONG = "sk_live_51WrongButSecret"
Ingest = Callable[..., subprocess.CompletedProcess[str]]

# `revrec run --source` as far as the build, its errors printed by the command line; then dbt reads the raw tables.
SCRIPT = """
import sys
from pathlib import Path
from orchestration import cli, pipeline, warehouse

def run(*, sources, database, **options):
    settings = pipeline.source_settings(sources)
    with warehouse.writing(database):
        pipeline.declare(database)
        loaded = pipeline.ingest(database, settings, options["progress"])
        warehouse.dbt("seed", database=database, select=["currencies"])
        warehouse.dbt("run", database=database, select=["stg_stripe__payments"], variables={"loaded": loaded})
    raise SystemExit(0)

pipeline.run = run
sys.exit(cli._exit_code(sys.argv[1:]))
"""


@pytest.fixture
def ingest(project_root: Path, tmp_path: Path) -> Ingest:
    """`run --source …` of the command line as a process of its own, which writes nothing but below tmp_path."""

    def call(*systems: str, **environment: str) -> subprocess.CompletedProcess[str]:
        sources = [word for system in systems for word in ("--source", system)]
        state = "import orchestration, pathlib; orchestration.STATE = pathlib.Path.cwd() / 'state'\n"
        return subprocess.run(
            [sys.executable, "-c", state + SCRIPT, "run", *sources, "--database", str(tmp_path / "books.duckdb")],
            env={
                **os.environ,
                "PYTHONPATH": str(project_root),
                "DBT_TARGET_PATH": str(tmp_path / "target"),
                **environment,
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return call


def leaks(folder: Path, *secrets: str) -> list[str]:
    """Every place below a folder that holds a secret: files, byte by byte, and the text columns of databases."""
    words = re.compile("|".join(map(re.escape, secrets)).encode())
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if words.search(path.read_bytes()):
            found.append(str(path))
        if path.suffix == ".duckdb":
            found += [f"{path.name} {where}" for where in in_tables(path, secrets)]
    return found


def in_tables(database: Path, secrets: tuple[str, ...]) -> list[str]:
    """A file of a database is compressed; its tables are not."""
    with duckdb.connect(str(database)) as connection:
        columns = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns where data_type = 'VARCHAR'"
        ).fetchall()
        assert len(columns) > 100
        return [
            f"{schema}.{table}.{column}"
            for schema, table, column in columns
            for secret in secrets
            if connection.execute(
                f'select count(*) from "{schema}"."{table}" where contains("{column}", ?)',  # noqa: S608
                [secret],
            ).fetchall()
            != [(0,)]
        ]


def environment_of(urls: dict[str, str]) -> dict[str, str]:
    return {
        "SALESFORCE_CLIENT_ID": CREDENTIALS["salesforce"]["client_id"],
        "SALESFORCE_CLIENT_SECRET": CREDENTIALS["salesforce"]["client_secret"],
        "STRIPE_API_KEY": CREDENTIALS["stripe"]["api_key"],
        "GOCARDLESS_ACCESS_TOKEN": CREDENTIALS["gocardless"]["access_token"],
        **{f"{system.upper()}_BASE_URL": url for system, url in urls.items()},
    }


def secrets_of(environment: dict[str, str]) -> list[str]:
    return [value for name, value in environment.items() if re.search("SECRET|KEY|TOKEN", name)]


def test_a_load_that_works_leaves_its_credentials_nowhere(ingest: Ingest, tmp_path: Path) -> None:
    with demo_company.running(demo_company.build_world(customers=1), Faults(limit_every=7, session_requests=5)) as urls:
        environment = environment_of(urls)
        done = ingest("salesforce", "stripe", "gocardless", **environment)
    assert done.returncode == 0, done.stderr
    secrets = secrets_of(environment)
    assert len(secrets) == 3
    assert [secret for secret in secrets if secret in done.stdout + done.stderr] == []
    assert leaks(tmp_path, *secrets) == []


def echoing(request: Request) -> Response:
    """A vendor that repeats what it was sent, in its error and in its data."""
    return Response(400, {"error": {"message": f"you sent {dict(request.headers)}"}})


def garbage(request: Request) -> Response:
    return stripe_list({"id": 7, "object": ["?"]}, {"nothing": None}) if "charges" in request.path else echoing(request)


def refusing(request: Request) -> Response:
    return Response(401, {"error": {"message": f"Invalid API Key provided: {WRONG}"}})


@pytest.mark.parametrize("answer", [echoing, garbage, refusing], ids=lambda answer: answer.__name__)
def test_a_load_that_fails_tells_no_secret(ingest: Ingest, tmp_path: Path, answer: Callable) -> None:
    with answering(answer) as (url, vendor):
        done = ingest("stripe", STRIPE_API_KEY=WRONG, STRIPE_BASE_URL=url)
        assert vendor.asked, "the vendor was asked"
    assert done.returncode in (1, 2), done.stderr
    assert done.stderr.splitlines()[-1].startswith("revrec: "), "one sentence, not a traceback"
    assert WRONG not in done.stdout + done.stderr
    assert leaks(tmp_path, WRONG) == []


def test_nobody_at_the_address_tells_no_secret(ingest: Ingest, tmp_path: Path) -> None:
    done = ingest("stripe", STRIPE_API_KEY=WRONG, STRIPE_BASE_URL="http://127.0.0.1:9")
    assert done.returncode == 1 and "cannot be reached" in done.stderr
    assert WRONG not in done.stdout + done.stderr
    assert leaks(tmp_path, WRONG) == []


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    """A search that finds nothing anywhere would prove nothing."""
    (tmp_path / "a.log").write_text(f"key={WRONG}")
    with duckdb.connect(str(tmp_path / "books.duckdb")) as connection:
        for number in range(101):
            connection.execute(f"create table t{number} as select '{WRONG}' as value from range({number == 3:d})")  # noqa: S608
    assert {place.split("/")[-1] for place in leaks(tmp_path, WRONG)} >= {"a.log", "books.duckdb main.t3.value"}
