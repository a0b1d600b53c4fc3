"""Looking at the folder: which tables have a file, which changed since their last load, which files belong to none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.defs.ingest.file_drop.cells import nearest
from orchestration.defs.ingest.file_drop.files import FileContent, Rejection, fingerprint, read
from orchestration.defs.ingest.file_drop.schema import TABLES

SUFFIXES = (".csv", ".parquet")
MISSING = "missing"
# Notes and hidden files may lie in the folder; everything else that is no table is reported.
_NOTES = (".md",)


@dataclass(frozen=True)
class Change:
    """The new content of a table, or of a file that belongs to none (`name` is then the file's whole name)."""

    name: str
    file: str | None
    digest: str
    content: FileContent


@dataclass(frozen=True)
class Folder:
    """The files of a file drop. `files` maps each table that has one to its file; `unread` are the others."""

    files: dict[str, Path]
    unread: list[Path]


def look(directory: Path) -> Folder:
    """Find the file of each table."""
    present = sorted(path for path in directory.iterdir() if path.is_file() and not path.name.startswith("."))
    # Where a table has two files the first suffix wins, and the other file is reported as unread.
    files = {
        path.stem: path
        for suffix in reversed(SUFFIXES)
        for path in present
        if path.suffix == suffix and path.stem in TABLES
    }
    unread = [path for path in present if path not in files.values() and path.suffix.lower() not in _NOTES]
    return Folder(files, unread)


def changes(
    directory: Path, loaded: Mapping[str, str], progress: Callable[[str], None] | None = None
) -> Iterator[Change]:
    """What differs from the last load of each name; `loaded` maps names to the digests of their last loads."""
    folder = look(directory)
    for table in TABLES:
        path = folder.files.get(table)
        digest = fingerprint(path, table) if path else MISSING
        if digest == loaded.get(table, MISSING):
            continue
        if progress and path:
            progress(f"reading {path.name}")
        yield Change(table, path.name if path else None, digest, read(path, table) if path else FileContent())
    unread = {_storable(path.name): path for path in folder.unread}
    for name in sorted(unread.keys() | (loaded.keys() - TABLES.keys())):
        path = unread.get(name)
        content = FileContent(rejections=[_unread(path, folder)]) if path else FileContent()
        digest = hashlib.blake2b(repr(content.rejections).encode(), digest_size=16).hexdigest() if path else MISSING
        if digest != loaded.get(name, MISSING):
            yield Change(name, name if path else None, digest, content)


def _unread(path: Path, folder: Folder) -> Rejection:
    taken = folder.files.get(path.stem)
    if taken:
        reason = f"{taken.name} was read instead; keep one file per table"
    elif path.stem.lower() in TABLES:
        reason = f"the file is not read; name it {path.stem.lower()}.csv or {path.stem.lower()}.parquet"
    else:
        hint = nearest(path.stem.lower(), list(TABLES))
        reason = f"no table of the input layer is named '{_storable(path.stem)}', so the file was not read{hint}"
    return Rejection(_storable(path.name), 1, _storable(path.name), None, None, reason)


def _storable(name: str) -> str:
    """The name of a file, its bytes that are not UTF-8 as `\\xff`: a warehouse stores text only."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
