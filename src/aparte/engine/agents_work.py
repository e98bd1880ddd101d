"""What agents do beside writing: how a conversation ended, its tags, cards, pages, and talk among themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aparte.catalogue.model import Product
from aparte.conversations import cards
from aparte.conversations.colleagues import ReadColleagues, TellColleagues, Told
from aparte.conversations.links import origin_of
from aparte.conversations.model import Conversation, Kind
from aparte.conversations.store import (
    Appended,
    AppendEntry,
    Refused,
    SaveCodes,
    SaveTags,
    TagConversation,
)
from aparte.conversations.text import Unspeakable, clean
from aparte.conversations.vocabulary import Code, Vocabulary
from aparte.conversations.wrapping import Wrap, judged, tags_of
from aparte.engine.batch import Batch
from aparte.engine.chats import NO_VERSION, NOT_ASSIGNED, UNKNOWN, bad_cid
from aparte.engine.outside import Outside
from aparte.engine.ports import Changed


class AgentsWork(Outside):
    """A part of `Engine`; every change is on the disk when its call returns."""

    # How it ended

    async def wrap_up(
        self, site: str, conv: str, staff: str, wrap: Wrap, *, any_agents: bool = False
    ) -> Conversation | Refused:
        """The code of a closed conversation, by whoever had it; `any_agents`: for somebody else.

        Refused: `unknown`, `not_assigned`, `not_closed`, and what `judged` refuses.
        """
        self.core.site(site)
        known = self.chats.member(site, conv, "agent", staff)
        if known is None:
            return UNKNOWN
        if (known.wrap_agent or known.agent) != staff and not any_agents:
            return NOT_ASSIGNED
        told = judged(wrap, self.core.store.vocabulary(site))
        return told if isinstance(told, Refused) else await self.chats.wrap(conv, staff, told)

    async def tag(self, site: str, conv: str, tags: Sequence[str]) -> Conversation | Refused:
        """Its tags from now on; Refused `unknown`, and what `tags_of` refuses."""
        self.core.site(site)
        known = self.talks.find(conv)
        if known is None or known.site != site:
            return UNKNOWN
        found = tags_of(tags, self.core.store.vocabulary(site), known.tags)
        if isinstance(found, Refused):
            return found
        batch = Batch(self.core.clock())
        batch.add(TagConversation(conv, found))
        result: Conversation | Refused = (await self.core.commit(batch))[0]
        return result

    def vocabulary(self, site: str) -> Vocabulary:
        """Tags and codes of a site."""
        return self.core.store.vocabulary(site)

    async def save_vocabulary(
        self, site: str, *, tags: Sequence[str] | None = None, free: bool = True, codes: Sequence[Code] | None = None
    ) -> Vocabulary:
        """Other tags, or other codes; what is not told stays."""
        self.core.site(site)
        batch = Batch(self.core.clock())
        if tags is not None:
            batch.add(SaveTags(site, tuple(tags), free))
        if codes is not None:
            batch.add(SaveCodes(site, tuple(codes)))
        await self.core.commit(batch)
        return self.core.store.vocabulary(site)

    # What is shown to a visitor

    def catalogue(self, site: str) -> Mapping[str, Product]:
        """The products of a site as decisions read them now."""
        return self.core.site(site).catalogue

    def own_origins(self, site: str, visitor: str) -> tuple[str, ...]:
        """The origins of the shop; of one that has named none, that of the page on which this visitor is."""
        live = self.core.site(site)
        if live.site.origins:
            return live.site.origins
        visit = live.visits.get(visitor)
        session = visit.session if visit is not None else None
        here = origin_of(session.page.url or "") if session is not None and session.page is not None else None
        return (here,) if here else ()

    async def send_card(
        self, site: str, conv: str, staff: str, cid: str, products: Sequence[str], assign_ver: int
    ) -> Appended | Refused:
        """Show products as they are now. The same cid again is the first card, whatever has changed since.

        Refused: `unknown`, `bad_cid`, `cid_conflict`, what `cards.card` refuses, and what AppendEntry refuses.
        """
        live, known = self.core.site(site), self.chats.member(site, conv, "agent", staff)
        if known is None:
            return UNKNOWN
        first = self.core.store.entry_with(conv, staff, cid)
        if first is not None:
            same = first.kind == "card" and cards.ids_in(first.body) == tuple(dict.fromkeys(products))
            return Appended(first, again=True) if same else Refused("cid_conflict")
        body = cards.card(products, live.catalogue, live.site.currency, self.own_origins(site, known.visitor))
        return await self._show(known, staff, cid, "card", body, assign_ver)

    async def send_page(
        self, site: str, conv: str, staff: str, cid: str, url: str, title: str, assign_ver: int
    ) -> Appended | Refused:
        """Propose a page of the shop; Refused `foreign_page` for any other, and as above."""
        self.core.site(site)
        known = self.chats.member(site, conv, "agent", staff)
        if known is None:
            return UNKNOWN
        body = cards.page(url, title, self.own_origins(site, known.visitor))
        return await self._show(known, staff, cid, "page", body, assign_ver)

    async def _show(
        self, known: Conversation, staff: str, cid: str, kind: Kind, body: str | Refused, assign_ver: int
    ) -> Appended | Refused:
        if isinstance(body, Refused):
            return body
        if bad_cid(cid):
            return Refused("bad_cid")
        ver = assign_ver if known.agent == staff else NO_VERSION
        batch = Batch(self.core.clock())
        batch.add(AppendEntry(known.id, "agent", staff, cid, kind, body, batch.now, ver))
        self.chats.sign_of(known.id, staff, ver)
        result: Appended | Refused = (await self.core.commit(batch))[0]
        return result

    # Among themselves

    async def tell_colleagues(
        self, site: str, room: str, members: tuple[str, ...], staff: str, cid: str, body: str
    ) -> Told | Refused:
        """Say something in a room, whose right was asked at the door; Refused as of `send`."""
        self.core.site(site)
        text = clean(body)
        if isinstance(text, Unspeakable) or bad_cid(cid):
            return Refused(text.code if isinstance(text, Unspeakable) else "bad_cid")
        batch = Batch(self.core.clock())
        batch.add(TellColleagues(site, room, members, staff, cid, text, batch.now))
        batch.then.append(lambda commands, results: self._told_colleagues(site, results[0]))
        result: Told | Refused = (await self.core.commit(batch))[0]
        return result

    def _told_colleagues(self, site: str, result: Told | Refused) -> None:
        if isinstance(result, Told) and not result.again:
            self.core.tell(Changed(site, "colleague", value=result.message))

    async def read_colleagues(self, site: str, room: str, staff: str, seq: int) -> int:
        """How far somebody has read a room."""
        self.core.site(site)
        batch = Batch(self.core.clock())
        batch.add(ReadColleagues(site, room, staff, seq))
        return int((await self.core.commit(batch))[0])
