"""Two jobs: every night everything, and the close of a month."""

from datetime import timedelta

import dagster as dg

from orchestration.defs.warehouse.assets import dbt_books

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description="Ingest, build and check everything, with drafts through the current month.",
)

close = dg.define_asset_job(
    "close",
    selection=dg.AssetSelection.assets(dbt_books),
    description="Recompute one month's drafts, controls and reports from what is already loaded.",
)


@dg.schedule(job=nightly, cron_schedule="0 3 * * *", execution_timezone="UTC")
def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """At 03:00 UTC, with drafts for the month the night belongs to."""
    moment = context.scheduled_execution_time
    return dg.RunRequest(run_key=f"{moment:%Y-%m-%d}", partition_key=f"{moment:%Y-%m}")


@dg.schedule(job=close, cron_schedule="0 6 2 * *", execution_timezone="UTC")
def monthly_close(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """On the second day of a month, for the month before: what arrived on its last day has been loaded by then."""
    month = context.scheduled_execution_time.replace(day=1) - timedelta(days=1)
    return dg.RunRequest(run_key=f"close {month:%Y-%m}", partition_key=f"{month:%Y-%m}")


JOBS = [nightly, close]
SCHEDULES = [every_night, monthly_close]
