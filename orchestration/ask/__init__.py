"""`revrec ask "QUESTION"`: answers from the public tables, without a model and without a network.

The question only chooses among the queries here and fills their parameters. Every amount in an answer is a sum of rows
that its facts name: entries, terms, flags.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from orchestration import explain, warehouse
from orchestration.ask import amounts, events
from orchestration.ask.answer import Answer
from orchestration.ask.question import Question, understand
from orchestration.errors import ConfigurationError
from orchestration.rows import has_table, rows

_ANSWERS: dict[str, Callable[[Any, Question, Answer], Any]] = {
    "why": amounts.why,
    "balance": amounts.balance,
    "revenue": amounts.revenue,
    "changed": events.changed,
    "flags": events.flags,
    "drafts": events.drafts,
}


def ask(database: Path, text: str) -> Answer:
    """Answer a question; NotUnderstood, with those it can answer, if it is none of them."""
    with warehouse.connect(database) as connection:
        if not has_table(connection, "reports", "journal_entries"):
            raise ConfigurationError("nothing was built yet; run `bin/revrec run` first.")
        built = rows(connection, "select through from ops.builds order by seq desc limit 1")
        question = understand(connection, text, built[0]["through"])
        answer = Answer(question)
        if question.kind != "entry":
            _ANSWERS[question.kind](connection, question, answer)
        if question.period[1] > built[0]["through"]:
            answer.sentences.append(f"The books are built through {built[0]['through']}.")
    if question.kind == "entry":
        said = explain.explain(database, str(question.entry_id))
        answer.sentences, answer.facts = said.sentences, said.facts
    return answer
