"""One visit of the past on its way through the shop: its messages, and when visits begin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from msgspec import Struct, field

from aparte.engagements.model import Decision, Invite
from aparte.engine import State
from aparte.kit.civil import local
from aparte.simulation import figures
from aparte.simulation.acts import Act
from aparte.simulation.model import PastConversation, PastInvitation, PastOrder, Recorded
from aparte.simulation.twin import Visit
from aparte.simulation.visitors import Person
from aparte.tracking.model import CampaignContext, Context, Event, LocationContext, Page, PageContext, Track

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_MS = 3_600_000
BASE_URL = "https://maison-lin.example"
HOURS = figures.numbers("visits.hours")
WEEK = figures.numbers("visits.week")


class Ledger:
    """An OrderLedger for one run."""

    def __init__(self) -> None:
        self.known: dict[str, float] = {}

    def claim(self, order_id: str, total: float) -> tuple[bool, float]:
        """See OrderLedger."""
        new = order_id not in self.known
        adds = total if total and not self.known.get(order_id) else 0.0
        self.known[order_id] = self.known.get(order_id) or total
        return new, adds


class Walk(Struct, gc=False):
    """A visit on its way through the shop, and what is to be told of it in the end."""

    visit: Visit
    person: Person
    state: State
    started_at: int
    at: int
    path: str = ""
    heard_at: int = -(1 << 60)
    wake: int | None = None
    left: bool = False
    offer: Invite | None = None
    shown_at: int | None = None
    busy_until: int = 0
    pending: Act | None = None
    acts: int = 0
    messages: int = 0
    context: Context | None = None
    lines: list[Recorded] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    decided_at: list[int] = field(default_factory=list)
    invitations: list[PastInvitation] = field(default_factory=list)
    conversations: list[PastConversation] = field(default_factory=list)
    orders: list[PastOrder] = field(default_factory=list)


def number(walk: Walk) -> int:
    """Which session of the visitor it is."""
    return walk.state.session.number if walk.state.session is not None else 0


def context(walk: Walk, act: Act) -> Context:
    """What the tag says of the page and of the browser."""
    who, landing, first = walk.person, walk.person.landing, walk.context is None
    page = PageContext(BASE_URL + act.path, act.path, act.title, landing.referrer if first else BASE_URL + "/")
    came = CampaignContext(landing.source, landing.medium, landing.campaign) if landing.source and first else None
    place = LocationContext(who.country)
    return Context(page=page, campaign=came, location=place, user_agent=who.user_agent, locale=who.locale)


def message(walk: Walk, at: int, act: Act) -> Event:
    """An act with its id and its time."""
    walk.messages += 1
    told: dict[str, Any] = {
        "message_id": f"{walk.person.id[:20]}-{walk.started_at:x}-{walk.messages}",
        "anonymous_id": walk.person.id,
        "timestamp": EPOCH + timedelta(milliseconds=at),
        "context": walk.context,
        "at": at,
        "visitor": walk.person.id,
        "properties": act.properties,
    }
    return Page(name=act.name, **told) if act.kind == "page" else Track(event=act.name, **told)


def arrivals(rng: Random, start: int, end: int, a_day: int, time_zone: str) -> Iterator[int]:
    """When visits begin: a Poisson process with the rhythm of the day and of the week, in the site's time."""
    total = sum(HOURS)
    for hour in range(start, end, HOUR_MS):
        moment = local(hour, time_zone)
        expected = a_day * WEEK[moment.weekday()] * HOURS[moment.hour] / total
        at = float(hour)
        while expected > 0:
            at += rng.expovariate(expected / HOUR_MS)
            if at >= min(hour + HOUR_MS, end):
                break
            yield int(at)
