"""What the doors ask of whoever delivers mail and webhooks; `app` makes one."""

from __future__ import annotations

from typing import Protocol

from aparte.engine.ports import Command
from aparte.outbox.model import Mail, MailSettings


class Answered(Protocol):
    """What an attempt came to."""

    @property
    def delivered(self) -> bool:
        """Whether it was taken."""
        ...

    @property
    def words(self) -> str:
        """What the other side said."""
        ...


class Post(Protocol):
    """The way out. Whatever is put into the outbox is on the disk when the call returns; Unavailable otherwise."""

    @property
    def mail(self) -> MailSettings:
        """Where mail is handed over."""
        ...

    async def judge(self, url: str) -> None:
        """BadInput when no webhook may go to this address."""
        ...

    async def send_mail(self, site: str, to: str, subject: str, text: str, event: str = "mail") -> bool:
        """Put a mail into the outbox; False when this server sends none. BadInput for what is no mail."""
        ...

    async def submit(self, *commands: Command) -> list[object]:
        """Write these in one transaction, and deliver what leaves; one result each."""
        ...

    async def try_mail(self, mail: Mail) -> Answered:
        """Send a mail at once and tell the answer."""
        ...
