"""Beacon Works, with January closed and February posted on top of what was learned late."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from close import company

from orchestration import close, pipeline
from tests.made_once import made_once


@pytest.fixture(scope="session")
def closed_books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January locked with what was known on 5 February; February posted, with five facts that belong to January.

    Read it; to write, take `own_books`.
    """

    def make(home: Path) -> None:
        database = home / "beacon.duckdb"
        close_month(database, home / "january", "2026-01", company.JANUARY, lock=True)
        close_month(database, home / "february", "2026-02", company.FEBRUARY, lock=False)

    return made_once(tmp_path_factory, "beacon", make) / "beacon.duckdb"


@pytest.fixture
def own_books(closed_books: Path, tmp_path: Path) -> Path:
    """A copy to write to."""
    return Path(shutil.copyfile(closed_books, tmp_path / closed_books.name))


def close_month(database: Path, inputs: Path, period: str, as_of: str, *, lock: bool) -> None:
    """What three people do at the end of a month."""
    pipeline.run(inputs=company.write(inputs, as_of), database=database, as_of=as_of, through=period)
    assert close.act("approve", database=database, by="Ada", period=period)
    assert close.act("post", database=database, by="Bo", period=period)
    if lock:
        assert close.act("lock", database=database, by="Cleo", period=period)
