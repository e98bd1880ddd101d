"""The messages of one connection are taken in the order in which they were written, also when some are put off."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from aparte.web import transcript
from aparte.web.desk import Desk
from aparte.web.principal import Principal

WAITS_S = 10.0
"""Whoever does not send again what was put off has given it up; what he wrote afterwards waits no longer."""


class PutOff(NamedTuple):
    """A message that was refused for now."""

    until: float
    told: dict[str, Any]


class InTurn:
    """Remembers what was refused for now: until it comes again, what was written after it is refused for now too.

    Clients have several messages on their way. The one whose group met a failing disk would otherwise come after those
    that were read from the line a moment later, when the server was whole again.
    """

    def __init__(self) -> None:
        self._put_off: dict[tuple[str, str], PutOff] = {}

    async def send(
        self, who: Principal, conv: str, item: transcript.Item, assign_ver: int | None, desk: Desk
    ) -> dict[str, Any]:
        """See `transcript.send`."""
        first = self._first(conv) if self._put_off else None
        told: dict[str, Any] = {}
        try:
            if first is not None and first["cid"] != item.cid:
                told = {**first, "cid": item.cid}
            else:
                told = await transcript.send(who, conv, item, assign_ver, desk)
        finally:
            if "retry_after" in told:
                self._put_off[conv, item.cid] = PutOff(time.monotonic() + WAITS_S, told)
            elif self._put_off:
                self._put_off.pop((conv, item.cid), None)
        return told

    def _first(self, conv: str) -> dict[str, Any] | None:
        """How the first one was refused."""
        now = time.monotonic()
        self._put_off = {key: one for key, one in self._put_off.items() if one.until > now}
        return next((one.told for (of, _), one in self._put_off.items() if of == conv), None)
