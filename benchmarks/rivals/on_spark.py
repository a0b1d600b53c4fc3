"""Spark on a standalone cluster of this machine, a master and two workers, as the portability tests run it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orchestration
from tests.portability.engines import environment
from tests.portability.engines.spark_cluster import cluster


class Spark:
    """A session that answers one order after the other. CPU is that of the master, the workers and the driver."""

    def __init__(self, driver: subprocess.Popen[str]) -> None:
        self.driver = driver

    def run(self, query: str, file: Path) -> dict[str, Any]:
        """Rows, CPU and wall seconds of a query of spark_driver.py. Raises RuntimeError when Spark fails."""
        assert self.driver.stdin
        before, started = _cpu_of_children(), time.monotonic()
        self.driver.stdin.write(json.dumps({"query": query, "file": str(file)}) + "\n")
        self.driver.stdin.flush()
        rows = [tuple(row) for row in json.loads(self._answer())]
        return {"rows": rows, "cpu": _cpu_of_children() - before, "wall": time.monotonic() - started}

    def _answer(self) -> str:
        assert self.driver.stdout
        line = self.driver.stdout.readline()
        if not line:
            raise RuntimeError(f"Spark ended with exit code {self.driver.wait()}; its words are above.")
        return line


def missing() -> str | None:
    """Why Spark cannot run here, if it cannot."""
    return None if environment.java() else "no Java 11 to 17 is installed"


@contextlib.contextmanager
def spark(folder: Path) -> Iterator[Spark]:
    """A session on a cluster that both stop afterwards. The environment is made where it is missing."""
    python = environment.python_of("spark")
    with cluster(python, folder / "cluster") as master:
        driver = subprocess.Popen(
            [str(python), "-m", "benchmarks.rivals.spark_driver", master, str(folder)],
            cwd=orchestration.ROOT,
            env=os.environ | {"PYSPARK_PYTHON": str(python), "SPARK_LOCAL_IP": "127.0.0.1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        session = Spark(driver)
        try:
            session._answer()
            yield session
        finally:
            assert driver.stdin
            driver.stdin.close()
            try:
                driver.wait(timeout=30)
            except subprocess.TimeoutExpired:
                driver.kill()


def _cpu_of_children() -> float:
    """Of every process below this one."""
    import psutil

    seconds = 0.0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            seconds += sum(child.cpu_times()[:2])
    return seconds
