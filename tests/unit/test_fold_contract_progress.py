"""Progress, breakage, signatures and shared obligations in the fold of a contract, with figures worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from contract_facts import component, contract, day, fold, line, progress, revenue, totals
from fold_contract import Component, expected_back
from test_fold_contract import YEAR, balances, prices


def test_uninstalled_materials_earn_their_cost() -> None:
    """Example 19: 20% of 3,500,000 and 1,500,000 of materials at no margin."""
    facts = contract(
        ("2022-01-01", [line(1, 500000000, method="percent_complete")]),
        progress=[progress(1, "2022-12-31", 500000, 2500000, at_cost=150000000)],
    )
    assert totals(facts) == {1: 220000000}


def test_progress_may_be_rounded_by_policy() -> None:
    measures = [progress(1, "2027-03-31", 1, 3), progress(1, "2027-06-30", 2, 3), progress(1, "2027-09-30", 3, 3)]
    facts = contract(
        ("2027-01-01", [line(1, 60000000, method="percent_complete")]),
        progress=measures,
        policy={"progress_rounding": "0.01"},
    )
    assert list(revenue(facts).values()) == [19800000, 20400000, 19800000]


def test_what_is_not_used_lapses_and_breakage_thought_remote_is_not_expected() -> None:
    credits = line(1, 100000, "2026-01-01", method="units", quantity=100, expires="2026-12-31")
    used = [progress(1, "2026-03-31", 40, 80)]
    expected = contract(("2026-01-01", [credits]), progress=used)
    remote = contract(("2026-01-01", [credits]), progress=used, policy={"breakage": "remote"})
    assert revenue(expected) == {(1, "2026-03"): 50000, (1, "2026-12"): 50000}
    assert revenue(remote) == {(1, "2026-03"): 40000, (1, "2026-12"): 60000}
    assert [cause for *_, cause in fold(expected)["days"]] == ["schedule", "breakage"]


def test_service_before_the_signature_is_caught_up_on_it() -> None:
    facts = contract(
        ("2026-01-01", [line(1, 365000, *YEAR, not_before="2026-02-10")]), ("2026-07-01", [line(1, 365000, *YEAR)])
    )
    assert (1, "2026-01") not in revenue(facts)
    assert revenue(facts)[1, "2026-02"] == 59000


def test_a_prepayment_that_goes_back_is_a_refund_liability_beyond_the_notice() -> None:
    """1,200 paid for a year at 30 days of notice: at the end of March 900 is not served, 30 days of it are kept."""
    facts = contract(
        ("2026-01-01", [line(1, 365000, *YEAR, refundable_after=30)]),
        billed=[[day("2026-01-01"), 365000, "", 1]],
    )
    found = balances(facts, "refund_liability")
    assert found["2026-03"] == 365000 - 90000 - 30000
    assert found["2026-12"] == 0


def test_lines_of_one_obligation_share_what_it_earns_before_and_after_a_change() -> None:
    both = [line(1, 10000, *YEAR, obligation=500), line(2, 5000, *YEAR, obligation=500)]
    after = [line(1, 10000, *YEAR, obligation=500), line(2, 8000, *YEAR, obligation=500)]
    facts = contract(("2026-01-01", both), ("2026-04-15", after))
    assert totals(facts) == prices(facts, 2)
    assert sum(totals(facts).values()) == 18000


def test_where_no_instalments_were_agreed_bills_say_when_the_price_is_paid() -> None:
    """4,000 in two years: a bill of 3,000 less 400, then one of 2,000, of which 1,400 are of the price."""
    goods = [line(1, 300000, "2029-01-01"), line(2, 100000, "2029-01-01")]
    agreed = contract(
        ("2027-01-01", goods),
        components=[component(9, "financing", rate="0.06")],
        payments=[[day("2027-01-01"), 260000], [day("2028-01-01"), 140000]],
    )
    billed = {
        **agreed,
        "payments": [],
        "due": [
            *([day("2027-01-01"), 300000, "", 1], [day("2027-01-01"), -40000, "", None]),
            *([day("2028-01-01"), 200000, "", 2], [day("2028-06-01"), -30000, "", 2], [day("2028-07-01"), 1, "", 1]),
        ],
    }
    assert totals(billed) == totals(agreed) != {1: 300000, 2: 100000}
    assert balances(billed, "interest_expense") == balances(agreed, "interest_expense")


def test_bills_of_other_lines_pay_for_nothing_that_is_financed() -> None:
    """3,000 now for the goods at 6% are worth 3,370.80 in two years; the service beside them is billed for itself."""
    facts = contract(
        ("2027-01-01", [line(1, 300000, "2029-01-01"), line(2, 100000, "2027-01-01")]),
        components=[component(9, "financing", rate="0.06")],
        scopes=[[9, 1]],
        due=[[day("2027-01-01"), 300000, "", 1], [day("2028-06-01"), 100000, "", 2]],
    )
    assert totals(facts) == {1: 337080, 2: 100000}


GOODS_AND_SERVICE = [line(1, 100000, "2029-01-01", ssp=50000), line(2, 50000, "2027-01-01", ssp=100000)]


def test_interest_accrues_on_the_price_after_a_discount() -> None:
    """1,100 less 100 now for what is delivered in two years, at 10%: revenue 1,210, interest 210."""
    facts = contract(
        ("2027-01-01", [line(1, 110000, "2029-01-01"), line(2, -10000, discount=True)]),
        components=[component(9, "financing", rate="0.10")],
        payments=[[day("2027-01-01"), 100000]],
    )
    assert totals(facts) == {1: 121000}
    assert [*balances(facts, "interest_expense").values()][-1] == -21000


def test_an_instalment_of_another_line_pays_for_nothing_that_is_financed() -> None:
    facts = contract(
        ("2027-01-01", [line(1, 100000, "2029-01-01"), line(2, 50000, "2027-01-01")]),
        components=[component(9, "financing", rate="0.10")],
        scopes=[[9, 1]],
        payments=[[day("2027-01-01"), 100000, "", 1], [day("2027-01-01"), 50000, "", 2]],
    )
    assert totals(facts) == {1: 121000, 2: 50000}


def test_interest_accrues_on_the_prices_that_the_allocation_gives() -> None:
    """1,500 now, and by standalone prices a third of the price is for goods in two years, at 10%.

    At a price of 1,592.11 the service earns 1,061.41, and the 438.59 that are left grow to 530.70.
    """
    facts = contract(
        ("2027-01-01", GOODS_AND_SERVICE),
        components=[component(9, "financing", rate="0.10")],
        payments=[[day("2027-01-01"), 150000]],
    )
    assert totals(facts) == {1: 53070, 2: 106141}
    assert abs((150000 - 106141) * 1.21 - 53070) < 1


@pytest.mark.parametrize(
    "payments",
    [
        [[day("2027-01-01"), 150000, "", None]],
        [[day("2027-01-01"), 100000, "", 1], [day("2027-01-01"), 50000, "", 2]],
    ],
)
def test_what_is_paid_for_some_lines_goes_by_what_they_are_sold_for(payments: list[list[Any]]) -> None:
    """500 of the 1,500 are for the goods, whatever the instalments call them: 605 in two years at 10%."""
    facts = contract(
        ("2027-01-01", GOODS_AND_SERVICE),
        components=[component(9, "financing", rate="0.10")],
        scopes=[[9, 1]],
        payments=payments,
    )
    assert totals(facts) == {1: 60500, 2: 100000}


class Rows(list):
    """Rows that count how often they are gone through."""

    times = 0

    def __iter__(self) -> Iterator[Any]:
        self.times += 1
        return super().__iter__()


def test_a_refund_liability_goes_through_the_bills_once() -> None:
    """1.00 of 10.00 goes back; ten bills of 1.00 add 0.10 each."""
    rebate, bills = Component(component(9, "rebate"), set()), Rows([on, 100] for on in range(10))
    found = expected_back([rebate], [[0, 9, -100]], bills, [[0, 1000]], [])
    assert found == [[on, 9, "refund_liability", 10] for on in range(10)]
    assert bills.times == 1


def test_a_credit_before_the_right_settles_what_is_owed_until_then() -> None:
    """1.00 of 10.00 goes back, 3.00 are credited on day 1 and settle 0.40 of day 2 and 0.30 of day 5, the right."""
    refunds, bills = Component(component(9, "refund_right"), set()), [[2, 400], [5, 300], [6, 300]]
    found = expected_back([refunds], [[0, 9, -100]], bills, [[0, 1000]], [[1, 300, "rebate", 5]])
    settled = [[2, 40], [2, -40], [5, 30], [5, -30], [6, 30]]
    assert found == [[on, 9, "refund_liability", change] for on, change in settled]
    assert expected_back([refunds], [[0, 9, -100]], bills, [[0, 1000]], [[1, 300, "billing_error", 5]]) == [
        [on, 9, "refund_liability", change] for on, change in [[2, 40], [5, 30], [6, 30]]
    ]
