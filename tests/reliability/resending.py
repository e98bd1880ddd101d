"""P5: the same stories told twice: with each call made once, then with calls resent and reordered, in several lives."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from client import Ledger, Pace
from console import Console, as_lines, staff_headers
from http_line import Lines
from life import Plan
from nursery import Nursery, nursery
from shop import SITE, cookie, expect, founded
from stories import HERS, HIS, Call, Told, office, queue, story_of
from verdict import database

from aparte.app import visitor_secret
from aparte.app.clock import wall_ms
from aparte.sites.tokens import make, token_keys

AT_ONCE = 12
"""Stories."""
MOST = 5
WAITING = 6
"""Visitors who wait at the end."""
REMEMBERED = 20_000
LATE = 40
"""Calls of before that come again after each restart."""
CAMPAIGNS = f"""
[site]
id = "{SITE}"
holdout = 0.0
[[campaigns]]
name = "sizes"
holdout = 0.0
[[campaigns.rules]]
name = "looks"
when = 'page.path == "/sizes"'
offer = {{ channel = "chat", skill = "sales", expires = "600s", message = {{ fr = "Une question ?" }} }}
"""


class Teller:
    """Makes calls: `most` times at most, all at once; remembers those that may come late."""

    def __init__(self, port: int, most: int, seed: int) -> None:
        self.port, self.most, self.dice = port, most, random.Random(seed)
        self.lines = Lines(port)
        self.calls = self.sent = 0
        self.late: list[Call] = []
        self.made: set[tuple[str, str]] = set()
        """Method and path of all calls."""
        self.differing: list[tuple[Call, list[Told]]] = []

    async def do(self, call: Call) -> Told:
        """See World. All answers must say the same of a message: one number, one outcome."""
        self.calls += 1
        self.made.add((call.method, call.path))
        times = self.dice.randint(1, self.most)
        found = await asyncio.gather(*(self.once(call) for _ in range(times)))
        if call.late:
            self.late.append(call)
            del self.late[:-REMEMBERED]
        results = [one["results"] for one in found if "results" in one]
        results += [[one["id"]] for one in found if call.key and "id" in one]
        if any(one != results[0] for one in results):
            self.differing.append((call, found))
        return found[0]

    async def once(self, call: Call) -> Told:
        """One request, until it is answered."""
        self.sent += 1
        headers = as_lines(staff_headers(self.port, cookie(call.staff))) if call.staff else ""
        headers += f"Idempotency-Key: {call.key}\r\n" if call.key else ""
        status, found = await self.lines.insist(call.method, call.path, call.body, headers)
        return found if status in (200, 201) else {"status": status, **found}

    async def again(self) -> None:
        """Calls of before, in any order, all at once."""
        chosen = self.dice.sample(self.late, min(LATE, len(self.late)))
        await asyncio.gather(*(self.once(call) for call in chosen))


def token_of(data: Path, number: int) -> str:
    """The token of a visitor, who has the same id in every world."""
    return make(token_keys(visitor_secret(data)), f"{number:032x}", wall_ms())


async def tell(teller: Teller, data: Path, stories: int) -> None:
    """All stories, some at a time."""
    numbers = iter(range(stories))

    async def some() -> None:
        for number in numbers:
            await story_of(number)(teller, token_of(data, number), random.Random(number))

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))


async def restarts(
    one: Nursery, teller: Teller, plan: Plan, telling: asyncio.Task[None], calls: int, lives: int
) -> None:
    """Kill the server each time another share of the calls is made, and let calls of before come again."""
    for life in range(1, lives):
        while teller.calls < calls * life // lives and not telling.done():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await one.die()
        await one.born(plan)
        await teller.again()


async def told(
    data: Path, stories: int, *, most: int = 1, lives: int = 1, calls: int = 0, defect: str = ""
) -> tuple[Teller, list[str]]:
    """Tell all stories in a new world; what was done, and the state that was left. `calls`: how many there are."""
    await asyncio.to_thread(founded, data, (HERS, HIS), HIS)
    (data / "campaigns").mkdir()
    (data / "campaigns" / f"{SITE}.toml").write_text(CAMPAIGNS, "utf-8")
    plan = Plan(defect=defect)
    async with nursery(data) as one:
        await one.born(plan)
        teller = Teller(one.port, most, stories)
        console = Console(cookie(HERS), False, HERS, one.port, [], data, Ledger(), Pace())
        console.start()
        await expect(one.port, "PUT", "/api/v1/me/status", {"status": "available"}, as_lines(console.headers))
        await office(teller)
        telling = asyncio.create_task(tell(teller, data, stories))
        await asyncio.gather(telling, restarts(one, teller, plan, telling, calls, lives))
        await queue(teller, [token_of(data, stories + number) for number in range(WAITING)])
        if most > 1:
            await one.die()
            await one.born(plan)
            del teller.late[:-WAITING]
            await teller.again()
        standing = await expect(one.port, "GET", "/api/v1/staff", headers=as_lines(console.headers))
        await console.leave()
        teller.lines.drop()
    with closing(database(data)) as reader:
        return teller, [*state(reader), *(f"staff {who['id']} {who['status']} {who['load']}" for who in standing)]


CONVERSATIONS = """SELECT id, visitor, engagement <> '', campaign, skill, language, state, agent, assign_ver, head,
    visitor_delivered, visitor_read, agent_delivered, agent_read, csat, nps, solved, comment, crossover, tags, guests
    FROM conversation ORDER BY visitor, opened_at, id"""
ENTRIES = """SELECT seq, by, author, kind, iif(kind = 'coupon', '', body),
    iif(by = 'system' OR kind IN ('close', 'survey'), '', cid)
    FROM entry WHERE conv = ? ORDER BY seq"""
CODES = "SELECT visitor, coupon, count(*) FROM coupon_code GROUP BY visitor, coupon"
SLOTS = "SELECT agent, count(*) FROM slot GROUP BY agent"
INVITATIONS = "SELECT visitor, campaign, rule, state FROM invitation ORDER BY visitor, at"
OWN = ("id", "created_at", "done_at", "engagement", "conv")
"""Of a request: what differs from world to world."""


def state(reader: sqlite3.Connection) -> list[str]:
    """Conversations, entries, slots, requests and invitations, without what differs from world to world."""
    rows: list[str] = []
    for conv, *rest in reader.execute(CONVERSATIONS).fetchall():
        rows.append(f"conversation {rest}")
        rows += [f"entry {rest[0]} {row}" for row in reader.execute(ENTRIES, (conv,)).fetchall()]
    rows += [f"slot {row}" for row in reader.execute(SLOTS).fetchall()]
    rows += [f"codes {row}" for row in reader.execute(CODES).fetchall()]
    rows += [f"site {data}" for (data,) in reader.execute("SELECT data FROM site").fetchall()]
    rows += [f"invitation {row}" for row in reader.execute(INVITATIONS).fetchall()]
    requests = [json.loads(data) for (data,) in reader.execute("SELECT data FROM request").fetchall()]
    return rows + sorted(f"request {words(one)}" for one in requests)


def words(request: dict[str, Any]) -> str:
    """A request as text."""
    return json.dumps({name: value for name, value in sorted(request.items()) if name not in OWN})


def difference(once: list[str], often: list[str]) -> list[str]:
    """Lines that one of the two states has more often than the other."""
    first, second = Counter(once), Counter(often)
    return [f"only once: {one}" for one in first - second] + [f"only resent: {one}" for one in second - first]
