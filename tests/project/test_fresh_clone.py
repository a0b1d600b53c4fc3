"""A clone of what is committed runs by itself, and writes nowhere but into itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from project import tiny


def test_a_clone_runs_and_writes_only_ignored_files_of_its_own(project_root: Path, tmp_path: Path) -> None:
    clone, home, scratch = tmp_path / "clone", tmp_path / "home", tmp_path / "scratch"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", project_root, clone], check=True)
    tiny.write_inputs(tmp_path / "inputs")
    home.mkdir()
    scratch.mkdir()
    inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "orchestration.cli", "run"),
            *("--inputs", "../inputs", "--as-of", tiny.AS_OF, "--through", tiny.THROUGH),
        ],
        cwd=clone,
        env={**inherited, "HOME": str(home), "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "acme" in done.stdout and (clone / ".revrec" / "revrec.duckdb").exists()
    assert [path.name for path in home.rglob("*")] == []
    assert [path.name for path in scratch.rglob("*")] == []
    assert {path.name for path in tmp_path.iterdir()} == {"clone", "home", "inputs", "scratch"}
    untracked = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True)
    assert untracked.stdout == ""
