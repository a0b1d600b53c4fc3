"""Options that several commands share, so that each is called and explained the same everywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

Database = Annotated[
    Path | None,
    typer.Option("--database", metavar="FILE", help="Warehouse file [REVREC_DATABASE, else .revrec/revrec.duckdb]."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON; amounts are decimal strings.")]


def _month(period: str | None) -> str | None:
    if period is not None and not re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])", period):
        raise typer.BadParameter(f"'{period}' is not a period; a period is a month such as 2026-03")
    return period


Period = Annotated[str, typer.Option(metavar="PERIOD", callback=_month, help="Fiscal period, a month such as 2026-03.")]
AnyPeriod = Annotated[
    str | None, typer.Option(metavar="PERIOD", callback=_month, help="Fiscal period, a month such as 2026-03.")
]
Entity = Annotated[str | None, typer.Option(metavar="ENTITY", help="Only this legal entity [all].")]
Entries = Annotated[list[str] | None, typer.Option("--entry", metavar="ID", help="Only this entry; may be repeated.")]
By = Annotated[str | None, typer.Option(metavar="NAME", help="Who acts [REVREC_USER, else the account].")]
Reason = Annotated[str | None, typer.Option(metavar="TEXT", help="Why; it is kept in the audit log.")]
