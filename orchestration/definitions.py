"""The whole pipeline as one Dagster code location: `make dagster`.

One run is one process (DuckDB has one writer), and dagster.yaml lets one run at a time through the pool.
"""

from __future__ import annotations

import dagster as dg

from orchestration.defs.close.jobs import JOBS, SCHEDULES
from orchestration.defs.ingest.assets import INGEST_ASSETS
from orchestration.defs.quality.checks import INPUT_CHECKS
from orchestration.defs.warehouse.assets import DBT_ASSETS
from orchestration.defs.warehouse.books import Books

defs = dg.Definitions(
    assets=[*INGEST_ASSETS, *DBT_ASSETS],
    asset_checks=INPUT_CHECKS,
    jobs=JOBS,
    schedules=SCHEDULES,
    resources={"books": Books()},
    executor=dg.in_process_executor,
)
