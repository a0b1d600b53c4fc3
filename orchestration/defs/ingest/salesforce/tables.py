"""The raw tables of Salesforce: one per object, decimals as Salesforce sends them, moments in UTC.

Columns are named as the fields are, in snake case and without the `__c` of custom ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from orchestration.defs.ingest.columns import Column, Kind, Table, day, flag, moment, number, text, whole

# Types that describe gives to the fields of a column's kind.
FIELD_TYPES = {
    Kind.TEXT: {"string", "picklist", "multipicklist", "combobox", "reference", "id", "textarea", "email", "url"},
    Kind.NUMBER: {"currency", "double", "percent", "int", "long"},
    Kind.WHOLE: {"int", "long"},
    Kind.FLAG: {"boolean"},
    Kind.DAY: {"date"},
    Kind.MOMENT: {"datetime"},
}
_AUDIT = (
    moment("created_at", "CreatedDate"),
    moment("last_modified_at", "LastModifiedDate"),
    moment("system_modstamp", "SystemModstamp"),
)


@dataclass(frozen=True)
class Record:
    """One object of Salesforce and its raw table. `optional`: an organisation may not have it."""

    name: str
    table: Table
    optional: bool = False


def _names(make: object, fields: str) -> tuple[Column, ...]:
    return tuple(make(snake(field), field) for field in fields.split())  # type: ignore[operator]


def snake(field: str) -> str:
    """`BillingFrequency__c` and `Billing_Frequency__c` are both billing_frequency; `Product2Id` is product2_id."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", field.removesuffix("__c")).lower()


def _record(
    name: str,
    table: str,
    *columns: Column,
    texts: str = "",
    numbers: str = "",
    days: str = "",
    flags: str = "",
    optional: bool = False,
) -> Record:
    every = (
        text("id", "Id", required=True),
        *_names(text, texts),
        *_names(number, numbers),
        *_names(day, days),
        *_names(flag, flags),
        *columns,
        *_AUDIT,
    )
    return Record(name, Table(table, every, created="created_at"), optional)


_CURRENCY = text("currency", "CurrencyIsoCode", required=True)
_PRICES = "Quantity UnitPrice ListPrice TotalPrice"

RECORDS = (
    _record("Account", "accounts", texts="Name ParentId Type Legal_Entity__c Region__c Segment__c"),
    _record(
        "Opportunity",
        "opportunities",
        _CURRENCY,
        texts="AccountId ContractId Name StageName Type",
        numbers="Amount",
        days="CloseDate",
        flags="IsClosed IsWon",
    ),
    _record(
        "OpportunityLineItem",
        "opportunity_line_items",
        _CURRENCY,
        texts="OpportunityId Product2Id PricebookEntryId ProductCode Description",
        numbers=_PRICES,
        days="ServiceDate",
    ),
    _record(
        "Product2",
        "products",
        texts="Name ProductCode Family Recognition_Method__c Revenue_Stream__c",
        flags="IsActive",
    ),
    _record(
        "Contract",
        "contracts",
        _CURRENCY,
        whole("contract_term", "ContractTerm"),
        moment("activated_at", "ActivatedDate"),
        texts="ContractNumber AccountId Status Opportunity__c",
        days="StartDate EndDate CustomerSignedDate",
    ),
    _record(
        "Order",
        "orders",
        _CURRENCY,
        moment("activated_at", "ActivatedDate"),
        texts="OrderNumber AccountId ContractId OpportunityId Status Change__c",
        numbers="TotalAmount",
        days="EffectiveDate EndDate Agreed_On__c",
    ),
    _record(
        "OrderItem",
        "order_items",
        _CURRENCY,
        texts="OrderId Product2Id PricebookEntryId Description Line__c Billing_Frequency__c Billing_Timing__c",
        numbers=_PRICES,
        days="ServiceDate EndDate",
    ),
    _record(
        "Milestone__c",
        "milestones",
        texts="Name Contract__c Line__c",
        numbers="To_Date__c",
        days="Measured_On__c",
        optional=True,
    ),
)
TABLES = tuple(record.table for record in RECORDS)
