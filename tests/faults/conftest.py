"""The small books after each step of a close, made once, and the process that sends children out to work on copies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.nursery import Nursery
from tests.faults.stages import Stages
from tests.made_once import made_once


@pytest.fixture(scope="session")
def stages(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(made_once(tmp_path_factory, "stages", lambda folder: Stages(folder).make()))


@pytest.fixture(scope="session")
def nursery(own_dbt_target: None) -> Iterator[Nursery]:
    process = Nursery()
    yield process
    process.close()
