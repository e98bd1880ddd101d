"""An agent's inbox: his conversations and those that wait, as events with positions; the last 1,000 are kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from aparte.conversations.colleagues import Message, named
from aparte.conversations.model import Conversation, Request
from aparte.sites.model import Staff
from aparte.sites.rights import rights_of
from aparte.web import views
from aparte.web.desk import Desk
from aparte.web.plain import encode
from aparte.web.words import Conv, Me
from aparte.web.words_care import message_words
from aparte.web.words_desk import request_words

KEPT = 1_000
LISTS = ("mine", "queue", "wrap", "help", "guest")
"""What a snapshot tells; see `views.in_lists_of`."""

Look = Callable[[Conversation], Conv]
Deliver = Callable[[bytes], None]


class Inbox:
    """Of one member of staff, for all his sockets. A fresh snapshot equals the last one plus the events after it."""

    def __init__(self, staff: str, desk: Desk, look: Look) -> None:
        self.staff, self._desk, self._look = staff, desk, look
        self.pos = 0
        self._ring: deque[tuple[int, bytes]] = deque(maxlen=KEPT)
        self._shown: dict[str, tuple[str, Conv]] = {}
        self._me: Me | None = None
        self.listeners: set[Deliver] = set()
        self._fill()

    def _fill(self) -> None:
        staff = self._staff()
        if staff is None:
            return
        self._me = views.me(staff, self._desk)
        due = self._desk.store.wraps_due(staff.at)
        for conversation in (*self._desk.engine.open_conversations(staff.at), *due):
            place = views.in_lists_of(conversation, staff)
            if place:
                self._shown[conversation.id] = (place, self._look(conversation))

    def moved(self) -> None:
        """He sits at another desk now: whoever resumes gets a snapshot."""
        self.pos += 1
        self._ring.clear()
        self._shown.clear()
        self._fill()

    def _staff(self) -> Staff | None:
        return self._desk.directory.staff(self.staff)

    def lists(self) -> dict[str, list[Conv]]:
        """By the name of the list; each the oldest first."""
        found: dict[str, list[Conv]] = {name: [] for name in LISTS}
        for place, conv in sorted(self._shown.values(), key=lambda one: (one[1].opened_at, one[1].id)):
            found[place].append(conv)
        return found

    def snapshot(self, epoch: str) -> dict[str, Any]:
        """Everything, as of a position captured before."""
        pos = self.pos
        return {"t": "snapshot", "epoch": epoch, "pos": pos, "me": self._me, **self.lists()}

    def after(self, pos: int) -> list[bytes] | None:
        """The events after this position; None when they are no longer, or never were."""
        oldest = self._ring[0][0] if self._ring else self.pos + 1
        if pos > self.pos or pos < oldest - 1:
            return None
        return [frame for at, frame in self._ring if at > pos]

    def shows(self, conv: str) -> bool:
        """Whether a conversation stands in one of his lists."""
        return conv in self._shown

    def conversation(self, conversation: Conversation, view: Conv) -> None:
        """A conversation has changed, or might have."""
        staff = self._staff()
        if staff is None:
            return
        place = views.in_lists_of(conversation, staff)
        if not place:
            if self._shown.pop(conversation.id, None) is not None:
                self._add({"t": "gone", "id": conversation.id})
        elif self._shown.get(conversation.id) != (place, view):
            self._shown[conversation.id] = (place, view)
            self._add({"t": "conv", "conv": view})

    def request(self, site: str, request: Request) -> None:
        """A visitor has left a request, or somebody has dealt with one."""
        staff = self._staff()
        if staff is not None and staff.at == site:
            told = request_words(request, self._desk.directory.name)
            self._add({"t": "request", "request": told})

    def colleague(self, message: Message) -> None:
        """Somebody has said something in a room; of two people only they hear of it, and analysts of none."""
        staff = self._staff()
        room = named(message.room, self.staff)
        if staff is not None and room is not None and staff.at == message.site and "converse" in rights_of(staff.role):
            told = message_words(message, self.staff, room, self._desk.directory.name(message.author))
            self._add({"t": "colleague", "message": told})

    def me(self) -> None:
        """Status, load or language may have changed."""
        staff = self._staff()
        now = views.me(staff, self._desk) if staff else None
        if now is not None and now != self._me:
            self._me = now
            self._add({"t": "me", "me": now})

    def _add(self, event: dict[str, Any]) -> None:
        self.pos += 1
        event["pos"] = self.pos
        frame = encode(event)
        self._ring.append((self.pos, frame))
        for deliver in tuple(self.listeners):
            deliver(frame)
