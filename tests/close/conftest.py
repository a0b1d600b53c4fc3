"""Beacon Works, with January closed and February posted on top of what was learned late."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

import pytest
from close import company

from orchestration import close, pipeline


@pytest.fixture(scope="session")
def closed_books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January locked with what was known on 5 February; February posted, with five facts that belong to January.

    Read it; to write, take `own_books`. Built once, whichever worker comes first.
    """
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if base.name.startswith("popen-") else base) / "beacon"
    home.mkdir(exist_ok=True)
    database = home / "beacon.duckdb"
    with (home / "building").open("w") as building:
        fcntl.flock(building, fcntl.LOCK_EX)
        if not (home / "built").exists():
            close_month(database, home / "january", "2026-01", company.JANUARY, lock=True)
            close_month(database, home / "february", "2026-02", company.FEBRUARY, lock=False)
            (home / "built").touch()
    return database


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
