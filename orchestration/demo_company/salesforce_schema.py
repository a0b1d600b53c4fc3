"""The fields of the demo company's Salesforce objects: what describe answers and what a query may select."""

from __future__ import annotations

from typing import Any

AUDIT = {
    "CreatedDate": "datetime",
    "LastModifiedDate": "datetime",
    "SystemModstamp": "datetime",
    "IsDeleted": "boolean",
}
_PRICE_LINE = {
    "Product2Id": "reference",
    "PricebookEntryId": "reference",
    "ProductCode": "string",
    "Description": "textarea",
    "Quantity": "double",
    "UnitPrice": "currency",
    "ListPrice": "currency",
    "TotalPrice": "currency",
    "ServiceDate": "date",
    "CurrencyIsoCode": "picklist",
}

OBJECTS: dict[str, dict[str, str]] = {
    "Account": {
        "Name": "string",
        "Type": "picklist",
        "ParentId": "reference",
        "BillingCity": "string",
        "BillingCountry": "string",
        "BillingAddress": "address",
        "CurrencyIsoCode": "picklist",
        "Legal_Entity__c": "string",
        "Region__c": "picklist",
        "Segment__c": "picklist",
    },
    "Opportunity": {
        "AccountId": "reference",
        "ContractId": "reference",
        "Name": "string",
        "StageName": "picklist",
        "Type": "picklist",
        "Amount": "currency",
        "CloseDate": "date",
        "IsClosed": "boolean",
        "IsWon": "boolean",
        "CurrencyIsoCode": "picklist",
    },
    "OpportunityLineItem": {"OpportunityId": "reference", **_PRICE_LINE},
    "Product2": {
        "Name": "string",
        "ProductCode": "string",
        "Family": "picklist",
        "IsActive": "boolean",
        "Recognition_Method__c": "picklist",
        "Revenue_Stream__c": "picklist",
    },
    "Pricebook2": {"Name": "string", "IsActive": "boolean", "IsStandard": "boolean"},
    "PricebookEntry": {
        "Pricebook2Id": "reference",
        "Product2Id": "reference",
        "UnitPrice": "currency",
        "IsActive": "boolean",
        "CurrencyIsoCode": "picklist",
    },
    "Contract": {
        "ContractNumber": "string",
        "AccountId": "reference",
        "Status": "picklist",
        "StartDate": "date",
        "EndDate": "date",
        "ContractTerm": "int",
        "CustomerSignedDate": "date",
        "ActivatedDate": "datetime",
        "CurrencyIsoCode": "picklist",
        "Opportunity__c": "reference",
    },
    "Order": {
        "OrderNumber": "string",
        "AccountId": "reference",
        "ContractId": "reference",
        "OpportunityId": "reference",
        "EffectiveDate": "date",
        "EndDate": "date",
        "Status": "picklist",
        "ActivatedDate": "datetime",
        "TotalAmount": "currency",
        "CurrencyIsoCode": "picklist",
        "Change__c": "picklist",
        "Agreed_On__c": "date",
    },
    "OrderItem": {
        "OrderId": "reference",
        **_PRICE_LINE,
        "EndDate": "date",
        "Line__c": "string",
        "Billing_Frequency__c": "picklist",
        "Billing_Timing__c": "picklist",
    },
    "Milestone__c": {
        "Name": "string",
        "Contract__c": "reference",
        "Line__c": "string",
        "Measured_On__c": "date",
        "To_Date__c": "double",
    },
}
_NUMBERS = {"currency": (18, 2), "double": (18, 6), "int": (9, 0)}


def fields_of(kind: str) -> dict[str, str]:
    """Field name to type, with the fields every object has. Raises KeyError for an unknown object."""
    return {"Id": "id", **OBJECTS[kind], **AUDIT}


def describe(kind: str) -> dict[str, Any]:
    fields = []
    for name, type_ in fields_of(kind).items():
        precision, scale = _NUMBERS.get(type_, (0, 0))
        fields.append(
            {
                "name": name,
                "type": type_,
                "compoundFieldName": None,
                "nillable": name not in AUDIT and name != "Id",
                "precision": precision,
                "scale": scale,
                "custom": name.endswith("__c"),
            }
        )
    return {"name": kind, "fields": fields, "queryable": True, "replicateable": True}
