"""One reader of one conversation: subscribed first, then the store is read, then what came meanwhile is flushed."""

from __future__ import annotations

from typing import Any

from aparte.conversations.model import Conversation
from aparte.web import transcript, views
from aparte.web.connection import POSITION, Connection
from aparte.web.desk import Desk
from aparte.web.principal import Principal

LIMITS = {"body": 4000, "frame": 16384}
UNMARKED = {"dlv": 0, "read": 0}
STATE = ("state", "agent", "bot", "preview")
"""What a frame `state` tells."""
MOST_MISSED = 200
"""Entries that are read when one came before those before it."""


class Watcher:
    """Shows each entry once, in the order of their numbers, without a hole."""

    def __init__(self, connection: Connection, who: Principal, conv: str, desk: Desk) -> None:
        self.connection, self.who, self.conv, self._desk = connection, who, conv, desk
        self._buffer: list[views.Said] | None = []
        """What came while the store was read; None once it is flushed."""
        self._last = 0
        self._marks = (0, 0, 0, 0)
        self._basis: tuple[Any, ...] = ()
        self._told: dict[str, Any] = {"wm visitor": UNMARKED, "wm agent": UNMARKED}

    def put(self, t: str, frame: dict[str, Any]) -> None:
        """Send a frame; agents, who watch several, are told of which conversation it is."""
        about = {"conv": self.conv} if self.who.by == "agent" else {}
        self.connection.put({"t": t, **about, **frame})

    def welcome(self, epoch: str | None, last_seq: int) -> None:
        """Read and send what this reader lacks. The watcher must be subscribed already. Unavailable, Problem 404."""
        conversation = transcript.conversation_of(self.who, self.conv, self._desk)
        found = transcript.opening(self.who, conversation, epoch, last_seq, self._desk)
        if found.reset is not None:
            self.put("reset", {"epoch": found.frame["epoch"], "reason": found.reset})
        self._last = found.last
        self.put("welcome", found.frame | self._surroundings(conversation))
        self._flush()
        self.notice(conversation)

    def _surroundings(self, conversation: Conversation) -> dict[str, Any]:
        if self.who.by == "agent":
            return {}
        standing = views.standing(conversation, self._desk)
        self._remember(standing)
        return {**standing, "limits": LIMITS, "server_ts": self._desk.now()}

    def _flush(self) -> None:
        waiting, self._buffer = self._buffer or [], None
        for said in waiting:
            self.entry(said)

    def entry(self, said: views.Said) -> None:
        """A committed entry."""
        if self._buffer is not None:
            self._buffer.append(said)
            return
        if said.entry.seq > self._last + 1:
            for missed in self._desk.store.entries(self.conv, after=self._last, limit=MOST_MISSED):
                self._show(views.Said(missed, self._desk))
        if said.entry.seq > self._last + 1:
            self.connection.close(POSITION, "position")  # a hole that the store cannot fill: he begins again
        else:
            self._show(said)

    def _show(self, said: views.Said) -> None:
        if said.entry.seq > self._last:
            self._last = said.entry.seq
            self.connection.put_encoded(said.frame(self.who))

    def notice(self, conversation: Conversation) -> None:
        """Tell what has changed of the conversation beside its entries."""
        if self._buffer is not None:
            return
        marks = marks_of(conversation)
        if marks != self._marks:
            self._marks = marks
            for side, told in views.marks(conversation).items():
                self._mark(side, told)
        if self.who.by == "visitor" and self._stands_otherwise(conversation):
            self._tell_standing(views.standing(conversation, self._desk))

    def _stands_otherwise(self, one: Conversation) -> bool:
        """Whether to look what else he is told: who waits moves with the queue, for others it takes one of these."""
        staff = self._desk.directory.staff(one.agent) if one.agent else None
        preview = self._desk.directory.site(one.site).typing_preview
        before, self._basis = self._basis, (one.state, one.agent, one.bot, staff, preview)
        return one.state == "queued" or self._basis != before

    def _mark(self, who: str, marks: dict[str, int]) -> None:
        if self._told[f"wm {who}"] != marks:
            self._told[f"wm {who}"] = marks
            self.put("wm", {"who": who, **marks})

    def offer(self, offer: dict[str, Any] | None) -> None:
        """The invitation that is on now, told when it is another than before; an empty one takes it away."""
        if self._told.get("offer") != offer:
            self._told["offer"] = offer
            self.put("offer", offer or {"engagement_id": None})

    def _remember(self, standing: dict[str, Any]) -> tuple[Any, Any]:
        before = self._told.get("state"), self._told.get("queue")
        self._told["state"] = tuple(standing[name] for name in STATE)
        self._told["queue"] = (standing["position"], standing["wait_s"], standing["form"])
        return before

    def _tell_standing(self, standing: dict[str, Any]) -> None:
        state, queue = self._remember(standing)
        if self._told["state"] != state:
            self.put("state", {name: standing[name] for name in STATE})
        if self._told["queue"] != queue and standing["position"] is not None:
            self.put("queue", {name: standing[name] for name in ("position", "wait_s", "form")})


def marks_of(one: Conversation) -> tuple[int, int, int, int]:
    """How far both sides have received and read, to see quickly whether that has changed."""
    return one.visitor_delivered, one.visitor_read, one.agent_delivered, one.agent_read
