"""What leaves because of what is written: rows for webhooks and mails, in the transaction of their cause.

Every list that the engine submits passes through `Leaving.of`. Where no site has a webhook or an address for mail, that
is one look at an empty dictionary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from aparte.attribution.store import RecordLead
from aparte.conversations.store import (
    AppendEntry,
    AskRequest,
    CloseConversation,
    OpenConversation,
    RecordSurvey,
    Refused,
)
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.ports import Command
from aparte.engine.talks import Talks
from aparte.kit.errors import BadInput, Unavailable
from aparte.outbox import compose
from aparte.outbox.model import PING, Webhook, WebhookEvent, envelope, event_id
from aparte.outbox.store import DropWebhook, Leave, SaveWebhook
from aparte.tracking.store import AppendLog

OLD_MS = 86_400_000
"""Older leads are a past that somebody sends in afterwards: nobody is mailed about it."""
FACTS: Mapping[str, WebhookEvent] = {
    "InvitationShown": "engagement.shown",
    "InvitationAccepted": "engagement.accepted",
}
"""Facts of the log that webhooks hear of."""


class Happened(Struct, frozen=True):
    """Something that webhooks may hear of. `id` is made of what it is: told again, it is the same."""

    site: str
    event: str
    id: str
    data: dict[str, Any]


class Leaving:
    """The webhooks of all sites in memory, and what they and the mail are to hear of a list of commands."""

    def __init__(self, core: Core, talks: Talks) -> None:
        self.core, self.talks = core, talks
        self.hooks: dict[str, tuple[Webhook, ...]] = {}
        """Active ones, by site; sites without any are not in it."""
        self.mailing = False
        """Whether this server can send mail."""
        self.opening: dict[str, str] = {}
        """The sites of conversations that are opened, until they are closed."""
        self.on_left: Callable[[], None] = lambda: None
        """Told after a commit in which something left."""
        core.leaving = self.of

    def restore(self) -> None:
        """From the store."""
        self.opening = {}
        self.hooks = {}
        for one in self.core.store.webhooks():
            self.keep(one)

    def keep(self, webhook: Webhook) -> None:
        """A webhook as it is now."""
        self.forget(webhook)
        if webhook.active:
            self.hooks[webhook.site] = (*self.hooks.get(webhook.site, ()), webhook)

    def forget(self, webhook: Webhook) -> None:
        """A webhook is no more."""
        others = tuple(one for one in self.hooks.pop(webhook.site, ()) if one.id != webhook.id)
        if others:
            self.hooks[webhook.site] = others

    # Changing

    async def save(self, webhook: Webhook) -> None:
        """Keep a webhook; it hears of what happens from now on."""
        await self.write(SaveWebhook(webhook))
        self.keep(webhook)

    async def drop(self, webhook: Webhook) -> None:
        """It hears of nothing more, not even of what was on its way."""
        self.forget(webhook)
        await self.write(DropWebhook(webhook.id))

    async def ping(self, webhook: Webhook) -> str:
        """Send it something to try it; the event's id."""
        id, at = event_id(PING, webhook.id, self.core.new_id()), self.core.clock()
        data = envelope(id, PING, webhook.site, at, {"webhook": webhook.id})
        await self.write(Leave(webhook.site, "webhook", webhook.id, id, PING, data, at))
        return id

    async def write(self, command: Command) -> None:
        """One command, on the disk when this returns."""
        if self.core.trouble is not None:
            raise Unavailable(self.core.trouble, hint="try again in a moment")
        batch = Batch(self.core.clock())
        batch.add(command)
        batch.then.append(lambda commands, results: self.on_left())
        results = await self.core.commit(batch)
        if any(isinstance(one, Refused) for one in results):
            raise Unavailable("the database has refused it", hint="nothing was changed")

    # What leaves

    def of(self, batch: Batch, commands: Sequence[Command]) -> list[Leave]:
        """What leaves with these commands."""
        if not self.hooks and not self.mailing:
            return []
        found = [one for command in commands for one in self.leaves(command, batch.now)]
        if found:
            batch.then.append(lambda commands, results: self.on_left())
        return found

    def leaves(self, command: Command, at: int) -> Iterator[Leave]:
        """What leaves with one command."""
        if self.hooks:
            for happened in self.happened(command):
                yield from self.to_webhooks(happened, at)
        if self.mailing and isinstance(command, AskRequest | RecordLead):
            yield from self.to_staff(command, at)

    def to_webhooks(self, happened: Happened, at: int) -> Iterator[Leave]:
        """One row for each webhook that has subscribed."""
        site, event = happened.site, happened.event
        hooks = [one for one in self.hooks.get(site, ()) if event in one.events]
        data = envelope(happened.id, event, site, at, happened.data) if hooks else ""
        for one in hooks:
            yield Leave(site, "webhook", one.id, happened.id, event, data, at)

    def happened(self, command: Command) -> Iterator[Happened]:
        """What webhooks call what this command does."""
        if isinstance(command, AppendLog):
            for line in command.rows:
                if line.kind in FACTS and line.site in self.hooks:
                    yield fact(FACTS[line.kind], line.site, line.visitor, line.line)
        elif isinstance(command, OpenConversation):
            self.opening[command.conversation.id] = command.conversation.site
            yield opened(command)
        elif isinstance(command, AppendEntry | RecordSurvey | CloseConversation):
            yield from self.in_conversation(command)
        elif isinstance(command, AskRequest):
            yield requested(command)
        elif isinstance(command, RecordLead):
            yield led(command)

    def in_conversation(self, command: AppendEntry | RecordSurvey | CloseConversation) -> Iterator[Happened]:
        """Texts, answers to the survey, the end. What only agents see leaves to nobody."""
        if isinstance(command, AppendEntry) and command.kind != "text":
            return
        site = self.site_of(command.conv)
        if site not in self.hooks:
            return
        if isinstance(command, AppendEntry):
            yield said(site, command)
        elif isinstance(command, RecordSurvey):
            yield surveyed(site, command)
        else:
            self.opening.pop(command.conv, None)
            id = event_id("conversation.closed", command.conv)
            yield Happened(site, "conversation.closed", id, {"conversation": command.conv})

    def site_of(self, conv: str) -> str:
        """Whose conversation it is, from memory while it is open."""
        talk = self.talks.talks.get(conv)
        if talk is not None:
            return talk.site
        known = self.opening.get(conv)
        if known is None:
            found = self.talks.find(conv)
            known = found.site if found is not None else ""
        return known

    def to_staff(self, command: AskRequest | RecordLead, at: int) -> Iterator[Leave]:
        """A mail to the point of sale, or to the site's own address."""
        name = command.site if isinstance(command, RecordLead) else command.request.site
        live = self.core.sites.get(name)
        if live is None or (isinstance(command, RecordLead) and command.at < at - OLD_MS):
            return
        to, language = live.site.mail_to, live.site.language
        if isinstance(command, RecordLead):
            points = live.campaigns.file.points_of_sale
            to = next((one.email for one in points if one.email and one.name == command.point_of_sale), to)
        if not to:
            return
        id, subject, text = told_of(command, live.site.name, language)
        try:
            mail = compose.mail(to, subject, text, language)
        except BadInput:
            return  # an address of the settings that is none: the request itself is kept, and staff see it
        yield compose.leaving(name, "request" if isinstance(command, AskRequest) else "lead", id, mail, at)


def fact(event: WebhookEvent, site: str, visitor: str, line: bytes) -> Happened:
    """An invitation was shown or accepted."""
    engagement = str(msgspec.json.decode(line)["engagement"])
    return Happened(site, event, event_id(event, engagement), {"engagement": engagement, "visitor": visitor})


def opened(command: OpenConversation) -> Happened:
    """A conversation has begun."""
    one = command.conversation
    names = ("visitor", "engagement", "campaign", "skill", "language", "channel")
    data = {"conversation": one.id, **{name: getattr(one, name) for name in names}}
    return Happened(one.site, "conversation.opened", event_id("conversation.opened", one.id), data)


def said(site: str, command: AppendEntry) -> Happened:
    """A line that the visitor sees too."""
    own = command.cid or f"{command.at}:{command.body}"
    data = {"conversation": command.conv, "by": command.by, "author": command.author, "body": command.body}
    return Happened(site, "message.created", event_id("message", command.conv, command.author, own), data)


def surveyed(site: str, command: RecordSurvey) -> Happened:
    """The visitor has answered; other answers are another event."""
    data = {name: getattr(command, name) for name in ("csat", "nps", "ces", "solved", "comment")}
    id = event_id("survey", command.conv, msgspec.json.encode(data).decode())
    return Happened(site, "survey.answered", id, {"conversation": command.conv, **data})


REQUEST = ("kind", "name", "phone", "email", "body", "wanted", "skill", "language", "visitor", "engagement")


def requested(command: AskRequest) -> Happened:
    """A visitor has left something."""
    one = command.request
    data = {"request": one.id, **{name: getattr(one, name) for name in REQUEST}}
    return Happened(one.site, "request.created", event_id("request", one.id), data)


def led(command: RecordLead) -> Happened:
    """A lead; once when the page says it, and once when the shop's server confirms it."""
    id = event_id("lead", command.site, command.lead_id, str(command.confirmed))
    names = ("lead_id", "visitor", "confirmed", "point_of_sale", "data")
    return Happened(command.site, "lead.recorded", id, {name: getattr(command, name) for name in names})


def told_of(command: AskRequest | RecordLead, site: str, language: str) -> tuple[str, str, str]:
    """The id, the subject and the text of the mail about it."""
    words, source = compose.words(language), "said"
    if isinstance(command, RecordLead):
        rows: list[tuple[str, object]] = list(command.data.items())
        id, subject = event_id("lead-mail", command.site, command.lead_id), words["lead"]
    else:
        one = command.request
        rows = [("name", compose.plain_name(one.name, language)), ("phone", one.phone), ("email", one.email)]
        rows += [("wanted", one.wanted), ("message", one.body), ("skill", one.skill)]
        id, subject = event_id("request-mail", one.id), words[one.kind]
        source = "booked" if one.booked_by else source
    text = f"{words[source]}\n\n{compose.table(rows)}"
    return id, compose.one_line(compose.filled(subject, site=site), compose.LONGEST_SUBJECT), text
