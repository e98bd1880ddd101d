"""What is said in conversations, and how they are taken and closed."""

from __future__ import annotations

import msgspec
from msgspec import structs

from aparte.conversations.model import Author, Conversation, Kind
from aparte.conversations.store import (
    Appended,
    AppendEntry,
    CallPerson,
    FillForm,
    MoveWatermark,
    RecordSurvey,
    Refused,
    WrapConversation,
    survey_cid,
)
from aparte.conversations.text import Unspeakable, clean
from aparte.conversations.wrapping import Wrap, judged
from aparte.engine.batch import Batch
from aparte.engine.blocking import blocked
from aparte.engine.core import Core
from aparte.engine.site import LiveSite
from aparte.engine.talks import Talks
from aparte.kit.ids import stable_id
from aparte.routing.desk import Seat

MOST_CID = 64
SAID = ("text", "note", "whisper")
AGENTS_ONLY = ("note", "whisper")
UNKNOWN, CLOSED, NOT_ASSIGNED = Refused("unknown"), Refused("closed"), Refused("not_assigned")
NO_SLOT, NOBODY_WAITS, CODE_NEEDED = Refused("no_slot"), Refused("nobody_waits"), Refused("code_needed")
NO_ANSWERS = (None, None, None, "", None)
BLOCKED = Refused("blocked")
TAKEN_MS = 3_600_000
"""A cid of an agent who takes the next one is known until an hour after that conversation has ended."""
NO_VERSION = -1
"""An `assign_ver` that no conversation has."""


class Chats:
    """Lines, watermarks, surveys, closing; membership is asked on each call."""

    def __init__(self, core: Core, talks: Talks) -> None:
        self.core, self.talks = core, talks

    def member(self, site: str, conv: str, by: Author, author: str) -> Conversation | None:
        """The conversation, when this author may see it: its own visitor, or whoever works for its site."""
        found = self.talks.find(conv)
        if found is None or found.site != site or (by == "visitor" and found.visitor != author):
            return None
        return found

    def earlier(self, site: str, visitor: str, engagement: str) -> Conversation | None:
        """A visitor's conversation, open or closed, that this engagement led to."""
        found = self.core.store.conversations_of(site, visitor)
        return next((one for one in found if engagement and one.engagement == engagement), None)

    async def send(
        self,
        site: str,
        conv: str,
        by: Author,
        author: str,
        cid: str,
        kind: Kind,
        body: str,
        assign_ver: int | None = None,
        *,
        supervises: bool = False,
    ) -> Appended | Refused:
        """Append a line; the same one again is no mistake.

        A guest needs no `assign_ver`; whoever `supervises` may whisper. Of a visitor who is blocked: `blocked`.
        Refused: `unknown`, `bad_cid`, `bad_kind`, `too_long`, `empty`, `bad_text`, and what AppendEntry refuses.
        """
        self.core.site(site)
        known = self.member(site, conv, by, author)
        if known is None:
            return UNKNOWN
        if bad_cid(cid):
            return Refused("bad_cid")
        if kind not in SAID or (kind in AGENTS_ONLY and by != "agent"):
            return Refused("bad_kind")
        text = clean(body)
        if isinstance(text, Unspeakable):
            return Refused(text.code)
        ver = None
        if by == "agent":
            # Whoever is not the agent of it gets no further than a line that is there already.
            ver = assign_ver if assign_ver is not None and known.agent == author else NO_VERSION
        batch = Batch(self.core.clock())
        batch.add(AppendEntry(conv, by, author, cid, kind, text, batch.now, ver, supervises))
        if kind == "text" and by == "agent":
            self.sign_of(conv, author, ver)
        result: Appended | Refused = (await self.core.commit(batch))[0]
        if by == "visitor" and result == CLOSED and blocked(self.core.site(site), author, batch.now):
            return BLOCKED  # his conversations are all closed; what he had written before is told as ever
        return result

    def sign_of(self, conv: str, staff: str, ver: int | None) -> None:
        """The agent of this assignment has given a sign of himself: he is not taken for absent."""
        talk = self.talks.talks.get(conv)
        if talk is not None and (talk.agent, talk.assign_ver) == (staff, ver):
            talk.asked_at = None

    async def fill_form(self, site: str, conv: str, visitor: str, form: dict[str, str]) -> Conversation | Refused:
        """Keep what the visitor said before it began, once; his question is his first line.

        Refused: `unknown`, and what AppendEntry refuses, as `closed`.
        """
        self.core.site(site)
        known = self.member(site, conv, "visitor", visitor)
        if known is None:
            return UNKNOWN
        if known.form or not form:
            return known
        batch = Batch(self.core.clock())
        batch.add(FillForm(conv, form))
        if form.get("question"):
            cid = f"form:{conv}"
            batch.add(AppendEntry(conv, "visitor", visitor, cid, "text", form["question"], batch.now))
        results = await self.core.commit(batch)
        refused = next((one for one in results if isinstance(one, Refused)), None)
        return refused or self.talks.current(conv)

    async def call_person(self, site: str, conv: str, visitor: str) -> Conversation | Refused:
        """The visitor wants no bot: a person answers, or he waits for one. Refused `unknown`, `closed`."""
        live = self.core.site(site)
        known = self.member(site, conv, "visitor", visitor)
        if known is None or not known.bot:
            return known or UNKNOWN
        with self.core.folding() as batch:
            batch.add(CallPerson(conv))
            talk = self.talks.talks.get(conv)
            seat = live.desk.seats.get(talk.agent) if talk is not None else None
            if talk is not None and seat is not None:
                self.talks.unassign(batch, live, talk, seat, but=seat.staff)
                self.talks.told_of(batch, live, seat.staff)
                self.talks.settle(batch, live)
        results = await self.core.commit(batch)
        return results[0] if isinstance(results[0], Refused) else self.talks.current(conv)

    async def watermark(
        self, site: str, conv: str, by: Author, author: str, delivered: int, read: int
    ) -> Conversation | Refused:
        """Move how far one side has received and read; never back, never beyond the head."""
        self.core.site(site)
        known = self.member(site, conv, by, author)
        if known is None:
            return UNKNOWN
        if by == "agent" and known.agent != author:
            return NOT_ASSIGNED
        batch = Batch(self.core.clock())
        batch.add(MoveWatermark(conv, by, delivered, read))
        talk = self.talks.talks.get(conv)
        if by == "agent" and read and talk is not None and talk.whole and talk.agent == author:
            talk.asked_at = None  # he has seen who calls, and speaks: of a call nobody waits for a text
        result: Conversation | Refused = (await self.core.commit(batch))[0]
        return result

    async def survey(
        self,
        site: str,
        conv: str,
        visitor: str,
        csat: int | None,
        nps: int | None,
        solved: bool | None,
        comment: str,
        number: int = 0,
        ces: int | None = None,
    ) -> Conversation | Refused:
        """Keep the visitor's answers, also after the end; `bad_survey` off a scale (csat 1..5, nps 0..10, ces 1..7).

        `number` is his page's own and grows: what comes after one that is as high changes nothing, however late. Of
        answers without one the last that come count; the same again change nothing.
        """
        self.core.site(site)
        known = self.member(site, conv, "visitor", visitor)
        if known is None:
            return UNKNOWN
        text = clean(comment) if comment else ""
        if isinstance(text, Unspeakable):
            if text.code != "empty":
                return Refused(text.code)
            text = ""
        if not within(csat, 1, 5) or not within(nps, 0, 10) or not within(ces, 1, 7):
            return Refused("bad_survey")
        before, after = answers(known), (csat, nps, solved, text, ces)
        if before == after != NO_ANSWERS and not number:
            return known
        batch = Batch(self.core.clock())
        said = {"csat": csat, "nps": nps, "ces": ces, "solved": solved, "comment": text}
        body = msgspec.json.encode(said).decode()
        # Without a number the same change, sent again at the same time, is the same line.
        cid = survey_cid(number) if number else f"survey:{stable_id('sur', str(before), body)}"
        batch.add(RecordSurvey(conv, csat, nps, solved, text, number, ces))
        batch.add(AppendEntry(conv, "visitor", visitor, cid, "survey", body, batch.now))
        results = await self.core.commit(batch)
        refused = next((one for one in results if isinstance(one, Refused)), None)
        if refused is not None:
            return self.talks.current(conv) if refused.code == "older" else refused
        answered: Conversation = results[0]
        return structs.replace(answered, head=max(answered.head, results[1].entry.seq))

    async def close(
        self,
        site: str,
        conv: str,
        by: Author,
        author: str,
        assign_ver: int | None = None,
        wrap: Wrap | None = None,
        *,
        any_agents: bool = False,
    ) -> Conversation | Refused:
        """End it; an agent only with the current `assign_ver`, and only his own unless `any_agents`. One that is closed
        stays so.

        `wrap`: how it ended, in the same transaction. Refused beside what `judged` refuses: `code_needed` to an agent
        who does not say it where the site wants it; then nothing is closed.
        """
        live = self.core.site(site)
        known = self.member(site, conv, by, author)
        if known is None:
            return UNKNOWN
        told = None if wrap is None else judged(wrap, self.core.store.vocabulary(site))
        if isinstance(told, Refused):
            return told
        talk = self.talks.talks.get(conv)
        if talk is None:
            return await self.closed_before(conv, author, told)
        his = talk.agent == author or (any_agents and talk.agent != "")
        if by == "agent" and (not his or talk.assign_ver != assign_ver):
            return NOT_ASSIGNED
        if by == "agent" and told is None and live.site.wrap_up == "required":
            return CODE_NEEDED
        with self.core.folding() as batch:
            self.talks.close(batch, live, talk, by, author)
            if told is not None:
                batch.add(WrapConversation(conv, author, told.code, told.reason, told.note, batch.now))
        await self.core.commit(batch)
        return self.talks.current(conv)

    async def closed_before(self, conv: str, author: str, wrap: Wrap | None) -> Conversation | Refused:
        """It is closed, perhaps by its visitor in the same moment: the code that its agent gives is kept."""
        one = await self.settled(conv)
        his = author and author == (one.wrap_agent or one.agent)
        return await self.wrap(conv, author, wrap) if wrap is not None and his else one

    async def wrap(self, conv: str, staff: str, wrap: Wrap) -> Conversation | Refused:
        """Keep how it ended."""
        batch = Batch(self.core.clock())
        batch.add(WrapConversation(conv, staff, wrap.code, wrap.reason, wrap.note, batch.now))
        result: Conversation | Refused = (await self.core.commit(batch))[0]
        return result

    async def settled(self, conv: str) -> Conversation:
        """A conversation that memory has closed, once the disk knows it too."""
        await self.core.caught_up()
        return self.talks.current(conv)

    async def take(self, live: LiveSite, seat: Seat, conv: str | None, cid: str = "") -> Conversation | Refused:
        """Give a waiting conversation to the agent who asks for it; `next` (None) again by the same cid: the same."""
        asked = f"take:{cid}" if cid and conv is None else ""
        if asked:
            await self.core.caught_up()  # from here to the fold nothing else happens
            conv = self.taken(live.site.id, seat.staff, asked)
            if conv is not None:
                return await self.settled(conv)
        if conv is None:
            waiting = live.desk.next_for(seat.staff)
            conv = waiting.conv if waiting is not None else ""
        talk = self.talks.talks.get(conv)
        if talk is None or talk.site != live.site.id or (talk.agent and talk.agent != seat.staff):
            return NOBODY_WAITS
        if talk.agent:
            return await self.settled(conv)  # asked twice: what he was given may not be on the disk yet
        with self.core.folding() as batch:
            if not self.talks.assign(batch, live, talk, seat, asked=asked):
                return NO_SLOT
            self.talks.settle(batch, live)
            talk.asked_by = asked
        await self.core.commit(batch)
        return await self.talks.of_visitor(talk)

    def taken(self, site: str, staff: str, cid: str) -> str | None:
        """What an agent has got by this cid: in memory while it may not be on the disk yet, or by its line."""
        found = next((one.conv for one in self.talks.talks.values() if (one.agent, one.asked_by) == (staff, cid)), None)
        return found or self.core.store.conversation_with(site, staff, cid, self.core.clock() - TAKEN_MS)


def answers(one: Conversation) -> tuple[int | None, int | None, bool | None, str, int | None]:
    """What its visitor has said of it."""
    return one.csat, one.nps, one.solved, one.comment, one.ces


def within(answer: int | None, least: int, most: int) -> bool:
    """Whether an answer on a scale is on it; none is an answer too."""
    return answer is None or (not isinstance(answer, bool) and least <= answer <= most)


def bad_cid(cid: str) -> bool:
    """Whether this cannot be a sender's own number for a message."""
    return not 0 < len(cid) <= MOST_CID or not cid.isprintable()
