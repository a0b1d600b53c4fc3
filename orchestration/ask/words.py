"""Parts of answers: whose lines a query reads, and how amounts, numbers and months are written."""

from __future__ import annotations

from decimal import Decimal

from orchestration.ask.question import Question
from orchestration.rows import Row

MOST = 12
# Whose lines: each is a parameter, and none of them restricts anything while it is null.
WHOSE = """
    ($contract_id is null or lines.contract_id = $contract_id)
    and ($customer_id is null or lines.customer_id = $customer_id)
    and ($source_id is null or entries.source_id = $source_id)
    and ($entity_id is null or lines.entity_id = $entity_id)
    and ($book is null or lines.book = $book)
    and ($currency is null or lines.currency = $currency)
"""
LINES = "reports.journal_lines as lines inner join reports.journal_entries as entries using (entity_id, book, entry_id)"


def parameters(question: Question, role: str) -> Row:
    return question.filters | {"role": role, "first": question.period[0], "last": question.period[1]}


def named_period(question: Question) -> Row:
    first, last = question.period if question.names_a_period else (None, None)
    return {"first": first, "last": last}


def whose(question: Question) -> str:
    """Whose, as the sentence after a noun."""
    said = []
    if question.contract_id:
        said.append(f"contract {question.contract_id}")
    if question.source_id:
        said.append(question.source_id)
    if question.customer_id:
        said.append(f"customer {question.customer_name} ({question.customer_id})")
    return f" of {', '.join(said)}" if said else ""


def months(question: Question) -> str:
    first, last = question.period
    return first if first == last else f"{first} to {last}"


def by_cause(row: Row) -> str:
    return f"{row['cause'].replace('_', ' ')} ({count(row['entries'], 'entry')})"


def counted(row: Row) -> str:
    return count(row["entries"], f"{row['entry_type'].replace('_', ' ')} entry")


def count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def title(role: str) -> str:
    return role.replace("_", " ").capitalize()


def money(amount: Decimal, currency: str) -> str:
    return f"{amount:,.2f} {currency}" if amount == round(amount, 2) else f"{amount:,f} {currency}"


def signed(amount: Decimal, currency: str) -> str:
    return ("+" if amount >= 0 else "") + money(amount, currency)


def more(found: list[Row], command: str = "--json") -> list[str]:
    return [f"… and {len(found) - MOST:,} more: {command}"] if len(found) > MOST else []
