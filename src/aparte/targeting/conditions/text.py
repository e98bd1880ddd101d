"""Tree to canonical text: `parse(to_text(tree)) == tree` for every tree within the limits."""

from typing import assert_never

from aparte.targeting.conditions.model import (
    And,
    Arithmetic,
    Bool,
    Call,
    Compare,
    Conditional,
    Double,
    Duration,
    Has,
    Int,
    ListOf,
    Name,
    Negate,
    Node,
    Not,
    Or,
    Size,
    Text,
)

# How tightly each form binds; a part that binds less than its place asks for gets brackets.
_CONDITIONAL, _OR, _AND, _RELATION, _SUM, _PRODUCT, _UNARY, _MEMBER = range(8)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def to_text(tree: Node) -> str:
    """The canonical CEL text of a tree, with as few brackets as possible."""
    return _write(tree)[0]


def quoted(text: str) -> str:
    """A text as a CEL literal; patterns with backslashes become raw strings where that is safe."""
    if "\\" in text and text.isprintable() and '"' not in text and not text.endswith("\\"):
        return f'r"{text}"'
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if short := _ESCAPES.get(character):
        return short
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _part(node: Node, place: int) -> str:
    text, binding = _write(node)
    return text if binding >= place else f"({text})"


def _write(node: Node) -> tuple[str, int]:
    match node:
        case Bool(value):
            return ("true" if value else "false"), _MEMBER
        case Int(value):
            return str(value), _MEMBER
        case Double(value):
            return repr(value), _MEMBER
        case Text(value):
            return quoted(value), _MEMBER
        case Duration(value):
            return f"duration({quoted(value)})", _MEMBER
        case Name(name):
            return name, _MEMBER
        case Has(name):
            return f"has({name})", _MEMBER
        case ListOf(items):
            return f"[{', '.join(to_text(item) for item in items)}]", _MEMBER
        case Size(item):
            return f"size({to_text(item)})", _MEMBER
        case Call(method, item, argument):
            return f"{_part(item, _MEMBER)}.{method}({to_text(argument)})", _MEMBER
        case _:
            return _operation(node)


def _operation(node: Not | Negate | And | Or | Compare | Arithmetic | Conditional) -> tuple[str, int]:
    match node:
        case Not(item):
            return "!" + (f"({to_text(item)})" if isinstance(item, Negate) else _part(item, _UNARY)), _UNARY
        case Negate(item):
            # A sign before a number belongs to the number, so what begins with a number needs its brackets.
            text = _part(item, _UNARY)
            return f"-({text})" if text[0] in "0123456789-!" else f"-{text}", _UNARY
        case And(items):
            return " && ".join(_part(item, _RELATION) for item in items), _AND
        case Or(items):
            return " || ".join(_part(item, _AND) for item in items), _OR
        case Compare(op, left, right):
            return f"{_part(left, _RELATION)} {op} {_part(right, _SUM)}", _RELATION
        case Arithmetic(op, left, right):
            place = _SUM if op in ("+", "-") else _PRODUCT
            return f"{_part(left, place)} {op} {_part(right, place + 1)}", place
        case Conditional(test, then, otherwise):
            return f"{_part(test, _OR)} ? {_part(then, _OR)} : {to_text(otherwise)}", _CONDITIONAL
        case _:
            assert_never(node)
