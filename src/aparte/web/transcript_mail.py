"""The visitor's transcript by mail: asked for in the widget, confirmed in the mail, sent after the confirmation.

Nothing but a fixed text goes to an address that nobody has confirmed. Opening the page changes nothing, because mail
programs open links; the button does.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from aparte.conversations.contact import email_of
from aparte.conversations.model import AGENTS_ONLY, Conversation, Entry
from aparte.conversations.store import Refused
from aparte.conversations.transcripts import said
from aparte.kit.errors import BadInput, Unavailable
from aparte.outbox import compose
from aparte.outbox.model import Confirmation, Mail, event_id
from aparte.outbox.store import AskConfirmation, UseConfirmation
from aparte.outbox.transcript import Line, transcript
from aparte.sites.model import Site
from aparte.web.desk import Desk
from aparte.web.plain import (
    NO_STORE,
    Headers,
    Problem,
    Receive,
    Scope,
    Send,
    answer,
    answer_problem,
    encode,
    header,
    read_body,
)
from aparte.web.transcript import AGAIN_S, conversation_of
from aparte.web.visitor_doors import Caller, read_as
from aparte.web.visitors import allowed_origin, visitor_of

BODY = 4 * 1024
LIFE_MS = 86_400_000
MOST_OF_ADDRESS, MOST_OF_SITE = 3, 200
"""Within an hour."""
MOST_ENTRIES = 5_000
TOKEN = 32
"""Hexadecimal digits: 128 bits."""
ASK, CONFIRM = "/transcript", "/v1/confirm/"


class Asked(Caller, kw_only=True):
    """Where the transcript shall go."""

    email: Annotated[str, Meta(max_length=254)]


def handles(path: str) -> bool:
    """Whether this door is asked."""
    return path.startswith(CONFIRM) or (path.startswith("/v1/conv/") and path.endswith(ASK))


class TranscriptDoors:
    """`POST /v1/conv/{id}/transcript`, `GET` and `POST /v1/confirm/{token}`; an ASGI application."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path, method = scope["path"], scope["method"]
        try:
            if path.startswith(CONFIRM):
                await self._page(scope, receive, send, path.removeprefix(CONFIRM))
            elif method != "POST":
                raise Problem(405, "method", f"{method} is not answered here", where="method")
            else:
                conv = path.removeprefix("/v1/conv/").removesuffix(ASK)
                await self._ask(scope, conv, await read_body(receive, BODY))
                await answer(send, 202, encode({}), headers=[NO_STORE])
        except Unavailable as error:
            await answer_problem(send, Problem(503, "unavailable", error.what, retry_after=AGAIN_S))
        except Problem as problem:
            await answer_problem(send, problem)

    # Asking

    async def _ask(self, scope: Scope, conv: str, body: bytes) -> None:
        desk = self._desk
        said = read_as(body, Asked)
        site = desk.site_of(said.key)
        if not allowed_origin(site, header(scope, b"origin")):
            raise Problem(403, "origin", "this page may not use the key", hint="add its origin to the site's")
        conversation = conversation_of(visitor_of(site, said.token or "", desk), conv, desk)
        try:
            email = compose.address(email_of(said.email))
        except BadInput:
            raise Problem(400, "bad_email", "this is no e-mail address", where="email") from None
        if desk.post is None or not desk.post.mail.ready:
            raise Problem(409, "no_mail", "this server sends no mail", hint="set [mail] in aparte.toml")
        await desk.whole(self._leave(site, conversation, email))

    async def _leave(self, site: Site, conversation: Conversation, email: str) -> None:
        """The wish and its mail in one transaction; nothing when this address, or the site, had its share."""
        desk, token = self._desk, secrets.token_hex(TOKEN // 2)
        now, language = desk.now(), spoken(conversation, site)
        wish = Confirmation(
            token_hash=hashed(token), site=site.id, conv=conversation.id, email=email, language=language,
            created_at=now, expires_at=now + LIFE_MS,
        )  # fmt: skip
        words = compose.words(language)
        name, link = compose.one_line(site.name), f"{desk.url}{CONFIRM}{token}"
        text = compose.filled(words["confirm_text"], site=name, link=link)
        told = compose.mail(email, words["confirm"], text, language)
        id = event_id("confirm", wish.token_hash)
        commands = (
            AskConfirmation(wish, MOST_OF_ADDRESS, MOST_OF_SITE),
            compose.leaving(site.id, "confirm", id, told, now),
        )
        assert desk.post is not None
        await desk.post.submit(*commands)

    # Confirming

    async def _page(self, scope: Scope, receive: Receive, send: Send, token: str) -> None:
        method = scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            raise Problem(405, "method", f"{method} is not answered here", where="method")
        wish = self._wish(token)
        if method == "POST":
            await read_body(receive, BODY)
            done = wish is not None and await self._desk.whole(self._send(wish))
            state = "sent" if done else "over"
        else:
            state = "ask" if wish is not None else "over"
        language = wish.language if wish is not None else language_of(scope)
        site = self._desk.directory.site(wish.site).name if wish is not None else ""
        body = b"" if method == "HEAD" else page(state, language, site)
        await answer(send, 404 if state == "over" else 200, body, b"text/html; charset=utf-8", PAGE_HEADERS)

    def _wish(self, token: str) -> Confirmation | None:
        """The wish of a token, while it may be confirmed."""
        if len(token) != TOKEN or not token.isascii() or not token.isalnum():
            return None
        found = self._desk.store.confirmation(hashed(token))
        alive = found is not None and found.used_at is None and found.expires_at > self._desk.now()
        return found if alive else None

    async def _send(self, wish: Confirmation) -> bool:
        """The transcript leaves with the use of the wish; False when somebody was faster, or nothing is there."""
        desk = self._desk
        conversation = desk.store.conversation(wish.conv)
        if conversation is None or desk.post is None:
            return False
        site, now = desk.directory.site(wish.site), desk.now()
        told = self._mail(wish, conversation, site)
        leave = compose.leaving(site.id, "transcript", event_id("transcript", wish.token_hash), told, now)
        results = await desk.post.submit(UseConfirmation(wish.token_hash, now), leave)
        return not any(isinstance(one, Refused) for one in results)

    def _mail(self, wish: Confirmation, conversation: Conversation, site: Site) -> Mail:
        """The transcript as it is now."""
        lines = list(self._lines(conversation))
        name, words = compose.one_line(site.name), compose.words(wish.language)
        text = transcript(lines, name, wish.language, ZoneInfo(site.time_zone), site.time_zone)
        subject = compose.one_line(compose.filled(words["transcript"], site=name), compose.LONGEST_SUBJECT)
        return compose.mail(wish.email, subject, text[: compose.LONGEST_TEXT], wish.language)

    def _lines(self, conversation: Conversation) -> Iterator[Line]:
        for entry in self._desk.store.last_entries(conversation.id, None, MOST_ENTRIES):
            line = self._line(entry, self._desk.directory.site(conversation.site).name)
            if line is not None:
                yield line

    def _line(self, entry: Entry, house: str) -> Line | None:
        """What of a line the visitor has seen; None for what only agents see, and for kinds without words."""
        if entry.kind in AGENTS_ONLY:
            return None
        if entry.kind in ("text", "offer", "card", "page", "coupon"):
            by_agent = entry.by == "agent" and entry.author
            name = "" if entry.by == "visitor" else self._desk.directory.name(entry.author) if by_agent else house
            return Line(entry.ts, "said", name, shared(entry.body) if entry.kind in ("card", "page") else said(entry))
        kinds = {"join": "joined", "leave": "left", "close": "closed"}
        return Line(entry.ts, kinds[entry.kind], entry.body) if entry.kind in kinds else None


def shared(body: str) -> str:
    """Names and addresses of products, or of a page, that an agent has shown."""
    try:
        found = msgspec.json.decode(body, type=dict)
    except msgspec.MsgspecError:
        return ""
    shown = found.get("products", [found])
    rows = [one for one in shown if isinstance(one, dict)] if isinstance(shown, list) else []
    return "\n".join(
        " ".join(str(one.get(name) or "") for name in ("name", "title", "price", "currency", "url")).strip()
        for one in rows
    )


def hashed(token: str) -> str:
    """How a token is kept."""
    return sha256(token.encode()).hexdigest()


def spoken(conversation: Conversation, site: Site) -> str:
    """The language of the mail."""
    return next((one for one in (conversation.language, site.language) if one in compose.WORDS), "en")


def language_of(scope: Scope) -> str:
    """What the browser prefers, of what we speak."""
    return "fr" if header(scope, b"accept-language").lower().startswith("fr") else "en"


WORDS = {
    "fr": {
        "title": "Votre conversation par e-mail",
        "ask": "Votre conversation avec {site} sera envoyée à l'adresse à laquelle vous avez reçu ce lien.",
        "button": "Envoyer la conversation",
        "sent": "C'est en route. Vous pouvez fermer cette page.",
        "over": "Ce lien a déjà servi, ou il est périmé. Demandez-en un nouveau dans la conversation.",
    },
    "en": {
        "title": "Your conversation by e-mail",
        "ask": "Your conversation with {site} will be sent to the address at which you received this link.",
        "button": "Send the conversation",
        "sent": "It is on its way. You can close this page.",
        "over": "This link has been used, or is too old. Ask for a new one in the conversation.",
    },
}
STYLE = """:root{color-scheme:light dark;--bg:#F6F2EA;--surface:#FFFDF9;--line:#E2DACB;--ink:#231B22;--ink-2:#574D55;\
--accent:#5F1F45;--accent-hover:#4A1635;--on-accent:#FFFDF9;--focus:#0C746B}
@media (prefers-color-scheme:dark){:root{--bg:#17121A;--surface:#201922;--line:#372D3A;--ink:#F4EDE4;--ink-2:#C4B8BF;\
--accent:#F2BCD9;--accent-hover:#F8D3E6;--on-accent:#2A0F20;--focus:#35A798}}
@font-face{font-family:Hanken;src:url(/static/fonts/hanken-grotesk.woff2) format("woff2");font-weight:100 900}
@font-face{font-family:Newsreader;src:url(/static/fonts/newsreader.woff2) format("woff2");font-weight:200 800}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--bg);\
color:var(--ink);font:16px/1.5 Hanken,system-ui,sans-serif}
main{width:100%;max-width:480px;padding:32px;background:var(--surface);border:1px solid var(--line);border-radius:14px}
h1{margin:0 0 12px;font:500 26px/1.2 Newsreader,Georgia,serif;text-wrap:balance}p{margin:0 0 24px;color:var(--ink-2)}
p:last-child{margin:0}form{margin:0}
button{width:100%;min-height:48px;padding:12px 20px;border:0;border-radius:10px;background:var(--accent);\
color:var(--on-accent);font:600 16px/1.2 Hanken,system-ui,sans-serif;cursor:pointer}
button:hover{background:var(--accent-hover)}button:focus-visible{outline:3px solid var(--focus);outline-offset:3px}
"""
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest())
PAGE_HEADERS: Headers = [
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'sha256-" + STYLE_HASH + b"'; font-src 'self'; base-uri 'none'; "
        b"form-action 'self'; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"x-robots-tag", b"noindex"),
    NO_STORE,
]


def page(state: str, language: str, site: str) -> bytes:
    """The page: `ask` has the button, `sent` and `over` say so."""
    words = WORDS.get(language, WORDS["en"])
    text = escape(compose.filled(words[state], site=compose.one_line(site)))
    form = f'<form method="post"><button type="submit">{escape(words["button"])}</button></form>'
    role = "" if state == "ask" else ' role="status"'
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(words["title"])}</title><style>{STYLE}</style></head>
<body><main><h1>{escape(words["title"])}</h1><p{role}>{text}</p>{form if state == "ask" else ""}</main></body></html>
""".encode()
