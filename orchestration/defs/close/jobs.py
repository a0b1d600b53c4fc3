"""Two jobs: every night everything, and the close of a month."""

import dagster as dg

from orchestration.defs.warehouse.assets import dbt_close
from orchestration.defs.warehouse.books import MONTHS

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    partitions_def=MONTHS,
    description="Ingest, build and check everything, with drafts through the current month.",
)

close = dg.define_asset_job(
    "close",
    selection=dg.AssetSelection.assets(dbt_close),
    partitions_def=MONTHS,
    description="Recompute one month's drafts, controls and reports from what is already loaded.",
)


@dg.schedule(job=nightly, cron_schedule="0 3 * * *", execution_timezone="UTC")
def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """At 03:00 UTC, for the month the night belongs to."""
    month = f"{context.scheduled_execution_time:%Y-%m}"
    return dg.RunRequest(run_key=f"{context.scheduled_execution_time:%Y-%m-%d}", partition_key=month)


# On the second day of a month, for the month before: its last day's data has arrived by then.
monthly_close = dg.build_schedule_from_partitioned_job(close, day_of_month=2, hour_of_day=6, name="monthly_close")

JOBS = [nightly, close]
SCHEDULES = [every_night, monthly_close]
