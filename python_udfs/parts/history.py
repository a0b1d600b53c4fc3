"""Fold the history of a contract in its order: versions, estimates and progress (606-10-25-10 to 25-13, 32-42)."""

import json
from fractions import Fraction

from python_udfs.parts.balances import expected_back, financing
from python_udfs.parts.contract import Contract
from python_udfs.parts.price import round_prices
from python_udfs.parts.record import write_version
from python_udfs.parts.schedule import cumulative, first_day, month_of, rounded
from python_udfs.parts.terms import PRICED_BY_USE, by_weight, whole_units


class History:
    """The facts of a contract, sorted for the fold."""

    def __init__(self, facts):
        self.facts = facts
        self.contract = Contract(facts)
        rows, scopes = {}, {}
        for owner, key, *version in facts["scopes"]:
            scopes.setdefault((int(owner), *map(int, version)), set()).add(int(key))
        for row in facts["lines"]:
            kept, discounts = rows.setdefault((int(row[3]), int(row[0])), ([], []))
            if row[19]:
                key = int(row[1])
                named = scopes.get((key, int(row[0])), scopes.get((key,), set()))
                discounts.append([key, int(row[6]), int(row[3]), named])
            elif row[5] not in PRICED_BY_USE:
                kept.append(row)
        # Changes in the order in which they take effect, whatever the order in which they became known.
        versions = sorted(facts["versions"], key=lambda row: (row[2], row[1], int(row[0])))
        self.first, self.changes = {}, []
        for number, _, effective, treatment, contract, kind in versions:
            stated = rows.get((int(contract), int(number)), ([], []))
            if int(contract) not in self.first:
                self.first[int(contract)] = (int(number), effective, stated)
            else:
                event = len(self.changes) + 2
                self.changes.append([effective, event, int(number), int(contract), stated, treatment, kind])
        self.inception = min(effective for _, effective, _ in self.first.values())
        self.dates_of_versions()
        self.estimates = self.read_estimates(facts["estimates"])
        self.measured = {int(row[0]) for row in facts["progress"]}
        self.version = {contract: [number, "inception", {}] for contract, (number, _, _) in self.first.items()}
        self.fixed = []

    def dates_of_versions(self):
        """The pricing event and the day at which each component enters the contract: with its version and its lines."""
        entered = {}
        for event, day, (lines, _) in [
            *[(1, self.inception, stated) for _, _, stated in self.first.values()],
            *[(event, day, stated) for day, event, _, _, stated, *_ in self.changes],
        ]:
            for row in lines:
                entered.setdefault(int(row[1]), (event, day))
        events = {(contract, number): (event, day) for day, event, number, contract, *_ in self.changes}
        for row in self.facts["components"]:
            component = self.contract.components[int(row[0])]
            event, day = events.get((int(row[6]), component.origin), (1, self.inception))
            named = [entered[key] for key in component.scope if key in entered]
            component.origin, component.enters = max((event, day), min(named)) if named else (event, day)

    def read_estimates(self, rows):
        """[day, component, amount]: what was estimated before a component entered counts when it does."""
        latest = {}
        for number, day, amount in sorted(rows, key=lambda row: (row[1], int(row[0]))):
            day = max(day, self.contract.components[int(number)].enters)
            latest[day, int(number)] = int(amount)
        return sorted([day, number, amount] for (day, number), amount in latest.items())

    def days(self):
        days = {day for day, *_ in self.changes} | {day for day, *_ in self.estimates}
        days |= {row[1] for row in self.facts["progress"]}
        days |= {day for row in self.facts["lines"] for day in (row[11], row[12]) if day is not None}
        return sorted(days)

    def fold(self):
        contract = self.contract
        initial = {number: amount for day, number, amount in self.estimates if day <= self.inception}
        apart = {number for number, component in contract.components.items() if component.scope or component.is_apart}
        first = {key: stated for key, (_, _, stated) in self.first.items()}
        contract.inception(first, sum(amount for number, amount in initial.items() if number not in apart))
        self.finance()
        for number, amount in initial.items():
            contract.estimate(self.inception, number, amount)
        contract.refresh(self.inception, "schedule")
        self.remember_fixed(self.inception)
        for day in self.days():
            self.change_terms(day)
            changed = [row for row in self.estimates if row[0] == day and day > self.inception]
            for _, number, amount in changed:
                contract.estimate(day, number, amount)
            if changed:
                contract.refresh(day, "price_change")
            self.make_progress(day)
        contract.finish()
        for key, (number, treatment, recognized) in self.version.items():
            write_version(contract, key, number, treatment, recognized)
        for by_use in (False, True):  # what falls on lines priced by their use follows the bills of these lines
            billed = [[row[0], int(row[1])] for row in self.billing("billed", by_use)]
            credits = [[row[0], int(row[1]), *row[2::2]] for row in self.billing("credits", by_use)]
            components = [each for each in contract.components.values() if bool(each.by_use) == by_use]
            fixed = [] if by_use else self.fixed
            contract.movements += expected_back(components, self.estimates, billed, fixed, credits)
        for line in contract.lines.values():
            if line.refundable_after is not None and line.method == "straight_line":
                contract.movements += self.refundable(line)

    def billing(self, name, by_use):
        """The bills or credits of lines priced by their use, or of all others."""
        return [
            row for row in self.facts[name] if (row[3] is not None and int(row[3]) in self.contract.by_use) == by_use
        ]

    def change_terms(self, day):
        contract = self.contract
        for effective, event, number, key, stated, treatment, kind in self.changes:
            if effective != day:
                continue
            write_version(contract, key, *self.version[key])
            recognized = {
                line.key: contract.obligation(line).recognized_before(line, day) for line in contract.lines.values()
            }
            treatment = contract.change(day, event, key, stated, treatment, kind)
            contract.refresh(day, "modification")
            self.version[key] = [number, treatment, recognized] if treatment else [number, *self.version[key][1:]]
            self.remember_fixed(day)

    def remember_fixed(self, day):
        lines = sum(line.amount for line in self.contract.lines.values() if line.is_promised)
        self.fixed.append([day, lines + sum(discount[1] for discount in self.contract.discounts)])

    def make_progress(self, day):
        contract = self.contract
        for row in self.facts["progress"]:
            line = contract.lines.get(int(row[0]))
            if line is None or row[1] != day:
                continue
            obligation = contract.obligation(line)
            if line.expires is None or line.method != "units" or day <= line.expires:
                expected = None if row[3] is None else int(row[3])
                obligation.progress = (int(row[2]), expected, int(row[4]))
                contract.catch_up_progress(obligation, day, "schedule")
        for obligation in contract.obligations.values():
            if obligation.is_timed or obligation.delivered:
                continue
            line = obligation.promised()[0]
            unmeasured = not any(each.key in self.measured for each in obligation.lines)
            at_once = (
                line.method == "point_in_time" and unmeasured and line.satisfied is not None and line.satisfied <= day
            )
            lapses = line.method == "units" and line.expires is not None and line.expires <= day
            if line.is_promised and (at_once or lapses):
                obligation.delivered = True
                contract.catch_up_progress(obligation, day, "schedule" if at_once else "breakage")

    def refundable(self, line):
        """What was billed for service beyond the notice that ends the contract is a refund liability (606-10-32-10)."""
        alone = sum(each.is_promised for each in self.contract.lines.values()) == 1
        billed = [
            [row[0], int(row[1])]
            for row in self.billing("billed", False)
            if (row[3] is None and alone) or (row[3] is not None and int(row[3]) == line.key)
        ]
        earned, movements, standing = self.contract.timeline(line.key), [], 0
        last = max([line.to_day, *(day for day, _ in billed)])
        for month in range(month_of(min([line.from_day, *(day for day, _ in billed)])), month_of(last) + 1):
            day = first_day(month + 1) - 1
            paid = sum(amount for when, amount in billed if when <= day)
            target = max(0, paid - earned(day + int(line.refundable_after)))
            if target != standing:
                movements.append([day, line.key, "refund_liability", target - standing])
                standing = target
        return movements

    # Financing

    def finance(self):
        """Adjust the fixed price for the time value of money where a component says that it is significant.

        The interest accrues on what is paid less what is earned in the books: at the price that the allocation gives a
        line, after discounts and by standalone prices. So each line's price changes by the same part of itself.
        """
        contract = self.contract
        round_prices(list(contract.lines.values()))
        for row in self.facts["components"]:
            component = contract.components[int(row[0])]
            if component.kind != "financing" or row[7] is None:
                continue
            lines = [line for line in contract.lines.values() if not component.scope or line.key in component.scope]
            transfers = [transfer for line in lines for transfer in self.transfers(line)]
            payments = self.payments(component, lines)
            has_expedient = bool(contract.policy["financing_expedient"])
            change, interest = financing(row[7], payments, transfers, has_expedient)
            component.first_day, component.amount = self.inception, change
            weights = {line.key: line.price for line in lines if not line.is_reduction}
            component.add(by_weight(change, weights) if weights else {})
            for key, part in component.shares.items():
                contract.lines[key].price += part
            for day, expense in interest:
                role = "interest_expense" if expense > 0 else "interest_income"
                contract.movements.append([day, component.number, role, -expense])

    def payments(self, component, lines):
        """[day, amount]: the instalments that were agreed; where none were, what is due by bills, up to the price."""
        price, whole = (sum(line.allocated for line in some) for some in (lines, self.contract.lines.values()))
        of_line, of_all = Fraction(1), Fraction(1)
        if component.scope:  # a payment that names no line is for all of them, each at its price
            payable = sum(self.payable()[line.key] for line in lines)
            of_line = Fraction(price, payable) if payable else of_line
            of_all = Fraction(price, whole) if whole else of_all
        paid = {}
        for day, amount, _, key in self.facts["payments"] or self.billing("due", False):
            if key is None or not component.scope or int(key) in component.scope:
                paid[day] = paid.get(day, 0) + int(amount) * (of_all if key is None else of_line)
        days = sorted(paid)
        total = sum(paid.values(), Fraction(0))
        amounts = whole_units([paid[day] for day in days], rounded(total.numerator, total.denominator))
        payments = [[day, amount] for day, amount in zip(days, amounts, strict=True)]
        return payments if self.facts["payments"] else self.up_to(price, payments)

    @staticmethod
    def up_to(price, payments):
        kept = []
        for day, amount in payments:
            if min(amount, price) > 0:
                kept.append([day, min(amount, price)])
                price -= min(amount, price)
        return kept

    def payable(self):
        """What the customer is asked to pay for each line: its amount, less its part of the discounts by amount."""
        lines, scopes = self.contract.lines, self.contract.scopes
        amounts = {key: Fraction(line.amount) for key, line in lines.items()}
        for discount, amount, *_ in self.contract.discounts:
            named = {key: lines[key].amount for key in scopes.get(discount) or lines if key in lines}
            for key, part in by_weight(amount, named).items() if named else ():
                amounts[key] += part
        return amounts

    def transfers(self, line):
        """[day, amount]: the nominal price of a line as it is expected to be earned."""
        policy, amount = self.contract.policy, line.allocated
        if line.method == "straight_line":
            ends = [first_day(month + 1) - 1 for month in range(month_of(line.from_day), month_of(line.to_day))]
            rules = policy["convention"], policy["days_rule"], line.from_day, line.to_day
            rows = [[day, cumulative(amount, *rules, day)] for day in [*ends, line.to_day]]
        else:
            obligation = self.contract.obligation(line)
            progress = sorted(
                (row for row in self.facts["progress"] if int(row[0]) == line.key), key=lambda row: row[1]
            )
            rows = []
            for _, day, to_date, expected, _ in progress:
                obligation.progress = (int(to_date), None if expected is None else int(expected), 0)
                part = obligation.done(int(to_date)) * amount
                rows.append([day, part.numerator // part.denominator])
            obligation.progress = (0, None, 0)
            if not rows or rows[-1][1] < amount:
                days = (line.satisfied,) if line.method == "point_in_time" else (line.to_day, line.satisfied)
                last = next(day for day in (*days, self.inception) if day is not None)
                rows.append([max([last] + [row[0] for row in rows]), amount])
        return [
            [day, total - before] for (day, total), before in zip(rows, [0, *(row[1] for row in rows)], strict=False)
        ]


def fold_contract(facts):
    """Fold the history of one contract, or of contracts that are combined. JSON text in and out; null stays null.

    In, every list a row of plain values, money in minor units, quantities in millionths, days since 1970-01-01:
    "policy": {convention, days_rule, modification, progress_rounding, breakage, material_right_exercise,
    financing_expedient, book};
    "versions": [version, agreed_day, effective_day, treatment or null, contract_key, change];
    "lines": [version, line_key, seq, contract_key, obligation_key, method, amount, quantity, ssp, from_day, to_day,
    satisfied_day, expires_day, not_before_day, residual_weight, fallback_ssp, low, high, exercises_line_key,
    is_discount, refundable_after_days or null, is_other_product than in the version before];
    "scopes": [discount, line_key, version] and [component, line_key];
    "progress": [line_key, day, to_date, expected, at_cost];
    "components": [component, kind, origin_version, from_day, to_day, is_exclusive, contract_key, rate];
    "estimates": [component, day, amount]; "billed", "credits", "due" (bills by the day they are due) and, as agreed,
    "payments": [day, amount, reason, line_key or null], of a credit before the right also the day of the right.

    Out: "slices": [schedule_key, slice_from_day, slice_to_day, schedule_from_day, schedule_to_day, schedule_minor,
    convention, days_rule, not_before_day, cause]; "days": [line_key, day, amount, cause]; "shares": [schedule_key,
    line_key, line_count, whole, upto, before], the one line whole where it is alone;
    "prices": [contract_key, version, line_key, component, ssp, weight, amount, basis]; "promises": [contract_key,
    version, obligation_key, allocated, recognized_before, treatment]; "movements": [day, component or line, role,
    credit] against contract liability. Raises ValueError on what it does not know.
    """
    if facts is None:
        return None
    history = History(json.loads(facts))
    history.fold()
    contract = history.contract
    told = {
        "slices": contract.slices,
        "days": [[key, day, amount, cause] for (key, day, cause), amount in contract.days.items() if amount],
        "shares": [[*keys, *share] for keys, share in contract.shares.items()],
        "prices": contract.prices,
        "promises": contract.promises,
        "movements": contract.movements,
    }
    return json.dumps(told, separators=(",", ":"))
