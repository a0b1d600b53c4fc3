"""The close: what people decide about drafts and periods. Every action is one macro of macros/ops, run by dbt."""

from __future__ import annotations

import getpass
import os
import re
from pathlib import Path
from typing import Any

from orchestration import warehouse
from orchestration.errors import ConfigurationError, StepFailed
from orchestration.warehouse import Progress

USER_VARIABLE = "REVREC_USER"
_REFUSED = "refused: "
# SQL ends at a NUL, and a lone surrogate stands for bytes that were no text.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Refused(StepFailed):
    """A control, a rule or a missing right stopped an action; nothing changed."""


def login() -> str:
    """The identity that this process runs under: REVREC_USER, else the account of the operating system."""
    try:
        return os.environ.get(USER_VARIABLE) or getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def person(by: str | None) -> str:
    """Who acts: the name given, or the login. Another name than REVREC_USER is refused: it says who is here."""
    declared = os.environ.get(USER_VARIABLE)
    if by and declared and by != declared:
        raise ConfigurationError(f"{USER_VARIABLE} says that {declared} is here; {by} cannot act with it.")
    name = (by or login()).strip()
    if not name:
        raise ConfigurationError("nothing happens without a name; say who acts with --by NAME.")
    return storable("the name", name)


def storable(what: str, text: str) -> str:
    """The text, if a warehouse can store it; else a ConfigurationError."""
    if _UNSTORABLE.search(text):
        raise ConfigurationError(f"{what} holds a NUL or bytes that are not UTF-8 text; write it anew.")
    return text


def act(
    action: str, /, *, database: Path, by: str | None, progress: Progress = lambda message: None, **arguments: Any
) -> list[dict[str, Any]]:
    """Run one action and return what it added to the audit log, oldest first; nothing, when there was nothing to do.

    `arguments` are those of the macro. Raises Refused with what to do, ConfigurationError when it could not start.
    """
    given = {name: value for name, value in arguments.items() if value not in (None, (), [])}
    # As with who acts: a space behind a name is not another person.
    given |= {"second": str(given["second"]).strip()} if "second" in given else {}
    given |= {"by": person(by), "login": login()}
    for name, value in given.items():
        for text in value if isinstance(value, list | tuple) else [value]:
            storable(name.replace("_", " "), str(text))
    with warehouse.writing(database):
        before = _last(database)
        run(action, given, database, progress)
        return logged(database, after=before)


def run(action: str, arguments: dict[str, Any], database: Path, progress: Progress) -> None:
    """The macro itself; the caller holds the warehouse."""
    try:
        warehouse.dbt(
            "run-operation",
            database=database,
            arguments=[action, "--args", warehouse.as_yaml(arguments)],
            progress=progress,
        )
    except warehouse.MacroFailed as error:
        told = str(error).partition(_REFUSED)[2].partition("> in macro")[0]
        sentence = "\n".join(line.strip() for line in told.strip().splitlines())
        if not sentence:
            raise
        raise Refused(sentence) from None


def logged(database: Path, after: int = 0, most: int | None = None) -> list[dict[str, Any]]:
    """Rows of the audit log after a number, oldest first (the last `most` of them)."""
    with warehouse.connect(database) as connection:
        if not _has_log(connection):
            return []
        found = connection.execute(
            """
            select
                seq,
                at_text as at,
                actor,
                login,
                action,
                object_type,
                object_id,
                entity_id,
                book,
                value_before as before,
                value_after as after,
                reason,
            from ops.audit_log where seq > $after order by seq desc limit $most
            """,
            {"after": after, "most": most or 2**31},
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in reversed(found.fetchall())]


def known_as_of(database: Path) -> str | None:
    """The moment that the books were last posted or locked as of; None before the first time."""
    with warehouse.connect(database) as connection:
        if not _has_log(connection):
            return None
        [[latest]] = connection.execute(
            """
            select max(known_as_of)
            from (select known_as_of from ops.posted_batches union all select known_as_of from ops.period_events)
            """
        ).fetchall()
        return latest


def periods(database: Path) -> list[dict[str, Any]]:
    """Where each set of books stands: locked and softly closed through which period, and what waits in which period."""
    with warehouse.connect(database) as connection:
        if not _has_log(connection):
            return []
        found = connection.execute(
            """
            with
            events as (
                select
                    entity_id,
                    book,
                    max_by(if(kind = 'lock', period_no, period_no - 1), seq)
                    filter (where kind in ('lock', 'reopen')) as locked,
                    max_by(period_no, seq) filter (where kind = 'soft_close') as softly_closed,
                    max_by(causes, seq) filter (where kind = 'soft_close') as causes,
                from ops.period_events
                group by entity_id, book
            ),
            entries as (
                select
                    entity_id,
                    book,
                    count(*) filter (where status = 'draft') as drafts,
                    count(*) filter (where status = 'approved') as approved,
                    count(*) filter (where status = 'posted') as posted,
                    min(posting_period) filter (where status <> 'posted') as oldest_open_entry,
                from reports.journal_entries
                group by entity_id, book
            )
            select
                books.entity_id,
                books.book,
                events.locked,
                events.softly_closed,
                events.causes,
                coalesce(entries.drafts, 0) as drafts,
                coalesce(entries.approved, 0) as approved,
                coalesce(entries.posted, 0) as posted,
                entries.oldest_open_entry,
            from engine.entity_books as books
            left join events using (entity_id, book)
            left join entries using (entity_id, book)
            order by all
            """
        )
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    for row in rows:
        locked, soft = row.pop("locked"), row.pop("softly_closed")
        row["locked_through"] = _period(locked)
        row["softly_closed_through"] = _period(soft) if soft and soft > (locked or 0) else None
        row["soft_close_lets_in"] = row.pop("causes") if row["softly_closed_through"] else None
    return rows


def waiting(database: Path, period: str, entity_id: str | None = None) -> list[dict[str, Any]]:
    """What is still to post in a period, and why it is not: what is `approved` waits for more than a signature."""
    with warehouse.connect(database) as connection:
        found = connection.execute(
            """
            with
            lines as (
                select
                    entry_id,
                    string_agg(distinct role, ', ' order by role) filter (where account_code is null) as roles,
                    sum(amount_minor) <> 0 or sum(functional_minor) <> 0 as is_unbalanced,
                from engine.draft_lines
                where period_no = (
                    select period_no from engine.fiscal_periods where calendar = 'monthly' and period = $period
                )
                group by entry_id
                having roles is not null or is_unbalanced
            ),
            drafts as (
                select
                    entries.entity_id,
                    entries.book,
                    entries.status = 'approved' as approved,
                    case
                        when approved_by is null then 'not approved'
                        when status <> 'approved' then
                            'approved by ' || approved_by || '; a second person has to approve'
                        when lines.roles is not null then
                            'approved, but without an account for ' || lines.roles
                            || ': add it to account_mappings and run again'
                        when lines.is_unbalanced then 'approved, but its debits are not its credits: report it'
                        else 'approved since: post again'
                    end as reason,
                from reports.journal_entries as entries
                left join lines using (entry_id)
                where status <> 'posted' and posting_period = $period and coalesce(entity_id = $entity_id, true)
            )
            select entity_id, book, count(*) as entries, approved, reason
            from drafts
            group by all
            order by all
            """,
            {"period": period, "entity_id": entity_id},
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _period(number: int | None) -> str | None:
    return f"{number // 12:04d}-{number % 12 + 1:02d}" if number else None


def _last(database: Path) -> int:
    with warehouse.connect(database) as connection:
        if not _has_log(connection):
            return 0
        return connection.execute("select coalesce(max(seq), 0) from ops.audit_log").fetchall()[0][0]


def _has_log(connection: Any) -> bool:
    [[found]] = connection.execute(
        "select count(*) > 0 from information_schema.tables where table_schema = 'ops' and table_name = 'audit_log'"
    ).fetchall()
    return bool(found)
