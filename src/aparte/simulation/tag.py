"""The tag on a simulated visitor's page: acts as the messages that it sends."""

from __future__ import annotations

from typing import Any

from aparte.simulation.acts import Act
from aparte.simulation.visitors import Person


class Tag:
    """Knows the page that is open; `first` begins the ids of the messages, `origin` the addresses."""

    def __init__(self, who: Person, origin: str, first: str) -> None:
        self.who, self.origin, self.first = who, origin, first
        self.path, self.title, self.referrer = "", "", who.landing.referrer
        self.sent = 0

    def message(self, act: Act, stamp: str) -> dict[str, Any]:
        """An act as the tag writes it."""
        self.sent += 1
        if act.kind == "page":
            self.referrer = self.origin + self.path if self.path else self.referrer
            self.path, self.title = act.path, act.title
        who = self.who
        page = {"url": self.origin + self.path, "path": self.path, "title": self.title, "referrer": self.referrer or ""}
        about: dict[str, Any] = {"page": page, "locale": who.locale, "userAgent": who.user_agent}
        if self.sent == 1 and who.landing.source:
            came = who.landing
            about["campaign"] = {"source": came.source, "medium": came.medium, "name": came.campaign}
        name = {"name": act.name} if act.kind == "page" else {"event": act.name}
        told = {"type": act.kind, "messageId": f"{self.first}-{self.sent}", "timestamp": stamp}
        return {**told, **name, "properties": act.properties, "context": about}


def confirmation(act: Act, visitor: str, stamp: str) -> dict[str, Any]:
    """What the shop's server sends after an order, with the secret key."""
    order = act.properties["order_id"]
    told = {"type": "track", "event": act.name, "messageId": f"confirmed-{order}", "properties": act.properties}
    return {**told, "anonymousId": visitor, "timestamp": stamp}
