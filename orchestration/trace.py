"""`revrec trace`: from a balance to the rows it comes from, and from a row to the balances it is in.

A trace is a tree of steps. Each step has amounts that its children add up to, as `adds_up` says; a test sums them.
Amounts are decimals in major units of the currency named with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration import warehouse
from orchestration.errors import ConfigurationError
from orchestration.origins import Inputs, Origin
from orchestration.rows import Row, has_table, rows
from orchestration.steps import Step, major, money, origin_step, told

# The other places where an id may be found, and the column of journal lines that leads from there to entries.
_SOURCES = {
    "invoice": ("invoices", "invoice_id"),
    "payment": ("payments", "payment_id"),
    "credit note": ("credit_notes", "credit_note_id"),
    "invoice event": ("invoice_events", "event_id"),
    "price component": ("price_components", "component_id"),
    "contract cost": ("contract_costs", "cost_id"),
    "manual journal": ("manual_journals", "journal_id"),
}


def trace_id(database: Path, wanted: str) -> list[Step]:
    """The trace of every thing that has this id; a ConfigurationError if there is none."""
    with warehouse.connect(database) as connection:
        found = list(_Books(connection).all_of(wanted))
    if not found:
        raise ConfigurationError(
            f"'{wanted}' is no id of an entry, batch, contract, line, invoice, payment, credit note or other source."
        )
    return found


def trace_balance(
    database: Path,
    period: str,
    *,
    role: str | None = None,
    account: str | None = None,
    entity: str | None = None,
    most: int = 10**9,
) -> list[Step]:
    """The trace of each line of the trial balance of an account or role; only the first `most` entries in full."""
    with warehouse.connect(database) as connection:
        found = list(_Books(connection).balances(period, role, account, entity, most))
    if not found:
        raise ConfigurationError(
            f"there is no balance of {role or account} in {period}; `revrec status` names periods."
        )
    return found


class _Books:
    def __init__(self, connection: Any) -> None:
        if not has_table(connection, "reports", "journal_lines"):
            raise ConfigurationError("nothing was built yet; run `bin/revrec run` first.")
        self._connection = connection
        self._inputs = Inputs(connection)

    def rows(self, query: str, **parameters: Any) -> list[Row]:
        return rows(self._connection, query, parameters)

    # ---- where an id leads

    def all_of(self, wanted: str) -> Iterator[Step]:
        for entry in self.rows("from reports.journal_entries where entry_id = $id", id=wanted):
            yield self.entry(entry)
        for batch in self.rows("from ops.posted_batches where batch_id = $id", id=wanted):
            entries = self.rows("from reports.journal_entries where batch_id = $id order by entry_id", id=wanted)
            said = f"{batch['line_count']} lines posted by {batch['posted_by']} at {batch['posted_at']}"
            yield Step("batch", wanted, said, steps=[self.entry(entry, deep=False) for entry in entries])
        for contract in self.rows("from engine.known_contracts where contract_id = $id order by book", id=wanted):
            yield self.contract(contract)
        for line in self.rows(
            """
            select lines.line_key, lines.line_id, parties.contract_id, parties.book, parties.contract_key
            from engine.posting_lines as lines
            inner join engine.posting_parties as parties using (contract_key)
            where lines.line_id = $id
            order by all
            """,
            id=wanted,
        ):
            yield self.earned(line["contract_key"], line["line_key"], line["line_id"])
        for kind, (table, column) in _SOURCES.items():
            for origin in self._inputs.find(table, **{column: wanted})[:1]:
                yield self.source(kind, wanted, origin)

    def source(self, kind: str, wanted: str, origin: Origin) -> Step:
        """From a source row forward: its own rows, then the entries that were made from it, and their balances."""
        source_type = kind.replace(" ", "_")
        step = Step(kind, wanted, told(origin.facts), steps=[origin_step(origin)])
        step.steps += [origin_step(row) for row in self._inputs.of_source(source_type, wanted) if row != origin]
        for entry in self.rows(
            """
            select distinct entries.*
            from reports.journal_entries as entries
            inner join reports.journal_lines as lines using (entity_id, book, entry_id)
            where entries.source_type = $type and entries.source_id = $id
            order by entries.posting_period, entries.entry_id
            """,
            type=source_type,
            id=wanted,
        ):
            step.steps.append(self.entry(entry, deep=False, forward=True))
        return step

    # ---- entries

    def entry(self, entry: Row, *, deep: bool = True, forward: bool = False) -> Step:
        """An entry and its lines: debits less credits are nothing, in each currency."""
        lines = self.rows(
            """
            select lines.*, parties.minor_units
            from reports.journal_lines as lines
            left join engine.posting_parties as parties using (contract_key)
            where lines.entry_id = $id and lines.entity_id = $entity_id and lines.book = $book
            order by lines.line_no
            """,
            id=entry["entry_id"],
            entity_id=entry["entity_id"],
            book=entry["book"],
        )
        said = f"{entry['description']} ({entry['status']}, booked in {entry['posting_period']})"
        step = Step("entry", entry["entry_id"], said, lines[0]["currency"], Decimal(0), "journal line")
        step.steps = [self.line(entry, line, deep=deep, forward=forward) for line in lines]
        if entry["corrects_entry_id"]:
            step.steps.append(Step("corrects", entry["corrects_entry_id"], "posted before; both stand"))
        return step

    def line(self, entry: Row, line: Row, *, deep: bool, forward: bool = False) -> Step:
        account = " ".join(filter(None, (line["account_code"], line["account_name"])))
        said = f"{line['role']} {account}"
        if line["functional_currency"] != line["currency"]:
            functional = line["functional_debit"] - line["functional_credit"]
            said += f", {functional:,.2f} {line['functional_currency']}"
        amount = line["debit"] - line["credit"]
        step = Step("journal line", f"{line['entry_id']} {line['line_no']}", said, line["currency"], amount)
        if deep:
            step.steps = list(self.reasons(entry, line))
        if forward:
            step.steps = [self.stands_in(entry, line)]
        return step

    def stands_in(self, entry: Row, line: Row) -> Step:
        status = "posted" if entry["status"] == "posted" else "draft"
        [balance] = self.rows(
            """
            select closing, currency from reports.trial_balance
            where
                entity_id = $entity_id and book = $book and role = $role and currency = $currency and period = $period
                and status = $status and account_code is not distinct from $account_code
            """,
            **{name: line[name] for name in ("entity_id", "book", "role", "currency", "account_code")},
            period=entry["posting_period"],
            status=status,
        )
        where = " ".join(filter(None, (line["entity_id"], line["book"], line["role"], line["account_code"])))
        return Step("is in", where, f"{status} balance at the end of {entry['posting_period']}", *money(balance))

    def reasons(self, entry: Row, line: Row) -> Iterator[Step]:
        """Why a line is there: what was earned, or the rows it was made from."""
        if entry["entry_type"] == "revenue" and line["line_id"]:
            for found in self.rows(
                "select line_key from engine.posting_lines where contract_key = $key and line_id = $line_id",
                key=line["contract_key"],
                line_id=line["line_id"],
            ):
                period = entry["accounting_period"]
                yield self.earned(line["contract_key"], found["line_key"], line["line_id"], period)
            return
        origins = self._inputs.of_source(line["source_type"], line["source_id"])
        mine = [row for row in origins if line["line_id"] and line["line_id"] in (row.key, row.facts.get("line_id"))]
        yield from (origin_step(row) for row in mine or origins)

    # ---- what is earned

    def earned(self, contract_key: int, line_key: int, line_id: str, period: str | None = None) -> Step:
        """What a line earns by period, whoever booked it when; then its schedule, its terms and its bills."""
        months = self.rows(
            """
            select
                periods.period,
                units.currency,
                sum(earned.amount_minor) as minor,
                max(units.minor_units) as minor_units,
            from engine.revenue_by_period as earned
            inner join engine.posting_parties as units using (contract_key)
            inner join engine.fiscal_periods as periods
                on earned.period_no = periods.period_no and periods.calendar = 'monthly'
            where earned.line_key = $key and ($period is null or periods.period = $period)
            group by all
            order by periods.period
            """,
            key=line_key,
            period=period,
        )
        step = Step("line", line_id, f"earns in {period}" if period else "earns")
        if months:
            step.currency, step.adds_up = months[0]["currency"], "earned in"
            step.amount = sum((major(row) for row in months), Decimal(0))
        for row in months:
            step.steps.append(Step("earned in", row["period"], "", *money(row), "booked in entry"))
            step.steps[-1].steps = self.booked(contract_key, line_id, row["period"])
        return self.with_terms(step, contract_key, line_key, line_id)

    def booked(self, contract_key: int, line_id: str, period: str) -> list[Step]:
        """The entries that book what a line earns in a period: the revenue in them, posted and drafted."""
        return [
            Step("booked in entry", row["entry_id"], f"{row['status']} in {row['posting_period']}", *money(row))
            for row in self.rows(
                """
                select
                    entries.entry_id, entries.status, entries.posting_period, lines.currency,
                    sum(lines.credit - lines.debit) as closing,
                from reports.journal_lines as lines
                inner join reports.journal_entries as entries using (entity_id, book, entry_id)
                where
                    lines.contract_key = $key and lines.line_id = $line_id and lines.role = 'revenue'
                    and entries.entry_type = 'revenue' and entries.accounting_period = $period
                group by all
                order by entries.posting_period, entries.entry_id
                """,
                key=contract_key,
                line_id=line_id,
                period=period,
            )
        ]

    def with_terms(self, step: Step, contract_key: int, line_key: int, line_id: str) -> Step:
        """Add the schedule a line is recognised by, its terms in each version and the bills for it, with their rows."""
        for row in self.rows(
            """
            select segments.*, segments.schedule_minor as minor, parties.currency, parties.minor_units
            from engine.line_shares as shares
            inner join engine.schedule_segments as segments using (contract_key, schedule_key)
            inner join engine.posting_parties as parties using (contract_key)
            where shares.line_key = $key
            order by segments.slice_from_on, segments.slice_to_on, segments.schedule_minor
            """,
            key=line_key,
        ):
            said = f"{row['convention']}, of a schedule from {row['schedule_from_on']} to {row['schedule_to_on']}"
            slice_of = f"{row['slice_from_on']} to {row['slice_to_on']}"
            step.steps.append(Step("schedule", slice_of, f"{said} ({row['cause']})", *money(row)))
        names = self.rows(
            "select contract_id, is_invoice_only from engine.known_contracts where contract_key = $key",
            key=contract_key,
        )
        for name in names:
            if name["is_invoice_only"]:
                step.steps += map(origin_step, self._inputs.find("invoice_lines", invoice_line_id=line_id))
                continue
            keys = {"contract_id": name["contract_id"], "line_id": line_id}
            step.steps += map(origin_step, self._inputs.find("contract_lines", **keys))
            step.steps += map(origin_step, self._inputs.find("invoice_lines", **keys))
        return step

    # ---- contracts and balances

    def contract(self, contract: Row) -> Step:
        """A contract from its rows to its lines, entries and balances."""
        said = f"{contract['customer_id']}, {contract['entity_id']} {contract['book']}"
        step = Step("contract", contract["contract_id"], said, contract["currency"])
        keys = {"contract_id": contract["contract_id"]}
        for table in ("contracts", "contract_versions"):
            step.steps += map(origin_step, self._inputs.find(table, **keys))
        key = contract["contract_key"]
        lines = "select line_key, line_id from engine.posting_lines where contract_key = $key order by line_id"
        step.steps += [self.earned(key, row["line_key"], row["line_id"]) for row in self.rows(lines, key=key)]
        for entry in self.rows(
            """
            select entries.*, lines.currency
            from reports.journal_entries as entries
            inner join (select distinct entry_id, contract_key, currency from reports.journal_lines) as lines
                on entries.entry_id = lines.entry_id
            where lines.contract_key = $key
            order by entries.posting_period, entries.entry_date, entries.entry_id
            """,
            key=key,
        ):
            step.steps.append(self.entry(entry, deep=False))
        for balance in self.rows(
            """
            select role, currency, sum(debit - credit) as closing
            from reports.journal_lines where contract_key = $key group by all order by role
            """,
            key=key,
        ):
            step.steps.append(Step("stands in", balance["role"], "debits less credits to date", *money(balance)))
        return step

    def balances(
        self, period: str, role: str | None, account: str | None, entity: str | None, most: int
    ) -> Iterator[Step]:
        for row in self.rows(
            """
            select * from reports.trial_balance
            where
                period = $period and ($role is null or role = $role) and ($account is null or account_code = $account)
                and ($entity is null or entity_id = $entity)
            order by entity_id, book, role, account_code, currency, status desc
            """,
            period=period,
            role=role,
            account=account,
            entity=entity,
        ):
            where = " ".join(
                filter(None, (row["entity_id"], row["book"], row["role"], row["account_code"], row["status"]))
            )
            step = Step("balance", where, f"closing of {period}", row["currency"], row["closing"], "moved")
            step.steps = [Step("moved", "opening", "", row["currency"], row["opening"])]
            step.steps += self.movements(row, most)
            yield step

    def movements(self, balance: Row, most: int) -> Iterator[Step]:
        """The entries that move a balance in its period, in its own direction; lines of the first `most` of them."""
        found = self.rows(
            """
            select entries.*, sum(lines.debit - lines.credit) * if(max(roles.natural_side) = 'debit', 1, -1) as moved
            from reports.journal_entries as entries
            inner join reports.journal_lines as lines using (entity_id, book, entry_id)
            inner join reference.account_roles as roles on lines.role = roles.role
            where
                entries.posting_period = $period and entries.entity_id = $entity_id and entries.book = $book
                and if(entries.status = 'posted', 'posted', 'draft') = $status and lines.role = $role
                and lines.account_code is not distinct from $account_code and lines.currency = $currency
            group by all
            order by entries.entry_date, entries.entry_id
            """,
            **{
                name: balance[name]
                for name in ("period", "entity_id", "book", "status", "role", "account_code", "currency")
            },
        )
        for place, entry in enumerate(found):
            step = Step("moved", entry["entry_id"], entry["description"], balance["currency"], entry["moved"])
            if place < most:
                step.adds_up, step.steps = "line in it", list(self.lines_in(entry, balance))
            yield step

    def lines_in(self, entry: Row, balance: Row) -> Iterator[Step]:
        """The lines of an entry that move a balance, in the balance's own direction, and why they are there."""
        for line in self.rows(
            """
            select lines.*, (debit - credit) * if(roles.natural_side = 'debit', 1, -1) as moved
            from reports.journal_lines as lines
            inner join reference.account_roles as roles using (role)
            where
                entry_id = $entry_id and entity_id = $entity_id and book = $book and role = $role
                and account_code is not distinct from $account_code and currency = $currency
            order by line_no
            """,
            **{
                name: (entry if name == "entry_id" else balance)[name]
                for name in ("entry_id", "entity_id", "book", "role", "account_code", "currency")
            },
        ):
            of = " of ".join(filter(None, (line["line_id"], line["contract_id"])))
            step = Step("line in it", str(line["line_no"]), of, line["currency"], line["moved"])
            step.steps = list(self.reasons(entry, line))
            yield step
