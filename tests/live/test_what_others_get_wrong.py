"""What other products get wrong, on a running server: the table at the end of the targeting reference, row by row."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from running import Line, Server, Shopper, as_staff, call, exported, lines, running, signed_in
from websockets.asyncio.client import connect

from aparte.app.serve import add_site, add_staff, opened, write
from aparte.backends.sqlite.store import open_reader
from aparte.engagements.pacing import may_send_one_more
from aparte.experiments.assign import draw
from aparte.experiments.model import Split, experiment_seed
from aparte.sites.store import SaveStaff

OTHERS = 500
SECRET = "secret.txt"
PASSWORD = "a long pass phrase, 7"  # of nobody: the data folder is gone with the test
OURS = """
[[campaigns]]
name = "cart"
holdout = 0.0
[[campaigns.rules]]
name = "filled"
when = 'page.path == "/cart" && cart.value >= 50'
offer = { channel = "chat", skill = "sales", expires = "30s", message = { fr = "Une question ?", en = "A question?" } }
[campaigns.frequency]
once_per_session = true
[[campaigns]]
name = "tips"
holdout = 0.0
[[campaigns.rules]]
name = "guide"
when = 'page.path == "/guide"'
offer = { channel = "content", expires = "1s", message = { fr = "Le guide des tailles", en = "The size guide" } }
[campaigns.frequency]
once_per_session = false
[campaigns.experiment]
variants = [
  { name = "short", share = 0.5, message = "Tailles ?" },
  { name = "long", share = 0.5, message = "Un guide ?" },
]
"""


def campaigns() -> str:
    """Ours, behind many other rules that are looked at for the same events and do not hold."""
    head = '[site]\nid = "shop"\nholdout = 0.0\n'
    rules = [
        f'[[campaigns.rules]]\nname = "r{n}"\npriority = 50\n'
        f"""when = 'page.path == "/cart" && cart.value >= {100_000 + n}'\n"""
        'offer = { channel = "chat", skill = "sales", message = "?" }\n'
        for n in range(OTHERS)
    ]
    return head + '[[campaigns]]\nname = "others"\n' + "".join(rules) + OURS


@contextmanager
def shop(data: Path, *maxima: int) -> Iterator[tuple[Server, str, list[dict[str, str]]]]:
    """A server with a site, its public key, and agents with so many slots each, by what they sign in with.

    The site's secret key lies in the file SECRET beside its data.
    """
    site, secret = add_site(data, "shop", "Shop", ())
    (data / SECRET).write_text(secret, encoding="ascii")
    agents = [{"email": f"agent{n}@shop.example", "password": PASSWORD} for n in range(len(maxima))]
    for agent in agents:
        add_staff(data, "shop", agent["email"], agent["email"], "agent", PASSWORD)
    set_maxima(data, maxima)
    (data / "campaigns").mkdir(exist_ok=True)
    (data / "campaigns" / "shop.toml").write_text(campaigns(), encoding="utf-8")
    with running("serve", "--data", str(data), trusted_proxies="127.0.0.1") as server:
        yield server, site.public_key, agents


def secret_of(data: Path) -> str:
    """What the shop's server proves itself with."""
    return (data / SECRET).read_text(encoding="ascii")


def set_maxima(data: Path, maxima: tuple[int, ...]) -> None:
    """So many slots for each agent."""
    with opened(data) as store:
        staff = sorted(store.staff("shop"), key=lambda one: one.email)
        write(store, [SaveStaff(structs.replace(one, maximum=n)) for one, n in zip(staff, maxima, strict=True)])


class People:
    """Shoppers who leave when the story is over."""

    def __init__(self, server: Server, key: str) -> None:
        self.server, self.key, self.all = server, key, list[Shopper]()

    async def __aenter__(self) -> People:
        return self

    async def __aexit__(self, *_: object) -> None:
        for one in self.all:
            one.line.drop()

    def come(self, numbers: Iterable[int]) -> list[Shopper]:
        """Some more of them."""
        new = [Shopper(self.server, number, self.key) for number in numbers]
        self.all += new
        return new


async def works(server: Server, held: AsyncExitStack, who: dict[str, str]) -> str:
    """An agent signs in, opens the console and is available; his cookie."""
    cookie = await signed_in(server, who)
    headers = {"Cookie": cookie, "Origin": server.url}
    uri = f"ws://127.0.0.1:{server.port}/api/v1/socket"
    socket = await held.enter_async_context(connect(uri, additional_headers=headers, compression=None, proxy=None))
    await socket.send('{"t":"hello","v":1}')
    assert json.loads(await socket.recv())["t"] == "snapshot"
    return cookie


async def fills_his_cart(shopper: Shopper, price: int = 80) -> dict[str, Any]:
    """A visitor puts something into his cart and looks at it; the answer to that pulse."""
    added = shopper.event("track", "Product Added", product_id="p1", price=price, quantity=1)
    return await shopper.pulse(added, shopper.event("page", path="/cart", url="https://shop.example/cart"))


async def explained(server: Server, secret: str, shopper: Shopper) -> Any:
    """Why, or why not: what the shop's server is told of a visitor."""
    headers = f"Authorization: Basic {b64encode(secret.encode() + b':').decode()}\r\n"
    return await call(server, "GET", f"/api/v1/visitors/{shopper.id}/explain", None, headers)


async def accepts(shopper: Shopper, engagement: str) -> dict[str, Any]:
    """The conversation that an accepted invitation opens."""
    said = {"key": shopper.key, "token": shopper.token, "language": "fr"}
    found = await shopper.line.json("POST", f"/v1/offers/{engagement}/accept", said)
    return dict(found["conversation"])


def most_at_once(slots: int) -> int:
    """How many invitations pacing sends at once when one in ten is accepted: the static case of the reference."""
    sent: list[float] = []
    while may_send_one_more(sent, slots, epsilon=0.05):
        sent.append(0.1)
    return len(sent)


@pytest.mark.covers("S0-52", "S1-88")
def test_nobody_is_invited_while_all_are_full_and_no_more_than_can_be_answered(tmp_path: Path) -> None:
    async def story(server: Server, key: str, agents: list[dict[str, str]]) -> None:
        async with AsyncExitStack() as held, People(server, key) as people:
            answers = await asyncio.gather(*map(fills_his_cart, people.come(range(10))))
            assert [one["offer"] for one in answers] == [None] * 10  # nobody is there
            await works(server, held, agents[0])
            crowd = people.come(range(100, 140))
            answers = await asyncio.gather(*map(fills_his_cart, crowd))
            invited = [(one, told["offer"]) for one, told in zip(crowd, answers, strict=True) if told["offer"]]
            assert len(invited) == most_at_once(2) == 4
            talks = await asyncio.gather(*(accepts(one, offer["engagement"]) for one, offer in invited))
            assert sorted(one["position"] or 0 for one in talks) == [0, 0, 1, 2]  # nobody who accepts is turned away
            answers = await asyncio.gather(*map(fills_his_cart, people.come(range(200, 210))))
            assert [one["offer"] for one in answers] == [None] * 10  # the agent is full

    with shop(tmp_path, 2) as (server, key, agents):
        asyncio.run(story(server, key, agents))
        assert server.stop() == 0
    reasons = Counter(
        one.get("reason", one["decision"])
        for one in lines(exported(tmp_path, "decisions"))
        if one["campaign"] == "cart"
    )
    del reasons["not_reachable"]  # what came in the very pulse that told that the page is there
    assert reasons == {"invite": 4, "pacing": 36, "not_covered": 20}
    assert slots_of(tmp_path) == {0: 2}


def slots_of(data: Path) -> dict[int, int]:
    """How many slots of each agent are taken, by the agents' order."""
    reader = open_reader(data)
    try:
        order = {one.id: n for n, one in enumerate(sorted(reader.staff("shop"), key=lambda one: one.email))}
        return dict(Counter(order[slot.agent] for slot in reader.slots("shop")))
    finally:
        reader.close()


def test_a_visitor_keeps_his_arm_and_every_purchase_and_message_counts_once(tmp_path: Path) -> None:
    variants = Split(experiment_seed("tips"), 1, (("Tailles ?", 0.5), ("Un guide ?", 0.5)))

    async def sees(shopper: Shopper) -> None:
        seen: list[str] = []
        while len(seen) < 3:
            told = await shopper.pulse(shopper.event("page", path="/guide", url="https://shop.example/guide"))
            if told["offer"]:
                seen.append(told["offer"]["message"])
                said = {"key": shopper.key, "token": shopper.token, "language": "fr"}
                await shopper.line.json("POST", f"/v1/offers/{told['offer']['engagement']}/decline", said)
            await asyncio.sleep(0.5)
        assert seen == [draw(variants, shopper.id)] * 3

    async def buys(shopper: Shopper) -> str:
        for number in range(2):
            order = {"order_id": f"{shopper.number}-{number}", "total": 40, "currency": "EUR"}
            bought = shopper.event("track", "Order Completed", **order)
            await shopper.pulse(bought)
            await shopper.pulse(bought)
        return shopper.id

    async def writes(shopper: Shopper) -> None:
        said = {"key": shopper.key, "token": None, "language": "fr", "url": "/shop"}
        opened = await shopper.line.json("POST", "/v1/conversations", said)
        path, token = f"/v1/conv/{opened['conversation']['id']}/entries", opened["token"]
        message = {"key": shopper.key, "token": token, "entries": [{"cid": "one", "kind": "text", "body": "Bonjour"}]}
        told = [await shopper.line.json("POST", path, message) for _ in range(2)]
        assert told[0]["results"][0]["seq"] == told[1]["results"][0]["seq"]

    async def story(server: Server, key: str) -> str:
        async with People(server, key) as people:
            await asyncio.gather(*map(sees, people.come(range(6))))
            buyer, writer = people.come((50, 51))
            await writes(writer)
            return await buys(buyer)

    with shop(tmp_path) as (server, key, _):
        visitor = asyncio.run(story(server, key))
        assert server.stop() == 0
    reader = open_reader(tmp_path)
    orders = {one.order_id: (one.visitor, one.total) for one in reader.orders("shop")}
    bodies = [
        entry.body
        for one in reader.open_conversations("shop")
        for entry in reader.entries(one.id)
        if entry.kind == "text"
    ]
    reader.close()
    assert orders == {f"50-{number}": (visitor, 40.0) for number in range(2)}
    assert bodies == ["Bonjour"]


@pytest.mark.covers("S0-53", "S0-73")
def test_twenty_four_chats_fill_two_agents_of_three_slots_and_no_more(tmp_path: Path) -> None:
    async def opens(shopper: Shopper) -> None:
        said = {"key": shopper.key, "token": None, "language": "fr", "url": "/shop"}
        await shopper.line.json("POST", "/v1/conversations", said)

    async def polls(server: Server, cookie: str) -> None:
        line = Line(server)
        for _ in range(6):
            path = "/api/v1/conversations/next/take"
            status, _ = await line.call("POST", path, headers=as_staff(server, cookie))
            assert status in (200, 404, 409)
        line.drop()

    async def story(server: Server, key: str, agents: list[dict[str, str]]) -> None:
        async with AsyncExitStack() as held, People(server, key) as people:
            cookies = [await works(server, held, one) for one in agents]
            pollers = [polls(server, cookies[n % 2]) for n in range(8)]
            await asyncio.gather(*map(opens, people.come(range(24))), *pollers)
            mine = [await call(server, "GET", "/api/v1/conversations", None, as_staff(server, one)) for one in cookies]
            assert [len(one["mine"]) for one in mine] == [3, 3]
            assert len(mine[0]["queue"]) == 18

    with shop(tmp_path, 3, 3) as (server, key, agents):
        asyncio.run(story(server, key, agents))
        assert server.stop() == 0
    assert slots_of(tmp_path) == {0: 3, 1: 3}


def told_by_command(data: Path, visitor: str) -> Any:
    """What `aparte explain --data` says, beside the server that runs."""
    line = [sys.executable, "-m", "aparte", "explain", "--data", str(data), "--visitor", visitor, "--json"]
    return json.loads(subprocess.run(line, capture_output=True, check=True).stdout)


def rule_of(told: Any, key: str = "cart/filled") -> Any:
    """What is said of one rule."""
    [found] = [one for one in told["rules"] if one["rule"] == key]
    return found


def refusals(told: Any, key: str = "cart/filled") -> dict[str, str]:
    """The gates of a rule that stay shut, and why."""
    gates = rule_of(told, key)["gates"]
    return {one["gate"]: one.get("detail") or one["answer"] for one in gates if one["answer"] != "passes"}


def values(told: Any, key: str = "cart/filled") -> list[tuple[str, str, str]]:
    """The clauses of a rule, each with its answer and the value that it read."""
    return [(one["text"], one["answer"], one["values"][0][1]) for one in rule_of(told, key)["clauses"]]


@pytest.mark.covers("S1-88")
def test_why_a_rule_did_not_fire_is_told_of_any_visitor_by_the_page_and_by_the_command(tmp_path: Path) -> None:
    async def story(server: Server, key: str, agents: list[dict[str, str]]) -> tuple[list[Any], Any]:
        async with AsyncExitStack() as held, People(server, key) as people:
            poor, early, first, late = people.come(range(4))
            found = []
            await fills_his_cart(poor, 20)
            await fills_his_cart(early)
            found += [await explained(server, secret, one) for one in (poor, early)]
            await works(server, held, agents[0])
            offer = (await fills_his_cart(first))["offer"]
            said = {"key": key, "token": first.token, "language": "fr"}
            await first.line.json("POST", f"/v1/offers/{offer['engagement']}/decline", said)
            found.append(await explained(server, secret, first))
            held_back = await fills_his_cart(late)
            assert held_back["offer"] is not None
            found.append(await explained(server, secret, early))
            await accepts(late, held_back["offer"]["engagement"])
            found.append(await explained(server, secret, early))
            return found, await asyncio.to_thread(told_by_command, tmp_path, first.id)

    with shop(tmp_path, 1) as (server, key, agents):
        secret = secret_of(tmp_path)
        (poor, early, first, paced, full), told_by = asyncio.run(story(server, key, agents))
    rules = [f"others/r{n}" for n in range(OTHERS)] + ["cart/filled", "tips/guide"]
    for told in (poor, early, first, paced, full):
        assert [one["rule"] for one in told["rules"]] == rules  # each of them, not the first sixty
    page = 'page.path == "/cart"'
    # A clause that does not hold, with its value.
    assert values(poor) == [(page, "true", "/cart"), ("cart.value >= 50", "false", "20.0")]
    assert values(poor, "others/r499") == [(page, "true", "/cart"), ("cart.value >= 100499", "false", "20.0")]
    # All hold, and nobody is there; somebody is there whom another invitation waits for; he is full.
    assert values(early) == [(page, "true", "/cart"), ("cart.value >= 50", "true", "80.0")]
    assert refusals(early) == {"covered": "not_covered", "paced": "pacing"}
    assert refusals(paced) == {"paced": "pacing"}
    assert refusals(full) == {"covered": "not_covered", "paced": "pacing"}
    assert [one["capacity"]["free"]["sales"] for one in (early, paced, full)] == [0, 1, 0]
    assert full["capacity"]["busy"] == {"sales": 1}
    # A cap, and how often he was addressed.
    assert refusals(first) == {"often_enough": "once_per_session"}
    assert {name: len(times) for name, times in first["contacts"].items()} == {"cart": 1}
    # His arms: the same at each look.
    arms = rule_of(early, "tips/guide")["arms"]
    assert arms["campaign:tips"] == "treated"
    assert arms["experiment:tips"] in ("short", "long")
    assert rule_of(full, "tips/guide")["arms"] == arms
    # The command says the same of the log, beside the server that runs.
    assert [one["rule"] for one in told_by["rules"]] == rules
    for key_ in ("cart/filled", "tips/guide", "others/r499"):
        assert rule_of(told_by, key_)["clauses"] == rule_of(first, key_)["clauses"]
        assert rule_of(told_by, key_)["arms"] == rule_of(first, key_)["arms"]
    assert refusals(told_by) == refusals(first)
    assert told_by["capacity"]["free"]["sales"] == 1
    assert told_by["contacts"] == first["contacts"]
