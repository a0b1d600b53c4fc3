"""What Northwind Metrics sells, to whom and from where. Prices are minor units and those of seeds/demo."""

from __future__ import annotations

from dataclasses import dataclass

CURRENCIES = ("USD", "EUR", "GBP")


@dataclass(frozen=True)
class Product:
    """`prices` are in the order of CURRENCIES, per `unit`: a month (of a seat or an account) or each."""

    id: str
    name: str
    stream: str
    method: str
    unit: str
    prices: tuple[int, int, int]

    def price(self, currency: str) -> int:
        return self.prices[CURRENCIES.index(currency)]


_SEATS = ("subscription", "straight_line", "month")
_ONCE = ("services", "point_in_time", "each")
PRODUCTS = {
    product.id: product
    for product in (
        Product("platform-team", "Northwind Team", *_SEATS, (2900, 2700, 2300)),
        Product("platform-business", "Northwind Business", *_SEATS, (5900, 5500, 4700)),
        Product("platform-enterprise", "Northwind Enterprise", *_SEATS, (9900, 9200, 7900)),
        Product("addon-warehouse-sync", "Warehouse Sync", *_SEATS, (40000, 37000, 32000)),
        Product("addon-sso", "Single Sign-On", *_SEATS, (15000, 14000, 12000)),
        Product("support-premium", "Premium Support", "support", "straight_line", "month", (60000, 56000, 48000)),
        Product("events-overage", "Thousand events above plan", "usage", "usage", "each", (45, 42, 36)),
        Product("implementation", "Implementation", "services", "milestone", "each", (400000, 370000, 320000)),
        Product("onboarding", "Onboarding package", *_ONCE, (250000, 230000, 200000)),
        Product("training-day", "Training day", *_ONCE, (180000, 165000, 145000)),
        Product("data-migration", "Data migration", "migration", "point_in_time", "each", (600000, 550000, 480000)),
        Product("discount", "Invoice discount", "subscription", "straight_line", "each", (0, 0, 0)),
    )
}


@dataclass(frozen=True)
class Country:
    """`vat` in percent is charged by nwm-eu to self-serve customers; companies abroad account for it themselves."""

    code: str
    name: str
    cities: tuple[str, ...]
    region: str
    entity_id: str
    currency: str
    vat: int = 0


COUNTRIES = {
    country.code: country
    for country in (
        Country("US", "United States", ("Boston", "Denver", "Austin", "Seattle", "Chicago"), "NA", "nwm-us", "USD"),
        Country("CA", "Canada", ("Toronto", "Vancouver"), "NA", "nwm-us", "USD"),
        Country("AU", "Australia", ("Sydney", "Melbourne"), "APAC", "nwm-us", "USD"),
        Country("SG", "Singapore", ("Singapore",), "APAC", "nwm-us", "USD"),
        Country("JP", "Japan", ("Osaka", "Tokyo"), "APAC", "nwm-us", "USD"),
        Country("IE", "Ireland", ("Dublin", "Cork"), "EMEA", "nwm-eu", "EUR", 23),
        Country("DE", "Germany", ("Hamburg", "Berlin", "Leipzig"), "EMEA", "nwm-eu", "EUR", 19),
        Country("FR", "France", ("Lyon", "Nantes"), "EMEA", "nwm-eu", "EUR", 20),
        Country("NL", "Netherlands", ("Utrecht", "Rotterdam"), "EMEA", "nwm-eu", "EUR", 21),
        Country("ES", "Spain", ("Valencia", "Bilbao"), "EMEA", "nwm-eu", "EUR", 21),
        Country("GB", "United Kingdom", ("Leeds", "Bristol"), "EMEA", "nwm-eu", "GBP"),
    )
}
COUNTRY_WEIGHTS = {"US": 40, "CA": 6, "AU": 9, "SG": 6, "JP": 5, "IE": 8, "DE": 9, "FR": 5, "NL": 4, "ES": 4, "GB": 4}

_FIRST = (
    "Alder Amber Arc Beacon Birch Blue Bright Cedar Clear Cobalt Copper Coral Crest Delta Drift East Elm Ember "
    "Fern Field Flint Forge Frost Gale Glen Granite Grove Harbor Haven Hazel High Iron Ivory Juniper Kestrel Lake "
    "Larch Linden Maple Marsh Meadow North Oak Ocean Orchid Pine Quarry River Rowan Sage Silver Slate South "
    "Spruce Stone Summit Tide Vale West Willow"
)
_SECOND = (
    "Analytics Apparel Bakeries Biotech Cargo Clinics Dental Energy Finance Foods Freight Games Garden Hotels "
    "Insurance Kitchens Labs Learning Legal Logistics Media Mobility Motors Outdoor Payments Pharma Press Retail "
    "Robotics Security Software Solar Sports Studios Supply Textiles Toys Travel Water Works"
)
FIRST_WORDS, SECOND_WORDS = _FIRST.split(), _SECOND.split()
