"""How Stripe is read: lists give what was created, the events feed (thirty days) what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dlt
from dlt.extract import DltSource
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from orchestration.defs.ingest import listing
from orchestration.defs.ingest.client import Vendor, VendorError
from orchestration.defs.ingest.columns import Object
from orchestration.defs.ingest.history import Run, feed, table_resource
from orchestration.defs.ingest.listing import Change, Listing
from orchestration.defs.ingest.settings import Settings
from orchestration.defs.ingest.stripe import tables

VERSION = "2026-10-28.endive"
_PAGE = 100


def _events(kind: str, actions: str) -> tuple[str, ...]:
    return tuple(f"{kind}.{action}" for action in actions.split())


# What Stripe calls a list, the tables made of it, the events that announce a change of its objects.
LISTINGS = (
    Listing("customers", (tables.CUSTOMERS,), _events("customer", "created updated deleted")),
    Listing("products", (tables.PRODUCTS,), _events("product", "created updated deleted")),
    Listing("prices", (tables.PRICES,), _events("price", "created updated deleted")),
    Listing(
        "subscriptions",
        (tables.SUBSCRIPTIONS,),
        _events("customer.subscription", "created updated deleted paused resumed pending_update_applied"),
        {"status": "all"},
    ),
    Listing(
        "invoices",
        (tables.INVOICES, tables.INVOICE_LINES),
        _events(
            "invoice",
            "created updated deleted finalized sent overdue overpaid paid voided marked_uncollectible"
            " payment_succeeded payment_failed payment_action_required",
        ),
    ),
    Listing("invoice_payments", (tables.INVOICE_PAYMENTS,), _events("invoice_payment", "paid")),
    Listing(
        "credit_notes",
        (tables.CREDIT_NOTES, tables.CREDIT_NOTE_LINES, tables.CREDIT_NOTE_REFUNDS),
        _events("credit_note", "created updated voided"),
    ),
    Listing("invoiceitems", (tables.INVOICE_ITEMS,), _events("invoiceitem", "created deleted")),
    Listing(
        "charges", (tables.CHARGES,), _events("charge", "captured expired failed pending refunded succeeded updated")
    ),
    Listing("refunds", (tables.REFUNDS,), _events("refund", "created failed updated")),
    Listing(
        "disputes",
        (tables.DISPUTES,),
        _events("charge.dispute", "created updated closed funds_withdrawn funds_reinstated"),
    ),
    Listing("balance_transactions", (tables.BALANCE_TRANSACTIONS,)),
)
_CHILDREN = {
    "invoice_lines": tables.invoice_lines,
    "credit_note_lines": tables.credit_note_lines,
    "credit_note_refunds": tables.credit_note_refunds,
}


def resources(settings: Settings, run: Run | None = None) -> DltSource:
    run = run or Run.now("stripe")
    stripe = Stripe(settings)

    @dlt.source(name="stripe", max_table_nesting=0)
    def all_resources() -> Iterator[Any]:
        for one in LISTINGS:
            pages = feed(one.name, lambda one=one: listing.read(stripe, one, run, settings.reread_days))
            for table in one.tables:
                yield table_resource(run, pages, table, _CHILDREN.get(table.name))

    return all_resources()


class Stripe(listing.Lister):
    """Stripe's lists, newest first, and its events."""

    def __init__(self, settings: Settings) -> None:
        self.client = Vendor(settings, BearerTokenAuth(settings.secret), {"Stripe-Version": VERSION})

    def objects(self, listing: Listing, since: int | None) -> Iterator[list[dict[str, Any]]]:
        return self._list(f"/v1/{listing.name}", {**listing.params, **_created(since)})

    def created(self, one: Object) -> int:
        moment = one.get("created") or one.get("date")
        return moment if isinstance(moment, int) else 0

    def changes(self, listing: Listing, since: int | None) -> Iterator[list[Change]]:
        for page in self._list("/v1/events", {"types[]": list(listing.events), **_created(since)}):
            shown = ((event, (event.get("data") or {}).get("object") or {}) for event in page)
            yield [Change(event["id"], event["created"], one["id"], one) for event, one in shown if one.get("id")]

    def fetch(self, listing: Listing, object_id: str) -> dict[str, Any] | None:
        return self.client.one(f"/v1/{listing.name}/{object_id}")

    def complete(self, listing: Listing, one: dict[str, Any]) -> dict[str, Any]:
        """An invoice shows only its first lines."""
        lines = one.get("lines")
        if isinstance(lines, dict) and lines.get("has_more") and one.get("status") != "draft":
            path = f"/v1/{listing.name}/{one['id']}/lines"
            rest = self._list(path, {"starting_after": lines["data"][-1]["id"]} if lines["data"] else {})
            data = [*lines["data"], *(line for page in rest for line in page)]
            one = {**one, "lines": {**lines, "data": data, "has_more": False}}
        return one

    def _list(self, path: str, params: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        """All pages. Where the object at the cursor was deleted meanwhile, the list goes on from the one before it."""
        before: list[str] = []
        while True:
            cursor = JSONResponseCursorPaginator(
                cursor_path="data[-1].id",
                cursor_param="starting_after",
                has_more_path="has_more",
                stop_after_empty_page=True,
            )
            try:
                for page in self.client.pages(path, {"limit": _PAGE, **params}, "data", cursor):
                    before = [one.get("id", "") for one in page]
                    yield page
                return
            except VendorError as error:
                if error.status != 400 or len(before) < 2:
                    raise
                before.pop()
                params = {**params, "starting_after": before[-1]}


def _created(since: int | None) -> dict[str, int]:
    return {} if since is None else {"created[gte]": since}
