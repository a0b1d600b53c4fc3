"""Every endpoint of the three contracts is asked, every answer and every parameter validated against its document."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import Client
from vendor_contract import Contract

STRIPE, GOCARDLESS, SALESFORCE = Contract("stripe"), Contract("gocardless"), Contract("salesforce")
STRIPE_LISTS = [path for path in STRIPE.paths if "{" not in path and path != "/v1/subscription_items"]
SCHEMAS = {
    "customers": "Customer",
    "products": "Product",
    "prices": "Price",
    "coupons": "Coupon",
    "tax_rates": "TaxRate",
    "subscriptions": "Subscription",
    "invoices": "Invoice",
    "invoiceitems": "InvoiceItem",
    "invoice_payments": "InvoicePayment",
    "credit_notes": "CreditNote",
    "charges": "Charge",
    "refunds": "Refund",
    "disputes": "Dispute",
    "balance_transactions": "BalanceTransaction",
    "payouts": "Payout",
    "payment_intents": "PaymentIntent",
    "events": "Event",
}
EMPTY = {"/v1/subscription_schedules"}
OBJECTS = (
    *("Account", "Opportunity", "OpportunityLineItem", "Product2", "Pricebook2", "PricebookEntry"),
    *("Contract", "Order", "OrderItem", "Milestone__c"),
)


def test_a_broken_answer_is_noticed(vendors: dict[str, Client]) -> None:
    """The validation itself: an amount as text, a missing field, a wrong parameter."""
    page = vendors["stripe"].get("/v1/invoices").json()
    page["data"][0]["total"] = "12.50"
    del page["data"][1]["currency"]
    problems = STRIPE.response_problems("/v1/invoices", 200, page)
    assert len(problems) == 2
    assert STRIPE.request_problems("/v1/invoices", [("limit", "many"), ("updated[gte]", "1")], {}) != []
    assert GOCARDLESS.request_problems("/payments", [("limit", "501")], {}) != []


@pytest.mark.parametrize("path", STRIPE_LISTS)
def test_stripe_lists(vendors: dict[str, Client], path: str) -> None:
    rows = vendors["stripe"].all(path)
    assert (rows == []) == (path in EMPTY)
    assert len({row["id"] for row in rows}) == len(rows)
    if rows:
        schema = SCHEMAS[path.removeprefix("/v1/")]
        unknown = {field for row in rows for field in STRIPE.unknown_fields(schema, row)}
        # An event's `request` and its like are Stripe's, but not in the trimmed contract.
        assert unknown <= {"api_version", "request"}


def test_stripe_lists_below_an_object(vendors: dict[str, Client]) -> None:
    stripe = vendors["stripe"]
    subscription = stripe.all("/v1/subscriptions")[0]
    items = stripe.all("/v1/subscription_items", subscription=subscription["id"])
    assert items == subscription["items"]["data"]
    invoice = next(row for row in stripe.all("/v1/invoices") if row["lines"]["has_more"])
    assert len(invoice["lines"]["data"]) == 10
    lines = stripe.all(invoice["lines"]["url"])
    assert len(lines) > 10
    assert sum(line["amount"] for line in lines) == invoice["subtotal"]
    note = next(row for row in stripe.all("/v1/credit_notes") if row["lines"]["data"])
    assert stripe.all(note["lines"]["url"])[:10] == note["lines"]["data"]
    balances = {
        row["id"]: stripe.all(f"/v1/customers/{row['id']}/balance_transactions") for row in stripe.all("/v1/customers")
    }
    assert any(balances.values())


def test_stripe_single_objects(vendors: dict[str, Client]) -> None:
    stripe = vendors["stripe"]
    for name, schema in SCHEMAS.items():
        listed = stripe.get(f"/v1/{name}", [("limit", "1")]).json()["data"][0]
        response = stripe.session.get(f"{stripe.url}/v1/{name}/{listed['id']}", headers=stripe.headers, timeout=10)
        assert response.json() == listed
        assert STRIPE.object_problems(schema, response.json()) == []


@pytest.mark.parametrize("path", [path for path in GOCARDLESS.paths if path != "/payout_items"])
def test_gocardless_lists(vendors: dict[str, Client], path: str) -> None:
    rows = vendors["gocardless"].all(path)
    # Collections are single payments: nothing is subscribed to at GoCardless.
    assert (rows == []) == (path == "/subscriptions")
    assert len({row["id"] for row in rows}) == len(rows)


def test_gocardless_payout_items_explain_the_payout(vendors: dict[str, Client]) -> None:
    gocardless = vendors["gocardless"]
    for payout in gocardless.all("/payouts"):
        items = gocardless.get("/payout_items", [("payout", payout["id"]), ("limit", "500")]).json()["payout_items"]
        assert sum(round(float(item["amount"])) for item in items) == payout["amount"]


@pytest.mark.parametrize("kind", OBJECTS)
@pytest.mark.parametrize("path", ["query", "queryAll"])
def test_salesforce_objects(vendors: dict[str, Client], kind: str, path: str) -> None:
    salesforce = vendors["salesforce"]
    described = salesforce.get(f"/services/data/v68.0/sobjects/{kind}/describe").json()
    names = [field["name"] for field in described["fields"]]
    rows = salesforce.query(f"SELECT {', '.join(names)} FROM {kind} ORDER BY SystemModstamp, Id", path)  # noqa: S608
    assert rows
    stamps = [(row["SystemModstamp"], row["Id"]) for row in rows]
    assert stamps == sorted(stamps)
    for field in described["fields"]:
        assert any(row[field["name"]] is not None for row in rows) or field["nillable"]


def _stripe_parameters() -> Iterator[tuple[str, str]]:
    for path in STRIPE_LISTS:
        for name, parameter in STRIPE.parameters(path).items():
            if parameter["in"] == "query":
                yield path, name


HONOURED = {"limit", "created[gt]", "created[gte]", "created[lt]", "created[lte]", "starting_after", "ending_before"}
SAMPLES = {"integer": "1735689600", "boolean": "true"}


@pytest.mark.parametrize(("path", "name"), list(_stripe_parameters()))
def test_every_stripe_parameter_is_honoured_or_refused(vendors: dict[str, Client], path: str, name: str) -> None:
    """A filter that is silently ignored would give rows nobody asked for."""
    stripe = vendors["stripe"]
    value = SAMPLES.get(STRIPE.parameters(path)[name]["schema"]["type"], "unheard-of")
    if name == "limit":
        value = "3"
    if name in ("starting_after", "ending_before"):
        listed = stripe.get(path, [("limit", "1")]).json()["data"]
        if not listed:
            return
        value = listed[0]["id"]
    response = stripe.get(path, [(name, value)])
    if response.status_code == 400:
        assert name not in HONOURED
        assert response.json()["error"]["param"] in (name, "expand")
        return
    for row in response.json()["data"]:
        if name.startswith("created["):
            moment, bound = row["date" if "invoiceitems" in path else "created"], int(value)
            holds = {"gt": moment > bound, "gte": moment >= bound, "lt": moment < bound, "lte": moment <= bound}
            assert holds[name[8:-1]]
        elif name not in HONOURED:
            assert row[name.removesuffix("[]").replace("types", "type")] == (value == "true" or value)


@pytest.mark.parametrize("path", GOCARDLESS.paths)
def test_every_gocardless_parameter_is_honoured_or_refused(vendors: dict[str, Client], path: str) -> None:
    gocardless = vendors["gocardless"]
    for name, parameter in GOCARDLESS.parameters(path).items():
        if parameter["in"] == "header" or path == "/payout_items":
            continue
        value = {"limit": "2", "after": None, "before": None}.get(name, "2025-01-01T00:00:00Z")
        if value is None:
            rows = gocardless.get(path).json()[path[1:]]
            if not rows:
                continue
            value = rows[0]["id"]
        response = gocardless.get(path, [(name, value)])
        assert response.status_code == (200 if name != "include" else 400)
        rows = response.json()[path[1:]] if response.ok else []
        for row in rows:
            if name.startswith("created_at["):
                assert (row["created_at"] > value) == (name in ("created_at[gt]", "created_at[gte]"))
        if name in ("status", "payment", "mandate", "resource_type", "action"):
            assert rows == []


def test_errors_have_the_vendors_shape(vendors: dict[str, Client]) -> None:
    """`get` validates each body; the status and the code are what a client decides by."""
    stripe, gocardless, salesforce = vendors["stripe"], vendors["gocardless"], vendors["salesforce"]
    assert stripe.get("/v1/invoices", Authorization="Bearer wrong").status_code == 401
    assert stripe.get("/v1/invoices", Stripe_Version="2019-01-01").status_code == 400
    assert stripe.get("/v1/invoices", [("limit", "101")]).status_code == 400
    assert stripe.get("/v1/invoices/in_nothing/lines").json()["error"]["code"] == "resource_missing"
    assert gocardless.get("/payments", Authorization="Bearer wrong").status_code == 401
    assert gocardless.get("/payments", [("limit", "501")]).status_code == 422
    without = {"Authorization": gocardless.headers["Authorization"]}
    response = gocardless.session.get(f"{gocardless.url}/payments", headers=without, timeout=10)
    assert response.status_code == 400
    assert response.json()["error"]["errors"][0]["reason"] == "missing_version_header"
    query = "/services/data/v68.0/query"
    for soql, code in {
        "SELECT Id FROM Nothing": "INVALID_TYPE",
        "SELECT Nothing FROM Account": "INVALID_FIELD",
        "SELECT Id FROM Account WHERE SystemModstamp >= '2024-01-01'": "INVALID_FIELD",
        "SELECT Id Account": "MALFORMED_QUERY",
    }.items():
        response = salesforce.get(query, [("q", soql)])
        assert (response.status_code, response.json()[0]["errorCode"]) == (400, code)
    response = salesforce.get(query, [("q", "SELECT Id FROM Account")], Authorization="Bearer old")
    assert (response.status_code, response.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")


def test_salesforce_refuses_a_wrong_secret(vendors: dict[str, Client]) -> None:
    salesforce = vendors["salesforce"]
    form = {"grant_type": "client_credentials", "client_id": "northwind-revrec", "client_secret": "guess"}
    response = salesforce.session.post(f"{salesforce.url}/services/oauth2/token", data=form, timeout=10)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_client"
