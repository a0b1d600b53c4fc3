"""A backup holds all that cannot be computed; what is computed from it is the same to the byte."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import duckdb
import pytest
from close import company

from orchestration import audit, backup, cli, pipeline
from orchestration.errors import ConfigurationError, StepFailed
from tests.public_tables import contents


def public(database: Path) -> dict[str, tuple[int, str]]:
    """The log grows with every build, by design."""
    return {name: found for name, found in contents(database).items() if name != "audit_log"}


def test_what_is_restored_and_built_again_is_what_was_there(own_books: Path, tmp_path: Path) -> None:
    kept = backup.backup(own_books, tmp_path / "books.revrec", by="Cleo")
    restored = tmp_path / "restored.duckdb"
    assert backup.restore(kept.file, restored, by="Cleo").rows == kept.rows
    assert audit.verify(restored, known=kept.head).findings == []
    pipeline.run(database=restored, as_of=company.FEBRUARY, through="2026-02")
    assert public(restored) == public(own_books)
    assert audit.verify(restored, known=kept.head).findings == []


def test_a_backup_is_logged_and_replaces_nothing(own_books: Path, tmp_path: Path) -> None:
    file = tmp_path / "books.revrec"
    kept = backup.backup(own_books, file, by="Cleo")
    with duckdb.connect(str(own_books), read_only=True) as connection:
        [row] = connection.execute(
            "select actor, object_id, value_after from ops.audit_log where action = 'backup'"
        ).fetchall()
    assert row == ("Cleo", "books.revrec", f"{kept.tables} tables, {kept.rows} rows, sha256 {kept.sha256}")
    before = file.read_bytes()
    with pytest.raises(ConfigurationError, match="never replaces"):
        backup.backup(own_books, file, by="Cleo")
    assert file.read_bytes() == before and [path.name for path in tmp_path.glob("*books.revrec*")] == ["books.revrec"]


def test_a_database_with_state_is_left_alone(own_books: Path, tmp_path: Path) -> None:
    kept = backup.backup(own_books, tmp_path / "books.revrec", by="Cleo")
    head = audit.verify(own_books).head
    with pytest.raises(ConfigurationError, match="has state of its own"):
        backup.restore(kept.file, own_books, by="Cleo")
    assert audit.verify(own_books).head == head


def reworded(manifest: bytes, damage: str) -> bytes:
    said = json.loads(manifest)
    if damage == "another format":
        said["format"] = 99
    elif damage == "another statement":
        said["tables"][0]["definition"] += "; create table main.more (one integer);"
    elif damage == "another name":
        said["tables"][0]["name"] = 'x"; create table main.more (one integer); --'
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    "damage", ["cut off", "another row", "another format", "no backup", "another statement", "another name"]
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(own_books: Path, tmp_path: Path, damage: str) -> None:
    file = backup.backup(own_books, tmp_path / "books.revrec", by="Cleo").file
    broken = tmp_path / "broken.revrec"
    if damage == "cut off":
        broken.write_bytes(file.read_bytes()[:-2000])
    elif damage == "no backup":
        broken.write_text("hello")
    else:
        with zipfile.ZipFile(file) as source, zipfile.ZipFile(broken, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                if name == "manifest.json" and damage.startswith("another "):
                    content = reworded(content, damage)
                if name == "ops/approvals.parquet" and damage == "another row":
                    content = content[:200] + bytes([content[200] ^ 1]) + content[201:]
                target.writestr(name, content)
    new = tmp_path / "new.duckdb"
    with pytest.raises((ConfigurationError, StepFailed), match=r"backup|damaged|format 99"):
        backup.restore(broken, new, by="Cleo")
    assert not new.exists()


def test_a_backup_of_changed_books_is_said_to_be_one(
    own_books: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect(str(own_books)) as connection:
        connection.execute("update ops.posted_journal_lines set approved_by = 'Eve'")
    file = tmp_path / "books.revrec"
    assert cli._exit_code(["backup", str(file), "--by", "Cleo", "--database", str(own_books)]) == 0
    assert cli._exit_code(["restore", str(file), "--by", "Cleo", "--database", str(tmp_path / "new.duckdb")]) == 1
    said = capsys.readouterr()
    assert "restored" in said.out and "use an earlier one" in said.err


def test_there_is_nothing_to_keep_of_an_empty_database(tmp_path: Path) -> None:
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    with pytest.raises(ConfigurationError, match="has nothing to keep"):
        backup.backup(empty, tmp_path / "books.revrec", by="Cleo")
    assert [path.name for path in tmp_path.iterdir()] == ["empty.duckdb"]
