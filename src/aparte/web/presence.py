"""Who is here: connected, away some seconds after the last socket has gone, left some time later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")


class Presence(Generic[Key]):
    """Counts sockets by whoever they belong to; tells the listener when a state changes."""

    def __init__(self, away: float, left: float, changed: Callable[[Key, str], None]) -> None:
        self._steps = ((away, "away"), (left, "left"))
        self._changed = changed
        self._sockets: dict[Key, int] = {}
        self._states: dict[Key, str] = {}
        self._timers: dict[Key, list[asyncio.TimerHandle]] = {}

    def state(self, key: Key) -> str:
        """`connected`, `away` or `left`."""
        return self._states.get(key, "left")

    def sockets(self, key: Key) -> int:
        """How many sockets are open."""
        return self._sockets.get(key, 0)

    def enter(self, key: Key) -> int:
        """One socket more; returns how many there are."""
        for timer in self._timers.pop(key, []):
            timer.cancel()
        self._sockets[key] = self._sockets.get(key, 0) + 1
        self._become(key, "connected")
        return self._sockets[key]

    def leave(self, key: Key) -> int:
        """One socket less; returns how many there are."""
        left = self._sockets[key] = self._sockets[key] - 1
        if not left:
            del self._sockets[key]
            loop = asyncio.get_running_loop()
            self._timers[key] = [loop.call_later(after, self._become, key, state) for after, state in self._steps]
        return left

    def stop(self) -> None:
        """Forget the timers."""
        for timers in self._timers.values():
            for timer in timers:
                timer.cancel()
        self._timers.clear()

    def _become(self, key: Key, state: str) -> None:
        if self._states.get(key, "left") == state:
            return
        if state == "left":
            self._states.pop(key, None)
            self._timers.pop(key, None)
        else:
            self._states[key] = state
        self._changed(key, state)
