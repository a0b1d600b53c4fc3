"""What the three systems hold, at any moment of a clock that only tests and demos move.

Every object is a row of versions, each with the moment the vendor learned it. An object whose first version lies after
the clock does not exist yet; an invoice that is paid next week is still open today.
"""

from __future__ import annotations

import hashlib
import json
import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .moments import parse_moment

AS_OF = "2026-01-05 00:00:00"


@dataclass
class Record:
    """One object of a vendor. `versions` are (known at, payload) in order of time; no payload is changed in place."""

    id: str
    versions: list[tuple[int, dict[str, Any]]]
    deleted_at: int | None = None

    @property
    def created_at(self) -> int:
        return self.versions[0][0]

    def known(self, clock: int) -> tuple[int, dict[str, Any]] | None:
        place = bisect_right(self.versions, clock, key=lambda version: version[0])
        return self.versions[place - 1] if place else None

    def is_deleted(self, clock: int) -> bool:
        return self.deleted_at is not None and self.deleted_at <= clock


@dataclass(frozen=True)
class Event:
    """A vendor's notice that an object changed. `payload` is the object as it was then."""

    at: int
    number: int
    system: str
    kind: str
    type: str
    object_id: str
    payload: dict[str, Any] = field(compare=False)


class World:
    """The vendors' data, by system and kind of object.

    `put`, `patch`, `remove` state what happens and when; `create`, `change`, `delete` do the same at the clock's moment
    and are what tests call on a running world. Safe to use from several threads.
    """

    def __init__(self, as_of: str = AS_OF) -> None:
        self.clock = parse_moment(as_of)
        self.lock = threading.RLock()
        self.events: list[Event] = []
        self._tables: dict[tuple[str, str], dict[str, Record]] = {}
        self._between_pages: dict[tuple[str, str], list[Callable[[World], None]]] = {}

    # ---- what happens

    def put(self, system: str, kind: str, payload: dict[str, Any], at: int, event: str = "") -> str:
        """A new object, known from `at`. Its id is `id`, or `Id` at Salesforce. Raises ValueError for an id in use."""
        object_id = payload["Id"] if system == "salesforce" else payload["id"]
        table = self._tables.setdefault((system, kind), {})
        if object_id in table:
            raise ValueError(f"{system} already has the {kind} {object_id}")
        table[object_id] = Record(object_id, [(at, payload)])
        self._note(system, kind, object_id, at, event, payload)
        return object_id

    def patch(self, system: str, kind: str, object_id: str, at: int, changes: dict[str, Any], event: str = "") -> None:
        """The object's fields from `at` on. Raises ValueError if a later change is already there."""
        record = self.record(system, kind, object_id)
        known_at, payload = record.versions[-1]
        if at < known_at:
            raise ValueError(f"{kind} {object_id} already has a later change")
        payload = {**payload, **changes}
        record.versions.append((at, payload))
        self._note(system, kind, object_id, at, event, payload)

    def amend(self, system: str, kind: str, object_id: str, at: int, changes: dict[str, Any]) -> None:
        """Fields from `at` on that later changes leave alone; no event tells of it."""
        versions = self.record(system, kind, object_id).versions
        place = bisect_right(versions, at, key=lambda version: version[0])
        versions.insert(place, (at, versions[place - 1][1]))
        versions[place:] = [(known_at, {**payload, **changes}) for known_at, payload in versions[place:]]

    def remove(self, system: str, kind: str, object_id: str, at: int, event: str = "") -> None:
        record = self.record(system, kind, object_id)
        record.deleted_at = at
        self._note(system, kind, object_id, at, event, {"id": object_id, "object": kind, "deleted": True})

    def _note(self, system: str, kind: str, object_id: str, at: int, event: str, payload: dict[str, Any]) -> None:
        if event:
            self.events.append(Event(at, len(self.events), system, kind, event, object_id, payload))

    # ---- what is seen

    def record(self, system: str, kind: str, object_id: str) -> Record:
        """Raises KeyError for an unknown id."""
        return self._tables[(system, kind)][object_id]

    def all_records(self, system: str, kind: str) -> list[Record]:
        """Whatever the clock says, oldest first."""
        return sorted(self._tables.get((system, kind), {}).values(), key=lambda record: (record.created_at, record.id))

    def records(self, system: str, kind: str) -> list[Record]:
        """Every object that exists at the clock's moment, deleted ones included, oldest first."""
        return [record for record in self.all_records(system, kind) if record.created_at <= self.clock]

    def rows(self, system: str, kind: str) -> list[dict[str, Any]]:
        """The payloads of what exists and is not deleted, oldest first."""
        rows = []
        for record in self.records(system, kind):
            known = record.known(self.clock)
            if known and not record.is_deleted(self.clock):
                rows.append(known[1])
        return rows

    def seen_events(self, system: str, since: int) -> list[Event]:
        """Newest first."""
        seen = (event for event in self.events if event.system == system and since <= event.at <= self.clock)
        return sorted(seen, key=lambda event: (-event.at, -event.number))

    def digest(self) -> str:
        """A hash of everything there is and will be: equal for equal worlds."""
        content = [
            (key, record.id, record.versions, record.deleted_at)
            for key in sorted(self._tables)
            for record in self.all_records(*key)
        ]
        content += [(event.at, event.number, event.type, event.object_id) for event in self.events]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    # ---- what tests do

    def advance_to(self, moment: str) -> None:
        """Moves the clock. Raises ValueError when it would go back."""
        with self.lock:
            if parse_moment(moment) < self.clock:
                raise ValueError("the clock only moves forward")
            self.clock = parse_moment(moment)

    def create(self, system: str, kind: str, payload: dict[str, Any], event: str = "") -> str:
        with self.lock:
            return self.put(system, kind, payload, self.clock, event)

    def change(self, system: str, kind: str, object_id: str, changes: dict[str, Any], event: str = "") -> None:
        with self.lock:
            self.patch(system, kind, object_id, self.clock, changes, event)

    def delete(self, system: str, kind: str, object_id: str, event: str = "") -> None:
        with self.lock:
            self.remove(system, kind, object_id, self.clock, event)

    def between_pages(self, system: str, kind: str, action: Callable[[World], None]) -> None:
        """Does `action` once, after a page of that list was served that has another page after it."""
        with self.lock:
            self._between_pages.setdefault((system, kind), []).append(action)

    def page_served(self, system: str, kind: str, more: bool) -> None:
        """Called by the services after each page of a list."""
        actions = self._between_pages.get((system, kind))
        if more and actions:
            actions.pop(0)(self)
