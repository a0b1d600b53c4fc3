"""docs/controls.md, as seeds/control_index.csv makes it: `python -m project.controls_page` in tests/ writes it anew."""

from __future__ import annotations

import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "controls.md"
INDEX = ROOT / "seeds" / "control_index.csv"
BEYOND = "0"
SHOWN = {
    "check": "control",
    "data_test": "dbt test",
    "property_test": "property test",
    "shape": "shape of",
    "open": "**open**:",
}
BEGIN, END = "<!-- from seeds/control_index.csv -->\n", "<!-- end -->\n"

Row = dict[str, str]


def rows() -> list[Row]:
    """The index as it is written, in its order."""
    with INDEX.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def table(index: list[Row]) -> str:
    """One line per invariant, and per statement beyond the list, with everything that shows it."""
    statements: dict[tuple[str, str], list[Row]] = {}
    for row in index:
        statements.setdefault((row["invariant"], row["statement"]), []).append(row)
    written = ["| no | what holds | severity | shown by |", "| --- | --- | --- | --- |"]
    for (number, statement), shown in statements.items():
        severity = shown[0]["severity"]
        evidence = "; ".join(_evidence(row, severity) for row in shown)
        written.append(f"| {'' if number == BEYOND else number} | {statement} | `{severity}` | {evidence} |")
    return "\n".join(written) + "\n"


def page(text: str, index: list[Row]) -> str:
    """The page with its table made anew; what is written around it stays."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table(index)}\n{END}{after}"


def _evidence(row: Row, severity: str) -> str:
    name = row["evidence"].rpartition("::")[2]
    shown = f"{SHOWN[row['shown_by']]} " + (name if " " in name else f"`{name}`")
    return shown if row["severity"] == severity else f"{shown} (`{row['severity']}`)"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), rows()), encoding="utf-8")
