"""The benchmarks' jobs on a small company: their results, never their times."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project.tiny import TinyBooks

from benchmarks import generate, measure, proofs, report, run
from benchmarks.rivals import __main__ as rivals
from benchmarks.rivals import obligations

# Three years of starts and the three years after them: every term is over.
COMPANY = generate.Company(obligations=999, periods=72, invoice_only=0.3)
Jobs = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("benchmark")


@pytest.fixture(scope="module")
def shape(tiny_books: TinyBooks) -> generate.Shape:
    """The input layer as the project builds it."""
    with duckdb.connect(str(tiny_books[0]), read_only=True) as connection:
        return generate.shape_of(connection)


@pytest.fixture(scope="module")
def built(shape: generate.Shape, folder: Path) -> Jobs:
    """A company, built; the file is `folder`/revrec.duckdb until the night."""
    return run.build_and_prove(COMPANY, folder, shape, repeat=1, step=measure.in_this_process)


def test_the_same_rows_come_out_every_time(shape: generate.Shape) -> None:
    with duckdb.connect() as connection:
        generate.write(COMPANY, connection, shape)
        totals = {
            table: connection.table(f"inputs.input_{table}").sum("amount_minor").fetchone()[0]
            for table in ("contract_lines", "usage", "invoice_lines", "credit_note_lines", "payments")
        }
    assert totals == {
        "contract_lines": 739_658_463,
        "usage": 111_796_400,
        "invoice_lines": 1_002_495_040,
        "credit_note_lines": 463_351,
        "payments": 942_102_954,
    }


def test_every_model_is_measured_and_every_proof_holds(built: Jobs) -> None:
    assert run.mistakes({"built": built}) == []
    measured = {node["name"] for node in built["nodes"]}
    assert {"schedule_segments", "ledger_postings", "draft_lines", "deferred_revenue_rollforward"} <= measured
    assert all(node["cpu"] > 0 for node in built["nodes"])
    sizes = built["tables"]
    assert sizes["engine.contracts"]["rows"] == COMPANY.contracts == 333
    assert sizes["engine.folded_invoices"]["rows"] > 0, "the invoices without a contract exercise the fold"
    assert sizes["engine.draft_lines"]["bytes"] > 0


@pytest.mark.parametrize("table", ["reports.recognition_by_period", "engine.draft_lines", "reports.price_allocations"])
def test_a_proof_fails_when_a_cent_is_gone(built: Jobs, folder: Path, tmp_path: Path, table: str) -> None:
    column = "debit" if table.endswith("draft_lines") else "amount"
    wrong = shutil.copy(folder / "revrec.duckdb", tmp_path / "revrec.duckdb")
    with duckdb.connect(str(wrong)) as connection:
        # Of a line whose price and days the proofs know: its contract was never amended.
        query = """
            update {0} set {1} = {1} - 0.01 where rowid = (
                select min(changed.rowid)
                from {0} as changed
                inner join inputs.input_contract_lines as lines using (contract_id, line_id)
                where
                    changed.{1} > 0
                    and changed.entity_id <> 'eu'
                    and lines.product_id not in ('SETUP', 'USAGE')
                    and contract_id not in (select contract_id from inputs.input_contract_versions where version > 1)
            )
        """
        connection.execute(query.format(table, column))
    found = proofs.prove(str(wrong), str(COMPANY.last_on))
    assert sum(found.values()) > 0


def test_a_night_gives_what_a_full_refresh_gives_and_a_second_build_nothing(built: Jobs, folder: Path) -> None:
    after = run.night(COMPANY, folder, measure.in_this_process)
    assert after["contracts"] == 4 and after["tables"] > 50
    assert after["differ_from_full_refresh"] == [] and after["changed_by_nothing"] == []


def test_a_wrong_result_is_said_in_a_sentence() -> None:
    figures = {
        "built": {"proofs": {"every entry has equal debits and credits": 2, "the trial balance balances": 0}},
        "night": {"differ_from_full_refresh": ["reports.journal_lines"], "changed_by_nothing": ["engine.contracts"]},
    }
    assert run.mistakes(figures) == [
        "Not so (2 rows): every entry has equal debits and credits.",
        "After a night reports.journal_lines is not what a full refresh gives.",
        "Building again changed engine.contracts.",
    ]


def test_the_report_takes_dbts_own_share_off(tmp_path: Path) -> None:
    node = {"name": "journal_lines", "schema": "reports", "seconds": 9.0}
    size = {"reports.journal_lines": {"rows": 1000, "bytes": 5_000_000}}
    built = {
        "cpu": 30.0,
        "wall": 25.0,
        "peak_rss": 1e9,
        "copy_cpu": 11.0,
        "tables": size,
        "nodes": [node | {"cpu": 21.0}],
    }
    overhead = {"cpu": 8.0, "copy_cpu": 1.0, "nodes": [node | {"cpu": 1.0}]}
    figures = {"company": COMPANY, "repeat": 1, "built": built, "overhead": overhead}
    row = report.summary(figures)
    assert (row["sql_cpu"], row["copy_cpu"], row["ratio"]) == (22.0, 10.0, 2.2)
    assert "| journal_lines | 20.00 | 100% |  | 9.0 | 1,000 | 5.0 |" in report.markdown(figures)
    for _ in range(2):
        report.append(figures, tmp_path / "results.csv")
    assert len((tmp_path / "results.csv").read_text().splitlines()) == 3


@pytest.mark.parametrize("name", sorted(set(rivals.RIVALS) - {"closed_form"}))
def test_every_rival_recognises_what_the_closed_form_does(name: str, tmp_path: Path) -> None:
    pytest.importorskip(rivals.NEEDS.get(name, "duckdb"), reason="the rival's package is not installed here")
    file = tmp_path / "obligations.parquet"
    obligations.write(file, 60)
    own = rivals.RIVALS["closed_form"](file)
    assert len(own) == 60 and own[-1][3] == 0 and sum(row[1] for row in own) == sum(row[2] for row in own) > 0
    assert rivals.mistakes(name, rivals.RIVALS[name](file), own) == []
