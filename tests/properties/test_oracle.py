"""The oracle gives the published figures of every case within its reach, and names the rule that puts one out of it."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from oracle import Oracle
from oracle_rows import DIGITS

CASES = Path(__file__).parent.parent / "cases"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


TABLES = {path.stem: read(path) for path in sorted((CASES / "inputs").glob("*.csv"))}
EXPECTED = {
    name: read(CASES / "expected" / f"{name}.csv") for name in ("recognition", "allocations", "balances", "daily")
}
STATED = {row["case_id"]: row for row in read(CASES / "expected" / "cases.csv")}
CONTRACTS = {row["contract_id"]: row for row in TABLES["contracts"]}
ASSERTING = sorted(
    {row["case_id"] for name in ("recognition", "allocations") for row in EXPECTED[name]}
    | {case_id for case_id, row in STATED.items() if row["complete_recognition"] == "true"}
)
WITH_CONTRACTS = sorted({row["entity_id"] for row in CONTRACTS.values()} & set(ASSERTING))

# The rules the oracle leaves to others, and how many cases each of them puts out of its reach.
OUT_OF_REACH = {
    "foreign currency": 0,
    "a component of kind financing": 1,
    "lines that share an obligation": 0,
    "a reduction with a term of its own": 0,
    "a line recognised as_invoiced": 1,
}


ORACLE = Oracle(TABLES)


def contracts_of(case_id: str) -> list[str]:
    return [contract_id for contract_id, row in CONTRACTS.items() if row["entity_id"] == case_id]


def reasons_of(case_id: str) -> list[str]:
    """The rules that put a case out of reach."""
    return [ORACLE.out_of_reach[c] for c in contracts_of(case_id) if c in ORACLE.out_of_reach]


def minor(amount: str, case_id: str) -> int:
    digits = DIGITS.get(STATED[case_id]["currency"], 2)
    return int(Decimal(amount) * 10**digits)


def covers(period: str, month: str) -> bool:
    return period == "*" or month.startswith(period)


def test_only_the_rules_named_are_out_of_reach() -> None:
    reasons = Counter(reasons_of(case_id)[0] for case_id in WITH_CONTRACTS if reasons_of(case_id))
    assert dict(reasons) == {reason: count for reason, count in OUT_OF_REACH.items() if count}
    assert set(ORACLE.out_of_reach.values()) <= set(OUT_OF_REACH)


@pytest.mark.parametrize("case_id", [case_id for case_id in WITH_CONTRACTS if not reasons_of(case_id)])
def test_the_oracle_gives_the_figures_of_the_case(case_id: str) -> None:
    tolerance, different = int(STATED[case_id]["tolerance"]), []
    months = {c: ORACLE.months(c) for c in contracts_of(case_id)}
    met = set()
    for row in (row for row in EXPECTED["recognition"] if row["case_id"] == case_id):
        found = months[row["contract_id"]].get(row["line_id"], {})
        matching = [month for month in found if covers(row["accounting_period"], month)]
        met |= {(row["contract_id"], row["line_id"], month) for month in matching}
        if abs(sum(found[m] for m in matching) - minor(row["amount"], case_id)) > tolerance:
            different.append((row, sum(found[m] for m in matching)))
    if STATED[case_id]["complete_recognition"] == "true":
        for contract_id, lines in months.items():
            for line_id, found in lines.items():
                different += [(line_id, m, found[m]) for m in found if (contract_id, line_id, m) not in met]
    for row in (row for row in EXPECTED["allocations"] if row["case_id"] == case_id):
        found = ORACLE.allocations(row["contract_id"])[int(row["version"]), row["line_id"]]
        if abs(found - minor(row["amount"], case_id)) > tolerance:
            different.append((row, found))
    for row in (row for row in EXPECTED["daily"] if row["case_id"] == case_id and row["contract_id"] in months):
        found = ORACLE.daily(row["contract_id"])[row["line_id"]].get(date.fromisoformat(row["recognized_on"]), 0)
        if found != minor(row["amount"], case_id):
            different.append((row, found))
    for row in (row for row in EXPECTED["balances"] if row["case_id"] == case_id and row["role"] == "refund_liability"):
        year, month = map(int, row["period"].split("-"))
        closing = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        found = ORACLE.refund_liability(row["contract_id"], closing)
        if found != minor(row["closing"], case_id):
            different.append((row, found))
    assert different == []
