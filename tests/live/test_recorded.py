"""What a live server decided, its recording decides again, byte for byte.

Beside the simulation of the demo, restless visitors do what is hard to keep exactly: fractions, late events, windows,
sequences, refusals that pass, orders told twice, invitations answered, ignored and run out, sessions ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from running import NotNow, Server, Shopper, exported, lines, running

HASTY = """
[site]
id = "demo"
time_zone = "Europe/Paris"
holdout = 0.05
bid_price = 2.0
[behaviours.spent]
sum = "Product Added"
of = "price"
within = "6s"
[behaviours.looked]
distinct = "Product Viewed"
of = "product_id"
within = "5s"
[behaviours.wavered]
sequence = ["Product Viewed", "Product Added", "Cart Viewed"]
within = "20s"
[behaviours.still]
idle = "*"
[behaviours.seen]
last = "Product Viewed"
of = "price"

[[campaigns]]
name = "still"
holdout = 0.2
[[campaigns.rules]]
name = "dwells"
when = 'page.dwell >= duration("2s") && cart.value > 0.3'
priority = 5
offer = { channel = "chat", skill = "sales", expires = "3s", margin = 9.5, cost = 0.1, message = "?" }
[[campaigns.rules]]
name = "idle"
when = 'still >= duration("1500ms") && looked >= 1'
priority = 9
offer = { channel = "chat", skill = "sales", expires = "5s", margin = 3.0, cost = 0.5, message = "?" }
[campaigns.frequency]
at_most = 2
per = "1h"
after_decline = "5s"
after_chat = "4s"

[[campaigns]]
name = "windows"
holdout = 0.1
[[campaigns.rules]]
name = "spent"
when = 'spent > 40.25 && spent < 400.0 || wavered >= 2'
priority = 7
offer = { channel = "content", expires = "4s", margin = 5.0, message = "?" }
[[campaigns.rules]]
name = "claims"
when = 'session.duration >= duration("3s") && (seen > 0.3 || visitor.spend > 100.0)'
priority = 2
offer = { channel = "chat", expires = "2s", margin = 2.2, cost = 0.2, message = "?" }
[campaigns.experiment]
version = 1
variants = [{ name = "soon", share = 0.5, delay = "1s" }, { name = "later", share = 0.5, delay = "2500ms" }]
[campaigns.frequency]
once_per_session = true
"""
OTHER = (
    HASTY.replace("page.dwell >= duration", "still >= duration")
    + """
[[campaigns]]
name = "late"
holdout = 0.1
[[campaigns.rules]]
name = "anybody"
when = 'session.duration >= duration("4s") && looked >= 0'
offer = { channel = "chat", skill = "sales", expires = "3s", margin = 9.0, message = "?" }
"""
)
PRICES = [0.1, 0.2, 0.30000000000000004, 19.99, 5, 1e-7, 3.3333333333333335, 120, 2**53 + 2, "12.50", None]
NAMES = ["Product Viewed", "Product Added", "Cart Viewed", "Product Removed", "Products Searched", "Exit Intent"]


def deed(shopper: Shopper, dice: random.Random) -> dict[str, Any]:
    """Something that a visitor does, now and then late, or told with odd values."""
    ago = dice.choice([0, 0, 0, 300, 1700, 60_000, 3_600_000, 90_000_000]) if dice.random() < 0.2 else 0
    match dice.randrange(12):
        case 0 | 1:
            return shopper.event("page", ago_ms=ago, path=f"/p{dice.randrange(5)}", url=f"https://shop/p?q={ago}")
        case 2:
            return shopper.event("identify", ago_ms=ago, traits={"size": dice.choice(PRICES), "é": "ü"})
        case 3:
            order = {"order_id": f"o{dice.randrange(60)}", "total": dice.choice(PRICES), "revenue": 1.1}
            return shopper.event("track", dice.choice(["Order Completed", "Order Refunded"]), ago_ms=ago, **order)
        case _:
            product = {
                "product_id": f"p{dice.randrange(4)}",
                "price": dice.choice(PRICES),
                "quantity": dice.choice([1, 2, 3.5]),
            }
            return shopper.event("track", dice.choice(NAMES), ago_ms=ago, **product)


async def wander(server: Server, number: int, until: float) -> None:
    """A restless visitor; the server may go away beneath him, and some leave for good."""
    dice, shopper = random.Random(number), Shopper(server, number)
    while time.monotonic() < until:
        try:
            found = await shopper.pulse(*(deed(shopper, dice) for _ in range(dice.randrange(4))))
            if found["offer"]:
                await answer_offer(shopper, found["offer"], dice)
            if found["conversation"] and dice.random() < 0.4:
                said = {"key": "demo", "token": shopper.token}
                await shopper.line.call("POST", f"/v1/conv/{found['conversation']['id']}/close", encoded(said))
        except (OSError, EOFError, NotNow):
            await asyncio.sleep(0.2)
        if dice.random() < 0.05:
            with contextlib.suppress(OSError, EOFError):
                gone = {"key": "demo", "token": shopper.token, "consent": "denied"}
                await shopper.line.call("POST", "/v1/pulse", encoded(gone))
                shopper.token = None
        await asyncio.sleep(dice.choice([0.1, 0.3, 0.8, 2.2]))
    shopper.line.drop()


async def answer_offer(shopper: Shopper, offer: dict[str, Any], dice: random.Random) -> None:
    """What people do with invitations; some do nothing."""
    for move in dice.choice([("shown",), ("shown", "accept"), ("shown", "decline"), ("ignore",), ()]):
        said = {"key": "demo", "token": shopper.token, "language": "fr"}
        await shopper.line.call("POST", f"/v1/offers/{offer['engagement']}/{move}", encoded(said))


def encoded(said: dict[str, Any]) -> bytes:
    """As JSON."""
    return json.dumps(said).encode()


def interrupted(server: Server, plan: list[tuple[str, float]]) -> None:
    """Restless visitors, while the server lives through the plan: what happens to it, and after how many seconds."""

    async def story() -> None:
        until = time.monotonic() + sum(seconds for _, seconds in plan)
        wandering = [asyncio.create_task(wander(server, number, until)) for number in range(1, 41)]
        for what, seconds in plan:
            await asyncio.sleep(seconds)
            if what == "kill":
                await asyncio.to_thread(server.kill)
            elif what == "stop":
                assert await asyncio.to_thread(server.stop) == 0
            else:
                await asyncio.to_thread(applied, Path(what))
                continue
            await asyncio.to_thread(server.start)
        await asyncio.gather(*wandering)

    asyncio.run(story())


def applied(file: Path) -> bytes:
    """What `aparte apply` says of this file; its folder is the data folder."""
    command = [sys.executable, "-m", "aparte", "apply", str(file), "--data", str(file.parent / "data")]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def same_again(data: Path, folder: Path) -> list[dict[str, Any]]:
    """The decisions of the server, which those of a replay of its log must equal byte for byte."""
    events, out = folder / "events.jsonl", folder / "again.jsonl"
    events.write_bytes(exported(data, "events"))
    command = [sys.executable, "-m", "aparte", "replay", str(events), "--capacity", "recorded", "--json"]
    command += ["--decisions-out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    decided = exported(data, "decisions")
    again = out.read_bytes()
    different = [pair for pair in zip(decided.splitlines(), again.splitlines(), strict=False) if pair[0] != pair[1]]
    assert not different, different[0]
    assert again == decided
    return lines(decided)


def reasons(decisions: list[dict[str, Any]]) -> set[str]:
    """What was decided, of refusals why."""
    return {one.get("reason") or one["decision"] for one in decisions}


def test_a_recorded_run_over_kills_and_restarts_gives_every_decision_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running("demo", "--data", str(data), "--no-simulation", "--no-history") as server:
        assert server.stop() == 0
    (tmp_path / "hasty.toml").write_text(HASTY, "utf-8")
    (tmp_path / "other.toml").write_text(OTHER, "utf-8")
    assert b"version 2, in force from the next start" in applied(tmp_path / "hasty.toml")
    other, hasty = str(tmp_path / "other.toml"), str(tmp_path / "hasty.toml")
    with running("demo", "--data", str(data), "--visitors", "60", "--no-history") as server:
        interrupted(server, [(other, 6), ("kill", 3), (hasty, 3), ("stop", 3), (other, 2), (hasty, 2), ("kill", 1)])
        assert server.stop() == 0
    decisions = same_again(data, tmp_path)
    assert exported(data, "events").count(b'"type":"CampaignPublished"') == 6
    assert reasons(decisions) >= {"invite", "hold_out", "frequency", "already_engaged", "not_reachable"}
    assert sum(one["decision"] == "invite" for one in decisions) > 50


def test_the_recorded_demo_with_its_four_weeks_gives_every_decision_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running("demo", "--data", str(data), "--visitors", "60") as server:
        interrupted(server, [("kill", 4), ("stop", 4)])
        past = len(lines(exported(data, "decisions")))
    decisions = same_again(data, tmp_path)
    assert past > 1000
    assert {"invite", "hold_out"} <= {one["decision"] for one in decisions}
