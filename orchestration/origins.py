"""Where an input row comes from: the line of a file, or the object of a vendor, as the raw tables hold it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestration.rows import Row, rows

# What a posting names as its source -> the input table and its key. Lines of an invoice or credit note stand for it.
SOURCES = {
    "invoice": ("invoice_lines", "invoice_id"),
    "invoice_event": ("invoice_events", "event_id"),
    "credit_note": ("credit_note_lines", "credit_note_id"),
    "payment": ("payments", "payment_id"),
    "price_component": ("price_estimates", "component_id"),
    "contract_cost": ("contract_costs", "cost_id"),
    "contract_line": ("contract_lines", "line_id"),
    "contract": ("contracts", "contract_id"),
    "customer": ("customers", "customer_id"),
    "manual_journal": ("manual_journals", "journal_id"),
    "opening_balance": ("opening_balances", "contract_id"),
}
# Shown of a row, where it has it.
_TOLD = (
    *(
        "line_id",
        "version",
        "kind",
        "change",
        "reason",
        "product_id",
        "issued_on",
        "occurred_on",
        "agreed_on",
        "effective_on",
    ),
    *("estimated_on", "measured_on", "used_on", "incurred_on", "signed_on", "starts_on", "ends_on", "quantity"),
)


@dataclass(frozen=True)
class Origin:
    """One accepted input row and its place. Amounts are in minor units of `currency`; None where it has none."""

    table: str
    key: str
    place: str
    facts: dict[str, Any]
    currency: str | None = None
    minor_units: int = 2
    amount_minor: int | None = None
    tax_minor: int | None = None
    known_at: datetime | None = None


class Inputs:
    """Accepted input rows, looked up once each."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._columns: dict[str, set[str]] = {}
        for table, column in connection.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'inputs'"
        ).fetchall():
            self._columns.setdefault(table, set()).add(column)
        self._vendors = {
            (schema.removeprefix("raw_"), table)
            for schema, table in connection.execute(
                """
                select table_schema, table_name from information_schema.columns
                where table_schema like 'raw!_%' escape '!' and column_name = '_version'
                """
            ).fetchall()
        }
        self._found: dict[tuple[Any, ...], list[Origin]] = {}

    def of_source(self, source_type: str, source_id: str) -> list[Origin]:
        """The rows that a posting names as its source; none for a kind of source that has no table."""
        table, column = SOURCES.get(source_type, ("", ""))
        return self.find(table, **{column: source_id}) if table else []

    def find(self, table: str, **keys: Any) -> list[Origin]:
        """Accepted rows of an input table with these values, in the order of their places."""
        name = f"int_inputs__{table}"
        if not self._columns.get(name, set()) >= keys.keys():
            return []
        looked_up = (table, *sorted(keys.items()))
        if looked_up not in self._found:
            chosen = " and ".join(f'"{column}" = ${column}' for column in keys)
            found = rows(
                self._connection,
                f"select * from inputs.{name} where status = 'accepted' and {chosen} order by file_line",  # noqa: S608
                keys,
            )
            self._found[looked_up] = [self._origin(table, row) for row in found]
        return self._found[looked_up]

    def _origin(self, table: str, row: Row) -> Origin:
        key = _key(table, row)
        return Origin(
            table,
            key,
            self._place(table, key, row),
            {name: row[name] for name in (*_TOLD, "recorded_at") if row.get(name) is not None},
            row.get("currency"),
            row.get("minor_units") or 0,
            row.get("amount_minor"),
            row.get("tax_amount_minor"),
            row.get("known_at"),
        )

    def _place(self, table: str, key: str, row: Row) -> str:
        system = row.get("loaded_from") or row.get("source_system") or "file_drop"
        if row.get("file_name"):
            [[load]] = self._connection.execute(
                "select max(load_no) from raw_file_drop.loads where table_name = ?", [table]
            ).fetchall()
            return f"{row['file_name']} line {row['file_line']} (load {load} of raw_file_drop.{table})"
        if table == "contract_lines" and system == "salesforce":
            return self._order_items(row)
        objects = [self._object(system, part) for part in dict.fromkeys((key, *(key.split("/"))))]
        return next((found for found in objects if found), f"{system} {key}")

    def _order_items(self, row: Row) -> str:
        """A line of a contract is known by its own name; the order items that state it are in the contract's orders."""
        found = rows(
            self._connection,
            """
            select distinct items.id
            from raw_salesforce.order_items as items
            inner join raw_salesforce.orders as orders on items.order_id = orders.id
            where
                'salesforce:' || orders.contract_id = $contract_id
                and $line_id in (items.line, items.id, 'salesforce:' || items.id)
            order by items.id
            """,
            {name: row[name] for name in ("contract_id", "line_id")},
        )
        return f"salesforce {', '.join(item['id'] for item in found)} (raw_salesforce.order_items)"

    def _object(self, system: str, key: str) -> str | None:
        """The vendor's object behind an id such as stripe:in_1, in its latest version."""
        named = key.rpartition(":")[2]
        tables = sorted(table for vendor, table in self._vendors if vendor == system)
        if not tables:
            return None
        versions = " union all ".join(
            f"select '{table}' as name, max(_version) as version from raw_{system}.{table} where id = $id having count(*) > 0"  # noqa: E501, S608
            for table in tables
        )
        found = self._connection.execute(versions, {"id": named}).fetchall()
        return f"{system} {named} (raw_{system}.{found[0][0]}, version {found[0][1]})" if found else None


def _key(table: str, row: Row) -> str:
    """How a person names a row."""
    own = {
        "invoice_lines": ("invoice_line_id",),
        "credit_note_lines": ("credit_note_line_id",),
        "contract_lines": ("line_id",),
        "contract_versions": ("contract_id",),
        "price_estimates": ("component_id",),
        "manual_journals": ("journal_id", "line_no"),
        "payments": ("payment_id",),
        "invoice_events": ("event_id",),
    }
    names = own.get(table) or (f"{table.removesuffix('s')}_id",)
    named = [str(row[name]) for name in names if row.get(name) is not None]
    return " ".join(named) or "?"
