"""Run twice equals run once, and a build of what changed equals a build of everything, byte for byte."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration import pipeline, warehouse
from tests.public_tables import changed_contracts, contents

CASES = Path(__file__).parent.parent / "cases" / "inputs"
# One of each kind of contract: billed ahead, in arrears, by use, by milestone, bundled, invoice-only with its events,
# modified, with an estimate, a cost, in another currency, combined.
ENTITIES = {
    "seq-01",
    "seq-03",
    "seq-05",
    "seq-06",
    "seq-07c",
    "str-sub-09",
    "str-con-05",
    "str-con-06c",
    "str-cn-03",
    "std-milestone-a",
    "std-two-credit-notes-a",
    "saas-bundle-03",
    "saas-cash-01",
    "zuo-09",
    "asc606-ex24",
    "saas-com-01",
    "saas-fx-01",
    "saas-mod-05",
    "std-bundle-upsell-a",
    "std-combined-position-a",
}


def extract(folder: Path) -> Path:
    """The input rows of ENTITIES."""
    folder.mkdir(parents=True)
    for path in sorted(CASES.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as source:
            reader = csv.DictReader(source)
            rows = [
                row
                for row in reader
                if path.stem in ("account_mappings", "fx_rates") or any(belongs(value) for value in row.values())
            ]
        write(folder / path.name, reader.fieldnames or [], rows)
    return folder


def belongs(value: str | None) -> bool:
    return any(value == entity or (value or "").startswith(entity + "-") for entity in ENTITIES)


def write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def edit(path: Path, change) -> None:
    with path.open(newline="", encoding="utf-8") as source:
        reader = csv.DictReader(source)
        rows = change(list(reader))
    write(path, reader.fieldnames or [], rows)


def build(inputs: Path, database: Path, **options: bool) -> dict[str, tuple[int, str]]:
    pipeline.run(inputs=inputs, database=database, as_of="2031-12-31", through="2031-12", **options)
    return contents(database)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, tuple[int, str]]]:
    """A folder of inputs, the database built from it, and what its public tables hold."""
    home = tmp_path_factory.mktemp("repeat")
    inputs = extract(home / "inputs")
    return inputs, home / "books.duckdb", build(inputs, home / "books.duckdb")


def test_contracts_whose_check_failed_are_computed_and_checked_again(first, tmp_path: Path) -> None:
    inputs, built, once = first
    database = Path(shutil.copy(built, tmp_path / built.name))
    options = {"database": database, "variables": {"as_of": "2031-12-31 23:59:59", "through": "2031-12"}}

    def change(statement: str) -> None:
        with duckdb.connect(str(database)) as connection:
            connection.execute(statement)

    # A check by itself: a cent too much, which only the contracts of the last build are looked at for.
    change("update engine.revenue_by_period set amount_minor = amount_minor + 1 where rowid = 0")
    with warehouse.writing(database), pytest.raises(warehouse.BuildFailed, match="daily_revenue_adds_up"):
        warehouse.dbt("test", select=["daily_revenue_adds_up_to_the_month"], **options)
    assert build(inputs, database) == once
    assert changed_contracts(database) > 0

    # A check of a build that builds every model.
    change("insert into reference.control_exceptions (rule, owner) values ('no such control', 'nobody')")
    with warehouse.writing(database), pytest.raises(warehouse.BuildFailed, match="an_exception_names_its_control"):
        left_out = ["--exclude-resource-types", "seed", "unit_test"]
        warehouse.dbt("build", full_refresh=True, arguments=left_out, **options)
    assert build(inputs, database) == once
    assert changed_contracts(database) > 0


def test_running_again_changes_nothing(first) -> None:
    inputs, database, once = first
    assert all(rows > 0 for name, (rows, _) in once.items() if name != "rejected_inputs")
    assert build(inputs, database) == once
    assert changed_contracts(database) == 0


def test_every_contract_is_checked_unless_told_otherwise(first, tmp_path: Path) -> None:
    inputs, built, once = first
    database = Path(shutil.copy(built, tmp_path / built.name))
    # By somebody who does not go through the project: no contract changed, and the balances of all did not.
    with duckdb.connect(str(database)) as connection:
        connection.execute("update engine.int_reports__liability_movements set billings_minor = billings_minor + 1")
    assert build(inputs, database, check_changed=True) != once
    assert changed_contracts(database) == 0
    with pytest.raises(warehouse.BuildFailed, match="opening_plus_movements_is_closing"):
        build(inputs, database)
    assert build(inputs, database, check_changed=True) == once
    assert changed_contracts(database) > 0


def test_the_order_of_input_rows_does_not_matter(first, tmp_path: Path) -> None:
    inputs, _, once = first
    shuffled = tmp_path / "inputs"
    shuffled.mkdir()
    for path in inputs.glob("*.csv"):
        (shuffled / path.name).write_bytes(path.read_bytes())
        edit(shuffled / path.name, lambda rows: rows[::-1])
    assert build(shuffled, tmp_path / "books.duckdb") == once


def test_a_build_of_what_changed_equals_a_full_one(first, tmp_path: Path) -> None:
    inputs, database, once = first

    def dearer(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{**row, "amount": "1929.68"} if row["contract_id"] == "seq-03-k" else row for row in rows]

    edit(inputs / "contract_lines.csv", dearer)  # another price
    edit(
        inputs / "credit_notes.csv", lambda rows: [row for row in rows if row["credit_note_id"] != "str-cn-03-cn1"]
    )  # a fact that goes
    edit(
        inputs / "credit_note_lines.csv", lambda rows: [row for row in rows if row["credit_note_id"] != "str-cn-03-cn1"]
    )
    edit(
        inputs / "invoices.csv", lambda rows: [row for row in rows if row["invoice_id"] != "seq-05-inv1"]
    )  # a contract that goes
    edit(inputs / "invoice_lines.csv", lambda rows: [row for row in rows if row["invoice_id"] != "seq-05-inv1"])

    changed = build(inputs, database)
    assert changed_contracts(database) == 3
    assert changed != once
    assert changed == build(inputs, tmp_path / "anew.duckdb")
    assert changed == build(inputs, database, full_refresh=True)
