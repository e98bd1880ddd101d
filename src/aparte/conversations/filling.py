"""Variables of canned replies and scripts: a name in braces becomes a text, and nothing else ever happens. Pure.

`{visitor}` is a variable, `{visitor|there}` one that says what stands there when its value is not known. Whatever is
not exactly that is text: no expressions, no attributes, no formats. Values are not looked at for variables again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from msgspec import Struct

from aparte.conversations.text import FORBIDDEN, Unspeakable, clean
from aparte.kit.errors import BadInput

VARIABLES = ("agent", "site", "page", "cart", "visitor", "first_product")
VARIABLE = re.compile(r"(?<!\{)\{([a-z_]+)(?:\|([^{}|\n]{0,100}))?\}(?!\})")
DOUBLED = re.compile(rf"\{{\{{\s*(?:{'|'.join(VARIABLES)})\s*(?:\|[^{{}}]*)?\}}\}}")
SHORTCUT = re.compile(r"[\w-]{1,40}")
LONGEST_VALUE = 100
BLANKS = re.compile("[ \t\n\r\f\v\u2028\u2029]+")
"""Not the space that does not break, which amounts have."""
WHY = {
    "too_long": "it is longer than 4,000 characters",
    "empty": "it is empty",
    "bad_text": "it has characters that no message may have",
}


class Filled(Struct, frozen=True):
    """A text for a visitor, and the variables that had neither a value nor a text in its place."""

    text: str
    missing: tuple[str, ...] = ()


def fill(body: str, values: Mapping[str, str]) -> Filled:
    """The body with its variables replaced; one that is not known becomes its own text, or nothing."""
    missing: list[str] = []

    def value(found: re.Match[str]) -> str:
        if found[1] not in VARIABLES:
            return found[0]
        told = plain(values.get(found[1], "")) or found[2] or ""
        if not told and found[2] is None and found[1] not in missing:
            missing.append(found[1])
        return told

    return Filled(VARIABLE.sub(value, body), tuple(missing))


def plain(value: str) -> str:
    """A value on one line, without what no message may have; much of it is what a visitor says of himself."""
    return BLANKS.sub(" ", FORBIDDEN.sub(" ", value)).strip()[:LONGEST_VALUE]


def checked_body(body: str, where: str = "body") -> str:
    """The body as it is stored; BadInput for a text that no message can be, or an unknown variable."""
    text = clean(body)
    if isinstance(text, Unspeakable):
        raise BadInput(f"this text is not taken: {WHY[text.code]}", where=where)
    for found in VARIABLE.finditer(text):
        if found[1] not in VARIABLES:
            known = ", ".join(f"{{{one}}}" for one in VARIABLES)
            raise BadInput(f"there is no variable {{{found[1]}}}", where=place(where, text, found.start()), hint=known)
    if doubled := DOUBLED.search(text):
        where = place(where, text, doubled.start())
        raise BadInput(f"{doubled[0]} has two braces", where=where, hint="write one brace on each side")
    return text


def place(where: str, text: str, at: int) -> str:
    """`body:2:5`: the second line, the fifth character."""
    return f"{where}:{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}"


def checked_shortcut(shortcut: str) -> str:
    """The shortcut as it is stored, in small letters; BadInput for what cannot be typed after `/`."""
    name = unicodedata.normalize("NFC", shortcut.strip().removeprefix("/")).lower()
    if not SHORTCUT.fullmatch(name):
        raise BadInput("a shortcut is 1 to 40 letters, digits, - and _", where="shortcut", hint="delivery-time")
    return name
