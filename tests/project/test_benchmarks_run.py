"""The benchmarks' jobs on a small company: their results, never their times."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from project.tiny import TinyBooks

from benchmarks import generate, jobs, measure, proofs, report, results, run

# Few of 333 contracts have begun by the month that is closed: enough change for some of their drafts to be posted.
SHARES = {"30%": 300}
# Three years of starts and the three years after them: every term is over.
COMPANY = generate.Company(obligations=999, periods=72, invoice_only=0.3, foreign=0.05)


@pytest.fixture(scope="module")
def shape(tiny_books: TinyBooks) -> generate.Shape:
    """The input layer as the project builds it."""
    with duckdb.connect(str(tiny_books[0]), read_only=True) as connection:
        return generate.shape_of(connection)


@pytest.fixture(scope="module")
def bench(shape: generate.Shape, tmp_path_factory: pytest.TempPathFactory) -> jobs.Bench:
    """A company whose jobs share one file, in the order of the tests; its second month is closed."""
    folder = tmp_path_factory.mktemp("benchmark")
    bench = jobs.Bench(COMPANY, folder, shape, measure.in_this_process, closing=2, ledger_lines=20_000, shares=SHARES)
    # What dbt takes is not taken off here: times are not looked at, and another build would take as long as this one.
    bench.overhead = {"cpu": 0.0, "copy_cpu": 0.0, "nodes": []}
    return bench


def figures_of(bench: jobs.Bench, job: str) -> dict[str, float]:
    return {one.measure: one.value for one in bench.found if one.job == job}


def test_the_same_rows_come_out_every_time(shape: generate.Shape) -> None:
    with duckdb.connect() as connection:
        generate.write(COMPANY, connection, shape)
        totals = {
            table: connection.table(f"inputs.input_{table}").sum("amount_minor").fetchone()[0]
            for table in ("contract_lines", "usage", "invoice_lines", "credit_note_lines", "payments")
        }
        counts = {
            "amended": connection.sql("from inputs.input_contract_versions where version = 2"),
            "foreign": connection.sql(
                "from inputs.input_contracts inner join inputs.input_entities using (entity_id)"
                " where currency <> functional_currency"
            ),
            "credited": connection.table("inputs.input_credit_notes"),
        }
        found = {name: len(rows) for name, rows in counts.items()}
    assert totals == {
        "contract_lines": 921_412_353,
        "usage": 111_796_400,
        "invoice_lines": 1_002_495_040,
        "credit_note_lines": 371_020,
        "payments": 942_102_954,
    }
    assert found == {"amended": 44, "foreign": 6, "credited": 5}


def test_every_model_is_measured_and_every_proof_holds(bench: jobs.Bench) -> None:
    jobs.full_build(bench)
    assert bench.wrong == []
    measured = {node["name"] for node in bench.built["nodes"]}
    assert {"schedule_segments", "revenue_by_period", "draft_postings", "int_reports__liability_movements"} <= measured
    assert all(node["cpu"] > 0 for node in bench.built["nodes"])
    sizes = bench.built["tables"]
    assert sizes["engine.known_contracts"]["rows"] == COMPANY.contracts == 333
    assert sizes["engine.folded_invoices"]["rows"] > 0, "the invoices without a contract exercise the fold"
    assert sizes["engine.folded_contracts"]["rows"] > 0, "so do the amended contracts"
    assert sizes["engine.folded_currency"]["rows"] > 0, "and those in a foreign currency"
    assert figures_of(bench, "build")["rows"] == sum(size["rows"] for size in sizes.values()) > 0


def test_dbts_own_time_is_by_node(bench: jobs.Bench, shape: generate.Shape, tmp_path: Path) -> None:
    smallest = jobs.Bench(COMPANY, tmp_path, shape, measure.in_this_process)
    smallest.overhead = bench.built
    jobs.dbt_itself(smallest)
    assert figures_of(smallest, "dbt")["nodes"] == len(bench.built["nodes"]) > 200


@pytest.mark.parametrize(
    ("table", "column", "rows"),
    [
        ("engine.draft_postings", "amount_minor", "role = 'revenue'"),
        ("engine.draft_postings", "amount_minor", "role = 'deferred_revenue'"),
        ("engine.int_reports__price_shares", "allocated_minor", "component = 'fixed'"),
    ],
)
def test_a_proof_fails_when_a_cent_is_gone(
    bench: jobs.Bench, tmp_path: Path, table: str, column: str, rows: str
) -> None:
    wrong = shutil.copy(bench.database, tmp_path / "revrec.duckdb")
    with duckdb.connect(str(wrong)) as connection:
        # Of a line whose price and days the proofs know: its contract was never amended.
        query = f"""
            update {table} set {column} = {column} - 1 where rowid = (
                select min(changed.rowid)
                from {table} as changed
                inner join engine.posting_lines using (contract_key, line_key)
                inner join engine.posting_parties as parties using (contract_key)
                where
                    changed.{rows}
                    and parties.entity_id <> 'eu'
                    and product_id not in ('SETUP', 'USAGE')
                    and parties.contract_id in (select contract_id from inputs.input_contracts)
                    and parties.contract_id not in (
                        select contract_id from inputs.input_contract_versions where version > 1
                    )
            )
        """  # noqa: S608
        [[changed]] = connection.execute(query).fetchall()
        assert changed == 1
    found = proofs.prove(str(wrong), str(COMPANY.last_on))
    assert sum(found.values()) > 0


def test_every_check_of_a_build_passes_and_one_that_does_not_is_named(bench: jobs.Bench, tmp_path: Path) -> None:
    jobs.checks_of_a_build(bench)
    assert bench.wrong == []
    assert figures_of(bench, "checks")["checks"] > 250
    wrong = shutil.copy(bench.database, tmp_path / "revrec.duckdb")
    with duckdb.connect(str(wrong)) as connection:
        connection.execute(
            "update engine.revenue_by_period set amount_minor = amount_minor + 1"
            " where rowid = (select min(rowid) from engine.revenue_by_period)"
        )
    found = measure.in_this_process("checks", database=str(wrong), through=bench.company.through)
    assert "daily_revenue_adds_up_to_the_month" in found["failed"]


def test_days_add_up_to_their_months(bench: jobs.Bench) -> None:
    jobs.daily_table(bench)
    jobs.days_of_one_period(bench)
    assert bench.wrong == []
    assert figures_of(bench, "daily table")["daily rows"] > 100_000


def test_a_month_is_approved_posted_and_locked_by_the_functions_of_the_command_line(bench: jobs.Bench) -> None:
    jobs.close_of_one_period(bench)
    assert bench.wrong == []
    with duckdb.connect(bench.database, read_only=True) as connection:
        said = connection.sql(
            "select action, count(*) from ops.audit_log where actor <> 'dbt' group by all order by all"
        )
        posted = connection.sql("select count(distinct posting_period_no) from ops.posted_journal_lines").fetchone()
        assert dict(said.fetchall()).keys() == {"approve", "post", "lock"}
    assert posted == (2,)
    figures = figures_of(bench, "close of one period")
    least = ("share of writing its lines once", "share of hashing its lines once")
    assert all(0 < figures[share] < figures["share of the full build"] for share in least)


def test_a_night_leaves_what_a_full_refresh_gives_and_every_contract_is_proved(bench: jobs.Bench) -> None:
    jobs.nights(bench)
    assert bench.wrong == []
    assert figures_of(bench, "night, 30% changed")["contracts changed"] == 221
    assert figures_of(bench, "checks, 30% changed")["checks"] > 250
    assert figures_of(bench, "prove every contract")["contracts"] >= COMPANY.contracts
    assert figures_of(bench, "night, 0% changed")["share of reading its inputs once"] > 0


def test_a_contract_whose_ledger_is_not_its_target_is_found(bench: jobs.Bench, tmp_path: Path) -> None:
    wrong = shutil.copy(bench.database, tmp_path / "revrec.duckdb")
    with duckdb.connect(str(wrong)) as connection:
        # A cent that moves to the next month changes no sum of the contract.
        connection.execute(
            "update ops.posted_journal_lines set accounting_period_no = accounting_period_no + 1"
            " where rowid = (select min(rowid) from ops.posted_journal_lines where amount_minor > 0)"
        )
    assert measure.in_this_process("compare", database=str(wrong))["differ"] == 1


def test_a_nights_drafts_are_appended_to_an_enlarged_ledger(bench: jobs.Bench) -> None:
    jobs.append_to_a_large_ledger(bench)
    assert bench.wrong == []
    assert figures_of(bench, "append")["lines in the ledger"] == 20_000
    assert figures_of(bench, "append")["lines appended"] > 0


def test_a_wrong_result_is_said_and_not_noted(
    shape: generate.Shape, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(bench: jobs.Bench) -> None:
        bench.note("build", "SQL CPU / F", 1.0)
        bench.must(False, "Not so.")

    monkeypatch.setitem(jobs.JOBS, "build", wrong)
    found = jobs.Bench(COMPANY, tmp_path, shape, measure.in_this_process)
    assert run.run_one(found, ["build"], tmp_path / "results.csv") == ["Not so."]
    assert not (tmp_path / "results.csv").exists()


def test_figures_are_kept_and_shown_with_their_targets(bench: jobs.Bench, tmp_path: Path) -> None:
    file, page, picture = (tmp_path / name for name in ("results.csv", "page.md", "growth.svg"))
    marks = ("results", "features", "rivals", "models")
    page.write_text("".join(f"<!-- {mark} -->\n<!-- end of {mark} -->\n" for mark in marks))
    usual = generate.Company(0).features
    for size, cpu in ((1_000_000, 600.0), (10_000_000, 6_600.0)):
        built = {"SQL CPU s": cpu, "F, CPU s": cpu / 2.5, "SQL CPU / F": 2.5, "bytes per obligation": 500.0}
        results.append([results.result("build", size, usual, *pair) for pair in built.items()], 1, file)
    results.append_models("build", 10_000_000, usual, bench.models["build"], file)
    results.append(results.growth(results.read(file), 10_000_000, usual), 1, file)
    report.write(file, page, picture)
    lines = [row.rpartition(" |")[0].rpartition(" |")[0] for row in page.read_text().splitlines()]
    assert "| build | 10,000,000 | SQL CPU / F | ≤ 3 | 2.5 | yes" in lines
    assert "| build | 10,000,000 | bytes per obligation | ≤ 400 | 500 | no" in lines
    assert "| growth | 10,000,000 | CPU / CPU of a tenth | ≤ 10.5 | 11 | no" in lines
    assert picture.read_text().count("<circle") == 4
    assert len(results.read(results.models_of(file))) == len(bench.built["nodes"])
