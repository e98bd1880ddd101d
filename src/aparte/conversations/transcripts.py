"""A transcript to take away, as text or JSON; and words looked for in transcripts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from aparte.conversations import coupons
from aparte.conversations.cards import Card, PageShown, one_line
from aparte.conversations.model import AGENTS_ONLY, Conversation, Entry, Kind
from aparte.kit.spelling import bare

AROUND = 80
"""Characters of a snippet on each side of what was found."""
SEARCHED: tuple[Kind, ...] = ("text", "note", "whisper", "transfer", "card", "page", "coupon")
MARKS: dict[str, str] = {
    "note": "note, staff only",
    "whisper": "whisper, staff only",
    "transfer": "hand-over, staff only",
}
Named = Callable[[Entry], str]


def lines_of(entries: Iterable[Entry], *, staff: bool) -> list[Entry]:
    """What this reader may have of a transcript: notes, whispers and hand-overs are the staff's, surveys too."""
    return [one for one in entries if staff or (one.kind not in AGENTS_ONLY and one.kind != "survey")]


def as_text(conversation: Conversation, entries: Iterable[Entry], named: Named, zone: ZoneInfo, *, staff: bool) -> str:
    """The transcript as plain text, one line or more for each entry.

    What was said stands behind `| ` from its second line on, and behind a name on its first: no line of a message can
    be taken for one of ours, nor for the formula of a spreadsheet.
    """
    head = [f"Conversation {conversation.id}", f"Opened {moment(conversation.opened_at, zone)}"]
    if conversation.closed_at is not None:
        head.append(f"Closed {moment(conversation.closed_at, zone)}")
    told = [written(one, named, zone) for one in lines_of(entries, staff=staff)]
    return "\n".join([*head, "", *told]) + "\n"


def written(entry: Entry, named: Named, zone: ZoneInfo) -> str:
    """One entry."""
    mark = f" ({MARKS[entry.kind]})" if entry.kind in MARKS else ""
    who = one_line(named(entry)) or entry.by
    first, *more = said(entry).splitlines() or [""]
    begin = f"[{moment(entry.ts, zone)}] {who}{mark}: {first}"
    return "\n".join([begin, *(f"  | {line}" for line in more)])


def said(entry: Entry) -> str:
    """An entry in words: a card as names, prices and links, a line of the desk as what happened."""
    try:
        if entry.kind == "card":
            return "\n".join(map(priced, msgspec.json.decode(entry.body, type=Card).products))
        if entry.kind == "page":
            shown = msgspec.json.decode(entry.body, type=PageShown)
            return f"{shown.title} {shown.url}".strip()
        if entry.kind == "coupon":
            return coupons.in_words(entry.body)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return entry.body
    if entry.kind in ("join", "leave", "close", "survey"):
        return f"<{entry.kind}> {entry.body}".rstrip()
    return entry.body


def priced(product: Any) -> str:
    """A product of a card in one line."""
    price = "" if product.price is None else f" {product.price:.2f} {product.currency}"
    return f"{product.name}{price} {product.url}".rstrip()


def moment(at: int, zone: ZoneInfo) -> str:
    """A time as people read it, with its offset."""
    return datetime.fromtimestamp(at / 1_000, zone).strftime("%Y-%m-%d %H:%M:%S %z")


def as_json(conversation: Conversation, entries: Iterable[Entry], named: Named, *, staff: bool) -> bytes:
    """The transcript as JSON in UTF-8, harmless inside HTML too: `<`, `>` and `&` are written as escapes."""
    rows = [
        {
            "seq": one.seq, "ts": one.ts, "by": one.by, "name": one_line(named(one)), "kind": one.kind,
            "staff_only": one.kind in AGENTS_ONLY, "body": one.body,
        }
        for one in lines_of(entries, staff=staff)
    ]  # fmt: skip
    about = {"id": conversation.id, "opened_at": conversation.opened_at, "closed_at": conversation.closed_at}
    text = msgspec.json.encode({**about, "entries": rows})
    return text.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")


def words_of(query: str) -> tuple[str, ...]:
    """What is looked for: all of these words."""
    return tuple(dict.fromkeys(bare(query).split()))


def found_in(words: Sequence[str], entries: Iterable[Entry]) -> list[Entry]:
    """The entries that hold a word, when together they hold all; none otherwise."""
    hits, missing = [], set(words)
    for one in entries:
        text = bare(said(one)) if one.kind in SEARCHED else ""
        here = {word for word in words if word in text}
        if here:
            hits.append(one)
            missing -= here
    return [] if missing else hits


def snippet(words: Sequence[str], entry: Entry) -> str:
    """What stands around the first word that is found, in one line."""
    text = " ".join(said(entry).split())
    folded = "".join(bare(one)[:1] or " " for one in text)  # one character each, so that places agree
    places = [place for word in words if (place := folded.find(word)) >= 0]
    begin = max(0, min(places, default=0) - AROUND)
    end = begin + 2 * AROUND
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
