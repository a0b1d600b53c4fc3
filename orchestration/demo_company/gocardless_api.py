"""GoCardless' read API: cursor pages newest first, a required version header, one creditor."""

from __future__ import annotations

from typing import Any

from .identifiers import gocardless_id
from .moments import gocardless_moment, parse_moment
from .web import Faults, Request, Response
from .world import Event, World

VERSION = "2015-07-06"
ACCESS = {"access_token": "sandbox_demo_northwind"}
PAGING = {"after", "before", "limit"}
CREATED = {f"created_at[{bound}]" for bound in ("gt", "gte", "lt", "lte")}

# Path to kind of object and the filters of its list, besides paging and `created_at`.
LISTS: dict[str, tuple[str, set[str]]] = {
    "payments": ("payment", {"status"}),
    "refunds": ("refund", {"payment", "mandate"}),
    "payouts": ("payout", set()),
    "payout_items": ("payout_item", {"payout"}),
    "mandates": ("mandate", {"status"}),
    "subscriptions": ("subscription", set()),
    "customers": ("customer", set()),
    "events": ("event", {"resource_type", "action"}),
    "creditors": ("creditor", set()),
}


class GoCardlessError(Exception):
    def __init__(self, status: int, type_: str, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "error": {
                "message": message,
                "type": type_,
                "code": status,
                "request_id": "00000000-0000-4000-8000-000000000000",
                "documentation_url": f"/api-reference/#errors-{reason}",
                "errors": [{"reason": reason, "message": message}],
            }
        }


class GoCardless:
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
                    error = GoCardlessError(429, "invalid_api_usage", "rate_limit_exceeded", "Rate limit exceeded")
                    return Response(429, error.body, {"Retry-After": str(self.faults.retry_after)})
                return Response(200, self._route(request))
            except GoCardlessError as error:
                return Response(error.status, error.body)

    def _check_access(self, request: Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {ACCESS['access_token']}":
            raise GoCardlessError(
                401, "invalid_api_usage", "access_token_not_found", "The access token is not recognised"
            )
        version = request.headers.get("GoCardless-Version")
        if version is None:
            raise GoCardlessError(400, "invalid_api_usage", "missing_version_header", "Version header is missing")
        if version != VERSION:
            raise GoCardlessError(400, "invalid_api_usage", "version_not_found", "Version not found")

    def _route(self, request: Request) -> dict[str, Any]:
        parts = request.path.strip("/").split("/")
        if request.method != "GET" or parts[0] not in LISTS or len(parts) > 2:
            raise GoCardlessError(404, "invalid_api_usage", "resource_not_found", "Resource not found")
        kind, filters = LISTS[parts[0]]
        if len(parts) == 2:
            row = next((row for row in self._rows(kind) if row.get("id") == parts[1]), None)
            if row is None:
                raise GoCardlessError(404, "invalid_api_usage", "resource_not_found", "Resource not found")
            return {parts[0]: row}
        return self._list(parts[0], kind, filters, request)

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        """Newest first."""
        if kind == "event":
            return [_event(event) for event in self.world.seen_events("gocardless", 0)]
        return self.world.rows("gocardless", kind)[::-1]

    def _list(self, name: str, kind: str, filters: set[str], request: Request) -> dict[str, Any]:
        dated = set() if kind == "payout_item" else CREATED
        for parameter, _ in request.query:
            if parameter not in PAGING | dated | filters:
                raise GoCardlessError(400, "invalid_api_usage", "unknown_parameter", f"Unknown parameter {parameter}")
        if kind == "payout_item" and not request.first("payout"):
            raise GoCardlessError(422, "validation_failed", "required", "payout is required")
        rows = [row for row in self._rows(kind) if _chosen(row, request, filters)]
        page, after, before = _page(rows, request)
        self.world.page_served("gocardless", kind, after is not None)
        limit = int(request.first("limit") or 50)
        hidden = {"_payout"} | ({"id"} if kind == "payout_item" else set())
        shown = [{key: value for key, value in row.items() if key not in hidden} for row in page]
        return {name: shown, "meta": {"cursors": {"after": after, "before": before}, "limit": limit}}


def _chosen(row: dict[str, Any], request: Request, filters: set[str]) -> bool:
    for name, value in request.query:
        if name in CREATED:
            try:
                bound = parse_moment(value)
            except ValueError as error:
                raise GoCardlessError(422, "validation_failed", "invalid_format", f"{name} is no date-time") from error
            moment = parse_moment(row["created_at"])
            holds = {"gt": moment > bound, "gte": moment >= bound, "lt": moment < bound, "lte": moment <= bound}
            if not holds[name[11:-1]]:
                return False
        elif name in filters:
            actual = row["_payout"] if name == "payout" else row.get(name) or row.get("links", {}).get(name)
            if actual != value:
                return False
    return True


def _page(rows: list[dict[str, Any]], request: Request) -> tuple[list[dict[str, Any]], str | None, str | None]:
    limit = request.first("limit") or "50"
    if not limit.isdigit() or not 1 <= int(limit) <= 500:
        raise GoCardlessError(422, "validation_failed", "invalid_limit", "limit must be between 1 and 500")
    cursor = request.first("after") or request.first("before")
    place = None
    if cursor:
        place = next((n for n, row in enumerate(rows) if row["id"] == cursor), None)
        if place is None:
            raise GoCardlessError(400, "invalid_api_usage", "invalid_cursor", "The cursor is not recognised")
    start = 0 if place is None else place + 1
    if cursor and not request.first("after"):
        start = max(0, place - int(limit))
        page = rows[start:place]
    else:
        page = rows[start : start + int(limit)]
    after = page[-1]["id"] if page and start + len(page) < len(rows) else None
    before = page[0]["id"] if page and start > 0 else None
    return page, after, before


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": gocardless_id("event", f"{event.kind} {event.object_id} {event.type} {event.at}"),
        "created_at": gocardless_moment(event.at),
        "resource_type": f"{event.kind}s",
        "action": event.type,
        "links": {event.kind: event.object_id},
        "details": {"origin": "gocardless", "cause": f"{event.kind}_{event.type}", "description": ""},
        "metadata": {},
        "resource_metadata": event.payload.get("metadata", {}),
    }
