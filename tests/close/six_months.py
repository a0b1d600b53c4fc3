"""Beacon Works with thirty contracts, and half a year of what goes wrong at a month's end.

`tables()` are the facts, each with the moment it was recorded; `company.write` gives the file drop of any moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")
# Each month is closed with what is known on the fifth of the next; April is closed a second time.
KNOWN = {month: f"2026-{int(month[5:]) + 1:02d}-05" for month in MONTHS}
APRIL_AGAIN = "2026-05-12"
CONTRACTS = 30
_FIRST, _LAST = dt.date(2026, 1, 1), dt.date(2026, 7, 5)

Table = list[list[str]]


def tables() -> dict[str, Table]:
    """table -> header and rows."""
    found: dict[str, Table] = {
        "entities": [["entity_id", "entity_name", "functional_currency"], ["beacon", "Beacon Works Inc.", "USD"]],
        "customers": [["customer_id", "customer_name", "entity_id", "region"]],
        "products": [
            ["product_id", "product_name", "revenue_stream", "recognition_method"],
            ["platform", "Platform", "subscription", "straight_line"],
            ["setup", "Set-up", "services", "point_in_time"],
            ["calls", "Calls", "usage", "usage"],
        ],
        "fx_rates": [["rate_on", "from_currency", "to_currency", "rate"], *_rates()],
        "standalone_selling_prices": [
            ["product_id", "currency", "valid_from", "unit", "price", "approved_by"],
            *([product, currency, "2026-01-01", unit, price, "pricing"] for product, currency, unit, price in _PRICES),
        ],
        "contracts": [["contract_id", "customer_id", "entity_id", "currency", "signed_on", "recorded_at"]],
        "contract_versions": [
            ["contract_id", "version", "agreed_on", "effective_on", "change", "reason", "recorded_at"]
        ],
        "contract_lines": [
            *[["contract_id", "version", "line_id", "product_id", "quantity", "unit_price", "amount", "starts_on"]],
        ],
        "usage": [["usage_id", "contract_id", "line_id", "used_on", "quantity", "recorded_at"]],
        "invoices": [
            *[["invoice_id", "customer_id", "entity_id", "currency", "issued_on", "due_on", "contract_id"]],
        ],
        "invoice_lines": [
            *[["invoice_id", "invoice_line_id", "contract_id", "line_id", "product_id", "amount", "starts_on"]],
        ],
        "credit_notes": [["credit_note_id", "invoice_id", "customer_id", "issued_on", "reason", "recorded_at"]],
        "credit_note_lines": [["credit_note_id", "credit_note_line_id", "invoice_line_id", "amount"]],
        "payments": [
            *[["payment_id", "kind", "customer_id", "entity_id", "invoice_id", "occurred_on", "currency", "amount"]],
        ],
    }
    found["contract_lines"][0] += ["ends_on", "recorded_at"]
    found["invoices"][0] += ["recorded_at"]
    found["invoice_lines"][0] += ["ends_on"]
    found["payments"][0] += ["recorded_at"]
    for number in range(1, CONTRACTS + 1):
        _contract(found, number)
    _mishaps(found)
    return found


_PRICES = [
    ("platform", "USD", "month", "100.00"),
    ("platform", "EUR", "month", "90.00"),
    ("setup", "USD", "each", "600.00"),
    ("setup", "EUR", "each", "540.00"),
]


def _rates() -> Iterator[list[str]]:
    """A rate for every day, which rises by a hundredth of a cent."""
    for day in range((_LAST - _FIRST).days + 1):
        on = _FIRST + dt.timedelta(days=day)
        yield [f"{on}", "EUR", "USD", f"1.{1000 + day}"]


def _contract(found: dict[str, Table], number: int) -> None:
    """A year of the platform from one of the first three months; every third with a set-up, every fifth with calls."""
    name, customer = f"K-{number:02d}", f"c-{number:02d}"
    currency = "EUR" if number % 4 == 0 else "USD"
    start = dt.date(2026, 1 + number % 3, 1 + number % 2 * 14)
    end = start.replace(year=2027) - dt.timedelta(days=1)
    price = 1200 + 10 * number
    found["customers"].append([customer, f'Customer {number} "North", Inc.', "beacon", "NA" if number % 2 else "EMEA"])
    found["contracts"].append([name, customer, "beacon", currency, f"{start}", f"{start}"])
    found["contract_versions"].append([name, "1", f"{start}", f"{start}", "inception", "", f"{start}"])
    lines = [["L1", "platform", "1", "", f"{price}.00", f"{start}", f"{end}"]]
    if number % 3 == 0:
        lines.append(["L2", "setup", "1", "", "500.00", f"{start + dt.timedelta(days=10)}", ""])
    found["contract_lines"] += [[name, "1", *line, f"{start}"] for line in lines]
    if number % 5 == 0:
        found["contract_lines"].append([name, "1", "L3", "calls", "", "0.05", "0.00", f"{start}", f"{end}", f"{start}"])
    # Odd ones are billed for the year, even ones every month.
    if number % 2:
        _invoice(found, number, start, [(*line[:2], line[4], line[5], line[6] or line[5]) for line in lines])
        return
    rest = price * 100
    for month in range(12):
        share = price * 100 // 12 if month < 11 else rest
        rest -= share
        on = _months_after(start, month)
        billed = [("L1", "platform", f"{share / 100:.2f}", f"{on}", f"{_months_after(start, month + 1) - _DAY}")]
        if month == 0 and len(lines) > 1:
            billed.append(("L2", "setup", "500.00", lines[1][5], lines[1][5]))
        if number % 5 == 0 and month:
            used = on - dt.timedelta(days=5)
            found["usage"].append([f"U-{number}-{month}", name, "L3", f"{used}", "2000", f"{used}"])
            billed.append(("L3", "calls", "100.00", f"{_months_after(start, month - 1)}", f"{on - _DAY}"))
        _invoice(found, number, on, billed)


_DAY = dt.timedelta(days=1)


def _months_after(start: dt.date, months: int) -> dt.date:
    months += start.month - 1
    return start.replace(year=start.year + months // 12, month=months % 12 + 1)


def _invoice(found: dict[str, Table], number: int, on: dt.date, lines: list[tuple[str, ...]]) -> None:
    """An invoice of a contract, paid after 25 days by all but every seventh customer."""
    if on > _LAST:
        return
    name, invoice = f"K-{number:02d}", f"I-{number:02d}-{on:%m%d}"
    currency, customer = "EUR" if number % 4 == 0 else "USD", f"c-{number:02d}"
    due = on + dt.timedelta(days=30)
    found["invoices"].append([invoice, customer, "beacon", currency, f"{on}", f"{due}", name, f"{on}"])
    for line, product, amount, starts, ends in lines:
        found["invoice_lines"].append([invoice, f"{invoice}-{line}", name, line, product, amount, starts, ends])
    paid = on + dt.timedelta(days=25)
    if number % 7 and paid <= _LAST:
        total = sum(int(amount.replace(".", "")) for _, _, amount, _, _ in lines)
        row = [f"P-{invoice}", "payment", customer, "beacon", invoice, f"{paid}", currency, f"{total / 100:.2f}"]
        found["payments"].append([*row, f"{paid}"])


def _mishaps(found: dict[str, Table]) -> None:
    """What was learned late: each belongs to a month that was locked when it was recorded."""
    # An invoice of February arrives in March, one of April on the day April is opened again for it.
    found["customers"].append(["c-90", "=Walk-in", "beacon", "NA"])
    late = (("I-90", "2026-02-10", "2026-03-20"), ("I-91", "2026-04-08", "2026-05-11"))
    for invoice, on, recorded in late:
        found["invoices"].append([invoice, "c-90", "beacon", "USD", on, on, "", recorded])
        found["invoice_lines"].append([invoice, f"{invoice}-1", "", "", "platform", "600.00", on, "2026-12-31"])
    # In April somebody finds the amendment of March: more seats, for more money.
    found["contract_versions"].append(
        ["K-01", "2", "2026-03-01", "2026-03-01", "upsell", "Found in a drawer", "2026-04-15"]
    )
    line = ["platform", "1", "", "600.00", "2026-03-01", "2027-02-14", "2026-04-15"]
    first = next(row for row in found["contract_lines"] if row[:3] == ["K-01", "1", "L1"])
    found["contract_lines"] += [["K-01", "2", *first[2:-1], "2026-04-15"], ["K-01", "2", "L4", *line]]
    # A credit note of April, recorded in June.
    invoice = next(row[0] for row in found["invoices"] if row[6] == "K-03")
    found["credit_notes"].append(["CN-1", invoice, "c-03", "2026-04-20", "price_change", "2026-06-02"])
    found["credit_note_lines"].append(["CN-1", "CN-1-1", f"{invoice}-L1", "120.00"])
    # A payment was keyed in wrong; the right row has a later moment.
    wrong = next(row for row in found["payments"] if row[4].startswith("I-02-"))
    found["payments"].append([*wrong[:7], f"{float(wrong[7]) - 1:.2f}", "2026-05-20"])
