"""Nothing disappears silently: received = accepted + duplicate + quarantined + refused."""

from __future__ import annotations

from collections import Counter

from aparte.kit.errors import AparteError
from aparte.tracking.quarantine import Reason


class NotConserved(AparteError):
    """Messages were lost or counted twice; a defect of ours."""


class Conservation:
    """Counts what came in and what became of it.

    `received` is counted where a message enters, the others where its fate is decided, so that `check` compares two
    independent counts.
    """

    def __init__(self) -> None:
        self.received = 0
        self.accepted = 0
        self.duplicate = 0
        self.quarantined: Counter[Reason] = Counter()
        self.refused: Counter[str] = Counter()

    @property
    def settled(self) -> int:
        """How many messages have met their fate."""
        return self.accepted + self.duplicate + self.quarantined.total() + self.refused.total()

    def check(self) -> None:
        """Raise `NotConserved` when a message is missing or counted twice."""
        if self.received != self.settled:
            raise NotConserved(
                f"received {self.received} messages, but {self.accepted} accepted + {self.duplicate} duplicate + "
                f"{self.quarantined.total()} quarantined + {self.refused.total()} refused = {self.settled}; "
                "please report this"
            )

    def add(self, other: Conservation) -> None:
        """Add the counts of another worker or batch."""
        self.received += other.received
        self.accepted += other.accepted
        self.duplicate += other.duplicate
        self.quarantined += other.quarantined
        self.refused += other.refused

    def as_dict(self) -> dict[str, int | dict[str, int]]:
        """The counts as they are shown: /health, reports."""
        return {
            "received": self.received,
            "accepted": self.accepted,
            "duplicate": self.duplicate,
            "quarantined": {str(reason): n for reason, n in sorted(self.quarantined.items())},
            "refused": dict(sorted(self.refused.items())),
        }
