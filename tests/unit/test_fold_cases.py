"""Worked examples of what happens to an invoice that is its own contract: the whole trial balance, month by month.

Amounts in cents, each role in its natural direction. The names are those of the oracle cases the figures are from.
"""

from __future__ import annotations

import pytest
from fold_facts import Books, by_month, event, line

QUARTER_2019 = line(9000, "2019-01-01", "2019-03-31")
QUARTER_2023 = line(9000, "2023-01-01", "2023-03-31")
YEAR_2026 = line(365000, "2026-01-01", "2026-12-31")
HALVED_2023 = {  # 90 of the first quarter, half of it credited on the first of February
    "accounts_receivable": by_month("2023-01", 9000, -4500),
    "revenue": by_month("2023-01", 3100, 1400, 1550),
    "deferred_revenue": by_month("2023-01", 5900, -4350, -1550),
    "credit_notes": {"2023-02": 1550},
}
DAYS_2026 = (310_00, 280_00, 310_00, 300_00, 310_00, 300_00, 310_00, 310_00, 300_00)

CASES = {
    "saas-bad-01": (
        [line(100000, "2026-01-15")],
        [event("2026-01-15", "issue"), event("2026-05-20", "write_off")],
        {
            "accounts_receivable": {"2026-01": 100000, "2026-05": -100000},
            "revenue": {"2026-01": 100000},
            "bad_debt": {"2026-05": 100000},
        },
    ),
    "saas-cash-01": (
        [line(100000, "2026-01-15")],
        [event("2026-01-15", "issue"), event("2026-02-10", "payment", 115000, "cash")],
        {
            "accounts_receivable": by_month("2026-01", 100000, -100000),
            "revenue": {"2026-01": 100000},
            "cash": {"2026-02": 115000},
            "customer_balance": {"2026-02": 15000},
        },
    ),
    "saas-cn-01": (
        [YEAR_2026],
        [event("2026-01-01", "issue"), event("2026-01-01", "credit_note", 36500, "price_change:receivable")],
        {
            "accounts_receivable": {"2026-01": 328500},
            "revenue": by_month("2026-01", *(900 * days for days in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31))),
            "deferred_revenue": by_month(
                "2026-01", 300600, *(-900 * days for days in (28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31))
            ),
        },
    ),
    "saas-cn-02b": (
        [YEAR_2026],
        [event("2026-01-01", "issue"), event("2026-10-01", "credit_note", 50000, "scope_reduction:receivable")],
        {
            "accounts_receivable": {"2026-01": 365000, "2026-10": -50000},
            "revenue": by_month("2026-01", *DAYS_2026, 14152, 13696, 14152),
            "deferred_revenue": by_month(
                "2026-01", 334000, *(-amount for amount in DAYS_2026[1:]), -64152, -13696, -14152
            ),
        },
    ),
    "saas-cn-03": (
        [YEAR_2026],
        [event("2026-01-01", "issue"), event("2026-07-01", "credit_note", 73000, "price_change:receivable")],
        {
            "accounts_receivable": {"2026-01": 365000, "2026-07": -73000},
            "revenue": by_month("2026-01", *DAYS_2026[:6], 24800, 24800, 24000, 24800, 24000, 24800),
            "credit_notes": {"2026-07": 36200},
            "deferred_revenue": by_month(
                "2026-01",
                334000,
                *(-amount for amount in DAYS_2026[1:6]),
                -61600,
                -24800,
                -24000,
                -24800,
                -24000,
                -24800,
            ),
        },
    ),
    "saas-cn-06": (
        [
            line(600000, "2026-01-01", "2026-12-31", key=1, spread="monthly_prorated_ends"),
            line(300000, "2026-01-01", key=2, spread="monthly_prorated_ends"),
            line(100000, "2026-01-01", "2026-10-31", key=3, spread="monthly_prorated_ends"),
        ],
        [event("2026-01-01", "issue"), event("2026-07-01", "credit_note", 100000, "deferred_first:receivable")],
        {
            "accounts_receivable": {"2026-01": 1000000, "2026-07": -100000},
            "revenue": by_month("2026-01", 360000, *[60000] * 5, *[47500] * 4, 40000, 40000),
            "credit_notes": {"2026-07": 30000},
            "deferred_revenue": by_month("2026-01", 640000, *[-60000] * 5, -117500, *[-47500] * 3, -40000, -40000),
        },
    ),
    "seq-07a": (
        [line(1200000, "2025-01-01", "2025-12-31", spread="monthly_prorated_ends", days="truncated")],
        [event("2025-01-01", "issue"), event("2025-10-01", "credit_note", 300000, "deferred_first:receivable")],
        {
            "accounts_receivable": {"2025-01": 1200000, "2025-10": -300000},
            "revenue": by_month("2025-01", *[100000] * 9),
            "deferred_revenue": by_month("2025-01", 1100000, *[-100000] * 8, -300000),
        },
    ),
    "seq-07c": (
        [line(1200000, "2025-01-01", "2025-12-31", spread="monthly_prorated_ends", days="truncated")],
        [event("2025-01-01", "issue"), event("2025-10-01", "credit_note", 400000, "deferred_first:receivable")],
        {
            "accounts_receivable": {"2025-01": 1200000, "2025-10": -400000},
            "revenue": by_month("2025-01", *[100000] * 9),
            "credit_notes": {"2025-10": 100000},
            "deferred_revenue": by_month("2025-01", 1100000, *[-100000] * 8, -300000),
        },
    ),
    "std-other-loss": (
        [line(24000, "2025-01-01", "2025-12-31", spread="monthly_from_start")],
        [
            event("2025-01-01", "issue"),
            event("2025-01-01", "payment", 24000, "cash"),
            event("2025-03-01", "refund", 12000, "pro_rata"),
            event("2025-04-01", "dispute", 15000, "pro_rata"),
        ],
        {
            "cash": by_month("2025-01", 24000, 0, -12000, -15000),
            "revenue": by_month("2025-01", 2000, 2000, 1000),
            "deferred_revenue": by_month("2025-01", 22000, -2000, -11000, -9000),
            "refunds": {"2025-03": 2000},
            "disputes": {"2025-04": 3000},
            "other_loss": {"2025-04": 3000},
        },
    ),
    "std-refund-deferred-first-a": (
        [line(36500, "2025-01-01", "2025-12-31")],
        [
            event("2025-01-01", "issue"),
            event("2025-01-01", "payment", 36500, "cash"),
            event("2025-07-01", "refund", 20000, "deferred_first"),
        ],
        {
            "cash": {"2025-01": 36500, "2025-07": -20000},
            "revenue": by_month("2025-01", 3100, 2800, 3100, 3000, 3100, 3000),
            "deferred_revenue": by_month("2025-01", 33400, -2800, -3100, -3000, -3100, -3000, -18400),
            "refunds": {"2025-07": 1600},
        },
    ),
    "std-refund-line-a": (
        [
            line(120000, "2025-01-01", "2025-12-31", key=1, spread="monthly_prorated_ends"),
            line(30000, "2025-01-01", key=2),
        ],
        [
            event("2025-01-01", "issue"),
            event("2025-01-01", "payment", 150000, "cash"),
            event("2025-04-01", "refund", 40000, "pro_rata", key=1),
        ],
        {
            "cash": {"2025-01": 150000, "2025-04": -40000},
            "revenue": by_month("2025-01", 40000, 10000, 10000, *[6667, 6666, 6667] * 3),
            "refunds": {"2025-04": 10000},
            "deferred_revenue": by_month(
                "2025-01", 110000, -10000, -10000, -36667, -6666, -6667, *[-6667, -6666, -6667] * 2
            ),
        },
    ),
    "std-two-credit-notes-a": (
        [line(18000, "2025-01-01", "2025-06-29")],
        [
            event("2025-01-01", "issue"),
            event("2025-02-01", "credit_note", 6000, "pro_rata:receivable", key=1),
            event("2025-04-01", "credit_note", 3000, "pro_rata:receivable", key=1),
        ],
        {
            "accounts_receivable": by_month("2025-01", 18000, -6000, 0, -3000),
            "revenue": by_month("2025-01", 3100, 1867, 2066, 1500, 1550, 1450),
            "deferred_revenue": by_month("2025-01", 14900, -6834, -2066, -3000, -1550, -1450),
            "credit_notes": {"2025-02": 1033, "2025-04": 1500},
        },
    ),
    "str-cn-02": (
        [QUARTER_2023],
        [
            event("2023-01-01", "issue"),
            event("2023-01-01", "payment", 9000, "cash"),
            event("2023-02-01", "credit_note", 1500, "pro_rata:refund"),
            event("2023-02-01", "credit_note", 1000, "pro_rata:customer_balance"),
            event("2023-02-01", "credit_note", 2000, "pro_rata:outside"),
            event("2023-02-01", "refund_of_credit_note", 1500),
        ],
        {
            "cash": by_month("2023-01", 9000, -1500),
            "customer_balance": {"2023-02": 1000},
            "external_asset": {"2023-02": -2000},
            **{role: HALVED_2023[role] for role in ("revenue", "deferred_revenue", "credit_notes")},
        },
    ),
    "str-cn-03": (
        [QUARTER_2023],
        [event("2023-01-01", "issue"), event("2023-02-01", "credit_note", 4500, "pro_rata:receivable", key=1)],
        HALVED_2023,
    ),
    "str-cn-04": (
        [line(18100, "2023-01-01", "2023-06-30")],
        [event("2023-01-01", "issue"), event("2023-02-01", "credit_note", 9050, "pro_rata:receivable")],
        {
            "accounts_receivable": by_month("2023-01", 18100, -9050),
            "revenue": by_month("2023-01", 3100, 1400, 1550, 1500, 1550, 1500),
            "deferred_revenue": by_month("2023-01", 15000, -8900, -1550, -1500, -1550, -1500),
            "credit_notes": {"2023-02": 1550},
        },
    ),
    "str-con-01": (
        [line(3100, "2024-01-15", "2024-02-14")],
        [
            event("2024-01-15", "issue"),
            event("2024-01-15", "payment", 1100, "customer_balance"),
            event("2024-02-09", "payment", 2000, "cash"),
        ],
        {
            "accounts_receivable": by_month("2024-01", 2000, -2000),
            "cash": {"2024-02": 2000},
            "customer_balance": {"2024-01": -1100},
            "revenue": by_month("2024-01", 1700, 1400),
            "deferred_revenue": by_month("2024-01", 1400, -1400),
        },
    ),
    "str-con-02": (
        [line(-3100, "2024-01-15", "2024-02-14")],
        [event("2024-01-15", "issue")],
        {
            "customer_balance": {"2024-01": 3100},
            "revenue": by_month("2024-01", -1700, -1400),
            "deferred_revenue": by_month("2024-01", -1400, 1400),
        },
    ),
    "str-con-03": (
        [QUARTER_2019],
        [
            event("2019-01-01", "issue"),
            event("2019-01-01", "payment", 9000, "cash"),
            event("2019-02-01", "refund", 9000, "pro_rata"),
        ],
        {
            "cash": by_month("2019-01", 9000, -9000),
            "revenue": {"2019-01": 3100},
            "deferred_revenue": by_month("2019-01", 5900, -5900),
            "refunds": {"2019-02": 3100},
        },
    ),
    "str-con-05": (
        [QUARTER_2019],
        [event("2019-01-01", "issue"), event("2019-02-01", "void")],
        {
            "accounts_receivable": by_month("2019-01", 9000, -9000),
            "revenue": {"2019-01": 3100},
            "deferred_revenue": by_month("2019-01", 5900, -5900),
            "voids": {"2019-02": 3100},
        },
    ),
    "str-con-06": (
        [QUARTER_2019],
        [event("2019-01-01", "issue"), event("2019-02-01", "write_off")],
        {
            "accounts_receivable": by_month("2019-01", 9000, -9000),
            "revenue": {"2019-01": 3100},
            "deferred_revenue": by_month("2019-01", 5900, -5900),
            "bad_debt": {"2019-02": 3100},
        },
    ),
    "str-con-06c": (
        [QUARTER_2019],
        [event("2019-01-01", "issue"), event("2019-02-01", "write_off"), event("2019-04-01", "void")],
        {
            "accounts_receivable": by_month("2019-01", 9000, -9000),
            "revenue": {"2019-01": 3100},
            "deferred_revenue": by_month("2019-01", 5900, -5900),
            "bad_debt": {"2019-02": 3100, "2019-04": -3100},
            "voids": {"2019-04": 3100},
        },
    ),
    "str-con-06e": (
        [line(3100, "2024-01-15", "2024-02-14")],
        [event("2024-01-15", "issue"), event("2024-02-01", "void")],
        {
            "accounts_receivable": by_month("2024-01", 3100, -3100),
            "revenue": {"2024-01": 1700},
            "deferred_revenue": by_month("2024-01", 1400, -1400),
            "voids": {"2024-02": 1700},
        },
    ),
    "str-con-09b": (
        [QUARTER_2019],
        [
            event("2019-01-01", "issue"),
            event("2019-02-01", "write_off"),
            event("2019-04-01", "payment", 9000, "cash"),
            event("2019-05-01", "refund", 9000, "pro_rata"),
        ],
        {
            "accounts_receivable": by_month("2019-01", 9000, -9000),
            "revenue": {"2019-01": 3100},
            "deferred_revenue": by_month("2019-01", 5900, -5900),
            "bad_debt": {"2019-02": 3100, "2019-04": -3100},
            "cash": {"2019-04": 9000, "2019-05": -9000},
            "refunds": {"2019-05": 3100},
            "recoveries": {"2019-04": 5900, "2019-05": -5900},
        },
    ),
    "str-con-10": (
        [QUARTER_2019],
        [
            event("2019-01-01", "issue"),
            event("2019-01-01", "payment", 9000, "cash"),
            event("2019-02-01", "dispute", 9000, "pro_rata"),
            event("2019-04-01", "dispute_won", 9000),
        ],
        {
            "cash": {"2019-01": 9000, "2019-02": -9000, "2019-04": 9000},
            "revenue": {"2019-01": 3100},
            "deferred_revenue": by_month("2019-01", 5900, -5900),
            "disputes": {"2019-02": 3100},
            "recoveries": {"2019-04": 9000},
        },
    ),
    "str-con-12": (
        [line(9000, "2024-01-01")],
        [
            event("2024-01-01", "issue"),
            event("2024-01-01", "payment", 9000, "cash"),
            event("2024-02-01", "refund", 9000, "pro_rata"),
        ],
        {
            "cash": by_month("2024-01", 9000, -9000),
            "revenue": {"2024-01": 9000},
            "refunds": {"2024-02": 9000},
        },
    ),
    "str-exc-01": (
        [line(1000, "2022-01-05")],
        [
            event("2022-01-05", "issue"),
            event("2022-01-05", "payment", 1000, "cash"),
            event("2022-02-05", "exclude"),
        ],
        {
            "cash": {"2022-01": 1000},
            "revenue": {"2022-01": 1000, "2022-02": -1000},
            "exclusions": {"2022-02": 1000},
        },
    ),
    "str-oth-01": (
        [line(3100, "2024-01-01", "2024-01-31")],
        [event("2024-01-01", "issue"), event("2024-02-05", "payment", 3100, "external_asset")],
        {
            "accounts_receivable": by_month("2024-01", 3100, -3100),
            "revenue": {"2024-01": 3100},
            "external_asset": {"2024-02": 3100},
        },
    ),
    "str-set-02a": (
        [line(9200, "2024-10-01", "2024-12-31", not_before="2024-11-01")],
        [event("2024-11-01", "issue"), event("2024-11-01", "payment", 9200, "cash")],
        {
            "cash": {"2024-11": 9200},
            "revenue": by_month("2024-11", 6100, 3100),
            "deferred_revenue": by_month("2024-11", 3100, -3100),
        },
    ),
    "str-tax-01": (
        [line(3100, "2024-01-01", "2024-01-31", tax=310)],
        [event("2024-01-01", "issue"), event("2024-01-01", "payment", 3410, "cash")],
        {"cash": {"2024-01": 3410}, "revenue": {"2024-01": 3100}, "tax_payable": {"2024-01": 310}},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_trial_balance_of_the_case(case: str) -> None:
    lines, events, expected = CASES[case]
    assert Books(lines, *events).months() == expected
