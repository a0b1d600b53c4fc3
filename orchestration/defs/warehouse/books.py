"""The books a Dagster run works on: which database, which sources, and what it may know."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration import close, pipeline, warehouse

POOL = "duckdb_writer"
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2024-01", fmt="%Y-%m", end_offset=1)


class Books(dg.ConfigurableResource):
    """Where a run reads and writes.

    The database is REVREC_DATABASE. The sources are the systems whose credentials are in the environment and the
    file drop of REVREC_INPUTS; with neither, the demo company. `as_of` (UTC) defaults to the moment the run was made,
    so that every step of a run knows the same.
    """

    as_of: str | None = None

    @property
    def database(self) -> Path:
        return warehouse.database_path()

    @property
    def systems(self) -> dict[str, Any]:
        """Settings of the systems that are configured."""
        from orchestration.defs.ingest.load import configured

        return configured()

    @property
    def inputs(self) -> Path | None:
        folder = os.environ.get("REVREC_INPUTS")
        return Path(folder).absolute() if folder else None

    @property
    def is_demo(self) -> bool:
        return not self.systems and self.inputs is None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Path]:
        """The database, held for writing; every raw table exists."""
        database = self.database
        with warehouse.writing(database):
            pipeline.declare(database)
            yield database

    @contextlib.contextmanager
    def settings(self) -> Iterator[Mapping[str, Any]]:
        """How to reach each configured system, or the demo company's services, started for the purpose."""
        if self.is_demo:
            with pipeline.demo_settings() as settings:
                yield settings
        else:
            yield self.systems

    def horizon(self, context: dg.AssetExecutionContext) -> pipeline.Horizon:
        """`through` is the last month of the run's partitions, if it has any. The caller holds the database."""
        through = max(context.partition_keys) if context.has_partition_key else None
        if self.is_demo:
            horizon = pipeline.demo_horizon(self.as_of, through)
        else:
            horizon = pipeline.Horizon.of(self.as_of or _created_at(context), through)
        return horizon if self.as_of else horizon.not_before(close.known_as_of(self.database), through)

    def progress(self, context: dg.AssetExecutionContext) -> Callable[[str], None]:
        """Steps go to the run's log; dbt's count of nodes does not, it would be hundreds of lines."""
        return lambda message: None if message.startswith("dbt ") else context.log.info(message)


def _created_at(context: dg.AssetExecutionContext) -> str:
    record = context.instance.get_run_record_by_id(context.run.run_id)
    moment = record.create_timestamp if record else datetime.now(UTC)
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
