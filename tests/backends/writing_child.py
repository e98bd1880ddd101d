"""A process that writes lists and says on its standard output which of them were acknowledged, until it is killed.

python writing_child.py DIR ROUND
"""

import asyncio
import os
import sys
from pathlib import Path

from store_worlds import counted, decision, line, says

from aparte.backends.sqlite.store import SqliteStore, open_store
from aparte.conversations.store import AppendEntry, OpenConversation
from aparte.tracking.store import AppendLog


async def client(store: SqliteStore, turn: str, number: int) -> None:
    """One after the other: a text of a conversation, with a line of the log that tells of it."""
    conv = f"conv{number}"
    n = 0
    while True:
        n += 1
        texts = [says(f"{turn}.{n}.{part}", f"{turn}.{n}.{part}", conv) for part in range(number % 3 + 1)]
        await acknowledged(store, texts, f"{conv} {turn}.{n}")


async def acknowledged(store: SqliteStore, texts: list[AppendEntry], name: str) -> None:
    global seq
    first, seq = seq + 1, seq + len(texts)
    rows = [line(first + n, message_id=text.cid) for n, text in enumerate(texts)]
    await store.submit([AppendLog(rows), *texts, decision(first), counted(len(texts))])
    os.write(1, f"{name} {len(texts)}\n".encode())


async def main(directory: Path, turn: str) -> None:
    global seq  # noqa: PLW0603
    store = open_store(directory)
    seq = store.last_seq()
    if not seq:
        from store_worlds import conversation  # noqa: PLC0415

        await store.submit([OpenConversation(conversation(n, f"v{n}")) for n in range(8)])
    os.write(1, b"ready\n")
    await asyncio.gather(*(client(store, turn, number) for number in range(8)))


seq = 0
if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
