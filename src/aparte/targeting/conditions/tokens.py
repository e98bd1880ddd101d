"""Text to tokens: the lexical part of CEL."""

import re
from typing import NamedTuple

from aparte.targeting.conditions.model import ConditionError, position

# First identifiers that CEL keeps for itself; they may follow a dot.
RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package"}
    | {"namespace", "return", "var", "void", "while"}
)
KEYWORDS = frozenset({"true", "false", "null", "in"})

_ESCAPED = r"(?:[^{q}\\\n\r]|\\.)*{q}"
_STRING = "|".join(
    [r"'''(?:[^\\]|\\.)*?'''", r'"""(?:[^\\]|\\.)*?"""'] + [quote + _ESCAPED.format(q=quote) for quote in ("'", '"')]
)
_RAW = r"'''.*?'''" + r'|""".*?"""' + r"|'[^'\n\r]*'" + r'|"[^"\n\r]*"'
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n\f]+|//[^\n]*)
    |(?P<bytes>(?:[bB][rR]?|[rR][bB])['"])
    |(?P<raw>[rR](?:{_RAW}))
    |(?P<string>{_STRING})
    |(?P<double>(?:[0-9]+\.[0-9]+|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)
    |(?P<int>0x[0-9a-fA-F]+|[0-9]+)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[<>!?:+\-*/%.,()\[\]{{}}])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\?\"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|)"
)
_SIMPLE = dict(zip("abfnrtv\\?\"'`", "\a\b\f\n\r\t\v\\?\"'`", strict=True))


class Token(NamedTuple):
    """A token: `kind` is name, int, double, string, sign or end; `text` as written, strings decoded."""

    kind: str
    text: str
    offset: int


def tokenize(text: str) -> list[Token]:
    """All tokens of a condition, closed by an `end` token."""
    tokens, at = [], 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unreadable(text, at)
        if found.lastgroup != "space":
            tokens.append(_token(text, found))
        at = found.end()
    return [*tokens, Token("end", "", len(text))]


def _token(text: str, found: re.Match[str]) -> Token:
    kind, written, at = found.lastgroup or "", found[0], found.start()
    if kind == "bytes":
        raise refusal(text, at, "bytes are not part of the condition language", "write the text without b")
    if kind == "string":
        return Token("string", _unescape(text, at, *_content(written)), at)
    if kind == "raw":
        return Token("string", _content(written[1:])[0], at)
    if kind in ("int", "double") and text[found.end() : found.end() + 1] in ("u", "U"):
        raise refusal(text, at, "unsigned integers are not part of the condition language", f"write {written}")
    return Token(kind, written, at)


def _content(written: str) -> tuple[str, int]:
    width = 3 if written[:3] in ("'''", '"""') and len(written) >= 6 else 1
    return written[width:-width], width


def _unescape(text: str, at: int, content: str, width: int) -> str:
    def decode(found: re.Match[str]) -> str:
        offset = at + width + found.start()
        simple, byte, short, long, octal = found.groups()
        if simple:
            return _SIMPLE[simple]
        if not (digits := byte or short or long or octal):
            raise refusal(text, offset, "unknown escape in a text", r"write \\ for a backslash, or r'...'")
        return _character(text, offset, int(digits, 8 if octal else 16))

    return _ESCAPE.sub(decode, content)


def _character(text: str, offset: int, code: int) -> str:
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise refusal(text, offset, f"U+{code:04X} is not a character")
    return chr(code)


def _unreadable(text: str, at: int) -> ConditionError:
    if text[at] in "'\"":
        return refusal(text, at, "the text is not closed", f"end it with {text[at]}")
    single = {"&": "write &&", "|": "write ||", "=": "write == to compare"}
    return refusal(text, at, f"unexpected character {text[at]!r}", single.get(text[at], ""))


def refusal(text: str, offset: int, what: str, hint: str = "") -> ConditionError:
    """A refusal that points into the text."""
    line, column = position(text, offset)
    return ConditionError(what, line=line, column=column, hint=hint)
