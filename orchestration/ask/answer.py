"""What is answered: the question as it was understood, sentences, and the rows they are from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from orchestration.ask.question import Question
from orchestration.rows import Row, plain


@dataclass
class Answer:
    """What was asked, as it was understood, and what the tables say. Amounts are in major units."""

    question: Question
    sentences: list[str] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        asked = {name: value for name, value in vars(self.question).items() if value is not None}
        return plain({"understood": asked, "answer": " ".join(self.sentences), "facts": self.facts})
