"""The demo company's books tie: what is invoiced is what was agreed, and what differs is in planted_errors.csv."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.demo_company import SEED, World
from orchestration.demo_company.catalog import CURRENCIES, PRODUCTS
from orchestration.demo_company.planted import as_csv, plant
from orchestration.demo_company.world import Record

ROOT = Path(__file__).resolve().parents[2]
ERRORS = ROOT / "orchestration" / "demo_company" / "planted_errors.csv"
SEEDS = ROOT / "seeds" / "demo"
TODAY = "2026-01-05"

Key = tuple[str, str]


def _contract(invoice: dict[str, Any]) -> str | None:
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return invoice["metadata"].get("contract") or details.get("metadata", {}).get("contract")


def _net(line: dict[str, Any]) -> int:
    return line["amount"] - sum(part["amount"] for part in line["discount_amounts"])


def _agreed(world: World) -> dict[Key, dict[str, Any]]:
    """Contract lines as the latest order states them."""
    latest: dict[str, dict[str, Any]] = {}
    for order in sorted(world.rows("salesforce", "Order"), key=lambda order: order["EffectiveDate"]):
        latest[order["ContractId"]] = order
    contract_of = {order["Id"]: order["ContractId"] for order in latest.values()}
    rows = world.rows("salesforce", "OrderItem")
    return {(contract_of[row["OrderId"]], row["Line__c"]): row for row in rows if row["OrderId"] in contract_of}


def _billed(world: World) -> tuple[Counter[Key], dict[Key, set[str]]]:
    """Net invoiced and credited per contract line, and the invoices and credit notes it comes from."""
    billed: Counter[Key] = Counter()
    sources: dict[Key, set[str]] = defaultdict(set)
    key_of: dict[str, Key] = {}
    for invoice in world.rows("stripe", "invoice"):
        contract = _contract(invoice)
        if contract and invoice["status"] not in ("void", "draft"):
            for line in invoice["lines"]:
                key = key_of[line["id"]] = (contract, line["metadata"]["line"])
                billed[key] += _net(line)
                sources[key] |= {invoice["id"], line["id"]}
    for note in world.rows("stripe", "credit_note"):
        for line in note["lines"]:
            if note["status"] == "issued" and line["invoice_line_item"] in key_of:
                key = key_of[line["invoice_line_item"]]
                billed[key] -= line["amount"]
                sources[key].add(note["id"])
    return billed, sources


def _planted() -> list[dict[str, str]]:
    with ERRORS.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_of_planted_errors_is_current() -> None:
    """Renew it with `python -m orchestration.demo_company.serve --errors`."""
    assert ERRORS.read_text() == as_csv(plant(World(), SEED))
    assert 8 <= len(_planted()) <= 12


def test_contracts_are_billed_as_agreed(whole_world: World) -> None:
    agreed, (billed, sources) = _agreed(whole_world), _billed(whole_world)
    planted = {row["object_id"] for row in _planted()}
    known_wrong, complete = set(), 0
    for key, amount in billed.items():
        line = agreed.get(key)
        due = round(line["TotalPrice"] * 100) if line else None
        wrong_id = line is not None and line["Id"] in planted
        if line is None or wrong_id or sources[key] & planted:
            known_wrong.add(key)
        elif line["ProductCode"] != "events-overage":  # usage has no agreed total
            assert amount <= due, key
            ended = line["EndDate"] is not None and line["EndDate"] < TODAY
            if ended or (line["Billing_Frequency__c"] == "once" and line["Billing_Timing__c"] == "advance"):
                assert amount == due, key
                complete += 1
    assert complete > 250
    assert len(known_wrong) <= len(planted)


def test_usage_is_invoiced_at_the_contract_price(whole_world: World) -> None:
    agreed = _agreed(whole_world)
    priced = 0
    for invoice in whole_world.rows("stripe", "invoice"):
        contract = _contract(invoice)
        for line in invoice["lines"]:
            item = agreed.get((contract, line["metadata"].get("line"))) if contract else None
            if item and item["ProductCode"] == "events-overage":
                assert line["amount"] == line["quantity"] * round(item["UnitPrice"] * 100)
                priced += 1
    assert priced > 100


def test_invoices_add_up(whole_world: World) -> None:
    for invoice in whole_world.rows("stripe", "invoice"):
        net = sum(_net(line) for line in invoice["lines"])
        tax = sum(part["amount"] for line in invoice["lines"] for part in line["taxes"])
        assert invoice["total"] == net + tax >= 0
        assert invoice["total_excluding_tax"] == net
        assert sum(part["amount"] for part in invoice["total_taxes"]) == tax
        assert invoice["amount_due"] == invoice["amount_paid"] + invoice["amount_remaining"]
        if invoice["status"] == "paid":
            assert invoice["amount_remaining"] == 0
        for line in invoice["lines"]:
            unit = Decimal(line["pricing"]["unit_amount_decimal"])
            assert abs(unit * line["quantity"] - line["amount"]) < Decimal("0.000001")
            assert line["period"]["end"] >= line["period"]["start"]


def test_paid_invoices_have_their_cash_once(whole_world: World) -> None:
    """At Stripe a charge for each payment; a direct debit only at GoCardless."""
    charged: Counter[str] = Counter()
    by_intent = {row["payment_intent"]: row for row in whole_world.rows("stripe", "charge") if row["paid"]}
    by_id = {row["id"]: row for row in whole_world.rows("stripe", "charge")}
    for link in whole_world.rows("stripe", "invoice_payment"):
        payment = link["payment"]
        charge = by_intent[payment["payment_intent"]] if payment["payment_intent"] else by_id[payment["charge"]]
        assert (payment["type"] == "payment_intent") == bool(payment["payment_intent"])
        charged[link["invoice"]] += charge["amount"]
    collected: Counter[str] = Counter()
    for payment in whole_world.rows("gocardless", "payment"):
        if payment["status"] in ("confirmed", "paid_out", "charged_back"):
            collected[payment["metadata"]["invoice"]] += payment["amount"]
    for invoice in whole_world.rows("stripe", "invoice"):
        assert charged[invoice["id"]] + collected[invoice["id"]] == invoice["amount_paid"]
        assert collected[invoice["id"]] == invoice["amount_paid_off_stripe"]
    assert sum(collected.values()) > 0


def test_payouts_empty_the_balance(whole_world: World) -> None:
    """What moved and was not yet paid out is from the last week or was below zero."""
    moves = defaultdict(int)
    for row in whole_world.rows("stripe", "balance_transaction"):
        moves[row["_payout"]] += row["net"]
    open_moves = moves.pop(None)
    assert set(moves.values()) == {0}
    assert abs(open_moves) < sum(row["amount"] for row in whole_world.rows("stripe", "payout")) // 20


def test_every_kind_of_trouble_is_there(whole_world: World) -> None:
    statuses = Counter(row["status"] for row in whole_world.rows("stripe", "invoice"))
    assert 3000 <= sum(statuses.values()) <= 6000
    assert all(statuses[status] >= 5 for status in ("paid", "open", "void", "uncollectible"))
    notes = whole_world.rows("stripe", "credit_note")
    assert {note["type"] for note in notes} == {"pre_payment", "post_payment"}
    assert {note["status"] for note in notes} == {"issued", "void"}
    assert {bool(note["lines"]) for note in notes} == {True, False}
    assert {line["type"] for note in notes for line in note["lines"]} == {"invoice_line_item", "custom_line_item"}
    reasons = {note["metadata"].get("reason") for note in notes}
    assert reasons == {None, "scope_reduction", "price_change", "billing_error", "past_service"}
    assert {row["status"] for row in whole_world.rows("stripe", "dispute")} == {"won", "lost"}
    payments = {row["status"] for row in whole_world.rows("gocardless", "payment")}
    assert {"paid_out", "failed", "charged_back", "submitted"} <= payments
    assert whole_world.rows("gocardless", "refund")
    orders = Counter(row["Change__c"] for row in whole_world.rows("salesforce", "Order"))
    assert 15 <= sum(orders.values()) - orders["inception"] <= 20
    assert {"upsell", "downgrade", "termination", "extension", "price_change"} <= set(orders)
    currencies = Counter(row["currency"] for row in whole_world.rows("stripe", "invoice"))
    assert currencies.keys() == {"usd", "eur", "gbp"}


def test_the_documentation_has_the_figures(whole_world: World) -> None:
    invoices = whole_world.rows("stripe", "invoice")
    lines = sum(len(invoice["lines"]) for invoice in invoices)
    text = (ROOT / "docs" / "demo-company.md").read_text()
    assert f"{len(invoices):,} with {lines:,} lines" in text
    assert f"{len(whole_world.rows('salesforce', 'Contract'))} signed in Salesforce" in text
    assert f"to {len(whole_world.rows('stripe', 'customer'))} made-up customers" in text
    for row in _planted():
        assert f"| {row['error_id']} | {row['what']}" in text


def test_each_error_sits_on_an_object_of_the_world(whole_world: World) -> None:
    kinds = {
        "in": "invoice",
        "cn": "credit_note",
        "006": "Opportunity",
        "800": "Contract",
        "801": "Order",
        "802": "OrderItem",
    }
    for row in _planted():
        if row["object_id"].startswith("il_"):
            lines = {line["id"] for invoice in whole_world.rows("stripe", "invoice") for line in invoice["lines"]}
            assert row["object_id"] in lines
            continue
        prefix = row["object_id"].split("_")[0] if row["system"] == "stripe" else row["object_id"][:3]
        record: Record = whole_world.record(row["system"], kinds[prefix], row["object_id"])
        assert record.created_at <= whole_world.clock


@pytest.mark.parametrize("name", ["products", "standalone_selling_prices", "account_mappings", "fx_rates"])
def test_the_seeds_cover_the_catalog(name: str) -> None:
    with (SEEDS / f"{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    if name == "products":
        assert {row["product_id"]: row["recognition_method"] for row in rows} == {
            product.id: product.method for product in PRODUCTS.values()
        }
    elif name == "standalone_selling_prices":
        first = {(row["product_id"], row["currency"]): row for row in rows if row["valid_from"] == "2023-01-01"}
        for product in PRODUCTS.values():
            for currency in CURRENCIES:
                if product.id != "discount":
                    row = first[product.id, currency]
                    assert (Decimal(row["price"]) * 100, row["unit"]) == (product.price(currency), product.unit)
    elif name == "account_mappings":
        with (ROOT / "seeds" / "account_roles.csv").open(newline="") as file:
            roles = {row["role"] for row in csv.DictReader(file)}
        assert {row["role"] for row in rows} == roles
        # The planted gap: revenue is mapped by stream, and migration's stream is not.
        streams = {product.stream for product in PRODUCTS.values()}
        mapped = {row["revenue_stream"] for row in rows if row["role"] == "revenue" and not row["product_id"]}
        assert streams - mapped == {"migration"}
    else:
        months = {row["rate_on"][:7] for row in rows if (row["from_currency"], row["kind"]) == ("EUR", "spot")}
        assert months == {"2023-12", *(f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13))}
