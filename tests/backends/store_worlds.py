"""What the tests of stores share: the two stores, and short ways to write what a shop does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from aparte.backends.memory.store import MemoryStore
from aparte.backends.sqlite.store import SqliteStore, open_store
from aparte.conversations.model import Conversation
from aparte.conversations.store import AppendEntry, OpenConversation
from aparte.engagements.store import RecordDecision
from aparte.tracking.store import AppendLog, CountMessages, Logged

AnyStore = SqliteStore | MemoryStore
KINDS: dict[str, Callable[[Path], AnyStore]] = {
    "sqlite": open_store,
    "memory": lambda directory: MemoryStore(),
}
SITE = "shop"
DAY = 86_400_000
NOW = 1_790_000_000_000


def line(seq: int, visitor: str = "ann", site: str = SITE, message_id: str | None = None, at: int = 0) -> Logged:
    moment = at or NOW + seq
    name = f"m{seq}" if message_id is None else message_id
    return Logged(seq, site, moment, moment - 5, visitor, "track", "Cart Viewed", name, b'{"seq":%d}' % seq)


def lines(first: int, last: int, **more: Any) -> AppendLog:
    return AppendLog([line(seq, **more) for seq in range(first, last + 1)])


def counted(accepted: int = 0, duplicate: int = 0, site: str = SITE, **quarantined: int) -> CountMessages:
    return CountMessages(
        site, accepted + duplicate + sum(quarantined.values()), accepted, duplicate, dict(quarantined), {}
    )


def decision(seq: int, n: int = 0, visitor: str = "ann", site: str = SITE) -> RecordDecision:
    told = b'{"seq":%d,"n":%d}' % (seq, n)
    return RecordDecision(
        seq, n, site, NOW + seq, visitor, 1, f"e{seq}.{n}", "cart", "twice", "invite", "", True, False, True, told
    )


def conversation(number: int = 1, visitor: str = "ann", **more: Any) -> Conversation:
    known: dict[str, Any] = {"site": SITE, "opened_at": NOW + number}
    return Conversation(id=f"conv{number}", visitor=visitor, **(known | more))


def opened(number: int = 1, visitor: str = "ann", **more: Any) -> OpenConversation:
    return OpenConversation(conversation(number, visitor, **more))


def says(body: str, cid: str = "", conv: str = "conv1", **more: Any) -> AppendEntry:
    known: dict[str, Any] = {"by": "visitor", "author": "ann", "kind": "text", "at": NOW}
    return AppendEntry(conv=conv, cid=cid, body=body, **(known | more))


def answers(body: str, assign_ver: int | None, cid: str = "", conv: str = "conv1", **more: Any) -> AppendEntry:
    return says(body, cid, conv, **({"by": "agent", "author": "camille", "assign_ver": assign_ver} | more))


def run(scene: Coroutine[Any, Any, Any]) -> Any:
    """Play a scene with an event loop of its own."""
    return asyncio.run(asyncio.wait_for(scene, 60))
