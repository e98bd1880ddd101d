"""What a visitor writes before he sends it: for the agent who has him and those who supervise, if the site says so.

Planted defects seen to fail here: the text is sent on though the site has it off; every watcher is told the text; the
visitor's other tab is told it; the text is proposed for to somebody who does not see it; nothing slows it down.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from doors_world import HASHER, PASSWORD, QUICK, SITES, World, hear, hello, say, token_of
from msgspec.structs import replace

from aparte.sites.model import Staff
from aparte.sites.store import SaveSite, SaveStaff

pytestmark = pytest.mark.parametrize("worlds", ["sqlite"], indirect=True)
SECRET = "zebra-delivery"
DRAFT = f"Is {SECRET} possible"


def allow(world: World, on: bool = True) -> None:
    """The site lets agents see what is typed, or no more."""

    async def saved() -> None:
        await world.store.submit([SaveSite(replace(SITES[0], typing_preview=on))])
        world.doors.desk.sites_changed()

    world.do(saved())


def hired(world: World, name: str, role: Any) -> httpx.Client:
    """Somebody new at site a, signed in."""
    staff = Staff(
        id=name, site="a", email=f"{name}@a.example", name=name, role=role, password_hash=HASHER.hash(PASSWORD)
    )

    async def begins() -> None:
        await world.store.submit([SaveStaff(staff)])
        world.doors.desk.directory.forget()
        await world.engine.staff_changed(staff)

    world.do(begins())
    return world.console(staff.email)


@asynccontextmanager
async def watching(world: World, conv: str, *clients: httpx.Client) -> AsyncIterator[list[Any]]:
    """Their consoles, each with this conversation before it."""
    async with AsyncExitStack() as stack:
        consoles = [await stack.enter_async_context(world.agent_socket(client)) for client in clients]
        for ws in consoles:
            await say(ws, "hello", v=1, epoch=None, pos=None, tab="t")
            await say(ws, "watch", conv=conv, epoch=None, last_seq=0)
            await hear(ws, "welcome")
            await hear(ws, "presence")
        yield consoles


def typed(conv: str, **more: Any) -> dict[str, Any]:
    """What a console is told."""
    return {"t": "typing", "conv": conv, "who": "visitor", "on": True, **more}


def post(world: World, conv: str, visitor: str = "v1", **body: Any) -> httpx.Response:
    """Typing without a socket."""
    said = {"key": "key-a", "token": token_of(visitor), **body}
    return httpx.post(f"{world.http}/v1/conv/{conv}/typing", json=said, headers={"Origin": "https://a.example"})


def test_a_site_that_does_not_allow_it_throws_the_text_away(world: World) -> None:
    conv, camille = world.conversation(agent="camille"), world.console("camille@a.example")
    assert camille.get("/api/v1/session").json()["site"]["typing_preview"] is False

    async def story() -> None:
        async with world.visitor_socket() as visitor, watching(world, conv, camille) as [agent]:
            assert (await hello(visitor, conv))["preview"] is False
            await say(visitor, "typing", on=True, text=DRAFT)
            assert await hear(agent, "typing") == typed(conv)
            await asyncio.to_thread(post, world, conv, on=True, text=DRAFT)
            assert await hear(agent, "typing") == typed(conv)
            allow(world)  # what came before was not kept
            await say(agent, "watch", conv=conv, epoch=None, last_seq=0)
            assert await hear(agent, "typing") == typed(conv, text="")

    asyncio.run(story())


def test_the_agent_his_guest_and_who_supervises_see_it_and_nobody_else(world: World) -> None:
    allow(world)
    conv = world.conversation(agent="camille")
    people = [world.console(f"{one}@a.example") for one in ("camille", "alex", "ana")]
    lead, guest = hired(world, "sam", "supervisor"), hired(world, "gus", "supervisor")
    assert guest.post(f"/api/v1/conversations/{conv}/join").status_code == 200

    async def story() -> None:
        async with (
            world.visitor_socket() as visitor,
            world.visitor_socket() as other,
            world.visitor_socket() as tab,
            watching(world, conv, *people, lead, guest) as consoles,
        ):
            assert (await hello(visitor, conv))["preview"] is True
            await hello(tab, conv)
            await hello(other, world.conversation("v2"), "v2")
            await say(visitor, "typing", on=True, text=DRAFT)
            told = [(await hear(ws, "typing")).get("text") for ws in consoles]
            assert told == [DRAFT, None, None, DRAFT, DRAFT]
            world.says(conv, "camille", "yes")
            for ws, kind in ((visitor, "entry"), (tab, "entry"), (other, "ping")):
                heard = await frames_until(ws, kind)
                assert SECRET not in json.dumps(heard)
                assert "typing" not in {one["t"] for one in heard}

    asyncio.run(story())
    headers = {"Authorization": f"Bearer {token_of('v1')}", "Aparte-Key": "key-a"}
    assert SECRET not in httpx.get(f"{world.http}/v1/conv/{conv}/entries", headers=headers).text


async def frames_until(ws: Any, kind: str) -> list[dict[str, Any]]:
    """All that comes up to the first frame of this kind."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        while not found or found[-1]["t"] != kind:
            found.append(json.loads(await ws.recv()))
    return found


def test_without_a_socket_it_is_the_same(world: World) -> None:
    allow(world)
    conv, camille = world.conversation(agent="camille"), world.console("camille@a.example")

    async def story() -> None:
        async with watching(world, conv, camille) as [agent]:
            answer = await asyncio.to_thread(post, world, conv, on=True, text=DRAFT)
            assert answer.json() == {}
            assert await hear(agent, "typing") == typed(conv, text=DRAFT)
            assert (await asyncio.to_thread(post, world, conv, "v2", on=True, text=DRAFT)).status_code == 404

    asyncio.run(story())


def test_it_is_cleaned_masked_and_cut_like_a_message_and_never_refused(world: World) -> None:
    allow(world)
    conv, camille = world.conversation(agent="camille"), world.console("camille@a.example")
    texts = {"card 4111 1111 1111 1111": "card 4111 11•• •••• ••••", "a\u202eb\x00": "ab", "y" * 9_000: "y" * 4_000}

    async def story() -> None:
        async with world.visitor_socket() as visitor, watching(world, conv, camille) as [agent]:
            await hello(visitor, conv)
            for text, shown in texts.items():
                await say(visitor, "typing", on=True, text=text)
                assert (await hear(agent, "typing"))["text"] == shown

    asyncio.run(story())


def kept(world: World) -> bool:
    """Whether the server still holds the text anywhere."""
    return SECRET in world.call(lambda: repr(vars(world.doors.hub.writing)))


async def opened_again(agent: Any, conv: str) -> None:
    """The conversation comes before the console anew, with what is being typed if there is anything."""
    await say(agent, "watch", conv=conv, epoch=None, last_seq=0)
    await hear(agent, "welcome")
    await say(agent, "typing", conv=conv, on=True)


async def nothing_typed(agent: Any, conv: str) -> bool:
    """Opened anew, it tells of no text. A ping may overtake the answer, a second one cannot."""
    await opened_again(agent, conv)
    return [(await hear(agent, "typing", "ping"))["t"] for _ in range(2)] == ["ping", "ping"]


def test_what_is_sent_or_given_up_is_seen_no_more(world: World) -> None:
    allow(world)
    conv, camille = world.conversation(agent="camille"), world.console("camille@a.example")

    async def story() -> None:
        async with world.visitor_socket() as visitor, watching(world, conv, camille) as [agent]:
            await hello(visitor, conv)
            await say(visitor, "typing", on=True, text=DRAFT)
            assert (await hear(agent, "typing"))["text"] == DRAFT
            await opened_again(agent, conv)
            assert await hear(agent, "typing") == typed(conv, text=DRAFT)
            await say(visitor, "send", cid="c", kind="text", body=DRAFT)
            await hear(agent, "entry")
            assert await nothing_typed(agent, conv)
            assert not kept(world)
            await say(visitor, "typing", on=True, text=DRAFT)
            await hear(agent, "typing")
            await say(visitor, "typing", on=False, text=DRAFT)
            assert await hear(agent, "typing") == typed(conv, on=False, text="") | {"on": False}
            await say(visitor, "typing", on=True, text=DRAFT)
            await hear(agent, "typing")
            assert kept(world)
            await say(visitor, "typing", on=True)
            assert await hear(agent, "typing") == typed(conv, text="")
            assert not kept(world)

    asyncio.run(story())


def test_what_is_left_alone_is_forgotten_after_a_while(worlds: Callable[..., World]) -> None:
    world = worlds(timing=replace(QUICK, typing=0.5))
    allow(world)
    conv, camille = world.conversation(agent="camille"), world.console("camille@a.example")

    async def story() -> None:
        async with world.visitor_socket() as visitor, watching(world, conv, camille) as [agent]:
            await hello(visitor, conv)
            await say(visitor, "typing", on=True, text=DRAFT)
            assert (await hear(agent, "typing"))["text"] == DRAFT
            while kept(world):
                await hear(agent, "ping")
                await say(agent, "pong")
            assert await nothing_typed(agent, conv)

    asyncio.run(story())


def test_a_flood_of_texts_becomes_a_few_and_the_latest_is_seen(world: World) -> None:
    allow(world)
    conv, camille = world.conversation(agent="camille"), world.console("camille@a.example")

    async def story() -> None:
        async with world.visitor_socket() as visitor, watching(world, conv, camille) as [agent]:
            await hello(visitor, conv)
            for number in range(150):
                await say(visitor, "typing", on=True, text=f"word {number}")
            seen = [(await hear(agent, "typing"))["text"]]
            while seen[-1] != "word 149":
                seen.append((await hear(agent, "typing"))["text"])
            assert len(seen) < 20

    asyncio.run(story())


def test_it_follows_the_conversation_from_one_agent_to_the_next(world: World) -> None:
    allow(world)
    conv = world.conversation()
    camille, lead = world.console("camille@a.example"), hired(world, "sam", "supervisor")

    async def story() -> None:
        async with world.visitor_socket() as visitor, watching(world, conv, camille, lead) as [agent, chief]:
            await hello(visitor, conv)
            await say(visitor, "typing", on=True, text=DRAFT)
            assert "text" not in await hear(agent, "typing")
            assert (await hear(chief, "typing"))["text"] == DRAFT
            await asyncio.to_thread(world.assign, conv, "camille")
            await say(visitor, "typing", on=True, text=DRAFT + "?")
            assert (await hear(agent, "typing"))["text"] == DRAFT + "?"

    asyncio.run(story())


def test_who_is_there_is_told_when_the_site_changes_its_mind(world: World) -> None:
    conv, camille = world.conversation(agent="camille"), world.console("camille@a.example")

    async def story() -> None:
        async with world.visitor_socket() as visitor, watching(world, conv, camille) as [agent]:
            await hello(visitor, conv)
            for on in (True, False):
                await asyncio.to_thread(allow, world, on)
                assert (await hear(visitor, "state"))["preview"] is on
                assert (await hear(agent, "me"))["me"]["site"]["typing_preview"] is on

    asyncio.run(story())


def test_agents_never_send_a_text_of_their_own(world: World) -> None:
    allow(world)
    conv, camille = world.conversation(agent="camille"), world.console("camille@a.example")

    async def story() -> None:
        async with world.visitor_socket() as visitor, watching(world, conv, camille) as [agent]:
            await hello(visitor, conv)
            await say(agent, "typing", conv=conv, on=True, text=DRAFT)
            assert await hear(visitor, "typing") == {"t": "typing", "who": "agent", "on": True}

    asyncio.run(story())


def test_it_is_on_no_disk_and_in_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    allow(world)
    conv, camille = world.conversation(agent="camille"), world.console("camille@a.example")

    async def story() -> None:
        async with world.visitor_socket() as visitor, watching(world, conv, camille) as [agent]:
            await hello(visitor, conv)
            await say(visitor, "typing", on=True, text=DRAFT)
            await hear(agent, "typing")
            await asyncio.to_thread(post, world, conv, on=True, text=DRAFT)
            await hear(agent, "typing")
            world.says(conv, "v1", "committed")

    asyncio.run(story())
    files = [one for one in world.data.rglob("*") if one.is_file()]
    assert any(b"committed" in one.read_bytes() for one in files)
    assert not [one for one in files if SECRET.encode() in one.read_bytes()]
    assert SECRET not in "".join(record.getMessage() for record in caplog.records if record.name != "websockets.client")


def test_articles_are_proposed_by_it_to_those_who_see_it(world: World) -> None:
    lead, alex, camille = (
        hired(world, "sam", "supervisor"),
        *(world.console(f"{one}@a.example") for one in ("alex", "camille")),
    )
    article = {"title": "Livraison zebra-delivery", "body": "Nous expédions", "language": "fr"}
    assert lead.put("/api/v1/articles", json=article).status_code == 200
    conv = world.conversation(agent="camille")

    def proposed(client: httpx.Client) -> int:
        return len(client.get(f"/api/v1/articles/propose?conv={conv}").json())

    assert post(world, conv, on=True, text=DRAFT).status_code == 200
    assert [proposed(one) for one in (camille, lead, alex)] == [0, 0, 0]
    allow(world)
    assert post(world, conv, on=True, text=DRAFT).status_code == 200
    assert [proposed(one) for one in (camille, lead, alex)] == [1, 1, 0]
    assert post(world, conv, on=False).status_code == 200
    assert proposed(camille) == 0
