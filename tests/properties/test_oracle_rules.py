"""Rules of the oracle that no case of the folder shows, by hand; and its own invariants, for any contract."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Oracle
from oracle_rows import Tables
from oracle_spread import CONVENTIONS, half_away, largest_remainder, measure, straight_line

settings.register_profile(
    "oracle", max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
ORACLE = settings.get_profile("oracle")
DAY = timedelta(days=1)
YEAR = ("2026-01-01", "2026-12-31")
LINE = ("line_id", "method", "amount", "starts_on", "ends_on", "ssp")
SERVICE = ("L1", "straight_line", "365.00", *YEAR, "")


def tables(*versions: tuple[dict, list[tuple]], **more: list[dict]) -> Tables:
    """One contract: (what the version says, its lines); components, estimates, progress and policies by table name."""
    rows: Tables = {
        "entities": [{"entity_id": "e", "functional_currency": "USD"}],
        "customers": [{"customer_id": "c", "entity_id": "e"}],
        "contracts": [{"contract_id": "k", "customer_id": "c", "entity_id": "e", "currency": "USD"}],
        "contract_versions": [],
        "contract_lines": [],
        "policies": [{"entity_id": "e", "policy": p, "value": v} for p, v in more.pop("policies", {}).items()],
    }
    rows["contracts"][0]["signed_on"] = "2026-01-01"
    methods = ("straight_line", "point_in_time", "units", "percent_complete", "milestone")
    rows["products"] = [{"product_id": method, "recognition_method": method} for method in methods]
    for number, (says, lines) in enumerate(versions, 1):
        version = {"contract_id": "k", "version": str(number), "change": "other", "agreed_on": "2026-01-01"}
        version |= says
        rows["contract_versions"].append({"effective_on": version["agreed_on"]} | version)
        for line in lines:
            row = {"contract_id": "k", "version": str(number)} | dict(zip(LINE, line, strict=False))
            rows["contract_lines"].append(row | {"product_id": row["method"]} | (line[6] if len(line) > 6 else {}))
    for table, found in more.items():
        rows[table] = [{"contract_id": "k"} | row for row in found]
    return rows


def estimates(*told: tuple[str, str, str]) -> list[dict]:
    return [{"component_id": c, "estimated_on": on, "method": "stated", "amount": amount} for c, on, amount in told]


def test_example_6_shares_a_late_change_of_the_price_in_two_passes() -> None:
    """X is delivered; Y is shared anew with Z; 40 more of what was promised first: 20 to X, 10 to Y, 10 to Z."""
    x, y = (
        ("X", "point_in_time", "500.00", "2026-01-01", "", "500"),
        ("Y", "point_in_time", "500.00", "2027-01-01", "", "500"),
    )
    z = ("Z", "point_in_time", "300.00", "2027-06-30", "", "500")
    oracle = Oracle(
        tables(
            ({}, [x, y]),
            ({"agreed_on": "2026-11-30", "treatment": "prospective"}, [x, y, z]),
            price_components=[{"component_id": "v", "kind": "variable"}],
            price_estimates=estimates(("v", "2026-01-01", "200.00"), ("v", "2026-12-31", "240.00")),
        )
    )
    assert oracle.allocations("k", at_start=True) == {
        (1, "X"): 50_000,
        (1, "Y"): 50_000,
        (2, "X"): 60_000,
        (2, "Y"): 45_000,
        (2, "Z"): 45_000,
    }
    assert {line: oracle.allocations("k")[2, line] for line in "XYZ"} == {"X": 62_000, "Y": 46_000, "Z": 46_000}
    assert oracle.months("k")["X"] == {"2026-01": 60_000, "2026-12": 2_000}


@pytest.mark.parametrize(
    ("amount", "policies", "ssp"),
    [
        ("85", {}, 100),
        ("85", {"ssp_outside_range": "nearest"}, 90),
        ("130", {"ssp_outside_range": "nearest"}, 110),
        ("95", {}, 95),
        ("95", {"ssp_in_range": "midpoint"}, 100),
    ],
)
def test_a_price_counts_by_its_range(amount: str, policies: dict, ssp: int) -> None:
    rows = tables(({}, [("A", "point_in_time", amount, "2026-01-01", "", "")]), policies=policies)
    price = {"product_id": "point_in_time", "currency": "USD", "valid_from": "2026-01-01"}
    rows["standalone_selling_prices"] = [price | {"low": "90", "price": "100", "high": "110"}]
    group = Oracle(rows).groups["k"]
    assert group.facts.book.ssp(group.terms["k", "A"], date(2026, 1, 1))[0] == ssp * 100


@pytest.mark.parametrize(("price", "weight"), [(160, 60), (95, 50), (250, 50)])
def test_a_residual_out_of_its_range_or_below_nothing_is_not_used(price: int, weight: int) -> None:
    """What 100 of observable prices leave, if that is 20 to 120; else the fallback of 50."""
    observable = ("A", "point_in_time", str(price - 10), "2026-01-01", "", "100")
    rows = tables(({}, [observable, ("R", "point_in_time", "10", "2026-01-01", "", "", {"product_id": "units"})]))
    row = {"product_id": "units", "currency": "USD", "valid_from": "2026-01-01", "method": "residual"}
    rows["standalone_selling_prices"] = [row | {"low": "20", "price": "50", "high": "120"}]
    assert Oracle(rows).groups["k"].nodes[0].weights["k", "R"] == weight * 100


def test_a_royalty_waits_for_its_estimate_and_for_its_line() -> None:
    line = ("L1", "point_in_time", "100.00", "2026-03-01", "", "")
    parts = [{"component_id": name, "kind": "royalty", "lines": "L1"} for name in ("early", "late")]
    told = estimates(("early", "2026-02-10", "7.00"), ("late", "2026-05-05", "9.00"))
    oracle = Oracle(tables(({}, [line]), price_components=parts, price_estimates=told))
    assert oracle.months("k")["L1"] == {"2026-03": 10_700, "2026-05": 900}


def test_an_exclusive_line_gets_nothing_but_its_component() -> None:
    lines = [
        ("A", "point_in_time", "100.00", "2026-01-01", "", "60"),
        ("B", "point_in_time", "0", "2026-01-01", "", "40"),
    ]
    parts = [{"component_id": "v", "kind": "variable", "lines": "B", "exclusive": "true"}]
    oracle = Oracle(
        tables(({}, lines), price_components=parts, price_estimates=estimates(("v", "2026-01-01", "55.00")))
    )
    assert oracle.allocations("k") == {(1, "A"): 10_000, (1, "B"): 5_500}


def test_a_pause_moves_what_remains_and_a_catch_up_after_it_counts_from_there() -> None:
    paused = ("L1", "straight_line", "365.00", "2026-04-11", "2027-01-10", "")
    dearer = ("L1", "straight_line", "640.00", "2026-04-11", "2027-01-10", "")
    on = {"change": "pause", "agreed_on": "2026-04-01", "resumes_on": "2026-04-11"}
    later = {"agreed_on": "2026-04-21", "treatment": "catch_up"}
    oracle = Oracle(tables(({}, [SERVICE]), (on, [paused]), (later, [dearer])))
    assert oracle.months("k")["L1"]["2026-04"] == 20 * 200  # 90 days had earned 90.00; 550.00 over 275 days
    assert sum(oracle.daily("k")["L1"].values()) == 64_000


def test_a_pause_may_say_when_it_is_over_and_leave_the_start_of_the_term() -> None:
    on = {"change": "pause", "agreed_on": "2026-04-01", "resumes_on": "2026-04-11"}
    longer = ("L1", "straight_line", "365.00", "2026-01-01", "2027-01-10", "")
    restated = ("L1", "straight_line", "365.00", "2026-04-11", "2027-01-10", "")
    oracle = Oracle(tables(({}, [SERVICE]), (on, [longer])))
    assert oracle.daily("k") == Oracle(tables(({}, [SERVICE]), (on, [restated]))).daily("k")
    assert oracle.months("k")["L1"]["2026-04"] == 20 * 100


def test_a_voided_version_leaves_no_trace() -> None:
    undone = {"agreed_on": "2026-06-01", "voided_on": "2026-06-20"}
    cheaper = ("L1", "straight_line", "200.00", *YEAR, "")
    oracle = Oracle(tables(({}, [SERVICE]), (undone, [cheaper])))
    assert oracle.daily("k") == Oracle(tables(({}, [SERVICE]))).daily("k")


def test_a_measured_line_that_is_repriced_is_caught_up_and_the_rest_goes_on() -> None:
    project = ("P", "percent_complete", "100.00", "2026-01-01", "", "100")
    dearer = ("P", "percent_complete", "140.00", "2026-01-01", "", "140")
    rows = tables(
        ({}, [(*SERVICE[:5], "365"), project]),
        ({"agreed_on": "2026-07-01"}, [(*SERVICE[:5], "365"), dearer]),
        progress=[{"line_id": "P", "measured_on": "2026-03-31", "to_date": "50"}],
    )
    oracle = Oracle(rows)
    assert oracle.months("k")["P"] == {"2026-03": 5_000, "2026-07": 2_000}
    assert set(oracle.daily("k")["L1"].values()) == {100}


# Hypothesis: the oracle's own invariants

days = st.integers(0, 800).map(lambda n: date(2026, 1, 1) + DAY * n)
terms = st.tuples(days, st.integers(0, 500)).map(lambda term: (term[0], term[0] + DAY * term[1]))


@ORACLE
@given(st.integers(-10_000, 10_000), st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any))
def test_invariants_19_to_21_a_split_is_whole_close_and_the_same_in_any_order(total: int, weights: list[int]) -> None:
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = largest_remainder(exact)
    assert sum(parts) == total
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    if len({share % 1 for share in exact}) == len(exact):  # a tie goes by the order of the lines
        assert largest_remainder(exact[::-1]) == parts[::-1]


@ORACLE
@given(st.sampled_from(CONVENTIONS), st.sampled_from(("even", "truncated")), terms, st.integers(0, 100_000))
def test_invariants_33_to_36_a_term_adds_up_and_never_earns_backwards(
    convention: str, rule: str, term: tuple[date, date], amount: int
) -> None:
    through = list(straight_line(amount, convention, rule, *term).values())
    assert through[-1] == amount
    assert all(before <= after for before, after in zip([0, *through], through, strict=False))
    assert [-x for x in through] == list(straight_line(-amount, convention, rule, *term).values())
    if convention == "daily":
        length = measure("daily", *term)
        assert through == [half_away(amount * (n + 1) / length) for n in range(len(through))]


prices = st.integers(100, 90_000)
changes = st.lists(
    st.tuples(st.integers(1, 360), prices, st.sampled_from(("prospective", "catch_up"))),
    max_size=3,
    unique_by=lambda c: c[0],
)


def service(amount: int, ssp: str = "") -> tuple:
    return ("L1", "straight_line", f"{amount / 100:.2f}", *YEAR, ssp)


@ORACLE
@given(prices, changes, st.integers(-5_000, 5_000), st.integers(0, 360))
def test_invariant_28_what_was_earned_stays_and_everything_is_earned_in_the_end(
    amount: int, history: list, bonus: int, told: int
) -> None:
    versions: list[tuple[dict, list[tuple]]] = [({}, [service(amount)])]
    for after, price, treatment in sorted(history):
        on = str(date(2026, 1, 1) + DAY * after)
        versions.append(({"agreed_on": on, "treatment": treatment}, [service(price)]))
    parts = {"price_components": [{"component_id": "v", "kind": "variable"}]}
    parts["price_estimates"] = estimates(("v", str(date(2026, 1, 1) + DAY * told), f"{bonus / 100:.2f}"))
    oracle = Oracle(tables(*versions, **parts))
    last = sorted(history)[-1][1] if history else amount
    assert sum(oracle.daily("k")["L1"].values()) == last + bonus
    for n in range(1, len(versions)):
        shorter = Oracle(tables(*versions[:n], **parts)).groups["k"]
        before = date.fromisoformat(versions[n][0]["agreed_on"]) - DAY
        assert shorter.through(("k", "L1"), before) == oracle.groups["k"].through(("k", "L1"), before)


@ORACLE
@given(st.lists(st.tuples(prices, prices), min_size=1, max_size=3), st.integers(1, 300))
def test_invariant_32_two_halves_of_every_line_are_the_contract(lines: list[tuple[int, int]], on: int) -> None:
    agreed = str(date(2026, 1, 1) + DAY * on)

    def contract(parts: int) -> Oracle:
        stated = [
            (f"L{n}{half}", "straight_line", f"{amount * 2 // parts / 100:.2f}", *YEAR, f"{ssp * 2 // parts / 100:.2f}")
            for n, (amount, ssp) in enumerate(lines)
            for half in range(parts)
        ]
        dearer = [(*line[:2], str(Decimal(line[2]) * 2), *line[3:]) for line in stated]
        return Oracle(tables(({}, stated), ({"agreed_on": agreed, "treatment": "prospective"}, dearer)))

    whole, halves = contract(1), contract(2)
    for day in (date(2026, 1, 1) + DAY * on - DAY, date(2026, 12, 31)):
        sums = [sum(o.groups["k"].through(key, day) for key in o.groups["k"].lines) for o in (whole, halves)]
        assert abs(sums[0] - sums[1]) <= (2 * len(lines) if day < date(2026, 12, 31) else 0)


@ORACLE
@given(prices, st.integers(1, 300), st.integers(1, 60))
def test_invariant_38_a_pause_costs_nothing(amount: int, on: int, length: int) -> None:
    agreed = date(2026, 1, 1) + DAY * on
    resumes, ends = agreed + DAY * length, date(2026, 12, 31) + DAY * length
    paused = ("L1", "straight_line", f"{amount / 100:.2f}", str(resumes), str(ends), "")
    oracle = Oracle(tables(({}, [service(amount)]), ({"change": "pause", "agreed_on": str(agreed)}, [paused])))
    found = oracle.daily("k")["L1"]
    assert sum(found.values()) == amount
    assert not [day for day in found if agreed <= day < resumes]
