"""The public tables of a batch of random contracts, as the pipeline built them or as the oracle would, in one form."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
from contracts_at_random import DIGITS, contracts_at_random
from oracle import Oracle
from oracle_rows import Key, Tables

from orchestration import pipeline, warehouse

AS_OF, THROUGH = "2037-12-31", "2034-12"
FACTS = {
    "contract_versions": ("contract_id", "version"),
    "price_estimates": ("component_id", "estimated_on"),
    "progress": ("contract_id", "line_id", "measured_on"),
    "price_components": ("component_id",),
}

NOT_SIGNED = "it is not signed (606-10-25-1)"


@dataclass
class Books:
    """Amounts in minor units. `weights` and `parts` (by component) are the pipeline's alone."""

    months: dict[Key, dict[str, int]] = field(default_factory=dict)
    days: dict[Key, dict[date, int]] = field(default_factory=dict)
    given: dict[tuple[str, int, str], int] = field(default_factory=dict)
    parts: dict[tuple[str, int, str, str], int] = field(default_factory=dict)
    weights: dict[tuple[str, int, str, str], int] = field(default_factory=dict)
    obligations: list[dict[str, object]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def earned(self, key: Key) -> int:
        """Lifetime revenue of a line."""
        return sum(self.days.get(key, {}).values())

    def through(self, key: Key, day: date) -> int:
        """Revenue of a line through a day."""
        return sum(amount for on, amount in self.days.get(key, {}).items() if on <= day)


@dataclass
class Batch:
    """Contracts, what the oracle says of them, and how to build them."""

    tables: Tables
    oracle: Oracle

    def __post_init__(self) -> None:
        self.currency = {row["contract_id"]: row["currency"] for row in self.tables["contracts"]}
        self.root = {row["contract_id"]: row["combine_with"] or row["contract_id"] for row in self.tables["contracts"]}
        self.unsigned = {row["contract_id"] for row in self.tables["contracts"] if not row["signed_on"]}

    def scale(self, contract_id: str) -> int:
        return 10 ** DIGITS.get(self.currency[contract_id], 2)

    def accounted(self, books: Books) -> list[str]:
        """Contracts that have numbers; of combined contracts all have or none counts."""
        without = {self.root[contract_id] for contract_id in books.refused}
        return [contract_id for contract_id in self.currency if self.root[contract_id] not in without]


def make(count: int, seed: int) -> Batch:
    tables = contracts_at_random(count, seed)
    return Batch(tables, Oracle(tables))


def write(tables: Tables, folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as target:
            writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def build(batch: Batch, home: Path) -> Path:
    """The whole pipeline with its controls, as `revrec run --inputs`."""
    database = home / "books.duckdb"
    folder = write(batch.tables, home / "inputs")
    pipeline.run(inputs=folder, database=database, as_of=AS_OF, through=THROUGH, full_refresh=True)
    return database


def rebuild(tables: Tables, home: Path) -> Path:
    """Recognition and allocation alone."""
    database = home / "books.duckdb"
    folder = write(tables, home / "inputs")
    with warehouse.writing(database):
        pipeline.declare(database)
        pipeline.load_files(folder, database)
        warehouse.dbt(
            "build",
            database=database,
            variables={"as_of": f"{AS_OF} 23:59:59", "through": THROUGH},
            select=["+recognition_by_period", "+price_allocations"],
            arguments=["--exclude-resource-type", "unit_test", "test"],
        )
    return database


def disordered(tables: Tables, seed: int) -> Tables:
    """The same facts, their rows in another order and learned in another order. Corrections stay corrections."""
    draw = random.Random(seed)  # noqa: S311
    result: Tables = {}
    for name, rows in tables.items():
        copies = [dict(row) for row in rows]
        told: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
        for row in copies if name in FACTS else []:
            told[tuple(row[column] for column in FACTS[name])].append(row)
        for same in told.values():
            if len({row.get("scenario", "") for row in same}) == len(same):
                moment = date(2025, 1, 1) + timedelta(days=draw.randrange(1_800))
                for row in same:
                    row["recorded_at"] = f"{moment}T10:00:00Z"
        draw.shuffle(copies)
        result[name] = copies
    return result


def rows(database: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def from_pipeline(batch: Batch, database: Path) -> Books:
    """Read the public tables."""
    books = Books()
    days: dict[Key, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    months: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    daily = "select contract_id, line_id, recognized_on, amount from reports.daily_recognition"
    for contract_id, line_id, on, amount in rows(database, daily):
        days[contract_id, line_id][on] += int(amount * batch.scale(contract_id))
    monthly = "select contract_id, line_id, accounting_period, amount from reports.recognition_by_period"
    for contract_id, line_id, month, amount in rows(database, monthly):
        months[contract_id, line_id][month] += int(amount * batch.scale(contract_id))
    books.days = {key: {on: amount for on, amount in found.items() if amount} for key, found in days.items()}
    books.months = {key: {m: amount for m, amount in found.items() if amount} for key, found in months.items()}
    shares = "select contract_id, version, line_id, component, weight, amount from reports.price_allocations"
    given: dict[tuple[str, int, str], int] = defaultdict(int)
    for contract_id, version, line_id, component, weight, amount in rows(database, shares):
        books.parts[contract_id, version, line_id, component] = int(amount * batch.scale(contract_id))
        books.weights[contract_id, version, line_id, component] = weight
        given[contract_id, version, line_id] += int(amount * batch.scale(contract_id))
    books.given = dict(given)
    columns = ("contract_id", "version", "obligation_id", "line_ids", "recognition_method", "starts_on", "ends_on")
    columns += ("allocated_amount", "recognized_before", "treatment")
    for row in rows(database, f"select {', '.join(columns)} from reports.performance_obligations"):  # noqa: S608
        books.obligations.append(dict(zip(columns, row, strict=True)))
    books.refused = dict(
        rows(
            database,
            "select contract_id, min(actual) from reports.anomaly_flags"
            " where rule = 'contract_is_accounted_for' and severity = 'block' group by contract_id",
        )
    )
    # No contract yet: no revenue, no price to allocate (606-10-25-1).
    unsigned = [key for key in books.months if key[0] in batch.unsigned]
    assert unsigned == [], "revenue without a contract"
    books.refused |= dict.fromkeys(batch.unsigned, NOT_SIGNED)
    return books


def from_oracle(batch: Batch) -> Books:
    """The same tables as the oracle gives them, so that an invariant is held against both."""
    books = Books(refused=dict(batch.oracle.out_of_reach) | dict.fromkeys(batch.unsigned, NOT_SIGNED))
    for contract_id in batch.oracle.groups:
        if contract_id in books.refused:
            continue
        for line_id, found in batch.oracle.daily(contract_id).items():
            books.days[contract_id, line_id] = found
        for line_id, found in batch.oracle.months(contract_id).items():
            books.months[contract_id, line_id] = found
        for (version, line_id), amount in batch.oracle.allocations(contract_id).items():
            books.given[contract_id, version, line_id] = amount
    return books
