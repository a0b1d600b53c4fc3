"""What staging makes of the vendors' objects: one small company, loaded once, with the cases easy to get wrong."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration import demo_company, warehouse
from orchestration.defs.ingest import load
from orchestration.demo_company import Faults, World
from tests.ingesting import rows, settings

AT = 1_735_722_000  # 2025-01-01 09:00
Query = Callable[[str], list[tuple[Any, ...]]]


def stripe_customer(world: World, name: str, **metadata: str) -> None:
    customer = {**world.rows("stripe", "customer")[0], "id": name, "created": AT, "metadata": metadata}
    world.put("stripe", "customer", customer, AT)


def invoice(world: World, name: str, customer: str, *lines: dict[str, Any], **changes: Any) -> None:
    """A final invoice of 2025-01-01 with these lines, taken from one that the company has."""
    found = copy.deepcopy(world.rows("stripe", "invoice")[0])
    line = found["lines"][0]
    plain = {"discount_amounts": [], "taxes": [], "metadata": {}}
    found["lines"] = [{**line, **plain, "id": f"il_{name}_{place}", **one} for place, one in enumerate(lines)]
    moments = {"finalized_at": AT, "paid_at": None, "voided_at": None, "marked_uncollectible_at": None}
    found |= {"id": f"in_{name}", "customer": customer, "created": AT, "status": "open", "metadata": {}, "parent": None}
    found |= {"effective_at": None, "status_transitions": moments, "amount_paid_off_stripe": 0}
    found |= {"starting_balance": 0, "ending_balance": 0, **changes}
    found["status_transitions"] = {**moments, **changes.get("status_transitions", {})}
    world.put("stripe", "invoice", found, AT)


def tax(amount: int, behaviour: str) -> dict[str, Any]:
    return {
        "amount": amount,
        "tax_behavior": behaviour,
        "tax_rate_details": None,
        "taxability_reason": "standard_rated",
        "taxable_amount": 0,
        "type": "tax_rate_details",
    }


def charge(world: World, name: str, customer: str | None, amount: int) -> None:
    found = {**world.rows("stripe", "charge")[0], "id": name, "customer": customer, "amount": amount, "created": AT}
    found |= {"amount_captured": amount, "payment_intent": f"pi_{name}", "status": "succeeded"}
    world.put("stripe", "charge", found, AT)


def stripe_cases(world: World) -> None:
    stripe_customer(world, "cus_self", entity_id="nwm-eu", region="EMEA")
    stripe_customer(world, "cus_crm", entity_id="nwm-us", salesforce_account="001X")
    stripe_customer(world, "cus_nobody")
    day = {"period": {"start": AT, "end": AT}}
    month = {"period": {"start": 1_735_689_600, "end": 1_738_368_000}}
    net = {"amount": 10000, "discount_amounts": [{"amount": 1500, "discount": "di_1"}], **month}
    invoice(world, "net", "cus_self", {**net, "taxes": [tax(1615, "exclusive")]})
    invoice(world, "gross", "cus_self", {"amount": 11900, "taxes": [tax(1900, "inclusive")], **day})
    invoice(world, "contract", "cus_crm", {"amount": 5, "metadata": {"line": "L1"}}, metadata={"contract": "800X"})
    discount = {"amount": -700, "metadata": {"kind": "discount"}, **day}
    invoice(world, "nobody", "cus_nobody", {"amount": 5})
    invoice(world, "draft", "cus_self", {"amount": 5}, status="draft", status_transitions={"finalized_at": None})
    invoice(world, "dated", "cus_self", {"amount": 9000, **day}, discount, effective_at=AT - 5 * 86_400)
    invoice(world, "void", "cus_self", {"amount": 5}, status="void", status_transitions={"voided_at": AT + 86_400})
    lost = {"status": "uncollectible", "status_transitions": {"marked_uncollectible_at": AT + 2 * 86_400}}
    invoice(world, "lost", "cus_self", {"amount": 5}, **lost)
    invoice(world, "wire", "cus_self", {"amount": 5}, amount_paid_off_stripe=5, status="paid")
    invoice(world, "debit", "cus_self", {"amount": 5}, amount_paid_off_stripe=5, status="paid")
    invoice(world, "balance", "cus_self", {"amount": 5}, starting_balance=-300, ending_balance=-100)
    invoice(world, "long", "cus_self", *({"amount": 1, **day} for _ in range(25)))
    metered = {**world.rows("stripe", "price")[0], "id": "price_metered"}
    metered["recurring"] = {"interval": "month", "interval_count": 1, "meter": None, "usage_type": "metered"}
    world.put("stripe", "price", metered, AT)
    pricing = {"price_details": {"price": "price_metered", "product": metered["product"]}, "type": "price_details"}
    used = {"amount": 480, "quantity": 12, "quantity_decimal": "12", "pricing": pricing, **month}
    invoice(world, "used", "cus_crm", {**used, "metadata": {"line": "L2"}}, used, metadata={"contract": "800X"})
    charge(world, "ch_guest", None, 100)
    charge(world, "ch_prepaid", "cus_self", 200)


def gocardless_cases(world: World) -> None:
    at = "2025-01-02T00:00:00.000Z"
    links = {"mandate": "MD1"}
    world.put(
        "gocardless", "customer", {"id": "CU1", "created_at": at, "metadata": {"stripe_customer": "cus_self"}}, AT
    )
    world.put(
        "gocardless", "mandate", {"id": "MD1", "created_at": at, "links": {"customer": "CU1"}, "metadata": {}}, AT
    )
    common = {"created_at": at, "charge_date": "2025-01-07", "amount": 500, "currency": "EUR", "amount_refunded": 0}
    cases = {
        "PM1": ("confirmed", {"invoice": "in_debit"}, links),
        "PM2": ("failed", {"invoice": "in_debit"}, links),
        "PM3": ("charged_back", {}, links),
        "PM4": ("paid_out", {}, {"mandate": "MD9"}),
    }
    for name, (status, metadata, found) in cases.items():
        payment = {"id": name, "status": status, "metadata": metadata, "links": found, **common}
        world.put("gocardless", "payment", payment, AT, "created")
    world.patch("gocardless", "payment", "PM3", AT + 30 * 86_400, {}, "charged_back")
    refund = {"id": "RF1", "created_at": at, "amount": 50, "currency": "EUR", "status": "paid", "metadata": {}}
    world.put("gocardless", "refund", {**refund, "links": {"payment": "PM1"}}, AT)


def salesforce_cases(world: World) -> None:
    account = {**world.rows("salesforce", "Account")[0], "Id": "001X", "Legal_Entity__c": "nwm-us"}
    world.put("salesforce", "Account", account, AT)
    world.put("salesforce", "Account", {**account, "Id": "001N", "Legal_Entity__c": None}, AT)
    contract = {**world.rows("salesforce", "Contract")[0], "AccountId": "001X", "ActivatedDate": None}
    order = {**world.rows("salesforce", "Order")[0], "ActivatedDate": None, "Agreed_On__c": None}
    item = {**world.rows("salesforce", "OrderItem")[0], "Line__c": "L1"}
    for place, (currency, total) in enumerate((("JPY", 1200.0), ("KWD", 1.234), ("JPY", 10.5), ("USD", 0.29))):
        key = f"{currency}{place}"
        world.put("salesforce", "Contract", {**contract, "Id": f"800{key}", "CurrencyIsoCode": currency}, AT)
        ids = {"Id": f"801{key}", "ContractId": f"800{key}", "CurrencyIsoCode": currency}
        world.put("salesforce", "Order", {**order, **ids}, AT)
        ids = {"Id": f"802{key}", "OrderId": f"801{key}", "CurrencyIsoCode": currency}
        world.put("salesforce", "OrderItem", {**item, **ids, "TotalPrice": total}, AT)
    world.put("salesforce", "Contract", {**contract, "Id": "800D", "Status": "Draft"}, AT)
    world.put("salesforce", "Contract", {**contract, "Id": "800N", "AccountId": "001N"}, AT)
    for name, day in (("second", "2025-06-01"), ("first", "2025-01-01"), ("draft", "2025-03-01")):
        draft = {"Status": "Draft" if name == "draft" else "Activated", "Change__c": None}
        world.put(
            "salesforce",
            "Order",
            {**order, **draft, "Id": f"801{name}", "ContractId": "800X", "EffectiveDate": day},
            AT,
        )
    world.put("salesforce", "Contract", {**contract, "Id": "800X"}, AT)


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small company with the cases, loaded and staged."""
    database = tmp_path_factory.mktemp("staging") / "revrec.duckdb"
    world = demo_company.build_world(customers=12)
    for cases in (stripe_cases, gocardless_cases, salesforce_cases):
        cases(world)
    load.declare(database)
    with demo_company.running(world, Faults()) as urls:
        systems = ("salesforce", "stripe", "gocardless")
        load.ingest(systems, database, {system: settings(system, urls[system]) for system in systems})
    with warehouse.writing(database):
        warehouse.dbt("seed", database=database, select=["currencies"])
        models = [f"models/0_inputs/staging/{system}" for system in systems]
        warehouse.dbt("run", database=database, select=models)
    return database


@pytest.fixture
def ask(books: Path) -> Query:
    return lambda query: rows(books, query)


def lines(ask: Query, name: str) -> list[tuple[Any, ...]]:
    return ask(
        "select amount_minor, tax_amount_minor, starts_on, ends_on, list_amount_minor, kind, contract_id, line_id"  # noqa: S608
        f" from staging.stg_stripe__invoice_lines where invoice_id = 'stripe:in_{name}' order by 1 desc"
    )


def test_a_line_is_net_of_its_discounts_and_of_tax(ask: Query) -> None:
    january = (dt.date(2025, 1, 1), dt.date(2025, 1, 31))
    assert lines(ask, "net") == [(8500, 1615, *january, 10000, "charge", None, None)]
    assert lines(ask, "gross") == [(10000, 1900, None, None, None, "charge", None, None)]


def test_every_invoice_adds_up_to_what_stripe_says(ask: Query) -> None:
    different = """
        select i.id from raw_stripe.invoices as i inner join staging.stg_stripe__invoice_lines as l
        on 'stripe:' || i.id = l.invoice_id where i.id like 'in_1%'
        group by i.id, i.total having sum(l.amount_minor + l.tax_amount_minor) <> i.total"""
    assert ask(different) == []
    [(invoices, longest)] = ask(
        "select count(distinct invoice_id), max(n) from (select invoice_id, count(*) as n"
        " from staging.stg_stripe__invoice_lines group by 1)"
    )
    assert invoices > 50
    assert longest == 25, "more lines than an invoice shows by itself"


def test_an_invoice_knows_its_contract_and_a_discount_is_one(ask: Query) -> None:
    assert lines(ask, "contract")[0][-2:] == ("salesforce:800X", "L1")
    assert [(line[0], line[5]) for line in lines(ask, "dated")] == [(9000, "charge"), (-700, "discount")]
    found = ask(
        "select invoice_id, customer_id, entity_id, contract_id, issued_on, recorded_at"
        " from staging.stg_stripe__invoices where invoice_id in ('stripe:in_contract', 'stripe:in_dated') order by 1"
    )
    at = dt.datetime(2025, 1, 1, 9)
    assert found == [
        ("stripe:in_contract", "salesforce:001X", "nwm-us", "salesforce:800X", dt.date(2025, 1, 1), at),
        ("stripe:in_dated", "stripe:cus_self", "nwm-eu", None, dt.date(2024, 12, 27), at),
    ]


def test_a_draft_is_not_there_and_neither_is_what_belongs_to_nobody(ask: Query) -> None:
    assert (
        ask("select 1 from staging.stg_stripe__invoices where invoice_id in ('stripe:in_draft', 'stripe:in_nobody')")
        == []
    )
    assert ask("select 1 from raw_stripe.invoice_lines where invoice = 'in_draft'") == []
    reasons = dict(ask("select row_id, reason from staging.stg_stripe__rejected"))
    assert reasons == {
        "cus_nobody": "the customer has no entity_id in its metadata, so nobody knows whose revenue it is",
        "il_used_1": "the metered line bills a contract but has no line in its metadata, so its usage belongs to no"
        " promise",
        "ch_guest": "the charge has no customer and pays no invoice, so nobody knows whose money it is",
    }


def test_customers_of_the_crm_are_not_delivered_twice(ask: Query) -> None:
    ids = {one for (one,) in ask("select customer_id from staging.stg_stripe__customers")}
    assert "stripe:cus_self" in ids
    assert not ids & {"stripe:cus_crm", "salesforce:001X", "stripe:cus_nobody"}
    crm = {one for (one,) in ask("select customer_id from staging.stg_salesforce__customers")}
    assert "salesforce:001X" in crm
    assert "salesforce:001N" not in crm


def test_voids_and_write_offs_are_events_of_their_day(ask: Query) -> None:
    assert ask(
        "select kind, occurred_on, recorded_at from staging.stg_stripe__invoice_events"
        " where invoice_id in ('stripe:in_void', 'stripe:in_lost') order by 1"
    ) == [
        ("void", dt.date(2025, 1, 2), dt.datetime(2025, 1, 2, 9)),
        ("write_off", dt.date(2025, 1, 3), dt.datetime(2025, 1, 3, 9)),
    ]


def test_cash_is_counted_once_wherever_it_came_in(ask: Query) -> None:
    """in_wire was paid outside; in_debit was paid outside too, but GoCardless says how."""
    found = ask(
        "select payment_id, kind, customer_id, invoice_id, amount_minor, method, occurred_on from ("
        " select * from staging.stg_stripe__payments union all select * from staging.stg_gocardless__payments)"
        " where customer_id = 'stripe:cus_self' order by 1"
    )
    self, first = "stripe:cus_self", dt.date(2025, 1, 1)
    assert found == [
        ("gocardless:PM1", "payment", self, "stripe:in_debit", 500, None, dt.date(2025, 1, 7)),
        ("gocardless:PM3", "payment", self, None, 500, None, dt.date(2025, 1, 7)),
        ("gocardless:PM3:charged_back", "dispute", self, None, 500, None, dt.date(2025, 1, 31)),
        ("gocardless:RF1", "refund", self, "stripe:in_debit", 50, None, dt.date(2025, 1, 2)),
        ("stripe:ch_prepaid", "deposit", self, None, 200, None, first),
        ("stripe:in_balance:balance", "balance_applied", self, "stripe:in_balance", 200, None, first),
        ("stripe:in_wire:outside", "payment", self, "stripe:in_wire", 5, "outside", first),
    ]
    assert ask("select row_id, column_name from staging.stg_gocardless__rejected") == [("PM4", "invoice")]


def test_what_stripe_collected_is_what_its_invoices_say_was_paid(ask: Query) -> None:
    different = """
        select i.id from raw_stripe.invoices as i left join staging.stg_stripe__payments as p
        on 'stripe:' || i.id = p.invoice_id and p.kind = 'payment' where i.id like 'in_1%'
        group by i.id, i.amount_paid, i.amount_paid_off_stripe
        having coalesce(sum(p.amount_minor), 0) <> i.amount_paid - i.amount_paid_off_stripe"""
    assert ask(different) == []
    kinds = {kind for (kind,) in ask("select distinct kind from staging.stg_stripe__payments")}
    assert {"payment", "fee", "balance_applied", "deposit"} <= kinds


def test_credit_notes_add_up_and_say_how_they_were_settled(ask: Query) -> None:
    different = """
        select c.id from raw_stripe.credit_notes as c left join staging.stg_stripe__credit_note_lines as l
        on 'stripe:' || c.id = l.credit_note_id
        group by c.id, c.total having coalesce(sum(l.amount_minor + l.tax_amount_minor), 0) <> c.total"""
    assert ask(different) == []
    [(notes, unknown)] = ask(
        "select count(*), count(*) filter (where reason is null or settled_by is null)"
        " from staging.stg_stripe__credit_notes"
    )
    assert notes > 0
    assert unknown == 0
    unpaid = ask(
        "select p.payment_id from staging.stg_stripe__credit_notes as c left join staging.stg_stripe__payments as p"
        " on c.credit_note_id = p.credit_note_id where c.settled_by = 'refund' and p.payment_id is null"
    )
    assert unpaid == []


def test_amounts_of_the_crm_are_exact_in_every_currency_or_rejected(ask: Query) -> None:
    found = ask(
        "select contract_id, amount_minor from staging.stg_salesforce__contract_lines"
        " where contract_id in ('salesforce:800JPY0', 'salesforce:800KWD1', 'salesforce:800JPY2', 'salesforce:800USD3')"
        " order by 1"
    )
    assert found == [("salesforce:800JPY0", 1200), ("salesforce:800KWD1", 1234), ("salesforce:800USD3", 29)]
    rejected = ask(
        "select table_name, column_name, value, reason from staging.stg_salesforce__rejected where row_id = '802JPY2'"
    )
    reason = "TotalPrice has more digits than its currency; correct it in Salesforce"
    assert rejected == [("contract_lines", "amount", "10.5", reason)]
    assert ask("select total_price from raw_salesforce.order_items where id = '802KWD1'") == [(Decimal("1.234"),)]


def test_versions_are_numbered_as_they_apply_and_drafts_do_not_count(ask: Query) -> None:
    assert ask(
        "select version, effective_on, change, agreed_on from staging.stg_salesforce__contract_versions"
        " where contract_id = 'salesforce:800X' order by 1"
    ) == [
        (1, dt.date(2025, 1, 1), "inception", dt.date(2025, 1, 1)),
        (2, dt.date(2025, 6, 1), "other", dt.date(2025, 6, 1)),
    ]
    contracts = {one for (one,) in ask("select contract_id from staging.stg_salesforce__contracts")}
    assert "salesforce:800X" in contracts
    assert not contracts & {"salesforce:800D", "salesforce:800N"}
    [(reason,)] = ask("select reason from staging.stg_salesforce__rejected where row_id = '800N'")
    assert "no Legal_Entity__c" in reason


def test_metered_lines_of_contracts_are_usage_of_their_last_day(ask: Query) -> None:
    assert ask(
        "select usage_id, contract_id, line_id, used_on, quantity, unit_price, amount_minor"
        " from staging.stg_stripe__usage where contract_id = 'salesforce:800X'"
    ) == [("stripe:il_used_0", "salesforce:800X", "L2", dt.date(2025, 1, 31), Decimal(12), None, 480)]
    assert len(lines(ask, "used")) == 2, "what is billed is billed, whether its usage counts or not"
