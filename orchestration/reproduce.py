"""`revrec audit verify --reproduce`: a locked period is built again from what was known, and compared table by table.

The warehouse is copied to a scratch file; there, what was loaded, decided and posted after a lock is taken away, and
everything is built anew as of the lock's moment of knowledge. What the lock would remember now must be what it
remembers.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestration import close, pipeline, warehouse
from orchestration.errors import ConfigurationError
from orchestration.rows import Row, period_name, rows
from orchestration.warehouse import Progress


@dataclass(frozen=True)
class Table:
    """One public table in one locked period of one set of books."""

    entity_id: str
    book: str
    period: str
    table: str
    rows_then: int
    rows_now: int
    is_equal: bool


@dataclass
class Reproduction:
    """Every table of every lock that was built again. `notes` say what a reader must know to judge a difference."""

    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def different(self) -> list[Table]:
        return [table for table in self.tables if not table.is_equal]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def reproduce(database: Path, period: str | None = None, progress: Progress = lambda message: None) -> Reproduction:
    """Build the last lock of each set of books again, or the last one that remembers `period`."""
    with warehouse.connect(database) as connection:
        locks = _locks(connection, period)
    if not locks:
        raise ConfigurationError(f"{period or 'no period'} is locked; there is nothing to reproduce.")
    done = Reproduction()
    for build in dict.fromkeys(lock["build_at"] for lock in locks):
        _rebuild(database, [lock for lock in locks if lock["build_at"] == build], done, progress)
    return done


def _locks(connection: Any, period: str | None) -> list[Row]:
    """The locks to build again, with the periods they remember and the build they looked at."""
    return rows(
        connection,
        """
        with
        befores as (
            select
                events.seq,
                coalesce(
                    max_by(if(before.kind = 'lock', before.period_no + 1, before.period_no), before.seq), 12
                ) as from_no,
            from ops.period_events as events
            left join ops.period_events as before
                on
                    events.entity_id = before.entity_id
                    and events.book = before.book
                    and before.kind in ('lock', 'reopen')
                    and before.seq < events.seq
            where events.kind = 'lock'
            group by events.seq
        ),
        looked as (
            select events.seq, max(builds.seq) as build_seq
            from ops.period_events as events
            inner join ops.builds on builds.status = 'complete' and builds.happened_at <= events.happened_at
            group by events.seq
        )
        select
            events.seq,
            events.entity_id,
            events.book,
            befores.from_no,
            events.period_no,
            events.known_as_of,
            events.through,
            cast(events.happened_at as varchar) as happened_at,
            cast(builds.happened_at as varchar) as build_at,
            builds.code,
        from ops.period_events as events
        inner join befores using (seq)
        inner join looked using (seq)
        inner join ops.builds on looked.build_seq = builds.seq
        where $period_no is null or cast($period_no as bigint) between befores.from_no and events.period_no
        qualify row_number() over (partition by events.entity_id, events.book order by events.seq desc) = 1
        order by events.seq
        """,
        {"period_no": _number(period) if period else None},
    )


def _rebuild(database: Path, locks: list[Row], done: Reproduction, progress: Progress) -> None:
    first = locks[0]
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".reproduce-") as folder:
        # Of the same name: dbt's relations carry it.
        scratch = Path(folder) / database.name
        with warehouse.connect(database):
            shutil.copyfile(database, scratch)
        with warehouse.connect(scratch, read_only=False) as connection:
            cut_back(connection, locks)
        with warehouse.writing(scratch):
            pipeline.build(
                scratch,
                pipeline.Horizon(first["known_as_of"], first["through"]),
                arguments=["--exclude-resource-type", "test"],
                full_refresh=True,
                progress=progress,
            )
            told = [
                {
                    **{key: lock[key] for key in ("seq", "entity_id", "book")},
                    "from_period": period_name(lock["from_no"]) if lock["from_no"] > 12 else "0000-01",
                    "to_period": period_name(lock["period_no"]),
                }
                for lock in locks
            ]
            close.run("snapshot_again", {"locks": told}, scratch, progress)
        with warehouse.connect(scratch) as connection:
            done.tables += [table for lock in locks for table in _compared(connection, lock)]
            [[code]] = connection.execute("select max_by(code, seq) from ops.builds").fetchall()
    if code != first["code"]:
        done.notes.append(
            f"the code is not that of the lock as of {first['known_as_of']}: a difference may come from there; "
            "check out the version it was locked with to be sure."
        )


def cut_back(connection: Any, locks: Iterable[Row]) -> None:
    """Take away what came after the build and the decisions that each lock looked at. Only ever in a copy."""
    for lock in locks:
        whose = {key: lock[key] for key in ("entity_id", "book")}
        mine = "entity_id = $entity_id and book = $book"
        connection.execute(f"delete from ops.period_events where {mine} and seq >= $seq", {**whose, "seq": lock["seq"]})  # noqa: S608
        for table, moment in (
            ("posted_journal_lines", "posted_at"),
            ("posted_batches", "posted_at"),
            ("approvals", "happened_at"),
        ):
            connection.execute(
                f"delete from ops.{table} where {mine} and {moment} > cast($at as timestamp)",  # noqa: S608
                {**whose, "at": lock["happened_at"]},
            )
        _unload(connection, lock["build_at"])


def _unload(connection: Any, at: str) -> None:
    """Every raw row carries the moment it was loaded; a file drop is read as its last load on record left it."""
    for schema, table, column in connection.execute(
        """
        select table_schema, table_name, column_name
        from information_schema.columns
        where table_schema like 'raw!_%' escape '!' and column_name in ('_loaded_at', 'loaded_at')
        """
    ).fetchall():
        connection.execute(f'delete from "{schema}"."{table}" where "{column}" > cast($at as timestamp)', {"at": at})  # noqa: S608


def _compared(connection: Any, lock: Row) -> list[Table]:
    """What the lock remembers beside what it would remember now, exactly."""
    found = rows(
        connection,
        """
        with
        hashed as (
            select lock_seq, entity_id, book, period, table_name, row_count, content_hash
            from ops.lock_snapshots
            union all
            select
                lock_seq,
                entity_id,
                book,
                period,
                'the trial balance itself' as table_name,
                count(*) as row_count,
                string_agg(concat_ws(
                    '|', role, account_code, currency, opening, debit, credit, net_change, closing, functional_closing
                ), '; ' order by role, account_code, currency) as content_hash,
            from ops.locked_trial_balances
            group by all
        ),
        locked as (select * from hashed where lock_seq = $seq),
        rebuilt as (select * from hashed where lock_seq = -$seq)
        select
            period,
            table_name,
            coalesce(locked.row_count, 0) as rows_then,
            coalesce(rebuilt.row_count, 0) as rows_now,
            locked.content_hash is not distinct from rebuilt.content_hash and rows_then = rows_now as is_equal,
        from locked
        full join rebuilt using (period, table_name)
        order by period, table_name
        """,
        {"seq": lock["seq"]},
    )
    whose = {key: lock[key] for key in ("entity_id", "book")}
    return [Table(**whose, table=row.pop("table_name"), **row) for row in found]


def _number(period: str) -> int:
    if not pipeline.is_month(period):
        raise ConfigurationError(f"'{period}' is not a period; a period is a month such as 2026-03.")
    return int(period[:4]) * 12 + int(period[5:]) - 1
