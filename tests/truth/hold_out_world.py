"""Visitors who come, come back, have two tabs open and several devices that are proven to be one person, while the
server restarts and a new version deals other shares; and what is wrong with how they were treated."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import TypeAlias

from msgspec import Struct, field

from aparte.backends.memory.recent import RecentIds
from aparte.backends.sqlite.bulk import BulkStore, open_bulk
from aparte.engagements.store import RecordDecision
from aparte.engine.live import Engine
from aparte.engine.ports import Arriving, Pulse
from aparte.experiments.model import HOLDOUT, Assignment, campaign_seed, experiment_seed, site_seed
from aparte.experiments.statistics import srm
from aparte.reports.population import Period, populations
from aparte.sessions.saved import unpack_visitor
from aparte.sites.model import Site, Staff
from aparte.sites.store import SaveSite, SaveStaff
from aparte.targeting.campaign import Campaigns, load
from aparte.tracking.store import WINDOW

T0 = 1_767_607_200_000  # Monday, 5 January 2026, 11:00 in Paris
HOUR_MS, DAY_MS, STEP_MS = 3_600_000, 86_400_000, 40
SITE = Site(id="shop", name="Shop", public_key="p", secret_key_hash="s")
STAFF = Staff(id="kim", site="shop", email="kim@shop.example", name="Kim", maximum=100_000, skills=("sales",))
NAMES = ("cart", "search", "payment")
EVENTS = {"cart": "Cart Viewed", "search": "Products Searched", "payment": "Payment Error"}
SHARES = (
    (0.10, {"cart": 0.20, "search": 0.50, "payment": 0.10}),
    (0.05, {"cart": 0.40, "search": 0.30, "payment": 0.02}),
)
"""Hold-outs of the site and of the campaigns, by version."""


EXPERIMENT = """[campaigns.experiment]
version = 1
variants = [{ name = "short", share = 0.5 }, { name = "late", share = 0.5, delay = "2s" }]
"""


def campaigns(version: int) -> Campaigns:
    """The campaigns with the shares of a version, from 1. One may invite again in a session, one has variants."""
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
once_per_session = {"false" if name == "search" else "true"}
{EXPERIMENT if name == "payment" else ""}
"""
        for name in NAMES
    )
    return load(f'[site]\nid = "shop"\nversion = {version}\nholdout = {site}\n{counted}\n{told}', "hold-out.toml")


class Wrong(Struct):
    """What must not be; counted."""

    contacts: int = 0
    """Of persons who are held out, by the site or by the campaign, on any device, in any tab."""
    flips: int = 0
    """Decisions by another arm than the one that the person has."""
    again: int = 0
    """Exposures that were counted again in the same session, or of the same person."""
    uneven: dict[str, float] = field(default_factory=dict)
    """Splits whose arms are not as planned: p-values of 0.001 and less."""

    def any(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.contacts or self.flips or self.again or self.uneven)


class Joined(Struct):
    """Visitors who were proven to be one person, by lines of the log after `since` and up to `seq`."""

    since: int
    seq: int
    visitors: tuple[str, ...]


class Person(Struct, eq=False):
    """Somebody, as the test knows him: his visitors, and by split the first arm that any of them has had, and when."""

    visitors: set[str]
    arms: dict[str, tuple[int, bool, str]] = field(default_factory=dict)

    def has(self, split: str, arm: str, at: int) -> bool:
        """Whether this is his arm; the first time it becomes his."""
        return self.arms.setdefault(split, (at, arm != HOLDOUT, arm))[2] == arm

    def held_out(self, campaign: str) -> bool:
        """Whether nothing of this campaign may reach him."""
        mine = (self.arms.get(split) for split in (site_seed("shop"), campaign_seed(campaign)))
        return any(one is not None and one[2] == HOLDOUT for one in mine)


Line: TypeAlias = tuple[tuple[int, int], RecordDecision | Joined | tuple[str, str]]
"""Something that happened, with its place in the log and, at the same place, its order."""


class World:
    """The engine over a store on the disk, and what visitors saw of it."""

    def __init__(self, data: Path, seed: int) -> None:
        self.data, self.rng, self.now = data, Random(seed), T0
        self.seen: list[tuple[int, str, str]] = []
        """Line of the log, visitor and campaign of each invitation that a page was given, each time."""
        self.restarts = self.pulses = self.sent = self.visits = 0
        self.met: set[str] = set()
        self.customer: dict[str, str] = {}
        """Visitors who are a customer with several devices."""
        self.devices: dict[str, list[str]] = defaultdict(list)
        self.proven: dict[str, list[str]] = defaultdict(list)
        self.joined: list[Joined] = []
        self.stops: set[int] = set()
        """Visits in whose middle the process ends."""
        self.publishes: dict[int, int] = {}
        """Versions, by the visit in whose middle they begin to rule."""

    async def begin(self) -> None:
        """The first start."""
        self.store: BulkStore = open_bulk(self.data)
        await self.store.submit([SaveSite(SITE), SaveStaff(STAFF)])
        await self.boot()

    async def boot(self) -> None:
        """A process over the store; which campaigns rule is the store's to say, but for the first time."""
        self.engine = Engine(
            self.store,
            [(SITE, campaigns(1))],
            clock=lambda: self.now,
            seen=partial(RecentIds, WINDOW),
            checkpoint_ms=HOUR_MS,
        )
        await self.engine.boot()
        self.engine.connected(STAFF.id, 1)
        await self.engine.set_status(STAFF.id, "available")

    async def restart(self) -> None:
        """The process ends without a word, and the next one begins from what the store has."""
        self.restarts += 1
        self.store.close()
        self.store = open_bulk(self.data)
        await self.boot()

    async def publish(self, version: int) -> None:
        """Other shares from now on."""
        new = campaigns(version)
        assert await self.engine.publish("shop", new, new.text, "kim") == version

    async def page(self, visitor: str, tab: int, *events: str) -> None:
        """A tab of a visitor sends what happened on it, and shows what it is given."""
        self.now += STEP_MS
        lines = [self.line(event) for event in events]
        about = Arriving(site="shop", lines=lines, received_at=self.now, visitor=visitor)
        pulse = Pulse(messages=about, visitor=visitor, visible=True, language="en" if tab else "fr")
        self.pulses += 1
        offer = (await self.engine.pulse(pulse)).offer
        if offer is None:
            return
        campaign = self.engine.core.site("shop").pending[offer.engagement].campaign
        self.seen.append((self.engine.core.seq, visitor, campaign))
        move = self.rng.choice(("shown", "declined", "ignored", None))
        if move is not None:
            await self.engine.move_invitation("shop", visitor, offer.engagement, move)  # type: ignore[arg-type]

    def line(self, event: str) -> bytes:
        """An event of a page, now."""
        self.sent += 1
        results = {"results": 0} if event == "Products Searched" else {}
        return json.dumps(
            {"type": "track", "event": event, "messageId": f"m{self.sent}", "properties": results}
        ).encode()

    async def proves(self, visitor: str) -> None:
        """The shop's server says who a visitor is."""
        self.now += STEP_MS
        self.sent += 1
        customer = self.customer[visitor]
        told = {"type": "identify", "messageId": f"m{self.sent}", "anonymousId": visitor, "userId": customer}
        since, line = self.engine.core.seq, json.dumps(told).encode()
        await self.engine.take(Arriving(site="shop", lines=[line], received_at=self.now, trusted=True))
        known = self.proven[customer]
        if visitor not in known:
            known.append(visitor)
            self.joined.append(Joined(since, self.engine.core.seq, tuple(known)))

    async def passes(self, ms: int) -> None:
        """Time without anybody."""
        self.now += ms
        await self.engine.sweep()

    async def visit(self, visitor: str) -> None:
        """One visit, in one tab or in two, perhaps with another device at hand.

        What he does may lead to none, one or several invitations; in its middle he may sign in.
        """
        self.visits += 1
        self.met.add(visitor)
        pages = [(visitor, 0), (visitor, 1 if self.rng.random() < 0.4 else 0)]
        others = [one for one in self.devices[self.customer.get(visitor, "")] if one != visitor and one in self.met]
        if others and self.rng.random() < 0.5:
            pages.append((self.rng.choice(others), 0))
        signs_in = self.rng.choice(("first", "later", "never", "never")) if visitor in self.customer else "never"
        for name in self.rng.sample(NAMES, self.rng.choice((1, 1, 2, 3))):
            if signs_in == "first":
                await self.proves(visitor)
            for number, (who, tab) in enumerate(pages):
                await self.page(who, tab, *[EVENTS[name]] * (1 if number == 0 else 2))
                if number == 0:
                    await self.happens()
            if signs_in == "later":
                for who in dict.fromkeys(who for who, _ in pages):
                    await self.proves(who)
                await self.page(visitor, 1)
        if self.rng.random() < 0.03:
            await self.stays(visitor, self.rng.choice((3_000, 25_000)))

    async def stays(self, visitor: str, ms: int) -> None:
        """He looks at the page for a while, then goes on; an invitation may be over, and another one follow."""
        await self.passes(ms)
        await self.page(visitor, 0, *EVENTS.values())

    async def happens(self) -> None:
        """What happens to the server in the middle of a visit."""
        if self.visits in self.stops:
            self.stops.remove(self.visits)
            await self.restart()
        if self.visits in self.publishes:
            await self.publish(self.publishes.pop(self.visits))

    async def live(
        self, visitors: int, days: int = 3, restarts: int = 3, progress: Callable[[str], None] = lambda text: None
    ) -> None:
        """New visitors come each day, and a part of those of before. Each day the server is restarted.

        In the middle of the second day other shares begin to rule. One visitor of six is a device of a customer who has
        several.
        """
        people = [f"{self.rng.getrandbits(128):032x}" for _ in range(visitors)]
        for number, one in enumerate(people):
            if number % 6 == 0 and number >= 60:
                self.same(one, people[number - self.rng.randrange(1, 60)])
        known: list[str] = []
        for day in range(days):
            new = people[len(known) : visitors * (day + 2) // (days + 1)]  # half of them on the first day
            coming = [one for one in known if self.rng.random() < 0.3] + new
            known += new
            self.stops = {self.visits + len(coming) * (n + 1) // (restarts + 1) for n in range(restarts)}
            if day == 1:
                self.publishes = {self.visits + len(coming) * 2 // 5: 2}
            for visitor in coming:
                await self.visit(visitor)
            await self.passes(DAY_MS - HOUR_MS)
            progress(f"day {day + 1}: {self.visits:,} visits, {self.pulses:,} pulses, {len(self.seen):,} invitations")

    def same(self, one: str, other: str) -> None:
        """Two devices of one customer."""
        customer = self.customer.setdefault(other, f"customer-{other}")
        self.customer[one] = customer
        for device in (other, one):
            if device not in self.devices[customer]:
                self.devices[customer].append(device)

    # What is wrong

    def wrong(self) -> Wrong:
        """Everything that must not be, from what was recorded and from what visitors saw, line by line of the log."""
        found, people, sessions = Wrong(), self.people(), Counter[tuple[str, int, str]]()
        told: list[Line] = [((one.seq, 1), one) for one in self.joined]
        seen: list[Line] = [((seq, 2), (visitor, campaign)) for seq, visitor, campaign in self.seen]
        decisions: Iterator[Line] = (((one.seq, 0), one) for one in self.store.decisions("shop"))
        between = {seq for one in self.joined for seq in range(one.since + 1, one.seq + 1)}
        for _, one in merge(decisions, told, seen, key=itemgetter(0)):
            if isinstance(one, Joined):
                join(people, one.visitors)
            elif isinstance(one, tuple):
                found.contacts += people[one[0]].held_out(one[1])
            else:
                sessions[one.visitor, one.session, one.campaign] += one.newly_candidate
                right = [people[one.visitor].has(split, arm, one.at) for split, arm in shown_by(one)]
                # What is decided while they are being joined is one transaction with it: nobody has seen it.
                found.flips += one.seq not in between and not all(right)
        found.again = sum(count - 1 for count in sessions.values() if count > 1) + self.counted_too_often()
        found.flips += self.torn()
        found.uneven = {name: p for name, p in self.ratios() if p <= 0.001}
        return found

    def people(self) -> dict[str, Person]:
        """Everybody, before anybody is known to be another one as well."""
        return {one: Person({one}) for one in self.met}

    def whole(self) -> dict[str, Person]:
        """Everybody as of now."""
        people = self.people()
        for one in self.joined:
            join(people, one.visitors)
        return people

    def counted_too_often(self) -> int:
        """By how many the report's candidates differ from the persons who were exposed."""
        people = self.whole()
        exposed: dict[str, set[int]] = defaultdict(set)
        for one in self.store.decisions("shop"):
            if one.newly_candidate:
                exposed[one.campaign].add(id(people[one.visitor]))
        return sum(abs(count - len(exposed[name])) for name, (count, _) in self.reported().items() if name)

    def reported(self) -> dict[str, tuple[int, int]]:
        """By campaign, the candidates of the report and those of them in two arms."""
        found = populations(self.store.decisions("shop"), Period(0, 1 << 60), self.store.merges("shop"))
        return {name: (len(one.candidates), len(one.mixed)) for name, one in found.items()}

    def ratios(self) -> Iterator[tuple[str, float]]:
        """The p-value of each split's arms, by the version that dealt them: one arm for each person."""
        dealt = sorted({(one.seed, one.version, id(person), one.arm) for person, one in self.assignments()})
        for (seed, version), group in groupby(dealt, key=lambda one: one[:2]):
            counts = Counter(arm for _, _, _, arm in group)
            if seed == experiment_seed("payment"):
                yield seed, srm([counts["short"], counts["late"]], [0.5, 0.5])
                continue
            site, of = SHARES[version - 1]
            share = site if seed == site_seed("shop") else of[seed.removeprefix(campaign_seed(""))]
            yield f"{seed} {version}", srm([counts[HOLDOUT], counts["treated"]], [share, 1 - share])

    def held_out(self) -> Counter[str]:
        """Persons in a hold-out, by split."""
        dealt = {(one.seed, id(person)) for person, one in self.assignments() if one.arm == HOLDOUT}
        return Counter(seed for seed, _ in dealt)

    def changed(self) -> int:
        """Persons of whom a younger device had another arm before it was known to be theirs."""
        arms: dict[tuple[int, str], set[str]] = defaultdict(set)
        people = self.whole()
        for one in self.store.decisions("shop"):
            for split, arm in shown_by(one):
                arms[id(people[one.visitor]), split].add(arm)
        return len({person for (person, _), mine in arms.items() if len(mine) > 1})

    def torn(self) -> int:
        """Persons whose devices have different arms on the disk."""
        arms: dict[tuple[int, str], set[str]] = defaultdict(set)
        for person, one in self.assignments():
            arms[id(person), one.seed].add(one.arm)
        return sum(len(mine) > 1 for mine in arms.values())

    def assignments(self) -> Iterator[tuple[Person, Assignment]]:
        """Everything that was dealt to anybody, as the disk has it."""
        for visitor, person in self.whole().items():
            found = self.store.visitor("shop", visitor)
            for one in () if found is None else (unpack_visitor(found.summary).arms or {}).values():
                yield person, one


def join(people: dict[str, Person], visitors: tuple[str, ...]) -> None:
    """These visitors are one person: of two arms the earlier is his, at the same moment the hold-out."""
    whole = Person(set())
    for one in {people[visitor] for visitor in visitors}:
        whole.visitors |= one.visitors
        for split, arm in one.arms.items():
            whole.arms[split] = min(arm, whole.arms.get(split, arm))
    people.update(dict.fromkeys(whole.visitors, whole))


def shown_by(one: RecordDecision) -> Iterator[tuple[str, str]]:
    """The arms that a decision shows."""
    late = one.decision == "refrain" and one.detail == "variant_delay"
    if one.decision == "refrain" and not late:
        return
    at_site = one.decision == "hold_out" and one.detail == "site"
    yield site_seed("shop"), HOLDOUT if at_site else "treated"
    if not at_site:
        yield campaign_seed(one.campaign), HOLDOUT if one.decision == "hold_out" else "treated"
    if one.decision != "hold_out" and one.campaign == "payment":
        yield experiment_seed("payment"), json.loads(one.line)["detail"] if late else one.detail
