"""A shop whose visits can be told as stories: `visit.at("10:00:00").views("/cart").adds("lamp", 49)`."""

from __future__ import annotations

import json
from typing import Any

from aparte.app import replay
from aparte.engagements.model import Decision, HoldOut, Invite, Refrain
from aparte.replay.model import Summary
from aparte.routing.model import UNLIMITED, Capacity
from aparte.targeting.campaign import load
from aparte.tracking.normalise import Normaliser
from aparte.tracking.timestamps import SECOND, iso, parse

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


class Visit:
    """What one visitor does; each step happens at the time told last, `at` tells the next."""

    def __init__(self, shop: Shop, visitor: str, user_agent: str) -> None:
        self.shop, self.visitor, self.user_agent = shop, visitor, user_agent
        self.day, self.now = "2024-01-15", ""

    def on(self, day: str) -> Visit:
        """The day on which it goes on."""
        self.day = day
        return self

    def at(self, clock: str) -> Visit:
        """The time at which it goes on, `10:00:00` or `10:00:00.000`, in UTC."""
        self.now = f"{self.day}T{clock}Z"
        return self

    def does(self, event: str, **properties: Any) -> Visit:
        """Something happens."""
        return self.sends({"type": "track", "event": event, "properties": properties})

    def views(self, path: str, **properties: Any) -> Visit:
        """A page opens; on the cart page the cart is seen too."""
        self.sends({"type": "page", "properties": {"path": path, **properties}})
        return self.does("Cart Viewed") if path == "/cart" else self

    def adds(self, product: str, price: float, quantity: int = 1) -> Visit:
        """A product goes into the cart."""
        return self.does("Product Added", product_id=product, price=price, quantity=quantity)

    def orders(self, order_id: str, total: float) -> Visit:
        """The cart is paid."""
        return self.does("Order Completed", order_id=order_id, total=total)

    def sends(self, message: dict[str, Any]) -> Visit:
        """A message leaves the page."""
        self.shop.messages.append(
            message
            | {"messageId": f"m{len(self.shop.messages)}", "anonymousId": self.visitor, "timestamp": self.now}
            | {"context": {"userAgent": self.user_agent}}
        )
        return self


class Story:
    """What the engine did."""

    def __init__(self, decisions: list[Decision], summary: Summary) -> None:
        self.decisions, self.summary = decisions, summary

    def invited(self, visitor: str) -> list[str]:
        """When, and with what, in one language."""
        return [f"{clock(one)} {message(one)}" for one in self.of(visitor) if isinstance(one, Invite)]

    def held_out(self, visitor: str) -> list[str]:
        """When an invitation was due to somebody who gets none, and why none."""
        return [f"{clock(one)} {one.level}" for one in self.of(visitor) if isinstance(one, HoldOut)]

    def refused(self, visitor: str) -> list[str]:
        """When an invitation was refused, and why."""
        return [f"{clock(one)} {one.reason.value}" for one in self.of(visitor) if isinstance(one, Refrain)]

    def of(self, visitor: str) -> list[Decision]:
        """Every decision on this visitor."""
        return [one for one in self.decisions if one.visitor == visitor]


def clock(decision: Decision) -> str:
    """`10:00:30`, with thousandths where there are any."""
    return iso(decision.at)[11 : 19 if decision.at % SECOND == 0 else 23]


def message(invitation: Invite) -> str:
    """The English text."""
    text = invitation.offer.message
    return text if isinstance(text, str) else text["en"]


class Shop:
    """A shop with its rules and its visitors."""

    def __init__(self, campaigns: str) -> None:
        self.campaigns = load(campaigns, "shop.toml")
        self.messages: list[dict[str, Any]] = []

    def visit(self, visitor: str, user_agent: str = "Mozilla/5.0 (X11; Linux) Firefox/120.0") -> Visit:
        """Somebody comes to the shop."""
        return Visit(self, visitor, user_agent)

    def story(self, capacity: Capacity = UNLIMITED) -> Story:
        """Let it all happen, each thing at its time."""
        ordered = sorted(self.messages, key=lambda one: (parse(one["timestamp"]) or (0,))[0])
        decisions: list[Decision] = []
        reads = (Normaliser().read(json.dumps(one).encode()) for one in ordered)
        return Story(decisions, replay(self.campaigns, reads, capacity, on_decision=decisions.append))
