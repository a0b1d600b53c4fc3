"""profiles.example.yml says what a warehouse must be granted: it names every schema that is written, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ENGINES = ("duckdb", "snowflake", "bigquery", "databricks", "spark", "postgres")


def test_every_schema_that_is_written_is_named(manifest: dict[str, Any], project_root: Path) -> None:
    kept = [source for source in manifest["sources"].values() if not source["schema"].startswith("raw_")]
    built = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    written = {node["schema"] for node in [*built, *manifest["functions"].values(), *kept]}
    text = (project_root / "profiles.example.yml").read_text()
    [named] = re.findall(r"^#   (main .*)$", text, re.MULTILINE)
    assert set(named.split()) == written | {"main"}


def test_every_warehouse_has_a_target_and_its_secrets_come_from_the_environment(project_root: Path) -> None:
    text = (project_root / "profiles.example.yml").read_text()
    assert re.findall(r"^    (\w+):$", text, re.MULTILINE) == list(ENGINES)
    secrets = re.findall(r"^ +(?:password|token): (.*)$", text, re.MULTILINE)
    assert len(secrets) == 3
    assert all(re.fullmatch(r"\"\{\{ env_var\('[A-Z_]+', ''\) \}\}\"", secret) for secret in secrets)
