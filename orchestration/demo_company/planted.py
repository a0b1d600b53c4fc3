"""The errors planted in the demo company's books, one customer each, so that what must be found can be named.

`python -m orchestration.demo_company.serve --errors` prints the list that `planted_errors.csv` keeps.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from . import contract_bills, crm
from .bills import Bill, Fate, Item
from .catalog import COUNTRIES
from .customers import Customer, make_customer
from .deals import Deal, make_plain_deal
from .identifiers import salesforce_id
from .moments import add_months, seconds
from .world import World

FIRST_NUMBER = 1000  # of the customers with an error, apart from all others
DAY = timedelta(days=1)


@dataclass
class Case:
    """One customer with one contract and its invoices, about to get an error."""

    world: World
    customer: Customer
    deal: Deal
    bills: list[Bill]

    def order_item(self, line_id: str) -> str:
        return salesforce_id("OrderItem", f"{self.deal.key}:1:{line_id}")

    def amend(self, kind: str, object_id: str, changes: dict[str, object]) -> str:
        """Changes a CRM record from its first day on, as if it had been typed like that."""
        record = self.world.record("salesforce", kind, object_id)
        self.world.amend("salesforce", kind, object_id, record.created_at, changes)
        return object_id


@dataclass(frozen=True)
class Error:
    """`make` plants it and gives the id of the object it sits on. Some need the deal changed before it is signed.

    rule: of anomaly_flags, or the table and column of rejected_inputs.
    """

    id: str
    what: str
    system: str
    shows_in: str
    rule: str
    make: Callable[[Case], str]
    kind: str = "annual"
    starts: date = date(2024, 9, 1)
    change_deal: Callable[[Deal], Deal] | None = None


def _billed_twice(case: Case) -> str:
    bill = case.bills[4]
    again = replace(bill, key=f"{bill.key}:twice", finalized_on=bill.finalized_on + 3 * DAY, reason="manual")
    case.bills.append(again)
    return again.id


def _billed_above_contract(case: Case) -> str:
    bill = case.bills[0]
    bill.items[0] = replace(bill.items[0], amount=bill.items[0].amount * 11 // 10, quantity=1)
    return bill.line_id(0)


def _term_backwards(case: Case) -> str:
    """The right day of the wrong year."""
    ends_on = add_months(case.deal.ends, -12)
    return case.amend("OrderItem", case.order_item("L1"), {"EndDate": ends_on.isoformat()})


def _product_withdrawn(case: Case) -> str:
    at = seconds(date(2023, 10, 2), 9)
    product = {
        "Id": salesforce_id("Product2", "legacy-reports"),
        "Name": "Legacy Reports",
        "ProductCode": "legacy-reports",
        "Family": "subscription",
        "IsActive": False,
    }
    case.world.put("salesforce", "Product2", product, at)
    case.world.remove("salesforce", "Product2", product["Id"], seconds(date(2024, 3, 1), 9))
    changes = {"Product2Id": product["Id"], "ProductCode": "legacy-reports", "Description": "Legacy Reports"}
    return case.amend("OrderItem", case.order_item("L2"), changes)


def _three_decimals(case: Case) -> str:
    amount = round(crm.major(case.deal.versions[0].lines[0].amount) + 0.005, 3)
    return case.amend("OrderItem", case.order_item("L1"), {"TotalPrice": amount})


def _credit_above_line(case: Case) -> str:
    bill = case.bills[0]
    too_much = bill.items[1].amount * 3 // 2
    bill.fate = Fate("credit", bill.finalized_on + 70 * DAY, ((1, too_much),), "billing_error", settled="refund")
    return bill.credit_note_id


def _signed_late(case: Case) -> str:
    return case.deal.id


def _other_currency(case: Case) -> str:
    for line in case.deal.versions[0].lines:
        case.amend("OrderItem", case.order_item(line.id), {"CurrencyIsoCode": "EUR"})
    return case.amend("Order", salesforce_id("Order", f"{case.deal.key}:1"), {"CurrencyIsoCode": "EUR"})


def _unknown_contract(case: Case) -> str:
    on = date(2025, 4, 14)
    items = [Item("onboarding", 250000, line_id="L1")]
    nobody = salesforce_id("Contract", "never entered")
    bill = Bill(f"{case.customer.number}:unknown contract", case.customer, on, items, contract_id=nobody)
    case.bills.append(bill)
    return bill.id


def _no_account(case: Case) -> str:
    return case.order_item(case.deal.versions[0].lines[-1].id)


def _opportunity_differs(case: Case) -> str:
    opportunity = salesforce_id("Opportunity", case.deal.key)
    total = sum(line.amount for line in case.deal.versions[0].lines)
    return case.amend("Opportunity", opportunity, {"Amount": crm.major(total * 12 // 10)})


def _other_period(case: Case) -> str:
    bill = case.bills[0]
    item = bill.items[0]
    bill.items[0] = replace(item, starts=add_months(item.starts, 1), ends=add_months(item.ends + DAY, 1) - DAY)
    return bill.line_id(0)


def _with_addon(deal: Deal) -> Deal:
    """A second line, a small one."""
    first = deal.versions[0]
    line = replace(first.lines[0], id="L2", product_id="addon-sso", quantity=1, unit_price=180000, list_price=180000)
    return replace(deal, versions=(replace(first, lines=(first.lines[0], replace(line, amount=180000))),))


def _with_migration(deal: Deal) -> Deal:
    first = deal.versions[0]
    line = replace(first.lines[0], id="L2", product_id="data-migration", quantity=1, unit_price=600000)
    line = replace(line, list_price=600000, amount=600000, starts=date(2025, 12, 10), ends=None, frequency="once")
    return replace(deal, versions=(replace(first, lines=(first.lines[0], line)),))


def _signed_after_start(deal: Deal) -> Deal:
    signed_on = deal.starts + 45 * DAY
    return replace(deal, signed_on=signed_on, versions=(replace(deal.versions[0], agreed_on=signed_on),))


FLAG, REJECT = "anomaly_flags", "rejected_inputs"
ERRORS = (
    Error(
        "E01", "one month is invoiced twice", "stripe", FLAG, "service_is_billed_once", _billed_twice, kind="monthly"
    ),
    Error(
        "E02",
        "an invoice line is 10 % above the contract line it bills",
        "stripe",
        FLAG,
        "billing_is_within_the_price",
        _billed_above_contract,
    ),
    Error(
        "E03", "an order line ends before it starts", "salesforce", REJECT, "contract_lines.ends_on", _term_backwards
    ),
    Error(
        "E04",
        "an order line sells a product that was withdrawn from the product list",
        "salesforce",
        REJECT,
        "contract_lines.product_id",
        _product_withdrawn,
        change_deal=_with_addon,
    ),
    Error(
        "E05",
        "an order line's amount has half a cent",
        "salesforce",
        REJECT,
        "contract_lines.amount",
        _three_decimals,
    ),
    Error(
        "E06",
        "a credit note takes back more than the invoice line it names",
        "stripe",
        FLAG,
        "credit_is_within_the_invoice_line",
        _credit_above_line,
        change_deal=_with_addon,
    ),
    Error(
        "E07",
        "a contract is signed 45 days after its service began",
        "salesforce",
        FLAG,
        "service_follows_signature",
        _signed_late,
        change_deal=_signed_after_start,
    ),
    Error(
        "E08",
        "the order of a contract in US dollars is in euros",
        "salesforce",
        FLAG,
        "order_is_in_the_contract_currency",
        _other_currency,
    ),
    Error(
        "E09",
        "an invoice names a contract that is not in the CRM",
        "stripe",
        REJECT,
        "invoices.contract_id",
        _unknown_contract,
    ),
    Error(
        "E10",
        "no revenue account is mapped for data migration",
        "salesforce",
        FLAG,
        "account_is_mapped",
        _no_account,
        starts=date(2025, 11, 10),
        change_deal=_with_migration,
    ),
    Error(
        "E11",
        "a won opportunity is 20 % above the order it became",
        "salesforce",
        FLAG,
        "order_matches_the_opportunity",
        _opportunity_differs,
    ),
    Error(
        "E12",
        "an invoice is for a year that starts a month after the contract line's",
        "stripe",
        FLAG,
        "billed_period_is_in_the_term",
        _other_period,
    ),
)


def plant(world: World, seed: int) -> list[tuple[Error, str, Case]]:
    """Puts the contracts with an error into the CRM; their invoices are in the cases, to be published."""
    planted = []
    for place, error in enumerate(ERRORS):
        customer = make_customer(seed, FIRST_NUMBER + 2 * place)
        customer = replace(customer, country=COUNTRIES["US"], city="Boston", pays_by="bank", segment="mid_market")
        deal = make_plain_deal(seed, customer, error.kind, error.starts)
        deal = error.change_deal(deal) if error.change_deal else deal
        crm.put_account(world, customer, seconds(deal.starts - 120 * DAY, 9))
        crm.put_deal(world, deal)
        case = Case(world, customer, deal, contract_bills.plain_bills_of(seed, deal))
        if deal.signed_on > deal.starts:  # nobody invoices what is not signed
            case.bills[0].finalized_on = deal.signed_on + 2 * DAY
        planted.append((error, error.make(case), case))
    return planted


def as_csv(planted: list[tuple[Error, str, Case]]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("error_id", "what", "system", "object_id", "shows_in", "rule"))
    for error, object_id, _ in planted:
        rows.writerow((error.id, error.what, error.system, object_id, error.shows_in, error.rule))
    return text.getvalue()
