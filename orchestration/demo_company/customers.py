"""The customers, each drawn from its own seeded generator so that adding one changes no other."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .catalog import COUNTRIES, COUNTRY_WEIGHTS, FIRST_WORDS, SECOND_WORDS, Country
from .identifiers import gocardless_id, salesforce_id, stripe_id


@dataclass(frozen=True)
class Customer:
    """Even numbers are CRM customers with a signed contract, odd numbers signed up by themselves at Stripe."""

    number: int
    name: str
    country: Country
    city: str
    segment: str
    pays_by: str  # card, bank, direct_debit

    @property
    def is_crm(self) -> bool:
        return self.number % 2 == 0

    @property
    def currency(self) -> str:
        return self.country.currency

    @property
    def account_id(self) -> str:
        return salesforce_id("Account", str(self.number))

    @property
    def stripe_id(self) -> str:
        return stripe_id("cus", str(self.number))

    @property
    def gocardless_id(self) -> str:
        return gocardless_id("customer", str(self.number))

    @property
    def mandate_id(self) -> str:
        return gocardless_id("mandate", str(self.number))

    @property
    def email(self) -> str:
        return f"billing@{self.name.lower().replace(' ', '-')}.example"


def draws(seed: int, number: int, purpose: str = "") -> Random:
    """The random numbers of one customer for one purpose, equal in every run."""
    return Random(f"{seed}:{number}:{purpose}" if purpose else f"{seed}:{number}")  # noqa: S311 - a story, not a secret


def make_customer(seed: int, number: int) -> Customer:
    draw = draws(seed, number)
    code = draw.choices(list(COUNTRY_WEIGHTS), weights=list(COUNTRY_WEIGHTS.values()))[0]
    country = COUNTRIES[code]
    crm = number % 2 == 0
    pays_by = "bank" if crm else "card"
    if country.region == "EMEA" and draw.random() < 0.45:
        pays_by = "direct_debit"
    segment = draw.choices(("enterprise", "mid_market", "small"), weights=(30, 50, 20) if crm else (0, 15, 85))[0]
    # 60 x 40 words, walked with a stride that has no divisor in common with either: no name comes twice.
    first = FIRST_WORDS[number * 7 % len(FIRST_WORDS)]
    second = SECOND_WORDS[(number * 7 + number // len(FIRST_WORDS) * 3) % len(SECOND_WORDS)]
    return Customer(number, f"{first} {second}", country, draw.choice(country.cities), segment, pays_by)
