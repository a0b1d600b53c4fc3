"""One style for the whole checkout: linters, lengths, and what no file may say."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

# A function is shipped to the warehouse as one text, made of parts that are read apart.
MADE = "python_udfs/functions"
# A model says its grain in one line.
MOST_COLUMNS = 160
TEXT = {".py", ".sql", ".yml", ".yaml", ".toml", ".md", ".cfg", ".sh", ".html", ".css", ".js", ".ini", ""}
COMMENT = re.compile(r"\{#.*?#\}|/\*.*?\*/|--[^\n]*", re.DOTALL)
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|anaconda\.(org|com)|golang\.org|crates\.io|docker\.io|ghcr\.io|quay\.io"
    r"|getdbt\.com/api|artifactor[y]|--(extra-)?index-ur[l]",
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?<![\w.:/$}-])/(work|tmp|home|Users|root|mnt)/\w")
FLOATS = re.compile(r"\b(float|float4|float8|float64|double|real)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def files(project_root: Path) -> list[Path]:
    """Every file of the checkout that git keeps or would keep, but for lock files."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=project_root,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [project_root / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix in TEXT and path.is_file() and not path.is_symlink()]


def run(project_root: Path, *command: str | Path) -> str:
    """The output of a command of the development tools; empty if it had nothing to say."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=project_root, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr if done.returncode else ""


def sql_in(*folders: str, root: Path, files: list[Path]) -> list[Path]:
    """The SQL files in these folders of the checkout."""
    homes = {root / folder for folder in folders}
    return [path for path in files if path.suffix == ".sql" and homes.intersection(path.parents)]


@pytest.mark.parametrize("command", [("check", "--quiet"), ("format", "--check", "--quiet")], ids=["check", "format"])
def test_ruff_has_nothing_to_say(project_root: Path, command: tuple[str, ...]) -> None:
    assert run(project_root, "ruff", *command, ".") == ""


def test_sqlfluff_has_nothing_to_say(project_root: Path, files: list[Path], pytestconfig: pytest.Config) -> None:
    """A file found clean is not read again until it, the rules or the macros' stand-ins change."""
    settings = (".sqlfluff", "tests/project/sqlfluff_names/__init__.py")
    rules = b"".join((project_root / name).read_bytes() for name in settings)
    queries = sql_in("models", "tests/data", root=project_root, files=files)
    assert queries, "there is nothing to lint"
    digests = {path: hashlib.sha256(rules + path.read_bytes()).hexdigest() for path in queries}
    clean = set(pytestconfig.cache.get("revrec/sqlfluff", []))
    unknown = [str(path.relative_to(project_root)) for path in queries if digests[path] not in clean]
    found = []
    if unknown:
        # In one process: a pool of them that loses one waits for ever, and the tests have both cores.
        options = ("--processes", "1", "--disable-progress-bar", "--format", "json")
        command = [sys.executable, "-m", "sqlfluff", "lint", *options, *unknown]
        done = subprocess.run(command, cwd=project_root, capture_output=True, text=True, check=False)
        assert done.stdout.startswith("["), done.stderr
        found = [result for result in json.loads(done.stdout) if result["violations"]]
    dirty = {project_root / result["filepath"] for result in found}
    pytestconfig.cache.set("revrec/sqlfluff", sorted(digest for path, digest in digests.items() if path not in dirty))
    assert [
        f"{result['filepath']}:{violation['start_line_no']} {violation['code']} {violation['description']}"
        for result in found
        for violation in result["violations"]
    ] == []


def test_no_file_names_a_registry_or_a_path_of_one_machine(project_root: Path, files: list[Path]) -> None:
    found = {}
    for path in files:
        lines = path.read_text(errors="replace").splitlines()
        hits = [number for number, line in enumerate(lines, 1) if REGISTRIES.search(line) or MACHINE_PATHS.search(line)]
        if hits:
            found[str(path.relative_to(project_root))] = hits
    assert found == {}


def test_no_sql_of_ours_computes_in_floating_point(project_root: Path, files: list[Path]) -> None:
    queries = sql_in("models", "macros", root=project_root, files=files)
    assert queries
    wrong = [
        str(path.relative_to(project_root)) for path in queries if FLOATS.search(COMMENT.sub("", path.read_text()))
    ]
    assert wrong == []


def test_python_functions_compute_in_integers(project_root: Path) -> None:
    """What the warehouse runs knows neither a float nor a true division."""
    sources = sorted((project_root / "python_udfs" / "functions").glob("*.py"))
    assert sources
    wrong = []
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text())):
            is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
            is_division = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
            names_float = isinstance(node, ast.Name) and node.id == "float"
            if is_float or is_division or names_float:
                wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []


def test_files_are_short(project_root: Path, files: list[Path]) -> None:
    lengths = {
        str(path.relative_to(project_root)): len(path.read_text(errors="replace").splitlines())
        for path in files
        if path.suffix in (".py", ".sql")
    }
    wrong = {path: lines for path, lines in lengths.items() if lines > 400 and str(Path(path).parent) != MADE}
    assert wrong == {}


def test_lines_of_sql_are_short(project_root: Path, files: list[Path]) -> None:
    """Ruff says the same of Python."""
    assert [
        f"{path.relative_to(project_root)}:{number} ({len(line)})"
        for path in sql_in("models", "macros", "tests", root=project_root, files=files)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > MOST_COLUMNS
    ] == []
