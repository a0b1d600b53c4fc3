"""Sends the invoices: each becomes a draft, is finalized, and meets its fate at Stripe and GoCardless."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from . import stripe_money as money
from . import stripe_objects as stripe
from . import stripe_subscriptions as subscriptions
from .bills import Bill, Fate
from .cash import HOUR, Paid, contest, give_back, mark_paid, pay
from .customers import draws
from .identifiers import stripe_id
from .moments import seconds
from .world import World

Json = dict[str, Any]


class Publisher:
    """Publishes the invoices of one customer after the other, each customer's in order of issue."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.seed = seed
        self._numbers: Counter[int] = Counter()
        self._credit_notes: Counter[int] = Counter()

    def publish_all(self, bills: list[Bill]) -> None:
        """In the order in which they were drafted."""
        for bill in sorted(bills, key=lambda bill: (bill.created_on or bill.finalized_on, bill.finalized_on)):
            self.publish(bill)

    def publish(self, bill: Bill) -> None:
        draft_at = seconds(bill.created_on or bill.finalized_on, 5)
        sent_at = seconds(bill.finalized_on, 6)
        self._numbers[bill.customer.number] += 1
        number = f"NW{bill.customer.number:04d}-{self._numbers[bill.customer.number]:04d}"
        self._prices(bill, draft_at)
        self._subscription(bill, draft_at)
        draft = stripe.invoice(bill, number, draft_at)
        self.world.put("stripe", "invoice", draft, draft_at, "invoice.created")
        for place, line in enumerate(draft["lines"]):
            if line["parent"]["type"] == "invoice_item_details":
                self.world.put("stripe", "invoiceitem", stripe.invoice_item(bill, place), draft_at)
        opened = {
            "status": "open",
            "ending_balance": min(0, bill.total + bill.starting_balance),
            "status_transitions": {**draft["status_transitions"], "finalized_at": sent_at},
        }
        self.world.patch("stripe", "invoice", bill.id, sent_at, opened, "invoice.finalized")
        if bill.starting_balance:
            used = min(-bill.starting_balance, bill.total)
            self._balance(bill, "applied_to_invoice", used, bill.starting_balance + used, sent_at, invoice=bill.id)
        self._settle(bill, draft["amount_due"], sent_at)

    def _prices(self, bill: Bill, at: int) -> None:
        for item in bill.items:
            price = stripe.price(stripe.price_key(item, bill.customer.currency), at)
            try:
                self.world.record("stripe", "price", price["id"])
            except KeyError:
                self.world.put("stripe", "price", price, at)

    def _subscription(self, bill: Bill, at: int) -> None:
        if not bill.subscription_key:
            return
        subscription_id = stripe_id("sub", bill.subscription_key)
        try:
            created = self.world.record("stripe", "subscription", subscription_id).created_at
        except KeyError:
            made = subscriptions.subscription(bill, at)
            self.world.put("stripe", "subscription", made, at, "customer.subscription.created")
        else:
            items = {"items": subscriptions.items(bill, created), "latest_invoice": bill.id}
            self.world.patch("stripe", "subscription", subscription_id, at, items, "customer.subscription.updated")

    def _settle(self, bill: Bill, due: int, sent_at: int) -> None:
        fate = bill.fate
        draw = draws(self.seed, bill.customer.number, bill.key)
        at = seconds(fate.on, 12) if fate.on else sent_at + HOUR
        if fate.kind == "open":
            return
        if fate.kind in ("void", "uncollectible"):
            self._close(bill, fate.kind, at)
        elif fate.kind == "credit" and fate.settled == "before":
            self._credit_before_payment(bill, fate, due, at, sent_at)
        elif due == 0:
            mark_paid(self.world, bill, sent_at)
        else:
            paid = pay(self.world, draw, bill, due, sent_at)
            self._after_payment(bill, fate, paid, max(at, paid.at + 12 * HOUR))

    def _close(self, bill: Bill, kind: str, at: int) -> None:
        _, invoice = self.world.record("stripe", "invoice", bill.id).versions[-1]
        moment = {"void": "voided_at", "uncollectible": "marked_uncollectible_at"}[kind]
        changes = {"status": kind, "status_transitions": {**invoice["status_transitions"], moment: at}}
        event = {"void": "invoice.voided", "uncollectible": "invoice.marked_uncollectible"}[kind]
        self.world.patch("stripe", "invoice", bill.id, at, changes, event)

    def _after_payment(self, bill: Bill, fate: Fate, paid: Paid, at: int) -> None:
        if fate.kind == "refund":
            give_back(self.world, bill, paid, bill.key, min(fate.amount, paid.amount), at)
        elif fate.kind in ("dispute_won", "dispute_lost"):
            contest(self.world, bill, paid, at, fate.kind == "dispute_won")
        elif fate.kind == "credit":
            self._credit_after_payment(bill, fate, paid, at)

    # ---- credit notes

    def _issue(
        self, bill: Bill, at: int, before: int = 0, after: int = 0, outside: int = 0, refunds: Sequence[Json] = ()
    ) -> None:
        fate = bill.fate
        self._credit_notes[bill.customer.number] += 1
        number = f"NW{bill.customer.number:04d}-CN-{self._credit_notes[bill.customer.number]:02d}"
        credits = {"line": fate.credits, "custom": ((None, fate.amount),), "none": ()}[fate.lines]
        lines = [
            money.credit_line(bill, f"{bill.key}:{place}", place, amount, bill.tax_on(amount))
            for place, amount in credits
        ]
        note = money.credit_note(bill, number, at, lines, before, after, outside, refunds)
        self.world.put("stripe", "credit_note", note, at, "credit_note.created")
        if fate.voided_on:
            voided_at = seconds(fate.voided_on, 12)
            changes = {"status": "void", "voided_at": voided_at}
            self.world.patch("stripe", "credit_note", note["id"], voided_at, changes, "credit_note.voided")

    def _credit_before_payment(self, bill: Bill, fate: Fate, due: int, at: int, sent_at: int) -> None:
        total = fate.amount + bill.credited_tax
        self._issue(bill, at, before=total)
        remaining = due - total
        changes = {"amount_due": remaining, "amount_remaining": remaining, "pre_payment_credit_notes_amount": total}
        self.world.patch("stripe", "invoice", bill.id, at, changes, "invoice.updated")
        after = max(at, sent_at) + HOUR
        if fate.voided_on:  # the note was a mistake: all of it is due again
            after = seconds(fate.voided_on, 13)
            again = {"amount_due": due, "amount_remaining": due, "pre_payment_credit_notes_amount": 0}
            self.world.patch("stripe", "invoice", bill.id, after, again, "invoice.updated")
            remaining = due
        if remaining:
            pay(self.world, draws(self.seed, bill.customer.number, bill.key), bill, remaining, after)
        else:
            mark_paid(self.world, bill, at)

    def _credit_after_payment(self, bill: Bill, fate: Fate, paid: Paid, at: int) -> None:
        total = fate.amount + bill.credited_tax
        refunds = []
        outside = total if fate.settled == "outside" else 0
        if fate.settled == "refund":
            if paid.payment_id:
                raise ValueError("Stripe cannot refund a direct debit: credit the balance instead")
            refund_id = give_back(self.world, bill, paid, bill.key, total, at)
            refunds = [{"amount_refunded": total, "refund": refund_id, "type": "refund"}]
        self._issue(bill, at, after=total, outside=outside, refunds=refunds)
        if fate.settled == "balance":
            self._balance(bill, "credit_note", -total, -total, at, credit_note=bill.credit_note_id)
        changes = {"post_payment_credit_notes_amount": total}
        self.world.patch("stripe", "invoice", bill.id, at, changes, "invoice.updated")

    def _balance(self, bill: Bill, kind: str, amount: int, ending: int, at: int, **links: str) -> None:
        moved = money.customer_balance_transaction(bill, f"{kind}:{bill.key}", kind, amount, ending, at, **links)
        self.world.put("stripe", "customer_balance_transaction", moved, at)
        self.world.patch("stripe", "customer", bill.customer.stripe_id, at, {"balance": ending}, "customer.updated")
