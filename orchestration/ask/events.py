"""Questions about what happened: flags, drafts that wait, and what changed since the last lock."""

from __future__ import annotations

from typing import Any

from orchestration.ask.answer import Answer
from orchestration.ask.question import Question
from orchestration.ask.words import LINES, MOST, WHOSE, count, counted, money, months, more, named_period, signed, whose
from orchestration.rows import Row, period_name, rows


def flags(connection: Any, question: Question, answer: Answer) -> None:
    """Open flags, one by one."""
    found = rows(
        connection,
        """
        select flags.* exclude (resolution, resolved_by)
        from reports.anomaly_flags as flags
        where
            flags.resolution is null
            and ($severity is null or flags.severity = $severity)
            and ($first is null or flags.period between $first and $last)
            and ($contract_id is null or flags.contract_id = $contract_id)
            and ($customer_id is null or flags.contract_id in (
                select contract_id from engine.known_contracts where customer_id = $customer_id
            ))
            and ($entity_id is null or flags.entity_id = $entity_id)
            and ($book is null or coalesce(nullif(flags.book, ''), $book) = $book)
        order by case flags.severity when 'block' then 1 when 'review' then 2 else 3 end, flags.rule, flags.contract_id,
            flags.source_id, flags.flag_id
        """,
        named_period(question)
        | {name: question.filters[name] for name in ("contract_id", "customer_id", "entity_id", "book")}
        | {"severity": question.severity},
    )
    kind = {"block": "blocking ", "review": "review ", "info": "info "}.get(question.severity or "", "")
    contracts = {(row["entity_id"], row["contract_id"]) for row in found if row["contract_id"]}
    when = f" in {months(question)}" if question.names_a_period else ""
    answer.sentences.append(
        f"{count(len(found), f'{kind}flag')} {'is' if len(found) == 1 else 'are'} open{whose(question)}{when},"
        f" on {count(len(contracts), 'contract')}."
    )
    for row in found[:MOST]:
        what = f"contract {row['contract_id']}" if row["contract_id"] else row["source_id"] or row["entity_id"] or "all"
        answer.sentences.append(f"{what}: {row['rule']} [{row['flag_id'][:12]}]: {row['explanation']}")
    answer.sentences += more(found, "bin/revrec review")
    answer.facts += [{"table": "reports.anomaly_flags"} | row for row in found]


def drafts(connection: Any, question: Question, answer: Answer) -> None:
    """What is not posted, by month, status and kind."""
    found = rows(
        connection,
        f"""
        select lines.entity_id, lines.book, entries.posting_period, entries.status, entries.entry_type, lines.currency,
            count(distinct lines.entry_id) as entries, sum(lines.debit) as debits,
            list(distinct lines.entry_id order by lines.entry_id) as entry_ids,
        from {LINES}
        where entries.status <> 'posted' and ($first is null or entries.posting_period between $first and $last)
            and {WHOSE}
        group by all
        order by all
        """,  # noqa: S608
        named_period(question) | question.filters,
    )
    for row in found[:MOST]:
        state = "approved, not posted" if row["status"] == "approved" else "not approved"
        some = ", ".join(row["entry_ids"][:3]) + (" …" if len(row["entry_ids"]) > 3 else "")
        answer.sentences.append(
            f"{row['entity_id']} {row['book']} {row['posting_period']}: {counted(row)} with debits of"
            f" {money(row['debits'], row['currency'])} {state}: {some}"
        )
    answer.sentences += more(found)
    answer.facts += [{"table": "reports.journal_entries"} | row for row in found]
    if not found:
        when = f" in {months(question)}" if question.names_a_period else ""
        answer.sentences.append(f"Nothing{whose(question)} waits{when}: all of it is posted.")


def changed(connection: Any, question: Question, answer: Answer) -> None:
    """Since the last lock of each set of books: what was learned about locked months, and who changed which setting."""
    locks = rows(
        connection,
        """
        select entity_id, book, max_by(period_no, seq) as period_no, max_by(known_as_of, seq) as known_as_of,
            max_by(actor, seq) as actor, max(happened_at) as locked_at, max_by(kind, seq) as kind,
        from ops.period_events
        where kind in ('lock', 'reopen') and ($entity_id is null or entity_id = $entity_id)
            and ($book is null or book = $book)
        group by all
        order by all
        """,
        {name: question.filters[name] for name in ("entity_id", "book")},
    )
    for lock in locks:
        locked = period_name(lock["period_no"] - (lock["kind"] == "reopen"))
        books = f"the {lock['book']} books of {lock['entity_id']}"
        did = "opened again" if lock["kind"] == "reopen" else "locked"
        answer.sentences.append(
            f"{lock['actor']} {did} {books} on {lock['locked_at']:%Y-%m-%d}: they are locked through {locked}, with"
            f" what was known at {lock['known_as_of']}."
        )
        answer.facts.append({"table": "ops.period_events", "locked_through": locked} | lock)
        _late(connection, question, lock, locked, answer)
    if not locks:
        answer.sentences.append("Nothing was locked yet, so there is no close to compare with.")
    elif not any(question.filters.values()):
        _settings(connection, max(lock["locked_at"] for lock in locks), answer)


def _late(connection: Any, question: Question, lock: Row, locked: str, answer: Answer) -> None:
    """Entries since a lock: those that belong to a locked month one by one, the others counted."""
    found = rows(
        connection,
        f"""
        select entries.entry_id, entries.cause, entries.description, entries.status, entries.posting_period,
            entries.accounting_period, entries.accounting_period <= $locked as is_late, lines.currency,
            sum(lines.debit) as debits,
            coalesce(sum(lines.credit - lines.debit) filter (
                where roles.role = 'revenue' or roles.is_contra_revenue
            ), 0) as revenue,
        from {LINES}
        inner join reference.account_roles as roles on lines.role = roles.role
        where entries.posting_period > $locked and lines.entity_id = $of_entity and lines.book = $of_book and {WHOSE}
        group by all
        order by is_late desc, entries.posting_period, entries.entry_id
        """,  # noqa: S608
        question.filters | {"locked": locked, "of_entity": lock["entity_id"], "of_book": lock["book"]},
    )
    late = [row for row in found if row["is_late"]]
    others = count(len(found) - len(late), "entry")
    answer.sentences.append(
        f"Since then there {'is' if len(late) == 1 else 'are'}{whose(question)} {count(len(late), 'entry')} for locked"
        f" months, booked later, and {others} for months after {locked}."
    )
    for row in late[:MOST]:
        effect = f", revenue {signed(row['revenue'], row['currency'])}" if row["revenue"] else ""
        cause, amount = row["cause"].replace("_", " "), money(row["debits"], row["currency"])
        answer.sentences.append(
            f"{row['entry_id']}: {row['description']} ({cause}, of {row['accounting_period']}), {row['status']} in"
            f" {row['posting_period']}, {amount}{effect}."
        )
    answer.sentences += more(late)
    answer.facts += [{"table": "reports.journal_entries"} | row for row in found]


def _settings(connection: Any, since: Any, answer: Answer) -> None:
    """Policies, mappings and roles that were changed, from the log."""
    found = rows(
        connection,
        """
        select seq, "at", actor, action, object_id, "before", "after"
        from reports.audit_log where action in ('policy_change', 'mapping_change', 'role_change') and "at" > $since
        order by seq
        """,
        {"since": since},
    )
    for row in found:
        what = row["action"].removesuffix("_change")
        answer.sentences.append(
            f"{row['actor']} changed settings ({what}) on {row['at']:%Y-%m-%d}: before {row['before']},"
            f" after {row['after']}."
        )
    if not found:
        answer.sentences.append("No policy, account mapping or role was changed since.")
    answer.facts += [{"table": "reports.audit_log"} | row for row in found]
