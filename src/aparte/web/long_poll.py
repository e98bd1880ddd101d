"""Reading a conversation without a socket: the same service, the same words, asked for again and again.

An answer is a `welcome` with everything beside the entries as it stands. Its `mark` stands for that everything: sent
back with the next poll, nothing that changes between two polls is missed.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from aparte.conversations.model import Conversation
from aparte.web import offers, transcript, views
from aparte.web.hub import PER_VISITOR, Hub
from aparte.web.plain import Problem, Receive, encode
from aparte.web.polls import Waiting
from aparte.web.principal import Principal
from aparte.web.watcher import LIMITS

Answer = dict[str, Any]
MARK = 8


class Asked(Struct, frozen=True):
    """What a poll says: what it has, and how long it waits."""

    after: int
    wait: float
    epoch: str | None = None
    mark: str | None = None


class LongPoll:
    """One poll of one visitor."""

    def __init__(self, hub: Hub, who: Principal, conv: str, asked: Asked) -> None:
        self._hub, self._desk, self._who, self._conv = hub, hub.desk, who, conv
        self._asked = asked if asked.mark is not None else Asked(asked.after, asked.wait, asked.epoch, self._mark())

    async def answer(self, receive: Receive) -> Answer:
        """At once when there is news, else when there is, or when the time is up. Problem, Unavailable."""
        who, seconds = self._who, min(self._asked.wait, self._desk.timing.poll)
        crowded = self._hub.visitors.sockets((who.site, who.id)) >= PER_VISITOR
        waiting = self._hub.wait(who, self._conv) if seconds and not crowded else None  # subscribe, then read
        if waiting is None:
            return self._read()
        self._hub.visitor_here(who.site, who.id)
        try:
            await self._news(waiting, seconds, receive)
        finally:
            self._hub.polls.leave(waiting)
            self._hub.visitor_gone(who.site, who.id)
        return self._read()

    async def _news(self, waiting: Waiting, wait: float, receive: Receive) -> None:
        gone = asyncio.create_task(left(receive))
        try:
            async with asyncio.timeout(wait):
                while not gone.done() and not self._is_news():
                    await first(waiting.news.wait, gone)
                    waiting.news.clear()
        except TimeoutError:
            return
        finally:
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gone

    def _conversation(self) -> Conversation:
        return transcript.conversation_of(self._who, self._conv, self._desk)

    def _is_news(self) -> bool:
        asked, found = self._asked, self._conversation()
        elsewhere = asked.epoch is not None and asked.after > 0 and asked.epoch != self._desk.epoch()
        return found.head != asked.after or elsewhere or self._hub.draining or self._mark() != asked.mark

    def _beside(self) -> Answer:
        """Everything beside the entries that a socket would have been told in frames of its own."""
        found = self._conversation()
        state = self._hub.agents.state((found.site, found.agent)) if found.agent else None
        return {
            **views.standing(found, self._desk),
            "wm": views.marks(found),
            "typing": self._hub.writing.on(found.id, "agent"),
            "presence": {"who": "agent", "state": state} if state else None,
            "offer": offers.on_now(self._who, found, self._desk),
        }

    def _mark(self) -> str:
        return hashlib.blake2b(encode(self._beside()), digest_size=MARK).hexdigest()

    def _read(self) -> Answer:
        found, asked = self._conversation(), self._asked
        epoch = self._desk.epoch() if asked.epoch is None else asked.epoch
        opening = transcript.opening(self._who, found, epoch, asked.after, self._desk)
        beside = self._beside()
        return {
            **opening.frame,
            **beside,
            "reset": opening.reset,
            "mark": hashlib.blake2b(encode(beside), digest_size=MARK).hexdigest(),
            "drain": self._hub.drain_ms,
            "limits": LIMITS,
            "server_ts": self._desk.now(),
        }


async def first(wait: Callable[[], Awaitable[Any]], gone: asyncio.Task[None]) -> None:
    """Until the event is set or the caller has gone."""
    waiting = asyncio.ensure_future(wait())
    try:
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()


async def left(receive: Receive) -> None:
    """Until the caller has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def whole_number(asked: dict[str, list[str]], name: str) -> int:
    """A whole number in the address, 0 without one; Problem 400 for anything else."""
    text = asked.get(name, ["0"])[0]
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Problem(400, "bad_number", "this is not a whole number", where=name)
    return int(text)
