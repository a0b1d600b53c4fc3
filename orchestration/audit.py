"""`revrec audit verify`: what people did and what was posted is computed again, and every difference is named.

Nothing here trusts a table that dbt builds: the chain, the batches, the balances and the links between them are worked
out from schema `ops` alone, which is only read.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestration import warehouse
from orchestration.errors import ConfigurationError
from orchestration.rows import Row, has_table, period_name, rows

_LOGGED = (
    *("at_text", "actor", "login", "action", "object_type", "object_id", "entity_id", "book"),
    *("value_before", "value_after", "reason"),
)
# Each of these has one row of the log for each time it was decided.
_DECIDED = {
    "approvals": "select distinct case decision when 'approved' then 'approve' else 'reject' end, actor, happened_at",
    "period_events": "select kind, actor, seq",
    "flag_resolutions": "select 'resolve', actor, seq",
    "builds": "select 'build', actor, build_id",
    "flag_events": "select distinct 'flag', actor, build_id",
    "export_outbox": "select 'export', actor, seq",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was left."""

    what: str
    which: str
    problem: str


@dataclass
class Verification:
    """What was checked, how many of each, and what is wrong. `head` is the last link of the chain."""

    checked: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    head: str = "0:"

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def verify(database: Path, known: str | None = None) -> Verification:
    """Check everything. `known` is a head noted earlier ('17:ab12…'): nothing before it may have been rewritten."""
    with warehouse.connect(database) as connection:
        if not has_table(connection, "ops", "audit_log"):
            raise ConfigurationError(f"{database} has no audit log; build it first with `bin/revrec run`.")
        log = rows(connection, "from ops.audit_log order by seq, row_hash")
        done = Verification(head=head(connection))
        batches = rows(connection, "from ops.posted_batches order by posted_at, batch_id")
        locks = rows(connection, "from ops.period_events where kind = 'lock' order by seq")
        for what, count, found in (
            ("rows of the audit log", len(log), [*_chain(log), *_known(log, known)]),
            ("posted batches", len(batches), _batches(connection, batches, log)),
            ("posted entries", _number(connection, "posted_journal_lines", "distinct entry_id"), _entries(connection)),
            ("locks", len(locks), [*_locks(connection, locks, log), *_balances(connection)]),
            ("rows of flags", _number(connection, "flag_events", "*"), _flags(connection, log)),
            ("decisions", sum(row["action"] != "build" for row in log), _decisions(connection, log)),
        ):
            done.checked[what] = count
            done.findings += found
        return done


def row_hash(row: Row) -> str:
    """The hash of a row of the log: the hash before it, its number, and each value with its length."""
    values = [str(row[name]) if row[name] is not None else "" for name in _LOGGED]
    text = "|".join([row["previous_hash"] or "", str(row["seq"]), *(f"{len(value)}:{value}" for value in values)])
    return hashlib.sha256(text.encode()).hexdigest()


def head(connection: Any) -> str:
    """The last link of the chain, as 17:ab12…"""
    if not has_table(connection, "ops", "audit_log"):
        return "0:"
    last = rows(connection, "from ops.audit_log order by seq desc limit 1")
    return f"{last[0]['seq']}:{last[0]['row_hash']}" if last else "0:"


def content_hash_of(connection: Any, table: str, schema: str = "ops") -> str:
    """The expression of macros/ops/hashes.sql over every column of a table."""
    columns = [row["column_name"] for row in rows(connection, f'describe "{schema}"."{table}"')]
    text = ", '|', ".join(f"""coalesce(cast("{column}" as varchar), '~')""" for column in columns)
    keys = [f"cast('0x' || {side}(md5(concat({text})), 15) as bigint)" for side in ("left", "right")]
    sums = [f"coalesce(cast(sum(cast({key} as hugeint)) as varchar), '0')" for key in keys]
    return f"concat({sums[0]}, ':', {sums[1]})"


def _chain(log: list[Row]) -> Iterator[Finding]:
    previous = ""
    for place, row in enumerate(log, 1):
        name = f"row {row['seq']}"
        if row["seq"] != place:
            yield Finding("audit log", f"row {place}", f"is missing: row {row['seq']} is in its place")
            return
        if (row["previous_hash"] or "") != previous:
            yield Finding("audit log", name, "does not follow the row before it")
        if row["row_hash"] != row_hash(row):
            yield Finding("audit log", name, "was changed: its hash is that of other words")
        if f"{row['happened_at']:%Y-%m-%d %H:%M:%S.%f}" != row["at_text"]:
            yield Finding("audit log", name, f"happened at {row['happened_at']}, but its hash says {row['at_text']}")
        previous = row["row_hash"]


def _known(log: list[Row], known: str | None) -> Iterator[Finding]:
    number, _, expected = (known or "0:").partition(":")
    if not number.isdigit():
        raise ConfigurationError(f"'{known}' is no head of a log; one is written as 17:ab12…")
    found = next((row["row_hash"] for row in log if str(row["seq"]) == number), "")
    if found != expected:
        yield Finding("audit log", f"row {number}", "is not the one that was noted: the log was rewritten or cut off")


def _batches(connection: Any, batches: list[Row], log: list[Row]) -> Iterator[Finding]:
    """Each batch is what was posted, and the log vouches for it."""
    lines = {
        row["batch_id"]: row
        for row in rows(
            connection,
            f"""
            select
                batch_id,
                count(*) as line_count,
                count(distinct entry_id) as entries,
                concat(
                    sum(
                        (amount_minor + functional_minor * 31) % 1000003
                        * (line_no + 7 + entry_contract_key % 1000003 * 13)
                        + posting_period_no * 101 + accounting_period_no * 1009 + coalesce(line_key, 0) + contract_key
                    ),
                    ':',
                    sum(amount_minor + functional_minor * 31)
                ) as amount_checksum,
                {content_hash_of(connection, "posted_journal_lines")} as content_hash,
            from ops.posted_journal_lines
            group by batch_id
            """,  # noqa: S608
        )
    }
    posted = {row["object_id"]: row for row in log if row["action"] == "post"}
    for batch in batches:
        name, now = batch["batch_id"], lines.pop(batch["batch_id"], {})
        for column, word in (("entries", "entries"), ("line_count", "lines")):
            if now.get(column, 0) != batch[column]:
                yield Finding("batch", name, f"has {now.get(column, 0)} {word}, {batch[column]} were posted")
        if now and any(now[column] != batch[column] for column in ("amount_checksum", "content_hash")):
            yield Finding("batch", name, "was changed: the hash of its lines is not the one that was posted")
        row = posted.pop(name, None)
        if row is None:
            yield Finding("batch", name, "has no row in the audit log")
        elif not (row["value_after"] or "").endswith(f"content {batch['content_hash']}"):
            yield Finding("batch", name, "is not the one in the audit log: the hash there is another")
        elif (row["entity_id"], row["book"], row["actor"]) != (batch["entity_id"], batch["book"], batch["posted_by"]):
            yield Finding("batch", name, "has other books or another person in the audit log")
    yield from (Finding("batch", name, "has lines, but was never recorded as posted") for name in lines)
    yield from (Finding("batch", name, "is in the audit log, but gone from the ledger") for name in posted)


def _entries(connection: Any) -> Iterator[Finding]:
    """Every entry balances in both currencies, is in one batch, and its amounts are those in minor units."""
    for row in rows(
        connection,
        """
        select
            entry_id,
            sum(amount_minor) <> 0 or sum(debit) <> sum(credit) as unbalanced,
            sum(functional_minor) <> 0 or sum(functional_debit) <> sum(functional_credit) as functionally_unbalanced,
            count(distinct batch_id) > 1 as scattered,
            count(distinct line_no) < count(*) as repeated,
            bool_or(
                (debit - credit) * 1000 <> amount_minor * cast(power(10, 3 - minor_units) as bigint)
                or (functional_debit - functional_credit) * 1000
                <> functional_minor * cast(power(10, 3 - functional_minor_units) as bigint)
            ) as differing,
        from ops.posted_journal_lines
        group by entry_id, currency
        having unbalanced or functionally_unbalanced or scattered or repeated or differing
        order by entry_id
        """,
    ):
        problems = {
            "unbalanced": "does not balance",
            "functionally_unbalanced": "does not balance in the functional currency",
            "scattered": "is in two batches",
            "repeated": "has a line twice",
            "differing": "has a line whose amounts differ",
        }
        yield from (Finding("entry", row["entry_id"], text) for key, text in problems.items() if row[key])


def _locks(connection: Any, locks: list[Row], log: list[Row]) -> Iterator[Finding]:
    """Each lock has its row in the log, and the snapshots that row vouches for."""
    proofs: dict[int, dict[str, str]] = {}
    for table in ("lock_snapshots", "locked_trial_balances"):
        query = f"select lock_seq, {content_hash_of(connection, table)} as hash from ops.{table} group by lock_seq"  # noqa: S608
        for row in rows(connection, query):
            proofs.setdefault(row["lock_seq"], {})[table] = row["hash"]
    logged = [row for row in log if row["action"] == "lock"]
    for lock in locks:
        name = f"{lock['entity_id']} {lock['book']} {period_name(lock['period_no'])}"
        key = (lock["entity_id"], lock["book"], period_name(lock["period_no"]), lock["actor"])
        found = [row for row in logged if (row["entity_id"], row["book"], row["object_id"], row["actor"]) == key]
        if not found:
            yield Finding("lock", name, "has no row in the audit log")
            continue
        row = found[0]
        logged.remove(row)
        kept = proofs.pop(lock["seq"], {})
        if "lock_snapshots" not in kept:
            yield Finding("lock", name, "has no snapshots")
        proof = " ".join(kept.get(table, "0:0") for table in ("lock_snapshots", "locked_trial_balances"))
        if not (row["value_after"] or "").endswith(f"snapshots {proof}"):
            yield Finding("lock", name, "has other snapshots than the audit log vouches for")
        if f"as of {lock['known_as_of']}," not in (row["value_after"] or ""):
            yield Finding("lock", name, "has another moment of knowledge in the audit log")
    yield from (Finding("lock", row["object_id"], "is in the audit log, but its event is gone") for row in logged)
    yield from (Finding("lock", f"number {seq}", "has snapshots, but its event is gone") for seq in proofs)


def _balances(connection: Any) -> Iterator[Finding]:
    """A period that is still locked has the balances it was locked with: nothing was posted into it since."""
    for row in rows(
        connection,
        """
        with
        events as (
            select *, row_number() over (partition by entity_id, book order by seq desc) as age
            from ops.period_events
            where kind in ('lock', 'reopen')
        ),
        closed as (
            select entity_id, book, if(kind = 'lock', period_no, period_no - 1) as locked_no from events where age = 1
        ),
        -- The last lock of a period speaks for it.
        kept as (
            select balances.*, row_number() over (
                partition by entity_id, book, period, role, account_code, currency order by lock_seq desc
            ) as age
            from ops.locked_trial_balances as balances
        ),
        wanted as (
            select kept.*, cast(left(period, 4) as bigint) * 12 + cast(right(period, 2) as bigint) - 1 as period_no
            from kept
            where kept.age = 1
        ),
        moved as (
            select
                entity_id,
                book,
                role,
                coalesce(account_code, '') as account_code,
                currency,
                posting_period_no as period_no,
                sum(debit) as debit_now,
                sum(credit) as credit_now,
            from ops.posted_journal_lines
            group by all
        ),
        compared as (
            select
                entity_id,
                book,
                role,
                account_code,
                currency,
                period_no,
                coalesce(debit, 0) as debit,
                coalesce(credit, 0) as credit,
                coalesce(debit_now, 0) as debit_now,
                coalesce(credit_now, 0) as credit_now,
            from (select * replace (coalesce(account_code, '') as account_code) from wanted)
            full join moved using (entity_id, book, role, account_code, currency, period_no)
        )
        select compared.*
        from compared
        inner join closed using (entity_id, book)
        where period_no <= closed.locked_no and (debit <> debit_now or credit <> credit_now)
        order by all
        """,
    ):
        where = f"{row['entity_id']} {row['book']} {period_name(row['period_no'])} {row['role']} {row['account_code']}"
        told = [f"{row[name]} {row['currency']}" for name in ("debit", "credit", "debit_now", "credit_now")]
        yield Finding("balance", where, "was locked with {} and {}, the ledger now has {} and {}".format(*told))


def _decisions(connection: Any, log: Iterable[Row]) -> Iterator[Finding]:
    """People decided as often as the log says, and each of them what it says."""
    of_people = {"approve", "reject", "lock", "soft_close", "reopen", "reopen_request", "resolve", "export"}
    actions = of_people | {"build", "flag"}
    logged = Counter((row["action"], row["actor"]) for row in log if row["action"] in actions)
    kept: Counter[tuple[str, str]] = Counter()
    for table, query in _DECIDED.items():
        if not has_table(connection, "ops", table):
            continue
        where = " where status <> 'started'" if table == "builds" else ""
        found = connection.execute(f"{query} from ops.{table}{where}").fetchall()
        kept.update((action, actor) for action, actor, _ in found)
    for action, actor in sorted(logged.keys() | kept.keys()):
        times, said = kept[action, actor], logged[action, actor]
        if times != said:
            yield Finding("decisions", f"{action} by {actor}", f"{times} are kept, the audit log has {said}")


def _flags(connection: Any, log: list[Row]) -> Iterator[Finding]:
    """What each build found new is what the log vouches for."""
    logged = {row["object_id"]: row["value_after"] or "" for row in log if row["action"] == "flag"}
    # Books from before flags were logged have no such table, and no such rows in the log.
    known = has_table(connection, "ops", "flag_events")
    content = content_hash_of(connection, "flag_events") if known else ""
    query = f"select build_id, {content} as hash from ops.flag_events group by 1"  # noqa: S608
    for row in rows(connection, query) if known else []:
        if not logged.pop(row["build_id"], "").endswith(f"content {row['hash']}"):
            yield Finding("flags", f"build {row['build_id']}", "are not those that the audit log vouches for")
    yield from (Finding("flags", f"build {build}", "are in the audit log, but gone") for build in logged)


def _number(connection: Any, table: str, what: str) -> int:
    if not has_table(connection, "ops", table):
        return 0
    return connection.execute(f"select count({what}) from ops.{table}").fetchall()[0][0]  # noqa: S608
