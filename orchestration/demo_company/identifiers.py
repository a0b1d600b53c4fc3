"""Vendor-shaped ids, made from a key: the same key gives the same id in every run."""

from __future__ import annotations

import hashlib

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

SALESFORCE_PREFIX = {
    "Account": "001",
    "Opportunity": "006",
    "OpportunityLineItem": "00k",
    "Product2": "01t",
    "Pricebook2": "01s",
    "PricebookEntry": "01u",
    "Contract": "800",
    "Order": "801",
    "OrderItem": "802",
    "Milestone__c": "a01",
}
GOCARDLESS_PREFIX = {
    "creditor": "CR",
    "customer": "CU",
    "event": "EV",
    "mandate": "MD",
    "payment": "PM",
    "payout": "PO",
    "refund": "RF",
    "bank_account": "BA",
}


def _letters(key: str, length: int, alphabet: str) -> str:
    number = int.from_bytes(hashlib.sha256(key.encode()).digest(), "big")
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        letters.append(alphabet[place])
    return "".join(letters)


def stripe_id(prefix: str, key: str) -> str:
    return f"{prefix}_1Nw{_letters(f'stripe:{prefix}:{key}', 21, BASE62)}"


def gocardless_id(kind: str, key: str) -> str:
    return f"{GOCARDLESS_PREFIX[kind]}{_letters(f'gocardless:{kind}:{key}', 14, BASE62[:36])}"


def salesforce_id(kind: str, key: str) -> str:
    """Fifteen case-sensitive characters and the three-letter check of which of them are capitals."""
    short = f"{SALESFORCE_PREFIX[kind]}Nw0{_letters(f'salesforce:{kind}:{key}', 9, BASE62)}"
    check = "".join(
        CHECK[sum(1 << place for place, letter in enumerate(short[start : start + 5]) if letter.isupper())]
        for start in (0, 5, 10)
    )
    return short + check
