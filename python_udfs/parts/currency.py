"""Translate the postings of a contract in a foreign currency, in their order (ASC 830, IAS 21, IFRIC 22).

`fold_currency(facts)` is the entry point: JSON text in, JSON text out, no state, no input or output. Money is integer
minor units, debits positive; days count from 1970-01-01; rates are integers, in units of 10^-18 of the functional
currency for one of the foreign. What is monetary stands at the closing rate; what differs is a gain or a loss.
"""

import json
from fractions import Fraction

from python_udfs.parts.layers import Item, Liability, portion, rounded

TREATMENTS = {"spot", "monetary", "layers", "historical", "earned", "income"}


class Books:
    def __init__(self, given):
        self.numerator, self.denominator = int(given["scale"][0]), int(given["scale"][1])
        self.liability = Liability(given["lines"])
        self.items = {}  # (role, document) -> what stands of a monetary or historical balance
        self.monetary = set()
        self.earned = {}  # line, and None for the contract -> revenue less what was taken back
        self.windows = {}  # posting -> functional debit of contract liability, functional revenue, amount
        self.presented = {}  # (line, role) -> what is shown of what is earned ahead of billing
        self.amounts, self.extras = [], []

    def rate(self, given):
        return Fraction(int(given) * self.numerator, self.denominator)

    # Revenue, day by day

    def earn(self, posting, line, amount, rate, day):
        taken = self.windows.setdefault(posting, [0, 0, 0])
        if amount > 0:
            debit, _ = self.liability.debit(line, amount, rate)
            revenue = debit
            self.grow_earned(line, amount, revenue)
        else:
            revenue = -self.taken_back(line, -amount, rate)
            debit, _ = self.liability.credit(line, -amount, Fraction(revenue, amount), day, 0)
        taken[0], taken[1], taken[2] = taken[0] + debit, taken[1] + revenue, taken[2] + amount

    def taken_back(self, line, amount, rate):
        """Revenue goes back at the rate at which it was recognised."""
        worth = self.average(line, amount, rate)
        self.grow_earned(line, -amount, -worth)
        return worth

    # Entries

    def post_revenue(self, rows, rate, day):
        """A period's revenue, of which each part was earned on its day; what no day gives is earned on the last."""
        of_lines, posted = {}, {}
        for number, _role, treatment, line, _document, amount in rows:
            if treatment == "layers":
                left = amount - self.windows.get(number, (0, 0, 0))[2]
                if left:
                    self.earn(number, line, left, rate, day)
                debit, revenue, _ = self.windows.pop(number, (0, 0, 0))
                posted[number] = debit
                of_lines.setdefault(line, []).append([amount, revenue])
        for number, _role, treatment, line, _document, amount in rows:
            if treatment != "layers":
                pairs = of_lines.get(line) or [[0, 0]]
                whole, worth = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
                posted[number] = -worth if whole == -amount else rounded(amount * rate)
        return posted, Fraction(sum(posted.values()))

    def post_event(self, kind, rows, rate, day):
        """Spot and monetary rows first, then contract liability, then income; a difference stays for the caller."""
        posted, exact = {}, Fraction(0)
        has_money = any(row[2] in ("spot", "monetary") for row in rows)
        order = ["spot", "monetary", "historical", "layers", "earned", "income"]
        # What is billed comes before what settles it: a receivable is debited first, contract liability credited first.
        signs = {"monetary": -1, "layers": 1}
        for row in sorted(rows, key=lambda row: (order.index(row[2]), signs.get(row[2], 0) * row[5], row[0])):
            number, role, treatment, line, document, amount = row
            worth = 0, Fraction(0)
            if treatment == "spot":
                worth = rounded(amount * rate), amount * rate
            elif treatment in ("monetary", "historical"):
                worth = self.move_item(role, treatment, document, amount, rate)
            elif treatment == "layers":
                worth = self.move_liability(kind, line, document, amount, rate, day)
            elif has_money and treatment == "earned" and amount > 0:
                worth = (self.taken_back(line, amount, rate),) * 2
            elif has_money:
                worth = rounded(amount * rate), amount * rate
                if treatment == "earned":
                    self.grow_earned(line, -amount, -worth[0])
            posted[number] = worth[0]
            exact += worth[1]
        if not has_money:  # nothing monetary moves: income follows what is used up or deferred
            incomes = [row for row in rows if row[2] in ("earned", "income")]
            whole = sum(row[5] for row in incomes)
            one = Fraction(-sum(posted.values()), whole) if whole else self.rate_of_income(incomes, rate)
            for number, _role, treatment, line, _document, amount in incomes:
                posted[number] = rounded(amount * one)
                if treatment == "earned":
                    self.grow_earned(line, -amount, -posted[number])
            exact = Fraction(0) if whole else exact
        return posted, exact

    def rate_of_income(self, incomes, rate):
        """Where income only changes its name, it keeps the rate at which it was recognised."""
        for _number, _role, treatment, line, _document, amount in incomes:
            if treatment == "earned" and amount > 0:
                return Fraction(self.average(line, amount, rate), amount)
        return rate

    def average(self, line, amount, rate):
        """What `amount` of revenue was recognised at, on average: of its line, else the contract; else at `rate`."""
        for pool in (self.earned.get(line), self.earned.get(None)):
            if pool and pool.amount >= amount:
                return portion(pool.carried, amount, pool.amount)
        return rounded(amount * rate)

    def grow_earned(self, line, amount, worth):
        for key in {line, None}:
            pool = self.earned.setdefault(key, Item())
            pool.amount, pool.carried = pool.amount + amount, pool.carried + worth

    def move_item(self, role, treatment, document, amount, rate):
        # Receivables, and what is kept at its own rate, belong to their document; a balance is the one of its customer.
        key = role, document if role == "accounts_receivable" or treatment == "historical" else 0
        if treatment == "monetary":
            self.monetary.add(key)
        return self.items.setdefault(key, Item()).move(amount, rate)

    def move_liability(self, kind, line, document, amount, rate, day):
        posted, exact = 0, Fraction(0)
        of_bill = kind in ("invoice", "credit_note", "void")
        for key, part in self.liability.attributed(line, amount) if of_bill else [(line, amount)]:
            if part < 0:
                worth = self.liability.credit(key, -part, rate, day, document, exact - posted)
            else:
                worth = self.liability.debit(key, part, rate, document)
            posted, exact = posted + worth[0], exact + worth[1]
        return posted, exact

    def enter(self, entry, kind, rows, rate, day):
        posted, exact = (self.post_revenue if kind == "revenue" else lambda *a: self.post_event(kind, *a))(
            rows, rate, day
        )
        self.amounts += [[number, worth] for number, worth in posted.items()]
        gain, off = rounded(exact), sum(posted.values())
        for role, worth in (("fx_gain_loss", -gain), ("fx_rounding", gain - off)):
            if worth:
                self.extras.append([entry, None, "", role, 0, worth])

    # Period ends

    def close(self, day, rate, shown):
        """Remeasure what is monetary, then present what is earned ahead of billing, net of what is billed ahead."""
        changes = {("deferred_revenue", 0): self.liability.settle_finished(day, rate)}
        for role, document in sorted(self.monetary):
            changes[role, 0] = changes.get((role, 0), 0) + self.items[role, document].remeasure(rate)
        of_lines = {line: asset.remeasure(rate) for line, asset in sorted(self.liability.assets.items())}
        rows = {}
        for number, role, treatment, line, _document, amount in shown:
            key = line, "deferred_revenue" if treatment == "layers" else role
            rows.setdefault(key, []).append(number)
            if treatment != "layers":
                self.presented.setdefault(key, Item()).amount += amount
        moves = self.present(rate, changes, of_lines)
        for key in sorted(set(moves) | set(rows)):
            numbers, moved = rows.get(key, []), moves.get(key, 0)
            self.amounts += [[number, moved if number == numbers[0] else 0] for number in numbers]
            if moved and not numbers:
                self.extras.append([None, day, "reclassification", key[1], key[0], moved])
        for line, change in of_lines.items():
            changes["deferred_revenue", line] = changes.get(("deferred_revenue", line), 0) + change
        changes["fx_gain_loss", 0] = -sum(changes.values())
        self.extras += [[None, day, "fx_remeasurement", *key, change] for key, change in changes.items() if change]

    def present(self, rate, changes, of_lines):
        """What each reclassification moves, by line and role: the share of the gross amounts that the net position is.

        The remeasurement of what is shown belongs to its role; the rest stays in `of_lines`, for contract liability.
        """
        moves, shown_amount, shown_worth = {}, {}, {}
        for key in sorted(self.presented, key=lambda key: (key[0] == 0, key[0], key[1] != "unbilled_receivable")):
            (line, role), position = key, self.presented[key]
            amount, carried = self.liability.net(line or None)
            above = shown_amount if line == 0 else {line: shown_amount.get(line, 0)}
            worths = shown_worth if line == 0 else {line: shown_worth.get(line, 0)}
            amount, carried = amount - sum(above.values()), carried - sum(worths.values())
            target = portion(carried, position.amount, amount) if amount > 0 else rounded(position.amount * rate)
            shown_amount[line] = shown_amount.get(line, 0) + position.amount
            shown_worth[line] = shown_worth.get(line, 0) + target
            change = 0
            if position.amount:
                change = sum(of_lines.pop(found, 0) for found in ([line] if line else list(of_lines)))
                changes[role, line] = changes.get((role, line), 0) + change
            moved = target - position.carried - change
            position.carried = target
            moves[key] = moved
            moves[line, "deferred_revenue"] = moves.get((line, "deferred_revenue"), 0) - moved
        return moves


def fold_currency(facts):
    """Translate the postings of one contract in a foreign currency. JSON text in, JSON text out; null stays null.

    In: {"scale": [numerator, denominator] that turns a rate into functional minor units of one foreign minor unit,
    "lines": [[line, billed or null, allocated or null, day from which it is earned in full, or null], ...],
    "postings": [[number, entry, day, precedence, kind, role, treatment, line, document, amount, rate of the day], ...],
    "windows": [[number of the posting to contract liability, line, day, revenue, rate], ...],
    "closings": [[last day of a period, closing rate], ...]}; line 0 is the contract, document 0 is none.

    Out: {"amounts": [[number, functional amount], ...] for every posting,
    "extras": [[entry or null, day or null, kind, role, line, functional amount], ...]: differences in an entry, or the
    entries of a period end, "layers": [[line, day, amount, worth, left, worth left], ...] of what still stands}.
    Every entry sums to zero with its extras. Raises ValueError on a treatment it does not know.
    """
    if facts is None:
        return None
    given = json.loads(facts)
    books = Books(given)
    steps, shown = {}, {}
    for number, entry, day, precedence, kind, role, treatment, line, document, amount, rate in given["postings"]:
        row = [number, role, treatment, line, document, int(amount)]
        if treatment not in TREATMENTS:
            raise ValueError("unknown treatment of " + role + ": " + str(treatment))
        if kind == "reclassification":
            shown.setdefault(int(day), []).append(row)
        else:
            key = int(day), 2 if kind == "revenue" else 0, int(precedence), entry
            steps.setdefault(key, (books.enter, [entry, kind, [], books.rate(rate), int(day)]))[1][2].append(row)
    for place, (number, line, day, amount, rate) in enumerate(given["windows"]):
        steps[int(day), 1, place, number] = books.earn, [number, line, int(amount), books.rate(rate), int(day)]
    for day, rate in given["closings"]:
        steps[int(day), 3, 0, 0] = books.close, [int(day), books.rate(rate), shown.get(int(day), [])]
    for key in sorted(steps):
        step, arguments = steps[key]
        step(*arguments)
    layers = [
        [line, layer.day, layer.amount, layer.worth, layer.left(), layer.value()]
        for line, of_line in sorted(books.liability.layers.items())
        for layer in of_line
    ]
    assets = [
        [line, None, item.amount, item.carried, item.amount, item.carried]
        for line, item in books.liability.assets.items()
    ]
    result = {"amounts": books.amounts, "extras": books.extras, "layers": layers + [row for row in assets if row[2]]}
    return json.dumps(result, separators=(",", ":"))
