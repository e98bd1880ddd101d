"""Passwords are made and checked beside the event loop, one at a time: each costs 19 MiB and some 40 ms.

Two at once would take as long on two cores, and everybody else's work longer. Whoever would be more than the
`MOST_WAITING`th in the line is refused at once, with the time after which to come again: nobody waits long for that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from aparte.web.plain import Problem

T = TypeVar("T")
MOST_WAITING = 8
"""Under way or in the line."""
AGAIN_S = 3
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id as OWASP has it: 19 MiB, twice over, one lane. Hashes of other costs are still checked, and made anew."""


class Hashing:
    """The one place where passwords of staff are hashed while the server runs; Problem 429 `busy`."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self.hasher = hasher or HASHER
        self._one = asyncio.Lock()
        self.line = 0
        """How many are under way or wait."""

    async def hashed(self, password: str) -> str:
        """A password as it is kept: argon2id."""
        return await self._beside(lambda: self.hasher.hash(octets(password)))

    async def fits(self, hash: str, password: str) -> bool:
        """Whether it is the password of this hash."""
        return await self._beside(lambda: self._verify(hash, password))

    def outdated(self, hash: str) -> bool:
        """Whether it was made at other costs than passwords are now."""
        return self.hasher.check_needs_rehash(hash)

    def _verify(self, hash: str, password: str) -> bool:
        try:
            return self.hasher.verify(hash, octets(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _beside(self, work: Callable[[], T]) -> T:
        if self.line >= MOST_WAITING:
            raise Problem(429, "busy", "too many passwords are being checked at this moment", retry_after=AGAIN_S)
        self.line += 1
        try:
            async with self._one:
                return await asyncio.to_thread(work)
        finally:
            self.line -= 1


def octets(password: str) -> bytes:
    """What is hashed; a lone surrogate is no reason to fail."""
    return password.encode("utf-8", "surrogatepass")
