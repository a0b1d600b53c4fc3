"""What a run leaves behind, read from the public tables and shown on one screen.

Amounts are decimals in major units, as the public tables carry them; they are never added across currencies.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration import warehouse
from orchestration.printing import printable

ROLLFORWARD_COLUMNS = ("opening", "billings", "recognized", "credits", "adjustments", "fx", "closing")
_MOST_ENTITIES, _MOST_REASONS = 8, 5


@dataclass
class RunSummary:
    """The state of the books in one database, and what the run that returns it did (None or empty in a status)."""

    database: str
    as_of: str | None = None
    through: str | None = None
    seconds: float | None = None
    loaded: dict[str, int] = field(default_factory=dict)
    built: dict[str, int] = field(default_factory=dict)
    rollforward: list[dict[str, Any]] = field(default_factory=list)
    journal: dict[str, Any] = field(default_factory=dict)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    blocked_contracts: int = 0
    flags: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values; amounts stay exact as decimal strings."""
        return asdict(self, dict_factory=lambda pairs: {key: _plain(value) for key, value in pairs})


def read(database: Path, *, through: str | None = None) -> RunSummary:
    """The summary of a database as it is, up to the period `through` (default: the last one it holds)."""
    with warehouse.connect(database) as connection:
        books = _Books(connection)
        return RunSummary(
            database=str(database),
            through=through,
            rollforward=books.rollforward(through),
            journal=books.journal(),
            drafts=books.drafts(),
            blocked_contracts=books.blocked_contracts(),
            flags=books.flags(),
            rejected=books.rejected(),
        )


def review(database: Path, period: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """Open anomaly flags (of one period, if given), drafts that lost their approval, every rejected input row."""
    with warehouse.connect(database) as connection:
        books = _Books(connection)
        chosen = "and period = $period" if period else ""
        flags = books.rows(
            "anomaly_flags",
            f"""
            select
                flag_id, severity, rule, period, entity_id, contract_id, entry_id, source_id, expected, actual,
                explanation
            from {{table}}
            where resolution is null {chosen}
            order by {_SEVERITY_ORDER}, rule, period, entity_id, contract_id, source_id
            """,  # noqa: S608
            {"period": period} if period else {},
        )
        rejected = books.rows(
            "rejected_inputs",
            'select source, "table", "row", "column", "value", reason from {table} order by 1, 2, 3, 4',
        )
        drafts = books.rows(
            "draft_reviews",
            f"""
            select posting_period, entity_id, book, entry_id, decision, decided_by, decided_at, reason, explanation
            from {{table}}
            {"where posting_period = $period" if period else ""}
            order by posting_period, entity_id, book, entry_id
            """,  # noqa: S608
            {"period": period} if period else {},
        )
        return {"flags": flags, "drafts": drafts, "rejected_inputs": rejected}


_SEVERITY_ORDER = "case severity when 'block' then 1 when 'review' then 2 else 3 end"


class _Books:
    """Queries over the public tables, wherever their schema is; a table that was never built has no rows."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        found = connection.execute(
            "select table_name, table_schema from information_schema.tables where table_schema not like 'raw%'"
        ).fetchall()
        self._tables = {name: f'"{schema}"."{name}"' for name, schema in found}

    def rows(self, table: str, query: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        if table not in self._tables:
            return []
        result = self._connection.execute(query.format(table=self._tables[table]), parameters or {})
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def rollforward(self, through: str | None) -> list[dict[str, Any]]:
        sums = ", ".join(f"sum({column}) as {column}" for column in ROLLFORWARD_COLUMNS)
        found = self.rows(
            "deferred_revenue_rollforward",
            f"""
            with
            known as (select * from {{table}} where $through is null or period <= $through),
            last_period as (select entity_id, book, max(period) as period from known group by all)
            select entity_id, book, currency, period, {sums}
            from known
            inner join last_period using (entity_id, book, period)
            group by all
            order by entity_id, book, currency
            """,  # noqa: S608
            {"through": through},
        )
        # The column has the digits of the most precise currency; a person wants those of the row's own.
        digits = {row["currency"]: row["minor_units"] for row in self.rows("currencies", "from {table}")}
        for row in found:
            for column in ROLLFORWARD_COLUMNS:
                row[column] = round(row[column], digits.get(row["currency"], 2))
        return found

    def journal(self) -> dict[str, Any]:
        """Entries whose debits and credits differ in some currency are counted, not summed."""
        found = self.rows(
            "journal_lines",
            """
            with
            entries as (
                select
                    entry_id,
                    sum(debit) != sum(credit) or sum(functional_debit) != sum(functional_credit) as unbalanced,
                from {table}
                group by entry_id, currency
            )
            select
                count(distinct entry_id) as entries,
                count(distinct entry_id) filter (where unbalanced) as unbalanced,
            from entries
            """,
        )
        periods = self.rows(
            "journal_entries",
            """
            select
                min(posting_period) as first_period,
                max(posting_period) as last_period,
                count(distinct posting_period) as periods,
            from {table}
            """,
        )
        return {**(found[0] if found else {}), **(periods[0] if periods else {})}

    def drafts(self) -> list[dict[str, Any]]:
        return self.rows(
            "journal_entries",
            """
            select entry_type, count(*) as entries
            from {table}
            where status = 'draft'
            group by entry_type
            order by entries desc, entry_type
            """,
        )

    def blocked_contracts(self) -> int:
        found = self.rows(
            "anomaly_flags",
            """
            select count(distinct contract_id) as contracts
            from {table}
            where severity = 'block' and resolution is null
            """,
        )
        return found[0]["contracts"] if found else 0

    def flags(self) -> list[dict[str, Any]]:
        return self.rows(
            "anomaly_flags",
            f"""
            select severity, rule, count(*) as flags
            from {{table}}
            where resolution is null
            group by severity, rule
            order by {_SEVERITY_ORDER}, flags desc, rule
            """,  # noqa: S608
        )

    def rejected(self) -> list[dict[str, Any]]:
        return self.rows(
            "rejected_inputs",
            """
            select
                source,
                "table",
                "column",
                count(*) as rejections,
                min_by(reason, "row") as example,
            from {table}
            group by source, "table", "column"
            order by rejections desc, source, "table", "column"
            """,
        )


def lines(summary: RunSummary) -> list[Any]:
    """The screen as Rich renderables: at most 40 lines, whatever the size of the books."""
    parts: list[Any] = [_heading(summary), _rollforward_table(summary), *_journal_lines(summary)]
    parts += _capped("Flags", [f"{row['severity']}: {row['rule']} ({row['flags']:,})" for row in summary.flags])
    parts += _capped("Rejected inputs", [_rejection(row) for row in summary.rejected])
    return [part for part in parts if part is not None] + _where_next(summary)


def show(summary: RunSummary, console: Any) -> None:
    """Print the screen; without a terminal the same text comes without colours or control characters."""
    for part in lines(summary):
        console.print(part, highlight=False, soft_wrap=isinstance(part, str))


def _heading(summary: RunSummary) -> str:
    said = [f"as of {summary.as_of}"] if summary.as_of else []
    said += [f"through {summary.through}"] if summary.through else []
    said += [f"{summary.loaded[name]:,} rows from {name}" for name in summary.loaded]
    if summary.built:
        said.append(", ".join(f"{count:,} {word}" for word, count in summary.built.items()))
    said += [f"{summary.seconds:.1f} s"] if summary.seconds is not None else []
    return f"[bold]{_escape(summary.database)}[/bold]" + (f"\n{_escape(' · '.join(said))}" if said else "")


def _rollforward_table(summary: RunSummary) -> Any:
    from rich import box
    from rich.table import Table

    if not summary.rollforward:
        return "No deferred revenue yet."
    books = len({row["book"] for row in summary.rollforward}) > 1
    shown = [
        column for column in ROLLFORWARD_COLUMNS if column != "fx" or any(row["fx"] for row in summary.rollforward)
    ]
    table = Table(title="Deferred revenue, last period", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("entity", *(["book"] if books else []), "currency", "period"):
        table.add_column(heading, no_wrap=True)
    for column in shown:
        table.add_column(column, justify="right", no_wrap=True)
    for row in summary.rollforward[:_MOST_ENTITIES]:
        keys = [row["entity_id"], *([row["book"]] if books else []), row["currency"], row["period"]]
        table.add_row(*map(_escape, keys), *(_amount(row[column]) for column in shown))
    rest = len(summary.rollforward) - _MOST_ENTITIES
    if rest > 0:
        table.caption = f"and {rest:,} more in reports.deferred_revenue_rollforward"
        table.caption_justify = "left"
    return table


def _journal_lines(summary: RunSummary) -> list[str]:
    journal = summary.journal
    if not journal.get("entries"):
        return ["No journal entries yet."]
    months = "1 month" if journal["periods"] == 1 else f"{journal['periods']} months"
    span = f"{months} ({journal['first_period']} to {journal['last_period']})"
    if journal["unbalanced"]:
        balance = f"[red]{journal['unbalanced']:,} of {journal['entries']:,} entries do not balance[/red]"
    else:
        balance = f"{journal['entries']:,} entries, each with debits = credits"
    drafts = ", ".join(f"{row['entry_type']} {row['entries']:,}" for row in summary.drafts) or "none"
    blocked = f"[red]{summary.blocked_contracts:,}[/red]" if summary.blocked_contracts else "none"
    return [
        f"[bold]Journal[/bold]  {span}: {balance}",
        f"[bold]Drafts[/bold]   {drafts}",
        f"[bold]Blocked contracts[/bold]  {blocked}",
    ]


def _capped(title: str, texts: list[str]) -> list[str]:
    if not texts:
        return [f"[bold]{title}[/bold]  none"]
    rest = len(texts) - _MOST_REASONS
    more = [f"  … and {rest:,} more: bin/revrec review"] if rest > 0 else []
    return [f"[bold]{title}[/bold]", *(f"  {_escape(_short(text))}" for text in texts[:_MOST_REASONS]), *more]


def _rejection(row: dict[str, Any]) -> str:
    where = ".".join(filter(None, (row["table"], row["column"])))
    return f"{where} ({row['rejections']:,}): {row['example']}"


def _where_next(summary: RunSummary) -> list[str]:
    return [
        "[bold]Where to look next[/bold]",
        "  bin/revrec review               every open flag and rejected row, with what to do",
        "  reports.journal_lines           the drafts, with account, contract and source of every line",
        "  reports.deferred_revenue_rollforward, reports.trial_balance",
        "  bin/revrec ask 'QUESTION'       what is deferred, recognised, flagged or changed, and why",
        "  bin/revrec serve                the pipeline as a graph, every table described",
    ]


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,f}"


def _short(text: str, most: int = 110) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _escape(text: str) -> str:
    from rich.markup import escape

    return escape(printable(text))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return [{key: _plain(item) for key, item in row.items()} if isinstance(row, dict) else row for row in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value if isinstance(value, int | float | str | None) else str(value)
