"""A contract in a foreign currency, event by event: hand-computed functional amounts (cents) of each rule."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from typing import Any

import pytest
from fold_currency import fold_currency

TREATMENTS = {
    "cash": "spot",
    "deferred_revenue": "layers",
    "revenue": "earned",
    "refunds": "earned",
    "credit_notes": "earned",
    "bad_debt": "income",
    "interest_expense": "income",
    "cost_amortization": "income",
    "contract_cost_asset": "historical",
}
PRECEDENCE = {"invoice": 1, "payment": 2, "credit_note": 3, "write_off": 4, "refund": 5}


def day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal() - datetime.date(1970, 1, 1).toordinal()


def month_end(text: str) -> str:
    first = datetime.date.fromisoformat(text[:7] + "-01")
    return ((first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)).isoformat()


class Contract:
    """Facts of one contract in the words of the tests, and the books they give, by role and month."""

    def __init__(self, rates: dict[str, str], *lines: tuple[int, int | None, int | None, str | None], digits: int = 2):
        self.rates, self.digits = rates, digits
        self.lines = [[key, billed, due, None if done is None else day(done)] for key, billed, due, done in lines]
        self.postings: list[list[Any]] = []
        self.windows: list[list[Any]] = []
        self.entries: dict[tuple[str, str, str], int] = {}

    def rate(self, on: str) -> int:
        known = [rate for start, rate in sorted(self.rates.items()) if start <= on]
        return round(float(known[-1]) * 10**9)

    def post(self, on: str, kind: str, rows: dict[Any, int], document: int = 0, name: str = "") -> None:
        """Rows by role, or by role and line: the debit."""
        entry = self.entries.setdefault((on, kind, name or str(document)), len(self.entries) + 1)
        for key, amount in rows.items():
            role, line = key if isinstance(key, tuple) else (key, 0)
            treatment = TREATMENTS.get(role, "monetary")
            row = [
                len(self.postings) + 1,
                entry,
                day(on),
                PRECEDENCE.get(kind, 2),
                kind,
                role,
                treatment,
                line,
                document,
            ]
            self.postings.append([*row, amount, self.rate(on)])

    def bill(self, on: str, amount: int, line: int = 1, document: int = 1, tax: int = 0) -> None:
        rows: dict[Any, int] = {("accounts_receivable", line): amount + tax, ("deferred_revenue", line): -amount}
        self.post(on, "invoice", rows | ({"tax_payable": -tax} if tax else {}), document)

    def pay(self, on: str, amount: int, document: int = 1) -> None:
        self.post(on, "payment", {"cash": amount, "accounts_receivable": -amount}, document, name="pay" + on)

    def earn(self, line: int, *days: tuple[str, int], average: str = "") -> None:
        """Revenue by day; the entry is one per line and month."""
        months: dict[str, int] = defaultdict(int)
        for on, amount in days:
            months[on[:7]] += amount
        for month, amount in months.items():
            end = month_end(month + "-01")
            number = len(self.postings) + 1
            self.post(end, "revenue", {("deferred_revenue", line): amount, ("revenue", line): -amount}, name=month)
            for on, part in days:
                if on[:7] == month:
                    rate = round(float(average) * 10**9) if average else self.rate(on)
                    self.windows.append([number, line, day(on), part, rate])

    def show(self, month: str, amount: int, line: int = 0, role: str = "contract_asset") -> None:
        end = month_end(month + "-01")
        self.post(end, "reclassification", {(role, line): amount, ("deferred_revenue", line): -amount}, name=month)

    def fold(self, through: str) -> dict[str, Any]:
        first = min(row[2] for row in self.postings)
        ends, on = [], datetime.date(1970, 1, 1) + datetime.timedelta(days=first)
        while on.isoformat()[:7] <= through:
            end = month_end(on.isoformat())
            ends.append([day(end), self.rate(end)])
            on = datetime.date.fromisoformat(end) + datetime.timedelta(days=1)
        facts = {
            "scale": [10**2, 10**self.digits * 10**9],
            "lines": self.lines,
            "postings": self.postings,
            "windows": self.windows,
            "closings": ends,
        }
        return dict(json.loads(fold_currency(json.dumps(facts))))

    def books(self, through: str) -> dict[str, dict[str, int]]:
        """Functional debit by role and month, zeros left out; every entry balances."""
        result = self.fold(through)
        by_number = {row[0]: row for row in self.postings}
        table: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        sums: dict[Any, int] = defaultdict(int)
        assert sorted(number for number, _ in result["amounts"]) == sorted(by_number)
        rows = [
            (by_number[n][1], by_number[n][2], by_number[n][4], by_number[n][5], worth)
            for n, worth in result["amounts"]
        ]
        entries = {row[1]: row[2] for row in self.postings}
        for entry, on, kind, role, _line, worth in result["extras"]:
            rows.append((entry, entries[entry] if entry else on, kind, role, worth))
        for entry, on, kind, role, worth in rows:
            month = (datetime.date(1970, 1, 1) + datetime.timedelta(days=on)).isoformat()[:7]
            table[role][month] += worth
            sums[(month, kind) if kind in ("fx_remeasurement", "reclassification") else entry] += worth
        assert {key: total for key, total in sums.items() if total} == {}
        self.result = result
        return {
            role: {month: worth for month, worth in sorted(months.items()) if worth}
            for role, months in sorted(table.items())
            if any(months.values())
        }


def test_a_receivable_is_remeasured_and_contract_liability_is_not() -> None:
    """SAAS-FX-01: 120.00 billed at 1.10, 1.12 at the end of January, paid at 1.08."""
    k = Contract({"2026-01-01": "1.10", "2026-01-31": "1.12", "2026-02-15": "1.08"}, (1, 12000, 12000, "2026-12-31"))
    k.bill("2026-01-01", 12000)
    k.pay("2026-02-15", 12000)
    k.earn(1, ("2026-01-31", 1000), ("2026-02-28", 1000))
    assert k.books("2026-03") == {
        "accounts_receivable": {"2026-01": 13440, "2026-02": -13440},
        "cash": {"2026-02": 12960},
        "deferred_revenue": {"2026-01": -12100, "2026-02": 1100},
        "fx_gain_loss": {"2026-01": -240, "2026-02": 480},
        "revenue": {"2026-01": -1100, "2026-02": -1100},
    }
    assert k.result["layers"] == [[1, day("2026-01-01"), 12000, 13200, 10000, 11000]]


def test_two_advances_keep_two_rates_and_the_older_goes_first() -> None:
    """SAAS-FX-02: 600.00 at 1.25 and 600.00 at 1.30; 700.00 earned is 750.00 and 130.00."""
    k = Contract({"2025-01-01": "1.25", "2025-02-01": "1.30", "2025-02-28": "2.00"}, (1, 120000, 120000, "2025-12-31"))
    k.post("2025-01-01", "payment", {"cash": 60000, ("deferred_revenue", 1): -60000}, name="a")
    k.post("2025-02-01", "payment", {"cash": 60000, ("deferred_revenue", 1): -60000}, name="b")
    k.earn(1, ("2025-03-31", 70000))
    books = k.books("2025-03")
    assert books["revenue"] == {"2025-03": -88000}
    assert books["deferred_revenue"] == {"2025-01": -75000, "2025-02": -78000, "2025-03": 88000}
    assert "fx_gain_loss" not in books


def test_an_advance_of_the_contract_serves_the_line_that_earns() -> None:
    k = Contract({"2025-01-01": "1.25", "2025-02-01": "1.30"}, (1, 60000, 60000, "2025-02-10"))
    k.post("2025-01-01", "payment", {"cash": 60000, "deferred_revenue": -60000})
    k.earn(1, ("2025-02-10", 60000))
    assert k.books("2025-02")["revenue"] == {"2025-02": -75000}


def test_what_is_earned_ahead_of_billing_is_monetary_until_the_invoice() -> None:
    """SAAS-FX-03: earned at 1.10, 1.15 at the end of the month and on the day of the invoice, paid at 1.13."""
    k = Contract({"2026-03-10": "1.10", "2026-03-31": "1.15", "2026-04-30": "1.13"}, (1, 6000, 6000, "2026-03-10"))
    k.earn(1, ("2026-03-10", 6000))
    k.show("2026-03", 6000)
    k.bill("2026-04-01", 6000)
    k.show("2026-04", -6000)
    k.pay("2026-04-30", 6000)
    assert k.books("2026-05") == {
        "cash": {"2026-04": 6780},
        "contract_asset": {"2026-03": 6900, "2026-04": -6900},
        "fx_gain_loss": {"2026-03": -300, "2026-04": 120},
        "revenue": {"2026-03": -6600},
    }


def test_an_invoice_at_another_rate_settles_the_asset_at_its_carrying_amount() -> None:
    """6,000 at the closing rate 1.15 is 6,900; the receivable of 1.20 is 7,200: a gain of 300 in the entry."""
    k = Contract({"2026-03-10": "1.10", "2026-03-31": "1.15", "2026-04-01": "1.20"}, (1, 6000, 6000, "2026-03-10"))
    k.earn(1, ("2026-03-10", 6000))
    k.show("2026-03", 6000)
    k.bill("2026-04-01", 6000)
    k.show("2026-04", -6000)
    books = k.books("2026-04")
    assert books["accounts_receivable"] == {"2026-04": 7200}
    assert books["contract_asset"] == {"2026-03": 6900, "2026-04": -6900}
    assert books["fx_gain_loss"] == {"2026-03": -300, "2026-04": -300}
    assert "deferred_revenue" not in books


def test_positions_are_remeasured_gross_and_netted_for_presentation() -> None:
    """SAAS-FX-04: an asset of 1,000 at 1.20 less a liability of 400 at 1.05 is 780, not 600 at 1.20."""
    k = Contract(
        {"2026-01-01": "1.05", "2026-01-31": "1.20"}, (1, 1000, 1000, "2026-01-10"), (2, 800, 800, "2026-12-31")
    )
    k.bill("2026-01-01", 400, line=2)
    k.earn(1, ("2026-01-10", 1000))
    k.show("2026-01", 600)
    k.show("2026-02", -100)
    k.bill("2026-02-15", 100, line=1, document=2)
    books = k.books("2026-02")
    assert books["contract_asset"] == {"2026-01": 780, "2026-02": -120}
    assert books["revenue"] == {"2026-01": -1050}
    assert books["fx_gain_loss"] == {"2026-01": -(1200 - 1050) - (480 - 420)}
    assert "deferred_revenue" not in books


def test_a_net_liability_shows_no_asset_and_still_remeasures_it() -> None:
    k = Contract(
        {"2026-01-01": "1.05", "2026-01-31": "1.20"}, (1, 400, 400, "2026-01-10"), (2, 1000, 1000, "2026-12-31")
    )
    k.bill("2026-01-01", 1000, line=2)
    k.earn(1, ("2026-01-10", 400))
    books = k.books("2026-01")
    assert books["deferred_revenue"] == {"2026-01": -1050 + 480}
    assert books["fx_gain_loss"] == {"2026-01": -150 - 60}


def test_a_refund_liability_is_remeasured_and_paid_at_the_rate_of_the_day() -> None:
    """SAAS-FX-05: 1,000 expected back at 1.10, carried at 1.15, paid at 1.08."""
    k = Contract({"2026-01-01": "1.10", "2026-01-31": "1.15", "2026-02-10": "1.08"}, (1, 5000, 4000, "2026-01-01"))
    k.post("2026-01-01", "payment", {"cash": 5000, ("deferred_revenue", 1): -5000})
    k.post(
        "2026-01-01",
        "refund_estimate",
        {("deferred_revenue", 1): 1000, ("refund_liability", 1): -1000},
        name="estimate",
    )
    k.earn(1, ("2026-01-01", 4000))
    k.post("2026-02-10", "refund", {"refund_liability": 1000, "cash": -1000})
    books = k.books("2026-02")
    assert books["refund_liability"] == {"2026-01": -1150, "2026-02": 1150}
    assert books["cash"] == {"2026-01": 5500, "2026-02": -1080}
    assert books["revenue"] == {"2026-01": -4400}
    assert books["fx_gain_loss"] == {"2026-01": 50, "2026-02": -70}
    assert "deferred_revenue" not in books


def test_a_credit_note_releases_the_layer_of_its_invoice_and_the_difference_is_no_revenue() -> None:
    """SAAS-FX-06: a layer at 1.20 goes, though an older one at 1.10 stands; the receivable is carried at 1.25."""
    k = Contract(
        {"2026-01-01": "1.10", "2026-01-15": "1.20", "2026-01-31": "1.25", "2026-02-10": "1.30"},
        (1, 2000, 1500, "2026-12-31"),
    )
    k.lines = [[1, None, None, day("2026-12-31")]]
    k.bill("2026-01-01", 1000, document=1)
    k.bill("2026-01-15", 1000, document=2)
    k.post("2026-02-10", "credit_note", {("deferred_revenue", 1): 500, "accounts_receivable": -500}, document=2)
    books = k.books("2026-02")
    assert books["deferred_revenue"] == {"2026-01": -2300, "2026-02": 600}
    assert books["accounts_receivable"] == {"2026-01": 2500, "2026-02": -625 + round(1500 * 0.05)}
    assert books["fx_gain_loss"] == {"2026-01": -200, "2026-02": 25 - 75}
    assert "revenue" not in books


def test_a_refund_takes_revenue_back_at_the_rate_at_which_it_was_recognised() -> None:
    k = Contract({"2019-01-01": "1.20", "2019-03-01": "1.30"}, (1, 3000, 3000, "2019-01-01"))
    k.bill("2019-01-01", 3000)
    k.earn(1, ("2019-01-01", 3000))
    k.pay("2019-02-01", 3000)
    k.post("2019-03-01", "refund", {"refunds": 3000, "cash": -3000}, document=1)
    assert k.books("2019-03") == {
        "accounts_receivable": {"2019-01": 3600, "2019-02": -3600},
        "cash": {"2019-02": 3600, "2019-03": -3900},
        "fx_gain_loss": {"2019-03": 300},
        "refunds": {"2019-03": 3600},
        "revenue": {"2019-01": -3600},
    }


def test_what_is_paid_too_much_before_the_bill_is_owed_to_the_customer_and_what_pays_it_is_not() -> None:
    """1,500 for a bill of 1,000: the advance keeps 1.10 (IFRIC 22.8), the 500 too much stand at the closing rate."""
    k = Contract({"2026-01-10": "1.10", "2026-01-31": "1.20", "2026-02-10": "1.30"}, (1, 1000, 1000, "2026-12-31"))
    k.post("2026-01-10", "payment", {"cash": 1500, "deferred_revenue": -1000, "customer_balance": -500}, document=7)
    k.post("2026-02-10", "balance_refunded", {"cash": -500, "customer_balance": 500}, document=7)
    books = k.books("2026-02")
    assert books["customer_balance"] == {"2026-01": -600, "2026-02": 600}
    assert books["deferred_revenue"] == {"2026-01": -1100}
    assert books["fx_gain_loss"] == {"2026-01": 50, "2026-02": 50}


def test_a_balance_of_the_customer_is_remeasured_and_used_at_its_carrying_amount() -> None:
    k = Contract({"2026-01-10": "1.10", "2026-01-31": "1.20", "2026-02-10": "1.25"})
    k.post("2026-01-10", "payment", {"cash": 500, "customer_balance": -500})
    k.post("2026-02-10", "balance_refunded", {"cash": -200, "customer_balance": 200})
    books = k.books("2026-02")
    assert books["customer_balance"] == {"2026-01": -600, "2026-02": 240 - 15}
    assert books["cash"] == {"2026-01": 550, "2026-02": -250}
    assert books["fx_gain_loss"] == {"2026-01": 50, "2026-02": 10 + 15}


def test_a_bill_in_the_middle_of_a_month_parts_what_is_earned_before_it() -> None:
    """1,000 earned at the average rate 1.11 before the bill of the 16th at 1.20, 1,000 of its layer after."""
    k = Contract({"2026-01-01": "1.10", "2026-01-16": "1.20"}, (1, 5000, 5000, "2026-12-31"))
    k.bill("2026-01-16", 5000)
    k.earn(1, ("2026-01-15", 1000), ("2026-01-31", 1000), average="1.11")
    books = k.books("2026-01")
    assert books["revenue"] == {"2026-01": -1110 - 1200}
    assert books["fx_gain_loss"] == {"2026-01": -90}  # the asset of 1,110 became a receivable of 1,200
    assert books["deferred_revenue"] == {"2026-01": -3 * 1200}


def test_a_bill_that_pays_for_other_lines_leaves_nothing_behind() -> None:
    """Line 1 bills all; 80 of each 100 are its own. Line 2 is free, and earned with the layer that its share is."""
    k = Contract({"2026-01-01": "1.10", "2026-01-31": "1.50"}, (1, 1000, 800, "2026-02-10"), (2, 0, 200, "2026-03-10"))
    k.bill("2026-01-01", 1000, line=1)
    k.pay("2026-01-01", 1000)
    k.earn(1, ("2026-02-10", 800))
    k.earn(2, ("2026-03-10", 200))
    books = k.books("2026-03")
    assert books["revenue"] == {"2026-02": -880, "2026-03": -220}
    assert "fx_gain_loss" not in books and k.result["layers"] == []


def test_a_finished_line_that_was_billed_too_much_pays_for_one_that_was_not() -> None:
    k = Contract(
        {"2026-01-01": "1.00", "2026-02-28": "1.50"}, (1, None, None, "2026-01-10"), (2, None, None, "2026-02-10")
    )
    k.bill("2026-01-01", 1000, line=1)
    k.earn(1, ("2026-01-10", 800))
    k.earn(2, ("2026-02-10", 200))
    books = k.books("2026-03")
    assert books["revenue"] == {"2026-01": -800, "2026-02": -200}
    assert books["deferred_revenue"] == {"2026-01": -200, "2026-02": 200} and k.result["layers"] == []


def test_tax_is_carried_like_any_debt_and_a_rounding_has_its_own_account() -> None:
    k = Contract({"2026-01-01": "1.115"}, (1, 10, 10, "2026-12-31"))
    k.bill("2026-01-01", 10, tax=20)  # 33.45, 11.15 and 22.30
    books = k.books("2026-01")
    assert books == {
        "accounts_receivable": {"2026-01": 33},
        "deferred_revenue": {"2026-01": -11},
        "tax_payable": {"2026-01": -22},
    }
    k = Contract({"2026-01-01": "1.115"}, (1, 10, 10, "2026-12-31"))
    k.bill("2026-01-01", 10, tax=10)  # 22.30, and twice 11.15
    assert k.books("2026-01").get("fx_rounding") is None
    k = Contract({"2026-01-01": "1.15"}, (1, 10, 10, "2026-12-31"))
    k.bill("2026-01-01", 10, tax=10)  # 23.00, and twice 11.50
    assert k.books("2026-01")["fx_rounding"] == {"2026-01": 1}


def test_costs_keep_the_rate_of_the_day_they_arose() -> None:
    k = Contract({"2026-01-01": "1.10", "2026-01-31": "1.30"})
    k.post("2026-01-01", "cost", {"contract_cost_asset": 1200, "cash": -1200})
    k.post("2026-02-28", "cost_amortization", {"contract_cost_asset": -100, "cost_amortization": 100})
    books = k.books("2026-02")
    assert books["contract_cost_asset"] == {"2026-01": 1320, "2026-02": -110}
    assert books["cost_amortization"] == {"2026-02": 110}


def test_a_downward_correction_reverses_at_the_rate_it_was_recognised_at() -> None:
    k = Contract({"2026-01-01": "1.10", "2026-02-01": "1.30"}, (1, 1000, 1000, "2026-12-31"))
    k.bill("2026-01-01", 1000)
    k.earn(1, ("2026-01-10", 400), ("2026-02-10", -100))
    books = k.books("2026-02")
    assert books["revenue"] == {"2026-01": -440, "2026-02": 110}
    assert books["deferred_revenue"] == {"2026-01": -660, "2026-02": -110}


def test_yen_have_no_cents() -> None:
    k = Contract({"2026-01-01": "0.0067"}, (1, 1000, 1000, "2026-12-31"), digits=0)
    k.bill("2026-01-01", 1000)
    assert k.books("2026-01")["accounts_receivable"] == {"2026-01": 670}


def test_null_stays_null_and_an_unknown_treatment_is_an_error() -> None:
    assert fold_currency(None) is None
    facts = {
        "scale": [1, 1],
        "lines": [],
        "windows": [],
        "closings": [],
        "postings": [[1, 1, 0, 1, "x", "cash", "guess", 0, 0, 5, 1]],
    }
    with pytest.raises(ValueError, match="unknown treatment of cash: guess"):
        fold_currency(json.dumps(facts))
