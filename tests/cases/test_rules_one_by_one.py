"""dbt's unit tests: one per branch of an accounting rule, next to its model. They need the relations of a build."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration import warehouse


def test_every_rule_gives_its_worked_example(built: Path, tmp_path: Path) -> None:
    books = Path(shutil.copy(built, tmp_path / built.name))
    with warehouse.writing(books):
        result = warehouse.dbt(
            "test",
            database=books,
            select=["test_type:unit"],
            variables={"as_of": "2037-12-31 23:59:59", "through": "2037-12"},
        )
    assert result.count("unit_test") > 50
