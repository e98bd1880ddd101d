"""P15: what visitors, shops and staff write never runs, never leads anywhere and asks nobody for anything.

Payloads x stored fields x renderings in a real Chromium. By default every sixth payload in every field and every
rendering; all of them with `make test-reliability`. Seen to fail on the defects that are planted here (text drawn as
HTML in the console and in the widget, links of any scheme in either, a look that is put into a style sheet as it is),
and on a field and a renderer without a place.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")

from judge import Judge
from msgspec import Struct
from payloads import CLASSES, DRAWN, PAYLOADS, STYLES
from planting import HostileWorld
from playwright.sync_api import Browser, BrowserContext, Page
from screens import CONSOLE, RENDERINGS, SHOWS_NO_STRANGER, WIDGET, bring
from sizes import size
from stored_fields import DERIVED, KEPT_OUT, STRANGERS, stored, strangers
from tagged_shop import Shop

ROOT = Path(__file__).parents[2]
STEP = size(6, 1, 1)
AT_ONCE = 52
SHARES = [PAYLOADS[at::STEP][of : of + AT_ONCE] for at in [0] for of in range(0, len(PAYLOADS[::STEP]), AT_ONCE)]
ONCE = {"Conversation.campaign", "Look.colour", "Staff.skills"}
"""Fields that hold only some of the payloads of a share."""


def test_there_are_three_hundred_payloads_of_all_classes() -> None:
    assert len(PAYLOADS) >= 300
    assert all(len(set(texts)) == len(texts) >= 8 for texts in CLASSES.values())
    assert {one for share in [PAYLOADS[n::6] for n in range(6)] for one in share} == set(PAYLOADS)


def test_every_text_that_is_stored_has_a_place_in_the_matrix() -> None:
    known = stored()
    assert len(strangers()) > 60
    assert sorted((STRANGERS | DERIVED | KEPT_OUT.keys()) - known.keys()) == [], "these are no fields any more"


def test_a_new_text_field_without_a_place_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The defect planted: a command that nobody has thought of."""

    class Rumour(Struct):
        site: str
        hearsay: str

    import stored_fields  # noqa: PLC0415

    monkeypatch.setattr(stored_fields, "Command", stored_fields.Command | Rumour)
    assert "Rumour.hearsay" in strangers()
    assert "Rumour.site" not in strangers()


def test_every_renderer_is_in_a_rendering() -> None:
    drawn = {file for one in RENDERINGS.values() for file in one.files}
    files = {
        str(one.relative_to(ROOT))
        for part in ("console", "widget")
        for one in (ROOT / f"web/{part}/src").rglob("*.tsx")
    }
    pages = [one for one in (ROOT / "src/aparte").rglob("*.py") if "text/html" in one.read_text(encoding="utf-8")]
    files |= {str(one.relative_to(ROOT)) for one in pages}
    missing = sorted(files - drawn - SHOWS_NO_STRANGER.keys())
    assert missing == [], "put these into tests/hostile/screens.py"
    assert sorted((drawn | SHOWS_NO_STRANGER.keys()) - files) == [], "these are no renderers any more"


def test_no_source_of_the_front_end_writes_html() -> None:
    ways = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "dangerouslySetInnerHTML",
        "srcdoc",
        "DOMParser",
        "createContextualFragment",
        "setHTMLUnsafe",
        "eval(",
        "new Function",
    )
    for file in (ROOT / "web").glob("*/src/**/*.ts*"):
        text = file.read_text(encoding="utf-8")
        assert not [way for way in ways if way in text], file


class Scene:
    """A hostile server, a shop with its tag, and a browser that is signed in at the console."""

    def __init__(self, world: HostileWorld, context: BrowserContext) -> None:
        self.world, self.context = world, context
        self.judge = Judge(context, world.http, world.http.replace("http", "ws"), world.origin)
        cookie = world.console("camille@a.example").cookies["aparte"]
        context.add_cookies([{"name": "aparte", "value": cookie, "url": world.http}])
        self.page: Page = context.new_page()

    def console(self) -> None:
        """Open the console."""
        self.page.goto(f"{self.world.http}/console")
        self.page.locator(".console").wait_for()

    def see(self, *names: str) -> None:
        """Bring these renderings up; what their fields say must be on them."""
        for name in names:
            assert not (missing := bring(name, self.page, self.world, self.judge)), (
                name,
                missing,
                self.judge.found[:3],
            )


@contextmanager
def playing(folder: Path, share: list[str]) -> Iterator[tuple[HostileWorld, Shop]]:
    """A hostile server and its shop, for as long as they are needed."""
    shop, ready = Shop(), threading.Event()
    world = HostileWorld(folder / "data", share, shop.origin)
    thread = threading.Thread(target=lambda: asyncio.run(world.serve(ready)))
    thread.start()
    try:
        assert ready.wait(30)
        shop.carry(world.http)
        world.visits()
        yield world, shop
    finally:
        shop.close()
        world.stop()
        thread.join(30)


@pytest.fixture(scope="module", params=range(len(SHARES)))
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileWorld]:
    """A server that holds one share of the payloads in every field."""
    with playing(tmp_path_factory.mktemp("hostile"), SHARES[request.param]) as (world, _):
        yield world


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileWorld]:
    """A server that holds the payloads that show the planted defects, and no others."""
    with playing(tmp_path_factory.mktemp("telling"), TELLING) as (world, _):
        yield world


@contextmanager
def watched(world: HostileWorld, browser: Browser) -> Iterator[Scene]:
    """A browser of one test."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    yield Scene(world, context)
    context.unroute_all(behavior="ignoreErrors")  # a page may still ask for scripts that a test changes
    context.close()


@pytest.fixture
def scene(hostile: HostileWorld, browser: Browser) -> Iterator[Scene]:
    with watched(hostile, browser) as one:
        yield one


@pytest.fixture
def sore(telling: HostileWorld, browser: Browser) -> Iterator[Scene]:
    with watched(telling, browser) as one:
        yield one


def test_p15_every_field_holds_every_payload(hostile: HostileWorld) -> None:
    for field in strangers():
        held = [one for one in hostile.share if any(one in text for text in hostile.held[field])]
        assert len(held) >= (1 if field in ONCE else 0.9 * len(hostile.share)), (field, len(held))


def test_p15_nothing_runs_in_the_console(scene: Scene) -> None:
    scene.console()
    scene.see(*CONSOLE)
    assert scene.judge.found == []


def test_p15_nothing_runs_in_the_widget(scene: Scene) -> None:
    scene.see(*WIDGET)
    assert scene.judge.found == []


def test_p15_nothing_runs_on_the_pages_that_the_server_draws(scene: Scene) -> None:
    scene.see("confirmation page", "report page", "results by agent", "indicators", "dashboard by mail", "journey page")
    assert scene.judge.found == []


# ---- what the server says of a look is not believed


def dressed(scene: Scene, look: dict[str, str]) -> None:
    """The shop's page and the opened widget, when the server tells this of the look."""
    scene.context.unroute("**/v1/config*")

    def tell(route: Any) -> None:
        answer = route.fetch()
        told = answer.json()
        route.fulfill(response=answer, body=json.dumps(told | {"look": told["look"] | look}))

    scene.context.route("**/v1/config*", tell)
    bring("widget text", scene.page, scene.world, scene.judge)


LOOKS = ["url(//canary.invalid/b)", *STYLES, *DRAWN]


MEMBERS = ("colour", "on_colour", "font", "quote_font", "radius", "position")


def test_p15_no_look_asks_for_anything(sore: Scene) -> None:
    for text in LOOKS[:: size(4, 1, 1)]:
        dressed(sore, dict.fromkeys(MEMBERS, text))
    assert sore.judge.found == []


# ---- the same judge over the same screens with a defect in them


def patched(scene: Scene, pattern: str, changes: dict[str, str]) -> Callable[[], bool]:
    """Serve a script with a defect in it; whether it was planted."""
    done: set[str] = set()

    def change(route: Any) -> None:
        answer = route.fetch()
        text = answer.text()
        for old, new in changes.items():
            text, times = re.subn(old, new, text)
            done.update([old] if times else [])
        route.fulfill(response=answer, body=text)

    scene.context.route(pattern, change)
    return lambda: done == set(changes)


FRAGMENT = r"createRange().createContextualFragment(`<b>${\1}</b>`).firstChild"
DEFECTS: dict[str, tuple[str, dict[str, str], str, str]] = {
    "text as HTML in the console": (
        "**/static/console*.js",
        {r"createTextNode\((\w+)\)": FRAGMENT},
        "lines of text",
        "policy",
    ),
    "what is typed as HTML in the console": (
        "**/static/console*.js",
        {r"children:(\w+)\.unsent\b": r"dangerouslySetInnerHTML:{__html:\1.unsent}"},
        "console unsent",
        "policy",
    ),
    "links of any scheme in the console": (
        "**/static/console*.js",
        {r"/\^https\?:\\/\\//i\.test\(\w+\)": "true"},
        "lines of card",
        "link a href=",
    ),
    "text as HTML in the widget": (
        "**/aparte-widget.js*",
        {"new Text": 'document.createElement("i")', r"(\w+)\.data=(\w+)\)": r"\1.innerHTML=\2)"},
        "widget text",
        "ran alert",
    ),
    "links of any scheme in the widget": (
        "**/aparte-widget-chat.js*",
        {r"/\^https\?:\$/\.test\(\w+\.protocol\)": " true"},
        "widget card",
        "link a href=",
    ),
}


def test_p15_the_judge_sees_a_look_that_is_put_into_a_style_sheet(sore: Scene) -> None:
    """The defect planted, which Aparté had: the font of the button is a part of the text of its style sheet."""
    sheet = r"\1.getRootNode().adoptedStyleSheets[0].replaceSync('button{font-family:'+\2+'}')"
    planted = patched(sore, "**/aparte.js*", {r"(\w+)\.style\.fontFamily=(\w+)": sheet})
    dressed(sore, {"font": "x;background:url(//canary.invalid/b)"})
    assert planted()
    assert any("request http://canary.invalid/b" in one for one in sore.judge.found), sore.judge.found


TELLING = ["<img src=x onerror=alert(1)>", "javascript:alert(1)"]
"""Each defect is seen by one of them: markup that runs, and a link that does."""


def test_the_payloads_that_tell_are_of_the_three_hundred() -> None:
    assert set(TELLING) <= set(PAYLOADS)


@pytest.mark.parametrize("defect", DEFECTS)
def test_p15_the_judge_sees_a_planted_defect(sore: Scene, defect: str) -> None:
    scene = sore
    pattern, changes, name, told = DEFECTS[defect]
    planted = patched(scene, pattern, changes)
    if name in CONSOLE:
        scene.page.goto(f"{scene.world.http}/console")
        scene.page.wait_for_timeout(1_000)
    bring(name, scene.page, scene.world, scene.judge, patience=30)
    assert planted(), "the defect was not planted: the script looks different now"
    for _ in range(50):  # a handler runs some time after it is there
        if any(told in one for one in scene.judge.found):
            break
        scene.page.wait_for_timeout(100)
    assert any(told in one for one in scene.judge.found), scene.judge.found[:5]
