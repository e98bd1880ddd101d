"""A conversation as a mail tells it to its visitor: plain text, without what only agents see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from msgspec import Struct

from aparte.outbox.compose import filled, indented, one_line, plain_name, words


class Line(Struct, frozen=True):
    """A line that the visitor may read: when, who (empty: the visitor himself), and what was said."""

    at: int
    kind: str
    """`said`, `joined`, `left`, `closed`."""
    name: str = ""
    text: str = ""


def transcript(lines: Iterable[Line], site: str, language: str, zone: tzinfo, zone_name: str) -> str:
    """The text; lines in their order. A text of several lines is indented, so that none can pass for ours."""
    spoken, rows = words(language), list(lines)
    first = at(rows[0].at if rows else 0, zone)
    head = filled(
        spoken["transcript_text"], site=one_line(site), day=first.strftime("%Y-%m-%d"), zone=one_line(zone_name)
    )  # fmt: skip
    return "\n".join([head, "", *(written(one, language, zone) for one in rows), ""])


def written(line: Line, language: str, zone: tzinfo) -> str:
    """One line."""
    spoken, name = words(language), plain_name(line.name, language)
    when = at(line.at, zone).strftime("%H:%M")
    if line.kind == "said":
        return f"[{when}] {name or spoken['visitor']}: {indented(line.text)}"
    return f"[{when}] -- {filled(spoken[line.kind], name=name)}"


def at(ms: int, zone: tzinfo) -> datetime:
    """A moment in the site's time."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)
