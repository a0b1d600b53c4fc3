"""What macros stand for when sqlfluff lints: it judges the text of a model, not what macros render.

Every macro of the project renders its own name, or its first argument where it stands for a relation, a CTE where it
stands for CTEs, or a WHEN branch where it stands for branches of a CASE. That takes a tenth of the time of compiling
with dbt, and needs no profile.
"""

import re
from pathlib import Path

MACRO = re.compile(r"\{%-?\s*macro\s+(?P<name>\w+)[^%]*?%\}(?P<body>.*?)\{%-?\s*endmacro", re.DOTALL)
TEMPLATE = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
CTE = re.compile(r"\w+ as \(")
RELATIONS = {"series_join", "json_rows_join"}
TYPES = {"wide_int", "wide_decimal"}


class Names:
    """A namespace of dbt's own: every function of it renders its name."""

    def __getattr__(self, name):
        return lambda *arguments, **options: "bigint" if name.startswith("type_") else name


def stand_in(name: str, body: str):
    """A function that renders what the macro stands for."""
    if name in RELATIONS:
        return lambda relation, *arguments, **options: relation
    if name in TYPES:
        return lambda *arguments: "bigint"
    said = TEMPLATE.sub("", body).strip()
    if CTE.match(said):
        return lambda *arguments, **options: f"{name} as (select 1 as one)"
    text = "when 1 = 1 then 1" if said.startswith("when") else name
    return lambda *arguments, **options: text


def stand_ins() -> dict:
    folder = Path(__file__).resolve().parents[3] / "macros"
    texts = [path.read_text() for path in folder.rglob("*.sql")]
    return {found["name"]: stand_in(found["name"], found["body"]) for text in texts for found in MACRO.finditer(text)}


dbt = adapter = Names()
globals().update(stand_ins())
