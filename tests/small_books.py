"""Books of a few rows, written as a person would write them, and what a build of them says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

ROLES = [
    "cash",
    "external_asset",
    "accounts_receivable",
    "unbilled_receivable",
    "contract_asset",
    "contract_cost_asset",
    "deferred_revenue",
    "refund_liability",
    "customer_balance",
    "tax_payable",
    "revenue",
    "fx_gain_loss",
    "fx_rounding",
    "bad_debt",
    "allowance",
    "commission_expense",
    "commissions_payable",
    "cost_amortization",
]
COMPANY = {
    "entities": "entity_id,entity_name,functional_currency\nacme,Acme Inc.,USD\n",
    "customers": "customer_id,customer_name,entity_id\nc1,Customer,acme\n",
    "products": "product_id,product_name,recognition_method\n"
    "plan,Plan,straight_line\nmeter,Meter,usage\nproject,Project,percent_complete\n",
    "account_mappings": "role,account_code,account_name\n" + "".join(f"{role},{role},{role}\n" for role in ROLES),
}


def write(folder: Path, tables: Mapping[str, str]) -> Path:
    """A file drop of the company and these tables, in a folder that may be written before."""
    folder.mkdir(exist_ok=True)
    for name, text in {**COMPANY, **tables}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def amounts(database: Path, query: str) -> dict[Any, Decimal]:
    """The last column by the one or more before it."""
    return {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in rows(database, query)}


def balances(database: Path, contract: str, day: str) -> dict[str, Decimal]:
    """What stands on each role of a contract at the end of a day, debits positive."""
    return amounts(
        database,
        "select lines.role, sum(lines.debit - lines.credit) from reports.journal_lines as lines"  # noqa: S608
        " inner join reports.journal_entries as entries using (entry_id)"
        f" where lines.contract_id = '{contract}' and entries.entry_date <= '{day}' group by all",
    )
