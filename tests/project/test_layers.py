"""The rules of the house, read from the manifest: who reads whom, what a model says of itself, where words belong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

Node = dict[str, Any]

STEPS = [
    "0_inputs",
    "1_contracts",
    "2_obligations",
    "3_transaction_price",
    "4_allocation",
    "5_recognition",
    "6_ledger",
    "7_close",
    "8_reports",
    "9_exports",
]
MOST_LINES = 120
MOST_VARS = 10
MOST_ADAPTER_FILES = 11
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
# A model may ask whether it is being added to or built anew, and where a loop stands; what a policy says is data.
ALLOWED_CONDITION = re.compile(r"^\s*(not\s+)?(is_incremental\(\)|execute|loop\.(first|last))\s*$")


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> dict[str, Node]:
    """unique_id -> model of this project, on or off."""
    disabled = [node for versions in manifest.get("disabled", {}).values() for node in versions]
    nodes = [*manifest["nodes"].values(), *disabled]
    found = {node["unique_id"]: node for node in nodes if node["resource_type"] == "model"}
    assert found, "the project has no models"
    return found


def step(node: Node) -> str:
    """The folder of models/ a model lives in."""
    return Path(node["original_file_path"]).parts[1]


def is_staging(node: Node) -> bool:
    return "staging" in Path(node["original_file_path"]).parts


def is_finished(node: Node) -> bool:
    """A table the next steps may read: a plain noun, no working model."""
    return not is_staging(node) and not node["name"].startswith("int_")


def parents(node: Node, models: dict[str, Node]) -> Iterator[Node]:
    return (models[name] for name in node["depends_on"]["nodes"] if name in models)


def macro_files(project_root: Path) -> dict[str, str]:
    """Path below macros/ -> text without comments."""
    root = project_root / "macros"
    return {str(path.relative_to(root)): COMMENT.sub("", path.read_text()) for path in sorted(root.rglob("*.sql"))}


def test_every_model_belongs_to_a_step(models: dict[str, Node]) -> None:
    assert {node["name"]: step(node) for node in models.values() if step(node) not in STEPS} == {}


def test_a_step_reads_only_finished_tables_of_earlier_steps(models: dict[str, Node]) -> None:
    wrong = [
        f"{node['name']} ({step(node)}) reads {parent['name']} ({step(parent)})"
        for node in models.values()
        for parent in parents(node, models)
        if step(parent) != step(node)
        and (STEPS.index(step(parent)) > STEPS.index(step(node)) or not is_finished(parent))
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_input_layer_reads_staging_and_only_staging_reads_raw_data(models: dict[str, Node]) -> None:
    wrong = [
        f"{node['name']} reads {parent['name']}"
        for node in models.values()
        for parent in parents(node, models)
        if is_staging(parent) and step(node) != "0_inputs"
    ]
    wrong += [
        f"{node['name']} reads {name}"
        for node in models.values()
        for name in node["depends_on"]["nodes"]
        if name.startswith("source.revrec.raw_") and step(node) != "0_inputs"
    ]
    assert not wrong, "\n".join(wrong)


def test_working_models_carry_the_name_of_their_step(models: dict[str, Node]) -> None:
    wrong = []
    for node in models.values():
        if is_staging(node):
            folders = Path(node["original_file_path"]).parts
            system = folders[folders.index("staging") + 1]
            right = node["name"].startswith((f"stg_{system}__", f"base_{system}__"))
        else:
            right = node["name"].startswith(f"int_{step(node).partition('_')[2]}__") or "__" not in node["name"]
        if not right:
            wrong.append(node["original_file_path"])
    assert not wrong, "\n".join(wrong)


def test_every_model_says_what_it_is_and_its_grain(models: dict[str, Node]) -> None:
    wrong = [f"{node['name']} has no description" for node in models.values() if not node["description"].strip()]
    wrong += [f"{node['name']} has no config.meta.grain" for node in models.values() if not grain(node)]
    assert not wrong, "\n".join(wrong)


def test_the_grain_of_every_finished_table_is_tested(models: dict[str, Node], manifest: dict[str, Any]) -> None:
    tested = set()
    for test in manifest["nodes"].values():
        if test["resource_type"] != "test" or not test.get("test_metadata"):
            continue
        kind, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
        columns = arguments.get("columns") or [arguments.get("column_name")]
        node = models.get(test.get("attached_node") or "")
        if node and (
            kind == "grain" or (kind in ("unique", "unique_combination") and set(columns) == set(grain(node)))
        ):
            tested.add(node["unique_id"])
    # Views over tables whose grain is tested: counting every day or every posting again would cost more than the build.
    untested = {node["name"] for name, node in models.items() if is_finished(node) and name not in tested}
    of_one_build = {
        "contracts",
        "contract_terms",
        "version_lines",
        "billings",
        "contract_costs",
        "contract_cost_events",
    }
    assert untested <= {"daily_recognition", "booked_postings", "draft_amounts", *of_one_build}


def grain(node: Node) -> list[str]:
    return node["config"].get("meta", {}).get("grain") or []


def test_public_tables_keep_a_contract_and_describe_every_column(models: dict[str, Node]) -> None:
    wrong = []
    for node in models.values():
        if step(node) != "8_reports" or not is_finished(node):
            continue
        if not node["contract"]["enforced"]:
            wrong.append(f"{node['name']} has no enforced contract")
        if not node["columns"]:
            wrong.append(f"{node['name']} lists no columns")
        wrong += [
            f"{node['name']}.{name} has no description"
            for name, column in node["columns"].items()
            if not column["description"].strip()
        ]
    assert not wrong, "\n".join(wrong)


def test_a_model_is_short_enough_to_read(models: dict[str, Node]) -> None:
    lengths = {node["original_file_path"]: len(node["raw_code"].splitlines()) for node in models.values()}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_policies_are_data_and_no_condition_of_a_template(models: dict[str, Node], project_root: Path) -> None:
    conditions = re.compile(r"\{%-?\s*(?:if|elif)\s+(.*?)-?%\}", re.DOTALL)
    wrong = [
        f"{node['original_file_path']}: {condition.strip()}"
        for node in models.values()
        for condition in conditions.findall(COMMENT.sub("", node["raw_code"]))
        if not ALLOWED_CONDITION.match(condition)
    ]
    wrong += [
        f"macros/{path}: {condition.strip()}"
        for path, text in macro_files(project_root).items()
        for condition in conditions.findall(text)
        if "var(" in condition
    ]
    assert not wrong, "\n".join(wrong)


def test_macros_compute_expressions_and_hide_no_table(project_root: Path) -> None:
    """Only the writers of state, project plumbing and generic tests may name tables."""
    wrong = [
        path
        for path, text in macro_files(project_root).items()
        if re.search(r"\b(ref|source)\s*\(", text) and path.split("/")[0] not in ("ops", "project", "generic_tests")
    ]
    assert not wrong, "\n".join(wrong)


def test_dialects_are_known_to_adapter_macros_only(models: dict[str, Node], project_root: Path) -> None:
    words = re.compile(r"target\.(type|name)\b|adapter\.(dispatch|type)\b")
    texts = {
        f"macros/{path}": text for path, text in macro_files(project_root).items() if not path.startswith("adapters/")
    }
    texts |= {node["original_file_path"]: COMMENT.sub("", node["raw_code"]) for node in models.values()}
    assert [path for path, text in texts.items() if words.search(text)] == []


def test_adapter_macros_are_few_and_explained(project_root: Path) -> None:
    files = sorted((project_root / "macros" / "adapters").glob("*.sql"))
    assert 0 < len(files) <= MOST_ADAPTER_FILES
    assert [path.name for path in files if not path.read_text().startswith("{#-")] == []


def test_variables_are_few_explained_and_declared(project_root: Path, models: dict[str, Node]) -> None:
    text = (project_root / "dbt_project.yml").read_text()
    declared = set(yaml.safe_load(text).get("vars", {}))
    assert len(declared) <= MOST_VARS
    unexplained = [name for name in declared if not re.search(rf"#[^\n]*\n  {name}:", text)]
    assert unexplained == []
    texts = [*macro_files(project_root).values(), *(node["raw_code"] for node in models.values())]
    used = {name for text in texts for name in re.findall(r"\bvar\(\s*['\"](\w+)", text)}
    assert used == declared
