"""Fixtures for every test folder: the checkout, the parsed dbt project, and the oracle cases, built."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration import pipeline, warehouse
from tests.made_once import made_once

ROOT = Path(__file__).resolve().parent.parent


# What takes minutes and cannot be shared between processes. As the last ones they would have a core wait; the scenarios
# are among the engines because those wait for one build.
FIRST = ("postgres_equals_duckdb", "scenarios", "spark_equals_duckdb", "snowflake_equals_duckdb", "six_months")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files come first."""
    places = {f"test_{name}": place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(FIRST)))


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def own_dbt_target(one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests never write into the checkout's target folder, where a developer's dbt may be at work."""
    before = os.environ.get("DBT_TARGET_PATH")
    if before is None:
        own = tmp_path_factory.mktemp("dbt") / "target"
        # Reading the project without dbt's cache is four times the work.
        shutil.copytree(made_once(tmp_path_factory, "parsed", parse), own, ignore=shutil.ignore_patterns("made"))
        os.environ["DBT_TARGET_PATH"] = str(own)
    yield
    if before is None:
        del os.environ["DBT_TARGET_PATH"]


def parse(folder: Path) -> None:
    """The project, read by dbt into a target folder."""
    os.environ["DBT_TARGET_PATH"] = str(folder)
    warehouse.manifest(warehouse.database_path("revrec.duckdb"))


@pytest.fixture(scope="session", autouse=True)
def one_thread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Books of a test are small: a second thread of DuckDB makes nothing faster and takes a third more CPU."""
    before = os.environ.get("DBT_PROFILES_DIR")
    if before is None:
        profile = yaml.safe_load((ROOT / "profiles.example.yml").read_text())
        profile["revrec"]["outputs"]["duckdb"]["config_options"] = {"threads": 1}
        own = tmp_path_factory.mktemp("profiles")
        (own / "profiles.yml").write_text(yaml.safe_dump(profile))
        os.environ["DBT_PROFILES_DIR"] = str(own)
    yield
    if before is None:
        del os.environ["DBT_PROFILES_DIR"]


@pytest.fixture(scope="session")
def manifest(own_dbt_target: None) -> dict[str, Any]:
    """dbt's manifest of the project for DuckDB, in the form of manifest.json; parsed once."""
    return warehouse.manifest(warehouse.database_path("revrec.duckdb")).writable_manifest().to_dict()


@pytest.fixture(scope="session")
def cases_database(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every oracle case, loaded and built once. Read it; never write to it."""

    def make(folder: Path) -> None:
        inputs, started = ROOT / "tests" / "cases" / "inputs", time.monotonic()
        database = folder / "cases.duckdb"
        pipeline.run(inputs=inputs, database=database, as_of="2037-12-31", through="2037-12", full_refresh=True)
        print(f"all cases loaded and built in {time.monotonic() - started:.0f} s")

    return made_once(tmp_path_factory, "cases", make) / "cases.duckdb"
