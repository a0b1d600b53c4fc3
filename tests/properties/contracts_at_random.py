"""Believable contracts from a seed: the canonical input tables of any number of them, the same on every machine.

Each contract has a shape (what it promises) and a history (what happens to it). Where the rules in words leave a
combination open, none is made; every point left out is named here, so that it can be let in when it is decided:
a pause or a catch-up of several open lines together, a change after a separate contract or after a pause that shares
prices anew, months of a list price in a term that is not whole months, targeted consideration of a line in progress
when the contract is modified, new terms agreed after they take effect, and (a treatment is stated instead) whether
an unchanged line measured by progress shares in a change of other lines whose treatment is derived.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from at_random_history import History
from at_random_shapes import SHAPES, Promise, shape

Row = dict[str, object]
ACCOUNTS = (
    "cash",
    "external_asset",
    "accounts_receivable",
    "unbilled_receivable",
    "contract_asset",
    "deferred_revenue",
    "refund_liability",
    "payable_to_customer",
    "customer_balance",
    "customer_deposit",
    "tax_payable",
    "revenue",
    "refunds",
    "credit_notes",
    "disputes",
    "voids",
    "bad_debt",
)
MONTHLY = "monthly_prorated_ends"
ENTITIES: tuple[dict[str, str], ...] = (
    {},
    {},
    {},
    {"ssp_in_range": "midpoint"},
    {"ssp_outside_range": "nearest"},
    {"breakage": "remote"},
    {"progress_rounding": "0.01"},
    {"modification": "prospective"},
    {"modification": "catch_up"},
    {"currency": "JPY"},
    {"currency": "KWD"},
    {"straight_line": MONTHLY},
    {"straight_line": MONTHLY},
    {"straight_line": MONTHLY, "straight_line_days": "truncated"},
    {"straight_line": MONTHLY, "modification": "catch_up", "currency": "JPY"},
    {"straight_line": "monthly_from_start"},
    {"straight_line": "monthly_from_start", "straight_line_days": "truncated"},
    {"straight_line": "monthly_even"},
    {"straight_line": "monthly_by_term"},
    {"straight_line": "thirty_360"},
)
DIGITS = {"JPY": 0, "KWD": 3}


@dataclass
class Company:
    """An entity with its elections."""

    entity_id: str
    elections: dict[str, str]

    @property
    def digits(self) -> int:
        return DIGITS.get(self.currency, 2)

    @property
    def currency(self) -> str:
        return self.elections.get("currency", "USD")

    @property
    def convention(self) -> str:
        return self.elections.get("straight_line", "daily")

    @property
    def modification(self) -> str:
        return self.elections.get("modification", "derived")


@dataclass
class Draft:
    """One contract in the making."""

    company: Company
    draw: random.Random
    contract_id: str
    agreed: date
    shape: str
    promises: list[Promise] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, **row: object) -> Row:
        self.rows[table].append(row)
        return row

    def money(self, minor: int) -> str:
        digits = self.company.digits
        sign, text = "-" if minor < 0 else "", str(abs(minor)).rjust(digits + 1, "0")
        return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)

    def chance(self, share: float) -> bool:
        return self.draw.random() < share

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.draw.randrange(max(1, (last - first).days + 1)))


def write(text: object) -> str:
    return "" if text is None else str(text)


def contracts_at_random(count: int, seed: int) -> dict[str, list[dict[str, str]]]:
    """The input tables of `count` contracts."""
    draw = random.Random(seed)  # noqa: S311
    tables: dict[str, list[Row]] = defaultdict(list)
    companies = [Company(f"random-{n:02}", elections) for n, elections in enumerate(ENTITIES)]
    for company in companies:
        _company(tables, company)
    for n in range(count):
        company = companies[n % len(companies)]
        draft = Draft(
            company,
            random.Random(draw.getrandbits(64)),  # noqa: S311
            f"{company.entity_id}-k{n:05}",
            date(2025, 1, 1) + timedelta(days=draw.randrange(600)),
            draw.choice(SHAPES),
        )
        if draft.chance(0.4):
            draft.agreed = draft.agreed.replace(day=1)
        _contract(draft)
        for table, rows in draft.rows.items():
            tables[table] += rows
    return {name: _square(rows) for name, rows in tables.items()}


def _square(rows: list[Row]) -> list[dict[str, str]]:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return [{column: write(row.get(column)) for column in columns} for row in rows]


def _company(tables: dict[str, list[Row]], company: Company) -> None:
    entity = company.entity_id
    tables["entities"].append({"entity_id": entity, "entity_name": entity, "functional_currency": company.currency})
    for region in ("EU", "US"):
        customer = f"{entity}-{region}"
        row = {"customer_id": customer, "customer_name": customer, "entity_id": entity, "region": region}
        tables["customers"].append(row)
    for policy, value in company.elections.items():
        if policy != "currency":
            tables["policies"].append({"entity_id": entity, "policy": policy, "value": value})
    if entity.endswith("00"):
        for n, role in enumerate(ACCOUNTS):
            tables["account_mappings"].append({"role": role, "account_code": 1000 + n, "account_name": role})
    for method in ("straight_line", "point_in_time", "units", "percent_complete", "milestone"):
        for listed in ("own", "listed"):
            product = f"{entity}-{method}-{listed}"
            row = {"product_id": product, "product_name": product, "recognition_method": method}
            tables["products"].append(row)
            if listed == "listed":
                _prices(tables, company, product, method)
    product = f"{entity}-residual"
    tables["products"].append({"product_id": product, "product_name": product, "recognition_method": "point_in_time"})
    price = {"product_id": product, "currency": company.currency, "valid_from": "2024-01-01", "price": 700}
    tables["standalone_selling_prices"].append(price | {"low": 100, "high": 900, "method": "residual"})


def _prices(tables: dict[str, list[Row]], company: Company, product: str, method: str) -> None:
    """A price list with a range, a region of its own and a rise in 2026."""
    price = {"straight_line": 120, "point_in_time": 60, "units": 2, "percent_complete": 500, "milestone": 90}[method]
    base = {"product_id": product, "currency": company.currency}
    spread = {"low": price // 2, "high": price + price // 2} if method in ("straight_line", "point_in_time") else {}
    tables["standalone_selling_prices"] += [
        base | {"valid_from": "2024-01-01", "valid_to": "2025-12-31", "price": price, **spread},
        base | {"valid_from": "2026-01-01", "price": price, **spread},
        base | {"valid_from": "2024-01-01", "region": "EU", "price": price + 1},
    ]


def _contract(draft: Draft) -> None:
    draft.promises = shape(draft)
    entity, late = draft.company.entity_id, None
    history = History(draft)
    simple = history.happens()
    signed: date | None = draft.agreed
    if simple and draft.chance(0.12):
        late = draft.agreed + timedelta(days=draft.draw.randrange(5, 90))
        signed = late if draft.chance(0.7) else None
    draft.add(
        "contracts",
        contract_id=draft.contract_id,
        customer_id=f"{entity}-{draft.draw.choice(('EU', 'US'))}",
        entity_id=entity,
        currency=draft.company.currency,
        signed_on=signed,
        combine_with=None,
    )
    if simple and draft.shape == "bundle" and signed == draft.agreed and draft.chance(0.5):
        _combine(draft)
    _bill(draft)


def _combine(draft: Draft) -> None:
    """The last line becomes a contract of its own, agreed the same day and accounted for together (606-10-25-9)."""
    first = draft.rows["contracts"][0]
    other = f"{draft.contract_id}b"
    named = {line for row in draft.rows["price_components"] for line in str(row["lines"] or "").split("|") if line}
    scoped = any(row.get("discount_scope") for row in draft.rows["contract_lines"])
    last = draft.promises[-1].line_id
    if named or scoped or len(draft.promises) < 2 or len(draft.rows["contract_versions"]) > 1:
        return
    draft.rows["contracts"].append(first | {"contract_id": other, "combine_with": draft.contract_id})
    draft.rows["contract_versions"].append(draft.rows["contract_versions"][0] | {"contract_id": other})
    for table in ("contract_lines", "progress"):
        for row in draft.rows[table]:
            if row["line_id"] == last:
                row["contract_id"] = other


def _bill(draft: Draft) -> None:
    """Up to three invoices of the first line, some of them paid. They never touch revenue."""
    promise = draft.promises[0]
    count = draft.draw.randrange(4)
    if promise.amount <= 0 or not count:
        return
    entity, customer = draft.company.entity_id, draft.rows["contracts"][0]["customer_id"]
    parts = [promise.amount // count] * count
    parts[-1] += promise.amount - sum(parts)
    for n, part in enumerate(parts):
        invoice = f"{draft.contract_id}-i{n}"
        issued = draft.agreed + timedelta(days=draft.draw.randrange(31) + 30 * n)
        bill = {"invoice_id": invoice, "customer_id": customer, "entity_id": entity}
        draft.add("invoices", **bill, currency=draft.company.currency, issued_on=issued, contract_id=draft.contract_id)
        line = {"invoice_id": invoice, "invoice_line_id": f"{invoice}-1", "contract_id": draft.contract_id}
        draft.add("invoice_lines", **line, line_id=promise.line_id, amount=draft.money(part))
        if part and draft.chance(0.6):
            paid = issued + timedelta(days=draft.draw.randrange(60))
            draft.add(
                "payments",
                payment_id=f"{invoice}-p",
                kind="payment",
                customer_id=customer,
                entity_id=entity,
                invoice_id=invoice,
                occurred_on=paid,
                currency=draft.company.currency,
                amount=draft.money(part),
            )
