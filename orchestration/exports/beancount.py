"""A complete Beancount ledger: every account opened once, one transaction per entry.

Amounts are in the currency of the transaction. Where the books are in another one, each is worth its functional amount
(`1080.00 EUR @@ 1188.00 USD`), so a transaction balances in the functional currency. A line that moves only the
functional amount (what a rate did to it) is posted in that currency, to the account's own `:Remeasurement`.

A transaction is dated in the period it is booked in: an entry of an earlier period gets the first day of the period,
and its own date as metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from orchestration.errors import StepFailed
from orchestration.rows import Row

REMEASUREMENT = "Remeasurement"
_TYPES = {
    ("balance_sheet", "debit"): "Assets",
    ("balance_sheet", "credit"): "Liabilities",
    ("income", "credit"): "Income",
    ("income", "debit"): "Expenses",
}
_META = (
    "entry_type",
    "cause",
    "contract_id",
    "accounting_period",
    "source_type",
    "source_id",
    "corrects_entry_id",
    "batch_id",
)


def render(lines: list[Row]) -> str:
    """The ledger of one set of books. Raises StepFailed for two accounts that Beancount could not tell apart."""
    accounts = _accounts(lines)
    first = lines[0]
    parts = [
        f'option "title" {_text(first["entity_id"] + " " + first["book"])}',
        f'option "operating_currency" "{first["functional_currency"]}"',
        "",
    ]
    opened = min(f"{line['posting_period']}-01" for line in lines)
    for name, line in sorted(accounts.items()):
        parts += [f"{opened} open {name}", *_meta(line, ("account_code", "account_name", "role"))]
    entries: dict[str, list[Row]] = {}
    for line in lines:
        entries.setdefault(line["entry_id"], []).append(line)
    for own in entries.values():
        parts += ["", *_transaction(own)]
    return "\n".join(parts) + "\n"


def account(line: Row) -> str:
    """Beancount's name of an account: its type, code and role. A role is always of one type, a code may not be."""
    kind = _TYPES[line["statement"], line["natural_side"]]
    code = re.sub(r"[^A-Za-z0-9-]+", "-", line["account_code"]).lstrip("-")
    code = code[:1].upper() + code[1:] if code[:1].isalnum() else f"X{code}"
    return f"{kind}:{code}:{line['role'].replace('_', '-').capitalize()}"


def _accounts(lines: list[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for line in lines:
        name = account(line)
        other = found.setdefault(name, line)
        if other["account_code"] != line["account_code"]:
            raise StepFailed(
                f"Beancount cannot tell account {line['account_code']} from {other['account_code']}: both are {name}."
            )
        if _is_only_functional(line):
            found.setdefault(f"{name}:{REMEASUREMENT}", line)
    return found


def _transaction(lines: list[Row]) -> Iterator[str]:
    first = lines[0]
    opens = f"{first['posting_period']}-01"
    date = max(str(first["entry_date"]), opens)
    payee = f"{_text(first['customer_id'])} " if first["customer_id"] else ""
    yield f"{date} * {payee}{_text(first['description'])}"
    yield from _meta(first, ("entry_id",))
    if date != str(first["entry_date"]):
        yield f"  entry_date: {first['entry_date']}"
    yield from _meta(first, _META)
    for line in lines:
        yield from _posting(line)


def _posting(line: Row) -> Iterator[str]:
    name = account(line)
    amount, functional = _net(line, ""), _net(line, "functional_")
    own = f"{abs(functional):.{line['functional_minor_units']}f} {line['functional_currency']}"
    if _is_only_functional(line):
        sign = "-" if functional < 0 else ""
        yield f"  {name}:{REMEASUREMENT}  {sign}{own}"
        return
    posting = f"  {name}  {amount:.{line['minor_units']}f} {line['currency']}"
    if line["currency"] == line["functional_currency"]:
        yield posting
    elif amount * functional < 0:
        # A total price has no sign of its own: what goes the other way stands beside it.
        raise StepFailed(f"entry {line['entry_id']}, line {line['line_no']} goes two ways in two currencies.")
    else:
        yield f"{posting} @@ {own}"


def _is_only_functional(line: Row) -> bool:
    return not _net(line, "") and bool(_net(line, "functional_"))


def _net(line: Row, books: str) -> Decimal:
    return line[f"{books}debit"] - line[f"{books}credit"]


def _meta(line: Row, names: tuple[str, ...]) -> Iterator[str]:
    yield from (f"  {name}: {_text(line[name])}" for name in names if line[name] is not None)


def _text(value: str) -> str:
    """A string as Beancount reads it: no control characters, quotes and backslashes escaped."""
    printable = "".join(letter if letter.isprintable() else " " for letter in value)
    return '"' + printable.replace("\\", "\\\\").replace('"', '\\"') + '"'
