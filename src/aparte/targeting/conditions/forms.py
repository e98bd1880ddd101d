"""The JSON form of a condition, which is what is stored and what the visual builder edits."""

import re
from math import isfinite
from typing import Any

import msgspec

from aparte.targeting.conditions.model import (
    INT_MAX,
    INT_MIN,
    MAX_DEPTH,
    MAX_NODES,
    MAX_TEXT,
    And,
    ConditionError,
    Double,
    Duration,
    Has,
    Int,
    Name,
    Node,
    Or,
    Text,
    walk,
)
from aparte.targeting.conditions.tokens import KEYWORDS, RESERVED

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\Z")


def to_json(tree: Node) -> dict[str, Any]:
    """The tree as plain objects, ready for a JSON encoder: `{"kind": "compare", "op": ">=", ...}`."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(tree))
    return plain


def from_json(value: object) -> Node:
    """The tree of a JSON form, given as objects or as encoded text; ConditionError when it is not one."""
    plain = _decoded(value) if isinstance(value, bytes | str) else value
    _limit(plain)
    try:
        tree: Node = msgspec.convert(plain, Node)
    except msgspec.ValidationError as error:
        raise ConditionError(f"this is not the JSON form of a condition: {error}") from error
    for node, _ in walk(tree):
        if fault := _fault(node):
            raise ConditionError(fault)
    return tree


def _decoded(value: bytes | str) -> object:
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ConditionError(f"this is not JSON: {error}") from error
    except RecursionError:
        raise ConditionError(f"the condition is nested more than {MAX_DEPTH} deep") from None


def _limit(plain: object) -> None:
    """Refuse too many or too deep objects before anything walks them by recursion."""
    waiting, parts, length = [(plain, 1)], 0, 0
    while waiting:
        current, depth = waiting.pop()
        length += len(current) if isinstance(current, str) else 0
        if length > MAX_TEXT + MAX_NODES * 16:  # each part's own words, such as "conditional", are not the user's
            raise ConditionError(f"the condition has more than {MAX_TEXT:,} characters")
        if not isinstance(current, dict | list | tuple):
            continue
        parts += isinstance(current, dict)
        if parts > MAX_NODES:
            raise ConditionError(f"the condition has more than {MAX_NODES:,} parts")
        if depth > MAX_DEPTH:
            raise ConditionError(f"the condition is nested more than {MAX_DEPTH} deep")
        inner = depth + 1 if isinstance(current, dict) else depth
        values = current.values() if isinstance(current, dict) else current
        waiting.extend((value, inner) for value in values)


def _fault(node: Node) -> str:
    match node:
        case Int(value) if not INT_MIN <= value <= INT_MAX:
            return "an integer does not fit into 64 bits"
        case Double(value) if not isfinite(value):
            return "a number must be finite"
        case Text(value) | Duration(value) if not _valid(value):
            return "a text is not valid Unicode: it holds half a surrogate pair"
        case Name(name) | Has(name) if not _is_name(name):
            return f"{name!r} is not a name"
        case And(items) | Or(items) if len(items) < 2:
            return "and, or need two items or more"
        case _:
            return ""


def _valid(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _is_name(name: str) -> bool:
    if not _NAME.match(name):
        return False
    first, *rest = name.split(".")
    return first not in RESERVED | KEYWORDS and not KEYWORDS.intersection(rest)
