"""P5: what visitors and agents do, as calls that can be made again: each story is one visitor's, its calls in order.

A call says what may be done with it besides being sent several times at once: `late`, it may come again at any time
afterwards, also in another life of the server, because it carries a number of its own: a cid, a key, an engagement, an
assign_ver.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeAlias

from client import KEY
from msgspec import Struct

Told = dict[str, Any]
HERS, HIS = "dora", "erik"
"""The agent whose console is open, and one who only comes and goes."""


COUPON = {"id": "ten", "label": {"fr": "Dix", "en": "Ten"}, "percent": 10, "budget": 1_000_000, "valid_days": 30}


class Call(Struct, frozen=True):
    """One request; `staff` makes it, or the visitor when empty."""

    method: str
    path: str
    body: Told | None = None
    staff: str = ""
    late: bool = False
    key: str = ""
    """Its `Idempotency-Key`, which makes it harmless to come again."""


class World(Protocol):
    """Makes a call, once or again and again; the answer of the first that was answered."""

    async def do(self, call: Call) -> Told:
        """Status 200 is the answer's, any other is under `status`."""
        ...


Story: TypeAlias = Callable[[World, str, random.Random], Awaitable[None]]


class Visitor:
    """One visitor's calls."""

    def __init__(self, world: World, token: str) -> None:
        self.world, self.token = world, token
        self.sent = 0

    async def says(self, path: str, *, late: bool = False, **more: Any) -> Told:
        """A POST of his page."""
        return await self.world.do(Call("POST", path, {"key": KEY, "token": self.token, **more}, late=late))

    def entries(self, who: str, kind: str = "text") -> list[Told]:
        """The next message, or two of them."""
        self.sent += 1
        return [{"cid": f"{who}-{self.sent}", "kind": kind, "body": f"{who} says {self.sent}"}]


async def conversation(world: World, token: str, dice: random.Random) -> None:
    """Opened, taken, written in by both, handed on with a note, taken back, read, closed, surveyed."""
    visitor = Visitor(world, token)
    conv = (await visitor.says("/v1/conversations", language="fr"))["conversation"]["id"]
    taken = await by_staff(world, conv, "take")
    for _ in range(2):
        await visitor.says(f"/v1/conv/{conv}/entries", late=True, entries=visitor.entries("visitor"))
        said = {"entries": visitor.entries("agent", dice.choice(("text", "note"))), "assign_ver": taken["assign_ver"]}
        await by_staff(world, conv, "entries", said, late=True)
    if dice.random() < 0.3:
        said = {"assign_ver": taken["assign_ver"], "cid": "coupon", "coupon": COUPON["id"]}
        await by_staff(world, conv, "coupon", said, late=True)
    if dice.random() < 0.5:
        said = {"assign_ver": taken["assign_ver"], "to": {"skill": "support"}, "note": "he asks for sizes"}
        await by_staff(world, conv, "transfer", said, late=True)
        taken = await by_staff(world, conv, "take")
    await visitor.says(f"/v1/conv/{conv}/read", late=True, seq=3, dlv=4)
    if dice.random() < 0.5:
        await by_staff(world, conv, "close", {"assign_ver": taken["assign_ver"]}, late=True)
    else:
        await visitor.says(f"/v1/conv/{conv}/close", late=True)
    for number in (1, 2):
        said = {"csat": dice.randint(1, 5), "solved": True, "comment": "merci", "n": number}
        await visitor.says(f"/v1/conv/{conv}/survey", late=True, **said)


async def by_staff(world: World, conv: str, what: str, said: Told | None = None, *, late: bool = False) -> Told:
    """The agent's calls about a conversation."""
    return await world.do(Call("POST", f"/api/v1/conversations/{conv}/{what}", said, HERS, late))


async def request(world: World, token: str, dice: random.Random) -> None:
    """A visitor leaves a message, and somebody deals with it."""
    visitor = Visitor(world, token)
    said = {"cid": "r1", "kind": "message", "email": "ann@mail.example", "name": "Ann", "body": "Is it blue?"}
    if dice.random() < 0.5:
        said |= {"kind": "callback", "phone": "+33612345678", "wanted": "tomorrow"}
    left = await visitor.says("/v1/requests", late=True, **said)
    if dice.random() < 0.7:
        path = f"/api/v1/requests/{left['request']['id']}/done"
        await world.do(Call("POST", path, {"note": "called"}, HERS, late=True))


async def offer(world: World, token: str, dice: random.Random) -> None:
    """A page is invited; its visitor accepts or declines, and says something if there is a conversation."""
    visitor = Visitor(world, token)
    found = await invited(visitor)
    path = f"/v1/offers/{found['engagement']}"
    await visitor.says(f"{path}/shown", late=True)
    if dice.random() < 0.4:
        await visitor.says(f"{path}/decline", late=True)
        return
    conv = (await visitor.says(f"{path}/accept", late=True, language="fr"))["conversation"]["id"]
    taken = await by_staff(world, conv, "take")
    await visitor.says(f"/v1/conv/{conv}/entries", late=True, entries=visitor.entries("visitor"))
    await by_staff(world, conv, "close", {"assign_ver": taken["assign_ver"]}, late=True)


async def invited(visitor: Visitor) -> Told:
    """The offer that comes with one of the next pages; none comes while the agent's console is not back yet."""
    place = {"url": "https://shop.example/sizes", "path": "/sizes"}
    for number in range(200):
        page = {"type": "page", "messageId": f"{number} of {visitor.token}", "properties": place}
        said = {"consent": "full", "visible": True, "events": [{**page, "context": {"page": place}}]}
        found = await visitor.says("/v1/pulse", late=True, **said)
        if found.get("offer"):
            return dict(found["offer"])
        await asyncio.sleep(0.05)
    raise AssertionError(f"nobody was invited: {found}")


async def coming_and_going(world: World, token: str, dice: random.Random) -> None:
    """An agent is away, and there again."""
    for status in ("available", "away", "available", "away"):
        said = {"status": status, "reason": "lunch" if status == "away" else ""}
        await world.do(Call("PUT", "/api/v1/me/status", said, HIS))


async def office(world: World) -> None:
    """An admin sets the site and himself; told before all other stories, which need its coupon."""
    for path, said in (
        ("coupons", {"coupons": [COUPON]}),
        ("site", {"name": "Maison Lin", "critical_s": 45}),
        ("tags", {"tags": ["sizes", "late"]}),
        ("me", {"name": "Erik", "language": "en"}),
    ):
        found = await world.do(Call("PUT", f"/api/v1/{path}", said, HIS))
        assert "error" not in found, (path, found)


async def queue(world: World, tokens: Sequence[str]) -> None:
    """Nobody is available, all of them wait, and the agent takes every second time whoever is next, by keys of hers.

    Told after all other stories: whom she gets is the order of the queue and nothing else.
    """
    await world.do(Call("PUT", "/api/v1/me/status", {"status": "away", "reason": "lunch"}, HERS))
    for number, token in enumerate(tokens):
        await Visitor(world, token).says("/v1/conversations", language="fr")
        if number % 2:
            await world.do(Call("POST", "/api/v1/conversations/next/take", None, HERS, late=True, key=f"next-{number}"))


STORIES: tuple[tuple[Story, int], ...] = ((conversation, 6), (request, 2), (offer, 3))
"""And how often of eleven."""


def story_of(number: int) -> Story:
    """The story of this visitor."""
    if number == 0:
        return coming_and_going
    whole = [story for story, often in STORIES for _ in range(often)]
    return whole[number % len(whole)]
