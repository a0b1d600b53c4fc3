"""Registers every Python function of python_udfs/functions on a Spark session, by its bare name.

A session has temporary functions only, so whoever starts the session calls `register` before dbt runs in it. The source
files themselves are sent to the workers.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import yaml

FUNCTIONS = Path(__file__).parent / "functions"


def register(session: Any, folder: Path = FUNCTIONS) -> list[str]:
    """Register what the folder declares, and give back the names."""
    registered = []
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    for properties in sorted(folder.glob("*.yml")):
        for declared in (yaml.safe_load(properties.read_text(encoding="utf-8")) or {}).get("functions", []):
            source = folder / f"{declared['name']}.py"
            if not source.exists():  # a function in SQL
                continue
            session.sparkContext.addPyFile(str(source))
            function = getattr(importlib.import_module(source.stem), declared["config"]["entry_point"])
            session.udf.register(declared["name"], function, declared["returns"]["data_type"])
            registered.append(declared["name"])
    return registered
