"""A mail server on loopback, in a thread of its own; what it took lies in `got`."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class Postbox:
    """What has come, in order."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail, whoever it is for."""
        read: Any = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.got.append(read)
        return "250 taken"

    def wait(self, count: int, within_s: float = 20) -> EmailMessage:
        """The mail of this number, from 1."""
        until = time.monotonic() + within_s
        while len(self.got) < count:
            assert time.monotonic() < until, f"{len(self.got)} mails came, not {count}"
            time.sleep(0.05)
        return self.got[count - 1]


@contextmanager
def postbox() -> Iterator[tuple[Postbox, int]]:
    """A running one and its port."""
    box, ready, over = Postbox(), threading.Event(), threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(box, hostname="mail.test", loop=loop), "127.0.0.1", 0)
        async with server:
            ports.append(server.sockets[0].getsockname()[1])
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield box, ports[0]
    finally:
        over.set()
        thread.join()
