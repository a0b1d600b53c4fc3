"""What stands beside the contract liability: refund liabilities, amounts payable to the customer, interest.

Movements are [day, component, role, credit]: the other side is the contract liability.
"""

from decimal import Decimal, localcontext

from python_udfs.parts.schedule import first_day, index_360, month_of, portion

ROLE_OF_KIND = {
    "refund_right": "refund_liability",
    "rebate": "refund_liability",
    "payable_to_customer": "payable_to_customer",
}
# A credit note for these reasons is for something else than what is expected to be given back (section 6).
NOT_EXPECTED = {"scope_reduction", "price_change", "billing_error"}


def by_day(rows):
    """Day -> what rows say of it, in their order."""
    found = {}
    for day, *said in rows:
        found.setdefault(day, []).append(said)
    return found


def expected_back(components, estimates, billed, fixed, credits):
    """Movements of refund liabilities and of amounts payable to the customer (606-10-32-10, 32-25).

    The liability is the component's amount times the share of the fixed consideration that is billed or paid; of a
    component with a period, its own amount from that period on. What a credit note gives back settles it first, and
    before there is a right to what it credits, what is owed until then; a rebate then pays what is payable.
    `estimates`: [day, component number, amount]; `billed`: [day, amount]; `fixed`: [day, total]; `credits`:
    [day, amount, reason] and, where it is later, the day of the right.
    """
    components = [component for component in components if component.kind in ROLE_OF_KIND]
    if not components:
        return []
    by_refund = sorted(components, key=lambda component: component.kind == "payable_to_customer")
    estimates, billed, fixed, credits = by_day(estimates), by_day(billed), by_day(fixed), by_day(credits)
    starts = {component.from_day for component in components if component.from_day is not None}
    amounts, standing, owed, movements, given, so_far, whole = {}, {}, {}, [], [], 0, 0
    for day in sorted(starts.union(estimates, billed, fixed, credits)):
        amounts.update(estimates.get(day, ()))
        so_far += sum(amount for (amount,) in billed.get(day, ()))
        whole = fixed.get(day, [[whole]])[-1][0]
        for component in components:
            amount = -amounts.get(component.number, 0)
            if component.from_day is not None:
                target = amount if day >= component.from_day else 0
            elif whole > 0:
                target = portion(amount, max(0, min(so_far, whole)), whole)
            else:
                target = amount if so_far > 0 else 0
            change = target - standing.get(component.number, 0)
            if change:
                standing[component.number] = target
                owed[component.number] = owed.get(component.number, 0) + change
                movements.append([day, component.number, ROLE_OF_KIND[component.kind], change])
        given = [row for row in given if row[0] >= day]
        for amount, reason, *until in credits.get(day, ()):
            given += [] if reason in NOT_EXPECTED else [[max([day, *map(int, until)]), amount, reason]]
        for row in given:
            for component in by_refund:
                settled = max(0, min(row[1], owed.get(component.number, 0)))
                if settled and (component.kind != "payable_to_customer" or row[2] == "rebate"):
                    owed[component.number] -= settled
                    row[1] -= settled
                    movements.append([day, component.number, ROLE_OF_KIND[component.kind], -settled])
    return movements


def position(day):
    """A day as a position in years of 360 days: the last day of a month is the month's end, others their beginning."""
    month_ends = first_day(month_of(day) + 1) == day + 1
    return index_360(day) - (0 if month_ends else 1)


def gap(payments, transfers):
    """The longest time between a payment and the transfer it pays for, in days of 360 a year, first for first."""
    longest, payments, transfers = 0, [list(row) for row in payments], [list(row) for row in transfers]
    while payments and transfers:
        part = min(payments[0][1], transfers[0][1])
        longest = max(longest, abs(position(payments[0][0]) - position(transfers[0][0])))
        for rows in (payments, transfers):
            rows[0][1] -= part
            if rows[0][1] <= 0:
                rows.pop(0)
    return longest


def financing(rate, payments, transfers, has_expedient):
    """A significant financing component (606-10-32-15): the change of the price, and the interest on the position.

    `rate`: effective annual rate as text; `payments`: [day, amount] agreed; `transfers`: [day, amount] of the nominal
    price as it is earned. Returns (change of the price, [[day, interest expense]]); interest income is negative.
    """
    payments, transfers = sorted(payments), sorted(transfers)
    if not payments or not transfers or (has_expedient and gap(payments, transfers) <= 360):
        return 0, []
    with localcontext() as context:
        context.prec = 50
        growth = 1 + Decimal(rate)

        def years(days):
            return context.divide(Decimal(days), Decimal(360))

        def present(rows):
            return sum(amount * growth ** -years(position(day)) for day, amount in rows)

        nominal = sum(amount for _, amount in transfers)
        # The rate is that of inception and never changes (32-20).
        factor = context.divide(present(payments), present(transfers))
        price = int((nominal * factor).to_integral_value("ROUND_HALF_UP"))
        flows = [[day, Decimal(amount)] for day, amount in payments]
        flows += [[day, -amount * factor] for day, amount in transfers]
        days = sorted({day for day, _ in flows})
        months = range(month_of(days[0]), month_of(days[-1]) + 1)
        ends = [first_day(month + 1) - 1 for month in months]
        balance, accrued, booked, interest, last = Decimal(0), Decimal(0), 0, [], position(days[0])
        for day in sorted(set(days) | set(ends)):
            gained = balance * (growth ** years(position(day) - last) - 1)
            balance, accrued, last = balance + gained, accrued + gained, position(day)
            balance += sum(amount for when, amount in flows if when == day)
            if day == ends[-1]:  # in all, what the price and the payments differ by
                accrued = Decimal(price - sum(amount for _, amount in payments))
            if day in ends:
                units = int(accrued.to_integral_value("ROUND_HALF_UP")) - booked
                booked += units
                interest.append([day, units])
        return price - nominal, [row for row in interest if row[1]]
