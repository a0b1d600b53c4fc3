"""Every raw table as an asset, loaded by the code the command line uses.

Keys are those of the dbt sources, so the graph is one piece from the systems to the reports.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration import pipeline, warehouse
from orchestration.defs.warehouse.assets import manifest
from orchestration.defs.warehouse.books import POOL, Books


def _specs(source: str, kinds: set[str]) -> list[dg.AssetSpec]:
    tables = [node for node in manifest()["sources"].values() if node["source_name"] == source]
    return [
        dg.AssetSpec(
            [source, table["name"]], description=table["description"] or None, group_name="ingest", kinds=kinds
        )
        for table in sorted(tables, key=lambda table: table["name"])
    ]


def _system_asset(system: str) -> dg.AssetsDefinition:
    @dg.multi_asset(specs=_specs(f"raw_{system}", {"dlt", "duckdb"}), name=f"ingest_{system}", pool=POOL)
    def ingest(context: dg.AssetExecutionContext, books: Books) -> Iterator[Any]:
        with books.writing() as database, books.settings() as settings:
            pipeline.keep_apart(database, demo=books.is_demo)
            if system in settings:
                pipeline.ingest(database, {system: settings[system]}, books.progress(context))
            else:
                context.log.info(f"{system} is not configured: its tables stay as they are")
            yield from _results(context, database)

    return ingest


@dg.multi_asset(specs=_specs("raw_file_drop", {"dlt", "csv"}), name="ingest_file_drop", pool=POOL)
def ingest_file_drop(context: dg.AssetExecutionContext, books: Books) -> Iterator[Any]:
    """The folder of REVREC_INPUTS, or the demo company's reference data."""
    folder = pipeline.DEMO_INPUTS if books.is_demo else books.inputs
    with books.writing() as database:
        pipeline.keep_apart(database, demo=books.is_demo)
        if folder:
            pipeline.load_files(folder, database, books.progress(context))
        yield from _results(context, database)


def _results(context: dg.AssetExecutionContext, database: Any) -> Iterator[Any]:
    with warehouse.connect(database) as connection:
        for key in sorted(context.selected_asset_keys):
            schema, table = key.path
            [[rows]] = connection.execute(f'select count(*) from "{schema}"."{table}"').fetchall()  # noqa: S608
            yield dg.MaterializeResult(key, metadata={"dagster/row_count": rows})


def _state() -> list[dg.AssetSpec]:
    """Tables that the macros of macros/ops/ write: read by models, built by no op."""
    sources = [node for node in manifest()["sources"].values() if not node["source_name"].startswith("raw_")]
    return [
        dg.AssetSpec(
            [node["source_name"], node["name"]], description=node["description"] or None, group_name=node["source_name"]
        )
        for node in sources
    ]


INGEST_ASSETS = [*_state(), *(_system_asset(system) for system in pipeline.SYSTEMS), ingest_file_drop]
