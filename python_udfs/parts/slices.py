"""What a contract writes down: slices of schedules, amounts of single days, and each line's share of them."""

from python_udfs.parts.price import round_prices
from python_udfs.parts.schedule import cumulative, portion
from python_udfs.parts.terms import Span

# A schedule has the key of its obligation, counted up where lines or shares change; spans and days stand apart.
SPANS, DAYS = 10**6, 2 * 10**6


class Slices:
    """The schedules of the lines and obligations in force, written down whenever a change ends one."""

    def __init__(self, policy):
        self.policy = policy
        self.lines, self.obligations = {}, {}
        self.spans = {}  # (line key, component or version) -> Span
        self.slices, self.days, self.shares = [], {}, {}

    def recognize(self, day, key, amount, cause):
        if amount:
            self.days[key + DAYS, day, cause] = self.days.get((key + DAYS, day, cause), 0) + amount
            self.shares[key + DAYS, key] = [1, 1, 1, 0]

    def place(self, day, line, name, increase, from_day, to_day, held, cause):
        """Change the amount of a span of a line's term; what of it is over is caught up."""
        span = self.spans.get((line.key, name))
        if span is None:
            span = self.spans[line.key, name] = Span(line, from_day, to_day, held)
            span.number = len(self.spans)
        amount = span.amount + increase
        if amount == span.amount:
            return
        starts = max(from_day, held or from_day)
        if day > starts:
            caught_up = span.earned(self.policy, amount, day - 1) - span.earned(self.policy, span.amount, day - 1)
            self.close_span(span, day - 1)
            late = day > to_day
            self.recognize(day, line.key, caught_up, cause)
            span.slice_from = None if late else day
        else:
            span.slice_from = from_day
        span.amount = amount

    def close_span(self, span, day):
        if span.slice_from is not None and day >= span.slice_from:
            key = span.line.key + SPANS + span.number
            self.write_slice(key, span.slice_from, day, *span.term, span.amount, span.held, span.line)

    def refresh(self, day, cause):
        """Write down what a change of price or terms makes of every schedule, on the day of the change."""
        round_prices(list(self.lines.values()))
        for obligation in self.obligations.values():
            if obligation.is_timed:
                self.reschedule(obligation, day, cause)
            else:
                self.catch_up_progress(obligation, day, cause)

    def catch_up_progress(self, obligation, day, cause):
        for line, earned in zip(obligation.lines, obligation.measured(), strict=True):
            change = line.base + earned - line.recognized
            line.recognized += change
            self.recognize(max(day, line.held or day), line.key, change, cause)

    def reschedule(self, obligation, day, cause):
        old, new = obligation.schedule, obligation.current()
        if old == new:
            return
        if old is not None:
            now = obligation.earned(new, day - 1)
            for base, earned_now, line in zip(new[4], now, new[5], strict=True):
                earned = base + earned_now
                self.recognize(day, line.key, earned - obligation.recognized_before(line, day), cause)
            self.close(obligation, day - 1)
        obligation.schedule = new
        obligation.slice_from = new[0] if old is None else max(day, new[0])
        obligation.slice_cause = cause if obligation.is_over else "schedule"

    def close(self, obligation, day):
        """Write the slice of the schedule that ends on `day`."""
        from_day, to_day, held, amounts, _, lines = obligation.schedule
        if day < max(obligation.slice_from, held or obligation.slice_from) or not any(amounts):
            return
        whole, cause = sum(amounts), obligation.slice_cause
        if len(amounts) == 1:
            self.write_slice(obligation.key, obligation.slice_from, day, from_day, to_day, whole, held, lines[0], cause)
        elif whole == 0:  # a reduction takes all of the service: each is earned by itself
            for line, amount in zip(lines, amounts, strict=True):
                obligation.number += 1
                key = obligation.key + obligation.number
                self.write_slice(key, obligation.slice_from, day, from_day, to_day, amount, held, line, cause)
        else:
            obligation.number += 1
            key, upto = obligation.key + obligation.number, 0
            self.write_slice(key, obligation.slice_from, day, from_day, to_day, whole, held, None, cause)
            for line, amount in zip(lines, amounts, strict=True):
                self.shares[key, line.key] = [len(amounts), whole, upto + amount, upto]
                upto += amount

    def write_slice(self, key, slice_from, slice_to, from_day, to_day, amount, held, line, cause="schedule"):
        if amount:
            rules = self.policy["convention"], self.policy["days_rule"]
            self.slices.append([key, slice_from, slice_to, from_day, to_day, amount, *rules, held, cause])
            if line is not None:
                self.shares[key, line.key] = [1, 1, 1, 0]

    def timeline(self, key):
        """What was written down for a line, as a function of the day: recognised through it."""
        shares = {schedule: share for (schedule, line), share in self.shares.items() if line == key}
        slices = [row for row in self.slices if row[0] in shares]
        days = [(day, amount) for (schedule, day, _), amount in self.days.items() if schedule == key + DAYS]

        def recognized(day):
            total = sum(amount for when, amount in days if when <= day)
            for schedule, slice_from, slice_to, from_day, to_day, amount, convention, days_rule, held, _ in slices:
                if day < slice_from:
                    continue
                terms = amount, convention, days_rule, from_day, to_day
                parts = [cumulative(*terms, min(day, slice_to), held), cumulative(*terms, slice_from - 1, held)]
                count, whole, upto, before = shares[schedule]
                if count > 1:
                    parts = [portion(part, upto, whole) - portion(part, before, whole) for part in parts]
                total += parts[0] - parts[1]
            return total

        return recognized

    def finish(self):
        for obligation in self.obligations.values():
            if obligation.schedule is not None:
                _, to_day, held = obligation.schedule[:3]
                self.close(obligation, max(to_day, held or to_day, obligation.slice_from))
        for span in self.spans.values():
            self.close_span(span, max(span.term[1], span.held or span.term[1]))
