"""An engine's own Python environment: its packages conflict with the project's, so each is locked apart."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


@cache
def java() -> str | None:
    """The Java program of JAVA_HOME or the PATH, if it is new enough for Spark."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    if not found:
        return None
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = said.split('"')[1].split(".")[0] if '"' in said else "0"
    return found if version.isdigit() and 11 <= int(version) <= 17 else None


def uv() -> list[str]:
    """uv from the PATH, or where bin/bootstrap put it."""
    for program in ("uv", str(ROOT / ".tools" / "uv" / "bin" / "uv")):
        try:
            subprocess.run([program, "--version"], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return [program]
    raise RuntimeError("uv was found neither on the PATH nor in .tools; bin/bootstrap installs it")


def python_of(engine: str) -> Path:
    """The Python of .revrec/engines/<engine>, with what <engine>.lock names; made where it is missing or stale."""
    lock, home = HERE / f"{engine}.lock", ROOT / ".revrec" / "engines" / engine
    python, marker = home / "bin" / "python", home / ".installed"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    home.parent.mkdir(parents=True, exist_ok=True)
    # Test processes run beside each other.
    with home.with_suffix(".busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        if python.exists() and marker.exists() and marker.read_text() == wanted:
            return python
        here = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(home)}
        here.setdefault("UV_CACHE_DIR", str(ROOT / ".tools" / "cache"))
        base = str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")
        install = [*uv(), "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
        for command in ([*uv(), "venv", "--quiet", "--clear", "--python", base, str(home)], install):
            done = subprocess.run(command, env=here, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(f"the environment of {engine} could not be made: {done.stderr[-2000:]}")
        marker.write_text(wanted)
    return python
