"""One server with a share of the payloads in every text that it stores.

Most are written by the store's own commands, past the doors: what a screen shows must be safe though a door were open.
Visits come through the door, because only so they are folded into journeys.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import httpx
from doors_world import BROWSER, CAMPAIGNS, HASHER, PASSWORD, SITES, World, now, token_of, vid
from msgspec.structs import replace
from planted_goals import of_goals, of_plans
from stored_fields import texts_of

from aparte.attribution.store import RecordLead
from aparte.catalogue.model import Product
from aparte.catalogue.store import SaveProducts
from aparte.conversations import links
from aparte.conversations.colleagues import TellColleagues
from aparte.conversations.coupons import Coupon, SaveCoupons
from aparte.conversations.library import Article, Branch, Reply, SaveArticle, SaveReply, SaveScript, Script, Step
from aparte.conversations.model import Conversation, Kind, Request
from aparte.conversations.store import (
    AppendEntry,
    AskRequest,
    AssignConversation,
    CloseConversation,
    OpenConversation,
    RecordSurvey,
    Refused,
    SaveCodes,
    SaveTags,
    WrapConversation,
)
from aparte.conversations.vocabulary import Code, Label
from aparte.engagements.store import Block, SaveBlock
from aparte.outbox.model import Confirmation, Webhook
from aparte.outbox.store import AskConfirmation, SaveWebhook
from aparte.routing.model import Team
from aparte.routing.store import SaveTeam
from aparte.settings import Limits
from aparte.sites.audit import RecordAudit
from aparte.sites.costs import Costs
from aparte.sites.model import ApiToken, Look, SignIn, Staff
from aparte.sites.store import SaveSignIn, SaveSite, SaveStaff, SaveToken
from aparte.targeting.store import PublishVersion, SaveDraft
from aparte.tracking.store import KeepQuarantined, SaveTraits
from aparte.web.transcript_mail import hashed

KINDS: tuple[Kind, ...] = get_args(Kind)
AUTHORS = {"text": "visitor", "survey": "visitor", "join": "system", "leave": "system", "close": "system"}
TOKEN = "c" * 32
JOURNEY = "vjourney"
MUCH = 1e9
LATER = 4_000_000_000_000
MOST_BODY = 60_000


def mark(field: str) -> str:
    """What shows that this field is on a screen."""
    return f"zz-{field}-zz"


def every(field: str, share: Sequence[str]) -> list[str]:
    """Its mark and the payloads, each alone: for what stands in a list."""
    return [mark(field), *share]


def whole(field: str, share: Sequence[str]) -> str:
    """All in one: for what stands once."""
    return "\n".join(every(field, share))


class HostileWorld(World):
    """A server in which everything is hostile, and what was written into its store."""

    def __init__(self, data: Path, share: Sequence[str], origin: str) -> None:
        super().__init__(data, "sqlite", settings={"limits": free()})
        self.share, self.origin = share, origin
        self.held: defaultdict[str, set[str]] = defaultdict(set)
        (data / "campaigns" / "a.toml").write_text(campaigns(share), encoding="utf-8")

    async def prepare(self) -> None:
        """Before the server reads what there is."""
        submit = self.store.submit

        def watched(commands: Sequence[Any]) -> Any:
            for path, text in (one for command in commands for one in texts_of(command)):
                self.held[path].update({text} if len(text) < 2_000 else text.split("\n"))
            return submit(commands)

        self.store.submit = watched
        for commands in (
            of_the_site(self.share, self.origin),
            of_staff(self.share),
            of_conversations(self.share),
            of_library(self.share),
            of_goals(every("Goal", self.share)),
            of_plans(every("Scenario", self.share)),
        ):
            refused = [one for one in await self.store.submit(commands) if isinstance(one, Refused)]
            assert not refused, refused

    def visits(self) -> None:
        """Everybody walks through the shop: one of them with everything."""
        with httpx.Client(base_url=self.http, headers={"User-Agent": BROWSER, "Origin": "https://a.example"}) as client:
            for number, text in enumerate(every("Page", self.share)):
                told = events(f"l{number}", text)
                for one in told:
                    one["context"].pop("userAgent")
                tell(client, f"vl{number}", told)
                tell(client, JOURNEY, events(f"j{number}", text))


def tell(client: httpx.Client, visitor: str, told: list[dict[str, Any]]) -> None:
    """One pulse of a visitor's page; two of them when there is more in it than a pulse may hold."""
    body = {"key": "key-a", "token": token_of(visitor), "consent": "full", "visible": True, "events": told}
    content = json.dumps(body)
    if len(content) > MOST_BODY and len(told) > 1:
        tell(client, visitor, told[: len(told) // 2])
        tell(client, visitor, told[len(told) // 2 :])
        return
    answer = client.post("/v1/pulse", content=content)
    assert answer.status_code == 200, answer.text


def free() -> Limits:
    """Nobody is slowed down."""
    return Limits(
        connections_per_address=2_000,
        visitor_rate=MUCH,
        visitor_burst=MUCH,
        address_rate=MUCH,
        address_burst=MUCH,
        site_rate=MUCH,
        site_burst=MUCH,
        new_visitors_per_minute=MUCH,
    )


def campaigns(share: Sequence[str]) -> str:
    """A campaign file whose labels and messages are the payloads."""
    written = [CAMPAIGNS]
    for number, text in enumerate(every("Offer.message", share)):
        said = json.dumps(text[:200], ensure_ascii=False)
        written.append(
            f'[[campaigns]]\nname = "c{number}"\nlabel = {{ fr = {said}, en = {said} }}\n[[campaigns.rules]]\n'
            f'name = "r"\nwhen = "cart.value > 900000"\noffer = {{ message = {{ fr = {said}, en = {said} }} }}\n'
        )
    return "\n".join(written)


def of_the_site(share: Sequence[str], origin: str) -> list[Any]:
    """What the shop and its admins write."""
    site = replace(
        SITES[0],
        name=whole("Site.name", share),
        mail_to=whole("Site.mail_to", share),
        costs=Costs(call_event=whole("Costs.call_event", share), mail_event=whole("Costs.mail_event", share)),
        query=("q", *share),
        origins=("https://a.example", origin, *every("Site.origins", share)),
        look=Look(colour=share[0], font=whole("Look.font", share)),
        wrap_up="optional",
        typing_preview=True,
        languages=("fr", "en", *share),
        words={language: dict.fromkeys(WORDS, whole("Site.words", share)) for language in ("fr", "en")},
    )
    products = [
        Product(
            id=every("Product.id", share)[n], name=text, category=text, url=text, image=text, price=9.9, in_stock=True
        )
        for n, text in enumerate(every("Product.name", share))
    ]
    codes = [
        Code(id=f"k{n}", label=Label(text, text), outcome="not_bought", reasons=True)
        for n, text in enumerate(every("Label.fr", share))
    ]
    offers = [
        Coupon(id=f"k{n}", label=Label(text, text), percent=10) for n, text in enumerate(every("Label.fr", share))
    ]
    made: list[Any] = [
        SaveSite(site),
        SaveTags("a", tuple(every("SaveTags.tags", share)), True),
        SaveCodes("a", tuple(codes)),
        SaveCoupons("a", tuple(offers)),
        SaveProducts("a", products, now()),
        PublishVersion("a", 1, campaigns(share), now(), "camille", note=whole("PublishVersion.note", share)),
        SaveDraft("a", 0, campaigns(share) + "# changed\n", 1, now(), "camille"),
        SaveTraits("a", "u1", dict(zip(share, share, strict=True)), now()),
    ]
    for n, text in enumerate(every("Team.name", share)):
        made += [
            SaveTeam(Team(id=f"t{n}", site="a", name=text)),
            KeepQuarantined("a", now(), "unreadable", text, text),
            RecordLead("a", f"l{n}", vid("v1"), now(), True, text, {text: text}),
            SaveWebhook(Webhook(id=f"w{n}", site="a", url=text, events=("conversation.opened",), secret="s")),
            SaveToken(
                ApiToken(
                    id=f"a{n}", token_hash=f"{n}", site="a", name=text, scopes=("read",), made_by="camille", made_at=0
                )
            ),
            RecordAudit("a", now(), "camille", "staff.saved", text, text),
            SaveBlock(
                Block(
                    site="a",
                    visitor=vid(f"vl{n}") if n % 9 == 8 else vid(f"vb{n}"),
                    reason=text,
                    by="camille",
                    at=now(),
                )
            ),
        ]
    return made


WORDS = ("title", "launcher", "agent", "invitation", "intro")


def of_staff(share: Sequence[str]) -> list[Any]:
    """People who are called so, and what they say to one another."""
    made: list[Any] = []
    named = [("camille", whole("Staff.name", share), "admin"), ("lead", "Lead", "supervisor")]
    named += [(f"s{n}", text, "agent") for n, text in enumerate(share)]
    for n, (id, name, role) in enumerate(named):
        email = f"{id}@a.example" if n < 2 else name + str(n)
        made.append(
            SaveStaff(
                Staff(
                    id=id,
                    site="a",
                    email=email,
                    name=name,
                    role=role,
                    maximum=60,
                    skills=("sales", "support", *share[:3]),
                    team=f"t{n}",  # type: ignore[arg-type]
                    password_hash=HASHER.hash(PASSWORD) if n < 2 else "",
                )
            )
        )
    for n, text in enumerate(reversed(every("TellColleagues.body", share))):  # the last ones are shown first
        made.append(TellColleagues("a", "site", (), "lead", f"c{n}", text, now()))
        made.append(
            SaveSignIn(SignIn(token_hash=f"h{n}", staff="camille", created_at=now(), seen_at=now(), about=text))
        )
    return made


def of_conversations(share: Sequence[str]) -> list[Any]:
    """One conversation for each kind of line, and requests."""
    made: list[Any] = []
    for kind in KINDS:
        conv = f"conv-{kind}"
        made.append(
            OpenConversation(
                Conversation(
                    id=conv,
                    site="a",
                    visitor=vid(f"v{kind}"),
                    campaign=mark("Conversation.campaign") + share[0],
                    opened_at=now(),
                    skill=whole("Conversation.skill", share),
                    form=dict(zip(every("Conversation.form", share), every("Conversation.form", share), strict=True)),
                    tags=tuple(every("Conversation.tags", share)),
                    comment=whole("Conversation.comment", share),
                    wrap_note=whole("Conversation.wrap_note", share),
                )
            )
        )
        made.append(AssignConversation(conv, "camille", now()))
        for n, body in enumerate(bodies(kind, share)):
            by: Any = AUTHORS.get(kind, "agent")
            author = {"visitor": vid(f"v{kind}"), "agent": "camille"}.get(by, "")
            made.append(AppendEntry(conv, by, author, f"k{n}", kind, body, now(), 1 if by == "agent" else None))
        if kind == "survey":
            made += [
                CloseConversation(conv, now(), True),
                WrapConversation(conv, "camille", "k1", "price", whole("Conversation.wrap_note", share), now()),
                RecordSurvey(conv, 1, 1, False, whole("Conversation.comment", share)),
            ]
    for n, text in enumerate(every("Request", share)):
        made.append(
            AskRequest(
                Request(
                    id=f"r{n}",
                    site="a",
                    visitor=vid(f"v{n}"),
                    kind="message" if n % 2 else "callback",
                    skill=text,
                    name=text,
                    phone=text,
                    email=text,
                    body=text,
                    wanted=text,
                    note=text,
                    created_at=now(),
                )
            )
        )
    made.append(
        AskConfirmation(
            Confirmation(
                token_hash=hashed(TOKEN),
                site="a",
                conv="conv-text",
                email=whole("Confirmation.email", share),
                language="fr",
                created_at=now(),
                expires_at=LATER,
            ),
            10,
            10,
        )
    )
    return made


def of_library(share: Sequence[str]) -> list[Any]:
    """What agents need not write anew, in one item for each payload."""
    made: list[Any] = []
    for n, text in enumerate(every("Library", share)):
        more: Any = {"site": "a", "title": text, "language": "fr", "changed_by": text}
        steps = (Step("s1", text, (Branch(text, text),)),)
        made += [
            SaveReply(Reply(id=f"r{n}", shortcut=text, body=text, skill=text, **more)),
            SaveReply(Reply(id=f"q{n}", shortcut=text, body=text, **more)),
            SaveScript(Script(id=f"s{n}", steps=steps, skill=text, **more)),
            SaveArticle(Article(id=f"a{n}", body=text, tags=(text,), url=text, **more)),
        ]
    return made


def bodies(kind: str, share: Sequence[str]) -> list[str]:
    """What stands in lines of this kind: the payloads as they are, and in the members that the kind has."""
    plain = every(f"AppendEntry.{kind}", share)
    if kind == "card":
        plain += [
            json.dumps(
                {
                    "products": [
                        {
                            "id": text,
                            "name": text,
                            "price": 1,
                            "currency": text[:3],
                            "url": text,
                            "image": links.image(text, ()),
                            "in_stock": True,
                        }
                    ]
                }
            )
            for text in every("Card", share)
        ]
    if kind == "page":
        plain += [json.dumps({"url": text, "title": text}) for text in every("PageShown", share)]
        plain += [json.dumps({"url": "https://a.example/x", "title": text}) for text in every("PageShown", share)]
    if kind == "coupon":
        plain += [
            json.dumps({"code": text, "label": text, "value": {"amount": 5, "currency": text}, "until": LATER})
            for text in every("Promised", share)
        ]
    if kind == "survey":
        plain += [json.dumps({"csat": 1, "nps": 1, "solved": False, "comment": text}) for text in share]
    return plain


def events(name: str, text: str) -> list[dict[str, Any]]:
    """What a visitor's page tells when everything in it is this text."""
    address = f"https://a.example/{text[:300]}"
    page = {"url": address, "path": f"/{text[:300]}", "title": text, "referrer": text, "search": f"?q={text[:200]}"}
    campaign = dict.fromkeys(("source", "medium", "name", "term", "content"), text[:200])
    line = dict.fromkeys(("name", "category", "variant", "url", "image_url", "query", text), text)
    line |= {"product_id": text[:200], "price": 60, "quantity": 1}
    kinds: list[dict[str, Any]] = [
        {"type": "page", "name": text, "category": text, "properties": page},
        {"type": "track", "event": "Product Added", "properties": line},
        {"type": "track", "event": text[:200] or "x", "properties": line},
        {"type": "identify", "traits": {"name": text, "email": text, text: text}},
        {"type": "identify", "userId": f"user:{text[:200]}", "traits": {"name": text}},
        {"type": "track", "event": "Products Searched", "properties": {"query": text, "results": 0}},
    ]
    return [
        {"messageId": f"{name}-{n}", "context": {"page": page, "campaign": campaign, "userAgent": text}, **kind}
        for n, kind in enumerate(kinds)
    ]
