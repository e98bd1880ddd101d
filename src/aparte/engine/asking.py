"""Requests: what a visitor leaves when nobody can answer him now."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, structs

from aparte.conversations.contact import email_of, phone_of
from aparte.conversations.model import Request
from aparte.conversations.store import AskRequest, FinishRequest, Refused
from aparte.conversations.text import Unspeakable, clean
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.ports import Changed
from aparte.engine.site import LiveSite, Pending
from aparte.engine.talks import Talks
from aparte.kit.ids import stable_id
from aparte.tracking.model import ConversationEnded

MOST = {"name": 200, "wanted": 200, "phone": 40, "email": 254}
"""Code points."""


class Asked(Struct, kw_only=True):
    """What the visitor has typed."""

    cid: str
    kind: Any
    name: str = ""
    phone: str = ""
    email: str = ""
    body: str = ""
    wanted: str = ""
    language: str = ""
    skill: str | None = None
    engagement: str = ""


class Asking:
    """Requests of all sites."""

    def __init__(self, core: Core, talks: Talks) -> None:
        self.core, self.talks = core, talks

    def read(self, asked: Asked) -> Asked | Refused:
        """The request with clean texts; Refused `bad_phone`, `bad_email`, `bad_text`, `too_long`, `empty`."""
        changes: dict[str, str] = {}
        for name in ("name", "wanted", "body"):
            text = clean(getattr(asked, name)) if getattr(asked, name).strip() else ""
            if isinstance(text, Unspeakable):
                return Refused(text.code)
            changes[name] = text.strip() if name == "body" else " ".join(text.split())
        changes["phone"], changes["email"] = phone_of(asked.phone), email_of(asked.email)
        if any(len(changes[name]) > most for name, most in MOST.items()):
            return Refused("too_long")
        for name in ("phone", "email"):
            needed = asked.kind == ("callback" if name == "phone" else "message")
            if not changes[name] and (needed or getattr(asked, name).strip()):
                return Refused(f"bad_{name}")
        if asked.kind == "message" and not changes["body"]:
            return Refused("empty")
        return structs.replace(asked, **changes)

    async def ask(self, live: LiveSite, visitor: str, asked: Asked) -> Request | Refused:
        """Keep a request; the same cid again is the same request. Whoever waits in the queue leaves it thereby."""
        read = self.read(asked)
        if isinstance(read, Refused):
            return read
        with self.core.folding() as batch:
            request = self.request(live, visitor, read, batch.now)
            talk = self.talks.of.get((live.site.id, visitor))
            # One that is known may be refused by the database; nothing else must hang on it then.
            if talk is not None and self.core.store.request(request.id) is None:
                request = structs.replace(request, conv=talk.conv)
                if not talk.agent:
                    self.talks.close(batch, live, talk, "visitor", visitor, "request")
            batch.add(AskRequest(request))
        return await self.kept(batch)

    async def kept(self, batch: Batch) -> Request | Refused:
        """Write a list whose last command is about a request, and tell."""
        result: Request | Refused = (await self.core.commit(batch))[-1]
        if isinstance(result, Request):
            self.core.tell(Changed(result.site, "request", value=result))
        return result

    def request(self, live: LiveSite, visitor: str, asked: Asked, now: int) -> Request:
        """The request that these words are; its id is made of the visitor's own number for it, or of the invitation."""
        site = live.site
        of_invitation = request_id(site.id, visitor, asked.engagement, "")
        if asked.engagement and asked.cid and self.core.store.request(of_invitation) is None:
            asked = structs.replace(asked, engagement="")  # a name that somebody has made up
        language = asked.language if asked.language in site.languages else site.language
        return Request(
            id=request_id(site.id, visitor, asked.engagement, asked.cid),
            site=site.id,
            visitor=visitor,
            kind=asked.kind,
            engagement=asked.engagement,
            skill=asked.skill or None,
            language=language,
            name=asked.name,
            phone=asked.phone,
            email=asked.email,
            body=asked.body,
            wanted=asked.wanted,
            created_at=now,
        )

    def accepted(self, batch: Batch, live: LiveSite, pending: Pending, language: str) -> Request:
        """An accepted offer to be called back: a request, and the end of the engagement."""
        asked = Asked(cid="", kind="callback", language=language, skill=pending.offer.skill)
        asked.engagement = pending.engagement
        request = self.request(live, pending.visitor, asked, batch.now)
        batch.add(AskRequest(request))
        fact = ConversationEnded(at=batch.now, visitor=pending.visitor, engagement=pending.engagement)
        self.core.log(batch, live, fact)
        site = live.site.id
        batch.then.append(lambda commands, results: self.core.tell(Changed(site, "request", value=request)))
        return request

    async def finish(self, site: str, request: str, by: str, note: str) -> Request | Refused:
        """Somebody has dealt with it."""
        known = self.core.store.request(request)
        if known is None or known.site != site:
            return Refused("unknown")
        text = clean(note) if note.strip() else ""
        if isinstance(text, Unspeakable):
            return Refused(text.code)
        batch = Batch(self.core.clock())
        batch.add(FinishRequest(request, by, batch.now, text))
        return await self.kept(batch)


def request_id(site: str, visitor: str, engagement: str, cid: str) -> str:
    """One request for each invitation, else for each number that the visitor's page has given it."""
    return stable_id("req", site, visitor, engagement, "" if engagement else cid)
