"""Builds the demo company's world: the same seed gives the same bytes."""

from __future__ import annotations

from datetime import date, timedelta

from . import contract_bills, crm, selfserve
from . import gocardless_objects as gocardless
from . import stripe_objects as stripe
from .bills import Bill
from .catalog import COUNTRIES, PRODUCTS
from .customers import Customer, make_customer
from .deals import make_deals
from .moments import seconds
from .payouts import put_gocardless_payouts, put_stripe_payouts
from .planted import plant
from .publish import Publisher
from .world import AS_OF, World

SEED = 606
CUSTOMERS = 300
MISTAKEN_ORDERS = (14, 114, 220)
FOUNDED = date(2023, 10, 2)


def build_world(seed: int = SEED, customers: int = CUSTOMERS, as_of: str = AS_OF) -> World:
    """Everything the three systems will ever hold, with the clock at `as_of`."""
    world = World(as_of)
    _put_catalog(world)
    publisher = Publisher(world, seed)
    for number in range(customers):
        customer = make_customer(seed, number)
        bills = _crm_customer(world, seed, customer) if customer.is_crm else _self_serve_customer(seed, customer)
        _put_customer(world, customer, bills)
        publisher.publish_all(bills)
    for _, _, case in plant(world, seed):
        _put_customer(world, case.customer, case.bills)
        publisher.publish_all(case.bills)
    put_stripe_payouts(world)
    put_gocardless_payouts(world)
    return world


def _put_catalog(world: World) -> None:
    at = seconds(FOUNDED, 8)
    crm.put_catalog(world, at)
    for product_id in PRODUCTS:
        world.put("stripe", "product", stripe.product(product_id, at), at)
    for country in COUNTRIES.values():
        if country.vat:
            world.put("stripe", "tax_rate", stripe.tax_rate(country, at), at)
    world.put("stripe", "coupon", stripe.coupon("launch20", 20, 3, at), at)
    world.put("gocardless", "creditor", gocardless.creditor(at), at)


def _crm_customer(world: World, seed: int, customer: Customer) -> list[Bill]:
    deals = make_deals(seed, customer)
    crm.put_account(world, customer, seconds(deals[0].signed_on - timedelta(days=60), 9))
    crm.put_other_opportunity(world, seed, customer)
    if customer.number in MISTAKEN_ORDERS:
        crm.put_mistaken_order(world, deals[0])
    bills = []
    for place, deal in enumerate(deals):
        crm.put_deal(world, deal)
        bills += contract_bills.bills_of(seed, deal, customer.number // 2 + place)
    return bills


def _self_serve_customer(seed: int, customer: Customer) -> list[Bill]:
    subscription = selfserve.make_subscription(seed, customer)
    return selfserve.bills_of(seed, subscription, customer.number // 2)


def _put_customer(world: World, customer: Customer, bills: list[Bill]) -> None:
    at = seconds(min(bill.created_on or bill.finalized_on for bill in bills), 4)
    world.put("stripe", "customer", stripe.customer(customer, at), at, "customer.created")
    if customer.pays_by == "direct_debit":
        world.put("gocardless", "customer", gocardless.customer(customer, at), at, "created")
        world.put("gocardless", "mandate", gocardless.mandate(customer, at), at, "created")
