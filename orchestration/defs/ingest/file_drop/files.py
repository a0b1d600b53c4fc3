"""Reading one file of the file drop: the lines that are good, typed and columnar, and the cells that are not."""

from __future__ import annotations

import codecs
import csv
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.defs.ingest.file_drop.cells import (
    FLOAT_MARK,
    FX_RATE_PLACES,
    RATE_PLACES,
    CellError,
    default_of,
    nearest,
    parser_of,
)
from orchestration.defs.ingest.file_drop.schema import TABLES, Column, Kind

BATCH = 50_000
# A cell seen before is not parsed again; the memory of a column is bounded.
REMEMBERED = 100_000
DECIMAL = pa.decimal128(38, 9)
ARROW_TYPES = {
    Kind.DATE: pa.date32(),
    Kind.OPEN_DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("us"),
    Kind.MONEY: DECIMAL,
    Kind.NUMBER: DECIMAL,
    Kind.RATE: pa.decimal128(38, RATE_PLACES),
    Kind.FX_RATE: pa.decimal128(38, FX_RATE_PLACES),
    Kind.WHOLE: pa.int64(),
    Kind.BOOLEAN: pa.bool_(),
}
csv.field_size_limit(1 << 24)
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# Control characters, and the lone surrogates that stand for bytes that are not UTF-8.
_GARBLED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True)
class Rejection:
    """One cell (or line, or file: then column and value are None) that was not taken, and why.

    The ids are those the line itself names, so that what it belongs to can be held back with it.
    """

    file: str
    line: int
    table_name: str
    column_name: str | None
    value: str | None
    reason: str
    entity_id: str | None = None
    contract_id: str | None = None
    component_id: str | None = None
    cost_id: str | None = None
    invoice_id: str | None = None
    credit_note_id: str | None = None


OWNERS = ("entity_id", "contract_id", "component_id", "cost_id", "invoice_id", "credit_note_id")


@dataclass
class FileContent:
    """The content of one table's file. `lines_read` = lines that are not blank, the header left out."""

    batches: list[pa.Table] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    lines_read: int = 0

    @property
    def lines_loaded(self) -> int:
        return sum(batch.num_rows for batch in self.batches)


def fingerprint(path: Path, table: str) -> str:
    """Changes when the bytes of the file or the declaration of its table change."""
    digest = hashlib.blake2b(repr(TABLES[table]).encode(), digest_size=16)
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def read(path: Path, table: str) -> FileContent:
    """Every line of the file, typed by the declaration of `table` or rejected. Raises nothing for bad content."""
    return _Reader(path, table).read()


class _Reader:
    def __init__(self, path: Path, table: str) -> None:
        self.path, self.table, self.columns = path, table, TABLES[table]
        self.content = FileContent()
        self.owners: dict[str, int] = {}
        self.parsers = [_Remembering(column) for column in self.columns]
        self.is_clean = path.suffix == ".csv" and _is_clean(path)

    def read(self) -> FileContent:
        rows = self._parquet_rows() if self.path.suffix == ".parquet" else self._csv_rows()
        _, header = next(rows, (1, []))
        positions = self._positions([name.strip() for name in header])
        for batch in _batched(rows, BATCH):
            self.content.lines_read += len(batch)
            if positions is not None:
                self._take(batch, positions, len(header))
        self.content.rejections.sort(key=lambda rejection: rejection.line)
        return self.content

    def reject(self, line: int, column: str | None, value: str | None, reason: str, cells: Sequence[str] = ()) -> None:
        owners = {
            name: _printable(cells[position].strip()) or None
            for name, position in self.owners.items()
            if position < len(cells)
        }
        self.content.rejections.append(
            Rejection(self.path.name, line, self.table, column, _printable(value), _printable(reason) or "", **owners)
        )

    # rows --------------------------------------------------------------------------------------------------------
    def _csv_rows(self) -> Iterator[tuple[int, list[str]]]:
        """(physical line on which the record starts, cells); blank lines are left out, the header is not."""
        # Bytes that are not UTF-8 survive as lone surrogates, so that only their own line is rejected.
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            while True:
                line = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    self.content.lines_read += 1
                    self.reject(line, None, None, f"the line cannot be read ({error}); check its quotation marks")
                    continue
                if any(cell.strip() for cell in cells):
                    yield line, cells

    def _parquet_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows as text, so that both formats obey the same rules; a row's number stands for its line."""
        try:
            source = pq.ParquetFile(self.path)
        except (pa.ArrowException, OSError) as error:
            self.reject(1, None, None, f"{self.path.name} is not a Parquet file: {error}")
            return
        with source:
            yield 0, list(source.schema_arrow.names)
            line = 0
            for batch in source.iter_batches(BATCH):
                for cells in zip(*(_as_text(column) for column in batch.columns), strict=True):
                    line += 1
                    yield line, list(cells)

    # header ------------------------------------------------------------------------------------------------------
    def _positions(self, header: list[str]) -> list[int | None] | None:
        """Where each declared column is in the file; None when the file as a whole cannot be read."""
        before = len(self.content.rejections)
        declared = [column.name for column in self.columns]
        if not header and before == 0:
            self.reject(1, None, None, "the file is empty; its first line must name the columns")
        elif not self.is_clean and any(_is_garbled(name) for name in header):
            self.reject(1, None, None, "the file is not UTF-8; save it as UTF-8 (in a spreadsheet: CSV UTF-8)")
        elif len(header) == 1 and header[0].count(";") > 0:
            self.reject(1, None, None, "the columns are separated by semicolons; separate them by commas")
        elif header:
            for name in sorted({name for name in header if header.count(name) > 1 and name in declared}):
                self.reject(1, name, name, f"the header names {name} more than once; no line was read")
            if len(self.content.rejections) == before:
                for column in self.columns:
                    if column.required and column.name not in header:
                        self.reject(
                            1, column.name, None, f"the required column {column.name} is missing; no line was read"
                        )
        if len(self.content.rejections) > before or not header:
            return None
        for name in dict.fromkeys(header):
            if name not in declared:
                hint = nearest(name, declared) or f"; its columns are {', '.join(declared)}"
                self.reject(1, name, name, f"{self.table} has no column '{name}', so it was not read{hint}")
        self.owners = {name: header.index(name) for name in OWNERS if name in header}
        return [header.index(name) if name in header else None for name in declared]

    # lines -------------------------------------------------------------------------------------------------------
    def _take(self, batch: Iterable[tuple[int, list[str]]], positions: list[int | None], width: int) -> None:
        lines: list[int] = []
        rows: list[list[str]] = []
        for line, cells in batch:
            if len(cells) != width:
                reason = f"the line has {len(cells)} cells and the header names {width} columns"
                self.reject(line, None, None, reason, cells)
            else:
                lines.append(line)
                rows.append(cells)
        cells_by_column = list(zip(*rows, strict=True)) or [()] * width
        bad: set[int] = set()
        values: list[list[Any]] = []
        for column, position, parse in zip(self.columns, positions, self.parsers, strict=True):
            if position is None:
                values.append([parse.blank] * len(rows))
                continue
            parsed = [parse[cell] for cell in cells_by_column[position]]
            if parse.has_failed or not self.is_clean:
                self._reject_cells(column, lines, rows, parsed, bad)
            values.append(parsed)
        if bad:
            keep = [row for row in range(len(rows)) if row not in bad]
            lines, values = [lines[row] for row in keep], [[parsed[row] for row in keep] for parsed in values]
        arrays = {
            column.stored_name: pa.array(parsed, ARROW_TYPES.get(column.kind, pa.string()))
            for column, parsed in zip(self.columns, values, strict=True)
        }
        told = [
            parsed
            for column, position, parsed in zip(self.columns, positions, values, strict=True)
            if position is not None and column.name != "recorded_at"
        ]
        arrays["_line"] = pa.array(lines, pa.int64())
        arrays["_content"] = pa.array([_content(row) for row in zip(*told, strict=True)], pa.int64())
        self.content.batches.append(pa.table(arrays))

    def _reject_cells(
        self, column: Column, lines: list[int], rows: list[list[str]], parsed: list[Any], bad: set[int]
    ) -> None:
        for row, value in enumerate(parsed):
            if isinstance(value, _Bad):
                bad.add(row)
                self.reject(lines[row], column.name, value.text, value.reason, rows[row])
            elif not self.is_clean and isinstance(value, str) and _is_garbled(value):
                bad.add(row)
                reason = f"{column.name} is not UTF-8 text, or holds control characters; save the file as UTF-8"
                self.reject(lines[row], column.name, value, reason, rows[row])


@dataclass(frozen=True)
class _Bad:
    text: str | None
    reason: str


class _Remembering(dict[str, Any]):
    """cell -> value, or _Bad with the reason; each distinct cell of a column is parsed once."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column, self.parse, self.has_failed = column, parser_of(column), False
        self.blank: Any = default_of(column)
        if column.required:
            self.blank = _Bad(None, f"{column.name} is required and blank")

    def __missing__(self, cell: str) -> Any:
        if len(self) >= REMEMBERED:
            self.clear()
        text = cell.strip()
        try:
            value = self.parse(text) if text else self.blank
        except CellError as error:
            value = _Bad(text, str(error))
        self.has_failed = self.has_failed or isinstance(value, _Bad)
        self[cell] = value
        return value


def _content(row: tuple[Any, ...]) -> int:
    """A hash of what a line says, its recorded_at left out: the same line twice is not a contradiction."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(map(str, row)).encode(), digest_size=8).digest(), signed=True)


def _batched(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(itertools.islice(rows, size)):
        yield batch


def _is_clean(path: Path) -> bool:
    """Whether the file is UTF-8 without control characters, so that no cell needs a second look."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        with path.open("rb") as handle:
            while block := handle.read(1 << 20):
                if _CONTROL_BYTES.search(block):
                    return False
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_garbled(text: str) -> bool:
    return _GARBLED.search(text) is not None


def _printable(text: str | None) -> str | None:
    """Without the bytes that no warehouse stores as text, and not endless."""
    if text is None:
        return None
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = _GARBLED.sub("\ufffd", text)
    return text if len(text) <= 500 else text[:500] + "…"


def _as_text(column: pa.Array) -> list[str]:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return [
            "" if value is None else value.isoformat() for value in column.cast(pa.timestamp("us", kind.tz)).to_pylist()
        ]
    if pa.types.is_decimal(kind):
        return ["" if value is None else format(value, "f") for value in column.to_pylist()]
    if pa.types.is_boolean(kind):
        return ["" if value is None else str(value).lower() for value in column.to_pylist()]
    if pa.types.is_floating(kind):
        # A float is not an amount: 0.1 + 0.2 is not 0.3. The cell is refused like any other that is not a number.
        return ["" if value is None else f"{value!r}{FLOAT_MARK}" for value in column.to_pylist()]
    return ["" if value is None else str(value) for value in column.to_pylist()]
