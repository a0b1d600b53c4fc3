"""`revrec explain ENTRY`: one entry in plain English. Every number is a row's, and the row is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration import warehouse
from orchestration.errors import ConfigurationError
from orchestration.origins import Inputs, Origin
from orchestration.rows import Row, has_table, plain, rows

_WHAT = {
    "revenue": "recognises revenue earned in {accounting_period}",
    "reclassification": "shows what was earned but not billed at the end of {accounting_period} where it belongs",
    "invoice": "books invoice {source_id}",
    "credit_note": "books credit note {source_id}",
    "payment": "books payment {source_id}",
    "fx_remeasurement": "restates what is owed in a foreign currency at the closing rate of {accounting_period}",
    "netting": "shows what is owed and owing within a group of contracts as one position",
    "refund_liability": "sets aside what is expected to go back to the customer",
    "opening_balance": "takes over a balance from the books before",
}
_WHY = {
    "schedule": "the schedule of the contract says so",
    "modification": "the contract was modified",
    "price_change": "the transaction price changed",
    "late_data": "a fact was recorded after the period it belongs to was closed",
    "breakage": "rights that the customer will not use are earned in proportion",
    "opening_balance": "the books start here",
}


@dataclass
class Explanation:
    """Sentences in order, and the rows that their numbers are from."""

    entry_id: str
    sentences: list[str]
    facts: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return plain(asdict(self) | {"explanation": " ".join(self.sentences)})


def explain(database: Path, entry_id: str) -> Explanation:
    """Explain a draft or posted entry; a ConfigurationError if there is none with this id."""
    with warehouse.connect(database) as connection:
        if not has_table(connection, "reports", "journal_entries"):
            raise ConfigurationError("nothing was built yet; run `bin/revrec run` first.")
        entries = rows(connection, "from reports.journal_entries where entry_id = $id", {"id": entry_id})
        if not entries:
            raise ConfigurationError(f"there is no entry '{entry_id}'; reports.journal_entries lists them.")
        lines = rows(connection, "from reports.journal_lines where entry_id = $id order by line_no", {"id": entry_id})
        done = Explanation(entry_id, [])
        for part in (_what, _why, _amounts, _when, _who):
            done.sentences += part(connection, entries[0], lines, done.facts)
        return done


def _what(connection: Any, entry: Row, lines: list[Row], facts: list[dict[str, Any]]) -> Iterator[str]:
    kind = entry["entry_type"]
    what = _WHAT.get(kind, "books {kind} {source_id}").format(**entry, kind=kind.replace("_", " "))
    whose = f" for contract {entry['contract_id']}" if entry["contract_id"] not in (None, entry["source_id"]) else ""
    customer = f" of customer {entry['customer_id']}" if entry["customer_id"] else ""
    yield f"Entry {entry['entry_id']} {what}{whose}{customer} in the {entry['book']} books of {entry['entity_id']}."
    facts.append({"table": "reports.journal_entries", "key": entry["entry_id"]} | _shown(entry))


def _why(connection: Any, entry: Row, lines: list[Row], facts: list[dict[str, Any]]) -> Iterator[str]:
    cause = _WHY.get(entry["cause"], f"of {entry['cause'].replace('_', ' ')} {entry['source_id']}")
    yield f"It is there because {cause}."
    inputs = Inputs(connection)
    origins = inputs.of_source(entry["source_type"], entry["source_id"])
    if entry["entry_type"] == "revenue" or not origins:
        origins = _late_facts(connection, inputs, entry)
    word = "A fact behind it" if entry["entry_type"] == "revenue" else "The source"
    for origin in origins:
        amount = ""
        if origin.amount_minor is not None and origin.currency:
            amount = f" over {_money(Decimal(origin.amount_minor).scaleb(-origin.minor_units), origin.currency)}"
            if origin.tax_minor:
                tax = Decimal(origin.tax_minor).scaleb(-origin.minor_units)
                amount += f" and tax of {_money(tax, origin.currency)}"
        known = f", known on {origin.known_at:%Y-%m-%d}" if origin.known_at else ""
        named = f"{origin.table.replace('_', ' ').removesuffix('s')} {origin.key}"
        yield f"{word} is {named}{amount}{known}: {origin.place}."
        facts.append({"table": f"inputs.int_inputs__{origin.table}", "key": origin.key, "place": origin.place})
    for row in _earned(connection, entry, lines):
        booked = _money(row["booked"], row["currency"])
        earned = _money(row["earned"], row["currency"])
        line = f"Line {row['line_id']} earns {earned} in {entry['accounting_period']} in all"
        yield (
            f"{line}; this entry books {booked} of it."
            if row["earned"] != row["booked"]
            else f"{line}, all of it here."
        )
        facts.append(
            {"table": "engine.revenue_by_period", "key": f"{row['line_id']} {entry['accounting_period']}"} | row
        )


def _late_facts(connection: Any, inputs: Inputs, entry: Row) -> list[Origin]:
    """Facts of the contract that were not known when the period of a late entry was closed."""
    if entry["accounting_period"] == entry["posting_period"] and not entry["corrects_entry_id"]:
        return []
    [[known]] = connection.execute(
        """
        select max(known_as_of) from (
            select known_as_of from ops.posted_journal_lines where entry_id = $corrects
            union all
            select known_as_of from ops.period_events
            where kind = 'lock' and entity_id = $entity and book = $book and $corrects is null
                and period_no >= cast(left($period, 4) as bigint) * 12 + cast(right($period, 2) as bigint) - 1
        )
        """,
        {
            "corrects": entry["corrects_entry_id"],
            "entity": entry["entity_id"],
            "book": entry["book"],
            "period": entry["accounting_period"],
        },
    ).fetchall()
    found = [
        origin
        for table in ("contract_versions", "contract_lines", "progress", "usage", "invoices", "invoice_lines")
        for origin in inputs.find(table, contract_id=entry["contract_id"])
    ] + [
        origin
        for table in ("invoices", "invoice_lines", "invoice_events", "credit_notes")
        for origin in inputs.find(table, invoice_id=entry["contract_id"])
    ]
    moment = datetime.fromisoformat(known) if known else datetime.max
    return [origin for origin in found if origin.known_at and origin.known_at > moment]


def _earned(connection: Any, entry: Row, lines: list[Row]) -> list[Row]:
    """What each line of a revenue entry earns in the period as now understood, and what of it this entry books."""
    if entry["entry_type"] != "revenue":
        return []
    return rows(
        connection,
        """
        with
        booked as (
            select contract_key, line_id, currency, sum(credit - debit) as booked
            from reports.journal_lines
            where entry_id = $id and role = 'revenue' and line_id is not null
            group by all
        ),
        earned as (
            select
                lines.contract_key, lines.line_id,
                cast(sum(earned.amount_minor) / power(10, max(parties.minor_units)) as decimal(18, 3)) as earned,
            from engine.revenue_by_period as earned
            inner join engine.posting_lines as lines using (line_key)
            inner join engine.posting_parties as parties on lines.contract_key = parties.contract_key
            inner join engine.fiscal_periods as periods using (period_no)
            where periods.calendar = 'monthly' and periods.period = $period
            group by all
        )
        select booked.line_id, booked.currency, booked.booked, coalesce(earned.earned, 0) as earned
        from booked
        left join earned using (contract_key, line_id)
        order by booked.line_id
        """,
        {"id": entry["entry_id"], "period": entry["accounting_period"]},
    )


def _amounts(connection: Any, entry: Row, lines: list[Row], facts: list[dict[str, Any]]) -> Iterator[str]:
    told = []
    for line in lines:
        side, amount = ("debits", line["debit"]) if line["debit"] or not line["credit"] else ("credits", line["credit"])
        account = " ".join(filter(None, (line["account_code"], line["account_name"]))) or "an account not yet mapped"
        said = f"{side} {account} ({line['role'].replace('_', ' ')}) with {_money(amount, line['currency'])}"
        if line["functional_currency"] != line["currency"]:
            functional = line["functional_debit"] - line["functional_credit"]
            own = f"{_money(abs(functional), line['functional_currency'])} {'debit' if functional >= 0 else 'credit'}"
            rate = f" at {line['fx_rate'].normalize():f}" if line["fx_rate"] else ""
            said += f", which is a {own} in the books{rate}"
        told.append(said)
        facts.append({"table": "reports.journal_lines", "key": f"{line['entry_id']} {line['line_no']}"} | _shown(line))
    yield f"It {'; '.join(told)}."
    debit, credit = (sum((line[side] for line in lines), Decimal(0)) for side in ("debit", "credit"))
    yield f"Debits are {_money(debit, lines[0]['currency'])}, credits {_money(credit, lines[0]['currency'])}."


def _when(connection: Any, entry: Row, lines: list[Row], facts: list[dict[str, Any]]) -> Iterator[str]:
    dated = f"It is dated {entry['entry_date']} and belongs to {entry['accounting_period']}"
    if entry["accounting_period"] == entry["posting_period"]:
        yield f"{dated}, where it is booked."
    else:
        yield f"{dated}, but is booked in {entry['posting_period']}, because {entry['accounting_period']} was closed."
    if entry["corrects_entry_id"]:
        yield f"It corrects {entry['corrects_entry_id']}, which stays as it was posted; the two are read together."


def _who(connection: Any, entry: Row, lines: list[Row], facts: list[dict[str, Any]]) -> Iterator[str]:
    prepared = rows(
        connection,
        """
        select distinct prepared_by, posted_by from ops.posted_journal_lines where entry_id = $id
        union all
        select distinct prepared_by, null as posted_by from engine.draft_entries where entry_id = $id
        """,
        {"id": entry["entry_id"]},
    )
    people = prepared[0] if prepared else {"prepared_by": None, "posted_by": None}
    writers = rows(
        connection,
        "select prepared_by from engine.entry_preparers where source_type = $type and source_id = $id order by 1",
        {"type": entry["source_type"], "id": entry["source_id"]},
    )
    if writers:
        yield f"{' and '.join(row['prepared_by'] for row in writers)} wrote it by hand, and may not approve it."
    yield f"It was prepared by {people['prepared_by']}" + (
        f" and approved by {entry['approved_by']} on {entry['approved_at']:%Y-%m-%d}."
        if entry["approved_by"]
        else " and waits for approval."
    )
    if entry["posted_at"]:
        yield f"{people['posted_by']} posted it on {entry['posted_at']:%Y-%m-%d} in batch {entry['batch_id']}."
    else:
        yield "It is a draft: nothing of it is in the ledger yet."


def _shown(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and not name.endswith("_key")}


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:,.2f} {currency}" if amount == round(amount, 2) else f"{amount:,f} {currency}"
