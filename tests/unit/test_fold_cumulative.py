"""The closed form of every straight-line convention, with worked figures (minor units)."""

from __future__ import annotations

import itertools

import pytest
from fold_facts import day
from fold_invoice import cumulative, month_of


def by_month(amount: int, spread: str, days: str, starts: str, ends: str) -> list[int]:
    """What each calendar month of the term earns."""
    totals: dict[int, int] = {}
    earlier = 0
    for number in range(day(starts), day(ends) + 1):
        total = cumulative(amount, spread, days, day(starts), day(ends), number)
        totals[month_of(number)] = totals.get(month_of(number), 0) + total - earlier
        earlier = total
    return list(totals.values())


@pytest.mark.parametrize(
    ("spread", "amount", "starts", "ends", "months"),
    [
        ("daily", 12000, "2024-06-15", "2024-10-12", [1600, 3100, 3100, 3000, 1200]),
        ("daily", 27400, "2018-07-15", "2019-04-14", [1700, 3100, 3000, 3100, 3000, 3100, 3100, 2800, 3100, 1400]),
        ("daily", -3100, "2024-01-15", "2024-02-14", [-1700, -1400]),
        ("monthly_prorated_ends", 180968, "2025-01-16", "2025-04-15", [30968, 60000, 60000, 30000]),
        ("monthly_prorated_ends", 60000, "2025-04-01", "2025-12-31", [6667, 6666, 6667] * 3),
        ("monthly_prorated_ends", 1000, "2025-02-03", "2025-02-20", [1000]),
        ("monthly_from_start", 120000, "2023-01-15", "2024-01-14", [10000] * 12 + [0]),
        ("monthly_from_start", 24000, "2025-01-01", "2025-12-31", [2000] * 12),
        ("monthly_from_start", 500, "2025-01-20", "2025-02-10", [500, 0]),
        ("monthly_even", 130000, "2023-01-15", "2024-01-14", [10000] * 13),
        ("monthly_by_term", 12000, "2024-06-15", "2024-10-12", [1600, 3066, 3066, 3068, 1200]),
        ("monthly_by_term", 1000, "2025-01-25", "2025-02-03", [700, 300]),
        ("monthly_by_term", 1000, "2025-01-05", "2025-01-09", [1000]),
        ("thirty_360", 36000, "2025-01-01", "2025-12-31", [3000] * 12),
        ("thirty_360", 36000, "2024-01-16", "2025-01-15", [1500, *[3000] * 11, 1500]),
    ],
)
def test_months_of_a_term(spread: str, amount: int, starts: str, ends: str, months: list[int]) -> None:
    assert by_month(amount, spread, "even", starts, ends) == months


def test_truncated_days_leave_the_rest_to_the_last_day_of_the_month() -> None:
    term = ("monthly_prorated_ends", "truncated", day("2024-07-01"), day("2025-06-30"))
    totals = [cumulative(108000, *term, day("2025-04-30") + n) for n in range(32)]
    assert [b - a for a, b in itertools.pairwise(totals)] == [290] * 30 + [300]


def test_even_days_round_the_cumulative_of_the_month() -> None:
    term = ("monthly_prorated_ends", "even", day("2025-01-01"), day("2025-03-31"))
    totals = [cumulative(300, *term, day("2025-02-01") + n) for n in range(4)]
    assert totals == [104, 107, 111, 114]  # 100 of January, then 100 / 28 a day


def test_truncated_days_truncate_a_negative_amount_toward_zero() -> None:
    term = ("monthly_prorated_ends", "truncated", day("2025-01-01"), day("2025-01-31"))
    assert cumulative(-100, *term, day("2025-01-01")) == -3
    assert cumulative(-100, *term, day("2025-01-30")) == -90


def test_the_31st_earns_nothing_and_the_end_of_february_three_days_of_thirty_360() -> None:
    term = ("thirty_360", "even", day("2025-01-01"), day("2025-03-30"))
    at = {text: cumulative(9000, *term, day(text)) for text in ("2025-01-30", "2025-01-31", "2025-02-27", "2025-02-28")}
    assert at == {"2025-01-30": 3000, "2025-01-31": 3000, "2025-02-27": 5700, "2025-02-28": 6000}


def test_nothing_before_the_day_it_may_be_earned_then_it_is_caught_up() -> None:
    term = (9200, "daily", "even", day("2024-10-01"), day("2024-12-31"))
    held = day("2024-11-01")
    assert cumulative(*term, day("2024-10-31"), held) == 0
    assert cumulative(*term, day("2024-11-01"), held) == 3200
    assert cumulative(*term, day("2025-01-31"), day("2025-02-01")) == 0
    assert cumulative(*term, day("2025-02-01"), day("2025-02-01")) == 9200


def test_half_a_unit_rounds_away_from_zero_on_both_sides() -> None:
    assert cumulative(1, "daily", "even", 0, 1, 0) == 1
    assert cumulative(-1, "daily", "even", 0, 1, 0) == -1


def test_an_unknown_convention_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown straight-line convention: weekly"):
        cumulative(100, "weekly", "even", 0, 9, 3)
