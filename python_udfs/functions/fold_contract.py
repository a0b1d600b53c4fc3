'''Fold the events of an invoice that is its own contract (an invoice without a contract) into slices and movements.

Standard library only and one file, because this text is shipped as it is to every warehouse; no double-quoted
docstrings, because BigQuery quotes the body with them. Money is integer minor units, days count from 1970-01-01.
'''

import datetime

EPOCH = 719163  # ordinal of 1970-01-01


def rounded(numerator, denominator):
    'numerator / denominator to the nearest integer, half away from zero; the denominator is positive.'
    half_up = (2 * abs(numerator) + denominator) // (2 * denominator)
    return half_up if numerator >= 0 else -half_up


def month_of(day):
    date = datetime.date.fromordinal(day + EPOCH)
    return 12 * date.year + date.month - 1


def first_day(month):
    return datetime.date(month // 12, month % 12 + 1, 1).toordinal() - EPOCH


def index_360(day):
    'Day number in a calendar of 30-day months; the last day of a month is its 30th.'
    date = datetime.date.fromordinal(day + EPOCH)
    month_ends = first_day(month_of(day) + 1) == day + 1
    return 360 * date.year + 30 * date.month + (30 if month_ends else date.day)


def cumulative(amount, convention, days_rule, from_day, to_day, day, not_before_day=None):
    '''Part of `amount` earned from `from_day` through `day` (minor units; both ends of the term inclusive).

    Nothing before `not_before_day`: what was earned by then is caught up on it. Raises ValueError on an unknown
    convention. `days_rule` says how a month reaches its days: even (cumulative rounding) or truncated (whole units
    each day, the rest on the last day of service of the month); conventions without months ignore it.
    '''
    if day < from_day or (not_before_day is not None and day < not_before_day):
        return 0
    if day >= to_day:
        return amount
    size, sign = abs(amount), 1 if amount >= 0 else -1
    if convention == 'daily':
        return sign * rounded(size * (day - from_day + 1), to_day - from_day + 1)
    if convention == 'thirty_360':
        start = index_360(from_day) - 1
        return sign * rounded(size * (index_360(day) - start), index_360(to_day) - start)
    month, first, last = month_of(day), month_of(from_day), month_of(to_day)
    if convention == 'monthly_from_start':
        last = max(first, month_of(to_day + 1) - 1)
        if month > last:
            return amount
    before = month_end_total(size, convention, from_day, to_day, first, last, month - 1)
    part = month_end_total(size, convention, from_day, to_day, first, last, month) - before
    starts = max(from_day, first_day(month))
    gone, days = day - starts + 1, min(to_day, first_day(month + 1) - 1) - starts + 1
    if days_rule == 'truncated':
        return sign * (before + (part if gone == days else part // days * gone))
    return sign * (before + rounded(part * gone, days))


def month_end_total(size, convention, from_day, to_day, first, last, month):
    'What is earned through the end of `month`; months are numbered 12 * year + month - 1.'
    if month < first:
        return 0
    if month >= last:
        return size
    passed, months = month - first + 1, last - first + 1
    if convention in ('monthly_even', 'monthly_from_start'):
        return rounded(size * passed, months)
    head_days, tail_days = first_day(first + 1) - from_day, to_day - first_day(last) + 1
    if convention == 'monthly_prorated_ends':
        head_month = first_day(first + 1) - first_day(first)
        tail_month = first_day(last + 1) - first_day(last)
        whole = head_month * tail_month  # the weight of a whole month over the common denominator
        head, tail = head_days * tail_month, tail_days * head_month
        return rounded(size * (head + (passed - 1) * whole), head + (months - 2) * whole + tail)
    if convention == 'monthly_by_term':
        term = to_day - from_day + 1
        head = rounded(size * head_days, term)
        if month == first:
            return head
        tail = rounded(size * tail_days, term)
        if month == last - 1:
            return size - tail
        return head + (size - head - tail) // (months - 2) * (passed - 1)
    raise ValueError('unknown straight-line convention: ' + str(convention))
