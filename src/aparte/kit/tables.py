"""Tables that people export from their spreadsheets, and such as they open in them. Pure."""

from __future__ import annotations

import csv
import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from aparte.kit.errors import BadInput

DELIMITERS = ";,\t"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet would take for a formula."""
BEFORE = string.whitespace + '"\u00a0\u3000\ufeff'
"""What may stand before it: a spreadsheet, or a second way through one, takes it off."""


def heading(name: str) -> str:
    """A heading as it is looked up: lower case, without accents, `_` between words."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "_", bare.casefold()).strip("_")


def cells_of(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text with the line each ends on, from 1; empty rows are passed over.

    The delimiter is the one that stands most often in the first line. BadInput for what is no CSV.
    """
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), "")
    reader = csv.reader(lines, delimiter=max(DELIMITERS, key=first.count), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        hint = "quotes inside a quoted cell are written twice"
        raise BadInput(f"this is no CSV: {error}", where=f"{where}:{reader.line_num}", hint=hint) from None


def written_row(cells: Sequence[object]) -> str:
    """A line of CSV that no spreadsheet executes: what would begin a formula has a `'` before it."""
    return ",".join(quoted(harmless(cell)) for cell in cells) + "\r\n"


def written_table(rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8 with the mark by which spreadsheets know it."""
    return "".join(["\ufeff", *map(written_row, rows)]).encode()


def harmless(cell: object) -> str:
    """The cell's text; a number stays a number."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return str(cell)
    text = str(cell)
    bare = text.lstrip(BEFORE)
    return "'" + text if bare.startswith(FORMULA) or text.startswith(FORMULA) else text


def quoted(text: str) -> str:
    """In quotes where it must be."""
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",\r\n;]', text) else text
