"""What an import did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from aparte.tracking.quarantine import Quarantined, Reason, Unfit, quarantined

KEPT_EXAMPLES = 20


class ImportReport:
    """Counts; `check()` holds at the end: every unit read was converted, skipped for a reason or put in quarantine.

    A unit is what the format calls one: a row, a line, a message of a batch. One unit may give several messages
    (`written`).
    """

    def __init__(self) -> None:
        self.read = 0
        self.converted = 0
        self.written = 0
        self.skipped: Counter[str] = Counter()
        self.quarantined: Counter[Reason] = Counter()
        self.examples: list[Quarantined] = []

    @property
    def is_complete(self) -> bool:
        """Whether nothing disappeared silently."""
        return self.read == self.converted + self.skipped.total() + self.quarantined.total()

    def quarantine(self, bad: Quarantined) -> None:
        """Count a unit that could not be read; the first few are kept to be shown."""
        self.quarantined[bad.reason] += 1
        if len(self.examples) < KEPT_EXAMPLES:
            self.examples.append(bad)

    @contextmanager
    def quarantining(self, line: bytes | str) -> Iterator[None]:
        """Turn an `Unfit` in the block into a quarantined unit."""
        try:
            yield
        except Unfit as unfit:
            self.quarantine(quarantined(unfit, line))


def encoded(message: dict[str, Any], report: ImportReport) -> bytes:
    """One message as a line; counted as written."""
    report.written += 1
    return msgspec.json.encode(message)
