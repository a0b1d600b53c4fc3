"""`revrec reconcile`: what another ledger holds against what is posted here, account by account, exactly."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from orchestration import warehouse
from orchestration.errors import ConfigurationError
from orchestration.exports import posted
from orchestration.exports.journal import plain
from orchestration.rows import Row
from orchestration.rows import plain as for_json

_ZERO = Decimal(0)


@dataclass(frozen=True)
class Difference:
    """One account and currency that is not the same in both ledgers. `what` is debit, credit or balance."""

    account_code: str
    currency: str
    what: str
    posted: Decimal
    theirs: Decimal

    @property
    def difference(self) -> Decimal:
        return self.theirs - self.posted


@dataclass(frozen=True)
class Reconciliation:
    """How many accounts and currencies were compared, and those that differ."""

    compared: int
    differences: list[Difference]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return for_json(
            {
                "compared": self.compared,
                "differences": [asdict(row) | {"difference": row.difference} for row in self.differences],
            }
        )


def reconcile(
    database: Path, period: str, file: Path, *, entity: str | None = None, book: str | None = None
) -> Reconciliation:
    """Compare a file with what is posted.

    Columns account_code and currency, and either debit and credit (the movements of the period, in any number of lines)
    or balance (debits less credits of all periods up to it).
    """
    theirs, measures = _read(file)
    with warehouse.connect(database) as connection:
        lines = posted(connection, period, entity, whole_ledger=measures == ("balance",))
    books = sorted({line["book"] for line in lines})
    if book is None and len(books) > 1:
        raise ConfigurationError(f"there are several books ({', '.join(books)}); name one with --book.")
    ours = _summed(line for line in lines if book in (None, line["book"]))
    differences = [
        Difference(*key, what, ours.get(key, {}).get(what, _ZERO), theirs.get(key, {}).get(what, _ZERO))
        for key in sorted(ours.keys() | theirs.keys())
        for what in measures
    ]
    return Reconciliation(len(ours.keys() | theirs.keys()), [row for row in differences if row.difference])


def _summed(lines: Iterable[Row]) -> dict[tuple[str, str], dict[str, Decimal]]:
    sums: dict[tuple[str, str], dict[str, Decimal]] = {}
    for line in lines:
        own = sums.setdefault(
            (line["account_code"], line["currency"]), dict.fromkeys(("debit", "credit", "balance"), _ZERO)
        )
        own["debit"] += line["debit"]
        own["credit"] += line["credit"]
        own["balance"] += line["debit"] - line["credit"]
    return sums


def _read(file: Path) -> tuple[dict[tuple[str, str], dict[str, Decimal]], tuple[str, ...]]:
    """Sums by account and currency, and what they are sums of."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as source:
            reader = csv.DictReader(source)
            names = set(reader.fieldnames or ())
            measures = ("balance",) if "balance" in names else ("debit", "credit")
            missing = {"account_code", "currency", *measures} - names
            if missing:
                raise ConfigurationError(f"{file} has no column {', '.join(sorted(missing))}.")
            sums: dict[tuple[str, str], dict[str, Decimal]] = {}
            for row in reader:
                key = (plain((row["account_code"] or "").strip()), (row["currency"] or "").strip())
                own = sums.setdefault(key, dict.fromkeys(measures, _ZERO))
                for what in measures:
                    own[what] += _amount(row[what], file, reader.line_num, what)
            return sums, measures
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{file} cannot be read as CSV in UTF-8: {error}.") from error


def _amount(cell: str | None, file: Path, line: int, what: str) -> Decimal:
    text = (cell or "").strip()
    try:
        amount = Decimal(text or "0")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise ConfigurationError(f"{file}, line {line}: {what} '{text}' is not an amount such as 1234.50.")
    return amount
