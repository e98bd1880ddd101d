"""Feeding the facts: from the log and the records of a data folder, always in a worker thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec.structs import replace

from aparte.app import open_store
from aparte.attribution.facts import Facts, Records, Total
from aparte.attribution.sealing import all_totals, may_seal, sealed
from aparte.attribution.store import LeadReader, LedgerReader, SealDay
from aparte.backends.duckdb.store import DuckFacts
from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import ConversationReader, RequestReader
from aparte.engagements.store import EngagementReader, InvitationReader, RecordDecision
from aparte.engine.ports import Store
from aparte.kit.days import Day
from aparte.kit.errors import Unavailable
from aparte.routing.store import RoutingReader
from aparte.sites.model import Site
from aparte.sites.store import SiteReader
from aparte.tracking.store import IdentityReader, LogReader

PORTION = 20_000
"""Lines, or decisions, of one transaction."""
PAGE = 500
SEAL_S = 4 * 3_600.0
DAYS_AT_ONCE = 50
T = TypeVar("T")


class Sources(
    LogReader, EngagementReader, InvitationReader, ConversationReader, RequestReader, IdentityReader, LeadReader,
    LedgerReader, RoutingReader, SiteReader, Protocol,
):  # fmt: skip
    """The part of a store that the facts are made of."""


class Feeding:
    """Brings the facts up to what the store says; several threads may ask for it at once."""

    def __init__(self, facts: Facts, store: Sources) -> None:
        self.facts, self._store = facts, store
        self._one = threading.Lock()

    async def fresh(self) -> Facts:
        """The facts as of now, without holding up the event loop."""
        return await asyncio.to_thread(self.catch_up)

    def catch_up(self) -> Facts:
        """The facts as of now. What the store says while this goes on may or may not be in them."""
        with self._one:
            last = self._store.last_seq()  # before the sites: no line of a site that is not known yet is passed over
            sites = list(self._store.sites())
            self.facts.describe(sites)
            self.log(last)
            self.decisions(last)
            for site in sites:
                self.records(site)
            self.facts.derive()
        return self.facts

    def log(self, last: int) -> None:
        """The lines that are missing, up to this place."""
        fed = self.facts.fed()
        lines = (line for line in self._store.log(after=fed.log) if line.seq <= last)
        while portion := list(islice(lines, PORTION)):
            fed = replace(fed, log=portion[-1].seq)
            self.facts.take(portion, (), fed)

    def decisions(self, last: int) -> None:
        """The decisions that are missing: those of one line always together."""
        fed = self.facts.fed()
        if fed.decisions >= last:
            return
        for portion in whole_lines(self._store.decisions(after=fed.decisions), last):
            fed = replace(fed, decisions=portion[-1].seq)
            self.facts.take((), portion, fed)
        self.facts.take((), (), replace(fed, decisions=last))

    def records(self, site: Site) -> None:
        """What the records of a site say, and the entries that are missing."""
        store, name = self._store, site.id
        requests = [*store.requests(name), *store.requests(name, done=True, limit=1_000_000)]
        told = Records(
            site=site,
            teams=store.teams(name),
            staff=store.staff(name),
            merges=store.merges(name),
            invitations=store.invitations(name),
            conversations=self.conversations(name),
            leads=store.leads(name),
            requests=requests,
            rates=store.rates(name),
        )
        entries = self.entries(self.facts.replace(told).items())
        while portion := list(islice(entries, PORTION)):
            self.facts.add_entries(portion)

    def to_seal(self, now: int) -> list[SealDay]:
        """Days that have been over for 31 days and are not sealed yet, as commands; after `catch_up`."""
        found = []
        for site in self._store.sites():
            done = {one.day for one in self._store.sealed_days(site.id)}
            days = [one.day.isoformat() for one in self.days(site.id) if may_seal(one, now)]
            days = [one for one in days if one not in done]
            if days:
                totals = [one for one in self.facts.totals(site.id, days[0], days[-1]) if one.day in set(days)]
                found += [SealDay(one) for one in sealed(site.id, totals, now)]
        return found

    def days(self, site: str) -> list[Day]:
        """The days of a site that the facts know."""
        sql = "SELECT day, starts_at, ends_at FROM day WHERE site = ? ORDER BY day"
        return [Day(*row) for row in self.facts.ask(sql, [site]).rows]

    def totals(self, site: str, since: str, until: str) -> list[Total]:
        """What days add up to: those that are sealed as they were sealed, the others as they are now."""
        return all_totals(self._store.sealed_days(site, since, until), self.facts.totals(site, since, until))

    def conversations(self, site: str) -> Iterator[Conversation]:
        """All of a site."""
        page = self._store.conversations_before(site, limit=PAGE)
        while page:
            yield from page
            page = self._store.conversations_before(site, page[-1].opened_at, page[-1].id, limit=PAGE)

    def entries(self, missing: Iterable[tuple[str, int]]) -> Iterator[Entry]:
        """Entries after these places."""
        for conv, last in missing:
            page = self._store.entries(conv, last, PAGE)
            while page:
                yield from page
                page = self._store.entries(conv, page[-1].seq, PAGE)


class Analytics:
    """The facts of a running server: opened when they are first asked for, by the process that holds the folder."""

    def __init__(self, data: Path, store: Store) -> None:
        self._data, self._store = data, store
        self._feeding: Feeding | None = None
        self._one = threading.Lock()
        self._closed = False

    def feeding(self) -> Feeding:
        """What brings the facts up to date; Unavailable once the server ends."""
        with self._one:
            if self._closed:
                raise Unavailable("the server ends", hint="ask again in a moment")
            if self._feeding is None:
                self._feeding = Feeding(facts_of(self._data), self._store)
            return self._feeding

    async def fresh(self) -> Facts:
        """The facts as of now."""
        return await asyncio.to_thread(lambda: self.feeding().catch_up())

    async def seal(self, now: int) -> int:
        """Seal the days that are due; how many."""
        await self.fresh()
        commands = await asyncio.to_thread(self.feeding().to_seal, now)
        for first in range(0, len(commands), DAYS_AT_ONCE):
            await self._store.submit(commands[first : first + DAYS_AT_ONCE])
        return len(commands)

    async def keep_sealed(self, clock: Callable[[], int]) -> None:
        """Look every few hours, until cancelled; what cannot be done now is done the next time."""
        while True:
            await asyncio.sleep(SEAL_S)
            with suppress(Unavailable):
                await self.seal(clock())

    def close(self) -> None:
        """Let the file go; a question under way is broken off."""
        with self._one:
            self._closed = True
            if self._feeding is not None:
                self._feeding.facts.close()


def whole_lines(decisions: Iterator[RecordDecision], last: int) -> Iterator[list[RecordDecision]]:
    """Decisions up to a place, in portions that end with a line's last decision."""
    portion: list[RecordDecision] = []
    for one in decisions:
        if one.seq > last:
            break
        if len(portion) >= PORTION and one.seq != portion[-1].seq:
            yield portion
            portion = []
        portion.append(one)
    if portion:
        yield portion


def facts_of(data: Path | None, *, memory: str = "512MB") -> DuckFacts:
    """The facts of a folder whose lock this process holds; None: facts in memory."""
    return DuckFacts(data, memory=memory)


@contextmanager
def folder_facts(data: Path) -> Iterator[tuple[Sequence[Site], Facts]]:
    """The sites and the facts of a folder that no server uses: this opens it itself. Unavailable when one does."""
    store = open_store(data)
    try:
        facts = facts_of(data)
        try:
            Feeding(facts, store).catch_up()
            yield list(store.sites()), facts
        finally:
            facts.close()
    finally:
        store.close()
