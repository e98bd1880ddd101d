"""Frames that come in, as the wire names them; a name that nobody knows is left alone."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from aparte.sites.rights import Right
from aparte.web.transcript import Seq, Version

Short: TypeAlias = Annotated[str, Meta(max_length=256)]
Number: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]
Comment: TypeAlias = Annotated[str, Meta(max_length=4000)]


class VisitorHello(Struct, tag_field="t", tag="hello"):
    """The first frame of a visitor."""

    v: int
    key: Short
    token: Short
    conv: Short
    epoch: Short | None = None
    last_seq: Seq = 0
    tab: Short = ""


class AgentHello(Struct, tag_field="t", tag="hello"):
    """The first frame of a console."""

    v: int
    epoch: Short | None = None
    pos: Seq | None = None
    tab: Short = ""


class Send(Struct, tag_field="t", tag="send"):
    """A message; `conv` and `assign_ver` of agents."""

    cid: str
    kind: str
    body: str
    conv: Short = ""
    assign_ver: Version | None = None


class Read(Struct, tag_field="t", tag="read"):
    """Everything up to here was read."""

    seq: Seq
    conv: Short = ""


class Delivered(Struct, tag_field="t", tag="dlv"):
    """Everything up to here has arrived."""

    seq: Seq
    conv: Short = ""


class Typing(Struct, tag_field="t", tag="typing"):
    """Somebody is writing; `text` of visitors, where the site lets agents see it before it is sent."""

    on: bool
    conv: Short = ""
    text: str = ""


class Close(Struct, tag_field="t", tag="close"):
    """The visitor has had enough."""


class Survey(Struct, tag_field="t", tag="survey"):
    """What the visitor says of it."""

    csat: Annotated[int, Meta(ge=1, le=5)] | None = None
    nps: Annotated[int, Meta(ge=0, le=10)] | None = None
    ces: Annotated[int, Meta(ge=1, le=7)] | None = None
    solved: bool | None = None
    comment: Comment = ""
    n: Number = 0


class OfferShown(Struct, tag_field="t", tag="offer_shown"):
    """The invitation is on the screen."""

    engagement_id: Short


class OfferAccept(Struct, tag_field="t", tag="offer_accept"):
    """The visitor wants it."""

    engagement_id: Short


class OfferDecline(Struct, tag_field="t", tag="offer_decline"):
    """He does not."""

    engagement_id: Short


class Pong(Struct, tag_field="t", tag="pong"):
    """Still here."""


class Watch(Struct, tag_field="t", tag="watch"):
    """Show a conversation."""

    conv: Short
    epoch: Short | None = None
    last_seq: Seq = 0


class Unwatch(Struct, tag_field="t", tag="unwatch"):
    """Show it no more."""

    conv: Short


class Live(Struct, tag_field="t", tag="live"):
    """Send the live list, or no more."""

    on: bool


class Board(Struct, tag_field="t", tag="board"):
    """Send the supervisor's board, or no more."""

    on: bool


Offered: TypeAlias = OfferShown | OfferAccept | OfferDecline
VisitorFrame: TypeAlias = VisitorHello | Send | Read | Delivered | Typing | Close | Survey | Offered | Pong
AgentFrame: TypeAlias = AgentHello | Watch | Unwatch | Send | Read | Delivered | Typing | Live | Board | Pong

VISITOR_RIGHTS: dict[str, Literal["own"]] = {
    "hello": "own", "send": "own", "read": "own", "dlv": "own", "typing": "own", "close": "own", "survey": "own",
    "pong": "own", "offer_shown": "own", "offer_accept": "own", "offer_decline": "own",
}  # fmt: skip
"""What each frame of a visitor needs: that the conversation is his own."""
AGENT_RIGHTS: dict[str, Right] = {
    "hello": "read", "watch": "read", "unwatch": "read", "live": "read", "pong": "read",
    "board": "supervise",
    "send": "converse", "read": "converse", "dlv": "converse", "typing": "converse",
}  # fmt: skip
"""What each frame of a console needs; a frame that is not in here is refused."""


class Frames:
    """The frames of one side, by their names; `decode` reads what is one of them in a single step."""

    def __init__(self, frames: Any) -> None:
        self.kinds = {kind.__struct_config__.tag: kind for kind in frames.__args__}
        self.decode = msgspec.json.Decoder(frames).decode


VISITOR, AGENT = Frames(VisitorFrame), Frames(AgentFrame)


class Unreadable(Exception):
    """No frame; `cid` and `conv` when it was meant to be a message, so that its sender can be told."""

    def __init__(self, cid: str | None, conv: str | None) -> None:
        self.cid, self.conv = cid, conv
        super().__init__("unreadable frame")


def read_frame(data: bytes, side: Frames) -> Any:
    """The frame; None for a name that nobody knows (a newer client); Unreadable for anything else."""
    try:
        return side.decode(data)
    except (ValueError, RecursionError):
        return read_again(data, side)


def read_again(data: bytes, side: Frames) -> Any:
    """What is no frame as it should be, member by member, to tell why."""
    try:
        found = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        raise Unreadable(None, None) from None
    name = found.get("t") if isinstance(found, dict) else None
    if not isinstance(name, str):
        raise Unreadable(None, None)
    kind = side.kinds.get(name)
    if kind is None:
        return None
    try:
        return msgspec.convert(found, kind)
    except ValueError:
        cid, conv = found.get("cid"), found.get("conv")
        named = name == "send" and isinstance(cid, str) and len(cid) <= 64
        raise Unreadable(cid if named else None, conv if named and isinstance(conv, str) else None) from None
