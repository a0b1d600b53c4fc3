"""The fold of a contract's history, rule by rule, with figures worked out by hand (accounting.md, sections 2 to 6)."""

from __future__ import annotations

from collections import defaultdict

import pytest
from contract_facts import component, contract, day, fold, line, month, progress, revenue, totals

YEAR = ("2026-01-01", "2026-12-31")
EVEN = {"convention": "monthly_even"}


def prices(facts: dict, version: int) -> dict[int, int]:
    """Line -> its price in a version, components included."""
    found: dict[int, int] = defaultdict(int)
    for _, number, key, _, _, _, amount, _ in fold(facts)["prices"]:
        if number == version:
            found[key] += amount
    return dict(found)


def balances(facts: dict, role: str) -> dict[str, int]:
    """Month -> what stands at its end."""
    found, total = {}, 0
    for on, _, moved, amount in sorted(fold(facts)["movements"]):
        if moved == role:
            total += amount
            found[month(on)] = total
    return found


def treatment(facts: dict) -> str:
    return fold(facts)["promises"][-1][5]


# Modifications


def test_what_is_added_at_its_standalone_price_is_a_separate_contract() -> None:
    """Example 5, case A: 120 at 100, then 30 more at their price of 95."""
    first = line(1, 1200000, "2027-01-01", method="units", quantity=120)
    more = line(2, 285000, "2027-04-01", method="units", quantity=30)
    measures = [progress(1, "2027-03-15", 60), progress(1, "2027-06-30", 120), progress(2, "2027-06-30", 30)]
    facts = contract(("2027-01-01", [first]), ("2027-04-01", [first, more]), progress=measures)
    assert revenue(facts) == {(1, "2027-03"): 600000, (1, "2027-06"): 600000, (2, "2027-06"): 285000}
    assert treatment(facts) == "separate_contract"


def test_what_is_added_below_its_standalone_price_shares_what_remains() -> None:
    """150 of 200 at 80 are delivered; 50 more at 60 are worth 75 each: 7,000 over 100 equal units."""
    first = line(1, 1600000, "2027-01-01", method="units", quantity=200)
    repriced = line(1, 1600000, "2027-01-01", method="units", quantity=200, ssp=1500000)
    more = line(2, 300000, "2027-04-01", method="units", quantity=50, ssp=375000)
    measures = [progress(1, "2027-03-15", 150), progress(1, "2027-05-31", 175), progress(1, "2027-06-30", 200)]
    facts = contract(
        ("2027-01-01", [first]),
        ("2027-04-01", [repriced, more]),
        progress=[*measures, progress(2, "2027-06-30", 50)],
    )
    assert revenue(facts) == {
        (1, "2027-03"): 1200000,
        (1, "2027-05"): 175000,
        (1, "2027-06"): 175000,
        (2, "2027-06"): 350000,
    }
    assert treatment(facts) == "prospective"


def test_measured_progress_is_caught_up() -> None:
    """Example 8 with exact progress: 60% of 1,000,000, then 21/41 of 1,350,000."""
    facts = contract(
        ("2027-01-01", [line(1, 100000000, "2027-01-01", method="percent_complete")]),
        ("2028-02-15", [line(1, 115000000, "2027-01-01", method="percent_complete")]),
        components=[component(9)],
        estimates=[[9, day("2027-01-01"), 0], [9, day("2028-02-15"), 20000000]],
        progress=[progress(1, "2027-12-31", 420000, 700000), progress(1, "2028-02-15", 420000, 820000)],
    )
    assert revenue(facts) == {(1, "2027-12"): 60000000, (1, "2028-02"): 9146341}
    assert treatment(facts) == "catch_up"


def test_a_mix_is_caught_up_where_it_is_measured_and_prospective_elsewhere() -> None:
    """A project repriced by 300 at half its progress, and a service cut by 600 at half of its year of months."""
    project, service = line(1, 100000, method="percent_complete"), line(2, 120000, *YEAR)
    facts = contract(
        ("2026-01-01", [project, service]),
        ("2026-07-01", [line(1, 130000, method="percent_complete"), line(2, 60000, *YEAR, ssp=120000)]),
        progress=[progress(1, "2026-03-31", 50)],
        policy=EVEN,
    )
    found = revenue(facts)
    assert found[1, "2026-03"] == 50000
    assert found[1, "2026-07"] == 15000
    assert found[2, "2026-06"] == 10000
    assert found.get((2, "2026-07"), 0) == 0
    assert treatment(facts) == "mixed"


@pytest.mark.parametrize(("given", "july"), [("prospective", 13000), ("catch_up", 11500 + 9000)])
def test_a_version_or_a_policy_may_say_how_it_is_treated(given: str, july: int) -> None:
    """1,200 for a year becomes 1,380 in July: 780 over six months, or 115 a month and 90 for the first half."""
    versions = ("2026-01-01", [line(1, 120000, *YEAR)]), ("2026-07-01", [line(1, 138000, *YEAR)])
    by_version = contract(*versions, treatments=(given,), policy=EVEN)
    by_policy = contract(*versions, policy={**EVEN, "modification": given})
    assert revenue(by_version) == revenue(by_policy)
    assert revenue(by_version)[1, "2026-07"] == july


def test_a_pause_moves_what_remains() -> None:
    facts = contract(
        ("2026-01-01", [line(1, 120000, *YEAR)]),
        ("2026-05-01", [line(1, 120000, "2026-07-01", "2027-02-28")]),
        policy=EVEN,
    )
    found = revenue(facts)
    assert (1, "2026-05") not in found and (1, "2026-06") not in found
    assert found[1, "2026-04"] == found[1, "2026-07"] == found[1, "2027-02"] == 10000


def test_a_pause_of_one_line_leaves_the_other_as_it_was() -> None:
    """The second line costs half its standalone price; a pause is no reason to share the price again."""
    one, other = line(1, 120000, *YEAR), line(2, 60000, *YEAR, ssp=120000)
    paused = line(1, 120000, "2026-07-01", "2027-02-28")
    facts = contract(("2026-01-01", [one, other]), ("2026-05-01", [paused, other]), policy=EVEN, change="pause")
    found = revenue(facts)
    assert found[2, "2026-04"] == found[2, "2026-05"] == found[2, "2026-12"] == 7500
    assert totals(facts) == {1: 90000, 2: 90000}


def test_a_termination_with_notice_spreads_what_is_kept_over_the_notice() -> None:
    """100.00 a day through 14 August; 7,800 of what was paid is kept for the 17 days of notice."""
    facts = contract(
        ("2026-01-01", [line(1, 3650000, *YEAR)]),
        ("2026-08-15", [line(1, 3040000, "2026-01-01", "2026-08-31")]),
    )
    assert revenue(facts)[1, "2026-08"] == 140000 + 780000
    assert totals(facts) == {1: 3040000}


def test_a_fee_kept_at_an_immediate_termination_is_earned_at_once() -> None:
    facts = contract(
        ("2026-01-01", [line(1, 120000, *YEAR)]),
        ("2026-07-01", [line(1, 65000, "2026-01-01", "2026-06-30")]),
        policy=EVEN,
    )
    assert revenue(facts)[1, "2026-07"] == 5000


def test_the_order_of_effect_decides_not_the_number_of_the_version() -> None:
    first, may, september = [line(1, 120000, *YEAR)], [line(1, 160000, *YEAR)], [line(1, 140000, *YEAR)]
    facts = contract(("2026-01-01", first), ("2026-05-01", may), ("2026-09-01", september), policy=EVEN)
    swapped = contract(("2026-01-01", first), ("2026-09-01", september), ("2026-05-01", may), policy=EVEN)
    assert revenue(facts) == revenue(swapped)
    assert [revenue(facts)[1, f"2026-{m:02}"] for m in (4, 5, 9)] == [10000, 15000, 10000]


def test_a_material_right_carries_what_was_deferred_into_what_it_buys() -> None:
    """300 deferred for an option on a second year at 900: the second year earns 1,200."""
    year, option = line(1, 120000, *YEAR), line(2, 30000, "2026-01-01", method="units", expires="2027-06-30")
    second = line(3, 90000, "2027-01-01", "2027-12-31", exercises=2)
    facts = contract(("2026-01-01", [year, option]), ("2026-12-01", [year, option, second]))
    assert totals(facts) == {1: 120000, 3: 120000}
    lapsed = contract(("2026-01-01", [year, option]), components=[component(9)])
    assert revenue(lapsed)[2, "2027-06"] == 30000


# Allocation


def test_a_discount_with_evidence_belongs_to_its_lines() -> None:
    """Example 34, case A: 40, 55 and 45 for 100, the discount on two of them."""
    lines = [line(1, 4000, "2027-01-01"), line(2, 5500, "2027-01-01"), line(3, 4500, "2027-01-01")]
    facts = contract(("2027-01-01", [*lines, line(8, -4000, discount=True)]), scopes=[[8, 2], [8, 3]])
    assert prices(facts, 1) == {1: 4000, 2: 3300, 3: 2700}


def test_a_residual_takes_what_is_not_observable() -> None:
    lines = [line(1, 2000000, "2027-01-01", ssp=1800000), line(2, 1000000, "2027-01-01", ssp=1200000)]
    rest = [
        line(3, 7500000, "2027-01-01", residual=0, fallback=6000000),
        line(4, 2500000, "2027-01-01", residual=0, fallback=6000000),
    ]
    assert prices(contract(("2027-01-01", [*lines, *rest])), 1) == {1: 1800000, 2: 1200000, 3: 7500000, 4: 2500000}


def test_a_residual_that_fails_falls_back_on_the_book() -> None:
    """100 for what sells for 90, with a residual of 10 outside 30 to 50: shared 90 to 60."""
    lines = [line(1, 9000, "2027-01-01"), line(2, 1000, "2027-01-01", residual=0, fallback=6000, low=3000, high=5000)]
    assert prices(contract(("2027-01-01", lines)), 1) == {1: 6000, 2: 4000}


def test_the_units_left_over_go_to_the_largest_remainders_and_ties_to_the_first() -> None:
    lines = [line(key, amount, "2027-01-01", ssp=5000) for key, amount in ((1, 4000), (2, 3000), (3, 3000))]
    assert prices(contract(("2027-01-01", lines)), 1) == {1: 3334, 2: 3333, 3: 3333}


def test_contracts_that_are_combined_share_one_price() -> None:
    service, project = line(1, 1200000, *YEAR), line(2, 300000, "2026-01-20", ssp=500000, contract=2)
    facts = contract(("2026-01-01", [service]))
    facts["versions"].append([1, day("2026-01-02"), day("2026-01-02"), None, 2, "inception"])
    facts["lines"].append([1, *project[1:]])
    assert prices(facts, 1) == {1: 1058824, 2: 441176}


# The transaction price


def test_a_change_of_the_price_uses_the_weights_of_inception_and_then_those_of_the_modification() -> None:
    """Example 6: X 620, Y 460, Z 460."""
    x, y, z = line(1, 50000, "2027-01-01"), line(2, 50000, "2027-09-01"), line(3, 30000, "2027-10-01", ssp=50000)
    facts = contract(
        ("2027-01-01", [x, y]),
        ("2027-03-01", [x, y, z]),
        components=[component(9)],
        estimates=[[9, day("2027-01-01"), 20000], [9, day("2027-06-01"), 24000]],
    )
    assert prices(facts, 2) == {1: 62000, 2: 46000, 3: 46000}
    assert revenue(facts)[1, "2027-06"] == 2000


def test_a_credit_for_a_month_belongs_to_that_month() -> None:
    facts = contract(
        ("2026-01-01", [line(1, 120000, *YEAR)]),
        components=[component(9, "rebate", starts="2026-05-01", ends="2026-05-31")],
        scopes=[[9, 1]],
        estimates=[[9, day("2026-05-31"), -1000]],
        credits=[[day("2026-06-01"), 1000, "rebate"]],
        policy=EVEN,
    )
    assert revenue(facts)[1, "2026-05"] == 9000
    assert balances(facts, "refund_liability") == {"2026-05": 1000, "2026-06": 0}


def test_a_refund_liability_follows_the_share_that_is_billed() -> None:
    """Example 24: no rebate on 75 of 1,500, then 10% of 575."""
    facts = contract(
        ("2028-03-01", [line(1, 15000000, "2028-03-01", method="units", quantity=1500)]),
        components=[component(9, "rebate")],
        estimates=[[9, day("2028-03-01"), 0], [9, day("2028-06-30"), -1500000]],
        progress=[progress(1, "2028-03-31", 75), progress(1, "2028-06-30", 575)],
        billed=[[day("2028-03-31"), 750000], [day("2028-06-30"), 5000000]],
    )
    assert revenue(facts) == {(1, "2028-03"): 750000, (1, "2028-06"): 4425000}
    assert balances(facts, "refund_liability") == {"2028-06": 575000}


def test_a_billing_error_settles_no_refund_liability() -> None:
    facts = contract(
        ("2026-01-01", [line(1, 120000, *YEAR)]),
        components=[component(9, "refund_right")],
        estimates=[[9, day("2026-01-01"), -12000]],
        billed=[[day("2026-01-01"), 120000]],
        credits=[[day("2026-03-01"), 4000, "billing_error"], [day("2026-04-01"), 5000, "unspecified"]],
    )
    assert balances(facts, "refund_liability") == {"2026-01": 12000, "2026-04": 7000}


def test_what_is_payable_to_the_customer_reduces_the_price() -> None:
    facts = contract(
        ("2026-01-01", [line(1, 120000, *YEAR)]),
        components=[component(9, "payable_to_customer")],
        estimates=[[9, day("2026-01-01"), -12000]],
        billed=[[day("2026-01-01"), 120000]],
    )
    assert totals(facts) == {1: 108000}
    assert balances(facts, "payable_to_customer") == {"2026-01": 12000}


def test_a_rebate_pays_what_is_payable_to_the_customer_after_what_is_to_be_refunded() -> None:
    facts = contract(
        ("2026-01-01", [line(1, 120000, *YEAR)]),
        components=[component(8, "payable_to_customer"), component(9, "rebate")],
        estimates=[[8, day("2026-01-01"), -12000], [9, day("2026-01-01"), -2000]],
        billed=[[day("2026-01-01"), 120000]],
        credits=[[day("2026-03-01"), 500, "past_service"], [day("2026-06-01"), 4000, "rebate"]],
    )
    assert balances(facts, "refund_liability") == {"2026-01": 2000, "2026-03": 1500, "2026-06": 0}
    assert balances(facts, "payable_to_customer") == {"2026-01": 12000, "2026-06": 9500}


def test_what_compensates_past_service_reduces_revenue_at_once() -> None:
    facts = contract(
        ("2026-01-01", [line(1, 120000, *YEAR)]),
        components=[component(9, "past_concession")],
        estimates=[[9, day("2026-07-01"), -1000]],
        policy=EVEN,
    )
    assert revenue(facts)[1, "2026-07"] == 9000
    assert revenue(facts)[1, "2026-08"] == 10000


def test_a_royalty_waits_for_the_licence_and_is_earned_as_sold_where_access_runs() -> None:
    """Example 35, case B: 200 on two licences by 800 and 1,000; the first is not transferred before April."""
    x, y = line(1, 300, "2027-04-01", ssp=800), line(2, 0, "2027-01-01", ssp=1000)
    facts = contract(
        ("2027-01-01", [x, y]), components=[component(9, "royalty")], estimates=[[9, day("2027-01-31"), 200]]
    )
    assert revenue(facts) == {(2, "2027-01"): 278, (1, "2027-04"): 222}
    access = contract(
        ("2026-01-01", [line(1, 120000, *YEAR)]),
        components=[component(9, "royalty")],
        scopes=[[9, 1]],
        estimates=[[9, day("2026-03-31"), 5000]],
        policy=EVEN,
    )
    assert revenue(access)[1, "2026-03"] == 15000


@pytest.mark.parametrize(("book", "total"), [("ASC606", 52000), ("IFRS15", 60000)])
def test_noncash_consideration_is_measured_at_inception_under_asc_606(book: str, total: int) -> None:
    facts = contract(
        ("2026-01-01", [line(1, 0, *YEAR)]),
        components=[component(9, "noncash")],
        estimates=[[9, day("2026-01-01"), 52000], [9, day("2026-06-30"), 60000]],
        policy={"book": book},
    )
    assert totals(facts) == {1: total}


def test_a_customer_who_pays_early_lends() -> None:
    """Example 29: 4,000 now for what is delivered in two years, at 6%: revenue 4,494.40, interest 494.40."""
    facts = contract(
        ("2027-01-01", [line(1, 400000, "2029-01-01")]),
        components=[component(9, "financing", rate="0.06")],
        payments=[[day("2027-01-01"), 400000]],
    )
    assert totals(facts) == {1: 449440}
    assert [*balances(facts, "interest_expense").values()][-1] == -49440


def test_a_customer_who_pays_late_borrows() -> None:
    """Example 28, case B: 60 instalments of 18,871 at 1% a month are worth 44.955038 of them on delivery."""
    months = [f"{2027 + (m // 12)}-{m % 12 + 1:02}-01" for m in range(1, 61)]
    facts = contract(
        ("2027-01-01", [line(1, 60 * 1887100, "2027-01-01")]),
        components=[component(9, "financing", rate="0.126825030131969720661201")],
        payments=[[day(on), 1887100] for on in months],
    )
    assert totals(facts) == {1: 84834653}
    assert totals(facts)[1] + [*balances(facts, "interest_income").values()][-1] == 60 * 1887100


def test_a_year_between_payment_and_service_needs_no_financing() -> None:
    facts = contract(
        ("2026-01-01", [line(1, 120000, *YEAR)]),
        components=[component(9, "financing", rate="0.06")],
        payments=[[day("2026-01-01"), 120000]],
    )
    assert totals(facts) == {1: 120000}
    facts["policy"]["financing_expedient"] = False
    assert totals(facts)[1] > 120000


def test_nothing_gives_nothing_and_what_is_unknown_is_named() -> None:
    import fold_contract

    assert fold_contract.fold_contract(None) is None
    facts = contract(("2026-01-01", [line(1, 1, *YEAR)]), ("2026-02-01", [line(1, 2, *YEAR)]), treatments=("guess",))
    with pytest.raises(ValueError, match="unknown treatment of a modification: guess"):
        fold(facts)
