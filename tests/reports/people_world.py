"""A shop whose agents had conversations, told by hand as facts and as a store of texts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "attribution"))

from facts_world import DAY, HOUR, MINUTE, PARIS, SECOND, START, Log

from aparte.conversations.model import Conversation, Entry, Request
from aparte.reports.scope import Scope

__all__ = ["DAY", "HOUR", "MINUTE", "NAMES", "NOW", "PARIS", "START", "Shop", "Texts", "scope"]
NAMES = {"ana": "Ana", "ben": "Ben", "cleo": "Cléo"}
NOW = START + 40 * DAY


class Shop(Log):
    """Conversations with what was said in them."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, list[Entry]] = {}
        self.n = 0

    def talk(
        self, agent: str, *, day: int = 0, hour: int = 10, lines: Sequence[tuple[str, int, str]] = (),
        ordered: float = 0, page: str = "/shoes/1", visitor: str = "", **said: Any,
    ) -> str:  # fmt: skip
        """A visitor sees a page, writes, is answered after 20 s, and may buy an hour later."""
        self.n += 1
        at = START + day * DAY + (hour - 3) * HOUR + (self.n % 40) * 2 * MINUTE
        visitor, conv = visitor or f"visitor-{self.n}", f"conv-{self.n}"
        self.page(at - MINUTE, visitor, page)
        told = lines or (("visitor", 0, "Bonjour, avez-vous du 42 ?"), ("agent", 20, "Bonjour, oui."))
        stamped = [(by, "text", at + second * SECOND) for by, second, _ in told]
        entries = [(("system"), "join", at + SECOND), *stamped, ("system", "close", at + 5 * MINUTE)]
        closed = said.pop("closed_at", at + 5 * MINUTE)
        self.conversation(conv, visitor, at, entries, agent=agent, state="closed", closed_at=closed, **said)
        self.said[conv] = [
            Entry(conv=conv, seq=n, id=f"{conv}-{n}", by=by, author=by, kind="text", body=body, ts=at + second * SECOND)
            for n, (by, second, body) in enumerate(told, 1)
        ]  # type: ignore[arg-type]
        if ordered:
            self.order(at + HOUR, visitor, f"order-{self.n}", ordered)
        return conv

    def request(self, visitor: str, at: int) -> None:
        """He leaves a request."""
        one = Request(id=f"r{at}", site="shop", visitor=visitor, kind="callback", created_at=at)
        self.records.setdefault("requests", []).append(one)

    def conversations(self) -> list[Conversation]:
        return list(self.records.get("conversations", []))


class Texts:
    """The store of what was said; counts how much was read."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.read = shop, 0

    def entries(self, conv: str, after: int = 0, limit: int = 200) -> list[Entry]:
        self.read += 1
        return [one for one in self.shop.said[conv] if one.seq > after][:limit]


def scope(**more: Any) -> Scope:
    known: dict[str, Any] = {"site": "shop", "since": date(2026, 2, 1), "until": date(2026, 3, 1), "now": NOW}
    return Scope(**(known | more))
