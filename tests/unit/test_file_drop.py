"""The file drop: what is loaded, what is rejected and where, and that a folder is the whole truth of itself."""

from __future__ import annotations

import datetime as dt
import importlib
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.defs.ingest import file_drop
from orchestration.defs.ingest.file_drop.cells import CellError, parser_of
from orchestration.defs.ingest.file_drop.files import FileContent, read
from orchestration.defs.ingest.file_drop.schema import TABLES, Column, Kind
from orchestration.errors import ConfigurationError

# The package's name `load` is the function.
load_module = importlib.import_module("orchestration.defs.ingest.file_drop.load")
CONTRACTS = "contract_id,customer_id,entity_id,currency,signed_on\n"
COSTS = "cost_id,contract_id,kind,incurred_on,amount\n"
Read = Callable[[str, str | bytes], FileContent]


@pytest.fixture
def read_text(tmp_path: Path) -> Read:
    """`read_text("contracts", text)`: the content of that table's file."""

    def of(table: str, text: str | bytes) -> FileContent:
        path = tmp_path / f"{table}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read(path, table)

    return of


def rows(content: FileContent) -> list[dict[str, Any]]:
    return [row for batch in content.batches for row in batch.to_pylist()]


def rejections(content: FileContent) -> list[tuple[int, str | None, str | None]]:
    return [(one.line, one.column_name, one.value) for one in content.rejections]


# What is read -----------------------------------------------------------------------------------------------------
def test_columns_come_in_any_order_and_blank_cells_take_their_default(read_text: Read) -> None:
    content = read_text("products", "recognition_method,product_name,product_id,distinct\nunits, Seats ,p1,\n")
    assert content.rejections == []
    [row] = rows(content)
    assert (row["product_id"], row["product_name"], row["recognition_method"]) == ("p1", "Seats", "units")
    assert row["is_distinct"] is True and row["role"] == "principal" and row["taxable"] is None


def test_amounts_are_exact_decimals_and_moments_are_utc(read_text: Read) -> None:
    text = "usage_id,contract_id,line_id,used_on,quantity,amount,recorded_at\n"
    content = read_text("usage", text + "u1,k,L1,2026-01-31,0.1,-0.30,2026-02-01T01:00:00+02:00\n")
    [row] = rows(content)
    assert row["quantity"] == Decimal("0.1") and row["amount"] == Decimal("-0.3")
    assert content.batches[0].schema.field("amount").type == pa.decimal128(38, 9)
    assert row["recorded_at"] == dt.datetime(2026, 1, 31, 23, 0) and row["used_on"] == dt.date(2026, 1, 31)


def test_lines_are_physical_lines_and_blank_ones_do_not_count(read_text: Read) -> None:
    text = "policy,value,entity_id\r\n" + 'a,"two\r\nlines",*\r\n' + "\r\n,,\r\n" + "b,v,*\r\n" + "b,v,\r\n"
    content = read_text("policies", text)
    assert [(row["policy"], row["_line"]) for row in rows(content)] == [("a", 2), ("b", 6)]
    assert rejections(content) == [(7, "entity_id", None)] and content.lines_read == 3


def test_the_same_line_twice_has_the_same_content_whatever_it_says_about_recording(read_text: Read) -> None:
    text = CONTRACTS.replace("\n", ",recorded_at\n")
    lines = ["k1,c,e,USD,2026-01-01,", "k1, c,e,USD,2026-01-01,2026-02-01T00:00:00Z", "k1,d,e,USD,2026-01-01,"]
    first, again, other = (row["_content"] for row in rows(read_text("contracts", text + "\n".join(lines))))
    assert first == again != other


# What is rejected, cell by cell -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "column", "value", "says"),
    [
        ("c1,k,obtain,2026-01-01,12.3.4", "amount", "12.3.4", "is not a number; write it like 1234.50"),
        ('c1,k,obtain,2026-01-01,"1,234.50"', "amount", "1,234.50", "without separators"),
        ("c1,k,obtain,2026-01-01,1e3", "amount", "1e3", "is not a number"),
        ("c1,k,obtain,2026-01-01,NaN", "amount", "NaN", "is not a number"),
        ("c1,k,obtain,2026-01-01,0.0000000001", "amount", "0.0000000001", "more than 9 digits"),
        ("c1,k,obtain,2026-01-01,10000000000000", "amount", "10000000000000", "too large"),
        ("c1,k,obtain,2026-01-01,", "amount", None, "amount is required"),
        ("c1,k,obtain,2026-02-30,1", "incurred_on", "2026-02-30", "not in the calendar"),
        ("c1,k,obtain,01/02/2026,1", "incurred_on", "01/02/2026", "write it like 2026-01-31"),
        ("c1,k,obtain,20260101,1", "incurred_on", "20260101", "write it like 2026-01-31"),
        ("c1,k,obtain,0026-01-01,1", "incurred_on", "0026-01-01", "outside the years 1990 to 2100"),
        ("c1,k,fulfill,2026-01-01,1", "kind", "fulfill", "not one of: obtain, fulfil; did you mean 'fulfil'?"),
        ("c1,k,Obtain,2026-01-01,1", "kind", "Obtain", "did you mean 'obtain'?"),
        (",k,obtain,2026-01-01,1", "cost_id", None, "cost_id is required"),
    ],
)
def test_a_bad_cell_rejects_its_line_and_no_other(
    read_text: Read, line: str, column: str, value: str | None, says: str
) -> None:
    content = read_text("contract_costs", f"{COSTS}c0,k,obtain,2026-01-01,1\n{line}\nc2,k,fulfil,2026-01-01,-2.5\n")
    [rejection] = content.rejections
    assert (rejection.file, rejection.line, rejection.table_name) == ("contract_costs.csv", 3, "contract_costs")
    assert (rejection.column_name, rejection.value) == (column, value)
    assert says in rejection.reason
    assert [row["cost_id"] for row in rows(content)] == ["c0", "c2"]
    assert (content.lines_read, content.lines_loaded) == (3, 2)
    assert rejection.contract_id == "k"


def test_every_bad_cell_of_a_line_is_named(read_text: Read) -> None:
    content = read_text("contract_costs", f"{COSTS}c1,k,other,2026-13-01,x\n")
    assert rejections(content) == [(2, "kind", "other"), (2, "incurred_on", "2026-13-01"), (2, "amount", "x")]
    assert content.lines_read - content.lines_loaded == 1


def test_a_bad_cell_is_rejected_on_every_line_that_has_it(read_text: Read) -> None:
    content = read_text("contract_costs", COSTS + "c1,k,no,2026-01-01,1\n" * 3)
    assert [one.line for one in content.rejections] == [2, 3, 4]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.WHOLE, [("0", 0), ("12", 12)], ["1.0", "-1", "1e2", "1234567890", "one"]),
        (Kind.BOOLEAN, [("true", True), ("FALSE", False)], ["1", "yes"]),
        (Kind.MONTH_DAY, [("04-01", "04-01")], ["4-1", "13-01", "02-29", "04-01x"]),
        (Kind.TIMEZONE, [("Europe/Berlin", "Europe/Berlin"), ("UTC", "UTC")], ["Berlin", "../etc", "/UTC"]),
        (Kind.PERIOD, [("2026-03", "2026-03"), ("2026-P13", "2026-P13")], ["2026-13", "2026", "2026-P14"]),
        (Kind.OPEN_DATE, [("9999-12-31", dt.date(9999, 12, 31))], ["9999-12-32"]),
        (Kind.NUMBER, [("+.5", Decimal("0.5")), ("5.", Decimal(5))], [".", "٣", "1 000", "1_000", "0x1", "1" * 19]),
        (Kind.RATE, [("0." + "1" * 24, Decimal("0." + "1" * 24))], ["0." + "1" * 25, "1000", "5%"]),
        (Kind.FX_RATE, [("0." + "1" * 18, Decimal("0." + "1" * 18))], ["0." + "1" * 19, "1000000000", "1:149"]),
        (
            Kind.TIMESTAMP,
            [("2026-01-01", dt.datetime(2026, 1, 1)), ("2026-01-01 10:00", dt.datetime(2026, 1, 1, 10))],
            ["2026-01-01T25:00:00Z", "10:00", "2026-01-01T10", "0001-01-01T00:00:00+14:00"],
        ),
    ],
)
def test_each_kind_of_cell_takes_what_it_declares(kind: Kind, good: list[tuple[str, Any]], bad: list[str]) -> None:
    parse = parser_of(Column("column", kind))
    assert [(text, parse(text)) for text, _ in good] == good
    for text in bad:
        with pytest.raises(CellError, match="column"):
            parse(text)


# What is rejected, line by line and file by file --------------------------------------------------------------------
def test_a_ragged_line_is_rejected_with_the_ids_it_names(read_text: Read) -> None:
    content = read_text("contracts", CONTRACTS + "k1,c,e,USD\nk2,c,e,USD,,\nk3,c,e,USD,\n")
    assert rejections(content) == [(2, None, None), (3, None, None)]
    assert content.rejections[0].reason == "the line has 4 cells and the header names 5 columns"
    assert [one.contract_id for one in content.rejections] == ["k1", "k2"]
    assert [row["contract_id"] for row in rows(content)] == ["k3"]


def test_a_line_with_broken_quotes_is_rejected(read_text: Read) -> None:
    content = read_text("contracts", CONTRACTS + '"k1"x,c,e,USD,\nk2,c,e,USD,\n"k3,c,e,USD,\n')
    assert [(one.line, one.column_name) for one in content.rejections] == [(2, None), (4, None)]
    assert all("quotation marks" in one.reason for one in content.rejections)
    assert [row["contract_id"] for row in rows(content)] == ["k2"] and content.lines_read == 3


def test_a_cell_that_is_not_utf8_is_rejected_and_the_others_are_read(read_text: Read) -> None:
    text = "customer_id,customer_name,entity_id\nc1,Müller,e\n".encode() + "c2,Müller,e\n".encode("latin-1")
    content = read_text("customers", text + b"c3,a\0b,e\n")
    assert [(one.line, one.column_name) for one in content.rejections] == [(3, "customer_name"), (4, "customer_name")]
    assert "UTF-8" in content.rejections[0].reason
    assert [row["customer_name"] for row in rows(content)] == ["Müller"]


@pytest.mark.parametrize(
    ("data", "column", "says"),
    [
        (CONTRACTS.encode("utf-16"), None, "not UTF-8"),
        (b"", None, "the file is empty"),
        (b"contract_id;customer_id\nk1;c1\n", None, "separate them by commas"),
        (b"contract_id,customer_id,entity_id\nk1,c1,e1\nk2,c1,e1\n", "currency", "currency is missing"),
        (CONTRACTS.replace("signed_on", "currency").encode() + b"k1,c1,e1,USD,EUR\n", "currency", "more than once"),
    ],
)
def test_a_file_that_cannot_be_understood_is_one_rejection(
    read_text: Read, data: bytes, column: str | None, says: str
) -> None:
    content = read_text("contracts", data)
    [rejection] = content.rejections
    assert (rejection.line, rejection.column_name) == (1, column) and says in rejection.reason
    assert rows(content) == [] and content.lines_read >= content.lines_loaded == 0


def test_an_unknown_column_is_one_rejection_and_the_lines_are_read(read_text: Read) -> None:
    text = "policy,value,entity_id,effective\na,b,*,2026-01-01\nc,d,*,\n"
    content = read_text("policies", text)
    [rejection] = content.rejections
    assert (rejection.line, rejection.column_name, rejection.value) == (1, "effective", "effective")
    assert "did you mean 'effective_on'?" in rejection.reason and len(rows(content)) == 2


def test_a_byte_order_mark_is_no_part_of_the_first_column(read_text: Read) -> None:
    assert len(rows(read_text("contracts", b"\xef\xbb\xbf" + CONTRACTS.encode() + b"k1,c1,e1,USD,\n"))) == 1


def test_parquet_obeys_the_same_rules_and_floats_are_no_amounts(tmp_path: Path) -> None:
    path = tmp_path / "contract_costs.parquet"
    table = pa.table(
        {
            "cost_id": ["c1", "c2"],
            "contract_id": ["k", "k"],
            "kind": ["obtain", "other"],
            "incurred_on": pa.array([dt.date(2026, 1, 1)] * 2),
            "amount": pa.array([Decimal("1.50"), Decimal("2.00")], pa.decimal128(12, 2)),
            "recorded_at": pa.array([dt.datetime(2026, 1, 2, 3)] * 2, pa.timestamp("ms", "UTC")),
        }
    )
    pq.write_table(table, path)
    content = read(path, "contract_costs")
    [row] = rows(content)
    assert (row["amount"], row["recorded_at"], row["_line"]) == (Decimal("1.5"), dt.datetime(2026, 1, 2, 3), 1)
    assert rejections(content) == [(2, "kind", "other")]

    pq.write_table(table.set_column(4, "amount", pa.array([1.5, 2.0])), path)
    assert "stored as a float" in read(path, "contract_costs").rejections[0].reason

    path.write_bytes(b"no parquet")
    [rejection] = read(path, "contract_costs").rejections
    assert "not a Parquet file" in rejection.reason


def test_a_hundred_thousand_lines_are_read_in_batches(read_text: Read) -> None:
    lines = "".join(f"c{number},k,obtain,2026-01-01,{number}.25\n" for number in range(100_000))
    content = read_text("contract_costs", COSTS + lines + "bad,k,obtain,2026-01-01,x\n")
    assert (content.lines_read, content.lines_loaded, len(content.batches)) == (100_001, 100_000, 3)
    assert rejections(content) == [(100_002, "amount", "x")]


# What the warehouse holds -------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which the file drop is declared and nothing was loaded."""
    database = tmp_path_factory.mktemp("declared") / "x.duckdb"
    file_drop.declare(database)
    return database


@pytest.fixture
def drop(tmp_path: Path, declared: Path) -> Iterator[tuple[Path, Path]]:
    """An empty folder and a warehouse of one's own."""
    folder, database = tmp_path / "drop", tmp_path / "x.duckdb"
    folder.mkdir()
    database.write_bytes(declared.read_bytes())
    yield folder, database


def query(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


LATEST = """
    select contract_id from raw_file_drop.contracts
    where _load_no = (select max(load_no) from raw_file_drop.loads where table_name = 'contracts') order by 1
"""


def test_declaring_makes_every_table_with_every_column(declared: Path) -> None:
    found: dict[str, set[str]] = {}
    for table, column in query(
        declared, "select table_name, column_name from information_schema.columns where table_schema = 'raw_file_drop'"
    ):
        found.setdefault(table, set()).add(column)
    place = {"_file", "_line", "_content", "_load_no", "_loaded_at"}
    for table, columns in TABLES.items():
        assert {column.stored_name for column in columns} | place <= found[table]
    assert {"file", "line", "table_name", "column_name", "value", "reason"} <= found["rejected_rows"]
    assert query(declared, "select count(*) from raw_file_drop.loads") == [(0,)]


def test_types_are_exact(declared: Path) -> None:
    types = dict(query(declared, "select column_name, column_type from (describe raw_file_drop.contract_lines)"))
    assert (types["amount"], types["quantity"], types["version"]) == ("DECIMAL(38,9)", "DECIMAL(38,9)", "BIGINT")
    assert (types["starts_on"], types["recorded_at"]) == ("DATE", "TIMESTAMP")
    assert types["refundable_on_termination"] == "BOOLEAN"


def test_the_same_content_is_loaded_once_and_a_change_is_appended(drop: tuple[Path, Path]) -> None:
    folder, database = drop
    (folder / "contracts.csv").write_text(CONTRACTS + "k1,c,e,USD,\nk2,c,e,USD,\n")
    (folder / "policies.csv").write_text("entity_id,policy,value\n*,breakage,remote\n")
    first = file_drop.load(folder, database)
    assert (first.lines_loaded, first.lines_rejected, [table.table for table in first.tables]) == (
        3,
        0,
        ["policies", "contracts"],
    )
    assert file_drop.load(folder, database).tables == []

    (folder / "contracts.csv").write_text(CONTRACTS + "k2,c,e,EUR,\n")
    assert [table.table for table in file_drop.load(folder, database).tables] == ["contracts"]
    assert query(database, LATEST) == [("k2",)]
    assert query(database, "select count(*), max(_load_no) from raw_file_drop.contracts") == [(3, 2)]

    (folder / "contracts.csv").unlink()
    [gone] = file_drop.load(folder, database).tables
    assert (gone.table, gone.file, gone.lines_loaded) == ("contracts", None, 0)
    assert query(database, LATEST) == []
    assert file_drop.load(folder, database).tables == []


def test_rejections_are_stored_with_their_place_and_belong_to_their_load(drop: tuple[Path, Path]) -> None:
    folder, database = drop
    (folder / "contracts.csv").write_text(CONTRACTS + "k1,c,e,USD,soon\n")
    summary = file_drop.load(folder, database)
    assert (summary.lines_loaded, summary.lines_rejected, summary.rejections) == (0, 1, 1)
    stored = (
        "select file, line, table_name, column_name, value, contract_id, entity_id from raw_file_drop.rejected_rows"
    )
    assert query(database, stored) == [("contracts.csv", 2, "contracts", "signed_on", "soon", "k1", "e")]
    assert query(database, "select lines_read, lines_loaded, rejections from raw_file_drop.loads") == [(1, 0, 1)]


def test_files_that_belong_to_no_table_are_reported_until_they_are_gone(drop: tuple[Path, Path]) -> None:
    folder, database = drop
    for name in ("contract.csv", "contracts.xlsx", ".hidden", "README.md"):
        (folder / name).write_text("x")
    (folder / "policies.csv").write_text("entity_id,policy,value\n")
    (folder / "policies.parquet").write_text("x")
    file_drop.load(folder, database)
    reasons = dict(query(database, "select table_name, reason from raw_file_drop.rejected_rows"))
    assert reasons.keys() == {"contract.csv", "contracts.xlsx", "policies.parquet"}
    assert "did you mean 'contracts'?" in reasons["contract.csv"]
    assert "name it contracts.csv" in reasons["contracts.xlsx"]
    assert "policies.csv was read instead" in reasons["policies.parquet"]
    assert file_drop.load(folder, database).tables == []

    (folder / "contract.csv").unlink()
    assert [(table.table, table.rejections) for table in file_drop.load(folder, database).tables] == [
        ("contract.csv", 0)
    ]


def test_a_rate_keeps_its_digits_in_a_warehouse_made_before_it_had_them(drop: tuple[Path, Path]) -> None:
    folder, database = drop
    with duckdb.connect(str(database)) as connection:
        connection.execute("alter table raw_file_drop.price_components alter rate type decimal(38, 9)")
        connection.execute("alter table raw_file_drop.fx_rates alter rate type decimal(38, 9)")
    (folder / "price_components.csv").write_text("contract_id,component_id,kind,rate\nk,f,financing,0." + "1" * 24)
    (folder / "fx_rates.csv").write_text("rate_on,from_currency,to_currency,rate\n2026-01-01,A,B," + "0." + "1" * 18)
    file_drop.load(folder, database)
    [rates] = query(database, "select c.rate, f.rate from raw_file_drop.price_components c, raw_file_drop.fx_rates f")
    assert rates == (Decimal("0." + "1" * 24), Decimal("0." + "1" * 18))


def test_a_load_that_was_interrupted_is_never_seen(drop: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, database = drop
    (folder / "contracts.csv").write_text(CONTRACTS + "k1,c,e,USD,\n")

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(load_module, "_record", killed)
        with pytest.raises(KeyboardInterrupt):
            file_drop.load(folder, database)
    assert query(database, LATEST) == []
    (folder / "contracts.csv").write_text(CONTRACTS + "k2,c,e,USD,\n")
    file_drop.load(folder, database)
    assert query(database, LATEST) == [("k2",)]


def test_a_folder_that_is_not_there_is_one_sentence(declared: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is not a folder"):
        file_drop.load(tmp_path / "nowhere", declared)


def test_defaults_and_words_of_the_declaration_agree() -> None:
    for table, columns in TABLES.items():
        names = [column.name for column in columns]
        assert len(names) == len(set(names)), table
        for column in columns:
            assert not (column.required and column.default), (table, column.name)
            if column.default is not None:
                parser_of(column)(column.default)


def test_the_documentation_names_every_column_and_which_are_required(project_root: Path) -> None:
    text = (project_root / "docs" / "input-layer.md").read_text()
    for table, columns in TABLES.items():
        _, found, section = text.partition(f"\n**{table}** · ")
        assert found, f"{table} is not documented"
        cells = re.findall(r"^\| ([^|]*) \|", re.split(r"\n\*\*\w+\*\* · |\n#", section)[0], re.MULTILINE)
        documented = {name.strip() for cell in cells for name in cell.split(",")} - {"column", "---"}
        assert documented == {f"**{one.name}**" if one.required else one.name for one in columns}, table
        for column in columns:
            assert not [word for word in column.words if f"`{word}`" not in text], (table, column.name)
