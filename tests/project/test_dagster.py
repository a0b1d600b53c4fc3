"""The asset graph: complete, in one piece, and giving the books the command line gives."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from project import tiny

from orchestration import warehouse
from orchestration.defs.quality import checks

MODEL_TYPES = ("model", "seed")
# What no model reads: seeds of the actions of people, and the index of controls, which auditors read.
READ_BY_PEOPLE = {"audit_log", "roles", "role_actions", "control_index"}


@pytest.fixture(scope="module")
def defs(own_dbt_target: None) -> dg.Definitions:
    from orchestration import definitions

    dg.Definitions.validate_loadable(definitions.defs)
    return definitions.defs


@pytest.fixture(scope="module")
def graph(defs: dg.Definitions) -> Any:
    return defs.resolve_asset_graph()


def nodes(manifest: dict[str, Any], *types: str) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] in types]


def test_the_groups_are_the_steps_of_the_standard(graph: Any, project_root: Path) -> None:
    folders = {path.name for path in (project_root / "models").iterdir() if any(path.rglob("*.sql"))}
    groups = {graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert groups - {"state", "ops"} == folders | {"ingest", "reference"}


def test_every_model_and_seed_is_an_asset(graph: Any, manifest: dict[str, Any]) -> None:
    expected = {
        (node["config"]["schema"], node["name"])
        for node in nodes(manifest, *MODEL_TYPES)
        if node["config"]["materialized"] != "ephemeral"
    }
    built = {tuple(key.path) for key in graph.get_all_asset_keys() if graph.get(key).group_name != "ingest"}
    assert expected - built == set()


def test_every_raw_table_is_an_asset_under_the_key_of_its_dbt_source(defs: dg.Definitions, tmp_path: Path) -> None:
    """The tables are those the loaders really declare, not those somebody listed."""
    from orchestration import pipeline

    database = tmp_path / "revrec.duckdb"
    pipeline.declare(database)
    with warehouse.connect(database) as connection:
        declared = connection.execute(
            "select table_schema, table_name from information_schema.tables where starts_with(table_schema, 'raw_')"
        ).fetchall()
    tables = {(schema, table) for schema, table in declared if not table.startswith("_dlt")}
    assets = {
        tuple(key.path) for key in defs.resolve_asset_graph().get_all_asset_keys() if key.path[0].startswith("raw_")
    }
    assert assets == tables


def test_the_graph_is_one_piece_from_the_systems_to_the_reports(graph: Any) -> None:
    """Only raw tables may stand alone, what a vendor sends and no model reads yet; and what actions and people read."""
    keys = graph.get_all_asset_keys()
    alone = {key for key in keys if not graph.get(key).child_keys and not graph.get(key).parent_keys}
    known = {key for key in alone if key.path[0] == "ops" or key.path[-1] in READ_BY_PEOPLE}
    assert {graph.get(key).group_name for key in alone - known} <= {"ingest"}
    journal = dg.AssetSelection.assets(dg.AssetKey(["reports", "journal_lines"])).upstream().resolve(graph)
    feeding = {key.path[0] for key in journal if key.path[0].startswith("raw_")}
    assert feeding == {"raw_file_drop", "raw_salesforce", "raw_stripe", "raw_gocardless"}


def test_every_data_test_of_a_model_is_an_asset_check(defs: dg.Definitions, manifest: dict[str, Any]) -> None:
    specs = [
        spec for asset in defs.assets or [] if isinstance(asset, dg.AssetsDefinition) for spec in asset.check_specs
    ]
    shown = {spec.metadata["dagster_dbt/unique_id"] for spec in specs}
    on_models = {
        node["unique_id"]
        for node in nodes(manifest, "test")
        if any(parent.split(".")[0] in MODEL_TYPES for parent in node["depends_on"]["nodes"])
    }
    assert on_models - shown == set()


def test_a_failed_expectation_blocks(graph: Any) -> None:
    specs = {key: graph.get_check_spec(key) for key in graph.asset_check_keys if key.name.startswith("expectations")}
    assert {key.asset_key.path[-1] for key in specs} == set(checks.SUITES)
    assert all(spec.blocking == (key.name == "expectations") for key, spec in specs.items())


def test_the_input_layer_knows_no_period(manifest: dict[str, Any]) -> None:
    """It is not partitioned by month: a table there that used `through` would mix two closes."""
    reads = re.compile(r"""var\(\s*['"]through['"]""")
    macros = {name for name, macro in manifest["macros"].items() if reads.search(macro["macro_sql"])}
    while callers := {
        name
        for name, macro in manifest["macros"].items()
        if name not in macros and macros.intersection(macro["depends_on"]["macros"])
    }:
        macros |= callers

    def knows(node: dict[str, Any]) -> bool:
        return bool(reads.search(node["raw_code"]) or macros.intersection(node["depends_on"]["macros"]))

    models = nodes(manifest, "model")
    assert any(knows(node) for node in models), "no model reads `through`: this test has gone blind"
    assert [node["name"] for node in models if node["fqn"][1][0] == "0" and knows(node)] == []


def test_the_books_are_partitioned_by_month(graph: Any) -> None:
    partitioned = {graph.get(key).group_name for key in graph.get_all_asset_keys() if graph.get(key).is_partitioned}
    assert partitioned and all(group[0] in "123456789" for group in partitioned)


def test_the_night_drafts_the_current_month_and_the_close_the_month_before(defs: dg.Definitions) -> None:
    context = dg.build_schedule_context(
        scheduled_execution_time=datetime(2026, 1, 2, 3, tzinfo=UTC), repository_def=defs.get_repository_def()
    )
    night = defs.resolve_schedule_def("every_night").evaluate_tick(context).run_requests
    close = defs.resolve_schedule_def("monthly_close").evaluate_tick(context).run_requests
    assert night is not None and [request.partition_key for request in night] == ["2026-01"]
    assert close is not None and [request.partition_key for request in close] == ["2025-12"]


def test_the_instance_lets_one_run_write_at_a_time(project_root: Path, tmp_path: Path) -> None:
    shutil.copy(project_root / "orchestration" / "dagster.yaml", tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        concurrency = instance.get_concurrency_config()
        assert concurrency.pool_config.default_pool_limit == 1
        assert concurrency.run_queue_config is not None and concurrency.run_queue_config.max_concurrent_runs == 1
        assert not instance.telemetry_enabled


@pytest.fixture(scope="module")
def nightly(
    defs: dg.Definitions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, dg.ExecuteInProcessResult]]:
    """The whole nightly job on the tiny file drop, in this process."""
    folder = tmp_path_factory.mktemp("nightly")
    database = folder / "revrec.duckdb"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REVREC_DATABASE", str(database))
        environment.setenv("REVREC_INPUTS", str(tiny.write_inputs(folder / "inputs")))
        result = defs.resolve_job_def("nightly").execute_in_process(
            partition_key=tiny.THROUGH,
            run_config={"resources": {"books": {"config": {"as_of": tiny.AS_OF}}}},
        )
        yield database, result


def test_the_nightly_job_materialises_every_table_and_evaluates_every_check(nightly: Any, graph: Any) -> None:
    _, result = nightly
    assert result.success
    built = {event.asset_key for event in result.get_asset_materialization_events()}
    assert {key for key in graph.get_all_asset_keys() if graph.get(key).is_executable} - built == set()
    evaluated = {evaluation.asset_check_key for evaluation in result.get_asset_check_evaluations()}
    assert set(graph.asset_check_keys) - evaluated == set()


def test_dagster_and_the_command_line_give_the_same_journal(nightly: Any, tiny_books: tiny.TinyBooks) -> None:
    def journal(database: Path) -> list[Any]:
        with warehouse.connect(database) as connection:
            return connection.execute("select * from reports.journal_lines order by all").fetchall()

    assert journal(nightly[0]) == journal(tiny_books[0]) != []


def change(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    """Put other rows in the place of an input table, which may be a view."""
    connection.execute(f"create table changed_{name} as {query.format(table=f'inputs.{name}')}")
    [[kind]] = connection.execute(
        "select table_type from information_schema.tables where table_schema = 'inputs' and table_name = ?", [name]
    ).fetchall()
    connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} inputs.{name}")
    connection.execute(f"create table inputs.{name} as from changed_{name}")


def test_expectations_find_what_would_give_wrong_numbers(nightly: Any, tmp_path: Path) -> None:
    database = tmp_path / "revrec.duckdb"
    shutil.copy(nightly[0], database)
    with duckdb.connect(str(database)) as connection:
        change(connection, "input_invoice_lines", "from {table} union all from {table}")
        change(connection, "input_invoices", "select * replace (lower(currency) as currency) from {table}")
    failed = {(each.table, each.rule.expectation) for each in checks.validate(database) if not each.passed}
    assert failed == {
        ("input_invoice_lines", "ExpectCompoundColumnsToBeUnique"),
        ("input_invoices", "ExpectColumnValuesToMatchRegex"),
    }


def test_nothing_is_computed_from_inputs_that_fail_an_expectation(
    nightly: Any, defs: dg.Definitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "revrec.duckdb"
    shutil.copy(nightly[0], database)
    with duckdb.connect(str(database)) as connection:
        change(connection, "input_entities", "from {table} union all from {table}")
    monkeypatch.setenv("REVREC_DATABASE", str(database))
    checked = dg.AssetSelection.checks_for_assets(dg.AssetKey(["inputs", "input_entities"]))
    contracts = dg.AssetSelection.groups("1_contracts")
    job = dg.define_asset_job("guarded", selection=checked | contracts)
    result = (
        dg.Definitions.merge(defs, dg.Definitions(jobs=[job]))
        .resolve_job_def("guarded")
        .execute_in_process(raise_on_error=False, partition_key=tiny.THROUGH)
    )
    assert not result.success
    assert result.get_asset_materialization_events() == []
