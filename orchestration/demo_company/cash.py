"""How invoices are paid and what goes wrong: at Stripe by card or bank transfer, at GoCardless by direct debit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from . import gocardless_objects as gocardless
from . import stripe_money as money
from .bills import Bill
from .identifiers import stripe_id
from .moments import DAY, day_of
from .world import World

HOUR = 3600
DISPUTE_FEE = 1500


@dataclass(frozen=True)
class Paid:
    """A payment that succeeded. `charge_id` is empty for direct debit."""

    at: int
    amount: int
    charge_id: str = ""
    intent_id: str | None = None
    payment_id: str = ""


def pay(world: World, draw: Random, bill: Bill, amount: int, sent_at: int) -> Paid:
    """Collects `amount` some time after the invoice was sent and marks it paid."""
    if bill.customer.pays_by == "direct_debit":
        paid = _by_direct_debit(world, draw, bill, amount, sent_at)
    else:
        paid = _by_charge(world, draw, bill, amount, sent_at)
    off_stripe = amount if paid.payment_id else 0
    mark_paid(world, bill, paid.at, amount_paid=amount, amount_paid_off_stripe=off_stripe)
    return paid


def mark_paid(world: World, bill: Bill, at: int, **changes: int) -> None:
    _, invoice = world.record("stripe", "invoice", bill.id).versions[-1]
    changes = {
        **changes,
        "amount_remaining": 0,
        "attempted": True,
        "attempt_count": 1,
        "status": "paid",
        "status_transitions": {**invoice["status_transitions"], "paid_at": at},
    }
    world.patch("stripe", "invoice", bill.id, at, changes, "invoice.paid")


def _by_charge(world: World, draw: Random, bill: Bill, amount: int, sent_at: int) -> Paid:
    by_card = bill.customer.pays_by == "card"
    at = sent_at + HOUR if by_card else sent_at + draw.randint(6, 48) * DAY + 9 * HOUR
    if by_card and draw.random() < 0.03:
        failed = money.charge(bill, f"{bill.key}:failed", amount, at, False, None)
        world.put("stripe", "charge", failed, at, "charge.failed")
        at += draw.randint(2, 6) * DAY
    charge_id = stripe_id("ch", bill.key)
    # Bank transfers matched by hand have no payment intent, so their invoice payment names the charge.
    intent_id = stripe_id("pi", bill.key) if by_card or draw.random() < 0.8 else None
    if intent_id:
        intent = money.payment_intent(bill, bill.key, amount, at, charge_id)
        world.put("stripe", "payment_intent", intent, at)
    charge = money.charge(bill, bill.key, amount, at, True, intent_id)
    world.put("stripe", "charge", charge, at, "charge.succeeded")
    fee = money.processing_fee(amount, bill.customer.pays_by)
    moved = money.balance_transaction(bill.key, "charge", charge_id, amount, fee, charge["currency"], at)
    world.put("stripe", "balance_transaction", moved, at)
    link = money.invoice_payment(bill, bill.key, amount, at, charge_id, intent_id)
    world.put("stripe", "invoice_payment", link, at, "invoice_payment.paid")
    return Paid(at, amount, charge_id, intent_id)


def _by_direct_debit(world: World, draw: Random, bill: Bill, amount: int, sent_at: int) -> Paid:
    at = sent_at + DAY
    key = bill.key
    if draw.random() < 0.04:
        _collect(world, bill, f"{key}:failed", amount, at, ("failed",))
        at += 10 * DAY
    payment_id = _collect(world, bill, key, amount, at, ("confirmed", "paid_out"))
    return Paid(at + 6 * DAY, amount, payment_id=payment_id)


def _collect(world: World, bill: Bill, key: str, amount: int, at: int, course: tuple[str, ...]) -> str:
    """A direct debit and its course: six days to confirm or fail, two more to pay out."""
    payment = gocardless.payment(bill, key, amount, at, day_of(at) + timedelta(days=5))
    world.put("gocardless", "payment", payment, at, "created")
    for place, status in enumerate(course):
        world.patch("gocardless", "payment", payment["id"], at + (6 + 2 * place) * DAY, {"status": status}, status)
    return payment["id"]


def _once_paid_out(world: World, payment_id: str, at: int) -> int:
    return max(at, world.record("gocardless", "payment", payment_id).versions[-1][0] + HOUR)


def give_back(world: World, bill: Bill, paid: Paid, key: str, amount: int, at: int) -> str:
    """Refunds part of a payment; the refund's id."""
    if paid.payment_id:
        at = _once_paid_out(world, paid.payment_id, at)
        _, payment = world.record("gocardless", "payment", paid.payment_id).versions[-1]
        refund = gocardless.refund(payment, key, amount, at)
        changes = {"amount_refunded": payment["amount_refunded"] + amount}
        world.put("gocardless", "refund", refund, at, "created")
        world.patch("gocardless", "payment", paid.payment_id, at, changes)
        return refund["id"]
    refund = money.refund(bill, key, amount, at, paid.charge_id, paid.intent_id)
    world.put("stripe", "refund", refund, at, "refund.created")
    moved = money.balance_transaction(f"refund:{key}", "refund", refund["id"], -amount, 0, refund["currency"], at)
    world.put("stripe", "balance_transaction", moved, at)
    changes = {"amount_refunded": amount, "refunded": amount == paid.amount}
    world.patch("stripe", "charge", paid.charge_id, at, changes, "charge.refunded")
    return refund["id"]


def contest(world: World, bill: Bill, paid: Paid, at: int, won: bool) -> None:
    """A chargeback. At Stripe it can be won after a month; at GoCardless the money is gone."""
    if paid.payment_id:
        at = _once_paid_out(world, paid.payment_id, at)
        changes = {"status": "charged_back"}
        world.patch("gocardless", "payment", paid.payment_id, at, changes, "charged_back")
        return
    currency = bill.customer.currency.lower()
    dispute_id = stripe_id("du", bill.key)
    taken = money.balance_transaction(
        f"dispute:{bill.key}", "adjustment", dispute_id, -paid.amount, DISPUTE_FEE, currency, at, "dispute"
    )
    world.put("stripe", "balance_transaction", taken, at)
    dispute = money.dispute(bill, bill.key, paid.amount, at, paid.charge_id, paid.intent_id, taken)
    world.put("stripe", "dispute", dispute, at, "charge.dispute.created")
    world.patch("stripe", "charge", paid.charge_id, at, {"disputed": True})
    closed = at + 30 * DAY
    moves = dispute["balance_transactions"]
    if won:
        returned = money.balance_transaction(
            f"dispute_won:{bill.key}", "adjustment", dispute_id, paid.amount, 0, currency, closed, "dispute_reversal"
        )
        world.put("stripe", "balance_transaction", returned, closed)
        moves = [*moves, {name: value for name, value in returned.items() if not name.startswith("_")}]
    changes = {"status": "won" if won else "lost", "balance_transactions": moves}
    world.patch("stripe", "dispute", dispute_id, closed, changes, "charge.dispute.closed")
