"""Whose turn it is: an agent who does not answer, a visitor who waits long, a conversation that is handed on."""

from __future__ import annotations

from aparte.conversations.model import Conversation
from aparte.conversations.store import AppendEntry, Refused
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.ports import Changed
from aparte.engine.presence import Presences
from aparte.engine.site import LiveSite
from aparte.engine.talks import Talk, Talks
from aparte.routing.desk import Seat
from aparte.routing.model import Help

NOT_ASSIGNED, NO_SLOT, AGENT_AWAY = Refused("not_assigned"), Refused("no_slot"), Refused("agent_away")
UNKNOWN, UNKNOWN_AGENT, UNKNOWN_SKILL = Refused("unknown"), Refused("unknown_agent"), Refused("unknown_skill")


class Turns:
    """What the desk does about time, and what agents do with one another's conversations."""

    def __init__(self, core: Core, talks: Talks, presences: Presences) -> None:
        self.core, self.talks, self.presences = core, talks, presences

    def sweep(self, batch: Batch) -> None:
        """Answers that are overdue, and waits that are long."""
        for talk in list(self.talks.talks.values()):
            live = self.core.sites[talk.site]
            if talk.agent and talk.asked_at is not None and batch.now - talk.asked_at >= live.site.answer_s * 1_000:
                self.no_answer(batch, live, talk)
            elif not talk.agent and not talk.long and self.waits_long(live, talk, batch.now):
                talk.long = True
                self.core.tell(Changed(talk.site, "queue"))  # nothing is written: nobody waits for a commit

    def waits_long(self, live: LiveSite, talk: Talk, now: int) -> bool:
        """Whether its visitor has waited longer than the site wants."""
        return not talk.agent and now - talk.waits_from >= live.site.queue_s * 1_000

    def no_answer(self, batch: Batch, live: LiveSite, talk: Talk) -> None:
        """Another agent answers, or the visitor is the next one; who sits there and said nothing is away."""
        seat = live.desk.seats[talk.agent]
        if seat.sockets:
            self.presences.stand(batch, live, seat, "away", "no_answer")
        self.talks.unassign(batch, live, talk, seat)
        self.talks.told_of(batch, live, seat.staff)
        self.talks.settle(batch, live)

    def help(self, live: LiveSite, now: int) -> Help:
        """What a visitor can have now: a free agent, the queue, or to leave a request."""
        desk = live.desk
        if not live.state.open(now) or not any(desk.there(seat) and seat.maximum for seat in desk.seats.values()):
            return "form"
        return "chat" if desk.choose(None) is not None else "queue"

    def may_ask(self, live: LiveSite, talk: Talk, now: int) -> bool:
        """Whether a visitor who waits is offered to leave a request: nobody is there, or it has taken long."""
        desk = live.desk
        able = (seat for seat in desk.seats.values() if not talk.skill or talk.skill in seat.skills)
        nobody = not any(desk.there(seat) and seat.maximum for seat in able)
        return not talk.agent and (nobody or not live.state.open(now) or self.waits_long(live, talk, now))

    def mine(self, talk: Talk | None, site: str, staff: str, assign_ver: int, *, any_agents: bool) -> Refused | None:
        """Why somebody may not hand on a conversation; None when he may."""
        if talk is None or talk.site != site:
            return UNKNOWN
        if talk.assign_ver != assign_ver or (talk.agent != staff and not any_agents):
            return NOT_ASSIGNED
        return None

    def room(self, live: LiveSite, talk: Talk, agent: str) -> Seat | Refused:
        """The seat of an agent who could take this one now; his skills are not asked, his slots are."""
        seat = live.desk.seats.get(agent)
        if seat is None or not seat.maximum:
            return UNKNOWN_AGENT
        if not live.desk.there(seat):
            return AGENT_AWAY
        return seat if agent != talk.agent and live.desk.fits(seat, talk.skill, whole=talk.whole) else NO_SLOT

    async def to_agent(self, live: LiveSite, talk: Talk, by: str, agent: str, note: str) -> Conversation | Refused:
        """Another agent has it from now on."""
        seat = self.room(live, talk, agent)
        if isinstance(seat, Refused):
            return seat
        with self.core.folding() as batch:
            self.hand_over(batch, live, talk, by, note)
            self.talks.assign(batch, live, talk, seat)
            self.talks.settle(batch, live)
        await self.core.commit(batch)
        return await self.talks.of_visitor(talk)

    async def to_skill(self, live: LiveSite, talk: Talk, by: str, skill: str, note: str) -> Conversation | Refused:
        """Whoever has the skill answers; the visitor is the first of those who wait for it."""
        if all(skill not in seat.skills for seat in live.desk.seats.values()):
            return UNKNOWN_SKILL
        with self.core.folding() as batch:
            talk.skill = skill
            self.hand_over(batch, live, talk, by, note)
            self.talks.settle(batch, live)
        await self.core.commit(batch)
        return await self.talks.of_visitor(talk)

    def hand_over(self, batch: Batch, live: LiveSite, talk: Talk, by: str, note: str) -> None:
        """The note for whoever comes next, and its slots are free."""
        cid = f"transfer:{talk.assign_ver}"
        batch.add(AppendEntry(talk.conv, "agent", by, cid, "transfer", note, batch.now, talk.assign_ver))
        before = live.desk.seats.get(talk.agent)
        if before is not None:
            self.talks.unassign(batch, live, talk, before, but=before.staff)
            self.talks.told_of(batch, live, before.staff)
        else:
            self.talks.queue_again(batch, live, talk)
