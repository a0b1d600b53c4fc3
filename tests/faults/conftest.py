"""The small books after each step of a close, made once, and the process that sends children out to work on copies."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator

import pytest

from tests.faults.nursery import Nursery
from tests.faults.stages import Stages


@pytest.fixture(scope="session")
def stages(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Made by the first of the workers that asks for them."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "stages"
    with (base.parent / "stages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = Stages(folder)
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            made.make()
            (folder / "made").touch()
    return made


@pytest.fixture(scope="session")
def nursery(own_dbt_target: None) -> Iterator[Nursery]:
    process = Nursery()
    yield process
    process.close()
