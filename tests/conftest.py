"""Fixtures every test folder may use: the checkout, the parsed dbt project, and dbt on a database of one's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration import warehouse

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def own_dbt_target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests never write into the checkout's target folder, where a developer's dbt may be at work."""
    before = os.environ.get("DBT_TARGET_PATH")
    os.environ["DBT_TARGET_PATH"] = before or str(tmp_path_factory.mktemp("dbt") / "target")
    yield
    if before is None:
        del os.environ["DBT_TARGET_PATH"]


@pytest.fixture(scope="session")
def manifest(own_dbt_target: None) -> dict[str, Any]:
    """dbt's manifest of the project for DuckDB, in the form of manifest.json; parsed once."""
    return warehouse.manifest(warehouse.database_path("revrec.duckdb")).writable_manifest().to_dict()


@pytest.fixture
def run_dbt(tmp_path: Path) -> Callable[..., warehouse.BuildResult]:
    """`run_dbt("build", select=[…], variables={…})` on a database of this test's own; raises when a node fails."""
    database = tmp_path / "revrec.duckdb"

    def run(command: str, **options: Any) -> warehouse.BuildResult:
        with warehouse.writing(database):
            return warehouse.dbt(command, database=database, **options)

    return run
