"""Puts the deals into Salesforce: opportunities that were won, lost and are open, contracts, orders, milestones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from .catalog import CURRENCIES, PRODUCTS
from .customers import Customer, draws
from .deals import Deal, Line, Version
from .identifiers import salesforce_id
from .moments import salesforce_moment, seconds
from .world import World

PRICEBOOK = salesforce_id("Pricebook2", "standard")
HIDDEN = ("discount",)  # not sold: exists at Stripe only


def major(amount: int) -> float:
    """Salesforce keeps money as a floating number of major units."""
    return amount / 100


def put_catalog(world: World, at: int) -> None:
    book = {"Id": PRICEBOOK, "Name": "Standard Price Book", "IsActive": True, "IsStandard": True}
    world.put("salesforce", "Pricebook2", book, at)
    for product in PRODUCTS.values():
        if product.id in HIDDEN:
            continue
        row = {
            "Id": salesforce_id("Product2", product.id),
            "Name": product.name,
            "ProductCode": product.id,
            "Family": product.stream,
            "IsActive": True,
            "Recognition_Method__c": product.method,
            "Revenue_Stream__c": product.stream,
        }
        world.put("salesforce", "Product2", row, at)
        for currency in CURRENCIES:
            entry = {
                "Id": salesforce_id("PricebookEntry", f"{product.id}:{currency}"),
                "Pricebook2Id": PRICEBOOK,
                "Product2Id": row["Id"],
                "UnitPrice": major(product.price(currency)),
                "IsActive": True,
                "CurrencyIsoCode": currency,
            }
            world.put("salesforce", "PricebookEntry", entry, at)


def put_account(world: World, customer: Customer, at: int) -> None:
    row = {
        "Id": customer.account_id,
        "Name": customer.name,
        "Type": "Customer",
        "BillingCity": customer.city,
        "BillingCountry": customer.country.name,
        "BillingAddress": {"city": customer.city, "country": customer.country.name},
        "CurrencyIsoCode": customer.currency,
        "Legal_Entity__c": customer.country.entity_id,
        "Region__c": customer.country.region,
        "Segment__c": customer.segment,
    }
    world.put("salesforce", "Account", row, at)


def put_deal(world: World, deal: Deal) -> None:
    """Won on the day it was signed, activated with its first order the same day, one more order per change."""
    opportunity = _put_opportunity(world, deal)
    signed_at = seconds(deal.signed_on, 10)
    contract = {
        "Id": deal.id,
        "ContractNumber": contract_number(deal),
        "AccountId": deal.customer.account_id,
        "Status": "Activated",
        "StartDate": deal.starts.isoformat(),
        "EndDate": deal.ends.isoformat(),
        "ContractTerm": deal.months,
        "CustomerSignedDate": deal.signed_on.isoformat(),
        "ActivatedDate": salesforce_moment(signed_at),
        "CurrencyIsoCode": deal.customer.currency,
        "Opportunity__c": opportunity,
    }
    world.put("salesforce", "Contract", contract, signed_at)
    world.patch("salesforce", "Opportunity", opportunity, signed_at, {"ContractId": deal.id})
    for number, version in enumerate(deal.versions, 1):
        put_order(world, deal, version, number, opportunity if number == 1 else None)
        if version.ends_on != deal.ends:
            ends = {"EndDate": version.ends_on.isoformat()}
            world.patch("salesforce", "Contract", deal.id, seconds(version.agreed_on, 12), ends)
    for count, on in enumerate(deal.milestones, 1):
        line = next(line for line in deal.versions[0].lines if line.product_id == "implementation")
        row = {
            "Id": salesforce_id("Milestone__c", f"{deal.key}:{count}"),
            "Name": f"Milestone {count} of {len(deal.milestones)}",
            "Contract__c": deal.id,
            "Line__c": line.id,
            "Measured_On__c": on.isoformat(),
            "To_Date__c": float(count),
        }
        world.put("salesforce", "Milestone__c", row, seconds(on + timedelta(days=1), 9))


def contract_number(deal: Deal) -> str:
    number, _, place = deal.key.partition(":")
    return f"{int(number) * 10 + int(place):08d}"


def put_order(world: World, deal: Deal, version: Version, number: int, opportunity: str | None = None) -> str:
    at = seconds(version.agreed_on, 11)
    order = {
        "Id": salesforce_id("Order", f"{deal.key}:{number}"),
        "OrderNumber": f"{contract_number(deal)}-{number}",
        "AccountId": deal.customer.account_id,
        "ContractId": deal.id,
        "OpportunityId": opportunity,
        "EffectiveDate": version.effective_on.isoformat(),
        "EndDate": version.ends_on.isoformat(),
        "Status": "Activated",
        "ActivatedDate": salesforce_moment(at),
        "TotalAmount": major(sum(line.amount for line in version.lines)),
        "CurrencyIsoCode": deal.customer.currency,
        "Change__c": version.change,
        "Agreed_On__c": version.agreed_on.isoformat(),
    }
    world.put("salesforce", "Order", order, at)
    for line in version.lines:
        row = {
            "Id": salesforce_id("OrderItem", f"{deal.key}:{number}:{line.id}"),
            "OrderId": order["Id"],
            **_price_line(deal, line),
            "EndDate": _iso(line.ends),
            "Line__c": line.id,
            "Billing_Frequency__c": line.frequency,
            "Billing_Timing__c": line.timing,
        }
        world.put("salesforce", "OrderItem", row, at)
    return order["Id"]


def put_mistaken_order(world: World, deal: Deal) -> None:
    """An upsell that was entered on the wrong contract and deleted the next day."""
    first = deal.versions[0]
    lines = tuple(replace(line, quantity=line.quantity * 2, amount=line.amount * 2) for line in first.lines)
    on = first.effective_on + timedelta(days=30)
    order_id = put_order(world, deal, replace(first, agreed_on=on, effective_on=on, change="upsell", lines=lines), 9)
    removed_at = seconds(on + timedelta(days=1), 9)
    world.remove("salesforce", "Order", order_id, removed_at)
    for line in lines:
        world.remove("salesforce", "OrderItem", salesforce_id("OrderItem", f"{deal.key}:9:{line.id}"), removed_at)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _price_line(deal: Deal, line: Line) -> dict[str, Any]:
    unit_price = line.unit_price if line.is_usage else round(line.amount / line.quantity)
    return {
        "Product2Id": salesforce_id("Product2", line.product_id),
        "PricebookEntryId": salesforce_id("PricebookEntry", f"{line.product_id}:{deal.customer.currency}"),
        "ProductCode": line.product_id,
        "Description": PRODUCTS[line.product_id].name,
        "Quantity": float(line.quantity),
        "UnitPrice": major(unit_price),
        "ListPrice": major(line.list_price),
        "TotalPrice": major(line.amount),
        "ServiceDate": _iso(line.starts),
        "CurrencyIsoCode": deal.customer.currency,
    }


def _put_opportunity(world: World, deal: Deal) -> str:
    lines = deal.versions[0].lines
    opened_at = seconds(deal.signed_on - timedelta(days=45), 9)
    row = {
        "Id": salesforce_id("Opportunity", deal.key),
        "AccountId": deal.customer.account_id,
        "Name": f"{deal.customer.name} {deal.starts.year}",
        "StageName": "Proposal",
        "Type": "New Business" if deal.key.endswith(":1") else "Renewal",
        "Amount": major(sum(line.amount for line in lines)),
        "CloseDate": deal.signed_on.isoformat(),
        "IsClosed": False,
        "IsWon": False,
        "CurrencyIsoCode": deal.customer.currency,
    }
    world.put("salesforce", "Opportunity", row, opened_at)
    for line in lines:
        item = {
            "Id": salesforce_id("OpportunityLineItem", f"{deal.key}:{line.id}"),
            "OpportunityId": row["Id"],
            **_price_line(deal, line),
        }
        world.put("salesforce", "OpportunityLineItem", item, opened_at)
    won = {"StageName": "Closed Won", "IsClosed": True, "IsWon": True}
    world.patch("salesforce", "Opportunity", row["Id"], seconds(deal.signed_on, 9), won)
    return row["Id"]


def put_other_opportunity(world: World, seed: int, customer: Customer) -> None:
    """Half of the accounts have a deal that was lost or is still open: no revenue may come of it."""
    draw = draws(seed, customer.number, "other opportunity")
    if draw.random() < 0.5:
        return
    lost = draw.random() < 0.6
    closes = date(2025, 1, 15) + timedelta(days=draw.randint(0, 340) if lost else 420)
    row = {
        "Id": salesforce_id("Opportunity", f"{customer.number}:other"),
        "AccountId": customer.account_id,
        "Name": f"{customer.name} expansion",
        "StageName": "Closed Lost" if lost else "Negotiation",
        "Type": "Existing Business",
        "Amount": float(draw.randint(20, 900) * 100),
        "CloseDate": closes.isoformat(),
        "IsClosed": lost,
        "IsWon": False,
        "CurrencyIsoCode": customer.currency,
    }
    world.put("salesforce", "Opportunity", row, seconds(closes - timedelta(days=30 if lost else 200), 9))
