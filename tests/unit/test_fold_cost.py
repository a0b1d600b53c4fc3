"""Events of a contract cost, one rule at a time: 3,600.00 over 2026 to 2028 unless a test says otherwise."""

from __future__ import annotations

import json
from datetime import date

import fold_cost
import pytest

EPOCH = date(1970, 1, 1)


def day(text: str | None) -> int | None:
    return None if text is None else (date.fromisoformat(text) - EPOCH).days


def fold(*events, amount=360000, first="2026-01-01", last="2028-12-31", capitalized="2026-01-01", ifrs=False):
    cost = [amount, "monthly_prorated_ends", "even", day(first), day(last), day(capitalized), int(ifrs)]
    rows = [[n, day(on), kind, named, day(to)] for n, (on, kind, named, to) in enumerate(events, 1)]
    return json.loads(fold_cost.fold_cost(json.dumps({"cost": cost, "events": rows})))


def amortized(folded, through: str) -> int:
    """What the slices amortise through a day."""
    total = 0
    for first, last, start, end, amount, convention, rule, not_before in folded["slices"]:
        if day(through) >= first:
            upto = min(day(through), last) if last < end else day(through)
            terms = (amount, convention, rule, start, end)
            total += fold_cost.cumulative(*terms, upto, not_before) - fold_cost.cumulative(
                *terms, first - 1, not_before
            )
    return total


def moved(folded, role: str) -> int:
    return sum(amount for _, name, amount in folded["movements"] if name == role)


def left(folded, through: str, amount=360000) -> int:
    """The asset, where all events are behind."""
    return amount + moved(folded, "contract_cost_asset") - amortized(folded, through)


def test_an_impairment_leaves_the_recoverable_amount_over_the_rest_of_the_term() -> None:
    folded = fold(("2027-01-01", "recoverable_amount", 120000, None))
    assert folded["movements"] == [[1, "contract_cost_asset", -120000], [1, "cost_impairment", 120000]]
    assert amortized(folded, "2026-12-31") == 120000
    assert amortized(folded, "2027-01-31") == 125000
    assert left(folded, "2028-12-31") == 0


def test_a_recoverable_amount_above_the_carrying_amount_changes_nothing() -> None:
    folded = fold(("2027-01-01", "recoverable_amount", 240000, None))
    assert folded["movements"] == []
    assert len(folded["slices"]) == 1


@pytest.mark.parametrize(
    ("ifrs", "recoverable", "reversed_"), [(False, 500000, 0), (True, 500000, 90000), (True, 100000, 10000)]
)
def test_only_ifrs_takes_an_impairment_back_and_no_further_than_without_it(ifrs, recoverable, reversed_) -> None:
    # 120,000 impaired to leave 120,000 for 24 months; after six of them 90,000 are left, 180,000 without impairment.
    folded = fold(
        ("2027-01-01", "recoverable_amount", 120000, None),
        ("2027-07-01", "recoverable_amount", recoverable, None),
        ifrs=ifrs,
    )
    assert moved(folded, "cost_impairment") == 120000 - reversed_
    assert amortized(folded, "2027-07-31") - amortized(folded, "2027-06-30") == round((90000 + reversed_) / 18)
    assert left(folded, "2028-12-31") == 0


def test_a_clawback_takes_the_asset_first_and_then_what_was_amortised() -> None:
    part = fold(("2028-01-01", "clawback", 60000, None))
    assert part["movements"] == [[1, "counterpart", 60000], [1, "contract_cost_asset", -60000]]
    assert amortized(part, "2028-01-31") - amortized(part, "2027-12-31") == 5000
    all_of_it = fold(("2028-01-01", "clawback", 360000, None))
    assert all_of_it["movements"] == [
        [1, "counterpart", 360000],
        [1, "contract_cost_asset", -120000],
        [1, "cost_amortization", -240000],
    ]
    assert left(all_of_it, "2028-12-31") == 0


@pytest.mark.parametrize(("named", "taken"), [(None, 240000), (100000, 100000), (999999, 240000)])
def test_a_write_off_takes_what_it_names_or_the_rest(named, taken) -> None:
    folded = fold(("2027-01-01", "write_off", named, None))
    assert folded["movements"] == [[1, "cost_impairment", taken], [1, "contract_cost_asset", -taken]]
    assert left(folded, "2028-12-31") == 0


def test_what_was_written_off_does_not_come_back() -> None:
    folded = fold(
        ("2027-01-01", "write_off", None, None), ("2027-07-01", "recoverable_amount", 500000, None), ifrs=True
    )
    assert moved(folded, "cost_impairment") == 240000


def test_an_extension_spreads_the_rest_to_the_new_end() -> None:
    folded = fold(("2028-01-01", "extend", None, "2029-12-31"))
    assert amortized(folded, "2028-01-31") - amortized(folded, "2027-12-31") == 5000
    assert amortized(folded, "2028-12-31") == 300000
    assert left(folded, "2029-12-31") == 0


def test_a_termination_shortens_but_never_lengthens() -> None:
    shorter = fold(("2027-01-01", "shorten", None, "2027-06-30"))
    assert amortized(shorter, "2027-01-31") == 160000
    assert left(shorter, "2027-06-30") == 0
    assert fold(("2027-01-01", "shorten", None, "2030-06-30")) == fold()


def test_an_event_in_the_month_counts_from_the_start_of_its_day() -> None:
    folded = fold(("2026-02-15", "write_off", None, None), amount=280000, last="2026-10-31")
    assert amortized(folded, "2026-10-31") == 28000 + 14000


def test_what_was_amortised_before_it_was_an_asset_is_caught_up_once() -> None:
    folded = fold(("2026-07-01", "recoverable_amount", 0, None), capitalized="2026-03-10")
    assert amortized(folded, "2026-03-09") == 0
    assert amortized(folded, "2026-06-30") == 60000
    assert moved(folded, "cost_impairment") == 300000


def test_an_event_before_the_term_begins_leaves_the_term() -> None:
    folded = fold(("2026-01-01", "clawback", 60000, None), first="2026-07-01", last="2027-06-30")
    assert amortized(folded, "2026-06-30") == 0
    assert amortized(folded, "2026-07-31") == 25000


def test_every_event_balances_and_nothing_is_left_at_the_end() -> None:
    events = [
        ("2026-03-15", "recoverable_amount", 200001, None),
        ("2026-09-02", "clawback", 33333, None),
        ("2027-02-28", "recoverable_amount", 190000, None),
        ("2027-05-05", "extend", None, "2030-01-17"),
        ("2028-02-29", "write_off", 7, None),
    ]
    for ifrs in (False, True):
        folded = fold(*events, ifrs=ifrs)
        assert sum(amount for _, _, amount in folded["movements"]) == 0
        assert left(folded, "2030-01-17") == 0


def test_an_unknown_event_is_named() -> None:
    with pytest.raises(ValueError, match="event 1: unknown kind of event: gift"):
        fold(("2026-03-15", "gift", 1, None))


def test_nothing_gives_nothing() -> None:
    assert fold_cost.fold_cost(None) is None
