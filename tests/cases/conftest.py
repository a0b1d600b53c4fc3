"""One build of every oracle case, shared by the tests that read it."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def built(cases_database: Path) -> Path:
    """A database with every case."""
    return cases_database
