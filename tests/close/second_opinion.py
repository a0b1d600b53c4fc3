"""What Beancount, which knows nothing of these books, makes of an exported ledger: by account, at each month's end."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from beancount import loader
from beancount.core import convert, data

CENT = Decimal("0.01")
Balances = dict[tuple[str, ...], Decimal]


def checked(ledger: Path) -> tuple[int, str, str]:
    """`bean-check`: 0 and no word when every transaction balances."""
    done = subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", str(ledger)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def theirs(ledger: Path, months: tuple[str, ...], functional_currency: str) -> dict[str, tuple[Balances, Balances]]:
    """At the end of each month: by role, account and currency; and by role and account in the books' own currency."""
    entries, errors, _ = loader.load_file(str(ledger))
    assert errors == []
    codes = {
        entry.account: (entry.meta["role"], entry.meta["account_code"])
        for entry in entries
        if isinstance(entry, data.Open)
    }
    found = {}
    for month in months:
        after = (dt.date.fromisoformat(f"{month}-01") + dt.timedelta(days=32)).replace(day=1)
        own: dict[Any, Decimal] = defaultdict(Decimal)
        functional: dict[Any, Decimal] = defaultdict(Decimal)
        for entry in entries:
            if not isinstance(entry, data.Transaction) or entry.date >= after:
                continue
            for posting in entry.postings:
                role = codes[posting.account]
                weight = convert.get_weight(posting)
                assert weight.currency == functional_currency
                functional[role] += weight.number.quantize(CENT)
                if not posting.account.endswith(":Remeasurement"):
                    own[*role, posting.units.currency] += posting.units.number
        found[month] = _without_zeros(own), _without_zeros(functional)
    return found


def ours(database: Path, entity: str, months: tuple[str, ...]) -> dict[str, tuple[Balances, Balances]]:
    """The same from the trial balance, posted entries only; debits are positive."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            """
            select period, role, account_code, currency, closing * if(natural_side = 'debit', 1, -1),
                functional_closing * if(natural_side = 'debit', 1, -1)
            from reports.trial_balance
            inner join reference.account_roles using (role)
            where status = 'posted' and entity_id = $1
            """,
            [entity],
        ).fetchall()
    found = {}
    for month in months:
        own = {row[1:4]: row[4] for row in rows if row[0] == month}
        functional: dict[Any, Decimal] = defaultdict(Decimal)
        for row in rows:
            if row[0] == month:
                functional[row[1:3]] += row[5]
        found[month] = _without_zeros(own), _without_zeros(functional)
    return found


def _without_zeros(balances: dict[Any, Decimal]) -> Balances:
    return {key: amount for key, amount in balances.items() if amount}
