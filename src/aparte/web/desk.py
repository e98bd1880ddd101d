"""What all doors behind the hot edge share: the engine, the store, who is who, and how long things may take."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from aparte.attribution.facts import Facts
from aparte.contracts.measures import Measures
from aparte.engine.ports import Store
from aparte.reports.around import Around
from aparte.reports.incrementality.model import Incrementality
from aparte.reports.kpis.causal import Added
from aparte.reports.model import Report
from aparte.reports.results.posting import Letter
from aparte.reports.scope import Scope
from aparte.sites.audit import RecordAudit
from aparte.sites.model import Site, Staff
from aparte.targeting.campaign import Campaigns
from aparte.web.comparisons import Comparisons
from aparte.web.engine import LiveEngine
from aparte.web.glances import Glances
from aparte.web.limits import Buckets
from aparte.web.outgoing import Post
from aparte.web.plain import Problem
from aparte.web.principal import Principal

T = TypeVar("T")
log = logging.getLogger("aparte.web")
MOST_OBJECT, MOST_DETAIL = 300, 1_000
"""Characters of a row of the audit log."""


class Timing(Struct, frozen=True):
    """Seconds; those of the delivery protocol unless a test is in a hurry."""

    hello: float = 10.0
    ping: float = 25.0
    silence: float = 35.0
    authority: float = 5.0
    """How old what we know of sessions and staff may be."""
    live: float = 2.0
    tick: float = 1.0
    poll: float = 25.0
    grace: float = 1.0
    """How long a socket that is closed may take to read the reason."""
    away: float = 15.0
    left: float = 120.0
    agent_away: float = 20.0
    agent_left: float = 60.0
    typing: float = 6.0
    """How long somebody who has begun to write is thought to go on."""


class VisitorTokens(Protocol):
    """Makes and reads visitor tokens; see `sites/tokens.py`."""

    def verify(self, token: str, now_ms: int) -> str | None:
        """The visitor's id, or None."""
        ...

    def make(self, visitor: str, now_ms: int) -> str:
        """A token for this visitor."""
        ...


class ReportMaker(Protocol):
    """Makes the results of a site out of its facts; every call runs in a worker thread."""

    def page(
        self, facts: Facts, site: Site, language: str, asked: Mapping[str, str], around: Around
    ) -> tuple[int, bytes]:
        """Status and HTML in UTF-8 of what an address asks for; `around`: for whom."""
        ...

    def kpis(self, facts: Facts, site: Site, language: str, asked: Mapping[str, str]) -> tuple[int, bytes]:
        """The page of all indicators."""
        ...

    def export(self, facts: Facts, site: Site, language: str, asked: Mapping[str, str]) -> tuple[str, bytes]:
        """Media type and figures; BadInput."""
        ...

    def letter(
        self, facts: Facts, site: Site, language: str, asked: Mapping[str, str], links: tuple[str, str]
    ) -> Letter:
        """The dashboard as a mail; `links`: to the page, and to where the mail is stopped."""
        ...


def wall_clock() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


@dataclass
class Desk:
    """The things themselves; made once by `app`."""

    engine: LiveEngine
    store: Store
    tokens: VisitorTokens
    counters: Callable[[str], dict[str, Any]]
    """A site's counters of messages, as `GET /api/v1/ingest` shows them."""
    campaigns: Callable[[str], Campaigns | None] = lambda site: None
    """The campaigns in force at a site."""
    report: ReportMaker | None = None
    comparisons: Comparisons | None = None
    """What-ifs on the stored log."""
    figures: Callable[[Site, int, int, int], Report] | None = None
    """The report's figures of a site: since, until, now in ms; runs in a worker thread."""
    measures: Measures | None = None
    """Counts what goals and contracts are about."""
    facts: Callable[[], Coroutine[Any, Any, Facts]] | None = None
    """The facts as of now, made in a worker thread; what is asked of them is asked in a worker thread, too."""
    added: Callable[[Facts, Site, Scope], Added] | None = None
    """What inviting has added in a scope, whole and by channel, from the comparison with the hold-out; runs in a worker
    thread."""
    compared: Callable[[Facts, Site, Scope], Incrementality] | None = None
    """Treated against hold-out in a scope, the site and each campaign as wholes; runs in a worker thread."""
    add_site: Callable[[Site], Coroutine[Any, Any, None]] | None = None
    """Begins to serve a new site; BadInput when there is one of this name."""
    on_sites: list[Callable[[], None]] = field(default_factory=list)
    """Told when sites have changed, so that keys are read again."""
    post: Post | None = None
    """The way out for mail and webhooks."""
    url: str = ""
    """This server's own address as people reach it, without a slash at its end; for links that are mailed or
    handed on, which are never made of what a request says of its host."""
    control_token: str = ""
    """Whoever has it is an administrator of all sites: commands on this machine. Empty: nobody."""
    demo: bool = False
    on_human: Callable[[str], None] = lambda staff: None
    """Told when a human signs in in the demo."""
    secure: bool | None = None
    """Cookies for https only; None: as each request came."""
    now: Callable[[], int] = wall_clock
    timing: Timing = field(default_factory=Timing)
    most_waiting: int = 2_000
    """Long polls that wait at a time."""
    directory: Directory = field(init=False)
    messages: Buckets = field(default_factory=lambda: Buckets(5, 20))
    """Of one visitor."""
    openings: Buckets = field(default_factory=lambda: Buckets(0.5, 30))
    """New conversations and new visitor ids of one address: 30 a minute."""
    planning: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    """Held, site by site, while a draft is saved or a version published: one after the other."""
    staffing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a member of staff is changed, so that two admins do not remove one another at once."""
    setting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a site is changed: whoever changes one member of it does not put back the others."""
    glances: Glances = field(init=False)
    _running: set[asyncio.Task[Any]] = field(default_factory=set)
    _epoch: str = ""

    def __post_init__(self) -> None:
        self.directory = Directory(self.store, self.timing.authority)
        self.glances = Glances(self.store)

    def epoch(self) -> str:
        """Of the database; no running process sees it change."""
        self._epoch = self._epoch or self.store.epoch()
        return self._epoch

    async def whole(self, work: Coroutine[Any, Any, T]) -> T:
        """Await a change that goes on to its end even if the caller leaves: half of it would be worse than either."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something that nobody waits for; what goes wrong is said in the log."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def audited(self, me: Principal, verb: str, object: str = "", detail: str = "") -> RecordAudit:
        """The row of the audit log that tells of a change: to be written in the same transaction as the change.

        `verb` is a word of docs/reference/staff.md, `object` the id of what it was done to, `detail` free text.
        """
        return RecordAudit(me.site, self.now(), me.id, verb, object[:MOST_OBJECT], detail[:MOST_DETAIL])

    async def audit(self, me: Principal, verb: str, object: str = "", detail: str = "") -> None:
        """Write such a row where there is no change to write it with; Unavailable when the disk does not take it."""
        await self.store.submit([self.audited(me, verb, object, detail)])

    async def send_mail(self, site: str, to: str, subject: str, text: str) -> bool:
        """Put a mail into the outbox; False when this server sends none. BadInput for what is no mail.

        Subject and text are ours: what somebody else has written never stands in a subject.
        """
        return self.post is not None and await self.post.send_mail(site, to, subject, text)

    def sites_changed(self) -> None:
        """Whoever remembers sites reads them again."""
        self.directory.forget()
        for told in self.on_sites:
            told()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # read, so that nobody is told of an error that the caller did not wait for

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("something that nobody waited for has failed", exc_info=error)

    def site_of(self, key: str) -> Site:
        """The site of a public key, when it runs; Problem 401 or 403."""
        site = self.directory.by_key(key)
        if site is None:
            raise Problem(401, "unknown_key", "no site has this key", where="key", hint="copy it from the console")
        if site.mode == "off":
            raise Problem(403, "off", "this site is switched off", where="key")
        return site


class Directory:
    """Sites and staff as of at most `fresh` seconds ago; what this process changes is seen at once."""

    def __init__(self, store: Store, fresh: float) -> None:
        self._store, self._fresh, self._until = store, fresh, 0.0
        self._sites: dict[str, Site] = {}
        self._keys: dict[str, Site] = {}
        self._staff: dict[str, Staff] = {}

    def forget(self) -> None:
        """Something has changed: read again."""
        self._until = 0.0

    def site(self, id: str) -> Site:
        """A site that exists."""
        self._refresh()
        return self._sites[id]

    def sites(self) -> list[Site]:
        """All sites."""
        self._refresh()
        return list(self._sites.values())

    def by_key(self, key: str) -> Site | None:
        """The site of a public key."""
        self._refresh()
        return self._keys.get(key)

    def staff(self, id: str) -> Staff | None:
        """One member of staff."""
        self._refresh()
        return self._staff.get(id)

    def all_staff(self) -> list[Staff]:
        """All staff of all sites."""
        self._refresh()
        return list(self._staff.values())

    def name(self, staff: str) -> str:
        """What visitors read of an agent; empty when he is gone."""
        found = self.staff(staff)
        return found.name if found else ""

    def _refresh(self) -> None:
        if time.monotonic() < self._until:
            return
        self._until = time.monotonic() + self._fresh
        self._sites = {site.id: site for site in self._store.sites()}
        self._keys = {site.public_key: site for site in self._sites.values()}
        self._staff = {one.id: one for site in self._sites for one in self._store.staff(site)}
