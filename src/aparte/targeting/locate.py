"""Where in a TOML text a member stands, so that an error can point at it.

The standard library's parser keeps no positions; this reads just enough of the text to find them again.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Position: TypeAlias = tuple[int, int]

HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
MEMBER = re.compile(r"""^(\s*)((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
PIECE = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
TRIPLE = ("'''", '"""')


class Positions:
    """Positions of the tables and members of one text; lines and columns count from 1."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.found: dict[Path, Position] = {}
        self._scan()

    def of(self, path: Path) -> Position:
        """Position of a member, or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            known = self.found.get(path[:length])
            if known is not None:
                return self._inside(known, path[length:])
        return 1, 1

    def of_value(self, path: Path, line: int, column: int) -> Position:
        """Position of a place inside a member's text value."""
        at_line, at_column = self.of(path)
        text = self.lines[at_line - 1] if self.lines else ""
        opened = re.match(r"[^=]*=\s*(\'\'\'|\"\"\"|\'|\")?", text[at_column - 1 :])
        start = at_column + (opened.end() if opened else 0)
        triple = bool(opened) and opened is not None and opened.group(1) in TRIPLE
        if triple and not text[start - 1 :].strip():  # the newline after an opening ''' is not part of the text
            return at_line + line, column
        return at_line + line - 1, start + column - 1 if line == 1 else column

    def _inside(self, known: Position, rest: Path) -> Position:
        """A member of an inline table stands on the line of the table, or below."""
        names = [piece for piece in rest if isinstance(piece, str)]
        if not names:
            return known
        line, column = known
        wanted = re.compile(rf"""(?<![\w-])["']?{re.escape(names[-1])}["']?\s*=""")
        for number in range(line, min(line + 40, len(self.lines)) + 1):
            match = wanted.search(self.lines[number - 1], column - 1 if number == line else 0)
            if match:
                return number, match.start() + 1
        return known

    def _scan(self) -> None:
        table: Path = ()
        counts: dict[Path, int] = {}
        quoted: str | None = None
        for number, line in enumerate(self.lines, 1):
            if quoted is not None:
                quoted = None if quoted in line else quoted
                continue
            header, member = HEADER.match(line), MEMBER.match(line)
            if header:
                table = opened(names_of(header.group(2)), header.group(1) == "[[", counts)
                self.found[table] = number, line.index("[") + 1
            elif member:
                self.found[(*table, *names_of(member.group(2)))] = number, len(member.group(1)) + 1
                quoted = next((mark for mark in TRIPLE if line.count(mark) == 1), None)


def names_of(dotted: str) -> Path:
    """The pieces of a dotted key."""
    return tuple(piece.strip("\"'") for piece in PIECE.findall(dotted))


def opened(names: Path, repeated: bool, counts: dict[Path, int]) -> Path:
    """The path of a table header, with the index of each repeated table in it."""
    path: Path = ()
    for place, name in enumerate(names):
        path = (*path, name)
        if repeated and place == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def path_of(expression: str) -> Path:
    """`$.campaigns[0].rules[1].when` as a path."""
    return tuple(
        int(index) if index else name for name, index in re.findall(r"\.?([A-Za-z_][\w-]*)|\[(\d+)\]", expression.lstrip("$"))
    )
