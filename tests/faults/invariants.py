"""What must hold of a ledger at every moment, and what it says without times and made-up ids."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

# Moments, and what is made from them: two runs of one action differ in these and in nothing else.
_OF_THE_MOMENT = {
    "happened_at",
    "at_text",
    "at",
    "posted_at",
    "approved_at",
    "build_id",
    "batch_id",
    "object_id",
    "previous_hash",
    "row_hash",
    "reviewed_at",
}
_HASHES_MOMENTS = {("ops", "posted_batches", "content_hash")}
# The log vouches for what was posted or locked by its hash, in which the moment is; `audit verify` computes it again.
_VOUCHED = r"regexp_replace(value_after, ', (content|snapshots) [-0-9: ]+$', '')"
# How often a build was tried is no business of the books; the log is compared where it is written.
_UNCOMPARED = {("ops", "builds"), ("reports", "audit_log")}
State = dict[str, Counter[Any]]


def rows(database: Path, query: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """Opened for writing, as the next process does it: what is in the write-ahead log is replayed."""
    with duckdb.connect(str(database)) as connection:
        return connection.execute(query, parameters or []).fetchall()


def state(database: Path) -> State:
    """Rows of the state, the drafts and the public tables, without moments: equal states say the same."""
    with duckdb.connect(str(database)) as connection:
        found: State = {}
        for schema, table, columns in connection.execute(
            """
            select table_schema, table_name, list(column_name order by ordinal_position)
            from information_schema.columns
            where
                table_schema in ('ops', 'reports')
                or table_schema = 'engine' and table_name in ('draft_entries', 'draft_lines')
            group by all
            order by all
            """
        ).fetchall():
            if (schema, table) in _UNCOMPARED:
                continue
            names = [
                _VOUCHED if (schema, table, name) == ("ops", "audit_log", "value_after") else f'"{name}"'
                for name in columns
                if name not in _OF_THE_MOMENT and (schema, table, name) not in _HASHES_MOMENTS
            ]
            # A posted entry says when it was approved and posted, and so does the hash of all that a lock keeps.
            kept = " where table_name <> 'journal_entries'" if table == "lock_snapshots" else ""
            of_table = connection.execute(f'select {", ".join(names)} from "{schema}"."{table}"{kept}')  # noqa: S608
            found[f"{schema}.{table}"] = Counter(repr(row) for row in of_table.fetchall())
        return found


def differences(one: State, other: State) -> dict[str, Any]:
    """What only one of two states holds, by table, a few rows each: for the message of an assertion."""
    return {
        table: (list((one.get(table, Counter()) - other.get(table, Counter())).items())[:3],
                list((other.get(table, Counter()) - one.get(table, Counter())).items())[:3])
        for table in sorted(one.keys() | other.keys())
        if one.get(table) != other.get(table)
    }  # fmt: skip


def totals(database: Path) -> Counter[tuple[Any, ...]]:
    """What drafts and posted lines together say: minor units by books, account, currency and period of posting."""
    found = rows(
        database,
        """
        select
            entity_id, book, coalesce(account_code, role), currency, period_no, sum(amount_minor), sum(functional_minor)
        from (
            select entity_id, book, account_code, role, currency, period_no, amount_minor, functional_minor
            from engine.draft_lines
            union all
            select entity_id, book, account_code, role, currency, posting_period_no, amount_minor, functional_minor
            from ops.posted_journal_lines
        )
        group by all
        """,
    )
    return Counter(found)


# Each query finds what must not be.
_NEVER = {
    "a posted entry that does not balance": """
        select entry_id from ops.posted_journal_lines group by entry_id, currency
        having sum(amount_minor) <> 0 or sum(functional_minor) <> 0 or sum(debit) <> sum(credit)
    """,
    "an entry posted twice": """
        select entry_id from ops.posted_journal_lines group by entry_id
        having count(distinct batch_id) > 1 or count(distinct line_no) <> count(*) or count_if(is_first_line) <> 1
    """,
    "a batch that is not its lines": """
        with lines as (
            select batch_id, count(*) as line_count, count(distinct entry_id) as entries
            from ops.posted_journal_lines group by batch_id
        )
        select batch_id from ops.posted_batches as batches full outer join lines using (batch_id)
        where batches.line_count is distinct from lines.line_count or batches.entries is distinct from lines.entries
    """,
    "a batch without a row in the log, or the reverse": """
        with logged as (
            select object_id as batch_id, count(*) as times from ops.audit_log where action = 'post' group by 1
        )
        select batch_id from ops.posted_batches as batches full outer join logged using (batch_id)
        where batches.entries is null or logged.times is distinct from 1
    """,
    "a period event without a row in the log, or the reverse": """
        with
        logged as (
            select row_number() over (order by seq) as place, action, object_id, entity_id, book
            from ops.audit_log where object_type = 'period'
        ),
        events as (
            select
                row_number() over (order by seq) as place, kind as action,
                format('{:04d}-{:02d}', period_no // 12, period_no % 12 + 1) as object_id, entity_id, book
            from ops.period_events
        )
        (select * from logged except select * from events) union all (select * from events except select * from logged)
    """,
    "a decision without a row in the log, or the reverse": """
        with
        logged as (
            select if(action = 'approve', 'approved', 'rejected') as decision,
                sum(cast(split_part(value_after, ' ', 1) as bigint)) as drafts
            from ops.audit_log where action in ('approve', 'reject') group by 1
        ),
        decisions as (select decision, count(*) as drafts from ops.approvals group by 1)
        (select * from logged except select * from decisions)
        union all
        (select * from decisions except select * from logged)
    """,
    "a resolution without a row in the log, or the reverse": """
        with logged as (select object_id, count(*) as times from ops.audit_log where action = 'resolve' group by 1)
        select flag_id from (select flag_id, count(*) as made from ops.flag_resolutions group by 1)
        full outer join logged on flag_id = object_id where made is distinct from times
    """,
    "flags of a build without a row in the log, or the reverse": """
        with logged as (select object_id, count(*) as times from ops.audit_log where action = 'flag' group by 1)
        select build_id from (select distinct build_id from ops.flag_events) as found
        full outer join logged on build_id = object_id where build_id is null or times is distinct from 1
    """,
    "a lock without what it found, or the reverse": """
        select seq from (select seq from ops.period_events where kind = 'lock') as locks
        full outer join (select distinct lock_seq from ops.lock_snapshots) as snapshots on seq = lock_seq
        where seq is null or lock_seq is null
    """,
    "a number given twice or left out": """
        select 'log' from ops.audit_log having count(distinct seq) <> count(*) or max(seq) <> count(*)
        union all
        select 'events' from ops.period_events having count(distinct seq) <> count(*) or max(seq) <> count(*)
    """,
    "a build that ended without a row in the log, or the reverse": """
        with logged as (select object_id as build_id from ops.audit_log where action = 'build')
        select build_id from (select build_id as ended from ops.builds where status <> 'started')
        full outer join logged on ended = build_id where ended is null or build_id is null
    """,
}


_NEVER_ONCE_BUILT = {
    "an entry both drafted and posted": """
        select entry_id from engine.draft_entries where entry_id in (select entry_id from ops.posted_journal_lines)
        union all
        select entry_id from engine.draft_lines where entry_id in (select entry_id from ops.posted_journal_lines)
    """,
    "a draft without lines, or lines without a draft": """
        select entry_id from (select distinct entry_id from engine.draft_entries) as entries
        full outer join (select distinct entry_id as of_lines from engine.draft_lines) as lines on entry_id = of_lines
        where entry_id is null or of_lines is null
    """,
    "a number of an entry that is not drafted": """
        select entry_no, contract_key, entry_type, source_id from engine.draft_numbers
        except all
        select entry_no, contract_key, entry_type, source_id from engine.draft_entries
    """,
}


def broken(database: Path, *, is_built: bool = True) -> list[str]:
    """Every invariant that does not hold, with what breaks it; nothing when all is well.

    While a build is not complete its drafts may be half old and half new: nobody can approve or post them.
    """
    with duckdb.connect(str(database)) as connection:
        queries = {**_NEVER, **(_NEVER_ONCE_BUILT if is_built else {})}
        found = [f"{what}: {row}" for what, query in queries.items() for row in connection.execute(query).fetchall()]
        return found + [f"audit row {seq} is not what was logged" for seq in unchained(connection)]


def unchained(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Audit rows whose hash is not that of their values and of the row before, as macros/ops/log.sql defines it."""
    found, before = [], ""
    for seq, previous, own, *values in connection.execute(
        """
        select
            seq, previous_hash, row_hash,
            at_text, actor, login, action, object_type, object_id, entity_id, book, value_before, value_after, reason
        from ops.audit_log order by seq
        """
    ).fetchall():
        counted = "|".join(f"{len(value or '')}:{value or ''}" for value in values)
        if previous != before or own != hashlib.sha256(f"{before}|{seq}|{counted}".encode()).hexdigest():
            found.append(seq)
        before = own
    return found
