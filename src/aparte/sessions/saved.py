"""Visitors and sessions as bytes, and back: what a checkpoint writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from aparte.sessions.model import NO_CART, NO_PAGE, NO_SIGNALS, SessionState, VisitorState

MASKS = ("eligible", "covered", "candidate", "settled", "wanted")
"""One bit a rule; of more than 64 rules they are no integers that msgpack could write."""


class Saved(Struct, array_like=True):
    """A session with its masks beside it, little end first."""

    session: SessionState
    masks: list[bytes]


_encode = msgspec.msgpack.Encoder().encode
_decode_visitor = msgspec.msgpack.Decoder(VisitorState).decode
_decode_session = msgspec.msgpack.Decoder(Saved).decode


def pack_visitor(visitor: VisitorState) -> bytes:
    """The visitor's summary as msgpack."""
    return _encode(visitor)


def unpack_visitor(data: bytes) -> VisitorState:
    """The summary that `pack_visitor` has written."""
    return _decode_visitor(data)


def pack_session(session: SessionState) -> bytes:
    """The session as msgpack; the session is as before when this returns."""
    masks = [getattr(session, name) for name in MASKS]
    try:
        for name in MASKS:
            setattr(session, name, 0)
        return _encode(Saved(session, [mask.to_bytes((mask.bit_length() + 7) // 8, "little") for mask in masks]))
    finally:
        for name, mask in zip(MASKS, masks, strict=True):
            setattr(session, name, mask)


def unpack_session(data: bytes, revive: Callable[[list[Any]], list[Any]]) -> SessionState:
    """The session that `pack_session` has written.

    `revive` makes the measures of behaviours again from plain values: what they are is not known here.
    """
    saved = _decode_session(data)
    session = saved.session
    for name, mask in zip(MASKS, saved.masks, strict=False):  # an older program has kept fewer
        setattr(session, name, int.from_bytes(mask, "little"))
    session.measures = revive(session.measures)
    share_empty_parts(session)
    return session


def share_empty_parts(session: SessionState) -> None:
    """Parts of which nothing is known are the shared empty ones again."""
    if session.page == NO_PAGE:
        session.page = NO_PAGE
    if session.cart == NO_CART:
        session.cart = NO_CART
    if session.signals == NO_SIGNALS:
        session.signals = NO_SIGNALS
