"""A DuckDB file may be copied and renamed: an auditor reads the copy."""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_a_renamed_copy_of_the_books_reads_as_they_do(built: Path, tmp_path: Path) -> None:
    copy = shutil.copy(built, tmp_path / "copy for the auditors.duckdb")
    checked = subprocess.run(
        [
            sys.executable,
            HERE / "check.py",
            "--cases",
            HERE,
            "--database",
            copy,
            "--case",
            "seq-05",
            "--case",
            "std-daily-truncated",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout.splitlines()[-1] == "2 passed, 0 failed", checked.stdout
