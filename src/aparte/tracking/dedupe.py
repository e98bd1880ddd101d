"""A message that was sent again is counted once."""

from __future__ import annotations

from collections import OrderedDict

from aparte.tracking.model import ClientEvent
from aparte.tracking.store import WINDOW, SeenIds


def is_duplicate(event: ClientEvent, seen: SeenIds, received_at: int | None = None) -> bool:
    """Whether this message came before, by its id.

    The window is one of arrival: an event that waited offline for a week and is sent twice within a minute is one
    event. Recorded files have no arrival; there the event's own time stands for it.
    """
    return not seen.add(event.message_id, event.at if received_at is None else received_at)


class RecentIds:
    """`SeenIds` in memory, exact, about 150 bytes an id: for imports and tests, not for a busy site."""

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self._seen: OrderedDict[str, int] = OrderedDict()
        self._newest = 0

    def add(self, id: str, at: int) -> bool:
        """See `SeenIds.add`."""
        before = self._seen.get(id)
        if before is not None and abs(at - before) < self._window:
            return False
        self._seen[id] = at
        self._seen.move_to_end(id)
        self._newest = max(self._newest, at)
        self._forget()
        return True

    def _forget(self) -> None:
        # Ids leave in the order in which they came, so a late one only delays the forgetting of those behind it.
        while self._seen and next(iter(self._seen.values())) <= self._newest - self._window:
            self._seen.popitem(last=False)

    def __len__(self) -> int:
        return len(self._seen)
