"""Random contracts through the whole pipeline: every figure is the oracle's, and the invariants of the standard hold.

An invariant is held against the oracle's own tables as well as the pipeline's, so that a wrong test shows at once.
REVREC_LONG=1 builds thousands of contracts in batches.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from oracle import Oracle
from oracle_spread import half_away
from random_books import NOT_SIGNED, Batch, Books, build, disordered, from_oracle, from_pipeline, make, rebuild, rows
from random_facts import changes, finished, groups, is_fixed, known_versions, last_version, price, simple

LONG = os.environ.get("REVREC_LONG") == "1"
SEEDS, COUNT = (range(1, 11), 500) if LONG else ([606], 150)
DAY = timedelta(days=1)
REFUNDABLE = ("rebate", "refund_right")


@pytest.fixture(scope="module", params=SEEDS)
def batch(request: pytest.FixtureRequest) -> Batch:
    return make(COUNT, request.param)


@pytest.fixture(scope="module")
def database(batch: Batch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(batch, tmp_path_factory.mktemp("random"))


@pytest.fixture(scope="module", params=["oracle", "pipeline"])
def books(request: pytest.FixtureRequest, batch: Batch) -> Books:
    if request.param == "oracle":
        return from_oracle(batch)
    return from_pipeline(batch, request.getfixturevalue("database"))


@pytest.fixture(scope="module")
def built(batch: Batch, database: Path) -> Books:
    return from_pipeline(batch, database)


# The figures


def test_nothing_is_rejected_and_only_what_must_be_is_refused(batch: Batch, built: Books, database: Path) -> None:
    assert rows(database, "select * from reports.rejected_inputs") == []
    assert {c for c, why in built.refused.items() if why == NOT_SIGNED} <= batch.unsigned
    refused = Counter(re.sub(r"line \S+", "line …", why) for why in built.refused.values() if why != NOT_SIGNED)
    print(f"{len(batch.accounted(built))} of {len(batch.currency)} contracts have numbers; refused: {dict(refused)}")
    assert batch.oracle.out_of_reach == {}
    assert not refused, "every rule that a contract of the batch needs is built"
    assert len(batch.accounted(built)) >= COUNT // 15


def test_every_month_is_the_oracles(batch: Batch, built: Books) -> None:
    different = {}
    for contract_id in batch.accounted(built):
        for line_id, expected in batch.oracle.months(contract_id).items():
            found = built.months.get((contract_id, line_id), {})
            if found != expected:
                months = {m: (expected.get(m, 0), found.get(m, 0)) for m in sorted({*expected, *found})}
                different[contract_id, line_id] = {m: pair for m, pair in months.items() if pair[0] != pair[1]}
    assert different == {}, "month: (oracle, pipeline)"


def test_every_day_and_lifetime_is_the_oracles(batch: Batch, built: Books) -> None:
    different = {}
    for contract_id in batch.accounted(built):
        for line_id, expected in batch.oracle.daily(contract_id).items():
            found = built.days.get((contract_id, line_id), {})
            if found != expected:
                when = {day: (expected.get(day, 0), found.get(day, 0)) for day in sorted({*expected, *found})}
                when = {day: pair for day, pair in when.items() if pair[0] != pair[1]}
                lifetimes = sum(expected.values()), sum(found.values())
                different[contract_id, line_id] = (lifetimes, dict(list(when.items())[:5]))
    assert different == {}, "lifetime and first days: (oracle, pipeline)"


def test_every_allocation_is_the_oracles(batch: Batch, built: Books) -> None:
    different = {}
    for contract_id in batch.accounted(built):
        for (version, line_id), expected in batch.oracle.allocations(contract_id).items():
            found = built.given.get((contract_id, version, line_id), 0)
            if found != expected:
                different[contract_id, version, line_id] = (expected, found)
    assert different == {}, "(oracle, pipeline)"


def test_every_refund_liability_is_the_oracles(batch: Batch, built: Books, database: Path) -> None:
    different = {}
    owing = {c.contract_id for g in batch.oracle.groups.values() for c in g.facts.components if c.kind in REFUNDABLE}
    owing &= set(batch.accounted(built))
    for contract_id, period, owed in rows(
        database, "select contract_id, period, sum(refund_liability) from reports.contract_balances group by all"
    ):
        if contract_id in owing:
            year, month = map(int, period.split("-"))
            closing = date(year + month // 12, month % 12 + 1, 1) - DAY
            expected, found = batch.oracle.refund_liability(contract_id, closing), int(owed * batch.scale(contract_id))
            if expected != found:
                different[contract_id, period] = (expected, found)
    assert different == {}, "(oracle, pipeline)"


# The invariants of section 14


def test_invariant_12_every_version_in_force_has_its_terms_once(batch: Batch, books: Books) -> None:
    for contract_id in batch.accounted(books):
        group = batch.oracle.groups[contract_id]
        shown = sorted({version for contract, version, _ in books.given if contract == contract_id})
        assert shown == sorted(known_versions(group, contract_id)), contract_id
    keys = [(row["contract_id"], row["version"], row["obligation_id"]) for row in books.obligations]
    assert len(keys) == len(set(keys))


def test_invariant_13_every_change_has_a_treatment(batch: Batch, books: Books) -> None:
    accounted = set(batch.accounted(books))
    for row in books.obligations:
        if row["contract_id"] in accounted:
            assert bool(row["treatment"]), row
            first = known_versions(batch.oracle.groups[row["contract_id"]], row["contract_id"])[0]
            assert (row["treatment"] == "inception") == (row["version"] == first), row


def test_invariant_14_every_line_is_in_one_obligation(batch: Batch, books: Books) -> None:
    accounted = set(batch.accounted(books))
    shown = Counter(
        (row["contract_id"], row["version"], line)
        for row in books.obligations
        if row["contract_id"] in accounted
        for line in re.split(r"[|, ]+", row["line_ids"])
    )
    assert set(shown.values()) <= {1}
    if books.obligations:
        assert set(shown) == {key for key in books.given if key[0] in accounted}


def test_invariant_15_dates_fit_the_way_an_obligation_is_satisfied(batch: Batch, books: Books) -> None:
    accounted = set(batch.accounted(books))
    for row in books.obligations:
        if row["contract_id"] in accounted and row["recognition_method"] == "straight_line":
            assert row["starts_on"] and row["ends_on"], row
            assert row["starts_on"] <= row["ends_on"], row


def test_invariant_16_segments_tile_the_term(batch: Batch, books: Books) -> None:
    for key, terms, group in simple(batch, books):
        if terms.method != "straight_line" or group.facts.policy("straight_line") != "daily":
            continue
        length = (terms.ends - terms.starts).days + 1
        if group.lines[key].signed <= terms.starts and group.lines[key].total >= length:
            assert sorted(books.days[key]) == [terms.starts + DAY * n for n in range(length)], key


def test_invariant_17_no_revenue_before_the_contract_nor_after_its_end(batch: Batch, books: Books) -> None:
    for _, group in groups(batch, books):
        marks = [v.on for v in group.facts.versions] + [on for c in group.facts.components for on, _ in c.estimates]
        for key, line in group.lines.items():
            found = books.days.get(key, {})
            assert not found or min(found) >= line.signed, key
            stated = [t for v in group.facts.versions for t in v.lines if t.key == key]
            if line.terms.method == "straight_line" and found:
                assert max(found) <= max([line.signed, *marks, *(t.ends for t in stated)]), key


def test_invariant_19_allocations_sum_to_the_price(batch: Batch, books: Books) -> None:
    for contract_id, group in groups(batch, books):
        members = [member for member, root in batch.root.items() if root == contract_id]
        for version in known_versions(group, contract_id):
            shown = sum(a for (c, v, _), a in books.given.items() if c in members and v == version)
            assert shown == sum(price(group, version, member) for member in members), (contract_id, version)
    for contract_id, version, _, component in books.parts:
        group = batch.oracle.groups.get(contract_id)
        if component != "fixed" and version == max(known_versions(group, contract_id)):
            shares = [
                a for (c, v, _, part), a in books.parts.items() if (c, v, part) == (contract_id, version, component)
            ]
            told = next(c for c in group.facts.components if c.component_id == component)
            assert sum(shares) == told.on(date.max), component


def test_invariant_20_no_share_is_negative_and_no_weight_means_no_share(batch: Batch, books: Books) -> None:
    for contract_id, group in groups(batch, books):
        if not is_fixed(group) or group.changes[0].total < 0:
            continue
        for (contract, version, line), amount in books.given.items():
            if contract == contract_id and version == 1:
                assert amount >= 0, (contract_id, line)
        for (contract, version, line, component), weight in books.weights.items():
            if contract == contract_id and version == 1 and weight == 0 and len(group.terms) > 1:
                assert books.parts[contract, version, line, component] == 0, (contract_id, line)


def test_invariant_21_a_share_is_within_a_unit_of_its_exact_share(batch: Batch, books: Books) -> None:
    for _, group in groups(batch, books):
        if is_fixed(group):
            for key, exact in group.changes[0].exact.items():
                assert abs(books.given[key[0], 1, key[1]] - exact) < 1, key


def test_invariant_24_the_constraint_never_raises_a_favourable_amount(batch: Batch, books: Books) -> None:
    gross: dict[str, Fraction] = {}
    for row in batch.tables["price_estimates"]:
        if row["method"] == "stated":
            gross[row["component_id"]] = max(gross.get(row["component_id"], Fraction(0)), Fraction(row["amount"]))
        else:
            gross[row["component_id"]] = Fraction(10**12)
    shown: Counter[tuple[str, int, str]] = Counter()
    for (contract_id, version, _, component), amount in books.parts.items():
        shown[contract_id, version, component] += amount
    for (contract_id, _, component), amount in shown.items():
        if component != "fixed":
            assert amount <= gross[component] * batch.scale(contract_id), component


def test_invariant_25_a_residual_is_positive_and_in_its_range(batch: Batch, books: Books) -> None:
    for contract_id, group in groups(batch, books):
        for key, left in group.residuals.items():
            scale = batch.scale(contract_id)
            assert 100 * scale <= left <= 900 * scale and left > 0, key
            if len(group.changes) == 1:
                assert abs(books.given[key[0], 1, key[1]] - left) < 1, key


def test_invariant_26_a_change_of_the_price_keeps_the_weights_of_inception(batch: Batch, books: Books) -> None:
    accounted = set(batch.accounted(books))
    for (contract_id, version, line, component), weight in books.weights.items():
        if version != 1 or component == "fixed" or contract_id not in accounted:
            continue
        told = next(c for c in batch.oracle.groups[contract_id].facts.components if c.component_id == component)
        if not told.scope:
            assert weight == books.weights[contract_id, 1, line, "fixed"], component


def test_invariant_28_a_prospective_change_conserves_what_was_and_what_is_to_come(batch: Batch, books: Books) -> None:
    for group, change in changes(batch, books, "prospective"):
        for key, before in change.recognized.items():
            extra = group.streams(key, change.on - DAY)
            assert books.through(key, change.on - DAY) == before + extra, key
        assert sum(change.rounded.values()) == change.total
    for key, terms, _ in finished(batch, books):
        if terms.method != "usage":
            assert books.earned(key) == books.given[key[0], last_version(batch, key), key[1]], key


def test_invariant_29_a_separate_contract_leaves_the_old_lines_alone(batch: Batch, books: Books) -> None:
    for group, change in changes(batch, books, "separate_contract"):
        if not is_fixed(group):
            continue
        before = max((n for n in known_versions(group, change.contract_id) if n < change.version), default=1)
        for contract_id, version, line_id in list(books.given):
            if contract_id == change.contract_id and version == before:
                assert books.given[contract_id, before, line_id] == books.given[contract_id, change.version, line_id]


def test_invariant_30_a_catch_up_is_the_new_price_times_progress(batch: Batch, books: Books) -> None:
    for group, change in changes(batch, books, "catch_up"):
        alone = len(group.terms) == 1 and len(group.changes) == 2 and is_fixed(group)
        ((key, terms),) = group.terms.items() if alone else [((), None)]
        if alone and terms.method == "straight_line" and group.facts.policy("straight_line") == "daily":
            served, length = (change.on - terms.starts).days + 1, (terms.ends - terms.starts).days + 1
            expected = half_away(Fraction(change.total * max(0, min(served, length)), length))
            assert books.through(key, change.on) == expected, key


def test_invariant_33_days_add_up_to_what_was_given(batch: Batch, books: Books) -> None:
    for key, _, _ in finished(batch, books):
        assert books.earned(key) == books.given[key[0], last_version(batch, key), key[1]], key


def test_invariant_34_no_more_is_earned_than_was_given(batch: Batch, books: Books) -> None:
    for key, _, group in simple(batch, books):
        through = 0
        for amount in (amount for _, amount in sorted(books.days.get(key, {}).items())):
            through += amount
            assert through <= max(0, group.lines[key].total), key


def test_invariant_35_a_term_never_earns_backwards_and_keeps_its_rate(batch: Batch, books: Books) -> None:
    for key, terms, group in simple(batch, books):
        if terms.method != "straight_line":
            continue
        found = books.days.get(key, {})
        assert all(amount > 0 for amount in found.values()), key
        if group.facts.policy("straight_line") == "daily" and group.lines[key].signed <= terms.starts:
            rate = Fraction(group.lines[key].total, (terms.ends - terms.starts).days + 1)
            assert all(abs(amount - rate) < 1 for amount in found.values()), key


def test_invariant_36_months_are_the_sums_of_their_days(batch: Batch, books: Books) -> None:
    for key, months in books.months.items():
        if key[0] in batch.currency:
            summed: Counter[str] = Counter()
            for day, amount in books.days.get(key, {}).items():
                summed[f"{day:%Y-%m}"] += amount
            assert {month: amount for month, amount in summed.items() if amount} == months, key


def test_invariant_37_a_leap_day_is_a_day_like_any_other(batch: Batch, books: Books) -> None:
    leap = date(2028, 2, 29)
    for key, terms, group in simple(batch, books):
        if terms.method != "straight_line" or not terms.starts <= leap <= terms.ends:
            continue
        if group.facts.policy("straight_line") == "daily" and group.lines[key].signed <= terms.starts:
            rate = Fraction(group.lines[key].total, (terms.ends - terms.starts).days + 1)
            assert abs(books.days.get(key, {}).get(leap, 0) - rate) < 1, key


def test_invariant_38_paused_days_earn_nothing_and_cost_nothing(batch: Batch, books: Books) -> None:
    for group, change in changes(batch, books, "pause"):
        version = next(
            v for v in group.facts.versions if (v.contract_id, v.number) == (change.contract_id, change.version)
        )
        extra = {on for c in group.facts.components for on, _ in c.estimates}
        for terms in version.lines:
            if terms.method == "straight_line" and terms.starts > change.on:
                paused = {day for day in books.days.get(terms.key, {}) if change.on <= day < terms.starts}
                assert paused <= extra, terms.key
                assert (
                    change.rounded[terms.key] == group.at_end[change.contract_id, change.version - 1, terms.key[1]]
                    or extra
                )


def test_invariant_40_what_expires_is_earned_to_the_last_unit(batch: Batch, books: Books) -> None:
    for key, terms, group in simple(batch, books):
        if terms.method == "units" and terms.expires:
            on = max(terms.expires, group.lines[key].signed)
            assert books.through(key, on) == books.earned(key) == group.lines[key].total, key


def test_invariants_22_and_31_the_order_of_lines_and_of_arrival_does_not_matter(
    batch: Batch, database: Path, tmp_path: Path
) -> None:
    again = rebuild(disordered(batch.tables, 31), tmp_path)
    for table in ("recognition_by_period", "price_allocations"):
        query = f"select * from reports.{table} order by all"  # noqa: S608
        assert rows(again, query) == rows(database, query), table


def test_the_oracle_does_not_mind_the_order_of_arrival_either(batch: Batch) -> None:
    other = Oracle(disordered(batch.tables, 32))
    for contract_id in batch.currency:
        assert other.daily(contract_id) == batch.oracle.daily(contract_id)
        assert other.allocations(contract_id) == batch.oracle.allocations(contract_id)
