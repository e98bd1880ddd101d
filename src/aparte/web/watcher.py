"""One reader of one conversation: subscribed first, then the store is read, then what came meanwhile is flushed."""

from __future__ import annotations

from typing import Any

from aparte.conversations.model import Conversation, Entry
from aparte.web import transcript, views
from aparte.web.connection import Connection
from aparte.web.desk import Desk
from aparte.web.principal import Principal

LIMITS = {"body": 4000, "frame": 16384}


class Watcher:
    """Shows each entry once, in the order of their numbers, without a hole."""

    def __init__(self, connection: Connection, who: Principal, conv: str, desk: Desk) -> None:
        self.connection, self.who, self.conv, self._desk = connection, who, conv, desk
        self._buffer: list[Entry] | None = []
        """What came while the store was read; None once it is flushed."""
        self._last = 0
        self._told: dict[str, Any] = {"wm visitor": (0, 0), "wm agent": (0, 0)}

    def put(self, t: str, frame: dict[str, Any]) -> None:
        """Send a frame; agents, who watch several, are told of which conversation it is."""
        about = {"conv": self.conv} if self.who.by == "agent" else {}
        self.connection.put({"t": t, **about, **frame})

    def welcome(self, epoch: str | None, last_seq: int) -> None:
        """Read and send what this reader lacks. The watcher must be subscribed already. Unavailable, Problem 404."""
        conversation = transcript.conversation_of(self.who, self.conv, self._desk)
        found = transcript.resume(conversation, epoch, last_seq, self._desk)
        now = self._desk.store.epoch()
        if found.reset is not None:
            self.put("reset", {"epoch": now, "reason": found.reset})
        rows = found.page.entries
        resumed_at = 0 if found.reset or last_seq == 0 else last_seq
        self._last = rows[-1].seq if rows else resumed_at
        frame = {
            "epoch": now,
            "head": max(self._last, conversation.head),
            "entries": transcript.shown(self.who, found.page, self._desk),
            "more": found.page.more,
        }
        self.put("welcome", frame | self._surroundings(conversation))
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
        for entry in waiting:
            self.entry(entry)

    def entry(self, entry: Entry) -> None:
        """A committed entry."""
        if self._buffer is not None:
            self._buffer.append(entry)
            return
        if entry.seq > self._last + 1:
            for missed in self._desk.store.entries(self.conv, after=self._last, limit=entry.seq - self._last - 1):
                self._show(missed)
        self._show(entry)

    def _show(self, entry: Entry) -> None:
        if entry.seq > self._last:
            self._last = entry.seq
            self.put("entry", views.entry_for(self.who, entry, self._desk))

    def notice(self, conversation: Conversation) -> None:
        """Tell what has changed of the conversation beside its entries."""
        if self._buffer is not None:
            return
        self._mark("visitor", conversation.visitor_delivered, conversation.visitor_read)
        self._mark("agent", conversation.agent_delivered, conversation.agent_read)
        if self.who.by == "visitor":
            self._tell_standing(views.standing(conversation, self._desk))

    def _mark(self, who: str, delivered: int, read: int) -> None:
        if self._told[f"wm {who}"] != (delivered, read):
            self._told[f"wm {who}"] = (delivered, read)
            self.put("wm", {"who": who, "dlv": delivered, "read": read})

    def _remember(self, standing: dict[str, Any]) -> tuple[Any, Any]:
        before = self._told.get("state"), self._told.get("queue")
        self._told["state"] = (standing["state"], standing["agent"], standing["bot"])
        self._told["queue"] = (standing["position"], standing["wait_s"], standing["form"])
        return before

    def _tell_standing(self, standing: dict[str, Any]) -> None:
        state, queue = self._remember(standing)
        if self._told["state"] != state:
            self.put("state", {name: standing[name] for name in ("state", "agent", "bot")})
        if self._told["queue"] != queue and standing["position"] is not None:
            self.put("queue", {name: standing[name] for name in ("position", "wait_s", "form")})
