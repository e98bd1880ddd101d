"""What a visitor says before a conversation begins, where the invitation asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from aparte.conversations.contact import email_of, phone_of
from aparte.conversations.store import Refused
from aparte.conversations.text import Unspeakable, clean

Field: TypeAlias = Literal["name", "email", "phone", "question"]
FIELDS: tuple[Field, ...] = ("name", "email", "phone", "question")
MOST = {"name": 200, "email": 254, "phone": 40, "question": 4000}
"""Code points."""


def read_form(told: Mapping[str, str], asked: Sequence[str] = ()) -> dict[str, str] | Refused:
    """The form with clean texts, without what was left empty.

    Refused `bad_field`, `bad_email`, `bad_phone`, `bad_text`, `too_long`; `empty` when something `asked` is missing.
    """
    found: dict[str, str] = {}
    for name, text in told.items():
        if name not in FIELDS:
            return Refused("bad_field")
        if text.strip():
            read = read_field(name, text)
            if isinstance(read, Refused):
                return read
            found[name] = read
    return Refused("empty") if any(name not in found for name in asked) else found


def read_field(name: str, text: str) -> str | Refused:
    """One field; numbers and addresses by the rules of requests."""
    if len(text) > 4 * MOST[name]:
        return Refused("too_long")
    if name in ("email", "phone"):
        return (email_of if name == "email" else phone_of)(text) or Refused(f"bad_{name}")
    read = clean(text)
    if isinstance(read, Unspeakable):
        return Refused(read.code)
    read = read.strip() if name == "question" else " ".join(read.split())
    return read if len(read) <= MOST[name] else Refused("too_long")
