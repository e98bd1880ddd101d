"""A log told by hand, and the facts that are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from aparte.attribution.facts import Fed, Records
from aparte.attribution.rates import Rate
from aparte.backends.duckdb.store import DuckFacts
from aparte.conversations.model import Conversation, Entry
from aparte.engagements.store import Invitation, RecordDecision
from aparte.sites.model import Site
from aparte.tracking.store import Logged

PARIS = Site(id="shop", name="Shop", public_key="pk", secret_key_hash="", currency="EUR", time_zone="Europe/Paris")
START = 1_770_000_000_000
"""Monday 2 February 2026, 03:40 in Paris."""
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
DERIVED = (
    "session", "event", "orders", "order_line", "refund", "left_out", "conversation", "engagement", "lead", "request",
    "day",
)  # fmt: skip
INNER = {"event": "EXCLUDE (place, code)"}
"""A line's place is that in the log, and names are numbered as they come: another order of the log gives others."""


def line(seq: int, at: int, visitor: str, kind: str, said: dict[str, Any], *, site: str = "shop") -> Logged:
    """A line of the log; `said` is what the event says beside who and when."""
    message_id = said.get("messageId", f"m{seq}")
    told = {"type": kind, "messageId": message_id, "anonymousId": visitor or None, "aparte:at": at, **said}
    told["aparte:visitor"] = visitor
    return Logged(
        seq, site, said.get("received", at), at, visitor, kind, said.get("event", ""), message_id, encoded(told)
    )


def encoded(told: dict[str, Any]) -> bytes:
    return msgspec.json.encode(
        {name: value for name, value in told.items() if value is not None and name != "received"}
    )


class Log:
    """Lines and decisions, written one after the other."""

    def __init__(self, site: Site = PARIS) -> None:
        self.site = site
        self.lines: list[Logged] = []
        self.decisions: list[RecordDecision] = []
        self.records: dict[str, Any] = {}
        self.entries: list[Entry] = []

    def tell(self, at: int, visitor: str, kind: str, **said: Any) -> None:
        """One more line."""
        self.lines.append(line(len(self.lines) + 1, at, visitor, kind, said, site=self.site.id))

    def page(self, at: int, visitor: str, path: str = "/", **said: Any) -> None:
        properties = {"path": path, "url": f"https://shop.example{path}", **said.pop("properties", {})}
        self.tell(at, visitor, "page", properties=properties, **said)

    def track(self, at: int, visitor: str, event: str, properties: dict[str, Any] | None = None, **said: Any) -> None:
        self.tell(at, visitor, "track", event=event, properties=properties or {}, **said)

    def order(self, at: int, visitor: str, order_id: str, total: float, *, confirmed: bool = True, **more: Any) -> None:
        """An order, told by the shop's server unless it says otherwise."""
        said = {"aparte:trusted": True} if confirmed else {}
        received = {"received": more.pop("received")} if "received" in more else {}
        properties = {"order_id": order_id, "total": total, **more}
        self.track(at, visitor, "Order Completed", properties, **said, **received)

    def refund(self, at: int, order_id: str, total: float | None = None, *, confirmed: bool = True) -> None:
        said = {"aparte:trusted": True} if confirmed else {}
        properties = {"order_id": order_id} | ({"total": total} if total is not None else {})
        self.track(at, "", "Order Refunded" if total is not None else "Order Cancelled", properties, **said)

    def decide(self, at: int, visitor: str, decision: str, detail: str = "", *, new: str = "ecp", **said: Any) -> str:
        """A decision of the rule, new as `e`ligible, `c`overed, candidate (`p`); its engagement."""
        campaign, rule = said.pop("campaign", "cart"), said.pop("rule", "hesitates")
        engagement = said.pop("engagement", f"eng_{visitor}_{at}")
        told = {"decision": decision, "at": at, "visitor": visitor, "engagement": engagement, "detail": detail, **said}
        self.decisions.append(
            RecordDecision(
                len(self.lines), len(self.decisions), self.site.id, at, visitor, said.pop("session", 1), engagement,
                campaign, rule, decision, detail, "e" in new, "c" in new, "p" in new, msgspec.json.encode(told),
            )
        )  # fmt: skip
        return engagement

    def invitation(self, engagement: str, visitor: str, at: int, state: str, **when: int) -> None:
        one = Invitation(
            engagement=engagement, visitor=visitor, campaign="cart", rule="hesitates", at=at, state=state, **when
        )  # type: ignore[arg-type]
        self.records.setdefault("invitations", []).append(one)

    def conversation(
        self, id_: str, visitor: str, opened_at: int, texts: Sequence[tuple[str, str, int]], **said: Any
    ) -> None:
        """A conversation with its entries (by, kind, at)."""
        entries = [
            Entry(conv=id_, seq=n, id=f"{id_}{n}", by=by, author=by, kind=kind, body="x", ts=at)
            for n, (by, kind, at) in enumerate(texts, 1)
        ]  # type: ignore[arg-type]
        one = Conversation(id=id_, site=self.site.id, visitor=visitor, opened_at=opened_at, head=len(entries), **said)
        self.records.setdefault("conversations", []).append(one)
        self.entries += entries

    def facts(self, *portions: int, rates: Sequence[Rate] = (), facts: DuckFacts | None = None) -> DuckFacts:
        """All of it taken, in portions of so many lines, and derived after each."""
        facts = facts or DuckFacts()
        facts.describe([self.site])
        begin = 0
        for end in (*portions, len(self.lines)):
            facts.take(self.lines[begin:end], (), Fed(end, 0))
            begin = end
            self.tell_records(facts, rates)
        facts.take((), self.decisions, Fed(len(self.lines), len(self.lines)))
        self.tell_records(facts, rates)
        return facts

    def tell_records(self, facts: DuckFacts, rates: Sequence[Rate]) -> None:
        facts.replace(Records(site=self.site, rates=rates, **self.records))
        facts.add_entries(self.entries)
        facts.derive()


def one(facts: DuckFacts, sql: str) -> dict[str, Any]:
    """The only row."""
    [found] = facts.ask(sql).dicts()
    return found


def everything(facts: DuckFacts) -> dict[str, list[tuple[Any, ...]]]:
    """All facts, in an order of their own."""
    return {name: facts.ask(f"SELECT * {INNER.get(name, '')} FROM {name} ORDER BY ALL").rows for name in DERIVED}
