"""GoCardless to `raw_gocardless`: read-only, API version 2015-07-06."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlt.extract import DltSource

    from orchestration.defs.ingest.history import Run
    from orchestration.defs.ingest.settings import Settings


def source(settings: Settings, run: Run | None = None) -> DltSource:
    """The dlt source: one resource per raw table. `run` collects what was found; by default nobody asks."""
    from orchestration.defs.ingest.gocardless.reader import resources

    return resources(settings, run)
