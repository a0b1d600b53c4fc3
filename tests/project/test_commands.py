"""The command line: what a person sees, and the exit code a script sees."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from project import tiny
from project.tiny import TinyBooks

from orchestration import pipeline, summary, warehouse
from orchestration.errors import ConfigurationError

Command = Callable[..., subprocess.CompletedProcess[str]]
SECRET = "sk_live_51NoOneMaySeeThis"  # noqa: S105


@pytest.fixture
def revrec(project_root: Path, tmp_path: Path) -> Command:
    """`revrec("run", …)` as a process of its own, in an empty directory."""

    def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "orchestration.cli", *arguments],
            env={**os.environ, "PYTHONPATH": str(project_root), **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return call


def test_help_names_every_command_without_importing_the_engine(project_root: Path) -> None:
    script = (
        "import sys; from orchestration.cli import _exit_code; code = _exit_code(['--help']); "
        "heavy = {'dbt', 'duckdb', 'dlt', 'dagster', 'pandas', 'great_expectations'} & set(sys.modules); "
        "sys.exit(f'{code} {heavy}' if code or heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=project_root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for command in ("run", "status", "review"):
        assert f"  {command} " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["flop"], "No such command 'flop'"),
        (["run", "--flop"], "No such option: --flop"),
        (["run", "--through"], "'--through' requires an argument"),
        (["run", "--demo", "--through", "2025-13"], "'2025-13' is not a period"),
        (["run", "--demo", "--as-of", "yesterday"], "'yesterday' is not a moment"),
        (["run", "--demo", "--inputs", "."], "leave out --inputs"),
        (["run", "--inputs", "nowhere"], "nowhere is not a folder"),
        (["run", "--source", "quickbooks", "--database", "x.duckdb"], "quickbooks"),
        (["run", "--source", "stripe", "--database", "x.duckdb"], "STRIPE_API_KEY"),
        (["run", "--database", "x.duckdb"], "does not exist yet"),
        (["run", "--demo", "--database", "."], "is a directory"),
        (["status", "--database", "x.duckdb"], "does not exist"),
        (["review", "--database", "x.duckdb"], "does not exist"),
    ],
)
def test_bad_usage_is_one_sentence_and_exit_code_2(revrec: Command, arguments: list[str], sentence: str) -> None:
    done = revrec(*arguments, STRIPE_API_KEY="")
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.startswith("revrec: ") and done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_bad_usage_leaves_no_database_behind(revrec: Command, tmp_path: Path) -> None:
    revrec("run", "--source", "stripe", "--database", "x.duckdb", STRIPE_API_KEY="")
    revrec("status", "--database", "x.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_said_so(revrec: Command, tmp_path: Path) -> None:
    (tmp_path / "x.duckdb").write_text("entity_id,entity_name\n")
    done = revrec("status", "--database", "x.duckdb")
    assert done.returncode == 2 and "is not a DuckDB file" in done.stderr


def test_a_secret_is_never_printed_or_logged(revrec: Command, project_root: Path, tmp_path: Path) -> None:
    # Port 9 (discard) answers nothing: the load fails with the key in hand.
    done = revrec(
        *("run", "--source", "stripe", "--database", str(tmp_path / "revrec.duckdb")),
        STRIPE_API_KEY=SECRET,
        STRIPE_BASE_URL="http://127.0.0.1:9",
    )
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    written = [path for folder in (tmp_path, project_root / ".revrec") for path in folder.rglob("*") if path.is_file()]
    leaks = [str(path) for path in written if SECRET.encode() in path.read_bytes()]
    assert SECRET not in done.stdout + done.stderr and leaks == []


def test_a_secret_inside_a_librarys_message_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.printing import without_secrets

    monkeypatch.setenv("STRIPE_API_KEY", SECRET)
    assert without_secrets(f"GET /v1/invoices?key={SECRET} failed") == "GET /v1/invoices?key=<STRIPE_API_KEY> failed"


def test_a_second_writer_is_refused_and_told_which_process_is_first(revrec: Command, tmp_path: Path) -> None:
    database, inputs = tmp_path / "revrec.duckdb", tmp_path / "inputs"
    inputs.mkdir()
    with warehouse.writing(database):
        done = revrec("run", "--inputs", str(inputs), "--database", str(database))
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"revrec: {database} is in use by process {os.getpid()};")


def test_a_reader_that_keeps_the_file_open_is_named(revrec: Command, tmp_path: Path) -> None:
    database, inputs = tmp_path / "revrec.duckdb", tmp_path / "inputs"
    inputs.mkdir()
    duckdb.connect(str(database)).close()
    with duckdb.connect(str(database), read_only=True):
        done = revrec("run", "--inputs", str(inputs), "--database", str(database))
    assert done.returncode == 2 and f"is in use by process {os.getpid()}" in done.stderr


def test_a_killed_writer_leaves_the_file_free(project_root: Path, tmp_path: Path) -> None:
    database = tmp_path / "revrec.duckdb"
    script = (
        "import pathlib, sys, time; from orchestration import warehouse\n"
        "with warehouse.writing(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(database)], cwd=project_root, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(ConfigurationError, match=f"in use by process {holder.pid}"), warehouse.writing(database):
            pass
        holder.send_signal(signal.SIGKILL)
    with warehouse.writing(database):
        assert database.with_name("revrec.duckdb.lock").read_text() == str(os.getpid())


@pytest.mark.parametrize(
    ("as_of", "through", "expected"),
    [
        ("2026-01-05", None, ("2026-01-05 23:59:59", "2026-01")),
        ("2026-01-05 18:00", "2025-12", ("2026-01-05 18:00:00", "2025-12")),
        ("2026-01-05T18:00:00Z", None, ("2026-01-05 18:00:00", "2026-01")),
        ("2026-01-01T00:30:00+02:00", None, ("2025-12-31 22:30:00", "2025-12")),
    ],
)
def test_a_moment_is_utc_and_a_date_means_its_end(as_of: str, through: str | None, expected: tuple[str, str]) -> None:
    horizon = pipeline.Horizon.of(as_of, through)
    assert (horizon.as_of, horizon.through) == expected


def test_the_demo_company_has_a_present_of_its_own() -> None:
    assert pipeline.demo_horizon() == pipeline.Horizon("2026-01-05 23:59:59", "2025-12")
    assert pipeline.demo_horizon(as_of="2025-03-31") == pipeline.Horizon("2025-03-31 23:59:59", "2025-03")


def test_the_demo_company_never_meets_real_books(tmp_path: Path) -> None:
    inputs, real, demo = tiny.write_inputs(tmp_path / "inputs"), tmp_path / "real.duckdb", tmp_path / "demo.duckdb"
    for database in (real, demo):
        pipeline.declare(database)
    pipeline.load_files(inputs, real)
    pipeline.keep_apart(demo, demo=True)
    with pytest.raises(ConfigurationError, match="holds other books"):
        pipeline.run(demo=True, database=real)
    with pytest.raises(ConfigurationError, match="holds the demo company"):
        pipeline.run(inputs=inputs, database=demo)


def test_a_failed_build_names_its_nodes_and_counts_the_rest() -> None:
    nodes = [
        warehouse.NodeResult("test.a", "test", "debits_equal_credits", "fail", "Got 3 results", 0.1, 3),
        warehouse.NodeResult("model.b", "model", "journal_lines", "error", "Binder Error: no\n  such column x.", 0.1),
        *(warehouse.NodeResult(f"model.{i}", "model", f"m{i}", "skipped", "", 0.0) for i in range(4)),
    ]
    assert str(warehouse.BuildFailed(warehouse.BuildResult(nodes))) == (
        "1 check failed: debits_equal_credits (3 rows). 1 node could not be built: journal_lines. "
        "The first says: Binder Error: no such column x. 4 nodes after them were skipped. "
        "`bin/revrec review` lists what to look at."
    )


def test_a_file_drop_gives_balanced_drafts(tiny_books: TinyBooks) -> None:
    database, done = tiny_books
    assert done.loaded == {"files": tiny.ROWS} and done.through == "2026-03"
    assert done.journal["entries"] > 0 and done.journal["unbalanced"] == 0
    assert {row["entity_id"] for row in done.rollforward} == {"acme"}
    with warehouse.connect(database) as connection:
        [[debit, credit]] = connection.execute("select sum(debit), sum(credit) from reports.journal_lines").fetchall()
    assert debit == credit > 0


def test_the_rejected_row_is_reported_with_its_place(tiny_books: TinyBooks) -> None:
    database, done = tiny_books
    assert [(row["table"], row["column"], row["rejections"]) for row in done.rejected] == [
        ("invoice_lines", "amount", 1)
    ]
    [rejected] = summary.review(database)["rejected_inputs"]
    assert rejected["row"] == "3" and rejected["value"] == "0.005"


def test_status_shows_the_same_books_on_one_screen(revrec: Command, tiny_books: TinyBooks) -> None:
    database, done = tiny_books
    plain = revrec("status", "--database", str(database))
    assert plain.returncode == 0 and "\x1b" not in plain.stdout
    assert len(plain.stdout.splitlines()) <= 40
    assert "acme" in plain.stdout and "debits = credits" in plain.stdout
    shown = json.loads(revrec("status", "--json", "--database", str(database)).stdout)
    assert shown["rollforward"] == done.as_json()["rollforward"]
    assert shown["journal"] == done.journal


def test_review_lists_every_rejected_row(revrec: Command, tiny_books: TinyBooks) -> None:
    done = revrec("review", "--database", str(tiny_books[0]))
    assert done.returncode == 0
    assert "reject file_drop invoice_lines, row 3, amount = 0.005" in done.stdout


def test_a_second_run_on_the_same_inputs_changes_nothing(tiny_books: TinyBooks) -> None:
    database, first = tiny_books
    again = pipeline.run(inputs=database.parent / "inputs", database=database, as_of="2026-03-31", through="2026-03")
    assert again.loaded == {"files": 0}
    assert again.rollforward == first.rollforward and again.journal == first.journal


def test_the_parsed_project_carries_the_name_of_the_file(own_dbt_target: None) -> None:
    """It is parsed for another name; a relation that kept it would be one of another database."""
    parsed = warehouse.manifest(Path("half-year.duckdb"))
    nodes = [*parsed.nodes.values(), *parsed.sources.values(), *parsed.functions.values()]
    assert {node.database for node in nodes} == {"half-year"}
    assert {node.relation_name.split(".")[0] for node in nodes if node.relation_name} == {'"half-year"'}


def test_a_damaged_file_is_said_to_be_damaged(revrec: Command, tmp_path: Path) -> None:
    database = tmp_path / "revrec.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table facts as select range as fact from range(1000); checkpoint")
        [(block,)] = connection.sql("select block_id from pragma_metadata_info()").fetchall()
    with database.open("r+b") as file:
        # Behind three headers of 4,096 bytes there are blocks of 262,144, which begin with their checksum.
        file.seek(3 * 4096 + block * 262_144)
        file.write(b"torn")
    for arguments in (["status"], ["run", "--inputs", str(tmp_path)]):
        done = revrec(*arguments, "--database", str(database))
        assert done.returncode == 2
        assert f"revrec: {database} is damaged (IO Error: Corrupt database file" in done.stderr
        assert "bin/revrec restore" in done.stderr


@pytest.mark.parametrize("moment", ["reading the dbt project", "dbt build"])
def test_a_run_that_is_told_to_end_ends_orderly(project_root: Path, tmp_path: Path, moment: str) -> None:
    database, inputs = tmp_path / "revrec.duckdb", tmp_path / "inputs"
    inputs.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "run", "--inputs", str(inputs), "--database", str(database)],
        cwd=project_root,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert any(line.strip() == moment for line in process.stderr)
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read()
    # Python ends by the signal itself where generated code was stopped; a shell calls both 130.
    assert process.returncode in (128 + signal.SIGINT, -signal.SIGINT)
    assert said.splitlines()[-1].startswith("revrec: stopped;")
    with warehouse.writing(database):
        pass
