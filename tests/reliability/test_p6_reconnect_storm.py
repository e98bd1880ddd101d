"""P6: a storm of reconnections is survived: all are back soon, nothing is lost, and each costs one reading at most."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from sizes import said, size
from sockets_support import BACK_S, Chat, Server, prepare, quantile, stored_texts, watched_server

SOCKETS = size(100, 1_000, 1_000)
BACK_WITHIN_S = 10.0


def test_sockets_that_were_all_cut_at_once_are_back_and_cost_one_reading_each(tmp_path: Path) -> None:
    data = tmp_path / "data"
    tokens = prepare(data, SOCKETS)
    with watched_server(data) as server:
        chats, reads, back = asyncio.run(storm(tokens, server))
        server.process.terminate()
        server.process.wait(30)
    away = [seconds for chat in chats for seconds in chat.away]
    said(
        f"P6: {SOCKETS} sockets cut at once, all back in {back:.1f} s, p99 {quantile(away, 0.99):.2f} s, "
        f"{reads / SOCKETS:.3f} readings each, {sum(len(chat.sent) for chat in chats)} messages"
    )
    assert back <= BACK_WITHIN_S + BACK_S
    assert reads <= SOCKETS + 20  # sites and staff are read again now and then
    kept = stored_texts(data, SOCKETS)
    assert all(chat.unfit == [] for chat in chats)
    for chat in chats:
        assert [body for _, body in chat.shown] == kept[chat.number]
        assert [body for body in kept[chat.number] if body != "x" * 9] == chat.sent
    assert sum("x" * 9 in lines for lines in kept) == len(chats[::3])


async def storm(tokens: list[str], server: Server) -> tuple[list[Chat], int, float]:
    chats = [Chat(n, token, server.port) for n, token in enumerate(tokens)]
    tasks = []
    for chat in chats:
        tasks.append(asyncio.create_task(chat.run()))
        await asyncio.sleep(0.002)
    await until(lambda: all(chat.here.is_set() for chat in chats), 120)
    for chat in chats:
        await chat.say("before")
    await until(lambda: all(not chat.outbox and len(chat.shown) == 1 for chat in chats), 60)
    reads = await asyncio.to_thread(server.ask, "/test/reads")
    begun = time.monotonic()
    for chat in chats:
        chat.cut()
    for chat in chats[::2]:
        await chat.say("while away")  # in the outbox
    lacking = [chat.conv for chat in chats[::3]]
    for n in range(0, len(lacking), 50):  # as many as an address holds
        await asyncio.to_thread(server.ask, f"/test/flood?conv={','.join(lacking[n : n + 50])}&n=1&size=9")
    await until(lambda: all(len(chat.away) == 1 for chat in chats), 60)
    back = time.monotonic() - begun
    await until(lambda: all(not chat.outbox and len(chat.shown) >= len(chat.sent) for chat in chats), 60)
    reads = await asyncio.to_thread(server.ask, "/test/reads") - reads
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return chats, reads, back


async def until(done: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 (no event of ours)
            await asyncio.sleep(0.02)
