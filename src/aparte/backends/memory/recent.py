"""Message ids of the last 72 hours: the youngest in a dict, which is quick, the others in SeenIds, which is small."""

from __future__ import annotations

from itertools import islice

from aparte.backends.memory.seen import SeenIds

MOST_RECENT = 20_000
"""About 4 MB; a shop with fewer messages in the window never needs more."""


class RecentIds:
    """The ids seen within a window, exactly as SeenIds tells them, at a fifth of its time for a small stream."""

    def __init__(self, window_ms: int, most: int = MOST_RECENT) -> None:
        self._window = window_ms
        self._most = most
        self._recent: dict[str, int] = {}
        self._older: SeenIds | None = None
        self._clock = 0

    def __len__(self) -> int:
        """Ids held; a few of them may have left the window."""
        return len(self._recent) + (len(self._older) if self._older is not None else 0)

    def add(self, id: str, at: int) -> bool:
        """Whether the id is new within the window that ends at `at`, in milliseconds; see SeenIds for late ones."""
        if at > self._clock:
            self._clock = at
        else:
            at = self._clock
        recent = self._recent
        if id in recent:
            if at - recent[id] < self._window:
                return False
            del recent[id]  # so that the dict stays in the order of time
        elif self._older is not None and self._older.knows(id, at):
            return False
        recent[id] = at
        if len(recent) > self._most:
            self._make_room()
        return True

    def _make_room(self) -> None:
        """Let the older half go: out of the window for good, or into the small set."""
        for id, at in list(islice(self._recent.items(), self._most // 2)):
            del self._recent[id]
            if self._clock - at < self._window:
                if self._older is None:
                    self._older = SeenIds(self._window)
                self._older.add(id, at)
