"""One POST to a webhook: the name is resolved once, all its addresses are judged, and one of those is connected to.

No proxy of the environment, no redirect, no cookie, no second look at the name. Of the answer the first line counts;
a few headers are read so that it is whole, the body is left.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from msgspec import Struct

from aparte.kit.addresses import Networks
from aparte.kit.errors import BadInput
from aparte.outbox.addresses import Target, address_of, judge_addresses, read_url

TIMEOUT_S = 10.0
MOST_OF_HEAD = 16 * 1024
MOST_INTERIM = 5
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})[ \r\n]")
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class Answered(Struct, frozen=True):
    """What an attempt came to."""

    delivered: bool
    words: str
    """`204`, `timeout`, `redirect 302`; shown to staff."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Poster:
    """Posts to addresses that may be reached; `allow` opens networks inside."""

    def __init__(self, allow: Sequence[str], *, resolve: Resolve = resolve, timeout_s: float = TIMEOUT_S) -> None:
        self.allowed, self.resolve, self.timeout_s = Networks(allow), resolve, timeout_s
        self.context = ssl.create_default_context()

    async def judge(self, url: str) -> tuple[Target, list[str]]:
        """Where to connect for this address now; BadInput when that is nowhere, or somewhere it must not be."""
        target = read_url(url, self.allowed)
        if address_of(target.host) is not None:
            return target, judge_addresses(target, [target.host], self.allowed)
        try:
            async with asyncio.timeout(self.timeout_s):
                found = await self.resolve(target.host, target.port)
        except (OSError, UnicodeError, TimeoutError):
            found = ()
        return target, judge_addresses(target, found, self.allowed)

    async def post(self, url: str, body: bytes, headers: Sequence[tuple[str, str]]) -> Answered:
        """One attempt; whatever goes wrong is an answer too."""
        try:
            target, addresses = await self.judge(url)
            async with asyncio.timeout(self.timeout_s):
                status = await self.exchange(target, addresses, request(target, body, headers))
        except BadInput as error:
            return Answered(False, f"refused: {error.what}"[:200])
        except TimeoutError:
            return Answered(False, "timeout")
        except ssl.SSLCertVerificationError as error:
            return Answered(False, f"TLS: {error.verify_message}"[:200])
        except ssl.SSLError as error:
            return Answered(False, f"TLS: {error.reason or 'failed'}"[:200])
        except (OSError, EOFError, ValueError) as error:
            return Answered(False, f"no answer: {type(error).__name__}")
        if 300 <= status < 400:
            return Answered(False, f"redirect {status}")
        return Answered(200 <= status < 300, str(status))

    async def exchange(self, target: Target, addresses: Sequence[str], said: bytes) -> int:
        """Send it to the first of these addresses that takes a connection; the status."""
        reader, writer = await self.connected(target, addresses)
        try:
            writer.write(said)
            await writer.drain()
            return await status_of(reader)
        finally:
            writer.close()
            with suppress(OSError, ssl.SSLError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    async def connected(
        self, target: Target, addresses: Sequence[str]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to one of the judged addresses; the certificate must be the name's."""
        tls = target.scheme == "https"
        for place, address in enumerate(addresses):
            try:
                return await asyncio.open_connection(
                    address, target.port, limit=MOST_OF_HEAD, ssl=self.context if tls else None,
                    server_hostname=target.host if tls else None,
                )  # fmt: skip
            except ssl.SSLError:
                raise
            except OSError:
                if place == len(addresses) - 1:
                    raise
        raise OSError("no address")


def request(target: Target, body: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """A request as HTTP/1.1 has it; ValueError for a header that would be two."""
    lines = [f"POST {target.path} HTTP/1.1", f"Host: {target.authority}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (*headers, ("Connection", "close"), ("User-Agent", "Aparte"))]
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise ValueError("a header holds what it must not")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


async def status_of(reader: asyncio.StreamReader) -> int:
    """The status of the answer, past interim ones; ValueError for what is no HTTP, or has a head without end."""
    for _ in range(MOST_INTERIM):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            raise ValueError("the head of the answer has no end") from None
        found = _STATUS.match(head)
        if found is None:
            raise ValueError("this is no HTTP")
        if int(found[1]) >= 200:
            return int(found[1])
    raise ValueError("nothing but interim answers")
