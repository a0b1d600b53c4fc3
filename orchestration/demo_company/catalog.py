"""What Northwind Metrics sells, to whom and from where. Prices are minor units; the selling-price book in seeds/demo agrees."""

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


PRODUCTS = {
    product.id: product
    for product in (
        Product("platform-team", "Northwind Team", "subscription", "straight_line", "month", (2900, 2700, 2300)),
        Product(
            "platform-business", "Northwind Business", "subscription", "straight_line", "month", (5900, 5500, 4700)
        ),
        Product(
            "platform-enterprise", "Northwind Enterprise", "subscription", "straight_line", "month", (9900, 9200, 7900)
        ),
        Product(
            "addon-warehouse-sync", "Warehouse Sync", "subscription", "straight_line", "month", (40000, 37000, 32000)
        ),
        Product("addon-sso", "Single Sign-On", "subscription", "straight_line", "month", (15000, 14000, 12000)),
        Product("support-premium", "Premium Support", "support", "straight_line", "month", (60000, 56000, 48000)),
        Product("events-overage", "Events above plan, per thousand", "usage", "usage", "each", (45, 42, 36)),
        Product(
            "implementation", "Implementation milestone", "services", "milestone", "each", (400000, 370000, 320000)
        ),
        Product("onboarding", "Onboarding package", "services", "point_in_time", "each", (250000, 230000, 200000)),
        Product("training-day", "Training day", "services", "point_in_time", "each", (180000, 165000, 145000)),
        Product("discount", "Invoice discount", "subscription", "straight_line", "each", (0, 0, 0)),
    )
}


@dataclass(frozen=True)
class Country:
    """`vat` in percent is charged to self-serve customers by nwm-eu; companies outside Ireland account for it themselves."""

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

FIRST_WORDS = (
    "Alder", "Amber", "Arc", "Beacon", "Birch", "Blue", "Bright", "Cedar", "Clear", "Cobalt", "Copper", "Coral", "Crest",
    "Delta", "Drift", "East", "Elm", "Ember", "Fern", "Field", "Flint", "Forge", "Frost", "Gale", "Glen", "Granite",
    "Grove", "Harbor", "Haven", "Hazel", "High", "Iron", "Ivory", "Juniper", "Kestrel", "Lake", "Larch", "Linden", "Maple",
    "Marsh", "Meadow", "North", "Oak", "Ocean", "Orchid", "Pine", "Quarry", "River", "Rowan", "Sage", "Silver", "Slate",
    "South", "Spruce", "Stone", "Summit", "Tide", "Vale", "West", "Willow",
)  # fmt: skip
SECOND_WORDS = (
    "Analytics", "Apparel", "Bakeries", "Biotech", "Cargo", "Clinics", "Dental", "Energy", "Finance", "Foods", "Freight",
    "Games", "Garden", "Hotels", "Insurance", "Kitchens", "Labs", "Learning", "Legal", "Logistics", "Media", "Mobility",
    "Motors", "Outdoor", "Payments", "Pharma", "Press", "Retail", "Robotics", "Security", "Software", "Solar", "Sports",
    "Studios", "Supply", "Textiles", "Toys", "Travel", "Water", "Works",
)  # fmt: skip
