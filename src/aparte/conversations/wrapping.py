"""What an agent says of a conversation beside what he writes in it, judged before it is stored. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aparte.conversations.store import Refused
from aparte.conversations.text import Unspeakable, clean
from aparte.conversations.vocabulary import LONGEST_TAG, MOST_TAGS, REASONS, Vocabulary


class Wrap(Struct, frozen=True):
    """How it ended: a code of the site, why nothing was bought, and a note for colleagues."""

    code: str
    reason: str = ""
    note: str = ""


def judged(wrap: Wrap, vocabulary: Vocabulary) -> Wrap | Refused:
    """The wrap-up with its note as it is stored; Refused `bad_code`, `bad_reason`, and of the note `too_long`,
    `bad_text`. A code that is out of use is no code any more."""
    code = vocabulary.code(wrap.code)
    if code is None or not code.active:
        return Refused("bad_code")
    if wrap.reason and (not code.reasons or wrap.reason not in REASONS):
        return Refused("bad_reason")
    note = clean(wrap.note) if wrap.note.strip() else ""
    return Refused(note.code) if isinstance(note, Unspeakable) else Wrap(wrap.code, wrap.reason, note)


def tag_of(text: str) -> str | None:
    """The tag as it is stored: trimmed, single blanks, small letters; None for what is none."""
    found = clean(text)
    if isinstance(found, Unspeakable):
        return None
    tag = " ".join(found.lower().split())
    return tag if 0 < len(tag) <= LONGEST_TAG else None


def tags_of(given: Sequence[str], vocabulary: Vocabulary, before: Sequence[str] = ()) -> tuple[str, ...] | Refused:
    """The tags of a conversation, each once; Refused `bad_tag`, `too_many_tags`, `unknown_tag`.

    Where a site wants its own tags only, those that the conversation has already may stay.
    """
    found: dict[str, None] = {}
    for text in given:
        tag = tag_of(text)
        if tag is None:
            return Refused("bad_tag")
        found[tag] = None
    if len(found) > MOST_TAGS:
        return Refused("too_many_tags")
    if not vocabulary.free_tags and found.keys() - {*vocabulary.tags, *before}:
        return Refused("unknown_tag")
    return tuple(found)
