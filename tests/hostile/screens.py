"""The renderings: every place where a stored text comes to somebody's eyes, and the fields that must be seen there.

A rendering is reached as its reader reaches it. To add one: write a function that brings it up, and put its files and
the fields it shows into RENDERINGS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import httpx
from judge import Judge
from msgspec import Struct
from planting import JOURNEY, TOKEN, HostileWorld, mark, token_of, vid
from playwright.sync_api import Page, TimeoutError

PATIENCE = 200
MOST_TYPED = 3_800


class Rendering(Struct, frozen=True):
    """`go` brings it up; `shows`: the marks that must be seen on it; `files`: what draws it."""

    go: Callable[[Page, HostileWorld], Any]
    shows: tuple[str, ...]
    files: tuple[str, ...]


def at(address: str) -> Callable[[Page, HostileWorld], Any]:
    """A screen of the console."""
    return lambda page, world: page.evaluate("to => { location.hash = '#/' + to }", address)


def pressed(key: str, more: Callable[[Page], Any] | None = None) -> Callable[[Page, HostileWorld], Any]:
    """A dialog over a conversation."""

    def go(page: Page, world: HostileWorld) -> None:
        page.evaluate("() => { location.hash = '#/exchanges/conv-text' }")
        page.locator("#composer").wait_for()
        page.keyboard.press(key) if key else None
        more(page) if more else None

    return go


def products(page: Page) -> None:
    page.locator(".offer-product").first.click()
    page.locator("dialog input").first.fill("zz")


def versions(page: Page, world: HostileWorld) -> None:
    page.evaluate("() => { location.hash = '#/campaigns' }")
    page.get_by_role("button", name="Versions").first.click()


def typing(page: Page, world: HostileWorld) -> None:
    """An agent's screen while the visitor types all of it, as much as is shown at a time, and sends nothing."""
    page.evaluate("() => { location.hash = '#/exchanges/conv-text' }")
    page.locator("#composer").wait_for()
    texts = [f"text {number}: {text}" for number, text in enumerate(typed(world.share))]
    for text in [*texts, mark("Unsent")]:
        said = {"key": "key-a", "token": token_of("vtext"), "on": True, "text": text}
        answer = httpx.post(
            f"{world.http}/v1/conv/conv-text/typing", json=said, headers={"Origin": "https://a.example"}
        )
        assert answer.status_code == 200, answer.text
        try:
            page.locator(".unsent-text", has_text=text.split(":")[0]).wait_for(timeout=3_000)
        except TimeoutError:
            return  # the mark comes last, and is missing


def typed(share: Sequence[str]) -> list[str]:
    """All payloads, in texts that are not cut."""
    texts = [""]
    for one in share:
        texts += [""] if len(texts[-1]) + len(one) > MOST_TYPED else []
        texts[-1] += one[:MOST_TYPED] + "\n"
    return texts


def visited(path: str) -> Callable[[Page, HostileWorld], Any]:
    """A page that the server draws."""
    return lambda page, world: page.goto(world.http + path)


def talking(kind: str) -> Callable[[Page, HostileWorld], Any]:
    """The widget on a page of the shop, in the conversation with lines of this kind."""

    def go(page: Page, world: HostileWorld) -> None:
        page.goto(f"{world.origin}/blank")
        page.evaluate("() => localStorage.clear()")
        page.context.add_cookies([{"name": "aparte", "value": token_of(f"v{kind}"), "url": world.origin}])
        page.goto(f"{world.origin}/{kind}")
        page.locator("aparte-chat button").click()

    return go


LIST = ("Conversation.campaign", "AppendEntry.text")
C = "web/console/src/"
CONVERSATION = (
    f"{C}ui/thread.tsx",
    f"{C}ui/bubble.tsx",
    f"{C}ui/list.tsx",
    f"{C}ui/context.tsx",
    f"{C}ui/composer.tsx",
    f"{C}ui/exchanges.tsx",
    f"{C}ui/app.tsx",
    f"{C}ui/parts.tsx",
    f"{C}ui/rail.tsx",
    f"{C}work/tags.tsx",
    f"{C}ui/livetable.tsx",
    f"{C}ui/later.tsx",
)
CONSOLE = {
    **{
        f"lines of {kind}": Rendering(at(f"exchanges/conv-{kind}"), shows, CONVERSATION)
        for kind, shows in {
            "text": ("AppendEntry.text", "Conversation.form", "Conversation.tags", "Conversation.skill", *LIST),
            "note": ("AppendEntry.note",),
            "whisper": ("AppendEntry.whisper",),
            "card": ("AppendEntry.card", "Card"),
            "page": ("AppendEntry.page", "PageShown"),
            "coupon": ("AppendEntry.coupon", "Promised"),
            "transfer": ("AppendEntry.transfer",),
            "join": ("AppendEntry.join",),
            "leave": ("AppendEntry.leave",),
            "close": (),
            "offer": (),
        }.items()
    },
    "console unsent": Rendering(typing, ("Unsent",), (f"{C}ui/bubble.tsx",)),
    "console requests": Rendering(at("requests/r0"), ("Request",), (f"{C}ui/requests.tsx",)),
    "console visitors": Rendering(
        at("visitors"), ("Page",), (f"{C}ui/visitors.tsx", f"{C}ui/livetable.tsx", f"{C}ui/liveacts.tsx")
    ),
    "console journey": Rendering(
        at(f"visitors/{vid(JOURNEY)}"), ("Page",), (f"{C}ui/context.tsx", f"{C}work/visitor.tsx")
    ),
    "console campaigns": Rendering(
        at("campaigns"), ("Offer.message",), (f"{C}campaigns/list.tsx", f"{C}campaigns/index.tsx")
    ),
    "console team": Rendering(
        at("team"),
        ("Staff.name", "Team.name"),
        tuple(f"{C}team/{one}.tsx" for one in ("index", "rows", "teams", "skills", "shifts")),
    ),
    "console install": Rendering(at("install"), ("Site.origins",), (f"{C}ui/install.tsx",)),
    "console palette": Rendering(pressed("Control+k"), ("Staff.name",), (f"{C}ui/palette.tsx",)),
    "console close": Rendering(pressed("Alt+e"), ("Label.fr",), (f"{C}work/close.tsx", f"{C}work/index.tsx")),
    "console transfer": Rendering(pressed("Alt+t"), ("Staff.name",), (f"{C}ui/transfer.tsx",)),
    "console library": Rendering(
        at("library"), ("Library",), (f"{C}library/index.tsx", f"{C}library/shown.tsx", f"{C}library/steps.tsx")
    ),
    "console replies": Rendering(
        pressed("", lambda page: page.locator("#composer").fill("/zz")),
        ("Library",),
        (f"{C}library/menu.tsx", f"{C}library/aids.tsx"),
    ),
    "console board": Rendering(
        at("board"), ("Staff.name",), tuple(f"{C}board/{one}.tsx" for one in ("index", "agents", "figures", "calls"))
    ),
    "console monitor": Rendering(at("board/conv-text"), ("AppendEntry.text",), (f"{C}board/monitor.tsx",)),
    "console colleagues": Rendering(
        pressed("Alt+c", lambda page: page.locator(".room-row").first.click()),
        ("TellColleagues.body",),
        (f"{C}colleagues/index.tsx", f"{C}colleagues/room.tsx"),
    ),
    "console account": Rendering(
        at("account"), ("Staff.name",), tuple(f"{C}admin/{one}.tsx" for one in ("index", "account", "parts"))
    ),
    **{
        f"console settings {part}": Rendering(
            at(f"settings/{part}"), shows, (f"{C}admin/settings.tsx", f"{C}admin/{file}.tsx")
        )
        for part, shows, file in (
            ("tokens", ("Team.name",), "tokens"),
            ("webhooks", (), "webhooks"),
            ("audit", (), "audit"),
            ("mail", (), "mail"),
        )
    },
    "console settings site": Rendering(
        at("settings/site"),
        ("Site.name", "Site.words", "Site.origins", "Site.mail_to", "Look.font"),
        tuple(f"{C}admin/{one}.tsx" for one in ("settings", "site", "look")),
    ),
    "console coupons": Rendering(
        pressed("", lambda page: page.locator(".offer-coupon").first.click()), ("Label.fr",), (f"{C}work/coupon.tsx",)
    ),
    **{
        f"console plan {n}": Rendering(
            at(f"plan/case/p{n}"),
            ("Scenario",),
            tuple(f"{C}plan/{one}.tsx" for one in ("index", "case", "saved", "groups", "slider", "tornado", "results")),
        )
        for n in range(3)
    },
    "console goals": Rendering(at("goals"), ("Goal",), (f"{C}goals/index.tsx",)),
    "console products": Rendering(pressed("", products), ("Product.name",), (f"{C}work/products.tsx",)),
}
WIDGET = {
    f"widget {kind}": Rendering(
        talking(kind), shows, tuple(f"web/widget/src/{one}.tsx" for one in ("app", "chat", "card", "parts"))
    )
    for kind, shows in {
        "text": ("AppendEntry.text",),
        "card": ("Card",),
        "page": ("PageShown",),
        "coupon": ("Promised",),
    }.items()
}
SERVED = {
    "confirmation page": Rendering(
        visited(f"/v1/confirm/{TOKEN}"), ("Site.name",), ("src/aparte/web/transcript_mail.py",)
    ),
    "report page": Rendering(visited("/reports"), (), ("src/aparte/web/results_pages.py",)),
    "results by agent": Rendering(visited("/reports?by=agent"), ("Staff.name",), ("src/aparte/web/results_pages.py",)),
    "indicators": Rendering(visited("/reports/kpis"), (), ("src/aparte/web/results_pages.py",)),
    "dashboard by mail": Rendering(
        visited("/reports/mail-preview?every=weekly"), ("Site.name",), ("src/aparte/web/results_pages.py",)
    ),
    "journey page": Rendering(visited("/reports/journey"), (), ("src/aparte/web/journey_report.py",)),
    **{
        f"{place} page": Rendering(visited(f"/reports/{place}"), shows, ("src/aparte/web/sheets.py",))
        for place, shows in {"agents": ("Staff.name", "Goal"), "conversations": (), "goals": ("Goal",)}.items()
    },
}
RENDERINGS = {**CONSOLE, **WIDGET, **SERVED}


SHOWS_NO_STRANGER = {
    **{
        f"{C}campaigns/{one}.tsx": "fields of a form and words of ours; labels stand in inputs"
        for one in (
            "builder",
            "fresh",
            "now",
            "parts",
            "picker",
            "replay",
            "rows",
            "timer",
            "versions",
            "what",
            "when",
            "who",
        )
    },
    **{
        f"{C}{one}.tsx": "words of ours"
        for one in ("main", "ui/head", "ui/help", "ui/notice", "ui/reason", "ui/signin", "work/alerts")
    },
    f"{C}admin/access.tsx": "buttons and words of ours",
    f"{C}admin/dead.tsx": "numbers, and what the receiver's status said",
    f"{C}admin/door.tsx": "words of ours before somebody is in",
    f"{C}admin/factor.tsx": "a picture and words of ours",
    f"{C}admin/vocabulary.tsx": "labels and tags in inputs",
    f"{C}admin/coupons.tsx": "labels in inputs",
    f"{C}library/editors.tsx": "texts in inputs",
    f"{C}goals/forms.tsx": "texts in inputs",
    **{
        f"{C}plan/{one}.tsx": "numbers, and what its reader types himself"
        for one in ("dots", "form", "pilot", "staff", "discovery", "discovery_fields")
    },
    f"{C}plan/discovery_found.tsx": "paths of pages as texts, which the journey page draws too",
    f"{C}ui/sites.tsx": "names of sites in a choice",
    f"{C}team/hours.tsx": "hours in inputs",
    f"{C}team/person.tsx": "names in inputs",
    f"{C}ui/transcript.tsx": "the lines of bubble.tsx",
    f"{C}work/page.tsx": "addresses in inputs and buttons",
    f"{C}work/callback.tsx": "a number and a name in inputs, and words of ours",
    **{
        f"web/widget/src/{one}.tsx": "words of ours, and what the visitor types himself"
        for one in ("form", "mail", "main", "survey")
    },
    "web/widget/src/invitation.tsx": "the message of a campaign, drawn like a line of chat.tsx",
    "src/aparte/simulation/shop/app.py": "the demo's own shop: test_p15_the_demo_shop_writes_back_words_only",
}
"""Renderers without a rendering of their own, and why."""


def bring(name: str, page: Page, world: HostileWorld, judge: Judge, patience: int = PATIENCE) -> set[str]:
    """Bring a rendering up, wait until its fields are on it, judge it, and leave its dialog."""
    rendering = RENDERINGS[name]
    judge.where = name
    rendering.go(page, world)
    marks: set[str] = set()
    for _ in range(patience):
        marks = judge.marks_on(page)
        if marks >= set(rendering.shows):
            break
        page.wait_for_timeout(50)
    judge.look(page, name)
    page.keyboard.press("Escape")
    return set(rendering.shows) - marks


def in_addresses(share: list[str]) -> list[str]:
    """Payloads in the address of pages that answer errors."""
    return [f"/{path}/{quote(text[:500], safe='')}" for text in share for path in ("nowhere", "v1/confirm", "reports")]
