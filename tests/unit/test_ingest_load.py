"""Loading: the raw tables always exist, drift is reported once, and errors are sentences."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import pytest

from orchestration.defs.ingest import load, stripe
from orchestration.defs.ingest.client import VendorError
from orchestration.defs.ingest.history import Run
from orchestration.defs.ingest.settings import SYSTEMS
from orchestration.demo_company.web import Request, Response
from orchestration.errors import ConfigurationError
from tests.ingesting import answering, rows, settings, stored, stripe_account

CREATED = 1_704_067_200
CUSTOMER: dict[str, Any] = {
    "id": "cus_1",
    "object": "customer",
    "livemode": False,
    "created": CREATED,
    "name": "Juniper",
    "metadata": {"entity_id": "nwm-us"},
}


def columns(database: Path, system: str) -> set[tuple[Any, ...]]:
    return set(
        rows(
            database,
            "select table_name, column_name, data_type, is_nullable from information_schema.columns"  # noqa: S608
            f" where table_schema = 'raw_{system}' and table_name not like '\\_dlt%' escape '\\'",
        )
    )


def load_stripe(database: Path, url: str, **options: Any) -> load.LoadSummary:
    [summary] = load.ingest(["stripe"], database, {"stripe": settings("stripe", url, **options)})
    return summary


def test_every_raw_table_exists_before_anything_was_loaded(tmp_path: Path) -> None:
    database = tmp_path / "books.duckdb"
    load.declare(database)
    started = time.process_time()
    load.declare(database)
    assert time.process_time() - started < 2
    for system in SYSTEMS:
        tables = load.tables(system)
        declared = {(table.name, column) for table in tables for column in [*table.kinds, "_dlt_load_id"]}
        assert {(table, column) for table, column, *_ in columns(database, system)} == declared


def test_a_declared_table_is_the_one_dlt_makes(tmp_path: Path) -> None:
    """Or a load would have to alter tables, and models would see other types before and after it."""
    load.declare(tmp_path / "declared.duckdb", ["stripe"])
    with answering(stripe_account()) as (url, _):
        loading = load.pipeline("stripe", tmp_path / "loaded.duckdb")
        loading.run(stripe.source(settings("stripe", url)))
    made = {row for row in columns(tmp_path / "loaded.duckdb", "stripe") if row[1] != "_dlt_load_id"}
    declared = {
        row
        for row in columns(tmp_path / "declared.duckdb", "stripe")
        if row[0] != "schema_drift" and row[1] != "_dlt_load_id"
    }
    assert made == declared


def test_declaring_again_keeps_the_rows_and_adds_new_columns(tmp_path: Path) -> None:
    database = tmp_path / "books.duckdb"
    with answering(stripe_account(customers=[CUSTOMER])) as (url, _):
        load_stripe(database, url)
    rows(database, "alter table raw_stripe.customers drop column segment")
    load.declare(database)
    assert rows(database, "select id, segment from raw_stripe.customers") == [("cus_1", None)]


def test_an_empty_account_loads_nothing_and_fails_nothing(tmp_path: Path) -> None:
    with answering(stripe_account()) as (url, _):
        summary = load_stripe(tmp_path / "books.duckdb", url)
    assert (summary.rows, summary.drift, summary.rejected) == (0, (), 0)


def test_history_is_dated_by_the_vendor_and_changes_by_the_load_that_saw_them(tmp_path: Path) -> None:
    database = tmp_path / "books.duckdb"
    customers = [CUSTOMER]
    with answering(stripe_account(customers=customers)) as (url, _):
        load_stripe(database, url)
        customers[:] = [{**CUSTOMER, "id": "cus_2", "created": CREATED + 60}, {**CUSTOMER, "name": "Juniper Ltd"}]
        load_stripe(database, url)
    found = rows(
        database, "select id, _version, name, _recorded_at, _loaded_at from raw_stripe.customers order by 1, 2"
    )
    (first, changed, new) = found
    assert first[:4] == ("cus_1", 1, "Juniper", dt.datetime(2024, 1, 1))
    assert changed[:3] == ("cus_1", 2, "Juniper Ltd")
    assert new[:2] == ("cus_2", 1)
    assert changed[3] == changed[4] and new[3] == new[4], "learned when they were loaded"


def test_drift_is_reported_by_every_run_and_stored_once(tmp_path: Path) -> None:
    database = tmp_path / "books.duckdb"
    odd = {**CUSTOMER, "loyalty_tier": "gold", "balance": "12"}
    said: list[str] = []
    with answering(stripe_account(customers=[odd])) as (url, _):
        configured = {"stripe": settings("stripe", url)}
        summaries = [load.ingest(["stripe"], database, configured, said.append)[0] for _ in range(2)]
    assert {(one.field, one.kind, one.observed) for one in summaries[1].drift} == {
        ("loyalty_tier", "unknown_field", "text"),
        ("balance", "changed_type", "text"),
    }
    assert "stripe: customers: loyalty_tier is a field nobody declared (text), first seen in cus_1" in said
    stored_drift = rows(database, "select table_name, field, kind from raw_stripe.schema_drift order by 2")
    assert stored_drift == [("customers", "balance", "changed_type"), ("customers", "loyalty_tier", "unknown_field")]
    assert rows(database, "select balance, _rejected_reason from raw_stripe.customers") == [(12, None)]


def test_a_list_that_lost_its_shape_is_drift_and_no_crash(tmp_path: Path) -> None:
    invoice = {"id": "in_1", "created": CREATED, "currency": "usd", "status": "open", "total": "many", "lines": []}
    with answering(stripe_account(invoices=[invoice])) as (url, _):
        summary = load_stripe(tmp_path / "books.duckdb", url)
    assert summary.rejected == 1
    assert ("invoice_lines", "the list they come in") in {(one.table, one.field) for one in summary.drift}
    [row] = rows(tmp_path / "books.duckdb", "select total, _rejected_value, _rejected_reason from raw_stripe.invoices")
    assert row == (None, "many", "total is not a whole number")


def test_dates_that_are_none_reject_their_row_and_stop_nothing(tmp_path: Path) -> None:
    database = tmp_path / "books.duckdb"
    odd = [{**CUSTOMER, "id": "cus_2", "created": "yesterday"}, {"object": "customer"}, CUSTOMER]
    account = {**ACCOUNT, "SystemModstamp": "recently"}
    with answering(stripe_account(customers=odd)) as (url, _):
        assert [load_stripe(database, url).rows for _ in range(2)] == [2, 0]
    with answering(salesforce_organisation({"Account": [account, {**ACCOUNT, "Id": "001B"}]})) as (url, _):
        assert [load_salesforce(database, url).rows for _ in range(2)] == [2, 0]
    rejected = "select id, _rejected_value, _rejected_reason from raw_{} where _rejected_reason is not null"
    assert rows(database, rejected.format("stripe.customers")) == [
        ("cus_2", "yesterday", "created is not a whole number")
    ]
    assert rows(database, rejected.format("salesforce.accounts")) == [
        ("001A", "recently", "SystemModstamp is not an ISO date and time")
    ]


def test_nothing_is_read_before_every_system_is_configured(tmp_path: Path) -> None:
    with answering(stripe_account()) as (url, vendor):
        configured = {"stripe": settings("stripe", url)}
        with pytest.raises(ConfigurationError, match="'gocardless' has no settings"):
            load.ingest(["stripe", "gocardless"], tmp_path / "books.duckdb", configured)
    assert vendor.asked == []


def test_a_vendors_refusal_comes_through_as_it_was_said(tmp_path: Path) -> None:
    refused = Response(400, {"error": {"message": "Invalid Stripe API version"}})
    with answering(lambda request: refused) as (url, _), pytest.raises(VendorError, match="Invalid Stripe API version"):
        load_stripe(tmp_path / "books.duckdb", url)


def test_no_file_of_a_load_holds_the_key(tmp_path: Path) -> None:
    with answering(stripe_account(customers=[CUSTOMER])) as (url, vendor):
        load_stripe(tmp_path / "books.duckdb", url)
    key = settings("stripe", url).secret
    assert vendor.asked[0].headers["Authorization"] == f"Bearer {key}"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(".revrec" in path.parts for path in files)
    assert [path for path in files if key.encode() in path.read_bytes()] == []


def test_events_that_no_longer_reach_back_mean_reading_everything_again(tmp_path: Path) -> None:
    """A change older than the feed would otherwise never be seen."""
    database = tmp_path / "books.duckdb"
    customers = [{**CUSTOMER, "id": "cus_2", "created": CREATED + 90 * 86400}, CUSTOMER]
    events = [{"id": "evt_1", "created": CREATED, "type": "customer.created", "data": {"object": CUSTOMER}}]

    def answer(request: Request) -> Response:
        since = int(request.first("created[gte]") or 0)
        lists = {"customers": customers, "events": events if request.first("types[]") == "customer.created" else []}
        found = lists.get(request.path.removeprefix("/v1/"), [])
        return stripe_account(any=[one for one in found if one["created"] >= since])(
            Request("GET", "/v1/any", [], request.headers)
        )

    with answering(answer) as (url, _):
        load_stripe(database, url)
        customers[1] = {**CUSTOMER, "name": "renamed without an event that is left"}
        load_stripe(database, url)
        assert len(stored(database, "stripe")["customers"]) == 2, "the event is still there, so older ones are not read"
        events.clear()
        load_stripe(database, url)
    assert rows(database, "select name from raw_stripe.customers where _version = 2") == [
        ("renamed without an event that is left",)
    ]


def salesforce_organisation(records: dict[str, list[dict[str, Any]]], without: tuple[str, ...] = ()) -> Any:
    """Objects with the fields of their first record, and none of those in `without`."""
    types = {bool: "boolean", float: "double", int: "double"}

    def answer(request: Request) -> Response:
        if request.method == "POST":
            return Response(200, {"access_token": "00D!1"})
        if request.path.endswith("/describe"):
            name = request.path.split("/")[-2]
            if name in without:
                return Response(404, [{"errorCode": "NOT_FOUND", "message": "no such object"}])
            from orchestration.demo_company.salesforce_schema import describe

            answer = describe(name)
            if "CurrencyIsoCode" in without:
                answer["fields"] = [field for field in answer["fields"] if field["name"] != "CurrencyIsoCode"]
            answer["fields"] += [
                {"name": field, "type": types.get(type(value), "string")}
                for field, value in (records.get(name) or [{}])[0].items()
                if field not in {one["name"] for one in answer["fields"]}
            ]
            return Response(200, answer)
        query = request.first("q") or ""
        name = query.split(" FROM ")[1].split()[0]
        fields = query.removeprefix("SELECT ").split(" FROM ")[0].split(", ")
        found = [
            {"attributes": {"type": name}, **{field: one.get(field) for field in fields}}
            for one in records.get(name, [])
        ]
        return Response(200, {"totalSize": len(found), "done": True, "records": found})

    return answer


ACCOUNT = {"Id": "001A", "Name": "Juniper", "IsDeleted": False, "CreatedDate": "2024-01-01T00:00:00.000+0000"}
ACCOUNT["SystemModstamp"] = ACCOUNT["CreatedDate"]
ORDER = {**ACCOUNT, "Id": "801A", "TotalAmount": 12.5, "CurrencyIsoCode": None}


def load_salesforce(database: Path, url: str, **options: Any) -> load.LoadSummary:
    [summary] = load.ingest(["salesforce"], database, {"salesforce": settings("salesforce", url, **options)})
    return summary


def test_an_organisation_without_milestones_is_fine_and_one_without_orders_is_not(tmp_path: Path) -> None:
    database = tmp_path / "books.duckdb"
    with answering(salesforce_organisation({"Account": [ACCOUNT]}, without=("Milestone__c",))) as (url, _):
        assert load_salesforce(database, url).appended["accounts"] == 1
    assert rows(database, "select count(*) from raw_salesforce.milestones") == [(0,)]
    with (
        answering(salesforce_organisation({}, without=("Order",))) as (url, _),
        pytest.raises(ConfigurationError, match="cannot see the object Order"),
    ):
        load_salesforce(database, url)


def test_an_organisation_with_one_currency_must_say_which(tmp_path: Path) -> None:
    database = tmp_path / "books.duckdb"
    with answering(salesforce_organisation({"Order": [ORDER]}, without=("CurrencyIsoCode",))) as (url, _):
        with pytest.raises(ConfigurationError, match="set SALESFORCE_CURRENCY"):
            load_salesforce(database, url)
        assert load_salesforce(database, url, currency="CHF").rejected == 0
    assert rows(database, "select id, currency from raw_salesforce.orders") == [("801A", "CHF")]


def test_a_field_the_organisation_adds_later_is_drift_and_those_it_always_had_are_not(tmp_path: Path) -> None:
    database = tmp_path / "books.duckdb"
    records = {"Account": [{**ACCOUNT, "Always_There__c": "x"}]}
    with answering(salesforce_organisation(records)) as (url, _):
        assert load_salesforce(database, url).drift == ()
        records["Account"][0]["Rebate__c"] = 3
        assert [(one.field, one.kind) for one in load_salesforce(database, url).drift] == [
            ("Rebate__c", "unknown_field")
        ]
        assert load_salesforce(database, url).drift == ()


def test_a_resource_can_be_loaded_alone_without_losing_changes_for_the_others(tmp_path: Path) -> None:
    """Every table keeps its own marks: reading lines only must not hide an invoice from the next run."""
    database = tmp_path / "books.duckdb"
    invoice = {
        "id": "in_1",
        "created": CREATED,
        "currency": "usd",
        "status": "open",
        "total": 5,
        "lines": {"data": [{"id": "il_1", "amount": 5}], "has_more": False},
    }
    with answering(stripe_account(invoices=[invoice])) as (url, _):
        run = Run.now("stripe")
        source = stripe.source(settings("stripe", url), run).with_resources("invoice_lines")
        load.pipeline("stripe", database).run(source)
        assert run.appended == {"invoice_lines": 1}
        summary = load_stripe(database, url)
    assert summary.appended["invoices"] == 1
    assert summary.appended["invoice_lines"] == 0
    assert rows(database, "select _recorded_at from raw_stripe.invoices") == [(dt.datetime(2024, 1, 1),)]
