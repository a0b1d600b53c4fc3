"""Every dbt model, seed and test in the asset graph, built by two ops over `orchestration.warehouse`.

The input layer is an op of its own so that its expectations can stop the rest. It knows no period; from the contracts
on, every table is computed for the month that drafts are made for, and is partitioned by it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import takewhile
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from orchestration import pipeline, warehouse
from orchestration.defs.warehouse.books import MONTHS, POOL, Books


class Translator(DagsterDbtTranslator):
    """Groups are the folders: the steps of the standard."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return "reference" if dbt_resource_props["resource_type"] == "seed" else dbt_resource_props["fqn"][1]


TRANSLATOR = Translator()


@cache
def manifest() -> dict[str, Any]:
    """dbt's manifest as Dagster reads it; parsed for the same file name as the runs will use."""
    parsed = warehouse.manifest(warehouse.database_path()).writable_manifest().to_dict(omit_none=False)
    _present_tests(parsed)
    return parsed


def _present_tests(parsed: dict[str, Any]) -> None:
    """What dbt does not tell Dagster: what a test is for, and which table a test over several of them belongs to."""
    for node in parsed["nodes"].values():
        if node["resource_type"] != "test":
            continue
        node["meta"] = {**node.get("meta", {}), "description": node["description"] or _leading_comment(node)}
        read = [parsed["nodes"][parent] for parent in node["depends_on"]["nodes"] if parent in parsed["nodes"]]
        if len(read) > 1 and not node.get("attached_node"):
            # The last one: it is built when all others are.
            last = max(read, key=lambda parent: (parent["resource_type"] == "model", parent["fqn"]))
            node["config"].setdefault("meta", {}).setdefault("dagster", {})["ref"] = {"name": last["name"]}


def _leading_comment(node: Mapping[str, Any]) -> str | None:
    lines = takewhile(lambda line: line.startswith("--"), node["raw_code"].splitlines())
    return " ".join(line.removeprefix("--").strip() for line in lines) or None


def _steps(digits: str) -> str:
    """The dbt selection of the folders whose number is one of the digits."""
    folders = {node["fqn"][1] for node in manifest()["nodes"].values() if node["resource_type"] == "model"}
    return " ".join(f"fqn:revrec.{folder}" for folder in sorted(folders) if folder[0] in digits)


INPUTS, BOOKS = f"resource_type:seed {_steps('0')}", _steps("123456789")


@dbt_assets(manifest=manifest(), select=INPUTS, name="dbt_inputs", dagster_dbt_translator=TRANSLATOR, pool=POOL)
def dbt_inputs(context: dg.AssetExecutionContext, books: Books) -> Iterator[Any]:
    """Reference seeds, UDFs, staging and the input layer."""
    yield from build(context, books, f"{INPUTS} resource_type:function")


@dbt_assets(
    manifest=manifest(),
    select=BOOKS,
    name="dbt_books",
    dagster_dbt_translator=TRANSLATOR,
    pool=POOL,
    partitions_def=MONTHS,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def dbt_books(context: dg.AssetExecutionContext, books: Books) -> Iterator[Any]:
    """From contracts to reports, with drafts through the partition's month."""
    yield from build(context, books, BOOKS)


DBT_ASSETS = (dbt_inputs, dbt_books)


def build(context: dg.AssetExecutionContext, books: Books, selection: str) -> Iterator[Any]:
    """dbt build of what the run selected; every node's result becomes an event, then a failure stops the run."""
    with books.writing() as database:
        try:
            result = pipeline.build(
                database,
                books.horizon(context),
                select=_selected(context, selection),
                # A test that also reads a later op's tables runs there, not here.
                arguments=["--indirect-selection", "buildable"],
                progress=books.progress(context),
            )
            failure = None
        except warehouse.BuildFailed as error:
            result, failure = error.result, error
    yield from _events(context, result)
    if failure:
        raise dg.Failure(str(failure), allow_retries=False) from failure


def _selected(context: dg.AssetExecutionContext, selection: str) -> list[str]:
    if not context.is_subset:
        return selection.split()
    specs = [context.assets_def.get_asset_spec(key) for key in context.selected_asset_keys]
    specs += [context.assets_def.get_spec_for_check_key(key) for key in context.selected_asset_check_keys]
    nodes = [manifest()["nodes"][spec.metadata["dagster_dbt/unique_id"]] for spec in specs]
    return sorted(".".join(node["fqn"]) for node in nodes)


def _events(context: dg.AssetExecutionContext, result: warehouse.BuildResult) -> Iterator[Any]:
    keys = {
        context.assets_def.get_asset_spec(key).metadata["dagster_dbt/unique_id"]: key
        for key in context.selected_asset_keys
    }
    for node in result.nodes:
        if node.unique_id in keys and node.ok:
            yield dg.MaterializeResult(keys[node.unique_id], metadata={"seconds": round(node.seconds, 3)})
    for node in result.nodes:
        key = get_asset_check_key_for_test(manifest(), TRANSLATOR, node.unique_id, project=None)
        if key in context.selected_asset_check_keys and node.status != "skipped":
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=node.status == "pass",
                severity=dg.AssetCheckSeverity.WARN if node.status == "warn" else dg.AssetCheckSeverity.ERROR,
                metadata={"rows found": node.failures or 0, "seconds": round(node.seconds, 3)},
                description=node.message or None,
            )
