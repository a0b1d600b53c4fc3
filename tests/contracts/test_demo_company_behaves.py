"""What makes the vendors awkward: pages that change, sessions that end, limits, deletions, a clock, events."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PATIENT, Client, as_bytes, clients

from orchestration import demo_company
from orchestration.demo_company import Faults, World

QUERY = "/services/data/v68.0/query"


def test_pages_together_are_the_list(vendors: dict[str, Client], small_world: World) -> None:
    stripe = vendors["stripe"]
    small = []
    cursor: list[tuple[str, str]] = []
    while True:
        page = stripe.get("/v1/customers", [("limit", "7"), *cursor]).json()
        assert 1 <= len(page["data"]) <= 7
        small += [row["id"] for row in page["data"]]
        if not page["has_more"]:
            break
        cursor = [("starting_after", small[-1])]
    assert small == [row["id"] for row in stripe.all("/v1/customers")]
    assert len(small) == len(small_world.rows("stripe", "customer"))
    before = stripe.get("/v1/customers", [("limit", "5"), ("ending_before", small[8])]).json()
    assert [row["id"] for row in before["data"]] == small[3:8]


def test_salesforce_pages_hold_at_most_what_is_asked(vendors: dict[str, Client]) -> None:
    salesforce = vendors["salesforce"]
    query = [("q", "SELECT Id, SystemModstamp FROM OrderItem ORDER BY SystemModstamp, Id")]
    page = salesforce.get(QUERY, query, Sforce_Query_Options="batchSize=200").json()
    assert (len(page["records"]), page["done"]) == (200, False)
    assert page["nextRecordsUrl"].startswith(QUERY)
    everything = salesforce.query(query[0][1], size=200)
    assert everything == salesforce.query(query[0][1], size=2000)
    since = everything[100]["SystemModstamp"].replace("+0000", "Z")
    later = salesforce.query(f"SELECT Id FROM OrderItem WHERE SystemModstamp >= {since}")  # noqa: S608
    assert {row["Id"] for row in later} == {row["Id"] for row in everything if row["SystemModstamp"][:19] >= since[:19]}


def test_gocardless_pages_forth_and_back(vendors: dict[str, Client]) -> None:
    gocardless = vendors["gocardless"]
    first = gocardless.get("/payments", [("limit", "10")]).json()
    assert first["meta"]["cursors"]["before"] is None
    second = gocardless.get("/payments", [("limit", "10"), ("after", first["meta"]["cursors"]["after"])]).json()
    back = gocardless.get("/payments", [("limit", "10"), ("before", second["meta"]["cursors"]["before"])]).json()
    assert back["payments"] == first["payments"]
    assert gocardless.get("/payments", [("after", "PM0")]).status_code == 400


def test_a_session_ends(own_world: World) -> None:
    with demo_company.running(own_world, Faults(limit_every=0, crm_limit_every=0, session_requests=3)) as urls:
        salesforce = clients(urls)["salesforce"]
        query = [("q", "SELECT Id FROM Account")]
        assert [salesforce.get(QUERY, query).status_code for _ in range(4)] == [200, 200, 200, 401]
        salesforce.sign_in()
        assert salesforce.get(QUERY, query).status_code == 200


def test_limits_come_at_the_same_request_every_time(own_world: World) -> None:
    faults = Faults(limit_every=4, crm_limit_every=3, session_requests=0)
    for _ in range(2):
        with demo_company.running(own_world, faults) as urls:
            vendors = clients(urls)
            for name, path in {"stripe": "/v1/coupons", "gocardless": "/creditors"}.items():
                answers = [vendors[name].get(path) for _ in range(8)]
                assert [answer.status_code for answer in answers] == [200, 200, 200, 429] * 2
                assert answers[3].headers["Retry-After"] == "1"
            answers = [vendors["salesforce"].get(QUERY, [("q", "SELECT Id FROM Account")]) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [200, 200, 403]
            assert answers[2].json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
            assert answers[2].headers["Retry-After"] == "1"


def test_a_record_changes_between_two_pages(own_world: World) -> None:
    items = own_world.records("salesforce", "OrderItem")
    for number in range(200):  # two pages need more than two hundred rows
        own_world.create("salesforce", "OrderItem", {**items[0].versions[0][1], "Id": f"802{number:015d}"})
    last = own_world.records("salesforce", "OrderItem")[-1].id
    invoice = own_world.rows("stripe", "invoice")[0]["id"]
    payment = own_world.rows("gocardless", "payment")[0]["id"]
    own_world.between_pages(
        "salesforce", "OrderItem", lambda world: world.change("salesforce", "OrderItem", last, {"Quantity": 77.0})
    )
    own_world.between_pages(
        "stripe", "invoice", lambda world: world.change("stripe", "invoice", invoice, {"description": "changed"})
    )
    changes = {"description": "changed"}
    own_world.between_pages(
        "gocardless", "payment", lambda world: world.change("gocardless", "payment", payment, changes)
    )
    with demo_company.running(own_world, PATIENT) as urls:
        vendors = clients(urls)
        rows = vendors["salesforce"].query("SELECT Id, Quantity FROM OrderItem ORDER BY SystemModstamp, Id", size=200)
        assert {row["Id"]: row["Quantity"] for row in rows}[last] == 77.0
        invoices = vendors["stripe"].get("/v1/invoices", [("limit", "1")]).json()
        assert invoices["data"][0]["description"] is None
        assert {row["id"]: row["description"] for row in vendors["stripe"].all("/v1/invoices")}[invoice] == "changed"
        vendors["gocardless"].get("/payments", [("limit", "1")])
        payments = {row["id"]: row["description"] for row in vendors["gocardless"].all("/payments")}
        assert payments[payment] == "changed"


def test_deleted_rows_are_for_query_all_only(vendors: dict[str, Client]) -> None:
    salesforce = vendors["salesforce"]
    soql = "SELECT Id, IsDeleted, SystemModstamp, CreatedDate FROM Order"
    seen = {row["Id"] for row in salesforce.query(soql)}
    deleted = [row for row in salesforce.query(soql, "queryAll") if row["IsDeleted"]]
    assert deleted
    for row in deleted:
        assert row["Id"] not in seen
        assert row["SystemModstamp"] > row["CreatedDate"]
    # A filter meets SystemModstamp of the deletion, so an incremental read finds it.
    stamp = deleted[0]["SystemModstamp"].replace("+0000", "Z")
    found = salesforce.query(f"{soql} WHERE SystemModstamp >= {stamp} AND IsDeleted = true", "queryAll")
    assert deleted[0]["Id"] in {row["Id"] for row in found}


def test_a_deleted_customer_leaves_an_event(own_world: World) -> None:
    customer = own_world.rows("stripe", "customer")[0]["id"]
    with demo_company.running(own_world, PATIENT) as urls:
        stripe = clients(urls)["stripe"]
        own_world.delete("stripe", "customer", customer, "customer.deleted")
        assert customer not in {row["id"] for row in stripe.all("/v1/customers")}
        events = stripe.all("/v1/events", type="customer.deleted")
        assert [event["data"]["object"]["id"] for event in events] == [customer]


def test_the_clock_reveals_what_was_not_there(own_world: World) -> None:
    with demo_company.running(own_world, PATIENT) as urls:
        stripe = clients(urls)["stripe"]
        before = {row["id"]: row for row in stripe.all("/v1/invoices")}
        own_world.advance_to("2026-02-03 00:00:00")
        after = {row["id"]: row for row in stripe.all("/v1/invoices")}
        new, changed = after.keys() - before.keys(), [key for key in before if before[key] != after[key]]
        assert new
        assert changed
        assert before.keys() <= after.keys()
        assert all(after[key]["created"] > 1767571200 for key in new)
        with pytest.raises(ValueError, match="forward"):
            own_world.advance_to("2025-01-01")
        # What changed is in the feed of the last thirty days, newest first, and only that.
        events = stripe.all("/v1/events")
        moments = [event["created"] for event in events]
        assert moments == sorted(moments, reverse=True)
        assert moments[-1] >= own_world.clock - 30 * 86400
        touched = {event["data"]["object"]["id"] for event in events}
        assert {key for key in changed if after[key]["status_transitions"]["paid_at"]} <= touched


def test_a_late_change_is_seen_at_once(own_world: World) -> None:
    with demo_company.running(own_world, PATIENT) as urls:
        vendors = clients(urls)
        order = own_world.rows("salesforce", "Order")[0]["Id"]
        own_world.change("salesforce", "Order", order, {"EndDate": "2026-06-30"})
        rows = vendors["salesforce"].query("SELECT Id, EndDate FROM Order WHERE SystemModstamp >= 2026-01-05T00:00:00Z")
        assert [(row["Id"], row["EndDate"]) for row in rows] == [(order, "2026-06-30")]


def test_soql_filters_and_orders(vendors: dict[str, Client]) -> None:
    salesforce = vendors["salesforce"]
    where = "IsWon = true AND Amount > 5000"
    won = salesforce.query(f"SELECT Id, Amount FROM Opportunity WHERE {where} ORDER BY Amount DESC, Id")  # noqa: S608
    amounts = [row["Amount"] for row in won]
    assert amounts == sorted(amounts, reverse=True)
    assert min(amounts) > 5000
    assert len(salesforce.query("SELECT Id FROM Opportunity LIMIT 3")) == 3
    counted = salesforce.get(QUERY, [("q", "SELECT COUNT() FROM Opportunity WHERE ContractId = null")]).json()
    everything = salesforce.query("SELECT Id, ContractId FROM Opportunity")
    assert counted["totalSize"] == sum(row["ContractId"] is None for row in everything)
    named = salesforce.query("SELECT Id FROM Product2 WHERE ProductCode = 'onboarding'")
    assert len(named) == 1


def test_two_generations_are_the_same_bytes(small_world: World) -> None:
    """In processes of their own, with different hash seeds: nothing may hang on the order of a set."""
    script = "from orchestration.demo_company import build_world; print(build_world(customers=100).digest())"
    found = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed},
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert found == [small_world.digest()] * 2
    assert demo_company.build_world(seed=7, customers=100).digest() != small_world.digest()


def test_the_order_on_the_wire_is_stable(vendors: dict[str, Client]) -> None:
    again = demo_company.build_world(customers=100)
    with demo_company.running(again, PATIENT) as urls:
        others = clients(urls)
        for path in ("/v1/charges", "/v1/events"):
            assert as_bytes(others["stripe"].all(path)) == as_bytes(vendors["stripe"].all(path))
        for path in ("/payments", "/events"):
            assert as_bytes(others["gocardless"].all(path)) == as_bytes(vendors["gocardless"].all(path))
        soql = "SELECT Id, SystemModstamp, TotalPrice FROM OrderItem ORDER BY SystemModstamp, Id"
        assert as_bytes(others["salesforce"].query(soql)) == as_bytes(vendors["salesforce"].query(soql))
