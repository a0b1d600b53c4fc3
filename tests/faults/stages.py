"""The small books after each step of a close, as databases to copy."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration import close, pipeline
from tests.faults import prepared_books

JANUARY = prepared_books.MONTHS[0]
# What was done last, and what is done next to come from one to the next.
STEPS = {
    "approved": ("approve", {"period": JANUARY}),
    "posted": ("post", {"period": JANUARY}),
    "locked": ("lock", {"period": JANUARY}),
}


class Stages:
    """`built`, `approved`, `posted` and `locked`: January of the small books, at each of these moments."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inputs = folder / "inputs"

    def make(self) -> None:
        database = self.folder / "making" / "books.duckdb"
        prepared_books.write_inputs(self.inputs)
        pipeline.run(inputs=self.inputs, database=database, as_of=prepared_books.AS_OF, through=prepared_books.THROUGH)
        shutil.copy(database, self.folder / "built.duckdb")
        for stage, (action, arguments) in STEPS.items():
            assert close.act(action, database=database, by="Ada", **arguments)
            shutil.copy(database, self.folder / f"{stage}.duckdb")

    def copy(self, stage: str, folder: Path) -> Path:
        """A database of one's own, as it was after that step; what was in the folder before is gone."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return Path(shutil.copy(self.folder / f"{stage}.duckdb", folder / "books.duckdb"))
