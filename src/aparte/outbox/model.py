"""The words of the outbox: what waits to leave, where webhooks go, how mail is sent. Times are ms since 1970."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

import msgspec
from msgspec import Struct

from aparte.kit.ids import stable_id

Kind: TypeAlias = Literal["mail", "webhook"]
State: TypeAlias = Literal["pending", "delivered", "dead"]
WebhookEvent: TypeAlias = Literal[
    "conversation.opened",
    "conversation.closed",
    "message.created",
    "survey.answered",
    "request.created",
    "lead.recorded",
    "engagement.shown",
    "engagement.accepted",
    "alarm.opened",
    "alarm.closed",
]
EVENTS: tuple[WebhookEvent, ...] = get_args(WebhookEvent)
"""What a webhook may subscribe to."""
PING = "ping"
"""What the test button sends; no webhook subscribes to it."""
KEPT = 100
"""Delivered items of a lane that are remembered, without their content."""
OLD_SECRET_MS = 86_400_000
"""How long the secret of before still signs beside the new one."""


class OutboxItem(Struct, frozen=True, kw_only=True):
    """Something that leaves. The order of `id` is the order of its lane; a mail has a lane of its own."""

    id: int
    event_id: str
    """The same at each attempt: the receiver knows a second one by it."""
    site: str
    kind: Kind
    lane: str
    """The webhook's id; of a mail its event_id."""
    event: str
    """What it tells: `message.created`, `transcript`."""
    data: str
    """Of a webhook its body, of a mail a Mail, as JSON; empty once it is delivered."""
    created_at: int
    since: int
    """From when the 24 hours of its attempts count."""
    due_at: int
    attempts: int = 0
    state: State = "pending"
    ended_at: int | None = None
    answer: str = ""
    """What the last attempt came to: `204`, `timeout`."""


class Webhook(Struct, frozen=True, kw_only=True):
    """An address of a site's that wants to hear of events. The secret is kept, because it signs; it is shown once."""

    id: str
    site: str
    url: str
    events: tuple[str, ...]
    secret: str
    active: bool = True
    created_at: int = 0
    old_secret: str = ""
    """The one of before, which signs too until `old_until`."""
    old_until: int = 0

    def secrets(self, now: int) -> tuple[str, ...]:
        """Those that sign now, the current one first."""
        return (self.secret, self.old_secret) if self.old_secret and now < self.old_until else (self.secret,)


class Inside(Struct, frozen=True):
    """A picture inside a mail: its HTML shows it by `cid:` and the name."""

    name: str
    png: str
    """Base64."""


class Mail(Struct, frozen=True, kw_only=True):
    """A mail as it waits; made by `compose.mail`, which refuses what does not belong into a header."""

    to: str
    subject: str
    text: str
    language: str = "fr"
    html: str = ""
    """The same beside the text, for programs that show it; empty: text only."""
    inside: tuple[Inside, ...] = ()


class MailSettings(Struct, frozen=True, kw_only=True):
    """Where mail is handed over. No host: this server sends none."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    sender: str = ""
    """The address that it comes from."""
    tls: Literal["starttls", "tls", "none"] = "starttls"

    @property
    def ready(self) -> bool:
        """Whether mail can be sent at all."""
        return bool(self.host and self.sender)


class Confirmation(Struct, frozen=True, kw_only=True):
    """A visitor's wish to have a transcript at an address that is not confirmed yet; the mail holds the token."""

    token_hash: str
    site: str
    conv: str
    email: str
    language: str
    created_at: int
    expires_at: int
    used_at: int | None = None


class OutboxCount(Struct, frozen=True):
    """How much of a site waits, and how much was given up."""

    site: str
    kind: Kind
    pending: int
    dead: int


def envelope(event_id: str, event: str, site: str, at: int, data: dict[str, Any]) -> str:
    """The body of a webhook as JSON."""
    return msgspec.json.encode({"event_id": event_id, "event": event, "site": site, "at": at, "data": data}).decode()


def event_id(*parts: str) -> str:
    """The id of what happened, made of what it is: told again, it has the same."""
    return stable_id("evt", *parts)
