"""Fold the events of an invoice that is its own contract (an invoice without a contract) into slices and movements.

`fold_invoice(facts)` is the entry point: JSON text in, JSON text out, no state, no input or output.
Money is integer minor units of one currency, days count from 1970-01-01, an event counts from the start of its day.
"""

import json

from python_udfs.parts.schedule import cumulative, known, portion, spread, within

# Which part of a line's price a reduction takes first, by the policy or by the reason of a credit note.
ORDER_OF_RULE = {
    "pro_rata": "pro_rata",
    "price_change": "pro_rata",
    "deferred_first": "deferred_first",
    "scope_reduction": "deferred_first",
    "billing_error": "deferred_first",
    "past_service": "recognized_first",
}


def settlement_role(settlement):
    """The account a credit note settled in that way is credited to, where it does not reduce the receivable."""
    known(settlement, {"receivable", "refund", "customer_balance", "outside"}, "settlement of a credit note")
    return "external_asset" if settlement == "outside" else "customer_balance"


class Line:
    """One invoice line: what is left of its price, and the schedule by which that is earned.

    Nothing is earned of what is passed through to others, nor of what is measured and was not used yet (`unused`).
    """

    def __init__(self, row):
        self.key, self.method, self.convention, self.days_rule = row[0], row[4], row[5] or "daily", row[6] or "even"
        self.seq, self.scheduled, self.tax, self.from_day = int(row[1]), int(row[2]), int(row[3] or 0), int(row[7])
        known(self.method, {"straight_line", "on_date", "unused", "pass_through"}, "recognition method")
        self.is_earned = self.method in ("straight_line", "on_date")
        self.is_price = self.method != "pass_through"
        self.role = "deferred_revenue" if self.is_price else "pass_through_payable"
        self.to_day = int(row[8]) if self.method == "straight_line" else self.from_day
        self.not_before = None if row[9] is None else int(row[9])
        self.held = self.from_day if self.not_before is None else self.not_before  # the first day that may earn
        self.unbooked, self.unbooked_tax = self.scheduled, self.tax
        self.booked = self.booked_tax = 0  # on the books and not taken back
        self.recognized = self.deferred = self.earned = self.earned_before = self.reversed = 0
        self.slices = []

    def left(self):
        return self.recognized + self.deferred

    def gross_left(self):
        return self.recognized + self.deferred + self.tax

    def look(self, day):
        """Work out what is recognised and deferred at the start of `day`."""
        term = self.from_day, self.to_day, day - 1, self.held
        self.earned = cumulative(self.scheduled, self.convention, self.days_rule, *term) if self.is_earned else 0
        self.recognized = self.earned_before + self.earned - self.reversed
        self.deferred = self.scheduled - self.earned

    def take(self, amount, rule):
        """Take `amount` (at most what is left) out of the price; returns the recognised and the deferred part."""
        order = ORDER_OF_RULE[known(rule, ORDER_OF_RULE, "rule of a reduction")]
        if order == "pro_rata":
            back = portion(amount, self.recognized, self.left())
        elif order == "recognized_first":
            back = within(amount, self.recognized)
        else:
            back = amount - within(amount, self.deferred)
        self.recognized -= back
        self.reversed += back
        self.deferred -= amount - back
        return back, amount - back

    def reschedule(self, day):
        """If an event of `day` changed what is deferred, spread that over the rest of the term."""
        if self.deferred == self.scheduled - self.earned:
            return
        if day > max(self.from_day, self.held):  # else nothing is earned yet: the same term, another amount
            self.close(day - 1)
            self.earned_before += self.earned
            self.from_day = day
        self.scheduled = self.deferred

    def move_booked(self, net, tax):
        self.unbooked, self.unbooked_tax = self.unbooked - net, self.unbooked_tax - tax
        self.booked, self.booked_tax = self.booked + net, self.booked_tax + tax

    def close(self, day):
        if not self.is_earned:
            return
        schedule = [self.from_day, self.to_day, self.scheduled, self.convention, self.days_rule, self.not_before]
        self.slices.append([self.key, self.from_day, day, *schedule, self.method])

    def finish(self):
        if self.scheduled:
            self.close(max(self.to_day, self.held))
        return self.slices


class Invoice:
    """The state of the invoice between two events. Every event posts a balanced entry and leaves `open` >= 0."""

    def __init__(self, rows):
        self.lines = sorted((Line(row) for row in rows), key=lambda line: line.seq)
        self.entry = {}  # (line key or None, role) -> debit, of the event in hand
        self.open = 0  # receivable on the books
        self.due = False  # the right to all of it is unconditional
        self.credit = 0  # in customer_balance for want of anything to pay: overpaid, or credited after payment
        self.granted = 0  # in customer_balance by a credit note that says so
        self.disputed = 0  # receivable put back by a cash-only dispute
        self.bad_debt = {}  # line key or None -> written off as bad debt, not recovered
        self.written_off = 0  # written off against deferred revenue, not recovered
        self.recovered = 0  # income in recoveries
        self.excluded = False

    def post(self, role, debit, key=None):
        self.entry[key, role] = self.entry.get((key, role), 0) + debit

    def fold(self, number, day, kind, key, amount, tax, how):
        """Apply one event; returns its movements [event_no, line key or None, role, debit]."""
        rule, _, other = (how or "").partition(":")
        handlers = {
            "issue": lambda: self.book(None),
            "payment": lambda: self.payment(amount, rule or "cash"),
            "refund": lambda: self.refund("refunds", key, amount, rule, other or "cash"),
            "dispute": lambda: self.refund("disputes", key, amount, rule, other or "cash"),
            "dispute_won": lambda: self.dispute_won(amount, rule or "cash"),
            "credit_note": lambda: self.credit_note(key, amount, tax, rule, other),
            "refund_of_credit_note": lambda: self.pay_out(amount, rule or "cash"),
            "void": self.void,
            "exclude": self.exclude,
            "write_off": lambda: self.write_off(amount, rule or "credit_loss"),
        }
        handler = handlers[known(kind, handlers, "kind of event")]
        self.entry = {}
        for line in self.lines:
            line.look(day)
        if self.excluded and kind != "refund_of_credit_note":
            self.after_exclusion(kind, (amount or 0) + tax, rule, other)
        else:
            handler()
        for line in self.lines:
            line.reschedule(day)
        return [[number, key, role, debit] for (key, role), debit in self.entry.items() if debit]

    # Receivable, cash and customer balance

    def book(self, gross):
        """Book the receivable: all of it when it is due (None), before that only what an event needs (`gross`)."""
        buckets = [line.unbooked for line in self.lines] + [line.unbooked_tax for line in self.lines]
        total = sum(buckets)
        self.due = self.due or gross is None
        if gross is not None:
            total = max(0, min(gross - self.open, total))
            buckets = spread(total, buckets)
        for line, net, tax in zip(self.lines, buckets, buckets[len(self.lines) :], strict=False):
            line.move_booked(net, tax)
            self.post(line.role, -net, line.key)
            self.post("tax_payable", -tax, line.key)
        self.debit_receivable(max(total, 0))
        self.credit_customer(max(-total, 0))  # a negative invoice

    def give_back(self, amount):
        """Cash that goes back opens the receivable again, as far as there is a right to it; the rest is not booked."""
        self.debit_receivable(amount)
        if self.due:
            return
        buckets = [max(line.booked, 0) for line in self.lines] + [max(line.booked_tax, 0) for line in self.lines]
        total = within(amount, sum(buckets))
        buckets = spread(total, buckets)
        for line, net, tax in zip(self.lines, buckets, buckets[len(self.lines) :], strict=False):
            line.move_booked(-net, -tax)
            self.post(line.role, net, line.key)
            self.post("tax_payable", tax, line.key)
        self.debit_receivable(-total)

    def debit_receivable(self, amount):
        self.open += amount
        self.post("accounts_receivable", amount)

    def settle(self, amount):
        """Credit the receivable, then bad debt, by up to `amount`; returns what is left of it."""
        closed = min(amount, self.open)
        self.debit_receivable(-closed)
        back = within(amount - closed, sum(self.bad_debt.values()))
        for key, part in zip(self.bad_debt, spread(back, list(self.bad_debt.values())), strict=True):
            self.bad_debt[key] -= part
            self.post("bad_debt", -part, key)
        return amount - closed - back

    def credit_customer(self, amount):
        rest = self.settle(amount)
        self.credit += rest
        self.post("customer_balance", -rest)

    def debit_balance(self, amount):
        """Use up customer balance: what credit notes granted first, then what was credited for want of more."""
        granted = min(amount, self.granted)
        self.granted -= granted
        self.credit -= min(amount - granted, self.credit)
        self.post("customer_balance", amount)

    def pay_out(self, amount, role):
        self.post(role, -amount)
        self.debit_balance(amount)

    def recover(self, amount):
        self.recovered += amount
        self.post("recoveries", -amount)

    def payment(self, amount, role):
        self.book(amount)
        self.post(role, amount)
        rest = self.settle(amount)
        recovered = within(rest, self.written_off)
        self.written_off -= recovered
        self.recover(recovered)
        self.credit_customer(rest - recovered)

    def dispute_won(self, amount, role):
        self.book(min(amount, self.disputed))
        self.post(role, amount)
        closed = min(amount, self.disputed, self.open)
        self.disputed -= closed
        self.debit_receivable(-closed)
        self.recover(amount - closed)

    # Reductions of the price

    def named(self, key):
        """The line of that key, or all of them."""
        if key is not None and all(str(line.key) != str(key) for line in self.lines):
            raise ValueError("no such line on the invoice: " + str(key))
        return [line for line in self.lines if key is None or str(line.key) == str(key)]

    def split(self, amount, lines, weight):
        """`amount` over the lines by what is left of them, in pairs; and how much of it exceeds that."""
        weights = [weight(line) for line in lines]
        covered = within(amount, sum(weights))
        return list(zip(lines, spread(covered, weights), strict=True)), amount - covered

    def take(self, line, net, tax, rule, role):
        back, deferred = line.take(net, rule)
        line.tax -= tax
        line.booked, line.booked_tax = line.booked - net, line.booked_tax - tax
        self.post(role, back, line.key)
        self.post(line.role, deferred, line.key)
        self.post("tax_payable", tax, line.key)

    def take_gross(self, gross, key, rule, role):
        """Reduce price and tax together."""
        parts, excess = self.split(gross, self.named(key), Line.gross_left)
        for line, part in parts:
            tax = portion(part, line.tax, line.gross_left())
            self.take(line, part - tax, tax, rule, role)
        self.lose(excess, key)

    def lose(self, excess, key):
        """What was given back beyond the price: it reverses earlier recoveries, then is a loss."""
        recovered = within(excess, self.recovered)
        self.recover(-recovered)
        self.post("other_loss", excess - recovered, key)

    def refund(self, contra, key, amount, rule, role):
        self.post(role, -amount)
        if rule == "cash_only":  # no price changes: it uses up the customer's balance, then the invoice is open again
            balance = min(amount, self.granted + self.credit)
            self.debit_balance(balance)
            self.give_back(amount - balance)
            self.disputed += amount - balance if contra == "disputes" else 0
            return
        own = min(amount, self.credit) if key is None else 0  # an overpayment goes back before any price
        self.credit -= own
        self.post("customer_balance", own)
        self.take_gross(amount - own, key, rule, contra)

    def credit_note(self, key, net, tax, rule, settlement):
        gross = net + tax
        role = settlement_role(settlement)
        if settlement == "receivable":
            self.book(gross)
        parts, excess = self.split(net, self.named(key), Line.left)
        for line, part in parts:
            self.take(line, part, 0, rule, "credit_notes")
        for lines in (self.named(key), self.lines):  # tax of the named line first, then of the invoice
            parts, tax = self.split(tax, lines, lambda line: line.tax)
            for line, part in parts:
                self.take(line, 0, part, rule, "credit_notes")
        excess += tax
        if settlement == "receivable":
            moot = within(excess, self.written_off)  # neither price nor receivable is left of it
            self.written_off -= moot
            self.lose(excess - moot, key)
            self.credit_customer(gross - moot)
        else:
            self.lose(excess, key)
            self.grant(gross, role)

    def grant(self, gross, role):
        self.granted += gross if role == "customer_balance" else 0
        self.post(role, -gross)

    def write_off(self, amount, rule):
        self.book(amount)
        amount = self.open if amount is None else min(amount, self.open)
        self.debit_receivable(-amount)
        if known(rule, {"credit_loss", "price_concession"}, "treatment of a write-off") == "price_concession":
            self.take_gross(amount, None, "deferred_first", "credit_notes")
            self.written_off += amount
            return
        parts, excess = self.split(amount, self.lines, Line.gross_left)
        # Tax stays owed to the authority until it grants relief, what is passed through to others: both are a loss.
        prices = [part - portion(part, line.tax, line.gross_left()) if line.is_price else 0 for line, part in parts]
        own = [within(price, line.deferred) for price, line in zip(prices, self.lines, strict=True)]
        # What is not delivered is not lost, of whichever line it is.
        short = [max(price - part, 0) for price, part in zip(prices, own, strict=True)]
        waiting = [
            max(line.deferred - part, 0) if line.is_price else 0 for line, part in zip(self.lines, own, strict=True)
        ]
        moved = min(sum(short), sum(waiting))
        taken, spared = spread(moved, waiting), spread(moved, short)
        for place, (line, part) in enumerate(parts):
            undelivered = own[place] + taken[place]
            line.deferred -= undelivered
            self.written_off += undelivered
            self.post("deferred_revenue", undelivered, line.key)
            self.add_bad_debt(part - own[place] - spared[place], line.key)
        self.add_bad_debt(excess, None)

    def add_bad_debt(self, amount, key):
        self.bad_debt[key] = self.bad_debt.get(key, 0) + amount
        self.post("bad_debt", amount, key)

    # The end of the invoice

    def end(self, role):
        """Take back all that is left of the invoice; returns what the customer had paid of it."""
        self.book(None)
        total = sum(line.gross_left() for line in self.lines) + self.recovered
        for line in self.lines:
            self.take(line, line.left(), line.tax, "pro_rata", role)
        self.recover(-self.recovered)
        self.written_off = 0
        owed = self.open + sum(self.bad_debt.values())
        self.settle(owed)
        return total - owed

    def void(self):
        paid = self.end("voids")
        self.credit_customer(max(paid, 0))
        self.debit_balance(max(-paid, 0))  # credit notes had granted more than was paid

    def exclude(self):
        self.post("exclusions", -self.end("revenue"))
        self.excluded = True

    def after_exclusion(self, kind, gross, rule, other):
        """An excluded invoice has neither revenue nor a receivable: only money moves, against `exclusions`."""
        if kind in ("payment", "dispute_won"):
            self.post(rule or "cash", gross)
            self.post("exclusions", -gross)
        elif kind in ("refund", "dispute"):
            self.post(other or "cash", -gross)
            self.post("exclusions", gross)
        elif kind == "credit_note" and other != "receivable":
            self.grant(gross, settlement_role(other))
            self.post("exclusions", gross)


def fold_invoice(facts):
    """Fold the facts of one invoice-only contract. JSON text in, JSON text out; null stays null.

    In: {"lines": [[line_key, seq, amount_minor, tax_minor, method, convention, days_rule, from_day, to_day,
    not_before_day], ...], "events": [[event_no, day, kind, line_key or null, amount_minor, tax_minor, how], ...]}.

    Out: {"segments": [[line_key, slice_from_day, slice_to_day, schedule_from_day, schedule_to_day,
    schedule_amount_minor, convention, days_rule, not_before_day, method], ...],
    "movements": [[event_no, line_key or null, role, debit_minor], ...]}. Revenue through a day of a slice is
    cumulative(schedule, that day) - cumulative(schedule, slice_from_day - 1); the slices of a line tile its term up
    to where nothing is left to earn. The movements of an event sum to zero; they leave recognition itself
    (deferred_revenue to revenue) to the slices. Raises ValueError on a kind, rule, line or convention it does not know.
    """
    if facts is None:
        return None
    given = json.loads(facts)
    invoice = Invoice(given["lines"])
    movements = []
    for number, day, kind, key, amount, tax, how in sorted(given["events"], key=lambda e: (int(e[1]), int(e[0]))):
        amount = None if amount is None else int(amount)
        try:
            movements += invoice.fold(number, int(day), kind, key, amount, int(tax or 0), how)
        except ValueError as error:
            raise ValueError("event " + str(number) + ": " + str(error)) from None
    segments = [row for line in invoice.lines for row in line.finish()]
    return json.dumps({"segments": segments, "movements": movements}, separators=(",", ":"))
