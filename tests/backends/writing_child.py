"""A process that writes lists and says through a pipe which of them were acknowledged, until it is killed."""

import asyncio
import os
from multiprocessing.connection import Connection
from pathlib import Path

from store_worlds import conversation, counted, decision, line, says

from aparte.backends.sqlite.store import SqliteStore, open_store
from aparte.conversations.store import AppendEntry, OpenConversation
from aparte.tracking.store import AppendLog


async def client(store: SqliteStore, told: Connection, turn: str, number: int) -> None:
    """One after the other: a text of a conversation, with a line of the log that tells of it."""
    conv = f"conv{number}"
    n = 0
    while True:
        n += 1
        texts = [says(f"{turn}.{n}.{part}", f"{turn}.{n}.{part}", conv) for part in range(number % 3 + 1)]
        await acknowledged(store, told, texts, f"{conv} {turn}.{n}")


async def acknowledged(store: SqliteStore, told: Connection, texts: list[AppendEntry], name: str) -> None:
    global seq
    first, seq = seq + 1, seq + len(texts)
    rows = [line(first + n, message_id=text.cid) for n, text in enumerate(texts)]
    await store.submit([AppendLog(rows), *texts, decision(first), counted(len(texts))])
    os.write(told.fileno(), f"{name} {len(texts)}\n".encode())


async def main(directory: Path, told: Connection, turn: str) -> None:
    global seq  # noqa: PLW0603
    store = open_store(directory)
    seq = store.last_seq()
    if not seq:
        await store.submit([OpenConversation(conversation(n, f"v{n}")) for n in range(8)])
    os.write(told.fileno(), b"ready\n")
    await asyncio.gather(*(client(store, told, turn, number) for number in range(8)))


def write(directory: Path, told: Connection, turn: str) -> None:
    """What the process runs."""
    asyncio.run(main(directory, told, turn))


seq = 0
