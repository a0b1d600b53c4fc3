"""Fixtures of the tests of the project itself."""

from __future__ import annotations

import pytest
from project import tiny

from orchestration import pipeline


@pytest.fixture(scope="session")
def tiny_books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> tiny.TinyBooks:
    """The tiny books as the command line builds them: the database, and what the run said."""
    folder = tmp_path_factory.mktemp("tiny")
    inputs, database = tiny.write_inputs(folder / "inputs"), folder / "revrec.duckdb"
    return database, pipeline.run(inputs=inputs, database=database, as_of=tiny.AS_OF, through=tiny.THROUGH)
