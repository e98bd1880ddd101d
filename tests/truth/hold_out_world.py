"""Visitors who come, come back, and have two tabs open, while the server restarts and campaigns change; and what is
wrong with how they were treated."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from random import Random

from msgspec import Struct, field

from aparte.backends.memory.recent import RecentIds
from aparte.backends.sqlite.bulk import BulkStore, open_bulk
from aparte.engine.live import Engine
from aparte.engine.ports import Arriving, Pulse
from aparte.experiments.model import HOLDOUT, campaign_seed, site_seed
from aparte.experiments.statistics import srm
from aparte.reports.population import Period, populations
from aparte.sessions.saved import unpack_visitor
from aparte.sites.model import Site, Staff
from aparte.sites.store import SaveSite, SaveStaff
from aparte.targeting.campaign import Campaigns, load
from aparte.tracking.store import WINDOW

T0 = 1_767_607_200_000  # Monday, 5 January 2026, 11:00 in Paris
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
SITE = Site(id="shop", name="Shop", public_key="p", secret_key_hash="s")
STAFF = Staff(id="kim", site="shop", email="kim@shop.example", name="Kim", maximum=100_000, skills=("sales",))
NAMES = ("cart", "search", "payment")
EVENTS = {"cart": "Cart Viewed", "search": "Products Searched", "payment": "Payment Error"}
SHARES = (
    (0.10, {"cart": 0.20, "search": 0.50, "payment": 0.10}),
    (0.05, {"cart": 0.40, "search": 0.30, "payment": 0.02}),
)
"""Hold-outs of the site and of the campaigns, by version."""


def campaigns(version: int) -> Campaigns:
    """The campaigns with the shares of a version, from 1."""
    site, of = SHARES[version - 1]
    counted = "\n".join(f'[behaviours.{name}_n]\ncount = "{event}"' for name, event in EVENTS.items())
    told = "\n".join(
        f"""[[campaigns]]
name = "{name}"
version = {version}
holdout = {of[name]}
[[campaigns.rules]]
name = "again"
when = '{name}_n >= 2'
offer = {{ channel = "chat", skill = "sales", expires = "20s", message = "May I help?" }}
[campaigns.frequency]
once_per_session = true
"""
        for name in NAMES
    )
    return load(f'[site]\nid = "shop"\nversion = {version}\nholdout = {site}\n{counted}\n{told}', "hold-out.toml")


class Wrong(Struct):
    """What must not be; counted."""

    contacts: int = 0
    """Of visitors who are held out, by the site or by the campaign."""
    flips: int = 0
    """Visitors with two arms of one hold-out."""
    again: int = 0
    """Exposures that were counted again in the same session."""
    uneven: dict[str, float] = field(default_factory=dict)
    """Hold-outs whose arms are not as planned: p-values of 0.001 and less."""

    def any(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.contacts or self.flips or self.again or self.uneven)


class World:
    """The engine over a store on the disk, and what visitors saw of it."""

    def __init__(self, data: Path, seed: int) -> None:
        self.data, self.rng, self.now, self.version = data, Random(seed), T0, 1
        self.seen: list[tuple[str, str]] = []
        """Visitor and campaign of each invitation that a page was given."""
        self.restarts = self.pulses = self.sent = 0
        self.person: dict[str, str] = {}
        """Visitors who turned out to be another one as well."""

    async def begin(self) -> None:
        """The first start."""
        self.store: BulkStore = open_bulk(self.data)
        await self.store.submit([SaveSite(SITE), SaveStaff(STAFF)])
        await self.boot()

    async def boot(self) -> None:
        """A process over the store."""
        self.engine = Engine(
            self.store,
            [(SITE, campaigns(self.version))],
            clock=lambda: self.now,
            seen=partial(RecentIds, WINDOW),
            checkpoint_ms=HOUR_MS,
        )
        await self.engine.boot()
        self.engine.connected(STAFF.id, 1)
        await self.engine.set_status(STAFF.id, "available")

    async def restart(self, version: int | None = None) -> None:
        """The process ends in the middle of everything, without a word; the next one may have other campaigns."""
        self.restarts += 1
        self.version = version or self.version
        self.store.close()
        self.store = open_bulk(self.data)
        await self.boot()

    async def page(self, visitor: str, tab: int, *events: str) -> None:
        """A tab of a visitor sends what happened on it, and shows what it is given."""
        self.now += 3
        lines = [self.line(event) for event in events]
        about = Arriving(site="shop", lines=lines, received_at=self.now, visitor=visitor)
        pulse = Pulse(messages=about, visitor=visitor, visible=True, language="en" if tab else "fr")
        self.pulses += 1
        offer = (await self.engine.pulse(pulse)).offer
        if offer is None:
            return
        state = self.engine.visit("shop", visitor)
        assert state is not None
        assert state.visitor.open is not None
        self.seen.append((visitor, state.visitor.open.campaign))
        move = self.rng.choice(("shown", "declined", "ignored"))
        await self.engine.move_invitation("shop", visitor, offer.engagement, move)  # type: ignore[arg-type]

    def line(self, event: str) -> bytes:
        """An event of a page, now."""
        self.sent += 1
        results = {"results": 0} if event == "Products Searched" else {}
        return json.dumps(
            {"type": "track", "event": event, "messageId": f"m{self.sent}", "properties": results}
        ).encode()

    async def proves(self, visitor: str, user_id: str) -> None:
        """The shop's server says who a visitor is."""
        self.sent += 1
        told = {"type": "identify", "messageId": f"m{self.sent}", "anonymousId": visitor, "userId": user_id}
        line = json.dumps(told).encode()
        await self.engine.take(Arriving(site="shop", lines=[line], received_at=self.now, trusted=True))

    async def passes(self, ms: int) -> None:
        """Time without anybody."""
        self.now += ms
        await self.engine.sweep()

    async def visit(self, visitor: str) -> None:
        """One visit, in one tab or in two; what it does may lead to none, one or several invitations."""
        tabs = 2 if self.rng.random() < 0.4 else 1
        for name in self.rng.sample(NAMES, self.rng.choice((1, 1, 2, 3))):
            await self.page(visitor, 0, EVENTS[name])
            await self.page(visitor, tabs - 1, EVENTS[name], EVENTS[name])

    async def live(self, visitors: int, visits: int = 3, restarts: int = 3) -> None:
        """New visitors come each day, and a part of those of before. Each day the server is restarted."""
        people = [f"{self.rng.getrandbits(128):032x}" for _ in range(visitors)]
        known: list[str] = []
        for day in range(visits):
            new = people[len(known) : visitors * (day + 2) // (visits + 1)]  # half of them on the first day
            coming = [one for one in known if self.rng.random() < 0.3] + new
            known += new
            stops = {len(coming) * (n + 1) // (restarts + 1) for n in range(restarts)}
            for number, visitor in enumerate(coming):
                await self.visit(visitor)
                if number in stops:
                    # In the middle of somebody's visit; on the second day with the next version of the campaigns.
                    await self.restart(2 if day else None)
                    await self.visit(visitor)
            await self.passes(DAY_MS - HOUR_MS)

    # What is wrong

    def wrong(self) -> Wrong:
        """Everything that must not be, from what was recorded and from what visitors saw."""
        found = Wrong()
        arms = self.arms()
        for visitor, campaign in self.seen:
            mine = arms[self.person.get(visitor, visitor)]
            found.contacts += HOLDOUT in (mine["site"] | mine[campaign])
        found.flips = sum(len(kinds) > 1 for mine in arms.values() for kinds in mine.values())
        found.again = sum(count - 1 for count in self.exposures().values())
        found.uneven = {name: p for name, p in self.ratios() if p <= 0.001}
        return found

    def arms(self) -> dict[str, dict[str, set[str]]]:
        """By visitor and hold-out, every arm that a decision has shown."""
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for one in self.store.decisions("shop"):
            if one.decision == "refrain":
                continue
            mine = found[self.person.get(one.visitor, one.visitor)]
            at_site = one.decision == "hold_out" and one.detail == "site"
            mine["site"].add(HOLDOUT if at_site else "treated")
            if not at_site:
                mine[one.campaign].add(HOLDOUT if one.decision == "hold_out" else "treated")
        return found

    def exposures(self) -> Counter[tuple[str, int, str]]:
        """How often each visitor became a candidate of a campaign in a session."""
        return Counter(
            (one.visitor, one.session, one.campaign) for one in self.store.decisions("shop") if one.newly_candidate
        )

    def ratios(self) -> Iterator[tuple[str, float]]:
        """The p-value of each hold-out's arms, by the version that dealt them: from the assignments on the disk."""
        dealt = sorted((seed, version, arm) for seed, version, arm in self.assignments())
        for (seed, version), group in groupby(dealt, key=lambda one: one[:2]):
            counts = Counter(arm for _, _, arm in group)
            site, of = SHARES[version - 1]
            share = site if seed == site_seed("shop") else of[seed.removeprefix(campaign_seed(""))]
            yield f"{seed} {version}", srm([counts[HOLDOUT], counts["treated"]], [share, 1 - share])

    def assignments(self) -> Iterator[tuple[str, int, str]]:
        """Seed, version and arm of everything that was dealt to anybody."""
        for visitor in {one.visitor for one in self.store.decisions("shop")}:
            kept = self.store.visitor("shop", visitor)
            if kept is not None:
                for one in (unpack_visitor(kept.summary).arms or {}).values():
                    yield one.seed, one.version, one.arm

    def reported(self) -> dict[str, tuple[int, int]]:
        """By campaign, the candidates of the report and those of them in two arms."""
        found = populations(self.store.decisions("shop"), Period(0, 1 << 60))
        return {name: (len(one.candidates), len(one.mixed)) for name, one in found.items()}
