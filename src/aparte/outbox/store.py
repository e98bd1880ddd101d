"""What this stage writes and reads. Commands of one list are one transaction; each has one result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from aparte.outbox.model import Confirmation, Kind, OutboxCount, OutboxItem, Webhook


class Leave(Struct, frozen=True):
    """Something leaves, in the transaction of its cause. The same event to the same lane again changes nothing."""

    site: str
    kind: Kind
    lane: str
    event_id: str
    event: str
    data: str
    at: int


class Left(Struct, frozen=True):
    """It has been delivered; its content goes, and of the lane the oldest deliveries but KEPT."""

    id: int
    at: int
    answer: str


class Failed(Struct, frozen=True):
    """An attempt has failed; the next one is due at `due_at`."""

    id: int
    due_at: int
    answer: str


class Dead(Struct, frozen=True):
    """It is given up; staff see it and may send it again."""

    id: int
    at: int
    answer: str


class Again(Struct, frozen=True):
    """What was given up is tried again, for another 24 hours; nothing when it is not dead."""

    id: int
    at: int


class SaveWebhook(Struct, frozen=True):
    """Insert or replace a webhook."""

    webhook: Webhook


class DropWebhook(Struct, frozen=True):
    """A webhook goes, with whatever was on its way to it."""

    id: str


class AskConfirmation(Struct, frozen=True):
    """Keep a confirmation. Refused `too_many` when this address, or this site, had its share within the hour.

    Those that ended before `confirmation.created_at` minus a day go.
    """

    confirmation: Confirmation
    most_of_address: int
    most_of_site: int


class UseConfirmation(Struct, frozen=True):
    """It is used, once. Result: the Confirmation; Refused `unknown` (never made, used, or over)."""

    token_hash: str
    at: int


class OutboxReader(Protocol):
    """Reads as of the last commit; quick, may be called on the event loop."""

    def webhooks(self) -> Sequence[Webhook]:
        """Those of all sites, the oldest first."""
        ...

    def pending_of(self, lane: str, limit: int = 20) -> Sequence[OutboxItem]:
        """The first pending items of a webhook's lane, in their order, whether they are due or not."""
        ...

    def mails_due(self, now: int, limit: int = 20) -> Sequence[OutboxItem]:
        """Pending mails that are due, the longest due first."""
        ...

    def outbox_item(self, id: int) -> OutboxItem | None:
        """One item."""
        ...

    def deliveries(self, lane: str, limit: int = 20) -> Sequence[OutboxItem]:
        """The last items of a lane, whatever became of them, the youngest first."""
        ...

    def dead_letters(self, site: str, limit: int = 200) -> Sequence[OutboxItem]:
        """What was given up, the youngest first."""
        ...

    def outbox_counts(self) -> Sequence[OutboxCount]:
        """Pending and dead, by site and kind; sites with neither are left out."""
        ...

    def confirmation(self, token_hash: str) -> Confirmation | None:
        """One confirmation, used or not."""
        ...
