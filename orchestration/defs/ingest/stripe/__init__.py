"""Stripe to `raw_stripe`: read-only, API version 2026-10-28.endive; a restricted key that can read is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlt.extract import DltSource

    from orchestration.defs.ingest.history import Run
    from orchestration.defs.ingest.settings import Settings


def source(settings: Settings, run: Run | None = None) -> DltSource:
    """The dlt source: one resource per raw table. `run` collects what was found; by default nobody asks."""
    from orchestration.defs.ingest.stripe.reader import resources

    return resources(settings, run)
