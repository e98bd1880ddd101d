"""People at browsers of their own, in the demo's shop and console."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect
from running import Server

TOO_LATE = re.compile(r"/v1/offers/[^/]+/(shown|accept)$")
SHIRT, CART = "/shop/fr/article/chemise-oxford-bleu-ciel", "/shop/fr/panier"


class Person:
    """Somebody with a browser of his own; whatever his pages complain about is kept."""

    def __init__(self, browser: Browser, server: Server, width: int = 1440) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self.url, self.complaints = server.url, list[str]()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self.hears)

    def hears(self, said: ConsoleMessage) -> None:
        """Errors. An invitation may end between the pulse that brings it and the eyes that see it, or the click that
        accepts it; the page can only ask, and 410 is how it learns that the card must go. Nothing else may be gone."""
        gone = "410 (Gone)" in said.text and TOO_LATE.search(said.location.get("url", ""))
        if said.type == "error" and not gone:
            self.complaints.append(said.text)

    def go(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(self.url + path)
        return self.page

    def takes_a_shirt(self) -> None:
        """A shirt into the cart, and a look at it there."""
        self.go(SHIRT).get_by_role("button", name="Ajouter").first.click()
        expect(self.page.locator("header")).to_contain_text("1")
        with self.page.expect_response(tells_of_the_cart):  # nobody loads a page again before it was told of
            self.go(CART)

    def hesitates(self) -> None:
        """A shirt into the cart, and the cart looked at twice."""
        self.takes_a_shirt()
        self.page.reload()


def tells_of_the_cart(answer: Response) -> bool:
    """Whether it is the answer to a pulse that held a look at the cart."""
    return answer.url.endswith("/v1/pulse") and "Cart Viewed" in (answer.request.post_data or "")


def signs_in(agent: Person) -> Page:
    """One click, and the console is there."""
    page = agent.go("/console")
    page.get_by_role("button", name="Camille").click()
    expect(page.get_by_text("Disponible").first).to_be_visible()
    return page
