"""Whoever waits over HTTP for news of a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aparte.web.principal import Principal

Offer = dict[str, Any] | None


class Waiting:
    """One poll that waits; `news` is set when it should look again."""

    def __init__(self, who: Principal, conv: str, offer: Offer) -> None:
        self.who, self.conv, self.offer = who, conv, offer
        self.news = asyncio.Event()


class Polls:
    """All that wait, by conversation."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[str, set[Waiting]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def enter(self, who: Principal, conv: str, offer: Offer) -> Waiting | None:
        """Wait from now on; None when too many wait already."""
        if len(self) >= self._most:
            return None
        waiting = Waiting(who, conv, offer)
        self._waiting.setdefault(conv, set()).add(waiting)
        return waiting

    def leave(self, waiting: Waiting) -> None:
        """Wait no more."""
        left = self._waiting.get(waiting.conv, set())
        left.discard(waiting)
        if not left:
            self._waiting.pop(waiting.conv, None)

    def wake(self, conv: str) -> None:
        """Something of this conversation has changed."""
        for waiting in self._waiting.get(conv, ()):
            waiting.news.set()

    def wake_all(self) -> None:
        """Everybody is to look again."""
        for conv in self._waiting:
            self.wake(conv)

    def tell_offers(self, on_now: Callable[[Principal, str], Offer]) -> None:
        """Wake those whose invitation is another one than when they began to wait."""
        for all_of_it in self._waiting.values():
            for waiting in all_of_it:
                if on_now(waiting.who, waiting.conv) != waiting.offer:
                    waiting.news.set()
