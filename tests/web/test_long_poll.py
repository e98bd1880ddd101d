"""Without a socket a visitor hears the same: what a socket is told in frames, a poll is told in its answer.

Mutants seen to fail here: a survey's number is not asked for; the same answers again are no answer.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from doors_world import World, closed, hear, hello, say, token_of, vid

HEADERS = {"Aparte-Key": "key-a", "Origin": "https://a.example"}


def poll(world: World, conv: str, visitor: str = "v1", **asked: Any) -> httpx.Response:
    """One poll."""
    headers = HEADERS | {"Authorization": f"Bearer {token_of(visitor)}"}
    return httpx.get(f"{world.http}/v1/conv/{conv}/entries", params=asked, headers=headers, timeout=60)


def post(world: World, path: str, visitor: str = "v1", headers: dict[str, str] | None = None, **body: Any) -> Any:
    """One change."""
    said = {"key": "key-a", "token": token_of(visitor), **body}
    return httpx.post(f"{world.http}/v1/{path}", json=said, headers=HEADERS | (headers or {}), timeout=60)


@contextmanager
def waiting(world: World, conv: str, **asked: Any) -> Iterator[Callable[[], dict[str, Any]]]:
    """A poll that waits while something happens; its answer."""
    found: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: found.append(poll(world, conv, wait=25, **asked).json()))
    thread.start()
    while not world.call(lambda: len(world.doors.hub.polls)):
        time.sleep(0.01)

    def answer() -> dict[str, Any]:
        thread.join(30)
        return found[0]

    yield answer
    thread.join(30)


def test_a_poll_begins_again_where_a_socket_would(world: World) -> None:
    conv = world.conversation(agent="camille")
    world.says(conv, "camille", *"01234")
    epoch = world.store.epoch()
    resumed = poll(world, conv, after=3, epoch=epoch).json()
    assert ([one["seq"] for one in resumed["entries"]], resumed["reset"]) == ([4, 5, 6], None)
    for after, of, reason in ((3, "elsewhere", "epoch"), (9, epoch, "position")):
        again = poll(world, conv, after=after, epoch=of).json()
        assert again["reset"] == reason
        assert [one["seq"] for one in again["entries"]] == [1, 2, 3, 4, 5, 6]
        assert (again["epoch"], again["head"]) == (epoch, 6)


def test_a_poll_says_all_that_a_welcome_says_and_more(world: World) -> None:
    conv = world.conversation(agent="camille")

    async def story() -> dict[str, Any]:
        async with world.visitor_socket() as tab:
            return await hello(tab, conv)

    welcome, polled = asyncio.run(story()), poll(world, conv).json()
    told = {name: value for name, value in welcome.items() if name not in ("t", "server_ts")}
    assert {name: polled[name] for name in told} == told
    assert polled["wm"] == {"visitor": {"dlv": 0, "read": 0}, "agent": {"dlv": 0, "read": 0}}


def test_marks_typing_and_presence_wake_a_poll(world: World) -> None:
    conv = world.conversation(agent="camille")
    mark = poll(world, conv, after=1).json()["mark"]
    with waiting(world, conv, after=1, mark=mark) as answer:
        world.read(conv, "camille", 1, 1)
        assert answer()["wm"]["agent"] == {"dlv": 1, "read": 1}
    mark = answer()["mark"]
    with waiting(world, conv, after=1, mark=mark) as answer:
        world.call(lambda: world.doors.hub.writing.agent(conv, True))
        assert answer()["typing"] is True
    mark = answer()["mark"]
    with waiting(world, conv, after=1, mark=mark) as answer:
        world.call(lambda: world.doors.hub.agent_opened("a", "camille"))
        assert answer()["presence"] == {"who": "agent", "state": "connected"}


def test_what_changes_between_two_polls_is_not_missed(world: World) -> None:
    conv = world.conversation()
    before = poll(world, conv).json()
    world.assign(conv, "camille")
    world.read(conv, "camille", 1, 1)
    now = poll(world, conv, after=1, wait=25, mark=before["mark"]).json()
    assert (now["state"], now["agent"], now["wm"]["agent"]["read"]) == ("open", {"name": "Camille"}, 1)


def test_a_message_with_an_idempotency_key_is_stored_once(world: World) -> None:
    conv = world.conversation()
    key = {"Idempotency-Key": "c-1"}
    answers = [post(world, f"conv/{conv}/entries", headers=key, body="once").json() for _ in range(3)]
    assert answers[0]["results"][0]["t"] == "ack"
    assert answers == [answers[0]] * 3
    other = post(world, f"conv/{conv}/entries", headers=key, body="another").json()
    assert other["results"][0]["code"] == "cid_conflict"
    entries = [{"cid": "c-2", "kind": "text", "body": "x"}]
    assert post(world, f"conv/{conv}/entries", headers=key, entries=entries).status_code == 400
    assert post(world, f"conv/{conv}/entries", headers={"Idempotency-Key": "no key"}, body="x").status_code == 400
    assert [one.body for one in world.transcript(conv)] == ["once"]


def test_whoever_polls_is_seen_writing(world: World) -> None:
    conv = world.conversation(agent="camille")
    client = world.console("camille@a.example")

    async def story() -> None:
        async with world.agent_socket(client) as ws:
            await say(ws, "hello", v=1, epoch=None, pos=None, tab="t")
            await say(ws, "watch", conv=conv, epoch=None, last_seq=0)
            await hear(ws, "welcome")
            answer = await asyncio.to_thread(post, world, f"conv/{conv}/typing", on=True)
            assert answer.status_code == 200
            assert await hear(ws, "typing") == {"t": "typing", "conv": conv, "who": "visitor", "on": True}

    asyncio.run(story())
    assert post(world, f"conv/{conv}/typing", visitor="v2", on=True).status_code == 404


def test_a_poll_that_waits_is_asked_to_come_back_when_the_process_ends(world: World) -> None:
    conv = world.conversation()
    with waiting(world, conv) as answer:
        world.call(world.doors.hub.drain)
        assert answer()["drain"] == 2000


def offered(world: World, visitor: str) -> str:
    world.available("camille")
    return str(world.hesitates(visitor)["offer"]["engagement"])


def test_an_invitation_comes_over_the_socket_and_is_answered_there(world: World) -> None:
    conv = world.conversation("v1")
    world.do(world.engine.close("a", conv, "visitor", vid("v1")))

    async def story() -> None:
        async with world.visitor_socket() as tab:
            await hello(tab, conv)
            engagement = await asyncio.to_thread(offered, world, "v1")
            offer = await hear(tab, "offer")
            assert (offer["engagement_id"], offer["message"], offer["state"]) == (
                engagement,
                "Une question ?",
                "offered",
            )
            await say(tab, "offer_shown", engagement_id=engagement)
            assert (await hear(tab, "offer"))["state"] == "shown"
            await say(tab, "offer_accept", engagement_id=engagement)
            accepted = await hear(tab, "accepted")
            assert accepted["conversation"]["id"] != conv
            await say(tab, "offer_decline", engagement_id=engagement)
            nack = await hear(tab, "nack")
            assert (nack["engagement_id"], nack["code"], nack["fatal"]) == (engagement, "offer_over", True)

    asyncio.run(story())


def test_an_invitation_of_somebody_else_is_over(world: World) -> None:
    conv = world.conversation("v2")
    engagement = offered(world, "v1")

    async def story() -> None:
        async with world.visitor_socket() as tab:
            await hello(tab, conv, visitor="v2")
            for frame in ("offer_shown", "offer_accept", "offer_decline"):
                await say(tab, frame, engagement_id=engagement)
                assert (await hear(tab, "nack"))["code"] == "offer_over"

    asyncio.run(story())


@pytest.mark.parametrize("lost", [2])
def test_a_hole_that_the_store_cannot_fill_closes_the_socket(world: World, lost: int) -> None:
    conv = world.conversation(agent="camille")

    async def story() -> None:
        async with world.visitor_socket() as tab:
            await hello(tab, conv)
            entry = world.transcript(conv)[0]
            ahead = type(entry)(**{name: getattr(entry, name) for name in entry.__struct_fields__} | {"seq": 1 + lost})
            world.call(lambda: world.doors.hub._entry(conv, ahead))
            assert await closed(tab) == 4010

    asyncio.run(story())


@pytest.mark.parametrize("way", ["socket", "post"])
def test_an_older_answer_to_the_survey_that_comes_late_changes_nothing(world: World, way: str) -> None:
    conv = world.conversation()
    told = [
        {"csat": 2, "comment": "slow", "n": 1_000},
        {"csat": 5, "comment": "merci", "n": 2_000},
        {"csat": 5, "comment": "merci", "n": 4_000},  # thought of again, with another between that is on its way
        {"csat": 1, "comment": "hm", "n": 3_000},
    ]
    late = [told[1], told[0], told[1], told[2], told[3], told[0]]
    if way == "post":
        for one in late:
            assert post(world, f"conv/{conv}/survey", **one).json()["survey"] is True
    else:
        asyncio.run(surveyed(world, conv, late))
    found = world.found(conv)
    assert (found.csat, found.comment) == (5, "merci")
    lines = [one for one in world.transcript(conv) if one.kind == "survey"]
    assert [one.cid for one in lines] == [f"survey:n{number:016d}" for number in (2_000, 4_000)]
    heard = poll(world, conv, after=0).json()["entries"]
    assert [one["seq"] for one in heard if one["kind"] == "survey"] == [one.seq for one in lines]


async def surveyed(world: World, conv: str, answers: list[dict[str, Any]]) -> None:
    """Say these over a socket, one after the other, and be sure that they were heard."""
    async with world.visitor_socket() as tab:
        await hello(tab, conv)
        for one in answers:
            await say(tab, "survey", **one)
        await say(tab, "close")
        await hear(tab, "state")
