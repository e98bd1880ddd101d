"""Outbox, webhooks and confirmations of the store in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from aparte.conversations.store import Refused
from aparte.outbox.model import KEPT, Confirmation, OutboxCount, OutboxItem, Webhook
from aparte.outbox.store import (
    Again,
    AskConfirmation,
    Dead,
    DropWebhook,
    Failed,
    Leave,
    Left,
    SaveWebhook,
    UseConfirmation,
)

if TYPE_CHECKING:
    from aparte.backends.memory.store import MemoryStore

HOUR, DAY = 3_600_000, 86_400_000


class OutboxTables:
    """OutboxReader, and its tables."""

    def __init__(self) -> None:
        super().__init__()
        self._outbox: dict[int, OutboxItem] = {}
        self._left: int = 0
        """The greatest number ever given."""
        self._webhooks: dict[str, Webhook] = {}
        self._confirmations: dict[str, Confirmation] = {}

    def webhooks(self) -> list[Webhook]:
        """See OutboxReader."""
        return sorted(self._webhooks.values(), key=lambda one: (one.created_at, one.id))

    def pending_of(self, lane: str, limit: int = 20) -> list[OutboxItem]:
        """See OutboxReader."""
        return self._items(lambda one: one.lane == lane and one.state == "pending")[:limit]

    def mails_due(self, now: int, limit: int = 20) -> list[OutboxItem]:
        """See OutboxReader."""
        of = self._items(lambda one: one.kind == "mail" and one.state == "pending" and one.due_at <= now)
        return sorted(of, key=lambda one: (one.due_at, one.id))[:limit]

    def outbox_item(self, id: int) -> OutboxItem | None:
        """See OutboxReader."""
        return self._outbox.get(id)

    def deliveries(self, lane: str, limit: int = 20) -> list[OutboxItem]:
        """See OutboxReader."""
        return self._items(lambda one: one.lane == lane)[::-1][:limit]

    def dead_letters(self, site: str, limit: int = 200) -> list[OutboxItem]:
        """See OutboxReader."""
        return self._items(lambda one: one.site == site and one.state == "dead")[::-1][:limit]

    def outbox_counts(self) -> list[OutboxCount]:
        """See OutboxReader."""
        keys = sorted({(one.site, one.kind) for one in self._outbox.values() if one.state != "delivered"})
        return [OutboxCount(*key, self._count(*key, "pending"), self._count(*key, "dead")) for key in keys]

    def confirmation(self, token_hash: str) -> Confirmation | None:
        """See OutboxReader."""
        return self._confirmations.get(token_hash)

    def _items(self, which: Callable[[OutboxItem], bool]) -> list[OutboxItem]:
        return sorted((one for one in self._outbox.values() if which(one)), key=lambda one: one.id)

    def _count(self, site: str, kind: str, state: str) -> int:
        return len(self._items(lambda one: (one.site, one.kind, one.state) == (site, kind, state)))


def leave(store: MemoryStore, command: Leave) -> None:
    """Something leaves, once."""
    if any((one.lane, one.event_id) == (command.lane, command.event_id) for one in store._outbox.values()):
        return
    store._left += 1
    item = OutboxItem(
        id=store._left,
        event_id=command.event_id,
        site=command.site,
        kind=command.kind,
        lane=command.lane,
        event=command.event,
        data=command.data,
        created_at=command.at,
        since=command.at,
        due_at=command.at,
    )
    store._undo.put(store._outbox, item.id, item)


def change(store: MemoryStore, id: int, was: str, **changes: Any) -> None:
    """Change an item that is in this state."""
    known = store._outbox.get(id)
    if known is not None and known.state == was:
        store._undo.put(store._outbox, id, replace(known, **changes))


def attempts(store: MemoryStore, id: int) -> int:
    """With the one that has just been made."""
    known = store._outbox.get(id)
    return known.attempts + 1 if known is not None else 0


def left(store: MemoryStore, command: Left) -> None:
    """It is there; the oldest of its lane are forgotten, and mails after a day."""
    done = {"state": "delivered", "data": "", "ended_at": command.at, "answer": command.answer}
    change(store, command.id, "pending", attempts=attempts(store, command.id), **done)
    lane = store._outbox[command.id].lane if command.id in store._outbox else ""
    of = store._items(lambda one: one.lane == lane and one.state == "delivered")[:-KEPT]
    old = store._items(lambda one: one.kind == "mail" and one.state == "delivered")
    for one in [*of, *(one for one in old if (one.ended_at or 0) < command.at - DAY)]:
        store._undo.drop(store._outbox, one.id)


def failed(store: MemoryStore, command: Failed) -> None:
    """It will be tried again."""
    tried = attempts(store, command.id)
    change(store, command.id, "pending", due_at=command.due_at, answer=command.answer, attempts=tried)


def dead(store: MemoryStore, command: Dead) -> None:
    """It is given up."""
    tried = attempts(store, command.id)
    change(
        store, command.id, "pending", state="dead", ended_at=command.at, answer=command.answer, attempts=tried
    )  # fmt: skip


def again(store: MemoryStore, command: Again) -> None:
    """It has another 24 hours."""
    fresh = {"since": command.at, "due_at": command.at, "attempts": 0, "ended_at": None}
    change(store, command.id, "dead", state="pending", **fresh)


def save_webhook(store: MemoryStore, command: SaveWebhook) -> None:
    """Insert or change a webhook."""
    store._undo.put(store._webhooks, command.webhook.id, command.webhook)


def drop_webhook(store: MemoryStore, command: DropWebhook) -> None:
    """It goes with its lane."""
    store._undo.drop(store._webhooks, command.id)
    for one in store._items(lambda one: one.lane == command.id):
        store._undo.drop(store._outbox, one.id)


def ask_confirmation(store: MemoryStore, command: AskConfirmation) -> Refused | None:
    """Keep it, within the shares of an hour."""
    new = command.confirmation
    recent = [one for one in store._confirmations.values() if one.created_at > new.created_at - HOUR]
    of_address = sum(one.email == new.email for one in recent)
    if of_address >= command.most_of_address or sum(one.site == new.site for one in recent) >= command.most_of_site:
        return Refused("too_many")
    for old in [one for one in store._confirmations.values() if one.expires_at < new.created_at - DAY]:
        store._undo.drop(store._confirmations, old.token_hash)
    return store._new(store._confirmations, new.token_hash, new)


def use_confirmation(store: MemoryStore, command: UseConfirmation) -> Confirmation | Refused:
    """Once, and in time."""
    known = store._confirmations.get(command.token_hash)
    if known is None or known.used_at is not None or known.expires_at <= command.at:
        return Refused("unknown")
    used = replace(known, used_at=command.at)
    store._undo.put(store._confirmations, command.token_hash, used)
    return used


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {
    Leave: leave,
    Left: left,
    Failed: failed,
    Dead: dead,
    Again: again,
    SaveWebhook: save_webhook,
    DropWebhook: drop_webhook,
    AskConfirmation: ask_confirmation,
    UseConfirmation: use_confirmation,
}
