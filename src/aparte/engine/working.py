"""What agents and supervisors do beside writing: invite, block, join, take over. The doors of `Engine` for it.

Every change is durable when its call returns; Unavailable when the store has lost it.
"""

from __future__ import annotations

from collections.abc import Sequence

from aparte.conversations.model import Conversation, Request
from aparte.conversations.store import Refused
from aparte.conversations.text import Unspeakable, clean
from aparte.engagements.store import Block
from aparte.engine.asking import Asking
from aparte.engine.blocking import Blocking, blocked
from aparte.engine.by_hand import ByHand
from aparte.engine.giving import Giving
from aparte.engine.ports import QueueOf
from aparte.engine.supervising import CLOSED, NOT_ASSIGNED, UNKNOWN, Supervising
from aparte.engine.talks import Talk


class Working(Giving):
    """The work of agents, of `Engine`, which makes its parts."""

    by_hand: ByHand
    blocking: Blocking
    supervising: Supervising
    asking: Asking

    async def invite(
        self, site: str, visitor: str, text: str, by: str, *, channel: str = "chat", skill: str | None = None
    ) -> str | Refused:
        """Invite a visitor by hand; the engagement, which his next pulse offers.

        Refused: `held_out`, `blocked`, `talking`, `invited`, `unreachable`, `no_slot`, and of the text `empty`,
        `too_long`, `bad_text`.
        """
        live, said = self.core.site(site), clean(text)
        if isinstance(said, Unspeakable):
            return Refused(said.code)
        with self.core.folding() as batch:
            found = self.by_hand.offer(batch, live, visitor, said, channel, skill, by)
        await self.core.commit(batch)
        self._rows.pop(site, None)
        return found

    async def revoke_invitation(self, site: str, visitor: str) -> bool:
        """Take back what is on the visitor's screen, by hand or of a rule; False when nothing was."""
        live = self.core.site(site)
        with self.core.folding() as batch:
            found = self.by_hand.revoke(batch, live, visitor)
        await self.core.commit(batch)
        self._rows.pop(site, None)
        return found

    async def block(self, site: str, visitor: str, reason: str, by: str, hours: float | None = None) -> Block:
        """Nobody invites or answers this visitor for so many hours; None: until somebody lifts it."""
        live = self.core.site(site)
        with self.core.folding() as batch:
            until = None if hours is None else batch.now + round(hours * 3_600_000)
            self.by_hand.revoke(batch, live, visitor)
            found = self.blocking.block(batch, live, visitor, reason, until, by)
        await self.core.commit(batch)
        self._rows.pop(site, None)
        return found

    async def unblock(self, site: str, visitor: str) -> bool:
        """He is a visitor like any other; False when he was before."""
        live = self.core.site(site)
        with self.core.folding() as batch:
            found = self.blocking.lift(batch, live, visitor)
        await self.core.commit(batch)
        self._rows.pop(site, None)
        return found

    def blocks(self, site: str) -> Sequence[Block]:
        """Those that hold now, the youngest first."""
        live, now = self.core.site(site), self.core.clock()
        found = [one for one in live.blocks.values() if blocked(live, one.visitor, now)]
        return sorted(found, key=lambda one: (-one.at, one.visitor))

    async def take_conversation(self, site: str, staff: str, conv: str | None, cid: str = "") -> Conversation | Refused:
        """An agent takes a waiting conversation, or the next one (None); Refused `no_slot`, `nobody_waits`.

        The next one by a `cid` that he has used before is the one that he got then.
        """
        live, seat = self.core.site(site), self.presences.seat(staff)[1]
        return await self.chats.take(live, seat, conv, cid)

    async def finish_request(self, site: str, request: str, staff: str, note: str) -> Request | Refused:
        """A request is dealt with; Refused `unknown`."""
        self.core.site(site)
        return await self.asking.finish(site, request, staff, note)

    async def transfer(
        self,
        site: str,
        conv: str,
        staff: str,
        assign_ver: int,
        note: str,
        *,
        agent: str = "",
        skill: str = "",
        any_agents: bool = False,
    ) -> Conversation | Refused:
        """Hand a conversation to another agent, or to whoever has a skill; `any_agents`: somebody else's too.

        Refused: `unknown`, `not_assigned`, `no_slot`, `agent_away`, `unknown_agent`, `unknown_skill`, and of the note
        `too_long`, `bad_text`. It stays the same conversation, with all that was said.
        """
        live = self.core.site(site)
        talk = self.talks.talks.get(conv)
        refused = self.turns.mine(talk, site, staff, assign_ver, any_agents=any_agents)
        if refused is not None or talk is None:
            return refused or Refused("unknown")
        text = clean(note) if note.strip() else ""
        if isinstance(text, Unspeakable):
            return Refused(text.code)
        if agent:
            return await self.turns.to_agent(live, talk, staff, agent, text)
        return await self.turns.to_skill(live, talk, staff, skill, text)

    async def join(self, site: str, conv: str, staff: str) -> Conversation | Refused:
        """A supervisor writes beside the agent from now on. Refused `unknown`, `closed`, `not_open`."""
        talk = self._talk(site, conv)
        return talk if isinstance(talk, Refused) else await self.supervising.join(talk, self.presences.seat(staff)[1])

    async def leave(self, site: str, conv: str, staff: str) -> Conversation | Refused:
        """He does no more. Refused `unknown`, `closed`."""
        talk = self._talk(site, conv)
        return talk if isinstance(talk, Refused) else await self.supervising.leave(talk, self.presences.seat(staff)[1])

    async def take_over(self, site: str, conv: str, staff: str) -> Conversation | Refused:
        """It is a supervisor's own from now on. Refused `unknown`, `closed`, `no_slot`."""
        talk, live = self._talk(site, conv), self.core.site(site)
        if isinstance(talk, Refused):
            return talk
        return await self.supervising.take_over(live, talk, self.presences.seat(staff)[1])

    async def ask_assistance(
        self, site: str, conv: str, staff: str, note: str = "", *, on: bool = True, supervises: bool = False
    ) -> Conversation | Refused:
        """Its agent asks those who lead for help, or needs none any more; who `supervises` may say the latter too.

        Refused `unknown`, `closed`, `not_assigned`, and of the note `too_long`, `bad_text`.
        """
        talk = self._talk(site, conv)
        if isinstance(talk, Refused):
            return talk
        if talk.agent != staff and (on or not supervises):
            return NOT_ASSIGNED
        text = clean(note) if note.strip() else ""
        if isinstance(text, Unspeakable):
            return Refused(text.code)
        return await self.supervising.assistance(talk, staff, text if talk.agent == staff else "", on=on)

    def _talk(self, site: str, conv: str) -> Talk | Refused:
        """The open conversation of this site."""
        self.core.site(site)
        talk = self.talks.talks.get(conv)
        if talk is not None and talk.site == site:
            return talk
        known = self.talks.find(conv)
        return CLOSED if known is not None and known.site == site else UNKNOWN

    def waits(self, site: str) -> list[QueueOf]:
        """Who waits, by skill."""
        live, now = self.core.site(site), self.core.clock()
        found = []
        for skill in sorted({one.skill for one in live.desk.queue}):
            mine = [self.talks.talks[one.conv].waits_from for one in live.desk.queue if one.skill == skill]
            expected = live.desk.expected(skill, len(mine) + 1, live.state.learnt.chat_s)
            longest = (now - min(mine)) // 1000
            found.append(QueueOf(skill=skill, n=len(mine), longest_s=longest, expected_s=expected))
        return found
