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


@dataclass(frozen=True)
class Company:
    """What to generate. Contracts start within 36 months from 2023-01, three obligations each; shares are 0 to 1."""

    obligations: int
    periods: int = 36
    invoice_only: float = 0.0
    amended: float = 0.0

    @property
    def contracts(self) -> int:
        return -(-self.obligations // 3)

    @property
    def through(self) -> str:
        """The last period, 'YYYY-MM'."""
        month = self.periods - 1
        return f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02d}"

    @property
    def last_on(self) -> date:
        """The last day of the last period: nothing later is known."""
        return date(FIRST_YEAR + self.periods // 12, self.periods % 12 + 1, 1) - timedelta(days=1)


def shape_of(connection: Any) -> Shape:
    """The tables of the input layer in an open warehouse: for each, its columns and their types."""
    columns = connection.sql(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where schema_name = 'inputs' and not starts_with(table_name, 'int_') order by table_name, column_index"
    )
    shape: Shape = {}
    for table, column, data_type in columns.fetchall():
        shape.setdefault(table, []).append((column, data_type))
    return shape


def write(company: Company, connection: Any, shape: Shape) -> None:
    """Create schema `inputs` of that shape through an open DuckDB connection, and fill it."""
    connection.execute("create schema inputs")
    for table, columns in shape.items():
        declared = ", ".join(f'"{name}" {data_type}' for name, data_type in columns)
        connection.execute(f"create table inputs.{table} ({declared})")
    variables = {
        "contracts": str(company.contracts),
        "invoice_only": str(round(company.invoice_only * 1000)),
        "amended": str(round(company.amended * 1000)),
        "first_on": f"date '{FIRST_YEAR}-01-01'",
        "last_on": f"date '{company.last_on}'",
        "roles": f"'{ROLES}'",
    }
    for name, value in variables.items():
        connection.execute(f"set variable {name} = {value}")
    connection.execute(ROWS.read_text())


def add_company(parser: argparse.ArgumentParser) -> None:
    """The options that describe a company."""
    parser.add_argument("--obligations", type=int, default=100_000, metavar="N", help="three to a contract")
    parser.add_argument("--periods", type=int, default=36, metavar="MONTHS", help="months drafted, from 2023-01")
    parser.add_argument("--invoice-only", type=float, default=0.0, metavar="SHARE", help="invoices without a contract")
    parser.add_argument("--amended", type=float, default=0.0, metavar="SHARE", help="contracts with a second version")


def company_of(arguments: argparse.Namespace) -> Company:
    """The company the options describe."""
    return Company(arguments.obligations, arguments.periods, arguments.invoice_only, arguments.amended)
