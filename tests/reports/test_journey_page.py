"""The page of journeys: its sentences in both languages, its address, and what a browser makes of it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from barriers import barriers

from aparte.reports.journeys.asked import Asked, read_asked
from aparte.reports.journeys.model import (
    Abandoners,
    CheckoutPage,
    Difference,
    FieldLoss,
    Funnel,
    FunnelStep,
    Journey,
    Leaving,
    Loss,
    Losses,
    LostPage,
    PageLeft,
    Reached,
    Way,
    Ways,
    part,
)
from aparte.reports.journeys.page import journey_page
from aparte.reports.journeys.words import EN, FR
from aparte.reports.scope import Scope
from aparte.sites.model import Site

SITE = Site(id="shop", name="Maison <Aubier>", public_key="k", secret_key_hash="", time_zone="Europe/Paris")
SCOPE = Scope(site="shop", since=date(2026, 2, 1), until=date(2026, 2, 28), now=0)
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'"


def difference(what: str, value: str = "", p: float = 0.01) -> Difference:
    known = {"abandoned": 0.4, "bought": 0.3, "difference": 0.1, "low": 0.02, "high": 0.18}
    if what == "duration_ms":
        known = {name: 1_000_000 * number for name, number in known.items()}
    return Difference(what=what, value=value, p=p, adjusted_p=p, **known)


FULL = Journey(
    site="shop",
    since="2026-02-01",
    until="2026-02-28",
    ignored=("campaign",),
    funnel=Funnel(
        "session",
        (
            Reached(FunnelStep(), 1400, part(1400, 1400), part(1400, 1400), None),
            Reached(FunnelStep("page", "/panier*", 600_000), 400, part(400, 1400), part(400, 1400), 65_000.0),
            Reached(FunnelStep("Order Completed"), 50, part(50, 1400), part(50, 400), 4_800_000.0),
        ),
    ),
    leaving=Leaving(
        sessions=1400, ongoing=1, pages=(PageLeft('/p/"><script>x</script>', 900, part(120, 800)),), pages_known=97,
        cart=part(350, 400), checkout=part(40, 90), checkout_pages=(CheckoutPage("/adresse", part(30, 90)),),
        session_ms=94_000.0,
    ),
    losses=Losses(
        1400, 80, 60, (Loss("empty_search", part(20, 80), part(5, 20)), Loss("error", part(0, 1400), part(0, 0))),
        (LostPage("/vieux", 9, part(4, 9)),), (FieldLoss("code_postal", part(12, 60), part(3, 60)),),
    ),
    ways=Ways("cart", 3, 350, (Way(("/p", "/panier"), part(60, 350)),), 290),
    abandoners=Abandoners(
        300, 50,
        (difference("device", "mobile"), difference("duration_ms"), difference("page", "/faq", 0.4), difference("new")),
    ),
)  # fmt: skip
NOTHING = Journey(
    site="shop", since="", until="", ignored=(),
    funnel=Funnel("session", (Reached(FunnelStep(), 0, part(0, 0), part(0, 0), None),
                              Reached(FunnelStep("Product Viewed"), 0, part(0, 0), part(0, 0), None))),
    leaving=Leaving(0, 0, (), 0, part(0, 0), part(0, 0), (), None), losses=Losses(0, 0, 0, (), (), ()),
    ways=Ways("cart", 3, 0, (), 0), abandoners=Abandoners(0, 0, (), "nobody"),
)  # fmt: skip


def html(language: str = "fr", figures: Journey = FULL, asked: Asked | None = None) -> str:
    return journey_page(SITE, language, SCOPE, asked or Asked(), figures)


def text(page: str) -> str:
    """What a person reads; spaces that do not break as _."""
    plain = re.sub(r"<(svg|title|datalist)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S)
    return re.sub(r"\s+(?<!\u00a0)", " ", plain.replace("\u00a0", "_"))


def test_one_sentence_says_how_many_carts_are_given_up() -> None:
    assert "87,5_% des sessions avec un panier finissent sans commande." in text(html()).replace(" des", " des")
    assert "87.5% of sessions with a cart end without an order." in text(html("en")).replace("% of", "% of")
    assert "350 sessions sur 400. Intervalle à 95_%_: de 83,9 à 90,4_%." in text(html())


def test_every_share_has_its_denominator_and_its_interval() -> None:
    page = text(html())
    assert "28,6_% de l’étape d’avant (de 26,3 à 31,0_%) · 1:05 en médiane" in page
    assert "12,5_% de l’étape d’avant (de 9,6 à 16,1_%), 3,6_% de la première · 1_h_20 en médiane" in page
    assert "Page /panier*, en 10m au plus" in page
    assert "+10,0_pt de +2,0 à +18,0_pt" in page
    assert "+1:40 de +0:20 à +3:00" in page
    assert "Erreur affichée" not in page  # what did not happen is no row


def test_what_is_said_of_nobody_is_no_zero() -> None:
    page = text(html("en", NOTHING))
    assert "Nothing in this period." in page
    assert "nobody at the step before" in page
    assert "Nobody had a cart." in page
    assert "0.0%" not in page


def test_what_visitors_brought_is_never_markup() -> None:
    page = html()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "Maison &lt;Aubier&gt;" in page
    assert " style=" not in page  # the policy of the page would not let it


def test_forms_keep_what_they_do_not_ask() -> None:
    asked = read_asked({"came": "1", "step1": "Product Viewed", "path2": "/cart*", "within2": "5m", "who": "any"})
    page = html("fr", FULL, asked)
    forms = re.findall(r"<form.*?</form>", page, re.S)
    assert len(forms) == 3
    filters, days, steps = ({*re.findall(r'name="(\w+)"', form)} for form in forms)
    assert {"from", "to", "step1", "path2", "within2", "came", "device", "lang"} <= filters
    assert {"from", "to", "step1", "path2", "who", "lang"} <= days
    assert {"from", "to", "who", "lang", "step3"} <= steps
    assert 'href="/reports/journey?from=2026-02-01&amp;to=2026-02-28&amp;came=1&amp;step1=Product+Viewed' in page


def test_both_languages_have_the_same_words() -> None:
    assert FR.keys() == EN.keys()
    fields = {name: {*re.findall(r"{(\w+)}", words)} for name, words in FR.items()}
    assert fields == {name: {*re.findall(r"{(\w+)}", words)} for name, words in EN.items()}


class Served(BaseHTTPRequestHandler):
    """The page under the policy of the real server."""

    root: Path
    html: dict[str, str]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        file = self.root / "src/aparte" / path[1:]
        if path.startswith("/static/") and file.is_file():
            body, kind = file.read_bytes(), {".css": "text/css", ".svg": "image/svg+xml"}.get(file.suffix, "font/woff2")
        else:
            body, kind = self.html.get(path, "").encode(), "text/html; charset=utf-8"
        self.send_response(200 if body else 204)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    handler = type("Pages", (Served,), {"root": root, "html": {"/fr": html(), "/en": html("en", NOTHING)}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("width", "scheme", "name"), [(390, "dark", "/fr"), (1440, "light", "/fr"), (390, "light", "/en")]
)
def test_a_browser_with_the_strict_policy_shows_the_whole_page(
    browser: Any, axe: str, address: str, width: int, scheme: str, name: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=False)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address + name)
    page.locator("details.steps > summary").click()
    assert [line for line in said if "Content Security Policy" in line] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    bars = page.evaluate("[...document.querySelectorAll('.volume')].map(bar => bar.getBoundingClientRect().width)")
    assert bars == sorted(bars, reverse=True)
    assert barriers(page, axe) == []
    context.close()


def test_the_keyboard_chooses_the_steps(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/fr")
    page.locator("details.steps > summary").focus()
    page.keyboard.press("Enter")
    page.locator("[name=step1]").fill("Cart Viewed")
    with page.expect_request("**/reports/journey?*") as asked:
        page.keyboard.press("Enter")
    assert "step1=Cart+Viewed" in asked.value.url
    page.close()
