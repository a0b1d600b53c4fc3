"""Fold the events of one contract cost (340-40) into slices of its amortisation and the movements of every event.

`fold_cost(facts)` is the entry point: JSON text in, JSON text out, no state, no input or output.
"""

import json

from python_udfs.parts.schedule import cumulative, known


class Track:
    """A carrying amount that is amortised: the schedule in force, and the slices of those before it."""

    def __init__(self, amount, from_day, to_day, capitalized_day, convention, days_rule):
        self.amount, self.from_day, self.to_day = amount, from_day, to_day
        self.not_before_day = capitalized_day
        self.rules = (convention, days_rule)
        self.slices = []

    def carrying(self, day):
        """What is left at the end of `day`."""
        term = (self.from_day, self.to_day, day, self.not_before_day)
        return self.amount - cumulative(self.amount, *self.rules, *term)

    def respread(self, day, amount, to_day):
        """From `day` on `amount` is left, over what remains of the term through `to_day`."""
        begins = self.from_day if self.not_before_day is None else max(self.from_day, self.not_before_day)
        if day > begins:
            self.close(min(day - 1, self.to_day))
            self.from_day, self.not_before_day = day, None
        self.amount, self.to_day = amount, max(to_day, self.from_day)

    def close(self, day):
        schedule = [self.from_day, self.to_day, self.amount, *self.rules, self.not_before_day]
        if self.amount:
            self.slices.append([self.from_day, self.to_day if day >= self.to_day else day, *schedule])


def fold_cost(facts):
    """Apply the events in order; `facts` and the result are JSON texts, null gives null.

    facts:  {"cost": [amount, convention, days_rule, from_day, to_day, capitalized_day, is_reversible],
             "events": [[event_no, day, kind, amount, to_day], ...]}
    kinds:  recoverable_amount, clawback, write_off (all where amount is null), termination, extend, shorten
    result: {"slices": [[slice_from, slice_to, schedule_from, schedule_to, amount, convention, days_rule, not_before],
             ...], "movements": [[event_no, role, amount], ...]}, debits positive; the role `counterpart` is whoever
             pays back.
    """
    if facts is None:
        return None
    given = json.loads(facts)
    amount, convention, days_rule, from_day, to_day, capitalized_day, is_reversible = given["cost"]
    start = (amount, from_day, to_day, capitalized_day, convention, days_rule)
    # The second track never sees an impairment: it is the cap of a reversal (IFRS 15.104).
    asset, unimpaired = Track(*start), Track(*start)
    movements = []
    for event_no, day, kind, named, new_to_day in given["events"]:
        try:
            for role, moved in apply(asset, unimpaired, day, kind, named, new_to_day, is_reversible):
                if moved:
                    movements.append([event_no, role, moved])
        except ValueError as error:
            raise ValueError("event " + str(event_no) + ": " + str(error)) from error
    asset.close(asset.to_day)
    return json.dumps({"slices": asset.slices, "movements": movements}, separators=(",", ":"))


def apply(asset, unimpaired, day, kind, named, new_to_day, is_reversible):
    """What one event does to both tracks; its postings as (role, amount)."""
    left, cap = asset.carrying(day - 1), unimpaired.carrying(day - 1)
    if kind in ("extend", "shorten"):
        to_day = min(asset.to_day, new_to_day) if kind == "shorten" else max(new_to_day, day)
        if to_day != asset.to_day:
            asset.respread(day, left, to_day)
            unimpaired.respread(day, cap, to_day)
        return []
    if kind == "recoverable_amount":
        change = min(max(named, 0), cap if is_reversible else left) - left
        if change:
            asset.respread(day, left + change, asset.to_day)
        return [("contract_cost_asset", change), ("cost_impairment", -change)]
    known(kind, {"clawback", "write_off", "termination"}, "kind of event")
    wanted = left if named is None else named
    taken = min(wanted, left)
    lost = min(wanted, cap) if kind == "clawback" else cap if taken == left else taken
    asset.respread(day, left - taken, asset.to_day)
    unimpaired.respread(day, cap - lost, unimpaired.to_day)
    if kind == "clawback":
        # What was amortised already comes back as less of an expense.
        return [("counterpart", wanted), ("contract_cost_asset", -taken), ("cost_amortization", taken - wanted)]
    return [("cost_impairment", taken), ("contract_cost_asset", -taken)]
