"""Steps of a close and of the nights after it, through the functions of `bin/revrec approve`, `post` and `lock`."""

# ruff: noqa: S608 - what is put into a query are numbers, periods and names of this module.

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LEDGER = "ops.posted_journal_lines"
APPROVER, POSTER, CLOSER = "Ada", "Bo", "Cleo"
_NOT_LOCKED = """
    select count(*)
    from engine.entity_books as books
    left join ops.period_events as events
        on
            books.entity_id = events.entity_id
            and books.book = events.book
            and events.kind = 'lock'
            and events.period_no = {}
    where events.seq is null
"""


def post(database: str, periods: Sequence[str], lock: bool) -> dict[str, Any]:
    """Approve and post these months, oldest first, and lock the last one if asked. Returns the lines in the ledger."""
    from orchestration import warehouse

    path = Path(database)
    warehouse.manifest(path)
    for period in periods:
        _act("approve", path, APPROVER, period)
        _act("post", path, POSTER, period)
    if lock and periods:
        _act("lock", path, CLOSER, periods[-1])
    with warehouse.connect(path) as connection:
        return {"lines": len(connection.table(LEDGER)), "drafts": _drafts(connection, periods)}


def close_period(database: str, period: str) -> dict[str, Any]:
    """The close of one month: approve its drafts, post them, lock it. CPU by action, dbt's own included."""
    from orchestration import warehouse

    path = Path(database)
    warehouse.manifest(path)
    with warehouse.connect(path) as connection:
        before, drafts = len(connection.table(LEDGER)), _drafts(connection, [period])
    cpu, wall = time.process_time(), time.monotonic()
    actions = {
        action: _act(action, path, person, period)
        for action, person in (("approve", APPROVER), ("post", POSTER), ("lock", CLOSER))
    }
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    with warehouse.connect(path) as connection:
        return {
            "cpu": cpu,
            "wall": wall,
            "actions": actions,
            "drafted": drafts,
            "posted": len(connection.table(LEDGER)) - before,
            "left": _drafts(connection, [period]),
            "not_locked": _count(connection, _NOT_LOCKED.format(_number(period))),
        }


def change(database: str, first: int, count: int) -> dict[str, Any]:
    """A day's work: contracts whose number leaves `first` to `first + count - 1` over of 1,000 are worth 1.00 more."""
    from orchestration import warehouse

    chosen = f"between {first} and {first + count - 1}"
    with warehouse.connect(Path(database), read_only=False) as connection:
        connection.execute(
            "update inputs.input_contract_lines set amount_minor = amount_minor + 100"
            f" where line_id = 'L1' and cast(substr(contract_id, 2) as bigint) % 1000 {chosen}"
        )
        connection.execute(
            "update inputs.input_invoice_lines set amount_minor = amount_minor + 100 where contract_id is null"
            f" and invoice_line_id like '%-L1' and cast(substr(invoice_id, 2, 9) as bigint) % 1000 {chosen}"
        )
        contracts = _count(
            connection,
            f"select count(*) from inputs.input_contracts where cast(substr(contract_id, 2) as bigint) % 1000 {chosen}",
        )
    return {"contracts": contracts}


def enlarge(database: str, lines: int) -> dict[str, Any]:
    """Add copies of the posted lines, under ids and contracts of their own, until the ledger has `lines` of them."""
    from orchestration import warehouse

    with warehouse.connect(Path(database), read_only=False) as connection:
        posted, number = len(connection.table(LEDGER)), 0
        missing = lines - posted
        while posted and missing > 0:
            number += 1
            added = min(posted, missing)
            connection.execute(
                f"insert into {LEDGER} select * replace ("
                f"batch_id || '#{number}' as batch_id, entry_id || '#{number}' as entry_id,"
                f" entry_key || '#{number}' as entry_key, contract_key + {number} as contract_key,"
                f" entry_contract_key + {number} as entry_contract_key"
                f") from {LEDGER} where rowid < {added}"
            )
            missing -= added
        return {"lines": len(connection.table(LEDGER))}


def append(database: str, period: str) -> dict[str, Any]:
    """Approve and post the drafts on hand to the ledger as it is; nothing else in it may change."""
    from orchestration import warehouse

    path = Path(database)
    warehouse.manifest(path)
    with warehouse.connect(path) as connection:
        before, sum_before = _ledger(connection, "true")
        drafts = _drafts(connection, [period])
    approving, posting = (_act(action, path, by, period) for action, by in (("approve", APPROVER), ("post", POSTER)))
    with warehouse.connect(path) as connection:
        after = len(connection.table(LEDGER))
        older = f"batch_id not in (select batch_id from {LEDGER} where rowid >= {before})"
        kept, sum_after = _ledger(connection, older)
        return {
            "approve_cpu": approving["cpu"],
            "cpu": posting["cpu"],
            "wall": posting["wall"],
            "drafted": drafts,
            "lines": before,
            "posted": after - before,
            "left": _drafts(connection, [period]),
            "kept": (kept, sum_after) == (before, sum_before),
        }


def _act(action: str, path: Path, by: str, period: str) -> dict[str, float]:
    from orchestration import close

    cpu, wall = time.process_time(), time.monotonic()
    close.act(action, database=path, by=by, period=period)
    return {"cpu": time.process_time() - cpu, "wall": time.monotonic() - wall}


def _drafts(connection: Any, periods: Sequence[str]) -> int:
    numbers = ", ".join(str(_number(period)) for period in periods) or "null"
    return _count(connection, f"select count(*) from engine.draft_lines where period_no in ({numbers})")


def _ledger(connection: Any, condition: str) -> tuple[int, str]:
    return connection.execute(
        "select count(*), cast(sum(cast(hash(entry_id, line_no, contract_key, amount_minor) as hugeint)) as text)"
        f" from {LEDGER} where {condition}"
    ).fetchone()


def _count(connection: Any, query: str) -> int:
    return connection.execute(query).fetchone()[0]


def _number(period: str) -> int:
    year, month = period.split("-")
    return int(year) * 12 + int(month) - 1
