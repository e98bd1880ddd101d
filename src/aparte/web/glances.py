"""What the lists show of each open conversation: its last text, and how many texts nobody has read.

Kept up to date by the entries as they are committed, so that a message costs no reading of the transcript.
"""

from __future__ import annotations

from msgspec import Struct

from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import ConversationReader

MOST_UNREAD = 99
"""Stands for more."""
LOOKED_BACK = 10
SAID = ("text", "offer")


class Glance(Struct):
    """Of one conversation, up to entry `seq` and as far as agents have read."""

    seq: int
    read: int
    last: Entry | None
    unread: int


class Glances:
    """Those that somebody has asked for; a conversation that is closed is forgotten."""

    def __init__(self, store: ConversationReader) -> None:
        self._store = store
        self._known: dict[str, Glance] = {}

    def of(self, conversation: Conversation) -> Glance:
        """As of the last commit."""
        found = self._known.get(conversation.id)
        if found is not None and found.seq >= conversation.head and found.read == conversation.agent_read:
            return found
        glance = self._read(conversation)
        if conversation.state != "closed":
            self._known[conversation.id] = glance
        return glance

    def entry(self, entry: Entry) -> None:
        """A line more, after its commit."""
        found = self._known.get(entry.conv)
        if found is None or entry.seq <= found.seq:
            return
        if entry.seq != found.seq + 1:
            del self._known[entry.conv]
            return
        found.seq = entry.seq
        if entry.kind in SAID:
            found.last = entry
        if is_unread(entry) and found.unread < MOST_UNREAD:
            found.unread += 1

    def conversation(self, conversation: Conversation) -> None:
        """Something else of it has changed."""
        found = self._known.get(conversation.id)
        if found is None:
            return
        if conversation.state == "closed":
            del self._known[conversation.id]
        elif found.read != conversation.agent_read and conversation.agent_read >= found.seq:
            found.read, found.unread = conversation.agent_read, 0

    def _read(self, conversation: Conversation) -> Glance:
        rows = self._store.last_entries(conversation.id, limit=LOOKED_BACK)
        seq = max(conversation.head, rows[-1].seq if rows else 0)
        last = next((one for one in reversed(rows) if one.kind in SAID), None)
        if rows and rows[0].seq > conversation.agent_read + 1:
            after = conversation.agent_read
            rows = self._store.entries(conversation.id, after=after, limit=MOST_UNREAD)
        unread = sum(is_unread(one) for one in rows if one.seq > conversation.agent_read)
        return Glance(seq, conversation.agent_read, last, unread)


def is_unread(entry: Entry) -> bool:
    """Whether it counts as soon as nobody has read it."""
    return entry.by == "visitor" and entry.kind == "text"
