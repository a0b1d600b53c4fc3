"""One measured step in a process of its own: `python -m benchmarks.measure STEP JSON` prints its figures as JSON.

A step is a function of building.py, closing.py or reading.py; `in_own_process` calls it. CPU is counted over all
threads of the process, so it hardly depends on what else the machine does; wall time does. Memory is its peak.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import orchestration
from benchmarks import building, closing, reading
from benchmarks.proofs import prove

STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "shape": building.shape,
    "prepare": building.prepare,
    "build": building.build,
    "checks": building.checks,
    "copy": building.copy,
    "fingerprints": building.fingerprints,
    "prove": prove,
    "post": closing.post,
    "close": closing.close_period,
    "change": closing.change,
    "enlarge": closing.enlarge,
    "append": closing.append,
    "compare": reading.compare_contracts,
    "all_days": reading.all_days,
    "days_of_period": reading.days_of_period,
    "least_of_a_close": reading.least_of_a_close,
    "least_of_a_night": reading.least_of_a_night,
}


def in_own_process(step: str, **arguments: Any) -> dict[str, Any]:
    """Run a step in a fresh interpreter and return its figures. Raises RuntimeError with what it printed."""
    environment = dict(os.environ)
    environment.setdefault("DBT_TARGET_PATH", str(orchestration.STATE / "benchmarks" / "target"))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", step, json.dumps(arguments)],
        env=environment,
        cwd=orchestration.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise RuntimeError(f"{step} ended with exit code {done.returncode}: {said}")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def in_this_process(step: str, **arguments: Any) -> dict[str, Any]:
    """Run a step here, where only its result matters."""
    return STEPS[step](**arguments)


if __name__ == "__main__":
    found = in_this_process(sys.argv[1], **json.loads(sys.argv[2]))
    sys.stdout.write(json.dumps(found))
