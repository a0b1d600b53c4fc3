"""The closed form in SQL and its Python twin give the same cents: every convention, month by month and day by day.

Random invoices (a fixed seed, so that a failure repeats) go through the pipeline; what SQL recognises of each line is
compared with `cumulative` of the fold, whose own tests hold it against a loop over days.
"""

from __future__ import annotations

import csv
import importlib.util
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration import pipeline, warehouse

CONVENTIONS = ["daily", "monthly_prorated_ends", "monthly_from_start", "monthly_by_term", "monthly_even", "thirty_360"]
LINES_PER_ENTITY = 30
EPOCH = date(1970, 1, 1)


def reference(project_root: Path):
    spec = importlib.util.spec_from_file_location(
        "fold_invoice", project_root / "python_udfs" / "functions" / "fold_invoice.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.cumulative


def random_lines() -> list[dict]:
    draw = random.Random(606)  # noqa: S311
    lines = []
    for convention in CONVENTIONS:
        for days_rule in ("even", "truncated"):
            for late in (False, True):
                for n in range(LINES_PER_ENTITY // 2):
                    starts = date(2023, 1, 1) + timedelta(days=draw.randrange(500))
                    ends = starts + timedelta(
                        days=draw.choice([0, 1, 13, 27, 30, 58, 90, 180, 364, 365, 730]) + draw.randrange(3)
                    )
                    issued = starts + timedelta(days=draw.randrange(-40, (ends - starts).days + 60))
                    lines.append(
                        {
                            "entity": f"{convention}-{days_rule}-{'late' if late else 'own'}",
                            "convention": convention,
                            "days_rule": days_rule,
                            "late": late,
                            "id": f"{convention}-{days_rule}-{'late' if late else 'own'}-{n}",
                            "starts": starts,
                            "ends": ends,
                            "issued": issued,
                            "minor": draw.choice([1, 7, 100, 12345, 999_999, 10_000_000_001])
                            * draw.choice([1, 1, 1, -1]),
                        }
                    )
    return lines


def table(folder: Path, name: str, rows: list[dict]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def major(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


@pytest.fixture(scope="module")
def lines() -> list[dict]:
    return random_lines()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, lines: list[dict]) -> Path:
    home = tmp_path_factory.mktemp("agree")
    folder, database = home / "inputs", home / "books.duckdb"
    folder.mkdir()
    entities = sorted({line["entity"] for line in lines})
    table(folder, "entities", [{"entity_id": e, "entity_name": e, "functional_currency": "EUR"} for e in entities])
    table(folder, "customers", [{"customer_id": f"{e}-c", "customer_name": e, "entity_id": e} for e in entities])
    table(
        folder,
        "products",
        [{"product_id": "service", "product_name": "Service", "recognition_method": "straight_line"}],
    )
    table(
        folder,
        "policies",
        [
            {"entity_id": line["entity"], "policy": policy, "value": value}
            for line in {line["entity"]: line for line in lines}.values()
            for policy, value in (
                ("straight_line", line["convention"]),
                ("straight_line_days", line["days_rule"]),
                ("service_before_invoice", "catch_up" if line["late"] else "unbilled"),
            )
        ],
    )
    table(
        folder,
        "invoices",
        [
            {
                "invoice_id": x["id"],
                "customer_id": f"{x['entity']}-c",
                "entity_id": x["entity"],
                "currency": "EUR",
                "issued_on": x["issued"],
            }
            for x in lines
        ],
    )
    table(
        folder,
        "invoice_lines",
        [
            {
                "invoice_id": x["id"],
                "invoice_line_id": x["id"],
                "product_id": "service",
                "amount": major(x["minor"]),
                "starts_on": x["starts"],
                "ends_on": x["ends"],
            }
            for x in lines
        ],
    )
    with warehouse.writing(database):
        pipeline.declare(database)
        pipeline.load_files(folder, database)
        warehouse.dbt(
            "build",
            database=database,
            variables={"as_of": "2030-01-01 00:00:00", "through": "2028-12"},
            select=["+recognition_by_period", "+daily_recognition"],
            arguments=["--exclude-resource-type", "unit_test", "test"],
        )
    return database


def expected_days(line: dict, cumulative) -> dict[date, int]:
    number = lambda day: (day - EPOCH).days  # noqa: E731
    not_before = number(line["issued"]) if line["late"] else None
    last, earned, days = max(line["ends"], line["issued"]) if line["late"] else line["ends"], 0, {}
    day = line["starts"]
    while day <= last:
        through = cumulative(
            line["minor"],
            line["convention"],
            line["days_rule"],
            number(line["starts"]),
            number(line["ends"]),
            number(day),
            not_before,
        )
        if through != earned:
            days[day] = through - earned
        earned, day = through, day + timedelta(days=1)
    assert earned == line["minor"]
    return days


def test_every_day_and_every_month_agree(built: Path, lines: list[dict], project_root: Path) -> None:
    cumulative = reference(project_root)
    days: dict[str, dict[date, int]] = defaultdict(dict)
    months: dict[str, dict[str, int]] = defaultdict(dict)
    with duckdb.connect(str(built), read_only=True) as connection:
        for line_id, day, minor in connection.execute(
            "select line_id, recognized_on, cast(amount * 100 as bigint) from reports.daily_recognition"
        ).fetchall():
            days[line_id][day] = minor
        for line_id, period, minor in connection.execute(
            "select line_id, accounting_period, cast(amount * 100 as bigint) from reports.recognition_by_period"
        ).fetchall():
            months[line_id][period] = minor
    for line in lines:
        expected = expected_days(line, cumulative)
        by_month: dict[str, int] = defaultdict(int)
        for day, minor in expected.items():
            by_month[f"{day:%Y-%m}"] += minor
        assert days[line["id"]] == expected, line
        assert months[line["id"]] == {period: minor for period, minor in by_month.items() if minor}, line
