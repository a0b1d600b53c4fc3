"""Reading a vendor whose lists can be filtered by when an object was created, but not by when it changed.

Objects created since the last run come from the list, with a few days read again; older ones that changed come from the
events feed and are fetched one by one. Should the feed no longer reach back to the last run, everything is read again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from orchestration.defs.ingest.columns import Object, Table
from orchestration.defs.ingest.history import Marks, Page, Run

OVERLAP = 600  # seconds of events read again
DAY = 86_400
EVENTS_KEPT = 30 * DAY
_OBJECTS_AT_ONCE = 1000


@dataclass(frozen=True)
class Listing:
    """One list of a vendor and the raw tables made of its objects. `events`: what the feed calls their changes."""

    name: str
    tables: tuple[Table, ...]
    events: tuple[str, ...] = ()
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """An event. `at` is in seconds since 1970; `last_seen` is what the event shows of the object."""

    event_id: str
    at: int
    object_id: str
    last_seen: Object = field(default_factory=dict)


class Lister(Protocol):
    """What the two vendors do differently."""

    def objects(self, listing: Listing, since: int | None) -> Iterator[list[dict[str, Any]]]:
        """Pages, newest first, of what was created since then."""

    def created(self, one: Object) -> int:
        """Seconds since 1970; 0 where the object does not say."""

    def changes(self, listing: Listing, since: int | None) -> Iterator[list[Change]]:
        """Pages of events, newest first."""

    def fetch(self, listing: Listing, object_id: str) -> dict[str, Any] | None:
        """The object as it is now; None when it is gone."""

    def complete(self, listing: Listing, one: dict[str, Any]) -> dict[str, Any]:
        """The object with everything that the list cuts short."""


def read(lister: Lister, listing: Listing, run: Run, reread_days: int) -> Iterator[Page]:
    """Every object that is new or may have changed; the marks of the last page say how far that reaches."""
    marks = run.marks(listing.tables)
    run.progress(f"{run.system}: reading {listing.name}")
    # The feed is read before the lists: what changes from here on belongs to the next run.
    changes, whole = _changes(lister, listing, run, marks)
    marks = None if whole else marks
    newest = (marks or {}).get("created", 0)
    since = max(0, newest - reread_days * DAY) if marks else None
    waiting: list[Object] = []
    listed: set[str] = set()
    for page in lister.objects(listing, since):
        for one in page:
            newest = max(newest, lister.created(one))
            listed.add(one.get("id", ""))
            waiting.append(lister.complete(listing, one))
        if len(waiting) >= _OBJECTS_AT_ONCE:
            yield Page(waiting)
            waiting = []
    for object_id, change in changes.items() if marks else ():
        if object_id not in listed:
            now = lister.fetch(listing, object_id)
            gone = now is None or now.get("deleted")
            waiting.append(
                {**change.last_seen, "id": object_id, "deleted": True} if gone else lister.complete(listing, now)
            )
    latest = max(changes.values(), key=lambda change: (change.at, change.event_id), default=None)
    yield Page(
        waiting,
        {
            "created": newest,
            "events": latest.at if latest else (marks or {}).get("events", 0),
            "event_id": latest.event_id if latest else (marks or {}).get("event_id", ""),
            "read_at": int((run.loaded_at - dt.datetime(1970, 1, 1)).total_seconds()),
        },
    )


def _changes(lister: Lister, listing: Listing, run: Run, marks: Marks | None) -> tuple[dict[str, Change], bool]:
    """The newest change of each object since the last run, and whether everything must be read instead."""
    if not listing.events:
        return {}, marks is None
    if marks is None:
        # Only the newest event counts: it marks where the next run begins.
        first = next(lister.changes(listing, None), [])[:1]
        return {change.object_id: change for change in first}, True
    since = max(0, marks["events"] - OVERLAP)
    seen = [change for page in lister.changes(listing, since) for change in page]
    forgotten = marks["event_id"] and all(change.event_id != marks["event_id"] for change in seen)
    away = (run.loaded_at - dt.datetime(1970, 1, 1)).total_seconds() - marks["read_at"] > EVENTS_KEPT
    changes: dict[str, Change] = {}
    for change in seen:
        changes.setdefault(change.object_id, change)
    return changes, bool(forgotten or away)
