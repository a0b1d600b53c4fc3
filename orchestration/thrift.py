"""What dbt would do for nobody: make log events that none reads, search all it knows for garbage again and again."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from typing import Any

# The manifest and dbt itself are a million objects that stay: not to be searched for garbage at every node.
# A rendered node leaves thousands in cycles, so that a search for every 700 is too often, and one for 50,000 too slow.
_THRESHOLDS = (10_000, 5, 10)


@contextlib.contextmanager
def thrifty() -> Iterator[None]:
    """For the time of a dbt command: its debug events are dropped, and garbage is looked for among new objects only."""
    from dbt_common.events import event_manager_client

    before = gc.get_threshold()
    event_manager_client.ctx_set_event_manager(_events())
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _events() -> Any:
    """dbt's event manager; it makes a message of each event, but not of a debug event that has no log to go to."""
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.event_manager import EventManager

    class Events(EventManager):
        def fire_event(self, e: Any, level: Any = None, *arguments: Any, **named: Any) -> None:
            if self.loggers or (level or e.level_tag()) != EventLevel.DEBUG:
                super().fire_event(e, level, *arguments, **named)

    return Events()
