"""What the live engine tells of itself: reads of memory as of the last commit. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aparte.conversations.model import Conversation
from aparte.engagements.gates import epsilon_of
from aparte.engine.asking import Asking
from aparte.engine.chats import Chats
from aparte.engine.checkpoint import Checkpoints
from aparte.engine.core import Core
from aparte.engine.explaining import Explained, explaining
from aparte.engine.gauges import Gauges
from aparte.engine.ingest import Ingest
from aparte.engine.invitations import Invitations
from aparte.engine.matching import Matched, Matching, Question
from aparte.engine.ports import (
    AgentStatus,
    Changed,
    LiveVisitor,
)
from aparte.engine.presence import Presence, Presences
from aparte.engine.site import Visit
from aparte.engine.step import State
from aparte.engine.talks import Talks
from aparte.engine.turns import Turns
from aparte.engine.view import Row, listed, online, standing, totals
from aparte.routing.model import Help
from aparte.targeting.campaign import Campaigns
from aparte.targeting.model import Text
from aparte.tracking.store import Logged

LIVE_LIST_MS = 1_000
"""The rows of the live list are made again after this time, however many ask."""


class Looking:
    """The reads of `Engine`, which makes its parts."""

    core: Core
    talks: Talks
    asking: Asking
    ingest: Ingest
    chats: Chats
    presences: Presences
    turns: Turns
    invitations: Invitations
    checkpoints: Checkpoints
    _rows: dict[str, tuple[int, list[tuple[Visit, Row]]]]
    _events: dict[str, dict[str, int]]

    def next_due(self) -> int | None:
        """When a sweep will find something to do next, so far as is known; None when nothing is to come.

        For a clock that jumps: a server sweeps all the time. Absences of agents are not part of it.
        """
        moments = [live.agenda[0][0] for live in self.core.sites.values() if live.agenda]
        moments += [one.expires_at for live in self.core.sites.values() for one in live.pending.values()]
        return min(moments, default=None)

    def ready(self) -> str | None:
        """None while events are taken, else why not."""
        return self.core.trouble

    def campaigns(self, site: str) -> Campaigns:
        """Those in force. While memory is made again, as of before."""
        return self.core.campaigns(site)

    def button_label(self, site: str) -> Text:
        """What the campaign file writes on the button; empty when it leaves that to the site's words."""
        live = self.core.sites.get(site)
        button = live.campaigns.file.button if live is not None else None
        return button.label if button is not None else ""

    def help(self, site: str) -> Help:
        """What a visitor can have now: `chat`, `queue`, or `form`, which is to leave a request."""
        return self.turns.help(self.core.site(site), self.core.clock())

    def may_ask(self, conv: str) -> bool:
        """Whether the visitor of a waiting conversation is offered to leave a request instead."""
        talk = self.talks.talks.get(conv)
        live = self.core.sites.get(talk.site) if talk is not None else None
        return live is not None and talk is not None and self.turns.may_ask(live, talk, self.core.clock())

    def conversation(self, conv: str) -> Conversation | None:
        """A conversation as of the last commit."""
        return self.talks.find(conv)

    def open_conversations(self, site: str) -> list[Conversation]:
        """Those that are not closed, oldest first, as of the last commit."""
        found = [one for one in self.talks.published.values() if one.site == site]
        return sorted(found, key=lambda one: (one.opened_at, one.id))

    def position(self, conv: str) -> tuple[int, int | None] | None:
        """Place in the queue, and the expected wait in seconds if anybody is there; None when it does not wait."""
        places = (live.desk.position(conv, live.state.learnt.chat_s) for live in self.core.sites.values())
        return next((one for one in places if one is not None), None)

    def visitor_presence(self, site: str, visitor: str) -> Presence:
        """`connected`, `away` after 15 s without a socket, `left` after 120 s."""
        return self.presences.state(site, visitor)

    def agent(self, staff: str) -> AgentStatus:
        """An agent's status and load."""
        live, seat = self.presences.seat(staff)
        return AgentStatus(
            staff=staff,
            status=seat.status,
            load=live.desk.load(staff),
            maximum=seat.maximum,
            reason=seat.reason,
            since=seat.since,
            present=seat.present,
        )

    def agents_available(self, site: str) -> bool:
        """Whether an agent is there who takes conversations, busy or not."""
        seats = self.core.site(site).desk.seats.values()
        return any(seat.present and seat.status == "available" and seat.maximum for seat in seats)

    def live(self, site: str, limit: int) -> tuple[list[LiveVisitor], dict[str, int]]:
        """The live list, whoever is nearest to a conversation first, and its totals."""
        live, now = self.core.site(site), self.core.clock()
        made_at, rows = self._rows.get(site, (0, []))
        if not made_at <= now < made_at + LIVE_LIST_MS:
            rows = [
                (visit, standing(live, visit, self.talks.of.get((site, visit.visitor.id)), now))
                for visit in online(live, now)
            ]
            self._rows[site] = now, rows
        rows = [one for one in rows if one[0].session is not None]
        return listed(live, rows, limit, now), totals(rows, live.desk.capacity().free[""])

    def here(self, site: str, visitor: str) -> State | None:
        """A visitor with an open session, to be read only; the disk is not asked, which knows others only."""
        return self.core.site(site).visits.get(visitor)

    def visit(self, site: str, visitor: str) -> State | None:
        """A visitor's state, to be read only; None when nobody knows him."""
        live = self.core.site(site)
        return live.visits.get(visitor) or live.resting.get(visitor) or live.at_rest(visitor)

    def explaining(self, site: str, visitor: str) -> Iterator[Explained | None] | None:
        """Every rule for one visitor, step by step, at last the answer; None when nobody knows him."""
        state = self.visit(site, visitor)
        return None if state is None else explaining(self.core.site(site), state, self.core.clock())

    def matching(self, site: str, asked: Question) -> Iterator[Matched | None]:
        """Whom a condition matches among those who are here, step by step, at last the answer."""
        live, now, talks = self.core.site(site), self.core.clock(), self.talks.of

        def stands(visit: Visit) -> Row:
            return standing(live, visit, talks.get((site, visit.visitor.id)), now)

        def log(visitor: str) -> Iterator[Logged]:
            return self.core.store.log(site=site, visitor=visitor)

        return Matching(live, asked, now, stands, log).steps()

    def last_seen(self, site: str) -> dict[str, object] | None:
        """The last event of a person: {at, url, event, tag}; `tag` tells whether it came by our own tag."""
        return self.core.site(site).last_seen

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Be told of changes, after their commit, in its order; the answer ends it. A listener never blocks."""
        self.core.listeners.append(listener)
        return lambda: self.core.listeners.remove(listener)

    def gauges(self, site: str) -> Gauges:
        """Figures for /metrics."""
        live = self.core.site(site)
        return Gauges(
            visitors=len(live.visits),
            conversations=sum(1 for one in self.talks.talks.values() if one.site == site),
            queued=len(live.desk.queue),
            agents=sum(1 for seat in live.desk.seats.values() if seat.present and seat.status == "available"),
            accepted=live.state.learnt.accepted,
            overruns=live.state.learnt.overruns,
            epsilon=epsilon_of(live.state),
            events=dict(self._events.get(site, {})),
        )
