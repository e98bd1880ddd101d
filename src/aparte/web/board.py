"""The supervisor's board: how it is made, and which sockets are sent it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import structs

from aparte.conversations.model import Conversation
from aparte.kit.errors import Unavailable
from aparte.reports.board import Day, Satisfaction, day
from aparte.routing.hours import bounds
from aparte.sites.model import Site, Staff
from aparte.web.connection import Connection
from aparte.web.desk import Desk
from aparte.web.plain import encode
from aparte.web.words import Conv
from aparte.web.words_work import Board, BoardAgent, BoardQueue

log = logging.getLogger("aparte.web")

BACKLOG = 16
"""A socket with more frames than this waiting is not sent the board; the next one will do."""
Look = Callable[[Conversation], Conv]


class Socket(Protocol):
    """A socket that shows the board."""

    connection: Connection


class Boards:
    """Which sockets show the board of which site."""

    def __init__(self, desk: Desk, look: Look) -> None:
        self._desk, self._look = desk, look
        self._shown: dict[Socket, str] = {}

    def forget(self, socket: Socket) -> None:
        """It is gone, or shows the board no more."""
        self._shown.pop(socket, None)

    async def send_to(self, socket: Socket, site: str | None) -> None:
        """Send the board of a site to this socket, at once and from now on; None: no more."""
        self.forget(socket)
        if site is not None:
            self._shown[socket] = site
            await self._send({socket: site})

    async def send(self) -> None:
        """Send it to all who show it."""
        await self._send(dict(self._shown))

    async def _send(self, wanted: dict[Socket, str]) -> None:
        frames: dict[str, bytes] = {}
        for socket, site in wanted.items():
            if socket.connection.backlog > BACKLOG:
                continue
            try:
                if site not in frames:
                    frames[site] = frame_of(await board_of(site, self._desk, self._look))
            except Unavailable:
                log.info("no board of %s for now: nothing can be read", site)
                return
            if socket in self._shown:
                socket.connection.put_encoded(frames[site])


def frame_of(board: Board) -> bytes:
    """The board as a frame."""
    return encode({"t": "board", **structs.asdict(board)})


async def board_of(site: str, desk: Desk, look: Look) -> Board:
    """The board of a site as of now; the day is read in a worker thread, because it may be long."""
    found, now = desk.directory.site(site), desk.now()
    figures = await asyncio.to_thread(figures_of, found, now, desk)
    going_on = list(desk.engine.open_conversations(site))
    asking = sorted((one for one in going_on if one.assistance_at is not None), key=lambda one: one.assistance_at or 0)
    people = (one for one in desk.directory.all_staff() if site in one.serves and one.left_at is None)
    staff = sorted(people, key=lambda one: (one.name, one.id))
    return Board(
        at=now,
        agents=[agent_of(one, going_on, now, desk, look, figures) for one in staff if one.role != "analyst"],
        queue=[BoardQueue(one.skill, one.n, one.longest_s, one.expected_s) for one in desk.engine.waits(site)],
        service_level=figures.service_level,
        waits=figures.waits,
        today=figures.today,
        assistance=[look(one) for one in asking],
    )


def figures_of(site: Site, now: int, desk: Desk) -> Day:
    """The site's day so far, from its midnight in its own time zone."""
    zone = ZoneInfo(site.time_zone)
    since, _ = bounds(datetime.fromtimestamp(now / 1000, UTC).astimezone(zone).date(), zone)
    return day(desk.store.handled(site.id, since), since, now + 1, site.critical_s)


def agent_of(one: Staff, going_on: list[Conversation], now: int, desk: Desk, look: Look, figures: Day) -> BoardAgent:
    """One agent with what he has."""
    status, said = desk.engine.agent(one.id), figures.of_agents.get(one.id, Satisfaction())
    mine = [conversation for conversation in going_on if conversation.agent == one.id]
    waiting = [now - since for conversation in mine if (since := conversation.waiting_since) is not None]
    return BoardAgent(
        id=one.id,
        name=one.name,
        team=one.team,
        role=one.role,
        status=status.status,
        reason=status.reason,
        since=status.since,
        present=status.present,
        load=status.load,
        maximum=status.maximum,
        conversations=[look(conversation) for conversation in mine],
        waiting_longest_s=max(waiting) // 1000 if waiting else None,
        csat_mean=said.csat_mean,
        csat_n=said.csat_n,
    )
