"""A scripted server that also knows forms, bots, pictures and mails, and what a visitor does with the widget."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from shop_page import Open, until
from wire_server import Conversation, Request, WireServer, serving

LOG = "aparte-widget .log"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001"
    "f61738550000000049454e44ae426082"
)


class Shop(WireServer):
    """The scripted server with what this part adds."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.mails: list[str] = []
        self.bot = False
        self.blocked = False
        self.silent = False
        """Sockets are let in and never answered."""

    def standing(self) -> dict[str, Any]:
        talk = self.conversation
        return {"bot": self.bot, **(talk.standing() if talk else {})}

    async def _answer(self, request: Request) -> tuple[int, bytes, dict[str, str]]:
        if request.path.startswith("/v1/picture/"):
            return 200, PIXEL, {"content-type": "image/png", "cross-origin-resource-policy": "cross-origin"}
        return await super()._answer(request)

    async def _api(self, request: Request) -> tuple[int, Any]:
        path = request.path
        if self.blocked and path == "/v1/conversations":
            return 403, {"error": {"code": "blocked"}}
        if path.endswith("/accept") or path == "/v1/conversations":
            form = request.json.get("form") or {}
            if form.get("email", "@").count("@") != 1:
                return 400, {"error": {"code": "bad_email"}}
            self.forms += [form] if form else []
            status, answer = await super()._api(request)
            if form.get("question") and self.conversation:
                await self._broadcast(
                    {"t": "entry", **self.conversation.write("visitor", "text", form["question"], "form:c1")}
                )
            return status, self.with_bot(answer)
        if path.endswith("/person"):
            self.bot = False
            return 200, {"state": "queued", "bot": False, "agent": None, "position": 1, "wait_s": 60, "form": False}
        if path.endswith("/transcript"):
            self.mails.append(request.json["email"])
            return 202, {}
        status, answer = await super()._api(request)
        return status, self.with_bot(answer)

    def with_bot(self, answer: Any) -> Any:
        if isinstance(answer, dict) and answer.get("conversation"):
            answer["conversation"]["bot"] = self.bot
        return answer

    def stands(self, **more: Any) -> None:
        """What is told of the conversation beside its entries."""
        self.tell({"t": "state", **self.standing(), **more})

    def shows(self, kind: str, **body: Any) -> None:
        """An agent shows a card or a page."""
        self.say(json.dumps(body), kind=kind)

    def refuses(self, frame: dict[str, Any], code: str) -> None:
        """A message is not taken, for good."""
        self.tell({"t": "nack", "cid": frame["cid"], "code": code, "fatal": True})

    def sent(self) -> list[dict[str, Any]]:
        return [one for one in list(self.frames) if one["t"] == "send"]


@pytest.fixture
def server() -> Iterator[Shop]:
    with serving(Shop()) as running:
        assert isinstance(running, Shop)
        yield running


def talking(server: Shop, shop: Open, **more: Any) -> Page:
    """A visitor who has accepted, and Camille who has come."""
    server.conversation = Conversation(state="open", agent={"name": "Camille"})
    server.conversation.write("system", "offer", "Une question sur la taille ?")
    page = shop(**more)
    page.get_by_role("button", name="Conversation").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    until(page, lambda: server.sockets or not server.sockets_allowed)
    return page


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Votre message").fill(text)
    page.keyboard.press("Enter")


def said(server: WireServer) -> list[str]:
    assert server.conversation
    return [entry["body"] for entry in server.conversation.entries if entry["by"] == "visitor"]
