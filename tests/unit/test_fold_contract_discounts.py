"""Discounts of named lines when a contract changes, in the fold of a contract, by hand (606-10-32-37)."""

from __future__ import annotations

import pytest
from contract_facts import contract, line, progress, revenue, totals
from test_fold_contract import EVEN, YEAR

HALF = ("2026-07-01", "2026-12-31")
FIRST, SECOND = line(1, 120000, *YEAR), line(2, 120000, *YEAR)


def discount(amount: int) -> list:
    return line(8, amount, discount=True)


def monthly(facts: dict, month: str) -> dict[int, int]:
    return {key: amount for (key, when), amount in revenue(facts).items() if when == f"2026-{month}"}


def test_a_discount_that_comes_with_a_line_is_no_discount_on_the_others() -> None:
    """100 a month before and after; 600 at its price less 60 is 90 a month."""
    added = [line(2, 60000, *HALF), discount(-6000)]
    versions = ("2026-01-01", [FIRST]), ("2026-07-01", [FIRST, *added])
    facts = contract(*versions, scopes=[[8, 2]], policy=EVEN)
    assert monthly(facts, "07") == {1: 10000, 2: 9000}
    apart = contract(*versions, scopes=[[8, 2]], policy=EVEN, treatments=("separate_contract",))
    assert monthly(apart, "07") == {1: 10000, 2: 9000}


def test_what_a_version_adds_to_a_discount_falls_on_the_lines_it_names() -> None:
    """1,200 less 120, then less 240: 960 less 540 are left for six months of the first line."""
    facts = contract(
        ("2026-01-01", [FIRST, SECOND, discount(-12000)]),
        ("2026-07-01", [FIRST, SECOND, discount(-24000)]),
        scopes=[[8, 1]],
        policy=EVEN,
    )
    assert monthly(facts, "06") == {1: 9000, 2: 10000}
    assert monthly(facts, "07") == {1: 7000, 2: 10000}


def test_what_a_version_adds_as_a_separate_contract_falls_on_the_named_lines_too() -> None:
    facts = contract(
        ("2026-01-01", [FIRST, SECOND, discount(-12000)]),
        ("2026-07-01", [FIRST, SECOND, discount(-24000)]),
        scopes=[[8, 1]],
        policy=EVEN,
        treatments=("separate_contract",),
    )
    assert monthly(facts, "07") == {1: 7000, 2: 10000}


def test_what_is_left_of_a_discount_stays_with_its_line_when_others_change() -> None:
    """600, 600 and 300 for three times 600 of service: 500 each, and 60 of the discount are left of the first line."""
    facts = contract(
        ("2026-01-01", [FIRST, SECOND, discount(-12000)]),
        ("2026-07-01", [FIRST, SECOND, line(3, 30000, *HALF, ssp=60000), discount(-12000)]),
        scopes=[[8, 1]],
        policy=EVEN,
    )
    assert totals(facts) == {1: 54000 + 44000, 2: 60000 + 50000, 3: 50000}


def test_a_discount_that_is_taken_back_is_given_back_to_its_line() -> None:
    facts = contract(
        ("2026-01-01", [FIRST, SECOND, discount(-12000)]), ("2026-07-01", [FIRST, SECOND]), scopes=[[8, 1]], policy=EVEN
    )
    assert monthly(facts, "07") == {1: 11000, 2: 10000}


def test_a_line_that_ends_takes_its_discount_with_it() -> None:
    """600 less 60 of the first line are earned, and 100 a month of the second stay."""
    ended = line(1, 60000, "2026-01-01", "2026-06-30")
    versions = ("2026-01-01", [FIRST, SECOND, discount(-12000)]), ("2026-07-01", [ended, SECOND, discount(-6000)])
    facts = contract(*versions, scopes=[[8, 1]], policy=EVEN)
    assert totals(facts) == {1: 54000, 2: 120000}


def test_what_is_left_of_the_discount_of_a_dropped_line_passes_to_the_others_it_names() -> None:
    """120 on two of three lines; what is left when the first is dropped is the second's, 1,200 and 600 less 60."""
    third = line(3, 120000, *YEAR)
    facts = contract(
        ("2026-01-01", [FIRST, SECOND, third, discount(-12000)]),
        ("2026-07-01", [SECOND, third, discount(-12000)]),
        scopes=[[8, 1], [8, 2]],
        policy=EVEN,
    )
    # 2,280 after the change, 1,740 of it earned: 540 are left, and 600 without what is left of the discount.
    assert totals(facts) == {1: 57000, 2: 57000 + 30000 - 6000, 3: 60000 + 30000}


def test_a_catch_up_takes_what_a_discount_grows_by_from_the_named_line() -> None:
    """Half is done of 1,000 less 100 and of 1,000: 50 of the 100 more are taken back at once."""
    projects = [line(key, 100000, method="percent_complete") for key in (1, 2)]
    facts = contract(
        ("2026-01-01", [*projects, discount(-10000)]),
        ("2026-07-01", [*projects, discount(-20000)]),
        scopes=[[8, 1]],
        progress=[
            *(progress(key, "2026-06-30", 50) for key in (1, 2)),
            *(progress(k, "2026-12-31", 100) for k in (1, 2)),
        ],
    )
    assert revenue(facts) == {(1, "2026-06"): 45000, (2, "2026-06"): 50000, (1, "2026-07"): -5000} | {
        (1, "2026-12"): 40000,
        (2, "2026-12"): 50000,
    }


def test_a_project_among_services_bears_its_own_discount() -> None:
    """The services go on at 100 a month; the project is caught up."""
    project, services = line(2, 100000, method="percent_complete"), [FIRST, line(3, 120000, *YEAR)]
    facts = contract(
        ("2026-01-01", [*services, project, discount(-10000)]),
        ("2026-07-01", [*services, project, discount(-20000)]),
        scopes=[[8, 2]],
        progress=[progress(2, "2026-06-30", 50)],
        policy=EVEN,
    )
    assert monthly(facts, "07") == {1: 10000, 2: -5000, 3: 10000}


@pytest.mark.parametrize(
    ("later", "july"),
    [
        ([[8, 2, 2]], {1: 10000, 2: 9000}),
        ([[8, 1, 2], [8, 2, 2]], {1: 9500, 2: 9500}),
        ([], {1: 9500, 2: 9500}),  # it names no line any more: it is on all
    ],
)
def test_what_is_left_of_a_discount_is_on_the_lines_that_the_version_in_force_names(later: list, july: dict) -> None:
    """120 on the first line until June: 60 are left."""
    terms = [FIRST, SECOND, discount(-12000)]
    versions = ("2026-01-01", terms), ("2026-07-01", terms)
    facts = contract(*versions, scopes=[[8, 1, 1], *later], policy=EVEN)
    assert monthly(facts, "06") == {1: 9000, 2: 10000}
    assert monthly(facts, "07") == july
    assert sum(totals(facts).values()) == 228000


def test_a_catch_up_gives_all_of_a_discount_to_the_lines_that_the_version_names() -> None:
    """Half is done of 1,000 less 100 and of 1,000: 50 are given back on the first and taken from the second."""
    terms = [*(line(key, 100000, method="percent_complete") for key in (1, 2)), discount(-10000)]
    facts = contract(
        ("2026-01-01", terms),
        ("2026-07-01", terms),
        scopes=[[8, 1, 1], [8, 2, 2]],
        progress=[progress(key, "2026-06-30", 50) for key in (1, 2)],
    )
    assert monthly(facts, "06") == {1: 45000, 2: 50000}
    assert monthly(facts, "07") == {1: 5000, 2: -5000}
