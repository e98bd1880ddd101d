"""A simulation: visitors and agents drive the real engine, moment by moment, on a clock that jumps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

import msgspec
from msgspec import Struct, field

from aparte.conversations.model import Conversation, Request
from aparte.engine.live import Engine
from aparte.engine.ports import Arriving, Changed, OfferShown, Pulse
from aparte.kit.civil import local
from aparte.simulation import figures
from aparte.simulation.acts import Act
from aparte.simulation.history import CONFIRMED_MS, DRAWN_MS
from aparte.simulation.people import DAY_MS, Plan, Somebody, comings, somebody
from aparte.simulation.staff import SHIFTS, Shift
from aparte.simulation.tag import Tag, confirmation
from aparte.simulation.talk import EASE, Talk, talk
from aparte.simulation.truth import Count
from aparte.simulation.twin import Visit
from aparte.simulation.walk import BASE_URL
from aparte.sites.model import Site, Staff
from aparte.tracking.timestamps import iso

PULSE_MS, TOGETHER_MS, QUARTER_MS = 10_000, 500, 900_000
LEAST_LEFT_MS = 2_000
"""Nobody answers an invitation in its last seconds."""
MATURE_MS = 7 * DAY_MS
"""After the last day nobody comes, but candidates have as long to buy as the report gives them."""
BY_LOAD = figures.numbers("chats.reply_by_load")

encode = msgspec.json.Encoder().encode


class Clock:
    """What the engine takes for now, in milliseconds since 1970."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class Coming(Struct, gc=False):
    """One visit, on its way through the shop."""

    who: Somebody
    visit: Visit
    tag: Tag
    queue: list[bytes] = field(default_factory=list)
    pending: Act | None = None
    acts: int = 0
    due: int = 0
    """When the pending act is to be done."""
    busy_until: int = 0
    late: bool = False
    """The pending act's time came while he was busy."""
    pulse: int = 0
    """Which of the planned pulses is the true one."""
    answered: str = ""
    """The invitation that he has reacted to."""
    forked_at: int = 1 << 62
    left: bool = False


class Chatting(Struct, gc=False):
    """A conversation, from its opening to its end."""

    coming: Coming
    plan: Talk
    campaign: str
    begun: bool = False
    given_up: bool = False


class Simulation:
    """Everything that happens on one site. `staff` are its agents, with the `SHIFTS` in turn."""

    def __init__(self, engine: Engine, clock: Clock, plan: Plan, site: Site, staff: Sequence[Staff]) -> None:
        self.engine, self.clock, self.plan, self.site, self.staff = engine, clock, plan, site, staff
        self.rng = Random(f"{plan.seed}/talks")
        self.agenda: list[tuple[int, int, int, Any, tuple[Any, ...]]] = []
        self.turn = count()
        self.people: dict[str, Somebody] = {}
        self.known: dict[int, Somebody] = {}
        self.here: set[int] = set()
        self.talks: dict[str, Chatting] = {}
        self.counts: dict[str, Count] = {}
        self.assigned: list[Conversation] = []
        self.on_duty: set[str] = set()
        self.visits = 0
        engine.subscribe(self.heard)

    # The agenda

    async def run(self, progress: Callable[[float], None] = lambda done: None) -> None:
        """From the first visitor until the last candidate has had his time; `progress` hears of each day, 0 to 1."""
        await self.engine.boot()
        for one in self.staff:
            self.engine.connected(one.id, 1)
        for at in range(self.plan.start - self.plan.start % QUARTER_MS, self.plan.end + DAY_MS, QUARTER_MS):
            self.at(max(at, self.plan.start), -1, self.change_shifts)
        for at, number in comings(self.plan, self.site.time_zone):
            self.at(at, 2, self.come, number)
        end, day = self.plan.end + MATURE_MS, 0
        while self.agenda:
            at, _, _, what, given = heappop(self.agenda)
            await self.passes(at)
            await what(at, *given)
            while self.assigned:
                await self.taken(at, self.assigned.pop(0))
            if (at - self.plan.start) // DAY_MS > day:
                day = (at - self.plan.start) // DAY_MS
                progress(min(day / self.plan.days, 1.0))
        await self.passes(end)
        await self.engine.stop()

    def at(self, at: int, rank: int, what: Any, *given: Any) -> None:
        """Put a moment on the agenda; of one time the lower rank comes first."""
        heappush(self.agenda, (at, rank, next(self.turn), what, given))

    async def passes(self, until: int) -> None:
        """The clock goes on; the engine looks around whenever one of its own times has come."""
        while (due := self.engine.next_due()) is not None and due <= until:
            self.clock.now = max(self.clock.now, due)
            await self.engine.sweep()
        self.clock.now = max(self.clock.now, until)

    def heard(self, changed: Changed) -> None:
        """A conversation that an agent has now."""
        if changed.what == "conversation" and changed.value.agent and changed.conv in self.talks:
            self.assigned.append(changed.value)

    # Visits

    async def come(self, at: int, number: int) -> None:
        """Somebody comes, for the first time or again; who is still there comes later."""
        if number in self.here:
            self.at(at + DAY_MS, 2, self.come, number)
            return
        who = self.known.get(number)
        if who is None:
            who = self.known[number] = somebody(self.plan, number)
            self.people[who.person.id] = who
        self.here.add(number)
        who.visits += 1
        self.visits += 1
        rng = Random(f"{self.plan.seed}/{number}/{who.visits}")
        visit = Visit(rng, who.person, who.persona, f"ML-{number:07d}-{who.visits}", who.nature)
        await self.go_on(at, Coming(who, visit, Tag(who.person, BASE_URL, f"{who.person.id[:20]}-{who.visits}")))

    async def go_on(self, at: int, one: Coming) -> None:
        """The next acts: those that follow at once are sent together."""
        while True:
            forked = one.visit.forked
            act = one.pending = one.visit.next()
            if one.visit.forked and not forked:
                one.forked_at = at
            if act is None:
                await self.leave(at, one)
                return
            if act.wait_ms > TOGETHER_MS:
                one.due = at + act.wait_ms
                self.at(one.due, 2, self.act, one)
                await self.send(at, one)
                return
            await self.do(at, one, act)

    async def act(self, at: int, one: Coming) -> None:
        """The time of the pending act has come; who is busy does it later."""
        if at < one.busy_until:
            one.late = True
        elif one.pending is not None:
            await self.do(at, one, one.pending)
            await self.go_on(at, one)

    async def do(self, at: int, one: Coming, act: Act) -> None:
        """Note what he did; the shop's server tells of an order a moment later."""
        one.acts += 1
        if act.kind:
            one.queue.append(encode(one.tag.message(act, iso(at))))
        if act.name == "Order Completed":
            self.at(at + CONFIRMED_MS, 1, self.confirm, one, act)
        if one.acts == one.visit.asks_at and self.engine.agents_available(self.site.id):
            await self.send(at, one)
            conv = await self.engine.open_conversation(self.site.id, one.who.person.id, one.who.person.language)
            await self.begun(at, one, conv, "", "")

    async def confirm(self, at: int, one: Coming, act: Act) -> None:
        """The order once more, with the secret key."""
        line = encode(confirmation(act, one.who.person.id, iso(at)))
        await self.engine.take(Arriving(site=self.site.id, lines=[line], received_at=at, trusted=True))

    async def leave(self, at: int, one: Coming) -> None:
        """The page is closed."""
        await self.send(at, one, visible=False)
        one.left = True
        one.pulse = next(self.turn)
        self.here.discard(one.who.number)
        one.who.forks.append((one.forked_at, at))

    # Pulses and invitations

    async def send(self, at: int, one: Coming, *, visible: bool = True) -> None:
        """A pulse with what is queued; the next one comes when the engine asks for it, ten seconds later at most."""
        lines, one.queue = one.queue, []
        who = one.who.person
        messages = Arriving(
            site=self.site.id,
            lines=lines,
            received_at=at,
            sent_at=at,
            visitor=who.id,
            user_agent=who.user_agent,
            country=who.country,
        )
        answer = await self.engine.pulse(
            Pulse(messages=messages, visitor=who.id, visible=visible, language=who.language)
        )
        if visible:
            one.pulse = next(self.turn)
            self.at(at + min(PULSE_MS, answer.wake_in_ms or PULSE_MS), 1, self.pulse, one, one.pulse)
            if answer.offer is not None and answer.offer.engagement != one.answered:
                self.react(at, one, answer.offer)

    async def pulse(self, at: int, one: Coming, which: int) -> None:
        """Nothing has happened on the page for a while."""
        if one.pulse == which and (at < one.due or at < one.busy_until):
            await self.send(at, one)

    def react(self, at: int, one: Coming, offer: OfferShown) -> None:
        """He sees an invitation, or misses it, and answers as it is his nature."""
        state = self.engine.visit(self.site.id, one.who.person.id)
        campaign = state.visitor.open.campaign if state is not None and state.visitor.open is not None else ""
        one.answered = offer.engagement
        reaction = one.visit.react(campaign)
        if reaction.kind == "missed":
            return
        seen = at + DRAWN_MS
        self.at(seen, 1, self.shown, one, offer)
        answers = min(seen + reaction.after_ms, max(offer.expires_at - LEAST_LEFT_MS, seen))
        if reaction.kind == "accept":
            one.busy_until = max(one.busy_until, answers + 1)
            self.at(answers, 1, self.accept, one, offer, campaign)
        elif reaction.kind == "decline":
            one.busy_until = max(one.busy_until, answers + 1)
            self.at(answers, 1, self.decline, one, offer)

    async def shown(self, at: int, one: Coming, offer: OfferShown) -> None:
        """It is on the screen."""
        await self.engine.move_invitation(self.site.id, one.who.person.id, offer.engagement, "shown")

    async def decline(self, at: int, one: Coming, offer: OfferShown) -> None:
        """No, thank you."""
        await self.engine.move_invitation(self.site.id, one.who.person.id, offer.engagement, "declined")
        self.resume(at + 1, one)

    async def accept(self, at: int, one: Coming, offer: OfferShown, campaign: str) -> None:
        """Yes, please; too late is no conversation."""
        who = one.who.person
        conv = await self.engine.accept(self.site.id, who.id, offer.engagement, who.language)
        if conv is None or isinstance(conv, Request):  # too late, or he is called back some other day
            self.resume(at + 1, one)
            return
        said = offer.offer.message
        await self.begun(at, one, conv, campaign, said if isinstance(said, str) else "")

    def resume(self, at: int, one: Coming) -> None:
        """He is not busy any more."""
        one.busy_until = at
        if one.late:
            one.late = False
            one.due = at
            self.at(at, 2, self.act, one)

    # Conversations

    async def begun(self, at: int, one: Coming, conv: Conversation, campaign: str, said: str) -> None:
        """A conversation is open: with an agent, or in the queue for as long as his patience lasts."""
        if conv.id in self.talks:
            return
        one.busy_until = 1 << 62
        chat = self.talks[conv.id] = Chatting(one, talk(self.rng, one.visit, conv.id, at, said), campaign)
        if campaign and not one.visit.forked:
            self.counts.setdefault(campaign, Count()).accepted += 1
        if conv.agent:
            await self.taken(at, conv)
        else:
            self.at(at + int(1000 * one.who.nature.patience_s), 1, self.give_up, conv.id, chat)

    async def taken(self, at: int, conv: Conversation) -> None:
        """An agent has it: what both will write, and when, is known now. With more to do he answers later."""
        chat = self.talks.get(conv.id)
        if chat is None or chat.begun:
            return
        chat.begun = True
        load = self.engine.agent(conv.agent).load
        chat.plan.held(at, conv.agent, BY_LOAD[min(load, len(BY_LOAD)) - 1])
        for entry in chat.plan.entries:
            if entry.kind == "text":
                self.at(entry.at, 1, self.say, conv.id, entry.id, entry.by, entry.body)
        self.at(chat.plan.closed_at, 1, self.close, conv.id)

    async def say(self, at: int, conv: str, cid: str, by: str, body: str) -> None:
        """A line."""
        known = self.engine.conversation(conv)
        chat = self.talks.get(conv)
        if known is None or chat is None:
            return
        if by == "agent":
            agent = known.agent
            await self.engine.send(self.site.id, conv, "agent", agent, cid, "text", body, known.assign_ver)
        else:
            await self.engine.send(self.site.id, conv, "visitor", chat.coming.who.person.id, cid, "text", body)

    async def close(self, at: int, conv: str) -> None:
        """It is over, and it has helped, unless he had decided before."""
        chat = self.talks.pop(conv)
        one = chat.coming
        if not one.visit.forked:
            one.visit.talked = True
            one.who.helped.add(chat.campaign)
            if chat.campaign:
                self.counts[chat.campaign].helped += 1
        await self.engine.close(self.site.id, conv, "visitor", one.who.person.id)
        if chat.plan.survey is not None:
            csat, nps, solved, comment = chat.plan.survey
            who = one.who.person.id
            await self.engine.survey(self.site.id, conv, who, csat, nps, solved, comment, ces=EASE[csat])
        self.resume(at + 1_500, one)

    async def give_up(self, at: int, conv: str, chat: Chatting) -> None:
        """Nobody came in time."""
        if chat.begun or conv not in self.talks:
            return
        del self.talks[conv]
        await self.engine.close(self.site.id, conv, "visitor", chat.coming.who.person.id)
        self.resume(at + 1, chat.coming)

    # Agents

    async def change_shifts(self, at: int) -> None:
        """Every quarter of an hour: who takes conversations."""
        moment = local(at, self.site.time_zone)
        hour = moment.hour + moment.minute / 60
        for number, one in enumerate(self.staff):
            works = working(SHIFTS[number % len(SHIFTS)], moment.weekday(), hour)
            if works != (one.id in self.on_duty):
                (self.on_duty.add if works else self.on_duty.discard)(one.id)
                await self.engine.set_status(one.id, "available" if works else "away")


def working(shift: Shift, weekday: int, hour: float) -> bool:
    """Whether somebody answers at this hour of the site's clock."""
    return weekday in shift.days and any(start <= hour < end for start, end in shift.hours)
