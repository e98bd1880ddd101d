"""The task that delivers what waits in the outbox, and what the doors ask of it.

A webhook has one lane: its items go one after the other, in the order of their commits; the next goes when the one
before has been delivered or given up. Lanes do not wait for one another, neither do mails. An item is marked after the
attempt, never before: if the process dies in between, it goes again, with the same event_id.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable

import msgspec

from aparte.app.mailing import Mailer
from aparte.app.posting import Answered, Poster, Resolve, resolve
from aparte.conversations.store import Refused
from aparte.engine.leaving import Leaving
from aparte.engine.ports import Command, Store
from aparte.kit.errors import BadInput, Unavailable
from aparte.outbox import compose
from aparte.outbox.model import Mail, MailSettings, OutboxItem, Webhook, event_id
from aparte.outbox.retry import again_at
from aparte.outbox.sign import HEADER, signature
from aparte.outbox.store import Dead, Failed, Left
from aparte.settings import Settings

log = logging.getLogger("aparte.outbox")

AT_ONCE = 8
LOOK_S = 1.0
PAGE = 20


def mail_settings(settings: Settings) -> MailSettings:
    """Of this server."""
    of = settings.mail
    return MailSettings(
        host=of.host, port=of.port, user=of.user, password=of.password, sender=of.sender, tls=of.tls
    )  # fmt: skip


class Post:
    """Delivers; `run` until cancelled."""

    def __init__(
        self,
        store: Store,
        leaving: Leaving,
        settings: Settings,
        clock: Callable[[], int],
        *,
        resolve: Resolve = resolve,
        dice: Callable[[], float] = random.random,
        new_id: Callable[[], str] = lambda: f"{random.SystemRandom().getrandbits(128):032x}",
    ) -> None:
        self.store, self.leaving, self.clock, self.dice, self.new_id = store, leaving, clock, dice, new_id
        self.mail = mail_settings(settings)
        self.poster, self.mailer = Poster(settings.outbox.allow, resolve=resolve), Mailer(self.mail)
        self.woken = asyncio.Event()
        self.lanes: dict[str, asyncio.Task[None]] = {}
        self.at_once = asyncio.Semaphore(AT_ONCE)
        self.look_s = LOOK_S
        leaving.mailing = self.mail.ready
        leaving.on_left = self.woken.set

    # What the doors ask

    async def judge(self, url: str) -> None:
        """BadInput when no webhook may go there; asked again before each attempt."""
        await self.poster.judge(url)

    async def send_mail(self, site: str, to: str, subject: str, text: str, event: str = "mail") -> bool:
        """Put a mail into the outbox; False when this server sends none. BadInput for what is no mail."""
        told = compose.mail(to, subject, text)
        if not self.mail.ready:
            return False
        id = event_id("mail", self.new_id())
        await self.submit(compose.leaving(site, event, id, told, self.clock()))
        return True

    async def submit(self, *commands: Command) -> list[object]:
        """Write these, and look what has to go."""
        results = await self.store.submit(commands)
        self.woken.set()
        return results

    async def try_mail(self, mail: Mail) -> Answered:
        """Send a mail at once, outside the outbox: the test button wants the answer."""
        answered, _ = await self.mailer.send(mail, event_id("test", self.new_id()), self.clock())
        return answered

    # Delivering

    async def run(self) -> None:
        """Look each second, and whenever something has left."""
        try:
            while True:
                try:
                    self.look()
                except Unavailable as error:
                    log.warning("the outbox cannot be read: %s", error)
                try:
                    async with asyncio.timeout(self.look_s):
                        await self.woken.wait()
                except TimeoutError:
                    pass
                self.woken.clear()
        finally:
            for task in self.lanes.values():
                task.cancel()
            await asyncio.gather(*self.lanes.values(), return_exceptions=True)

    def look(self) -> None:
        """Set every lane going in which something is due."""
        now = self.clock()
        for hooks in list(self.leaving.hooks.values()):
            for one in hooks:
                if one.id not in self.lanes and any(item.due_at <= now for item in self.store.pending_of(one.id, 1)):
                    self.begin(one.id, self.lane(one.id, one.site))
        if self.mail.ready:
            for item in self.store.mails_due(now, PAGE):
                if item.lane not in self.lanes:
                    self.begin(item.lane, self.mail_lane(item))

    def begin(self, lane: str, work: object) -> None:
        """Go on with a lane beside the others."""
        task = self.lanes[lane] = asyncio.ensure_future(work)  # type: ignore[call-overload]
        task.add_done_callback(lambda done: self.ended(lane, done))

    def ended(self, lane: str, task: asyncio.Task[None]) -> None:
        """A lane rests."""
        self.lanes.pop(lane, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.warning("delivering was broken off: %s", error, exc_info=None if expected(error) else error)

    async def lane(self, hook: str, site: str) -> None:
        """What is due of a webhook, one after the other, until one fails."""
        while items := self.store.pending_of(hook, PAGE):
            for item in items:
                known = next((one for one in self.leaving.hooks.get(site, ()) if one.id == hook), None)
                if known is None or item.due_at > self.clock():
                    return
                async with self.at_once:
                    answered = await self.to_webhook(known, item)
                await self.mark(item, answered)
                if not answered.delivered:
                    return

    async def to_webhook(self, hook: Webhook, item: OutboxItem) -> Answered:
        """One attempt. The signature is made anew, its time is that of the attempt."""
        now, body = self.clock(), item.data.encode()
        headers = [
            ("Content-Type", "application/json"),
            ("Aparte-Event", item.event),
            ("Aparte-Event-Id", item.event_id),
            ("Aparte-Attempt", str(item.attempts + 1)),
            (HEADER, signature(hook.secrets(now), body, now // 1000)),
        ]
        return await self.poster.post(hook.url, body, headers)

    async def mail_lane(self, item: OutboxItem) -> None:
        """One mail."""
        mail = msgspec.json.decode(item.data, type=Mail)
        async with self.at_once:
            answered, for_good = await self.mailer.send(mail, item.event_id, self.clock())
        await self.mark(item, answered, for_good=for_good)

    async def mark(self, item: OutboxItem, answered: Answered, *, for_good: bool = False) -> None:
        """Write down what an attempt came to, after it."""
        now = self.clock()
        if answered.delivered:
            command: Command = Left(item.id, now, answered.words)
        else:
            again = None if for_good else again_at(item.since, now, item.attempts + 1, self.dice())
            dead = Dead(item.id, now, answered.words)
            command = dead if again is None else Failed(item.id, again, answered.words)
        [result] = await self.store.submit([command])
        if isinstance(result, Refused):
            raise Unavailable(f"the database has refused: {result.code}")


def expected(error: BaseException) -> bool:
    """Whether an error says all by its text."""
    return isinstance(error, BadInput)
