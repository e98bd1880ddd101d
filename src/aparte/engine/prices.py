"""The price of a slot, written down once a minute where the house wants it made from demand."""

from __future__ import annotations

from aparte.engagements.pricing import prices, slots_of
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.site import LiveSite
from aparte.tracking.model import PricesUpdated

EVERY_MS = 60_000


def reprice(core: Core, batch: Batch, live: LiveSite) -> None:
    """Log the prices of each skill that has seen demand, when they have changed and a minute has passed."""
    state = live.state
    if state.rules.bid_price != "auto" or batch.now < live.priced_at + EVERY_MS:
        return
    live.priced_at = batch.now
    for skill, demand in state.demand.items():
        slots = slots_of(state.capacity, skill or None)
        if not slots:
            continue  # nobody is there: nothing to give away, and tomorrow begins with the prices of today
        found = prices(demand, slots, state.learnt.chat_s(skill or None), batch.now)
        if found != state.prices.get(skill, ()):
            core.log(batch, live, PricesUpdated(at=batch.now, skill=skill, prices=found))
