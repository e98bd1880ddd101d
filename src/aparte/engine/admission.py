"""From the lines of a body to events: what is let in, under which id, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from aparte.engine.ports import Arriving, Counts
from aparte.sites.identity import prove
from aparte.sites.model import Site
from aparte.tracking.bots import is_bot
from aparte.tracking.model import ClientEvent, Context, Identify, LocationContext, Message, Track
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Quarantined, Reason
from aparte.tracking.store import WINDOW, CountMessages, KeepQuarantined, SeenIds

RESERVED = ("Invitation ", "Chat ", "Survey ")
"""Beginnings of the names of what only the server can know."""
NO_TYPE = "no type"
MOST_EXCERPTS = 20
"""Kept of one body for each reason; all are counted."""


class Taken(Struct):
    """What became of one body: counts and excerpts; events are handed on one by one."""

    site: str
    received_at: int
    received: int = 0
    accepted: int = 0
    duplicate: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    excerpts: list[KeepQuarantined] = field(default_factory=list)

    def refuse(self, found: Quarantined) -> None:
        """One message that is not let in."""
        reason = found.reason.value
        self.quarantined[reason] = count = self.quarantined.get(reason, 0) + 1
        if count <= MOST_EXCERPTS:
            self.excerpts.append(KeepQuarantined(self.site, self.received_at, reason, found.detail, found.line_excerpt))

    def counts(self) -> Counts:
        """For the answer."""
        return Counts(self.received, self.accepted, self.duplicate, sum(self.quarantined.values()))

    def written(self) -> CountMessages:
        """For the store."""
        return CountMessages(self.site, self.received, self.accepted, self.duplicate, self.quarantined, {})


class Admission:
    """Reads bodies. One a thread."""

    def __init__(self) -> None:
        self.normaliser = Normaliser()

    def events(
        self, arriving: Arriving, seen: SeenIds, taken: Taken, site: Site | None = None
    ) -> Iterator[ClientEvent]:
        """The events that are new and let in, one by one; `taken` counts what became of all of them."""
        if arriving.consent == "none":
            taken.received = taken.quarantined[Reason.NO_CONSENT.value] = len(arriving.lines)
            return
        received_at = arriving.received_at
        for line in arriving.lines:
            taken.received += 1
            found = self.read(arriving, line, site)
            if not isinstance(found, Message):
                taken.refuse(found)
            elif seen.add(found.message_id, received_at):
                taken.accepted += 1
                yield found
            else:
                taken.duplicate += 1

    def read(self, arriving: Arriving, line: bytes, site: Site | None = None) -> ClientEvent | Quarantined:
        """One message, or why not."""
        received_at, visitor = arriving.received_at, arriving.visitor
        if visitor is not None:
            line = with_member(line, b'"anonymousId":' + msgspec.json.encode(visitor))
        found = self.normaliser.read(line, received_at, arriving.sent_at)
        if isinstance(found, Quarantined) and arriving.kind is not None and found.detail == NO_TYPE:
            line = with_member(line, b'"type":"%b"' % arriving.kind.encode())
            found = self.normaliser.read(line, received_at, arriving.sent_at)
        if not isinstance(found, Message):
            return found if isinstance(found, Quarantined) else Quarantined(Reason.NOT_A_CLIENT_MESSAGE, "", "")
        if type(found) is Track and found.event.startswith(RESERVED):
            return Quarantined(Reason.RESERVED_NAME, found.event, "")
        if visitor is not None:
            found.visitor = visitor
        # What waited longer than the window in which a copy is known again counts as that old.
        found.at = max(found.at, received_at - WINDOW)
        if arriving.trusted:
            found.trusted = True
        else:
            surround(found, arriving)
        if type(found) is Identify and found.jwt is not None:
            return identified(found, site, received_at)
        return found


def identified(event: Identify, site: Site | None, now: int) -> Identify | Quarantined:
    """An identify that brings a token: what the token says is as trusted as the shop's server; the token goes."""
    token, event.jwt = event.jwt or "", None
    if event.traits:
        return Quarantined(Reason.BAD_IDENTITY, "a token and traits beside it: only the token may say them", "")
    found = "nobody knows its site" if site is None else prove(token, site, now)
    if isinstance(found, str):
        return Quarantined(Reason.BAD_IDENTITY, found, "")
    if event.user_id not in (None, found.user_id):
        return Quarantined(Reason.BAD_IDENTITY, "userId is not the customer of the token", "")
    event.user_id, event.traits, event.trusted = found.user_id, found.traits, True
    return event


def with_member(line: bytes, member: bytes) -> bytes:
    """The JSON object with one more member, which wins over one of the same name; anything else as it is."""
    body = line.rstrip()
    if not body.endswith(b"}"):
        return line
    body = body[:-1].rstrip()
    return body + (b"" if body.endswith(b"{") else b",") + member + b"}"


def surround(event: ClientEvent, arriving: Arriving) -> None:
    """What the request tells of a browser that does not say it itself."""
    agent, country = arriving.user_agent, arriving.country
    if agent is None and country is None:
        return
    context = event.context
    if context is None:
        context = event.context = Context()
    if agent is not None and not context.user_agent:
        context.user_agent = agent
        event.bot = is_bot(agent)
    if country is not None and context.location is None:
        context.location = LocationContext(country)
