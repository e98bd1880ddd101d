"""Events and pulses into the log: the way of every message."""

from __future__ import annotations

from typing import Any

from aparte.attribution.leads import LEAD_EVENTS, lead_of
from aparte.attribution.orders import sums_of
from aparte.attribution.store import RecordLead, RecordOrder, RecordRefund
from aparte.catalogue.enrich import ENRICHED, enrich
from aparte.engagements.model import Reason
from aparte.engine.admission import Admission, Taken
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.identities import Identities
from aparte.engine.invitations import Invitations
from aparte.engine.ports import Arriving, Pulse
from aparte.engine.site import LiveSite, Visit
from aparte.sessions import typed
from aparte.sessions.apply import over
from aparte.sessions.model import SessionState, VisitorState
from aparte.tracking.model import (
    ClientEvent,
    ConsentChanged,
    SessionEnded,
    Track,
    VisitorReachable,
)

REPEAT_REACHABLE_MS = 5_000
"""A pulse is logged when the last one that was is older: reachable counts 15 s, and pulses come every 10 s at most."""
LONGEST_WAKE_MS, SHORTEST_WAKE_MS = 10_000, 250
ORDER_EVENTS = frozenset({"Order Completed", "Order Refunded", "Order Cancelled"})
RECORDED = ORDER_EVENTS | LEAD_EVENTS


class Ingest:
    """Folds what arrives; the caller commits."""

    def __init__(self, core: Core, invitations: Invitations) -> None:
        self.core, self.invitations = core, invitations
        self.admission = Admission()
        self.identities = Identities(core, invitations)

    def take(self, batch: Batch, live: LiveSite, arriving: Arriving, *, tag: bool = False) -> Taken:
        """One body of messages; a visitor's due timers fire before each of his events."""
        core = self.core
        batch.now = arriving.received_at
        taken = Taken(live.site.id, arriving.received_at)
        last: ClientEvent | None = None
        for event in self.admission.events(arriving, live.seen, taken, live.site):
            core.fire(batch, live, event.visitor, event.at)
            if type(event) is Track:
                if event.event in ENRICHED:
                    enrich(event.properties, live.catalogue)
                core.log(batch, live, event)
                if event.event in RECORDED:
                    batch.add(*records(live, event))
            elif event.trusted:
                before = self.identities.before(live, event)
                core.log(batch, live, event)
                self.identities.took(batch, live, event, before)
            else:
                core.log(batch, live, event)
            last = event
        if last is not None and not last.bot:
            live.last_seen = seen(last, arriving.received_at, tag=tag)
        if taken.received:
            batch.add(taken.written(), *taken.excerpts)
        return taken

    def pulse(self, batch: Batch, live: LiveSite, pulse: Pulse) -> Taken:
        """What happened, the timers that are due, and that the page is alive."""
        taken = self.take(batch, live, pulse.messages, tag=True)
        visitor = pulse.visitor
        if pulse.withdrawn:
            self.withdraw(batch, live, visitor)
            return taken
        self.allow(batch, live, visitor)
        # Before the fact that the page is alive, because that moves the time of the session on: a timer finds the
        # session as it was at its own time, whether the pulse fires it or the sweep.
        self.core.fire(batch, live, visitor, batch.now)
        if self.worth_a_line(live, pulse, batch.now):
            fact = VisitorReachable(at=batch.now, visitor=visitor, visible=pulse.visible)
            self.core.log(batch, live, fact)
        live.pulsed(visitor, batch.now)
        return taken

    def allow(self, batch: Batch, live: LiveSite, visitor: str) -> None:
        """A page that pulses has the visitor's consent; how far it goes is the site's matter."""
        level = "full" if live.site.mode == "full" else "reactive"
        visit = live.visits.get(visitor) or live.resting.get(visitor) or live.at_rest(visitor)
        known = "full" if visit is None else visit.visitor.consent
        if level != known:
            self.core.log(batch, live, ConsentChanged(at=batch.now, visitor=visitor, level=level))

    def withdraw(self, batch: Batch, live: LiveSite, visitor: str) -> None:
        """The visitor wants no help any more: nothing is on his screen, his session is over."""
        self.invitations.expire(batch, live, visitor)
        self.core.log(batch, live, ConsentChanged(at=batch.now, visitor=visitor, level="off"))
        self.core.log(batch, live, SessionEnded(at=batch.now, visitor=visitor))

    def worth_a_line(self, live: LiveSite, pulse: Pulse, now: int) -> bool:
        """Whether a decision could depend on this pulse."""
        visit = live.visits.get(pulse.visitor)
        if visit is None or visit.session is None:
            return False
        visitor = visit.visitor
        if visitor.reachable_at is None or visitor.visible != pulse.visible:
            return True
        stale = now - visitor.reachable_at > REPEAT_REACHABLE_MS
        return pulse.visible and (stale or refused_as_unreachable(visit.session))


def refused_as_unreachable(session: SessionState) -> bool:
    """Whether a rule only waits for the page to be heard of."""
    return session.refused is not None and Reason.NOT_REACHABLE.value in session.refused.values()


def wake_in(live: LiveSite, visitor: str, now: int) -> int:
    """In how many milliseconds the visitor's page should ask again."""
    visit = live.visits.get(visitor)
    session = visit.session if visit is not None else None
    due = [now + LONGEST_WAKE_MS]
    if session is not None and session.deadlines:
        due += session.deadlines.values()
    button = button_changes_at(live, visitor, now)
    if button is not None:
        due.append(button)
    return max(min(due) - now, SHORTEST_WAKE_MS)


def button_shown(live: LiveSite, visitor: str, now: int) -> bool:
    """Whether the visitor may open a chat himself now, by the campaign file."""
    if live.campaigns.button is None:
        return True
    visit = live.visits.get(visitor) or live.resting.get(visitor) or live.at_rest(visitor)
    who = visit.visitor if visit is not None else VisitorState(visitor)
    return live.campaigns.shows_button(open_session(visit, now), who, live.state, now)


def button_changes_at(live: LiveSite, visitor: str, now: int) -> int | None:
    """When time alone may show the visitor the button, or take it away."""
    visit = live.visits.get(visitor)
    if visit is None or live.campaigns.button is None:
        return None
    return live.campaigns.button_changes_at(open_session(visit, now), visit.visitor, live.state, now)


def open_session(visit: Visit | None, now: int) -> SessionState | None:
    """The visitor's session, if it is not over."""
    session = visit.session if visit is not None else None
    return None if session is None or over(session, now) else session


def seen(event: ClientEvent, received_at: int, *, tag: bool) -> dict[str, Any]:
    """What the install page says of the last event; `tag`: it came by our own tag."""
    page = event.context.page if event.context is not None else None
    url = typed.text(event.properties.get("url")) or (page.url if page is not None else None)
    name = event.event if isinstance(event, Track) else event.kind
    return {"at": received_at, "url": url, "event": name, "tag": tag}


def records(live: LiveSite, event: Track) -> list[RecordOrder | RecordRefund] | list[RecordLead]:
    """What an event says of an order or of a lead."""
    if event.event in LEAD_EVENTS:
        return [lead_of(live.site.id, event, live.campaigns.file.points_of_sale)]
    return orders(live, event)


def orders(live: LiveSite, event: Track) -> list[RecordOrder | RecordRefund]:
    """What an event says of an order; nothing when it does not name one."""
    found = sums_of(live.site.id, live.site.currency, event)
    return [] if found is None else [found]
