"""Webhooks, mail, and what could not be delivered; for admins. See docs/reference/webhooks.md and mail.md."""

from __future__ import annotations

import secrets
from typing import Annotated, Any
from urllib.parse import urlsplit

from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct, structs

from aparte.kit.errors import BadInput
from aparte.outbox import compose
from aparte.outbox.model import OLD_SECRET_MS, OutboxItem, Webhook, WebhookEvent
from aparte.outbox.store import Again
from aparte.sites.settings import Change
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.outgoing import Post
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.site_change import set_site

MOST_WEBHOOKS = 20
MOST_DEAD = 200
SECRET_BYTES = 32
Url = Annotated[str, Meta(min_length=8, max_length=2_000)]
Email = Annotated[str, Meta(max_length=254)]


class WebhookBody(Struct, forbid_unknown_fields=True):
    """A webhook to make, or with an `id` to change."""

    url: Url
    events: Annotated[list[WebhookEvent], Meta(min_length=1, max_length=20)]
    id: Annotated[str, Meta(max_length=64)] = ""
    active: bool = True


class WebhookWords(Struct):
    """A webhook as it is shown: of its secret the last four characters."""

    id: str
    url: str
    events: tuple[str, ...]
    active: bool
    created_at: int
    secret_hint: str
    waiting: int
    """Items that wait, 100 at most are counted."""
    failing: str
    """What the last attempt for the oldest of them came to; empty while all goes well."""


class WebhookMade(Struct):
    """A webhook, and its secret when it is new, this once."""

    webhook: WebhookWords
    secret: str | None = None


class Delivery(Struct):
    """Something that left, or could not."""

    id: int
    event_id: str
    kind: str
    event: str
    state: str
    created_at: int
    attempts: int
    due_at: int
    ended_at: int | None
    answer: str
    to: str
    """The host of a webhook; of a mail nothing, addresses are not shown."""


class OutboxWords(Struct):
    """How much waits and how much was given up, at this site."""

    pending: int
    dead: int


class MailWords(Struct):
    """Where mail is handed over, without the password; `to` gets requests and leads."""

    configured: bool
    host: str
    port: int
    user: str
    sender: str
    tls: str
    to: str


class MailToBody(Struct, forbid_unknown_fields=True):
    """Who gets requests and leads; empty: nobody."""

    to: Email


class MailTestBody(Struct, forbid_unknown_fields=True):
    """Where to send the test."""

    to: Email


def way_out(desk: Desk) -> Post:
    """Whoever delivers; Problem 404 where nobody does."""
    if desk.post is None:
        raise Problem(404, "not_found", "this server delivers nothing", where="path")
    return desk.post


def webhook_of(me: Principal, desk: Desk, id: str) -> Webhook:
    """A webhook of this site; Problem 404."""
    found = next((one for one in desk.store.webhooks() if (one.id, one.site) == (id, me.site)), None)
    if found is None:
        raise Problem(404, "no_such_webhook", "there is no such webhook", where="webhook")
    return found


def shown(desk: Desk, one: Webhook) -> WebhookWords:
    """As the console shows it."""
    waiting = desk.store.pending_of(one.id, 100)
    failing = waiting[0].answer if waiting else ""
    return WebhookWords(
        one.id, one.url, one.events, one.active, one.created_at, one.secret[-4:], len(waiting), failing
    )  # fmt: skip


def delivery(one: OutboxItem, hooks: dict[str, Webhook]) -> Delivery:
    """As the console shows it."""
    hook = hooks.get(one.lane)
    host = urlsplit(hook.url).hostname or "" if hook else ""
    return Delivery(
        one.id, one.event_id, one.kind, one.event, one.state, one.created_at, one.attempts, one.due_at, one.ended_at,
        one.answer, host,
    )  # fmt: skip


@get("/webhooks", summary="Webhooks of the site", right="sites", sync_to_thread=False)
def webhooks(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[WebhookWords]:
    """The oldest first."""
    return [shown(desk, one) for one in desk.store.webhooks() if one.site == me.site]


@put("/webhooks", summary="Add or change a webhook", right="sites")
async def save_webhook(
    data: JSONBody[WebhookBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> WebhookMade:
    """A new one has its secret in the answer, this once. 400 `bad_address` for an address that no webhook may have."""
    before = webhook_of(me, desk, data.id) if data.id else None
    if before is None and sum(one.site == me.site for one in desk.store.webhooks()) >= MOST_WEBHOOKS:
        raise Problem(409, "too_many", f"a site has at most {MOST_WEBHOOKS} webhooks", hint="remove one")
    try:
        await way_out(desk).judge(data.url)
    except BadInput as error:
        raise Problem(400, "bad_address", error.what, where="url", hint=error.hint) from None
    events = tuple(dict.fromkeys(data.events))
    if before is not None:
        changed = structs.replace(before, url=data.url, events=events, active=data.active)
        await desk.whole(desk.engine.leaving.save(changed))
        return WebhookMade(shown(desk, changed))
    made = Webhook(
        id=f"wh_{secrets.token_hex(12)}", site=me.site, url=data.url, events=events, secret=new_secret(),
        active=data.active, created_at=desk.now(),
    )  # fmt: skip
    await desk.whole(desk.engine.leaving.save(made))
    return WebhookMade(shown(desk, made), made.secret)


def new_secret() -> str:
    """256 random bits."""
    return f"whsec_{secrets.token_urlsafe(SECRET_BYTES)}"


@delete("/webhooks/{webhook:str}", summary="Remove a webhook", right="sites")
async def drop_webhook(webhook: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> None:
    """What was on its way to it goes with it."""
    await desk.whole(desk.engine.leaving.drop(webhook_of(me, desk, webhook)))


@post("/webhooks/{webhook:str}/rotate", status_code=200, summary="Another secret for a webhook", right="sites")
async def rotate_secret(
    webhook: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> WebhookMade:
    """The new secret, this once; for a day the old one signs beside it."""
    before = webhook_of(me, desk, webhook)
    changed = structs.replace(
        before, secret=new_secret(), old_secret=before.secret, old_until=desk.now() + OLD_SECRET_MS
    )  # fmt: skip
    await desk.whole(desk.engine.leaving.save(changed))
    return WebhookMade(shown(desk, changed), changed.secret)


@post("/webhooks/{webhook:str}/test", status_code=202, summary="Send a webhook something", right="sites")
async def test_webhook(
    webhook: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> dict[str, str]:
    """An event `ping`, in its turn; `deliveries` shows what became of it."""
    return {"event_id": await desk.whole(desk.engine.leaving.ping(webhook_of(me, desk, webhook)))}


@get("/webhooks/{webhook:str}/deliveries", summary="What left for a webhook", right="sites", sync_to_thread=False)
def deliveries(webhook: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[Delivery]:
    """The last 20, the youngest first; never their content."""
    hook = webhook_of(me, desk, webhook)
    return [delivery(one, {hook.id: hook}) for one in desk.store.deliveries(hook.id, 20)]


@get("/outbox", summary="How much waits and how much was given up", right="sites", sync_to_thread=False)
def outbox(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> OutboxWords:
    """Mails and webhooks of this site."""
    of = [one for one in desk.store.outbox_counts() if one.site == me.site]
    return OutboxWords(sum(one.pending for one in of), sum(one.dead for one in of))


@get("/outbox/dead", summary="What was given up", right="sites", sync_to_thread=False)
def dead_letters(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[Delivery]:
    """The youngest first, 200 at most."""
    hooks = {one.id: one for one in desk.store.webhooks()}
    return [delivery(one, hooks) for one in desk.store.dead_letters(me.site, MOST_DEAD)]


@post("/outbox/{item:str}/again", status_code=200, summary="Send again what was given up", right="sites")
async def send_again(item: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Delivery:
    """For another 24 hours, with the same event_id. 409 `not_dead` for what still waits or has arrived."""
    number = int(item) if item.isascii() and item.isdigit() and len(item) < 19 else 0
    found = desk.store.outbox_item(number)
    if found is None or found.site != me.site:
        raise Problem(404, "no_such_item", "there is nothing of this number", where="item")
    if found.state != "dead":
        raise Problem(409, "not_dead", "this was not given up", where="item")
    await desk.whole(way_out(desk).submit(Again(number, desk.now())))
    return delivery(desk.store.outbox_item(number) or found, {})


@get("/mail", summary="Where mail is handed over", right="sites", sync_to_thread=False)
def mail(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> MailWords:
    """The settings of this server, without the password."""
    return mail_words(me, desk)


def mail_words(me: Principal, desk: Desk) -> MailWords:
    """As it is now."""
    of = way_out(desk).mail
    return MailWords(of.ready, of.host, of.port, of.user, of.sender, of.tls, desk.directory.site(me.site).mail_to)


@put("/mail", summary="Who gets requests and leads", right="sites")
async def mail_to(
    data: JSONBody[MailToBody], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> MailWords:
    """Points of sale of the campaign file that have an address get their leads themselves."""
    to = address(data.to) if data.to else ""
    await set_site(me, Change(mail_to=to), desk, hub)
    return mail_words(me, desk)


@post("/mail/test", status_code=200, summary="Try to send a mail", right="sites")
async def test_mail(
    data: JSONBody[MailTestBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> dict[str, Any]:
    """`{answer}` of the mail server; 409 `no_mail` without settings, 502 `mail_failed` with what it said."""
    out, site = way_out(desk), desk.directory.site(me.site)
    to = address(data.to)
    if not out.mail.ready:
        raise Problem(409, "no_mail", "this server sends no mail", hint="set [mail] in aparte.toml")
    words = compose.words(site.language)
    subject = compose.one_line(compose.filled(words["test"], site=site.name), compose.LONGEST_SUBJECT)
    answered = await out.try_mail(compose.mail(to, subject, words["test_text"], site.language))
    if not answered.delivered:
        raise Problem(502, "mail_failed", "the mail server did not take it", where=answered.words, hint="see [mail]")
    return {"answer": answered.words}


def address(text: str) -> str:
    """An address that mail can go to; Problem 400."""
    try:
        return compose.address(text)
    except BadInput as error:
        raise Problem(400, "bad_email", error.what, where="to", hint=error.hint) from None


ROUTER = Router(
    "/api/v1",
    route_handlers=[
        webhooks, save_webhook, drop_webhook, rotate_secret, test_webhook, deliveries, outbox, dead_letters, send_again,
        mail, mail_to, test_mail,
    ],
    tags=["Webhooks and mail"],
)  # fmt: skip
