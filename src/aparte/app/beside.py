"""What goes on beside serving, and goes on whatever happens to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger("aparte")
AGAIN_S = 5.0


async def minded(name: str, work: Callable[[], Coroutine[Any, Any, None]], again_s: float = AGAIN_S) -> None:
    """Do this until cancelled. A mistake of ours that ends it is told in the log with its trace, and it begins again.

    Without that nobody would hear of it before the server ends, and timers, webhooks or mails would have stopped.
    """
    while True:
        try:
            await work()
        except Exception:
            log.exception("%s has failed, and begins again in %g s", name, again_s)
        await asyncio.sleep(again_s)
