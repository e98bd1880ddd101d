"""The people of a run: a shop, an agent, visitors with their tabs; made in a data folder, then through the doors."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, TypeAlias

from client import KEY, Ledger, Pace, Page, VisitorPoll, VisitorSocket
from console import Console, as_lines, staff_headers
from http_line import insist
from msgspec import Struct

from aparte.app.clock import wall_ms
from aparte.app.serve import opened, write
from aparte.sites.model import Role, SignIn, Site, Staff
from aparte.sites.store import SaveSignIn, SaveSite, SaveStaff
from aparte.web.sign_in import token_hash

Transport: TypeAlias = Literal["socket", "poll"]
SITE, AGENT = "shop", "camille"
TABS = 2
DAY_S = 86_400


def founded(data: Path, agents: Iterable[str] = (AGENT,), admin: str = "") -> None:
    """A site, and agents who are signed in, one perhaps an admin; the cookie's token is the agent's name."""
    site = Site(id=SITE, name="Shop", public_key=KEY, secret_key_hash="", answer_s=DAY_S, queue_s=DAY_S)
    data.mkdir(exist_ok=True)
    now = wall_ms()
    commands: list[Any] = [SaveSite(site)]
    for one in agents:
        role: Role = "admin" if one == admin else "agent"
        staff = Staff(id=one, site=SITE, email=f"{one}@shop.example", name=one, role=role, maximum=500)
        commands.append(SaveStaff(staff))
        commands.append(SaveSignIn(SignIn(token_hash=token_hash(one), staff=one, created_at=now, seen_at=now)))
    with opened(data) as store:
        write(store, commands)


def cookie(agent: str) -> str:
    """The cookie of an agent of `founded`."""
    return f"aparte={agent}"


class Talk(Struct):
    """A conversation and its visitor's token."""

    conv: str
    token: str


async def opened_talks(port: int, count: int) -> list[Talk]:
    """Conversations that the agent has taken."""
    staff = as_lines(staff_headers(port, cookie(AGENT)))
    await expect(port, "PUT", "/api/v1/me/status", {"status": "available"}, staff)
    talks = []
    for _ in range(count):
        begun = await expect(port, "POST", "/v1/conversations", {"key": KEY, "token": None, "language": "fr"})
        talks.append(Talk(begun["conversation"]["id"], begun["token"]))
        await expect(port, "POST", f"/api/v1/conversations/{talks[-1].conv}/take", None, staff)
    return talks


async def expect(port: int, method: str, path: str, said: Any = None, headers: str = "") -> Any:
    """The answer of a call that has to succeed."""
    status, found = await insist(port, method, path, said, headers)
    assert status in (200, 201), (path, status, found)
    return found


class Crowd:
    """All pages of a run: of each conversation two tabs of its visitor, and two consoles of the agent for all."""

    def __init__(
        self, talks: list[Talk], ports: tuple[int, int], folder: Path, transport: Transport, pace: Pace
    ) -> None:
        """`ports`: of the server as pages reach it, and as its own origin has it."""
        self.talks, self.folder, self.transport, self.pace = talks, folder, transport, pace
        self.port, self.origin = ports
        self.ledger = Ledger()
        self.gone: dict[str, list[Any]] = {one.conv: [] for one in talks}
        self.pages = [self.visitor(talk, n, tab) for n, talk in enumerate(talks) for tab in range(TABS)]
        self.pages += [self.console(tab) for tab in range(TABS)]

    def visitor(self, talk: Talk, number: int, tab: int) -> Page:
        """One tab of a visitor."""
        kind = VisitorSocket if self.transport == "socket" else VisitorPoll
        return kind(talk.token, f"visitor {number} tab {tab}", *self.common([talk.conv]))

    def console(self, tab: int) -> Page:
        """One tab of the agent."""
        convs = [one.conv for one in self.talks]
        page = Console(cookie(AGENT), self.transport == "poll", f"agent tab {tab}", *self.common(convs))
        page.headers = staff_headers(self.origin, cookie(AGENT))
        return page

    def common(self, convs: list[str]) -> tuple[Any, ...]:
        """What all pages are made with."""
        return self.port, convs, self.folder, self.ledger, self.pace

    def start(self) -> None:
        """All pages live."""
        for page in self.pages:
            page.start()

    async def leave(self) -> None:
        """All pages end."""
        await asyncio.gather(*(page.leave() for page in self.pages))

    async def reload(self, at: int) -> None:
        """One page dies, and another one goes on with its outbox."""
        old = self.pages[at]
        await old.leave()
        for conv, screen in old.screens.items():
            screen.rows = []
            self.gone[conv].append(screen)
        visitors = TABS * len(self.talks)
        number, tab = divmod(at, TABS)
        new = self.visitor(self.talks[number], number, tab) if at < visitors else self.console(at - visitors)
        self.pages[at] = new
        new.start()

    def screens(self) -> dict[str, list[Any]]:
        """The screens that are shown now, by conversation."""
        convs = [one.conv for one in self.talks]
        return {conv: [page.screens[conv] for page in self.pages if conv in page.screens] for conv in convs}

    def everything(self) -> dict[str, list[Any]]:
        """The same, with those of pages that have died."""
        return {conv: [*shown, *self.gone[conv]] for conv, shown in self.screens().items()}
