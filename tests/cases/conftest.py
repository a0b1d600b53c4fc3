"""One build of every oracle case, shared by the tests that read it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from orchestration import pipeline

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every case, and how long the run took, for the reader of the log."""
    database = tmp_path_factory.mktemp("cases") / "cases.duckdb"
    started = time.monotonic()
    pipeline.run(inputs=HERE / "inputs", database=database, as_of="2037-12-31", through="2037-12", full_refresh=True)
    print(f"all cases loaded and built in {time.monotonic() - started:.0f} s")
    return database
