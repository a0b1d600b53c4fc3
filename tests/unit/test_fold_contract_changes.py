"""What a change of the terms leaves where it was, in the fold of a contract, with figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from contract_facts import component, contract, cumulative, day, fold, line, progress, revenue, totals
from test_fold_contract import EVEN, YEAR, prices, treatment

SERVICE, SUPPORT = line(1, 120000, *YEAR), line(2, 120000, *YEAR)


def test_a_royalty_that_was_earned_as_sold_is_not_kept_again() -> None:
    """600 of royalties of the first half; of 600 and 600 to come, 600 are cut: 50 a month for each."""
    facts = contract(
        ("2026-01-01", [SERVICE, SUPPORT]),
        ("2026-07-01", [SERVICE, line(2, 60000, *YEAR, ssp=120000)]),
        components=[component(9, "royalty")],
        scopes=[[9, 1]],
        estimates=[[9, day("2026-03-31"), 60000]],
        policy=EVEN,
    )
    found = revenue(facts)
    assert found[1, "2026-03"] == 70000
    assert found[1, "2026-07"] == found[2, "2026-12"] == 5000


def test_what_is_left_of_a_named_component_stays_with_its_line_through_every_change() -> None:
    """1,200 of bonus for the first line: 600 of it are left in July and 300 in October, beside 600 fixed each time."""
    first, second = line(1, 60000, *YEAR, ssp=120000), line(2, 150000, *YEAR, ssp=120000)
    facts = contract(
        ("2026-01-01", [SERVICE, SUPPORT]),
        ("2026-07-01", [first, SUPPORT]),
        ("2026-10-01", [first, second]),
        components=[component(9)],
        scopes=[[9, 1]],
        estimates=[[9, day("2026-01-01"), 120000]],
        policy=EVEN,
    )
    found = revenue(facts)
    assert [found[1, f"2026-{m:02}"] for m in (6, 7, 10)] == [20000, 15000, 20000]
    assert [found[2, f"2026-{m:02}"] for m in (6, 7, 10)] == [10000, 5000, 10000]
    assert prices(facts, 3) == {1: 225000, 2: 105000}


def test_a_named_component_is_kept_as_it_was_given_not_by_new_standalone_prices() -> None:
    """400 of bonus by 1,200 to 1,200; the support is dearer in July, but 100 of the bonus are left of each."""
    dearer = line(2, 180000, *YEAR, ssp=360000)
    facts = contract(
        ("2026-01-01", [SERVICE, SUPPORT]),
        ("2026-07-01", [SERVICE, dearer]),
        components=[component(9)],
        scopes=[[9, 1], [9, 2]],
        estimates=[[9, day("2026-01-01"), 40000]],
        policy=EVEN,
    )
    found = revenue(facts)
    assert found[1, "2026-07"] == round((180000 / 4 + 10000) / 6)
    assert found[2, "2026-07"] == round((180000 * 3 / 4 + 10000) / 6)


def test_a_catch_up_that_shares_anew_rounds_the_whole_price_once() -> None:
    """0.25 and, apart, 0.50; then 0.26 more, as if from the start: 1.01 by 1 to 2 to 1, not 0.51 and 0.51."""
    one, two = line(1, 25, "2026-01-01"), line(2, 50, "2026-03-01")
    facts = contract(
        ("2026-01-01", [one]),
        ("2026-02-01", [one, two]),
        ("2026-04-01", [one, two, line(3, 26, "2026-05-01", ssp=25)]),
        treatments=("separate_contract", "catch_up"),
    )
    assert prices(facts, 2) == {1: 25, 2: 50}
    assert prices(facts, 3) == totals(facts) == {1: 25, 2: 51, 3: 25}


def test_a_catch_up_that_shares_anew_leaves_royalties_with_their_sales() -> None:
    """600 of royalties are earned in March; support is added for 1,800 in July, as if from the start: 1,500 each."""
    facts = contract(
        ("2026-01-01", [SERVICE]),
        ("2026-07-01", [SERVICE, line(2, 180000, *YEAR, ssp=120000)]),
        treatments=("catch_up",),
        components=[component(9, "royalty")],
        scopes=[[9, 1]],
        estimates=[[9, day("2026-03-31"), 60000]],
        policy=EVEN,
    )
    assert totals(facts) == {1: 150000 + 60000, 2: 150000}
    assert revenue(facts)[1, "2026-03"] == 70000


def test_a_catch_up_that_shares_anew_gives_nothing_to_an_exclusive_line() -> None:
    facts = contract(
        ("2026-01-01", [SERVICE, line(2, 0, *YEAR, ssp=120000)]),
        ("2026-07-01", [SERVICE, line(2, 0, *YEAR, ssp=120000), line(3, 120000, *YEAR)]),
        treatments=("catch_up",),
        components=[component(9, exclusive=True)],
        scopes=[[9, 2]],
        estimates=[[9, day("2026-01-01"), 5000]],
    )
    assert totals(facts) == {1: 120000, 2: 5000, 3: 120000}


# Terminations of what is measured


@pytest.mark.parametrize("method", ["percent_complete", "milestone"])
@pytest.mark.parametrize(("kept", "july"), [(65000, 15000), (40000, -10000), (100000, 50000)])
def test_what_is_kept_of_a_terminated_project_is_earned_at_once(method: str, kept: int, july: int) -> None:
    """Half of 1,000 is done; nothing more will be, so no progress is waited for."""
    whole = 100 if method == "percent_complete" else 1
    facts = contract(
        ("2026-01-01", [line(1, 100000, method=method)]),
        ("2026-07-01", [line(1, kept, method=method)]),
        progress=[progress(1, "2026-03-31", whole / 2), progress(1, "2026-08-31", whole * 0.6)],
        change="termination",
    )
    assert revenue(facts) == {(1, "2026-03"): 50000, (1, "2026-07"): july}


def test_a_project_that_goes_on_under_notice_is_still_measured() -> None:
    project = line(1, 100000, "2026-01-01", "2026-12-31", method="milestone")
    notice = line(1, 65000, "2026-01-01", "2026-09-30", method="milestone")
    late = line(1, 65000, "2026-01-01", "2026-06-30", method="milestone")
    measures = [progress(1, "2026-03-31", 0.5), progress(1, "2026-09-15", 1)]
    under_notice = contract(
        ("2026-01-01", [project]), ("2026-07-01", [notice]), progress=measures, change="termination"
    )
    at_once = contract(("2026-01-01", [project]), ("2026-07-01", [late]), progress=measures, change="termination")
    assert revenue(under_notice) == {(1, "2026-03"): 50000, (1, "2026-07"): -17500, (1, "2026-09"): 32500}
    assert revenue(at_once) == {(1, "2026-03"): 50000, (1, "2026-07"): 15000}


def test_a_termination_of_one_line_leaves_the_project_beside_it_alone() -> None:
    project = line(1, 100000, method="percent_complete")
    facts = contract(
        ("2026-01-01", [project, SUPPORT]),
        ("2026-07-01", [project, line(2, 65000, "2026-01-01", "2026-06-30", ssp=120000)]),
        progress=[progress(1, "2026-03-31", 50), progress(1, "2026-08-31", 60)],
        change="termination",
        policy=EVEN,
    )
    found = revenue(facts)
    assert found[1, "2026-03"] == 50000 and found[1, "2026-08"] == 10000
    assert found[2, "2026-07"] == 5000
    ended = contract(
        ("2026-01-01", [project, SUPPORT]),
        ("2026-07-01", [line(1, 65000, method="percent_complete"), SUPPORT]),
        progress=[progress(1, "2026-03-31", 50)],
        change="termination",
        policy=EVEN,
    )
    assert revenue(ended)[1, "2026-07"] == 15000
    assert revenue(ended)[2, "2026-07"] == 10000


# Projects beside other lines


def test_a_project_that_is_complete_is_not_partly_satisfied() -> None:
    """It was earned in full; of the service's year half is left when more is added below its price."""
    project, more = line(1, 100000, method="milestone", quantity=2), line(3, 30000, "2026-07-01", ssp=60000)
    facts = contract(
        ("2026-01-01", [project, SUPPORT]),
        ("2026-07-01", [project, SUPPORT, more]),
        progress=[progress(1, "2026-03-31", 2)],
        policy=EVEN,
    )
    assert treatment(facts) == "prospective"
    assert totals(facts) == {1: 100000, 2: 60000 + 45000, 3: 45000}


def test_the_fractions_of_projects_kept_apart_are_not_added_to_the_price() -> None:
    """0.11 in parts of 3.3, 3.3 and 4.4, rounded to 3, 3 and 5; the service costs 0.10 more: 0.21, not 0.22."""
    projects = [line(1, 3, method="milestone", ssp=30), line(2, 3, method="milestone", ssp=30)]
    facts = contract(
        ("2026-01-01", [*projects, line(3, 5, *YEAR, ssp=40)]),
        ("2026-07-01", [*projects, line(3, 15, *YEAR, ssp=40)]),
    )
    assert treatment(facts) == "mixed"
    assert prices(facts, 1) == {1: 3, 2: 3, 3: 5}
    assert prices(facts, 2) == {1: 3, 2: 3, 3: 15}


# What is recognised on the day of a change


def causes(facts: dict) -> set[str]:
    """The causes with which July recognises anything."""
    july = day("2026-07-01"), day("2026-07-31")
    folded = fold(facts)
    found = {cause for _, on, amount, cause in folded["days"] if july[0] <= on <= july[1] and amount}
    for row in folded["slices"]:
        terms = row[5], row[6], row[7], row[3], row[4]
        if cumulative(*terms, min(july[1], row[2]), row[8]) != cumulative(*terms, max(july[0], row[1]) - 1, row[8]):
            found.add(row[9])
    return found


@pytest.mark.parametrize(("kept", "july"), [(65000, 5000), (40000, -20000)])
def test_what_a_termination_gives_or_takes_back_is_its_effect_and_no_schedule(kept: int, july: int) -> None:
    """600 of 1,200 are earned, and nothing is left to do: what is kept differs by 50 or by -200."""
    ended = line(1, kept, "2026-01-01", "2026-06-30", ssp=120000)
    facts = contract(("2026-01-01", [SERVICE]), ("2026-07-01", [ended]), policy=EVEN, change="termination")
    assert revenue(facts)[1, "2026-07"] == july
    assert causes(facts) == {"modification"}


def test_what_is_kept_under_notice_is_earned_by_the_schedule() -> None:
    ended = line(1, 80000, "2026-01-01", "2026-08-31", ssp=120000)
    facts = contract(("2026-01-01", [SERVICE]), ("2026-07-01", [ended]), policy=EVEN, change="termination")
    assert revenue(facts)[1, "2026-07"] == 10000
    assert causes(facts) == {"schedule"}


def test_a_catch_up_takes_in_what_a_separate_contract_had_added_to_a_line() -> None:
    """1,200 raised by 300 from April on, stated as a separate contract; support for 300 in July, as if from the start.

    Through June 900 of 1,800 are earned: of 1,500 by 1,500 and 300 by 300, 750 and 150; in all 1,800, not 2,100.
    """
    raised, support = line(1, 150000, *YEAR), line(2, 30000, *YEAR)
    facts = contract(
        ("2026-01-01", [SERVICE]),
        ("2026-04-01", [raised]),
        ("2026-07-01", [raised, support]),
        treatments=("separate_contract", "catch_up"),
        policy=EVEN,
    )
    found = revenue(facts)
    assert totals(facts) == {1: 150000, 2: 30000}
    assert [found[1, f"2026-{m:02}"] for m in (3, 4, 8)] == [10000, 10000 + 30000 // 9, 12500]
    before = sum(amount for (key, month), amount in found.items() if key == 1 and month < "2026-07")
    assert before == 60000 + 10000
    assert found[1, "2026-07"] == 75000 - before + 12500
    assert prices(facts, 3) == {1: 150000, 2: 30000}


def units(amount: int, quantity: int) -> list[Any]:
    return line(1, amount, "2026-01-01", method="units", quantity=quantity)


def test_units_of_a_separate_contract_are_delivered_after_those_there_were() -> None:
    """60 of 100 at 10.00; 20 more at 15.00 in March: 90 are 30 at 10.00, then 10 at 10.00 and 20 at 15.00."""
    facts = contract(
        ("2026-01-01", [units(100000, 100)]),
        ("2026-03-01", [units(130000, 120)]),
        treatments=("separate_contract",),
        progress=[progress(1, "2026-02-15", 60), progress(1, "2026-04-15", 90), progress(1, "2026-05-15", 120)],
    )
    assert revenue(facts) == {(1, "2026-02"): 60000, (1, "2026-04"): 30000, (1, "2026-05"): 40000}
    assert prices(facts, 2) == {1: 130000}


def test_scope_added_to_a_measure_of_progress_is_earned_with_the_rest_of_it() -> None:
    """Half of 1,000.00 is done; of 200.00 more a half is earned with the half of the rest, and what was done stays."""
    facts = contract(
        ("2026-01-01", [line(1, 100000, method="percent_complete")]),
        ("2026-03-01", [line(1, 120000, method="percent_complete")]),
        treatments=("separate_contract",),
        progress=[progress(1, "2026-02-15", 50), progress(1, "2026-04-15", 75), progress(1, "2026-05-15", 100)],
    )
    assert revenue(facts) == {(1, "2026-02"): 50000, (1, "2026-04"): 35000, (1, "2026-05"): 35000}


def test_a_later_change_takes_in_the_units_of_a_separate_contract() -> None:
    """110 of 120 are delivered, 100 at 10.00 and 10 at 15.00; what is left is 10 at 20.00."""
    facts = contract(
        ("2026-01-01", [units(100000, 100)]),
        ("2026-03-01", [units(130000, 120)]),
        ("2026-05-01", [units(135000, 120)]),
        treatments=("separate_contract", "prospective"),
        progress=[progress(1, "2026-02-15", 60), progress(1, "2026-04-15", 110), progress(1, "2026-06-15", 115)],
    )
    assert revenue(facts) == {(1, "2026-02"): 60000, (1, "2026-04"): 55000, (1, "2026-06"): 10000}


THIRDS = [line(1, 4000, *YEAR, ssp=10000), line(2, 3000, *YEAR, ssp=10000), line(3, 3000, *YEAR, ssp=10000)]


@pytest.mark.parametrize("on", ["2026-02-10", "2026-07-01", "2026-09-20"])
@pytest.mark.parametrize("stated", [None, "prospective", "catch_up"])
def test_a_version_that_changes_nothing_moves_no_cent_of_any_month(on: str, stated: str | None) -> None:
    """100.00 by thirds are 33.34, 33.33 and 33.33: no modification shares them again (606-10-25-10)."""
    before = contract(("2026-01-01", THIRDS))
    restated = contract(("2026-01-01", THIRDS), (on, THIRDS), treatments=(stated,))
    assert revenue(restated) == revenue(before)
    assert prices(restated, 2) == prices(before, 1) == {1: 3334, 2: 3333, 3: 3333}
    assert treatment(restated) == "inception"


def test_the_version_after_one_that_changes_nothing_is_a_change_from_what_was_before_it() -> None:
    dearer = [line(1, 7000, *YEAR, ssp=10000), *THIRDS[1:]]
    told = contract(("2026-01-01", THIRDS), ("2026-09-20", dearer))
    restated = contract(("2026-01-01", THIRDS), ("2026-02-10", THIRDS), ("2026-09-20", dearer))
    assert revenue(restated) == revenue(told)
    assert treatment(restated) == "prospective"


def test_another_product_or_a_longer_right_at_the_same_price_is_a_change_of_the_scope() -> None:
    """600 are left of each: 400 and 800 by the new standalone prices."""
    other = line(2, 120000, *YEAR, ssp=240000, other_product=1)
    facts = contract(("2026-01-01", [SERVICE, SUPPORT]), ("2026-07-01", [SERVICE, other]), policy=EVEN)
    found = revenue(facts)
    assert [round(found[key, "2026-07"] / 100) for key in (1, 2)] == [67, 133]
    longer = [line(1, 120000, *YEAR), line(2, 120000, method="units", quantity=10, expires="2027-06-30")]
    until = [line(1, 120000, *YEAR), line(2, 120000, method="units", quantity=10, expires="2026-12-31")]
    assert treatment(contract(("2026-01-01", until), ("2026-07-01", longer))) == "prospective"


def test_a_bonus_that_a_version_brings_is_a_change_of_the_price() -> None:
    """1,200 of bonus from July on is spread over the rest of the year, not caught up."""
    facts = contract(
        ("2026-01-01", [SERVICE, SUPPORT]),
        ("2026-07-01", [SERVICE, SUPPORT]),
        components=[component(9, origin=2)],
        estimates=[[9, day("2026-07-01"), 120000]],
        policy=EVEN,
    )
    found = revenue(facts)
    assert [found[key, f"2026-{m:02}"] for key in (1, 2) for m in (6, 7, 12)] == [10000, 20000, 20000] * 2
    assert treatment(facts) == "prospective"
