"""Options that several commands share, so that each is called and explained the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Database = Annotated[
    Path | None,
    typer.Option("--database", metavar="FILE", help="Warehouse file [REVREC_DATABASE, else .revrec/revrec.duckdb]."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON; amounts are decimal strings.")]
Period = Annotated[str, typer.Option(metavar="PERIOD", help="Fiscal period, such as 2026-03.")]
AnyPeriod = Annotated[str | None, typer.Option(metavar="PERIOD", help="Fiscal period, such as 2026-03.")]
Entity = Annotated[str | None, typer.Option(metavar="ENTITY", help="Only this legal entity [all].")]
Entries = Annotated[list[str] | None, typer.Option("--entry", metavar="ID", help="Only this entry; may be repeated.")]
By = Annotated[str | None, typer.Option(metavar="NAME", help="Who acts [REVREC_USER, else the account].")]
Reason = Annotated[str | None, typer.Option(metavar="TEXT", help="Why; it is kept in the audit log.")]
