"""Outbox, webhooks and confirmations: their SQL, and how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import astuple

from aparte.backends.sqlite.rows import Row
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
    from collections.abc import Callable

    from aparte.backends.sqlite.execute import Execution

HOUR, DAY = 3_600_000, 86_400_000
LEAVE = """INSERT INTO outbox (site, kind, lane, event_id, event, data, created_at, since, due_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?7) ON CONFLICT (lane, event_id) DO NOTHING"""
LEFT = """UPDATE outbox SET state = 'delivered', data = '', ended_at = ?2, answer = ?3, attempts = attempts + 1
    WHERE id = ?1 AND state = 'pending'"""
TRIM = """DELETE FROM outbox WHERE state = 'delivered' AND lane = (SELECT lane FROM outbox WHERE id = ?1) AND id <= (
    SELECT id FROM outbox WHERE lane = (SELECT lane FROM outbox WHERE id = ?1) AND state = 'delivered'
    ORDER BY id DESC LIMIT 1 OFFSET ?2)"""
TRIM_MAIL = "DELETE FROM outbox WHERE state = 'delivered' AND kind = 'mail' AND ended_at < ?"
FAILED = """UPDATE outbox SET due_at = ?2, answer = ?3, attempts = attempts + 1 WHERE id = ?1 AND state = 'pending'"""
DEAD = """UPDATE outbox SET state = 'dead', ended_at = ?2, answer = ?3, attempts = attempts + 1
    WHERE id = ?1 AND state = 'pending'"""
AGAIN = """UPDATE outbox SET state = 'pending', since = ?2, due_at = ?2, attempts = 0, ended_at = NULL
    WHERE id = ?1 AND state = 'dead'"""
SAVE_WEBHOOK = """INSERT INTO webhook (id, site, data) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET data = excluded.data"""
SHARE = """SELECT (SELECT count(*) FROM confirmation WHERE email = ?1 AND created_at > ?3),
    (SELECT count(*) FROM confirmation WHERE site = ?2 AND created_at > ?3)"""
CONFIRMATION = Confirmation.__struct_fields__
ASK = f"INSERT INTO confirmation ({', '.join(CONFIRMATION)}) VALUES ({', '.join('?' * len(CONFIRMATION))})"
ONE_CONFIRMATION = f"SELECT {', '.join(CONFIRMATION)} FROM confirmation WHERE token_hash = ?"
USE = "UPDATE confirmation SET used_at = ?2 WHERE token_hash = ?1 AND used_at IS NULL AND expires_at > ?2"
ITEM = OutboxItem.__struct_fields__
ITEMS = f"SELECT {', '.join(ITEM)} FROM outbox"
COUNTS = """SELECT site, kind, sum(state = 'pending'), sum(state = 'dead') FROM outbox WHERE state <> 'delivered'
    GROUP BY site, kind ORDER BY site, kind"""


def leave(execution: Execution, command: Leave) -> None:
    """Something leaves, once."""
    execution.run(LEAVE, astuple(command))


def left(execution: Execution, command: Left) -> None:
    """It is there; the oldest of its lane are forgotten, and mails after a day."""
    execution.run(LEFT, astuple(command))
    execution.run(TRIM, (command.id, KEPT))
    execution.run(TRIM_MAIL, (command.at - DAY,))


def failed(execution: Execution, command: Failed) -> None:
    """It will be tried again."""
    execution.run(FAILED, astuple(command))


def dead(execution: Execution, command: Dead) -> None:
    """It is given up."""
    execution.run(DEAD, astuple(command))


def again(execution: Execution, command: Again) -> None:
    """It has another 24 hours."""
    execution.run(AGAIN, astuple(command))


def save_webhook(execution: Execution, command: SaveWebhook) -> None:
    """Insert or change a webhook."""
    one = command.webhook
    execution.run(SAVE_WEBHOOK, (one.id, one.site, msgspec.json.encode(one).decode()))


def drop_webhook(execution: Execution, command: DropWebhook) -> None:
    """It goes with its lane."""
    execution.run("DELETE FROM webhook WHERE id = ?", (command.id,))
    execution.run("DELETE FROM outbox WHERE lane = ?", (command.id,))


def ask_confirmation(execution: Execution, command: AskConfirmation) -> Refused | None:
    """Keep it, within the shares of an hour."""
    one = command.confirmation
    [(of_address, of_site)] = execution.run(SHARE, (one.email, one.site, one.created_at - HOUR)).fetchall()
    if of_address >= command.most_of_address or of_site >= command.most_of_site:
        return Refused("too_many")
    execution.run("DELETE FROM confirmation WHERE expires_at < ?", (one.created_at - DAY,))
    execution.run(ASK, astuple(one))
    return None


def use_confirmation(execution: Execution, command: UseConfirmation) -> Confirmation | Refused:
    """Once, and in time."""
    used = execution.run(USE, astuple(command)).rowcount
    found = execution.run(ONE_CONFIRMATION, (command.token_hash,)).fetchall() if used else []
    return Confirmation(**dict(zip(CONFIRMATION, found[0], strict=True))) if found else Refused("unknown")


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {
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


def item_of(row: Row) -> OutboxItem:
    """The item in a row of ITEM."""
    return OutboxItem(**dict(zip(ITEM, row, strict=True)))


class OutboxRows:
    """OutboxReader."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def webhooks(self) -> list[Webhook]:
        """See OutboxReader."""
        found = [msgspec.json.decode(data, type=Webhook) for (data,) in self._rows("SELECT data FROM webhook")]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    def pending_of(self, lane: str, limit: int = 20) -> list[OutboxItem]:
        """See OutboxReader."""
        rows = self._rows(f"{ITEMS} WHERE lane = ? AND state = 'pending' ORDER BY id LIMIT ?", (lane, limit))
        return [item_of(row) for row in rows]

    def mails_due(self, now: int, limit: int = 20) -> list[OutboxItem]:
        """See OutboxReader."""
        which = "state = 'pending' AND kind = 'mail' AND due_at <= ? ORDER BY due_at, id LIMIT ?"
        return [item_of(row) for row in self._rows(f"{ITEMS} WHERE {which}", (now, limit))]

    def outbox_item(self, id: int) -> OutboxItem | None:
        """See OutboxReader."""
        found = self._rows(f"{ITEMS} WHERE id = ?", (id,))
        return item_of(found[0]) if found else None

    def deliveries(self, lane: str, limit: int = 20) -> list[OutboxItem]:
        """See OutboxReader."""
        return [item_of(row) for row in self._rows(f"{ITEMS} WHERE lane = ? ORDER BY id DESC LIMIT ?", (lane, limit))]

    def dead_letters(self, site: str, limit: int = 200) -> list[OutboxItem]:
        """See OutboxReader."""
        which = "site = ? AND state = 'dead' ORDER BY id DESC LIMIT ?"
        return [item_of(row) for row in self._rows(f"{ITEMS} WHERE {which}", (site, limit))]

    def outbox_counts(self) -> list[OutboxCount]:
        """See OutboxReader."""
        return [OutboxCount(*row) for row in self._rows(COUNTS)]

    def confirmation(self, token_hash: str) -> Confirmation | None:
        """See OutboxReader."""
        found = self._rows(ONE_CONFIRMATION, (token_hash,))
        return Confirmation(**dict(zip(CONFIRMATION, found[0], strict=True))) if found else None
