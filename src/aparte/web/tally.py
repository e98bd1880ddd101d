"""What the door itself refuses: counted in memory, so that nothing disappears silently."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from aparte.engine.ports import Counts
from aparte.tracking.store import CountMessages


class Tally:
    """Messages refused after their body was taken apart, by site and reason; requests refused before, by status."""

    def __init__(self) -> None:
        self.messages: dict[str, Counter[str]] = defaultdict(Counter)
        self.requests: Counter[int] = Counter()
        self.fates: Counter[str] = Counter()
        """Of this process: what became of the messages that came through this door."""

    def refuse(self, site: str, reason: str, count: int) -> None:
        """These messages are refused: received and refused grow alike."""
        self.messages[site][reason] += count
        self.fates["refused"] += count

    def took(self, counts: Counts) -> None:
        """The engine has taken these."""
        self.fates["accepted"] += counts.accepted
        self.fates["duplicate"] += counts.duplicate
        self.fates["quarantined"] += counts.quarantined
        self.fates["refused"] += counts.refused

    def take_out(self) -> list[CountMessages]:
        """The refusals of all sites as counters for the store, and forget them here."""
        found, self.messages = self.messages, defaultdict(Counter)
        return [CountMessages(site, sum(why.values()), 0, 0, {}, dict(why)) for site, why in found.items() if why]

    def put_back(self, counters: list[CountMessages]) -> None:
        """The store did not take these."""
        for one in counters:
            self.messages[one.site].update(one.refused)

    def counters(self, site: str, stored: Callable[[str], CountMessages]) -> dict[str, Any]:
        """A site's counters as `GET /api/v1/ingest` shows them."""
        durable, here = stored(site), self.messages.get(site, Counter())
        refused = Counter(durable.refused) + here
        return {
            "received": durable.received + here.total(),
            "accepted": durable.accepted,
            "duplicate": durable.duplicate,
            "quarantined": sum(durable.quarantined.values()),
            "refused": refused.total(),
            "reasons": {
                "quarantined": dict(sorted(durable.quarantined.items())),
                "refused": dict(sorted(refused.items())),
            },
            "requests_refused": {str(status): count for status, count in sorted(self.requests.items())},
        }
