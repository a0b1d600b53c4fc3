"""Material rights that are used, in the fold of a contract, with figures worked out by hand (606-10-55-41 to 55-45)."""

from __future__ import annotations

from contract_facts import component, contract, day, line, progress, revenue, totals
from test_fold_contract import YEAR, prices, treatment

# 1,200 for a year and an option worth 300 on a second one, which sells for 1,200, at 900: 960 and 240.
FIRST = line(1, 120000, *YEAR)
OPTION = line(2, 0, "2026-01-01", method="units", ssp=30000, expires="2027-06-30")
SECOND = line(3, 90000, "2027-01-01", "2027-12-31", ssp=120000, exercises=2)
MODIFICATION = {"material_right_exercise": "modification"}


def test_the_right_is_the_discount_on_what_it_buys() -> None:
    """The second year is below its standalone price and continues the contract all the same: 900 and 240 deferred."""
    facts = contract(("2026-01-01", [FIRST, OPTION]), ("2026-12-01", [FIRST, OPTION, SECOND]))
    assert prices(facts, 1) == {1: 96000, 2: 24000}
    assert prices(facts, 2) == {1: 96000, 2: 0, 3: 114000}
    assert totals(facts) == {1: 96000, 3: 114000}
    assert treatment(facts) == "separate_contract"


def test_a_policy_that_treats_every_modification_alike_says_nothing_of_a_right() -> None:
    facts = contract(
        ("2026-01-01", [FIRST, OPTION]), ("2026-12-01", [FIRST, OPTION, SECOND]), policy={"modification": "prospective"}
    )
    assert totals(facts) == {1: 96000, 3: 114000}


def test_a_right_that_is_used_takes_no_share_of_what_a_modification_shares_again() -> None:
    """Of 960 the last of 12 months is left, 80; with 240 and 900 that is 1,220 for 100 and 1,200 of service."""
    policy = {**MODIFICATION, "convention": "monthly_even"}
    facts = contract(("2026-01-01", [FIRST, OPTION]), ("2026-12-01", [FIRST, OPTION, SECOND]), policy=policy)
    assert totals(facts) == {1: 88000 + 9385, 3: 112615}
    assert treatment(facts) == "prospective"
    later = contract(
        *[("2026-01-01", [FIRST, OPTION]), ("2026-12-01", [FIRST, OPTION, SECOND])],
        ("2027-07-01", [FIRST, OPTION, [*SECOND[:6], 100000, *SECOND[7:]]]),
        policy=policy,
    )
    assert totals(later) == {1: 88000 + 9385, 3: 122615}


def test_what_else_a_version_changes_is_judged_by_itself() -> None:
    """The use of the right continues the contract; the support that is cut by 600 in July is a modification."""
    support, cut = line(4, 120000, *YEAR), line(4, 60000, *YEAR, ssp=120000)
    whole = contract(
        ("2026-01-01", [FIRST, OPTION, support]),
        ("2026-07-01", [FIRST, OPTION, cut, SECOND]),
        policy={"convention": "monthly_even"},
    )
    # 240,000 over 270,000: 106,667, 26,667 and 106,666; half of the services is left, 106,667 less 60,000.
    assert prices(whole, 1) == {1: 106667, 2: 26667, 4: 106666}
    assert totals(whole)[3] == 90000 + 26667
    assert totals(whole)[1] + totals(whole)[4] == 240000 - 26667 - 60000
    assert revenue(whole)[1, "2026-12"] + revenue(whole)[4, "2026-12"] == 7778
    assert treatment(whole) == "prospective"


def test_lines_that_use_one_right_share_their_price_and_what_was_deferred() -> None:
    """900 and 100 and the 240 deferred, by 1,200 to 100."""
    more = line(4, 10000, "2027-01-01", "2027-12-31", exercises=2)
    facts = contract(("2026-01-01", [FIRST, OPTION]), ("2026-12-01", [FIRST, OPTION, SECOND, more]))
    assert totals(facts) == {1: 96000, 3: 114462, 4: 9538}


def test_a_right_may_leave_the_terms_when_it_is_used() -> None:
    """A third of an option sold for 300 was used before; it goes, and the price of 1,800 for both years stands."""
    option = line(2, 30000, "2026-01-01", method="units", quantity=3, expires="2027-06-30")
    facts = contract(
        ("2026-01-01", [FIRST, option]), ("2026-12-01", [FIRST, SECOND]), progress=[progress(2, "2026-05-31", 1)]
    )
    assert totals(facts) == {1: 120000, 2: 10000, 3: 90000 + 20000 - 30000}
    kept = contract(
        ("2026-01-01", [FIRST, option]),
        ("2026-12-01", [FIRST, option, SECOND]),
        progress=[progress(2, "2026-05-31", 1)],
    )
    assert totals(kept) == {1: 120000, 2: 10000, 3: 110000}


def test_units_of_rounding_stay_with_what_they_were_given_to() -> None:
    """100 in thirds: the option, first in order, has the unit left over, and takes it along."""
    option, lines = line(1, 0, "2026-01-01", method="units", ssp=100), [line(2, 50, *YEAR), line(3, 50, *YEAR)]
    lines = [[*each[:8], 100, *each[9:]] for each in lines]
    second = line(4, 60, "2027-01-01", "2027-12-31", ssp=100, exercises=1)
    facts = contract(("2026-01-01", [option, *lines]), ("2026-07-01", [option, *lines, second]))
    assert prices(facts, 1) == {1: 34, 2: 33, 3: 33}
    assert totals(facts) == {2: 33, 3: 33, 4: 94}


def test_a_later_change_of_the_price_follows_the_right_into_what_it_bought() -> None:
    """150 more by 1,200 to 300, whether the right is named or not."""
    versions = ("2026-01-01", [FIRST, OPTION]), ("2026-12-01", [FIRST, OPTION, SECOND])
    estimates = [[9, day("2026-01-01"), 0], [9, day("2027-02-01"), 15000]]
    facts = contract(*versions, components=[component(9)], estimates=estimates)
    assert totals(facts) == {1: 96000 + 12000, 3: 114000 + 3000}
    named = contract(*versions, components=[component(9)], scopes=[[9, 2]], estimates=estimates)
    assert totals(named) == {1: 96000, 3: 114000 + 15000}
    early = contract(*versions, components=[component(9)], scopes=[[9, 2]], estimates=[[9, day("2026-01-01"), 15000]])
    assert totals(early) == {1: 96000, 3: 114000 + 15000}
    assert prices(early, 2) == {1: 96000, 2: 0, 3: 129000}


def test_a_cent_over_two_parts_of_the_contract_falls_on_one_of_them() -> None:
    """1.01 of bonus by 100 to 100: half for what was sold, half for what the right bought. 200, 600 and 1.01 in all."""
    sold, right = line(1, 20000, "2026-01-05", ssp=10000), line(2, 0, method="units", ssp=10000, expires="2026-12-31")
    bought = line(3, 60000, "2026-05-01", "2026-12-31", ssp=75000, exercises=2)
    facts = contract(
        *[("2026-01-01", [sold, right]), ("2026-05-01", [sold, right, bought])],
        components=[component(9)],
        estimates=[[9, day("2026-07-01"), 101]],
    )
    assert totals(facts) == {1: 10051, 3: 70050}


def test_a_bonus_over_three_parts_of_the_contract_is_neither_more_nor_less() -> None:
    """1.00 by thirds: 0.33, 0.34 and 0.33, each the difference of two rounded sums."""
    terms = {"method": "units", "ssp": 10000, "expires": "2026-12-31"}
    sold, rights = line(1, 30000, "2026-01-05", ssp=10000), [line(2, 0, **terms), line(3, 0, **terms)]
    bought = [line(4, 60000, "2026-05-01", "2026-12-31", ssp=75000, exercises=2)]
    bought += [line(5, 60000, "2026-06-01", "2026-12-31", ssp=75000, exercises=3)]
    facts = contract(
        ("2026-01-01", [sold, *rights]),
        ("2026-05-01", [sold, *rights, bought[0]]),
        ("2026-06-01", [sold, *rights, *bought]),
        components=[component(9)],
        estimates=[[9, day("2026-07-01"), 100]],
    )
    assert totals(facts) == {1: 10033, 4: 70034, 5: 70033}


def test_a_royalty_of_a_delivered_and_an_access_licence_is_rounded_once() -> None:
    """1.01 by halves, twice: the odd cent of each is one cent in all, and so are the two of them together."""
    licences = [line(1, 10000, "2026-01-05", ssp=10000), line(2, 10000, *YEAR, ssp=10000)]
    facts = contract(
        ("2026-01-01", licences),
        components=[component(9, "royalty")],
        estimates=[[9, day("2026-03-31"), 101]],
    )
    assert totals(facts) == {1: 10051, 2: 10050}
    facts["estimates"].append([9, day("2026-04-30"), 202])
    assert totals(facts) == {1: 10101, 2: 10101}
