"""Stripe's read API: lists newest first with cursors, single objects, invoice lines, the events of thirty days."""

from __future__ import annotations

import base64
from typing import Any

from .identifiers import stripe_id
from .moments import DAY
from .web import Faults, Request, Response
from .world import Event, Record, World

VERSION = "2026-10-28.endive"
ACCESS = {"api_key": "rk_demo_northwind"}
EMBEDDED_LINES = 10
EVENT_DAYS = 30
PAGING = {"limit", "starting_after", "ending_before", "expand[]"}
CREATED = {f"created[{bound}]" for bound in ("gt", "gte", "lt", "lte")}

# Path to kind of object and the fields a list can be filtered by, besides paging and `created`.
LISTS: dict[str, tuple[str, set[str]]] = {
    "customers": ("customer", {"email"}),
    "products": ("product", {"active"}),
    "prices": ("price", {"active", "currency", "product", "type"}),
    "coupons": ("coupon", set()),
    "tax_rates": ("tax_rate", {"active", "inclusive"}),
    "subscriptions": ("subscription", {"customer", "status", "collection_method"}),
    "subscription_items": ("subscription_item", {"subscription"}),
    "subscription_schedules": ("subscription_schedule", {"customer"}),
    "invoices": ("invoice", {"customer", "status", "subscription", "collection_method"}),
    "invoiceitems": ("invoiceitem", {"customer", "invoice"}),
    "invoice_payments": ("invoice_payment", {"invoice", "status"}),
    "credit_notes": ("credit_note", {"customer", "invoice"}),
    "charges": ("charge", {"customer", "payment_intent"}),
    "refunds": ("refund", {"charge", "payment_intent"}),
    "disputes": ("dispute", {"charge", "payment_intent"}),
    "balance_transactions": ("balance_transaction", {"currency", "payout", "source", "type"}),
    "payouts": ("payout", {"status"}),
    "payment_intents": ("payment_intent", {"customer"}),
    "events": ("event", {"type", "types[]"}),
}
_WITHOUT_CREATED = {"subscription_items"}


class StripeError(Exception):
    def __init__(self, status: int, message: str, **details: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": "invalid_request_error", "message": message, **details}}


class Stripe:
    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.requests = 0

    def respond(self, request: Request) -> Response:
        with self.world.lock:
            try:
                self._check_access(request)
                self.requests += 1
                if self.faults.limit_every and self.requests % self.faults.limit_every == 0:
                    wait = {"Retry-After": str(self.faults.retry_after), "Stripe-Rate-Limited-Reason": "endpoint-rate"}
                    return Response(429, _rate_limited(), wait)
                return Response(200, self._route(request))
            except StripeError as error:
                return Response(error.status, error.body)

    def _check_access(self, request: Request) -> None:
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            value = base64.b64decode(value).decode().partition(":")[0]
        if scheme not in ("Basic", "Bearer") or value != ACCESS["api_key"]:
            raise StripeError(401, "Invalid API Key provided", code="api_key_invalid")
        if request.headers.get("Stripe-Version", VERSION) != VERSION:
            raise StripeError(400, "Invalid Stripe API version")

    def _route(self, request: Request) -> dict[str, Any]:
        parts = request.path.strip("/").split("/")
        if request.method != "GET" or len(parts) < 2 or parts[0] != "v1":
            raise StripeError(404, f"Unrecognized request URL ({request.method}: {request.path}).")
        if parts[1] in LISTS and len(parts) == 2:
            return self._list(parts[1], request)
        if parts[1] in LISTS and len(parts) == 3:
            kind = LISTS[parts[1]][0]
            return self._events(parts[2])[0] if kind == "event" else self._render(kind, self._record(kind, parts[2]))
        if len(parts) == 4 and (parts[1], parts[3]) in (("invoices", "lines"), ("credit_notes", "lines")):
            _check_parameters(request, PAGING)
            kind = LISTS[parts[1]][0]
            _, payload = self._record(kind, parts[2]).known(self.world.clock)
            return _page(payload["lines"], request, request.path)
        if len(parts) == 4 and (parts[1], parts[3]) == ("customers", "balance_transactions"):
            _check_parameters(request, PAGING | CREATED | {"invoice"})
            self._record("customer", parts[2])
            rows = [
                row
                for row in reversed(self.world.rows("stripe", "customer_balance_transaction"))
                if row["customer"] == parts[2] and request.first("invoice") in (None, row["invoice"])
            ]
            return _page([row for row in rows if _in_window(row["created"], request)], request, request.path)
        raise StripeError(404, f"Unrecognized request URL ({request.method}: {request.path}).")

    def _record(self, kind: str, object_id: str) -> Record:
        try:
            record = self.world.record("stripe", kind, object_id)
        except KeyError:
            record = None
        if record is None or record.created_at > self.world.clock or record.is_deleted(self.world.clock):
            raise StripeError(404, f"No such {kind}: '{object_id}'", code="resource_missing", param="id")
        return record

    def _list(self, name: str, request: Request) -> dict[str, Any]:
        kind, filters = LISTS[name]
        created = set() if name in _WITHOUT_CREATED else CREATED
        _check_parameters(request, PAGING | created | filters)
        if name == "subscription_items" and not request.first("subscription"):
            raise StripeError(400, "Missing required param: subscription.", param="subscription")
        if kind == "subscription_item":
            rows = self._record("subscription", request.first("subscription")).known(self.world.clock)[1]["items"]
        elif kind == "event":
            rows = self._events()
            types = {value for key, value in request.query if key in ("type", "types[]")}
            rows = [row for row in rows if not types or row["type"] in types]
        else:
            known = [(record, record.known(self.world.clock)[1]) for record in self.world.records("stripe", kind)]
            known = [
                (record, payload)
                for record, payload in known
                if not record.is_deleted(self.world.clock)
                and all(_matches(kind, payload, key, value) for key, value in request.query if key in filters)
            ]
            rows = [payload for _, payload in reversed(known)]
        rows = [row for row in rows if _in_window(row.get("created", row.get("date", 0)), request)]
        page = _page(rows, request, f"/v1/{name}")
        if kind not in ("event", "subscription_item"):
            page["data"] = [_shown(kind, row) for row in page["data"]]
        self.world.page_served("stripe", kind, page["has_more"])
        return page

    def _render(self, kind: str, record: Record) -> dict[str, Any]:
        return _shown(kind, record.known(self.world.clock)[1])

    def _events(self, event_id: str | None = None) -> list[dict[str, Any]]:
        seen = self.world.seen_events("stripe", self.world.clock - EVENT_DAYS * DAY)
        rows = [_event(event) for event in seen]
        if event_id is None:
            return rows
        rows = [row for row in rows if row["id"] == event_id]
        if not rows:
            raise StripeError(404, f"No such event: '{event_id}'", code="resource_missing", param="id")
        return rows


def _check_parameters(request: Request, known: set[str]) -> None:
    for name, value in request.query:
        plain = name.replace("[0]", "[]")
        if plain not in known:
            raise StripeError(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
        if plain == "expand[]":
            raise StripeError(400, f"This property cannot be expanded ({value}).", param="expand")
        if name.startswith("created[") and not value.isdigit():
            raise StripeError(400, f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)


def _in_window(moment: int, request: Request) -> bool:
    for name, value in request.query:
        if name in CREATED:
            bound = int(value)
            holds = {"gt": moment > bound, "gte": moment >= bound, "lt": moment < bound, "lte": moment <= bound}
            if not holds[name[8:-1]]:
                return False
    return True


def _matches(kind: str, payload: dict[str, Any], name: str, value: str) -> bool:
    if name == "subscription" and kind == "invoice":
        details = (payload["parent"] or {}).get("subscription_details") or {}
        return details.get("subscription") == value
    if name == "payout":
        return payload["_payout"] == value
    if kind == "subscription" and name == "status" and value == "all":  # without it, canceled ones are left out
        return True
    actual = payload.get(name)
    return str(actual).lower() == value if isinstance(actual, bool) else actual == value


def _page(rows: list[dict[str, Any]], request: Request, url: str) -> dict[str, Any]:
    """A page of rows that are in the order of the list. A cursor is the id of a row; a row that is gone is an error."""
    limit = request.first("limit") or "10"
    if not limit.isdigit() or not 1 <= int(limit) <= 100:
        raise StripeError(400, f"This value must be between 1 and 100 (inclusive): {limit}.", param="limit")
    after, before = request.first("starting_after"), request.first("ending_before")
    if after and before:
        raise StripeError(400, "You can only provide one of starting_after and ending_before.", param="ending_before")
    start = 0
    if after or before:
        place = next((n for n, row in enumerate(rows) if row["id"] == (after or before)), None)
        if place is None:
            raise StripeError(
                400, f"No such object: '{after or before}'", code="resource_missing", param="starting_after"
            )
        start = place + 1 if after else max(0, place - int(limit))
        if before:
            return {"object": "list", "data": rows[start:place], "has_more": start > 0, "url": url}
    chosen = rows[start : start + int(limit)]
    return {"object": "list", "data": chosen, "has_more": start + len(chosen) < len(rows), "url": url}


def _shown(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """As Stripe shows it: lines embedded up to ten, nothing of our own bookkeeping."""
    shown = {name: value for name, value in payload.items() if not name.startswith("_")}
    if kind in ("invoice", "credit_note"):
        lines = payload["lines"]
        shown["lines"] = {
            "object": "list",
            "data": lines[:EMBEDDED_LINES],
            "has_more": len(lines) > EMBEDDED_LINES,
            "url": f"/v1/{kind}s/{payload['id']}/lines",
        }
    if kind == "subscription":
        url = f"/v1/subscription_items?subscription={payload['id']}"
        shown["items"] = {"object": "list", "data": payload["items"], "has_more": False, "url": url}
    return shown


def _event(event: Event) -> dict[str, Any]:
    deleted = event.payload.get("deleted", False)
    return {
        "id": stripe_id("evt", f"{event.kind} {event.object_id} {event.type} {event.at}"),
        "object": "event",
        "api_version": VERSION,
        "created": event.at,
        "data": {"object": event.payload if deleted else _shown(event.kind, event.payload)},
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None},
        "type": event.type,
    }


def _rate_limited() -> dict[str, Any]:
    return {
        "error": {
            "type": "invalid_request_error",
            "code": "rate_limit",
            "message": "Request rate limit exceeded.",
        }
    }
