"""Whose inboxes hear of a conversation, and how often a line is encoded for those who look at it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
from msgspec.structs import replace

from aparte.conversations.model import Conversation, Entry
from aparte.web.hub import Hub
from aparte.web.principal import Principal
from aparte.web.views import Said

ENTRY = Entry(conv="c", seq=1, id="e", by="visitor", author="v", kind="text", body="Hello", ts=1, cid="1")


class Box:
    """An inbox that shows what it was told."""

    def __init__(self, staff: str) -> None:
        self.staff = staff
        self.shown: set[str] = set()

    def shows(self, conv: str) -> bool:
        return conv in self.shown

    def told(self, one: Conversation) -> None:
        (self.shown.add if one.state == "queued" or one.agent == self.staff else self.shown.discard)(one.id)


def test_others_hear_that_somebody_has_it_alone_and_then_only_of_what_is_theirs_again() -> None:
    hub: Any = object.__new__(Hub)
    hub._inboxes, hub._alone = {name: Box(name) for name in ("ann", "bob")}, {}

    def tell(one: Conversation) -> list[str]:
        concerned = hub._concerned(one)
        for box in concerned:
            box.told(one)
        return [box.staff for box in concerned]

    waiting = Conversation(id="c", site="s", visitor="v", opened_at=1)
    his = replace(waiting, state="open", agent="ann")
    assert tell(waiting) == ["ann", "bob"]
    assert tell(his) == ["ann", "bob"]  # bob hears that it is gone
    assert tell(replace(his, head=1)) == ["ann"]
    assert tell(replace(his, agent="bob")) == ["ann", "bob"]
    assert tell(waiting) == ["ann", "bob"]
    assert tell(replace(his, agent="bob")) == ["ann", "bob"]
    assert tell(replace(his, agent="bob", assistance_at=5)) == ["ann", "bob"]
    assert tell(replace(his, state="closed")) == ["ann", "bob"]
    assert hub._alone == {}


def test_a_line_is_encoded_once_for_a_side_and_its_cid_is_only_its_authors() -> None:
    desk: Any = SimpleNamespace(directory=SimpleNamespace(name=lambda staff: "Ann"))
    said = Said(ENTRY, desk)
    author, agents = Principal("s", "v", "visitor"), [Principal("s", name, "agent") for name in ("ann", "bob")]
    assert said.frame(agents[0]) is said.frame(agents[1])
    shown, own = msgspec.json.decode(said.frame(agents[0])), msgspec.json.decode(said.frame(author))
    assert (shown["t"], shown["conv"], own["cid"]) == ("entry", "c", "1")
    assert "cid" not in shown
    assert "conv" not in own
    note = Said(replace(ENTRY, by="agent", author="ann", kind="note"), desk)
    assert msgspec.json.decode(note.frame(author)) == {"t": "entry", "seq": 1, "kind": "hidden"}
    assert msgspec.json.decode(note.frame(agents[0]))["cid"] == "1"
    assert "cid" not in msgspec.json.decode(note.frame(agents[1]))
