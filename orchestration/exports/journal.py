"""The ERP-neutral journal: one CSV line per posted line, with the columns of `exports.erp_journals`.

A cell of text that a spreadsheet would take for a formula (it starts with = + - @, a tab or a line break) gets an
apostrophe in front. `plain` takes it off again. Amounts are numbers and are never touched.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

from orchestration.rows import Row

COLUMNS = (
    *("batch_id", "entity_id", "book", "posting_period", "accounting_period", "entry_id", "line_no", "entry_date"),
    *("entry_type", "cause", "description", "role", "account_code", "account_name", "debit", "credit", "currency"),
    *("functional_debit", "functional_credit", "functional_currency", "fx_rate", "contract_id", "obligation_id"),
    *("line_id", "product_id", "customer_id", "region", "revenue_stream", "source_type", "source_id"),
    *("corrects_entry_id", "approved_by", "posted_by", "posted_at"),
)
_DIGITS = {
    **dict.fromkeys(("debit", "credit"), "minor_units"),
    **dict.fromkeys(("functional_debit", "functional_credit"), "functional_minor_units"),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def render(lines: list[Row]) -> str:
    """The file: UTF-8, commas, a header, amounts with the digits of their currency."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([_cell(line[name], line.get(_DIGITS.get(name, ""))) for name in COLUMNS])
    return target.getvalue()


def plain(cell: str) -> str:
    """A cell as it was before it was made harmless."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell


def _cell(value: Any, digits: int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.{digits}f}" if digits is not None else f"{value:f}"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="microseconds")
    text = str(value)
    if not isinstance(value, str):
        return text
    # An apostrophe of its own is doubled where it would be taken for ours.
    return f"'{text}" if text.startswith(_FORMULA) or text.startswith(("'=", "'+", "'-", "'@", "''", "'\t")) else text
