"""A company of any size, written straight into the input layer of a DuckDB file as models/0_inputs would deliver it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Shape = dict[str, list[tuple[str, str]]]
ROWS = Path(__file__).resolve().parent / "rows.sql"
ROLES = ROWS.parent.parent / "seeds" / "account_roles.csv"
FIRST_YEAR = 2023
# What a share of the contracts may have: a second version, a credit note, another currency than the books; or they are
# invoices without a contract.
FEATURES = ("amended", "credited", "foreign", "invoice_only")


@dataclass(frozen=True)
class Company:
    """What to generate. Contracts start within 36 months from 2023-01, three obligations each; shares are 0 to 1."""

    obligations: int
    periods: int = 36
    amended: float = 0.15
    credited: float = 0.02
    foreign: float = 0.0
    invoice_only: float = 0.0

    @property
    def contracts(self) -> int:
        return -(-self.obligations // 3)

    @property
    def through(self) -> str:
        """The last period, 'YYYY-MM'."""
        return self.period(self.periods)

    @property
    def features(self) -> str:
        """What is not plain about its contracts, as the results name it."""
        shares = {name: getattr(self, name) for name in FEATURES}
        return ", ".join(f"{name.replace('_', ' ')} {share:.0%}" for name, share in shares.items() if share) or "plain"

    def period(self, number: int) -> str:
        """The month with that number, 'YYYY-MM'; the first is 1."""
        return f"{FIRST_YEAR + (number - 1) // 12}-{(number - 1) % 12 + 1:02d}"

    @property
    def last_on(self) -> date:
        """The last day of the last period: nothing later is known."""
        return date(FIRST_YEAR + self.periods // 12, self.periods % 12 + 1, 1) - timedelta(days=1)


def shape_of(connection: Any) -> Shape:
    """The tables of the input layer in an open warehouse, by schema and name: their columns and types."""
    columns = connection.sql(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " where schema_name = 'inputs' and not starts_with(table_name, 'int_') or table_name = 'rejected_inputs'"
        " order by schema_name, table_name, column_index"
    )
    shape: Shape = {}
    for table, column, data_type in columns.fetchall():
        shape.setdefault(table, []).append((column, data_type))
    return shape


def write(company: Company, connection: Any, shape: Shape) -> None:
    """Create the input layer in that shape through an open DuckDB connection, and fill it; nothing is rejected."""
    for schema in sorted({table.split(".")[0] for table in shape}):
        connection.execute(f"create schema {schema}")
    for table, columns in shape.items():
        declared = ", ".join(f'"{name}" {data_type}' for name, data_type in columns)
        connection.execute(f"create table {table} ({declared})")
    variables = {
        "contracts": str(company.contracts),
        **{name: str(round(getattr(company, name) * 1000)) for name in FEATURES},
        "first_on": f"date '{FIRST_YEAR}-01-01'",
        "last_on": f"date '{company.last_on}'",
        "roles": f"'{ROLES}'",
    }
    for name, value in variables.items():
        connection.execute(f'set variable "{name}" = {value}')
    connection.execute(ROWS.read_text())


def add_company(parser: argparse.ArgumentParser) -> None:
    """The options that describe a company."""
    plain = Company(0)
    parser.add_argument("--obligations", type=int, default=100_000, metavar="N", help="three to a contract")
    parser.add_argument("--periods", type=int, default=36, metavar="MONTHS", help="months drafted, from 2023-01")
    parser.add_argument("--amended", type=float, default=plain.amended, metavar="SHARE", help="with a second version")
    parser.add_argument("--credited", type=float, default=plain.credited, metavar="SHARE", help="with a credit note")
    parser.add_argument("--foreign", type=float, default=plain.foreign, metavar="SHARE", help="in another currency")
    parser.add_argument(
        "--invoice-only", type=float, default=plain.invoice_only, metavar="SHARE", help="invoices without a contract"
    )


def company_of(arguments: argparse.Namespace) -> Company:
    """The company the options describe."""
    return Company(arguments.obligations, arguments.periods, **{name: getattr(arguments, name) for name in FEATURES})
