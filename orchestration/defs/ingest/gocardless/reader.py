"""How GoCardless is read: lists give what was created, the events feed what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dlt
from dlt.extract import DltSource
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from orchestration.defs.ingest import listing
from orchestration.defs.ingest.client import Vendor
from orchestration.defs.ingest.columns import Object
from orchestration.defs.ingest.gocardless.tables import TABLES
from orchestration.defs.ingest.history import Run, feed, table_resource
from orchestration.defs.ingest.listing import Change, Listing
from orchestration.defs.ingest.settings import Settings

VERSION = "2015-07-06"
_PAGE = 500
# An event names its resource type as the list is called; events themselves never change.
LISTINGS = tuple(Listing(table.name, (table,), () if table.name == "events" else (table.name,)) for table in TABLES)


def resources(settings: Settings, run: Run | None = None) -> DltSource:
    run = run or Run.now("gocardless")
    gocardless = GoCardless(settings)

    @dlt.source(name="gocardless", max_table_nesting=0)
    def all_resources() -> Iterator[Any]:
        for one in LISTINGS:
            pages = feed(one.name, lambda one=one: listing.read(gocardless, one, run, settings.reread_days))
            for table in one.tables:
                yield table_resource(run, pages, table)

    return all_resources()


class GoCardless(listing.Lister):
    """GoCardless' lists, newest first, and its events."""

    def __init__(self, settings: Settings) -> None:
        self.client = Vendor(settings, BearerTokenAuth(settings.secret), {"GoCardless-Version": VERSION})

    def objects(self, listing: Listing, since: int | None) -> Iterator[list[dict[str, Any]]]:
        return self._list(listing.name, _created(since))

    def created(self, one: Object) -> int:
        return _seconds(one.get("created_at"))

    def changes(self, listing: Listing, since: int | None) -> Iterator[list[Change]]:
        (resource_type,) = listing.events
        link = resource_type.removesuffix("s")
        for page in self._list("events", {"resource_type": resource_type, **_created(since)}):
            yield [
                Change(event["id"], _seconds(event["created_at"]), event["links"][link])
                for event in page
                if link in event["links"]
            ]

    def fetch(self, listing: Listing, object_id: str) -> dict[str, Any] | None:
        answer = self.client.one(f"/{listing.name}/{object_id}")
        return answer and answer[listing.name]

    def complete(self, listing: Listing, one: dict[str, Any]) -> dict[str, Any]:
        return one

    def _list(self, name: str, params: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        cursor = JSONResponseCursorPaginator(
            cursor_path="meta.cursors.after", cursor_param="after", stop_after_empty_page=True
        )
        return self.client.pages(f"/{name}", {"limit": _PAGE, **params}, name, cursor)


def _created(since: int | None) -> dict[str, str]:
    moment = dt.datetime.fromtimestamp(since or 0, dt.UTC)
    return {} if since is None else {"created_at[gte]": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")}


def _seconds(moment: Any) -> int:
    """0 for what is no moment: then the object is read again by the next run, and its column says what is wrong."""
    try:
        return int(dt.datetime.fromisoformat(moment).timestamp())
    except (TypeError, ValueError):
        return 0
