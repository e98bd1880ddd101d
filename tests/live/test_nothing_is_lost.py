"""Messages are sent, a third of them again, while the server is killed: each is stored once, and all are accounted for.

`APARTE_LONG=1` sends 300,000 messages and kills 30 times; otherwise it is 20,000 and 4.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from base64 import b64encode
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from running import LONG, Server, answer, exported, figure, lines, running

MESSAGES, KILLS, BATCH = (300_000, 30, 100) if LONG else (20_000, 4, 100)
BASIC = f"Authorization: Basic {b64encode(b'demo:').decode()}\r\nContent-Type: application/json\r\n"
SECRET = f"Authorization: Basic {b64encode(b'demo-secret:').decode()}\r\n"


def batches() -> list[bytes]:
    """Every message once, 30 % of them a second time in a later batch."""
    now = datetime.now(UTC).isoformat()
    messages = [
        {"type": "page", "messageId": f"m{n}", "anonymousId": f"v{n % 5000}", "timestamp": now, "properties": {"n": n}}
        for n in range(MESSAGES)
    ]
    again = random.Random(1).sample(messages, MESSAGES * 3 // 10)
    everything = [messages[at : at + BATCH] for at in range(0, MESSAGES, BATCH)]
    everything += [again[at : at + BATCH] for at in range(0, len(again), BATCH)]
    random.Random(2).shuffle(everything)
    return [json.dumps({"batch": batch, "sentAt": now}).encode() for batch in everything]


async def deliver(server: Server, todo: list[bytes], tries: Counter[str]) -> None:
    """Take batches until there are none; one that was not answered with 200 is sent again."""
    while todo:
        body = todo.pop()
        # An address of its own for each batch: what is measured here is loss, not the limit of one address.
        address = f"X-Forwarded-For: 10.{len(todo) >> 16}.{len(todo) >> 8 & 255}.{len(todo) & 255}\r\n"
        length = f"Content-Length: {len(body)}\r\n"
        head = f"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}{address}{BASIC}\r\n".encode()
        while True:
            tries["sent"] += 1
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                try:
                    writer.write(head + body)
                    async with asyncio.timeout(30):
                        status, _ = await answer(reader)
                finally:
                    writer.close()
            except (OSError, EOFError, TimeoutError):
                tries["failed"] += 1
                await asyncio.sleep(0.05)
                continue
            if status == 200:
                tries["answered"] += 1
                break
            assert status in (429, 503), status
            await asyncio.sleep(0.05)


async def kill_now_and_then(server: Server, todo: list[bytes], whole: int) -> int:
    """Kill the server each time another share of the work is done, and start it again."""
    kills = 0
    while todo:
        if len(todo) < whole * (KILLS - kills) / (KILLS + 1):
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
            kills += 1
        await asyncio.sleep(0.01)
    return kills


def test_each_message_is_stored_once_and_all_are_accounted_for_although_the_server_is_killed(tmp_path: Path) -> None:
    async def story(server: Server) -> tuple[int, Counter[str]]:
        todo, tries = batches(), Counter[str]()
        workers = [deliver(server, todo, tries) for _ in range(6)]
        killing = asyncio.create_task(kill_now_and_then(server, todo, len(todo)))
        await asyncio.gather(killing, *workers)
        return killing.result(), tries

    quick = {"limits_site_rate": 1_000_000, "limits_site_burst": 1_000_000}
    with running("demo", "--data", str(tmp_path), "--no-simulation", "--no-history", **quick) as server:
        begun = time.monotonic()
        kills, tries = asyncio.run(story(server))
        figure(f"{MESSAGES:,} messages, {kills} kills, {time.monotonic() - begun:.0f} s, bodies: {dict(tries)}")
        counts = asyncio.run(ingest_counts(server))
        stored = Counter(line["messageId"] for line in lines(exported(tmp_path, "events")) if "messageId" in line)
    figure(f"counters: {counts}")
    assert kills == KILLS
    assert stored == Counter({f"m{n}": 1 for n in range(MESSAGES)})
    fates = counts["accepted"] + counts["duplicate"] + counts["quarantined"] + counts["refused"]
    assert counts["received"] == fates
    assert counts["accepted"] == MESSAGES
    assert counts["quarantined"] == 0
    # Answered bodies are in the books; a body whose answer was lost may be in them too, and comes again as duplicates.
    least = tries["answered"] * BATCH
    assert least <= counts["received"] <= tries["sent"] * BATCH


async def ingest_counts(server: Server) -> dict[str, int]:
    """The counters, as the shop's server reads them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET /api/v1/ingest HTTP/1.1\r\nHost: 127.0.0.1\r\n{SECRET}\r\n".encode())
    status, body = await answer(reader)
    writer.close()
    assert status == 200
    found: dict[str, int] = json.loads(body)
    return found
