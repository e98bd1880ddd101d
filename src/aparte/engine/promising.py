"""What agents promise a visitor during a conversation: to call him at a time."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from aparte.conversations import callback
from aparte.conversations.apply import ask
from aparte.conversations.model import Author, Conversation, Request
from aparte.conversations.store import AppendEntry, AskRequest, Refused
from aparte.engine.agents_work import AgentsWork
from aparte.engine.asking import Asked, Asking, request_id
from aparte.engine.batch import Batch
from aparte.engine.chats import NO_VERSION, NOT_ASSIGNED, UNKNOWN, bad_cid
from aparte.engine.ports import Changed
from aparte.engine.site import LiveSite
from aparte.routing.hours import on_shift


class Wish(Struct, frozen=True, kw_only=True):
    """What the agent has agreed with the visitor. `at`: milliseconds since 1970, or the site's own clock."""

    cid: str
    phone: str
    at: int | str
    note: str = ""
    name: str = ""


class ClosedThen(Refused, frozen=True):
    """Nobody works at that time; `next`: when somebody does, None when nobody can say."""

    next: int | None = None


class Promising(AgentsWork):
    """A part of `Engine`; every promise is on the disk when its call returns."""

    asking: Asking

    async def book_callback(
        self, site: str, conv: str, staff: str, assign_ver: int, wished: Wish, *, supervises: bool = False
    ) -> Request | Refused:
        """A request to call the visitor, and the line that tells him when, in one transaction.

        By its agent, a guest, or whoever `supervises`. The same cid again is the same request. Refused: `unknown`,
        `bad_cid`, `not_assigned`, `closed`, `cid_conflict`, `bad_phone`, `bad_text`, `too_long`, `bad_time`, `past`,
        and ClosedThen.
        """
        live, known = self.core.site(site), self.chats.member(site, conv, "agent", staff)
        if known is None:
            return UNKNOWN
        by = self._speaks_as(known, staff, supervises=supervises)
        if by is None or bad_cid(wished.cid):
            return NOT_ASSIGNED if by is None else Refused("bad_cid")
        request = self._wished(live, known, staff, wished)
        if isinstance(request, Refused):
            return request
        earlier = self.core.store.request(request.id)
        if earlier is not None:
            again = ask(earlier, request)
            return again if isinstance(again, Refused) else earlier
        refused = self._no_time(live, request, self.core.clock())
        return refused or await self._booked(live, known, request, by, assign_ver, wished.cid)

    def _speaks_as(self, known: Conversation, staff: str, *, supervises: bool) -> Author | None:
        """As an agent for whoever is in the conversation; whoever only supervises is not, and the house speaks."""
        if staff == known.agent or staff in known.guests:
            return "agent"
        return "system" if supervises else None

    def _wished(self, live: LiveSite, known: Conversation, staff: str, wished: Wish) -> Request | Refused:
        """The request that these words are; its id is made of the agent's own number for it."""
        zone = ZoneInfo(live.site.time_zone)
        at = callback.moment_of(wished.at, zone)
        if at is None or not 0 < at <= self.core.clock() + callback.LONGEST_AHEAD_MS:
            return Refused("bad_time")
        name = wished.name or known.form.get("name", "")
        asked = Asked(cid=wished.cid, kind="callback", phone=wished.phone, body=wished.note, name=name)
        read = self.asking.read(asked)
        if isinstance(read, Refused):
            return read
        read = structs.replace(read, wanted=callback.wish(at, zone), language=known.language, skill=known.skill)
        made = self.asking.request(live, known.visitor, read, self.core.clock())
        id = request_id(known.site, known.visitor, "", f"booked:{known.id}:{staff}:{wished.cid}")
        return structs.replace(made, id=id, conv=known.id, due_at=at, booked_by=staff)

    def _no_time(self, live: LiveSite, request: Request, now: int) -> Refused | None:
        """Why nobody can call then; None when somebody can."""
        at = request.due_at or 0
        if at <= now:
            return Refused("past")
        open_at = self._hours(live, request.skill)
        return None if open_at(at) else ClosedThen("closed_then", callback.next_open(at, open_at))

    def _hours(self, live: LiveSite, skill: str | None) -> Callable[[int], bool]:
        """Tells of a moment whether the site is open, and whether somebody with this skill works, as shifts say it.

        Where nobody with the skill has shifts, the site's hours alone rule; a site without hours is always open.
        """
        here = [one for site in self.core.sites for one in self.core.store.staff(site) if live.site.id in one.serves]
        able = [one for one in here if one.left_at is None and (not skill or skill in one.skills)]
        shifts, zone = [shift for one in able for shift in one.shifts], ZoneInfo(live.site.time_zone)
        return lambda at: live.state.open(at) and (not shifts or on_shift(shifts, at, zone))

    async def _booked(
        self, live: LiveSite, known: Conversation, request: Request, by: Author, assign_ver: int, cid: str
    ) -> Request | Refused:
        staff, at = request.booked_by, request.due_at or 0
        text = callback.told(at, ZoneInfo(live.site.time_zone), request.phone, known.language)
        ver = None if by == "system" else assign_ver if known.agent == staff else NO_VERSION
        batch = Batch(self.core.clock())
        line = AppendEntry(known.id, by, staff, f"callback:{cid}", "text", text, batch.now, ver)
        batch.add(line, AskRequest(request))
        if by == "agent":
            self.chats.sign_of(known.id, staff, ver)
        results = await self.core.commit(batch)
        refused = next((one for one in results if isinstance(one, Refused)), None)
        if refused is not None:
            return refused
        kept: Request = results[1]
        self.core.tell(Changed(kept.site, "request", value=kept))
        return kept
