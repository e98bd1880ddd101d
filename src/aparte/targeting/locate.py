"""Where in a TOML text a member stands, so that an error can point at it.

The standard library's parser keeps no positions. This reads a text that the parser has accepted once more, just far
enough to know where each key and each value begins.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Position: TypeAlias = tuple[int, int]

BLANK = re.compile(r"[ \t]*")
BETWEEN = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
PLAIN_VALUE = re.compile(r"[^,\]}#\r\n]*")
CONTINUED = re.compile(r"\\[ \t]*\n[ \t\n]*")
ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
ESCAPED_NEWLINE = re.compile(r"\\(?:n|u000[aA]|U0000000[aA]|x0[aA])")
TEXT = {
    "'''": re.compile(r"'''.*?'''(?!')", re.DOTALL),
    '"""': re.compile(r'"""(?:[^\\]|\\.)*?"""(?!")', re.DOTALL),
    "'": re.compile(r"'[^'\n]*'"),
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*"'),
}


class Positions:
    """Positions of the tables and members of one text; lines and columns count from 1."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.keys: dict[Path, int] = {}
        self.values: dict[Path, int] = {}
        with suppress(RecursionError):  # what lies deeper than the parser's own stack is placed at its table
            Reader(self).document()

    def of(self, path: Path) -> Position:
        """Position of a member, or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            offset = self.keys.get(path[:length])
            if offset is not None:
                return self.at(offset)
        return 1, 1

    def of_value(self, path: Path, line: int, column: int) -> Position:
        """Position of a place inside a member's text value; the place counts in the text that the value means."""
        start = self.values.get(path)
        mark = mark_at(self.text, start) if start is not None else None
        if start is None or mark is None:
            return self.of(path)
        offset = start + len(mark)
        if len(mark) == 3 and self.text.startswith("\n", offset):  # not part of the value
            offset += 1
        return self.at(self.inside(offset, mark, (line, column)))

    def at(self, offset: int) -> Position:
        """Line and column of an offset."""
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)

    def inside(self, offset: int, mark: str, wanted: Position) -> int:
        """The offset at which the value's own line and column are the wanted ones."""
        escapes = mark[0] == '"'
        line, column = 1, 1
        while True:
            while escapes and len(mark) == 3 and (gap := CONTINUED.match(self.text, offset)):
                offset = gap.end()
            if (line, column) >= wanted or offset >= len(self.text):
                return offset
            escape = ESCAPE.match(self.text, offset) if escapes else None
            newline = ESCAPED_NEWLINE.match(self.text, offset) if escape else self.text[offset] == "\n"
            line, column = (line + 1, 1) if newline else (line, column + 1)
            offset = escape.end() if escape else offset + 1


class Reader:
    """Walks once over the text and notes where keys and values begin."""

    def __init__(self, found: Positions) -> None:
        self.found, self.text, self.offset = found, found.text, 0
        self.counts: dict[Path, int] = {}

    def document(self) -> None:
        """All tables."""
        table: Path = ()
        while self.pass_over(BETWEEN) < len(self.text):
            if self.text[self.offset] == "[":
                table = self.header()
            else:
                self.member(table)

    def pass_over(self, pattern: re.Pattern[str]) -> int:
        """Go behind what matches here, and tell where that is."""
        match = pattern.match(self.text, self.offset)
        self.offset = match.end() if match else self.offset + 1
        return self.offset

    def header(self) -> Path:
        """`[table]` or `[[table]]`."""
        start, repeated = self.offset, self.text.startswith("[[", self.offset)
        self.offset += 1 + repeated
        names = self.names()
        self.offset += 1 + repeated
        path = opened(names, repeated, self.counts)
        self.note(path, start)
        return path

    def names(self) -> tuple[str, ...]:
        """The pieces of a dotted key."""
        pieces = []
        while True:
            start = self.pass_over(BLANK)
            self.pass_over(TEXT.get(self.text[start : start + 1], BARE_KEY))
            pieces.append(key_of(self.text[start : self.offset]))
            self.pass_over(BLANK)
            if not self.text.startswith(".", self.offset):
                return tuple(pieces)
            self.offset += 1

    def member(self, table: Path) -> None:
        """`key = value`."""
        start = self.offset
        path = (*table, *self.names())
        self.note(path, start)
        self.offset += 1
        self.value(path)

    def value(self, path: Path) -> None:
        """Any value."""
        start = self.found.values[path] = self.pass_over(BLANK)
        mark = mark_at(self.text, start)
        if mark is not None:
            self.pass_over(TEXT[mark])
        elif self.text.startswith("[", start):
            self.items(path)
        elif self.text.startswith("{", start):
            self.members(path)
        else:
            self.pass_over(PLAIN_VALUE)

    def items(self, path: Path) -> None:
        """`[a, b]`."""
        self.offset += 1
        index = 0
        while not self.closed("]"):
            self.note((*path, index), self.offset)
            self.value((*path, index))
            index += 1

    def members(self, path: Path) -> None:
        """`{ a = 1, b = 2 }`."""
        self.offset += 1
        while not self.closed("}"):
            self.member(path)

    def closed(self, bracket: str) -> bool:
        """Whether the bracket closes here; passes over it, or over the comma before the next item."""
        while self.pass_over(BETWEEN) < len(self.text) and self.text[self.offset] == ",":
            self.offset += 1
        done = self.offset >= len(self.text) or self.text[self.offset] == bracket
        self.offset += done
        return done

    def note(self, path: Path, start: int) -> None:
        """A key stands here; so do the tables that it opens on its way."""
        self.found.keys[path] = start
        for length in range(1, len(path)):
            self.found.keys.setdefault(path[:length], start)


def mark_at(text: str, offset: int) -> str | None:
    """The quotes that open a text here."""
    return next((mark for mark in TEXT if text.startswith(mark, offset)), None)


def key_of(written: str) -> str:
    """The name that a piece of a key means."""
    if written[:1] not in ("'", '"'):
        return written
    return written[1:-1] if written[0] == "'" else ESCAPE.sub(unescaped, written[1:-1])


def unescaped(found: re.Match[str]) -> str:
    """The character of an escape in a quoted key."""
    kind, digits = found[0][1], found[0][2:]
    return chr(int(digits, 16)) if digits else {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}.get(kind, kind)


def opened(names: tuple[str, ...], repeated: bool, counts: dict[Path, int]) -> Path:
    """The path of a table header, with the index of each repeated table in it."""
    path: Path = ()
    for place, name in enumerate(names):
        path = (*path, name)
        if repeated and place == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
