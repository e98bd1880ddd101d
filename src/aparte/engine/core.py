"""The heart of the live engine: lines get their place in the one order, are folded, and go to the store.

Memory leads, the log is the truth (docs/decisions/0012-memory-leads.md). Folding never awaits. Whatever is folded is
submitted in the same breath; when the store loses a list, all of memory is suspect, is dropped, and is made again from
the store.
"""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from aparte.conversations.store import Refused
from aparte.engagements.model import Decision, HoldOut, Invite, Refrain
from aparte.engagements.store import OfferInvitation, RecordDecision
from aparte.engine.batch import OF_CONVERSATIONS, Batch
from aparte.engine.ports import Changed, Command, Store
from aparte.engine.site import SITE_FACTS, LiveSite, published_text
from aparte.kit.errors import Unavailable
from aparte.sessions.apply import over
from aparte.sessions.model import VisitorState
from aparte.sites.model import Site
from aparte.targeting.campaign import Campaigns
from aparte.tracking.model import Event, Message, SessionEnded, TimerElapsed, Track
from aparte.tracking.store import Logged, SeenIds

MOST_TEXTS = 8
FIRST_RETRY_S, LONGEST_RETRY_S = 0.05, 2.0
"""The promise is to go on within five seconds, of which making memory again takes some."""
_encode = msgspec.json.Encoder().encode


class Folding:
    """`with core.folding() as batch`. A class, because a generator would cost each event as much as its fold."""

    __slots__ = ("core",)

    def __init__(self, core: Core) -> None:
        self.core = core

    def __enter__(self) -> Batch:
        return Batch(self.core.clock())

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is not None:
            self.core.fail("a batch was broken off")


class Core:
    """Sites in memory, the place in the log, and the way to the store."""

    def __init__(
        self,
        store: Store,
        sites: Sequence[tuple[Site, Campaigns]],
        *,
        clock: Callable[[], int],
        seen: Callable[[], SeenIds],
        most_visitors: int,
        new_id: Callable[[], str],
    ) -> None:
        self.store, self.clock, self.seen, self.most_visitors = store, clock, seen, most_visitors
        self.new_id = new_id
        self.configured = {site.id: (site, campaigns) for site, campaigns in sites}
        self.sites: dict[str, LiveSite] = {}
        self.texts = {campaigns.text: campaigns for _, campaigns in sites if campaigns.text}
        """Campaigns by their text, so that none is compiled twice; the last few."""
        self.last_known: dict[str, Campaigns] = {}
        self.versions: dict[str, int] = {}
        """The greatest version of each site's campaigns, those on their way to the disk included."""
        self.seq = 0
        self.trouble: str | None = "starting"
        """Why no events are taken; None when all is well."""
        self.generation = 0
        """Grows with each loss: what belongs to an older memory does not touch the new one."""
        self.unfinished: set[Future[list[Any]]] = set()
        self.recovery: asyncio.Task[None] | None = None
        self.restore: Callable[[], Batch] = lambda: Batch(0)
        """Makes memory again from the store; set by who knows how. The batch is what starting itself writes."""
        self.published: Callable[[list[Command], list[Any]], None] = lambda commands, results: None
        self.leaving: Callable[[Batch, list[Command]], Sequence[Command]] = lambda batch, commands: ()
        """What leaves because of these commands, to be written with them; set by who knows it."""
        self.addressed: Callable[[Batch, LiveSite, VisitorState], None] = lambda batch, live, visitor: None
        """Hears of each visitor with several identities for whom an arm may have been drawn; set by who knows them."""
        self.listeners: list[Callable[[Changed], None]] = []

    # Folding

    def compiled(self, text: str) -> Campaigns:
        """The campaigns of a text that was published."""
        found = self.texts.pop(text, None) or published_text(text)
        while len(self.texts) >= MOST_TEXTS:
            del self.texts[next(iter(self.texts))]
        self.texts[text] = found
        return found

    def campaigns(self, site: str) -> Campaigns:
        """Those in force; while memory is made again, those that were. KeyError for a site that nobody has named."""
        live = self.sites.get(site)
        if live is not None:
            self.last_known[site] = live.campaigns
            return live.campaigns
        return self.last_known.get(site) or self.configured[site][1]

    def site(self, site: str) -> LiveSite:
        """A site that is ready; Unavailable when none is, KeyError for one that nobody has named."""
        if self.trouble is not None:
            raise Unavailable(self.trouble, hint="try again in a moment")
        return self.sites[site]

    def folding(self) -> Folding:
        """A batch; when folding it is broken off half way, memory is suspect."""
        if self.trouble is not None:
            raise Unavailable(self.trouble, hint="try again in a moment")
        return Folding(self)

    def log(self, batch: Batch, live: LiveSite, event: Event) -> list[Decision]:
        """Give an event or a fact its place, fold it, and write down what it leads to."""
        if isinstance(event, SITE_FACTS):
            visitor = kind = ""
        else:
            visitor = event.visitor
            if visitor not in live.visits:
                self.make_room(batch, live, visitor)
        if isinstance(event, Message):
            kind, message_id = event.kind, event.message_id
            name = event.event if type(event) is Track else ""
        else:
            kind, message_id, name = type(event).__name__, "", ""
        self.seq = seq = self.seq + 1
        batch.rows.append(
            Logged(seq, live.site.id, batch.now, event.at, visitor, kind, name, message_id, _encode(event))
        )
        decisions = live.fold(event, seq)
        for number, decision in enumerate(decisions):
            record(batch, live, decision, seq, number)
        if decisions:
            self.tell_others(batch, live, decisions)
        return decisions

    def tell_others(self, batch: Batch, live: LiveSite, decisions: list[Decision]) -> None:
        """Arms that these decisions may have drawn, to whom the visitor is known to be as well."""
        visit = live.visits.get(decisions[0].visitor)
        drawn = any(one.newly_candidate or not isinstance(one, Refrain) for one in decisions)
        if drawn and visit is not None and visit.visitor.others:
            self.addressed(batch, live, visit.visitor)

    def make_room(self, batch: Batch, live: LiveSite, visitor: str) -> None:
        """Before somebody new comes in, somebody leaves when memory is full."""
        while sum(len(one.visits) for one in self.sites.values()) >= self.most_visitors:
            fullest = max(self.sites.values(), key=lambda one: len(one.visits))
            victim = fullest.victim()
            if victim is None or victim == visitor:
                return
            self.log(batch, fullest, SessionEnded(at=batch.now, visitor=victim))

    def fire(self, batch: Batch, live: LiveSite, visitor: str, until: int) -> None:
        """The visitor's timers that are due at or before this time, each at its own time."""
        visit = live.visits.get(visitor)
        while visit is not None and visit.session is not None and visit.session.deadlines:
            due = min(visit.session.deadlines.values())
            if due > until or over(visit.session, due):
                return
            self.log(batch, live, TimerElapsed(at=due, visitor=visitor))

    # Writing

    def submit(self, batch: Batch) -> Future[list[Any]] | None:
        """Hand a batch to the store; None when there is nothing to write. What follows its commit needs no waiting."""
        commands = batch.written()
        if not commands:
            return None
        left = self.leaving(batch, commands)
        if left:
            commands = [*commands, *left]
        try:
            future = self.store.submit(commands)
        except Unavailable as error:
            self.fail(str(error))
            raise
        self.unfinished.add(future)
        future.add_done_callback(partial(self.done, batch, commands, self.generation))
        return future

    async def commit(self, batch: Batch) -> list[Any]:
        """Submit, and wait for the disk; results beside `batch.written()`. Unavailable when it was lost."""
        if self.submit(batch) is None:
            return []
        # A future of his own: a caller who goes away must not take his transaction with him.
        batch.told = told = asyncio.get_running_loop().create_future()
        results: list[Any] = await told
        if batch.lost(results):
            raise Unavailable("the database has refused a list that memory had folded", hint="try again in a moment")
        return results[: len(batch.written())]  # without those of what leaves with it

    async def settled(self, future: Future[list[Any]]) -> list[Any]:
        """The results of a list, once everybody has been told of them: a store may be done before it returns."""
        # Shielded: a caller who goes away must not take his transaction with him.
        results = await asyncio.shield(future)
        if future in self.unfinished:
            await asyncio.sleep(0)
        return results

    async def caught_up(self) -> None:
        """All lists of before are on the disk; Unavailable when one of them was lost."""
        for future in list(self.unfinished):
            await self.settled(future)

    def done(self, batch: Batch, commands: list[Command], generation: int, future: Future[list[Any]]) -> None:
        """A list is on the disk, or lost."""
        self.unfinished.discard(future)
        error = None if future.cancelled() else future.exception()
        if batch.told is not None:
            answer(batch.told, future)  # he goes on after all who listen have been told
        current = generation == self.generation
        if future.cancelled() or error is not None:
            if current:
                self.fail(str(error or "a transaction was cancelled"))
        elif batch.lost(results := future.result()):
            if current:
                self.fail(f"the database has refused a list that memory had folded: {results}")
        elif current:
            undone = any(isinstance(one, Refused) for one in results)  # then nothing of it is there to be told
            if not undone and not OF_CONVERSATIONS.isdisjoint(map(type, batch.commands)):
                self.published(commands, results)
            for then in batch.then:
                then(commands, results)

    def tell(self, changed: Changed) -> None:
        """Tell everybody who listens."""
        for listener in list(self.listeners):
            listener(changed)

    # Failing and coming back

    def fail(self, why: str) -> None:
        """Memory may hold what was never written: drop it, and make it again as soon as the store allows."""
        self.generation += 1
        self.trouble = why
        self.sites = {}
        if self.recovery is None:
            self.recovery = asyncio.get_running_loop().create_task(self.recover())

    async def recover(self) -> None:
        """Try until memory is whole again."""
        delay = FIRST_RETRY_S
        try:
            while self.trouble is not None:
                await asyncio.sleep(delay)
                delay = min(2 * delay, LONGEST_RETRY_S)
                await self.try_again()
        finally:
            self.recovery = None

    async def try_again(self) -> None:
        """Once."""
        if self.unfinished:
            await asyncio.wait(self.unfinished)
        try:
            self.store.recover()
            await self.start()
        except Unavailable as error:
            self.trouble = str(error)

    async def start(self) -> None:
        """Make memory from the store; Unavailable when it cannot be read or written."""
        self.generation += 1
        batch = self.restore()
        future = self.submit(batch)
        if future is not None:
            results = await asyncio.shield(future)
            if batch.lost(results):
                raise Unavailable("the database has refused the first list")
        self.trouble = None


def answer(told: Future[list[Any]], future: Future[list[Any]]) -> None:
    """Say to whoever still waits what a list has come to."""
    if told.done():
        return
    if future.cancelled():
        told.cancel()
    elif (error := future.exception()) is not None:
        told.set_exception(error)
    else:
        told.set_result(future.result())


def record(batch: Batch, live: LiveSite, decision: Decision, seq: int, number: int) -> None:
    """A decision beside the line that led to it; an invitation begins its life."""
    site = live.site.id
    batch.add(
        RecordDecision(
            seq,
            number,
            site,
            decision.at,
            decision.visitor,
            decision.session,
            decision.engagement,
            decision.campaign,
            decision.rule,
            str(type(decision).__struct_config__.tag),
            detail(decision),
            decision.newly_eligible,
            decision.newly_covered,
            decision.newly_candidate,
            _encode(decision),
        )
    )
    if isinstance(decision, Invite):
        offer = decision.offer
        batch.add(
            OfferInvitation(
                decision.engagement,
                site,
                decision.visitor,
                decision.campaign,
                decision.rule,
                offer.skill,
                offer.channel,
                decision.at,
                decision.expires_at,
            )
        )


def detail(decision: Decision) -> str:
    """What sets a decision apart from others of its kind."""
    if isinstance(decision, Invite):
        return decision.variant or ""
    return decision.level if isinstance(decision, HoldOut) else decision.reason.value
