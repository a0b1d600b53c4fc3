"""Everything known of a combination group of contracts, read from the input tables. Part of the oracle."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from oracle_prices import Book, estimate
from oracle_rows import Component, Key, OutOfReach, Row, Tables, Terms, Version, day, known, number, text

COVERED = {
    "variable",
    "rebate",
    "refund_right",
    "penalty",
    "noncash",
    "payable_to_customer",
    "past_concession",
    "royalty",
}
METHODS = {"straight_line", "point_in_time", "units", "percent_complete", "milestone", "usage"}


@dataclass
class Facts:
    """Everything known of the contracts of one combination group."""

    contracts: dict[str, Row]
    versions: list[Version]
    components: list[Component]
    progress: dict[Key, list[tuple[date, Fraction, Fraction | None, Fraction]]]
    usage: dict[Key, list[tuple[date, Fraction]]]
    billed: dict[str, list[tuple[date, Fraction]]]
    settled: dict[str, list[tuple[date, Fraction]]]
    book: Book
    scale: int

    def policy(self, name: str) -> str:
        return self.book.policy(name)


def _terms(row: Row, book: Book) -> Terms:
    amount = number(row, "amount") * book.scale
    ssp, quantity = number(row, "ssp"), number(row, "quantity")
    product = book.products[row["product_id"]]
    starts, ends = day(row, "starts_on"), day(row, "ends_on")
    return Terms(
        key=(row["contract_id"], row["line_id"]),
        product_id=row["product_id"],
        amount=int(amount),
        quantity=Fraction(1) if quantity is None else quantity,
        unit_price=number(row, "unit_price"),
        method=text(row, "recognition_method") or text(product, "recognition_method"),
        starts=starts,
        ends=ends,
        expires=day(row, "expires_on") or ends,
        ssp=None if ssp is None else ssp * book.scale,
        scope=text(row, "discount_scope"),
    )


def groups(tables: Tables) -> list[list[Row]]:
    """Contracts that are accounted for as one (606-10-25-9)."""
    contracts = {row["contract_id"]: row for row in known("contracts", tables.get("contracts", []))}

    def root(contract_id: str) -> str:
        other = text(contracts[contract_id], "combine_with")
        return root(other) if other else contract_id

    found: dict[str, list[Row]] = defaultdict(list)
    for contract_id in sorted(contracts):
        found[root(contract_id)].append(contracts[contract_id])
    return list(found.values())


class Reader:
    """Tables cut up by contract once, so that thousands of contracts can be read."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.by: dict[str, dict[str, list[Row]]] = {}
        for name in ("contract_versions", "contract_lines", "price_components", "progress", "usage"):
            self.by[name] = self._cut(known(name, tables.get(name, [])), "contract_id")
        self.estimates = self._cut(known("price_estimates", tables.get("price_estimates", [])), "component_id")
        self.entities = {row["entity_id"]: row for row in tables.get("entities", [])}
        self.billed, self.settled = _billing(tables)

    @staticmethod
    def _cut(rows: list[Row], column: str) -> dict[str, list[Row]]:
        cut: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            cut[row[column]].append(row)
        return cut

    def facts(self, group: list[Row]) -> Facts:
        """What is known of one group of contracts. Raises OutOfReach."""
        book = Book(self.tables, group[0])
        functional = text(self.entities[group[0]["entity_id"]], "functional_currency")
        if functional != book.currency:
            raise OutOfReach("foreign currency")
        facts = Facts({r["contract_id"]: r for r in group}, [], [], {}, {}, self.billed, self.settled, book, book.scale)
        for contract_id in facts.contracts:
            self._versions(facts, contract_id)
            self._components(facts, contract_id)
            for row in sorted(self.by["progress"].get(contract_id, []), key=lambda r: r["measured_on"]):
                at_cost = (number(row, "at_cost") or 0) * book.scale
                measured = (day(row, "measured_on"), number(row, "to_date"), number(row, "expected"), Fraction(at_cost))
                facts.progress.setdefault((contract_id, row["line_id"]), []).append(measured)
            for row in sorted(self.by["usage"].get(contract_id, []), key=lambda r: r["used_on"]):
                self._use(facts, (contract_id, row["line_id"]), row)
        facts.versions.sort(key=lambda v: (v.on, v.agreed, v.number, v.contract_id))
        _hold_back(facts.versions)
        return facts

    def _versions(self, facts: Facts, contract_id: str) -> None:
        stated: dict[str, list[Terms]] = defaultdict(list)
        for row in self.by["contract_lines"].get(contract_id, []):
            stated[text(row, "version")].append(_terms(row, facts.book))
        for row in self.by["contract_versions"].get(contract_id, []):
            if text(row, "voided_on"):
                continue
            lines = sorted(stated[text(row, "version")], key=lambda t: t.order)
            _check(lines, facts.book)
            facts.versions.append(
                Version(
                    contract_id,
                    int(row["version"]),
                    day(row, "agreed_on"),
                    day(row, "effective_on"),
                    text(row, "change"),
                    text(row, "treatment"),
                    lines,
                    day(row, "resumes_on"),
                )
            )
        # Before the signature there is no contract to modify: the last offer is what is signed.
        signed = day(facts.contracts[contract_id], "signed_on")
        offers = [v for v in facts.versions if v.contract_id == contract_id and (not signed or v.agreed <= signed)]
        for version in sorted(offers, key=lambda v: (v.agreed, v.number))[:-1]:
            facts.versions.remove(version)

    def _components(self, facts: Facts, contract_id: str) -> None:
        for row in sorted(self.by["price_components"].get(contract_id, []), key=lambda r: r["component_id"]):
            if row["kind"] not in COVERED:
                raise OutOfReach(f"a component of kind {row['kind']}")
            component = Component(
                contract_id,
                row["component_id"],
                row["kind"],
                int(text(row, "origin_version") or 1),
                tuple(filter(None, text(row, "lines").split("|"))),
                day(row, "period_starts_on"),
                day(row, "period_ends_on"),
                text(row, "exclusive") == "true",
            )
            made = self._cut(self.estimates.get(row["component_id"], []), "estimated_on")
            component.estimates = [(date.fromisoformat(on), estimate(made[on], facts.scale)) for on in sorted(made)]
            if (
                component.kind == "noncash"
            ):  # its value at inception counts; what it is worth later does not (32-21, 32-23)
                component.estimates = component.estimates[:1]
            facts.components.append(component)

    @staticmethod
    def _use(facts: Facts, key: Key, row: Row) -> None:
        amount = number(row, "amount")
        if amount is None:
            price = number(row, "unit_price")
            if price is None:
                price = _price_on(day(row, "used_on"), facts.versions, key)
            amount = price * number(row, "quantity")
        facts.usage.setdefault(key, []).append((day(row, "used_on"), amount * facts.scale))


def _price_on(used: date, versions: list[Version], key: Key) -> Fraction | None:
    """The line's price by the terms in force on a day; before the first of them, by the first."""
    ordered = sorted(versions, key=lambda v: (v.on, v.agreed, v.number))
    prices = [(v.on, t.unit_price) for v in ordered for t in v.lines if t.key == key]
    return next((price for since, price in reversed(prices) if since <= used), prices[0][1])


def _hold_back(versions: list[Version]) -> None:
    """A pause moves the start of the terms it changes, else of all that it keeps, to the day on which it is over."""
    stated: dict[Key, Terms] = {}
    resumed: dict[Key, date] = {}
    for version in versions:
        kept = [t for t in version.lines if t.key in stated]
        if version.change == "pause" and version.resumes:
            moved = [t for t in kept if (t.starts, t.ends) != (stated[t.key].starts, stated[t.key].ends)]
            timed = [t for t in moved or kept if t.method == "straight_line" and t.ends and t.ends >= version.on]
            resumed |= {t.key: version.resumes for t in timed}
        stated |= {t.key: t for t in version.lines}
        version.lines = [
            replace(t, starts=resumed[t.key]) if t.key in resumed and t.starts < resumed[t.key] <= t.ends else t
            for t in version.lines
        ]


def _check(lines: list[Terms], book: Book) -> None:
    seen: set[str] = set()
    for terms in lines:
        if terms.is_discount:
            continue
        obligation = text(book.products[terms.product_id], "obligation")
        if obligation in seen:
            raise OutOfReach("lines that share an obligation")
        seen |= {obligation} - {""}
        if terms.amount < 0:
            raise OutOfReach("a reduction with a term of its own")
        if terms.method not in METHODS:
            raise OutOfReach(f"a line recognised {terms.method}")
        if terms.method == "straight_line" and not (terms.starts and terms.ends):
            raise OutOfReach("a term without an end")


def _billing(tables: Tables) -> tuple[dict, dict]:
    """What was billed or paid for each contract, and what credit notes settled of its rebates."""
    bills: dict[str, str] = {}
    billed: dict[str, list[tuple[date, Fraction]]] = defaultdict(list)
    settled: dict[str, list[tuple[date, Fraction]]] = defaultdict(list)
    issued = {row["invoice_id"]: row for row in known("invoices", tables.get("invoices", []))}
    for line in tables.get("invoice_lines", []):
        invoice = issued[line["invoice_id"]]
        contract_id = text(line, "contract_id") or text(invoice, "contract_id")
        if contract_id:
            bills[line["invoice_id"]] = bills[line["invoice_line_id"]] = contract_id
            billed[contract_id].append((day(invoice, "issued_on"), number(line, "amount")))
    notes = {row["credit_note_id"]: row for row in tables.get("credit_notes", [])}
    for line in tables.get("credit_note_lines", []):
        note = notes[line["credit_note_id"]]
        contract_id = bills.get(text(line, "invoice_line_id")) or bills.get(text(note, "invoice_id"))
        if contract_id and not text(note, "voided_on"):
            kind = settled if text(note, "reason") == "rebate" else billed
            sign = 1 if kind is settled else -1
            kind[contract_id].append((day(note, "issued_on"), sign * number(line, "amount")))
    for event in tables.get("invoice_events", []):
        contract_id = bills.get(event["invoice_id"])
        if contract_id and event["kind"] == "void":
            taken = sum(
                number(row, "amount") for row in tables["invoice_lines"] if row["invoice_id"] == event["invoice_id"]
            )
            billed[contract_id].append((day(event, "occurred_on"), -taken))
    for row in tables.get("payments", []):
        if text(row, "contract_id") and not text(row, "invoice_id") and text(row, "kind") in ("payment", "deposit"):
            billed[text(row, "contract_id")].append((day(row, "occurred_on"), number(row, "amount")))
    return billed, settled
