"""P4: conversations over a network that cuts, stalls, goes deaf and repeats; then the judge."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from time import monotonic

from chaos_proxy import misfortunes, proxied
from client import Pace
from killing import PEACE_S, conversing, looked_at
from life import Plan
from nursery import nursery
from shop import Transport, founded
from verdict import Verdict, database

PACE = Pace(ack=0.6, silent=1.0, wait=1.0)
PLAN = Plan(ping_s=0.4, silence_s=2.0)


async def cut(
    data: Path,
    transport: Transport,
    cuts: int,
    farthest: int,
    *,
    clears_on_send: bool = False,
    seed: int = 1,
    patience: float = PEACE_S,
) -> Verdict:
    """So many cuts, after at most `farthest` bytes, and all else between; then the network is a good one."""
    begun = monotonic()
    await asyncio.to_thread(founded, data)
    async with nursery(data) as one:
        await one.born(PLAN)
        with closing(database(data)) as reader:
            async with (
                proxied(one.port, misfortunes(farthest)) as proxy,
                conversing(one, data, transport, PACE, seed, proxy.port) as (crowd, writing),
            ):
                for page in crowd.pages:
                    page.clears_on_send = clears_on_send
                writing.every_s = 0.003
                while (struck := sum(one.kind == "cut" for one in proxy.struck)) < cuts:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                proxy.calm = True
                verdict = await looked_at(crowd, writing, reader, Verdict(kills=struck), patience)
    verdict.seconds = monotonic() - begun
    return verdict
