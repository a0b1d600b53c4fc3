"""Components of the price on lines that their use prices, worked out by hand (606-10-32-40)."""

from __future__ import annotations

from contract_facts import component, contract, day, fold, line, revenue, totals
from test_fold_contract import EVEN, YEAR, prices

FIXED, USE = line(1, 120000, *YEAR), line(2, 0, *YEAR, method="usage")


def test_a_component_falls_on_the_used_line_it_names_and_on_no_other() -> None:
    """1,200 for the year stay 100 a month; what was used so far is 100 less, at once."""
    facts = contract(
        ("2026-01-01", [FIXED, USE]),
        components=[component(9)],
        scopes=[[9, 2]],
        estimates=[[9, day("2026-03-31"), -10000], [9, day("2026-04-30"), -15000]],
        policy=EVEN,
    )
    found = revenue(facts)
    assert {month: amount for (key, month), amount in found.items() if key == 2} == {
        "2026-03": -10000,
        "2026-04": -5000,
    }
    assert totals(facts) == {1: 120000, 2: -15000}
    assert [row[2:4] + row[6:] for row in fold(facts)["prices"] if row[2] == 2] == [[2, 9, -15000, "targeted"]]


def test_where_all_is_priced_by_its_use_a_component_names_no_line() -> None:
    facts = contract(
        ("2026-01-01", [USE]), components=[component(9, "penalty")], estimates=[[9, day("2026-03-31"), -10000]]
    )
    assert revenue(facts) == {(2, "2026-03"): -10000}


def test_what_names_no_line_leaves_the_use_alone_where_there_is_a_fixed_price() -> None:
    facts = contract(
        ("2026-01-01", [FIXED, USE]), components=[component(9)], estimates=[[9, day("2026-01-01"), 12000]], policy=EVEN
    )
    assert totals(facts) == {1: 132000}
    assert prices(facts, 1) == {1: 132000}


def test_a_component_of_a_period_of_use_is_spread_over_the_period() -> None:
    facts = contract(
        ("2026-01-01", [FIXED, USE]),
        components=[component(9, starts="2026-03-01", ends="2026-04-30")],
        scopes=[[9, 2]],
        estimates=[[9, day("2026-03-31"), -6100]],
    )
    found = revenue(facts)
    assert (found[2, "2026-03"], found[2, "2026-04"]) == (-3100, -3000)
    assert totals(facts)[1] == 120000


def test_a_concession_for_what_was_used_falls_on_the_used_line() -> None:
    facts = contract(
        ("2026-01-01", [FIXED, USE]),
        components=[component(9, "past_concession")],
        scopes=[[9, 2]],
        estimates=[[9, day("2026-04-10"), -1000]],
    )
    assert totals(facts) == {1: 120000, 2: -1000}
    assert [row[1:] for row in fold(facts)["days"]] == [[day("2026-04-10"), -1000, "modification"]]


def test_a_rebate_of_use_follows_the_bills_of_the_use() -> None:
    """Nothing is owed back before any of it is billed; a credit note for the use settles it, another does not."""
    facts = contract(
        ("2026-01-01", [FIXED, USE]),
        components=[component(9, "rebate")],
        scopes=[[9, 2]],
        estimates=[[9, day("2026-03-31"), -10000]],
        billed=[[day("2026-01-01"), 120000, "", 1], [day("2026-04-05"), 100000, "", 2]],
        credits=[[day("2026-04-10"), 5000, "rebate", 1], [day("2026-04-20"), 10000, "rebate", 2]],
    )
    assert fold(facts)["movements"] == [
        [day("2026-04-05"), 9, "refund_liability", 10000],
        [day("2026-04-20"), 9, "refund_liability", -10000],
    ]


def test_a_rebate_of_the_fixed_price_does_not_count_the_bills_of_the_use() -> None:
    facts = contract(
        ("2026-01-01", [FIXED, USE]),
        components=[component(9, "rebate")],
        estimates=[[9, day("2026-01-01"), -12000]],
        billed=[[day("2026-01-01"), 60000, "", 1], [day("2026-04-05"), 100000, "", 2]],
    )
    assert fold(facts)["movements"] == [[day("2026-01-01"), 9, "refund_liability", 6000]]


def test_a_component_of_a_line_that_comes_later_waits_for_it() -> None:
    """The bonus of the second line is known in January, and changes nothing of the first."""
    added = line(3, 60000, "2026-07-01", "2026-12-31")
    facts = contract(
        ("2026-01-01", [FIXED]),
        ("2026-07-01", [FIXED, added]),
        components=[component(9)],
        scopes=[[9, 3]],
        estimates=[[9, day("2026-01-01"), 6000]],
        policy=EVEN,
    )
    assert totals(facts) == {1: 120000, 3: 66000}
