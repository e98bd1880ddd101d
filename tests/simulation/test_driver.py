"""Simulated visitors come through the door as the tag would, and agents answer them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from random import Random

import pytest
from msgspec.structs import replace
from scripted_server import scripted

from aparte.simulation.agents import Agent, Said
from aparte.simulation.client import Client, Unreachable
from aparte.simulation.driver import Driver, OpenPage
from aparte.simulation.nature import Nature
from aparte.simulation.twin import Visit
from aparte.simulation.visitors import Persona, person
from aparte.tracking.bots import is_bot

DOCUMENTATION = [ip_network(one) for one in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]


def visit(persona: Persona, fate: float, luck: float = 1.0) -> Visit:
    """A visit whose pauses are over at once; `fate` decides on invitations, `luck` on the order."""
    made = Visit(Random(2), person(Random(2)), persona, "ML-1")
    made.nature = Nature(luck=luck, fate=fate)
    made.end()
    made.forked = True
    made.pages.done = [replace(act, wait_ms=501 if act.wait_ms > 500 else 0) for act in made.pages.done]
    return made


async def walked(made: Visit, *, hang_up: bool = False) -> tuple[list[str], list[dict[str, object]], dict[str, str]]:
    """Doors used, messages sent and headers of the first pulse of one visit."""
    async with scripted(hang_up=hang_up) as server:
        page = OpenPage(Driver("127.0.0.1", server.port), made, 0.001)
        await page.walk()
        page.client.drop()
        messages = [one for body in server.bodies("/v1/pulse") for one in body["events"]]
        return server.paths(), messages + server.bodies("/v1/track"), server.calls[0][2]


def test_a_visitor_who_accepts_talks_and_says_how_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    made = visit(Persona.SEARCHES, fate=0.01)
    paths, messages, _ = asyncio.run(walked(made))
    assert paths[:2] == ["/v1/offers/eng_1/shown", "/v1/offers/eng_1/accept"]
    assert "/v1/conv/conv_1/entries" in paths
    assert "/v1/conv/conv_1/close" in paths
    assert made.talked
    searched = [one["properties"]["results"] for one in messages if one.get("event") == "Products Searched"]  # type: ignore[index]
    assert searched == [0, 0]
    assert len({one["messageId"] for one in messages}) == len(messages)


@pytest.mark.parametrize(("fate", "door"), [(0.3, "decline"), (0.9, "ignore")])
def test_a_visitor_may_decline_or_ignore(monkeypatch: pytest.MonkeyPatch, fate: float, door: str) -> None:
    quick(monkeypatch)
    paths, _, _ = asyncio.run(walked(visit(Persona.SEARCHES, fate)))
    assert paths == ["/v1/offers/eng_1/shown", f"/v1/offers/eng_1/{door}"]


def test_an_order_is_claimed_by_the_page_and_confirmed_by_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    _, messages, _ = asyncio.run(walked(visit(Persona.BUYER, fate=0.99, luck=0.0)))
    orders = [one for one in messages if one.get("event") == "Order Completed"]
    assert [one["properties"]["order_id"] for one in orders] == ["ML-1", "ML-1"]  # type: ignore[index]
    assert orders[1]["anonymousId"] == "0" * 32


def test_a_kept_connection_that_closes_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    paths, messages, _ = asyncio.run(walked(visit(Persona.SEARCHES, fate=0.3), hang_up=True))
    assert paths[-1] == "/v1/offers/eng_1/decline"
    assert len({one["messageId"] for one in messages}) == len(messages)


def test_a_server_that_is_away_is_told_in_one_way() -> None:
    async def call() -> None:
        async with scripted() as server:
            port = server.port
        await Client("127.0.0.1", port, {}).call("GET", "/")

    with pytest.raises(Unreachable):
        asyncio.run(call())


def test_everybody_has_an_address_for_documentation_and_a_browser_of_people(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    people = [person(Random(seed)) for seed in range(200)]
    for one in people:
        assert any(ip_address(one.address) in network for network in DOCUMENTATION)
        assert not is_bot(one.user_agent)
    assert {one.language for one in people} == {"fr", "en"}
    _, _, headers = asyncio.run(walked(visit(Persona.WINDOW, fate=0.9)))
    assert headers["x-forwarded-for"] == person(Random(2)).address
    assert headers["content-type"] == "text/plain"


def test_as_many_visitors_as_asked_for_are_in_the_shop() -> None:
    async def run() -> tuple[int, int]:
        async with scripted() as server:
            driver = Driver("127.0.0.1", server.port)
            running = asyncio.create_task(driver.run())
            driver.set_visitors(3)
            await until(lambda: len(driver.tasks) == 3)
            many = len(driver.tasks)
            driver.set_visitors(1)
            await until(lambda: len(driver.tasks) == 1)
            few = len(driver.tasks)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            assert not driver.tasks
            return many, few

    assert asyncio.run(run()) == (3, 1)


class Desk:
    """The door of one agent, with one visitor waiting."""

    def __init__(self) -> None:
        self.queue, self.held, self.over = ["c1"], list[str](), list[str]()
        self.said = [
            Said(1, "system", "offer", "Une question ?"),
            Said(2, "visitor", "text", "Le lin rétrécit au lavage ?"),
        ]

    async def waiting(self) -> Sequence[str]:
        return self.queue

    async def take(self, conv: str) -> bool:
        self.queue.remove(conv)
        self.held.append(conv)
        return True

    async def mine(self) -> Sequence[str]:
        return list(self.held)

    async def say(self, conv: str, body: str) -> None:
        self.said.append(Said(len(self.said) + 1, "agent", "text", body))

    async def close(self, conv: str) -> None:
        self.held.remove(conv)
        self.over.append(conv)

    async def entries(self, conv: str) -> Sequence[Said]:
        return self.said


def test_an_agent_takes_greets_answers_after_a_while_and_closes() -> None:
    desk = Desk()
    agent = Agent("Inès", desk, Random(1))
    asyncio.run(agent.look(0.0, takes=True))
    assert len(desk.said) == 2
    asyncio.run(agent.look(10.0, takes=True))
    assert [one.body for one in desk.said[2:]] == [
        "Bonjour, je suis Inès de Maison Lin.",
        "Celui-ci est déjà lavé : à 30 °C il ne bouge plus.",
    ]
    desk.said.append(Said(5, "visitor", "text", "Parfait, merci."))
    asyncio.run(agent.look(11.0, takes=True))
    asyncio.run(agent.look(30.0, takes=True))
    assert desk.over == ["c1"]


def test_once_a_human_is_there_nobody_takes_another() -> None:
    desk = Desk()
    asyncio.run(Agent("Karim", desk, Random(1)).look(0.0, takes=False))
    assert desk.queue == ["c1"]


async def until(holds: object) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(20):
        while not holds():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated people think in no time."""
    sleep = asyncio.sleep
    monkeypatch.setattr("aparte.simulation.driver.asyncio.sleep", lambda seconds: sleep(min(seconds, 0.002)))
