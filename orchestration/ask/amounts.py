"""Questions about amounts: what stands on a balance, what was earned, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orchestration.ask.answer import Answer
from orchestration.ask.question import Question
from orchestration.ask.words import (
    LINES,
    MOST,
    WHOSE,
    by_cause,
    counted,
    money,
    months,
    more,
    parameters,
    signed,
    title,
    whose,
)
from orchestration.rows import Row, rows


def balance(connection: Any, question: Question, answer: Answer) -> list[Row]:
    """What stands on a role at the end of the last month asked for, and what moved it in the months."""
    role = str(question.role)
    balances = rows(
        connection,
        f"""
        select
            lines.entity_id,
            lines.book,
            lines.currency,
            sum(amount) filter (where posting_period < $first) as opening,
            sum(amount) filter (where posting_period >= $first) as moved,
            sum(amount) as closing,
            sum(amount) filter (where status <> 'posted') as not_posted,
        from ({_signed_lines()}) as lines
        where posting_period <= $last
        group by all
        order by all
        """,  # noqa: S608
        parameters(question, role),
    )
    for row in balances:
        row |= {name: row[name] or Decimal(0) for name in ("opening", "moved", "not_posted")}
        moved = _moved(connection, question, role, row)
        steps = [f"{signed(part['amount'], row['currency'])} in {counted(part)}" for part in moved]
        waits = f"; {money(row['not_posted'], row['currency'])} of it is not posted yet" if row["not_posted"] else ""
        answer.sentences.append(
            f"{title(role)}{whose(question)} is {money(row['closing'], row['currency'])} at the end of"
            f" {question.period[1]} in the {row['book']} books of {row['entity_id']}{waits}:"
            f" {money(row['opening'], row['currency'])} before {question.period[0]}"
            + "".join(f", {step}" for step in steps)
            + "."
        )
        answer.facts.append({"table": "reports.journal_lines", "role": role} | row | {"moved_by": moved})
    if not balances:
        answer.sentences.append(
            f"Nothing is booked on {role.replace('_', ' ')}{whose(question)} up to {question.period[1]}."
        )
    return balances


def _moved(connection: Any, question: Question, role: str, balance: Row) -> list[Row]:
    """What moved a balance in the months asked for, by kind of entry, with the entries."""
    return rows(
        connection,
        f"""
        select entry_type, sum(amount) as amount, count(distinct entry_id) as entries,
            list(distinct entry_id order by entry_id) as entry_ids
        from ({_signed_lines()}) as lines
        where
            posting_period between $first and $last
            and entity_id = $of_entity and book = $of_book and currency = $of_currency
        group by entry_type
        order by amount desc, entry_type
        """,  # noqa: S608
        parameters(question, role)
        | {"of_entity": balance["entity_id"], "of_book": balance["book"], "of_currency": balance["currency"]},
    )


def _signed_lines() -> str:
    """Lines of a role in its natural direction; revenue is net of what takes it back."""
    return f"""
        select
            lines.entity_id, lines.book, lines.currency, lines.entry_id, lines.contract_id, lines.debit, lines.credit,
            entries.entry_type, entries.cause, entries.status, entries.posting_period, entries.accounting_period,
            (lines.debit - lines.credit) * if(asked.natural_side = 'debit', 1, -1) as amount,
        from {LINES}
        inner join reference.account_roles as roles on lines.role = roles.role
        inner join reference.account_roles as asked on asked.role = $role
        where (lines.role = $role or ($role = 'revenue' and roles.is_contra_revenue)) and {WHOSE}
    """  # noqa: S608


def revenue(connection: Any, question: Question, answer: Answer) -> None:
    """Revenue booked in the months, net of what takes it back, by cause."""
    found = rows(
        connection,
        f"""
        select entity_id, book, currency, cause, sum(amount) as amount, count(distinct entry_id) as entries,
            coalesce(sum(amount) filter (where accounting_period < $first), 0) as of_earlier_months,
            coalesce(sum(amount) filter (where status <> 'posted'), 0) as not_posted,
            list(distinct entry_id order by entry_id) as entry_ids,
        from ({_signed_lines()}) as lines
        where posting_period between $first and $last
        group by all
        order by entity_id, book, currency, amount desc, cause
        """,  # noqa: S608
        parameters(question, "revenue"),
    )
    for books in dict.fromkeys((row["entity_id"], row["book"], row["currency"]) for row in found):
        entity, book, currency = books
        parts = [row for row in found if (row["entity_id"], row["book"], row["currency"]) == books]
        total, earlier, waits = (
            sum((row[name] for row in parts), Decimal(0)) for name in ("amount", "of_earlier_months", "not_posted")
        )
        causes = ", ".join(f"{money(row['amount'], currency)} by {by_cause(row)}" for row in parts)
        answer.sentences.append(
            f"Revenue{whose(question)} booked in {months(question)} is {money(total, currency)} in the {book} books of"
            f" {entity}, net of what is taken back: {causes}."
            + (f" {money(earlier, currency)} of it belongs to earlier months." if earlier else "")
            + (f" {money(waits, currency)} of it is not posted yet." if waits else "")
        )
        answer.facts += [{"table": "reports.journal_lines", "role": "revenue, net"} | row for row in parts]
    if not found:
        answer.sentences.append(f"No revenue{whose(question)} is booked in {months(question)}.")


def why(connection: Any, question: Question, answer: Answer) -> None:
    """The balance, what an amount in the question is of, and the terms behind it."""
    role = question.role or "deferred_revenue"
    asked = Question(**{**vars(question), "role": role})
    if role == "revenue":
        revenue(connection, asked, answer)
        balances: list[Row] = []
    else:
        balances = balance(connection, asked, answer)
    if question.amount is not None:
        _amount(connection, asked, balances, answer)
    if question.contract_id or question.customer_id or question.source_id:
        _terms(connection, asked, answer)


def _amount(connection: Any, question: Question, balances: list[Row], answer: Answer) -> None:
    """Say what of the books the amount is: a balance, a movement, or a line of an entry."""
    amount, when = question.amount or Decimal(0), months(question)
    said = len(answer.sentences)
    for row in balances:
        names = {"closing": f"the balance at the end of {question.period[1]}", "moved": f"what moved it in {when}"}
        names["opening"] = f"the balance before {question.period[0]}"
        is_it = [text for name, text in names.items() if abs(row[name]) == amount and amount]
        answer.sentences += [f"{money(amount, row['currency'])} is {text}." for text in is_it]
    lines = rows(
        connection,
        f"""
        select distinct entry_id, currency, debit, credit, posting_period, status
        from ({_signed_lines()}) as lines
        where posting_period between $first and $last and (debit = $amount or credit = $amount) and $amount <> 0
        order by posting_period, entry_id
        """,  # noqa: S608
        parameters(question, str(question.role)) | {"amount": amount},
    )
    for row in lines[:MOST]:
        side = "debits" if row["debit"] else "credits"
        role = str(question.role).replace("_", " ")
        answer.sentences.append(
            f"Entry {row['entry_id']} of {row['posting_period']} ({row['status']}) {side} {role} with"
            f" {money(amount, row['currency'])}: `bin/revrec explain` says why."
        )
    answer.sentences += more(lines)
    answer.facts += [{"table": "reports.journal_lines"} | row for row in lines]
    if len(answer.sentences) == said:
        answer.sentences.append(f"No balance, movement or line of these is {amount:,f}.")


def _terms(connection: Any, question: Question, answer: Answer) -> None:
    """How each obligation is recognised, and how much of it by the end of the last month asked for."""
    found = rows(
        connection,
        """
        with
        named as (
            select distinct entity_id, book, contract_id from reports.journal_entries
            where $source_id is not null and source_id = $source_id and contract_id is not null
        ),
        earned as (
            select entity_id, book, contract_id, obligation_id, sum(amount) as recognized
            from reports.recognition_by_period
            where accounting_period <= $last
            group by all
        )
        select
            terms.entity_id, terms.book, terms.contract_id, terms.obligation_id, terms.version, terms.treatment,
            terms.recognition_method, terms.starts_on, terms.ends_on, terms.currency, terms.allocated_amount,
            coalesce(earned.recognized, 0) as recognized,
        from reports.performance_obligations as terms
        left join earned using (entity_id, book, contract_id, obligation_id)
        left join named using (entity_id, book, contract_id)
        where
            terms.status <> 'superseded'
            and ($source_id is null or named.contract_id is not null)
            and ($contract_id is null or terms.contract_id = $contract_id)
            and ($customer_id is null or terms.customer_id = $customer_id)
            and ($entity_id is null or terms.entity_id = $entity_id)
            and ($book is null or terms.book = $book)
            and ($currency is null or terms.currency = $currency)
        order by terms.entity_id, terms.book, terms.contract_id, terms.obligation_id, terms.version
        """,
        question.filters | {"last": question.period[1]},
    )
    for row in found[:MOST]:
        method = row["recognition_method"].replace("_", " ")
        term = f" from {row['starts_on']}" if row["starts_on"] else ""
        term += f" to {row['ends_on']}" if row["ends_on"] else ""
        answer.sentences.append(
            f"Obligation {row['obligation_id']} of {row['contract_id']} ({row['book']}, version {row['version']}) is"
            f" recognised {method}{term}: {money(row['allocated_amount'], row['currency'])} is allocated to it, and"
            f" {money(row['recognized'], row['currency'])} belongs to {question.period[1]} and earlier."
        )
    answer.sentences += more(found)
    answer.facts += [{"table": "reports.performance_obligations"} | row for row in found]
