"""The firm's own formula: numbers, names of figures, + - * /, parentheses, min(...) and max(...). Nothing else.

sum     = product (("+" | "-") product)*
product = signed (("*" | "/") signed)*
signed  = "-" signed | atom
atom    = number | name | ("min" | "max") "(" sum ("," sum)* ")" | "(" sum ")"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from difflib import get_close_matches
from math import isfinite
from typing import TypeAlias

from msgspec import Struct

from aparte.kit.errors import BadInput

MOST_TEXT, MOST_TOKENS, MOST_DEPTH, MOST_VALUE = 500, 200, 30, 1e15
TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,15}(?:\.[0-9]{1,9})?)(?![0-9.A-Za-z_])|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>[-+*/(),]))",
    re.ASCII,
)
MEANT = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", ":": "/", "[": "(", "]": ")"}
CALLS: dict[str, Callable[..., float]] = {"min": min, "max": max}


class Number(Struct, frozen=True):
    """As written."""

    value: float


class Name(Struct, frozen=True):
    """Of a figure."""

    name: str
    at: int


class Apply(Struct, frozen=True):
    """An operation on its terms: `+ - * /`, `min`, `max`, or `neg`; `text` is how the last term is written."""

    does: str
    of: tuple[Tree, ...]
    at: int
    text: str = ""


Tree: TypeAlias = Number | Name | Apply


class Token(Struct, frozen=True):
    """A piece of the text, and where it begins and ends."""

    kind: str
    text: str
    at: int
    end: int


class DividedByZero(BadInput):
    """A division by zero; `term` is how its divisor is written."""

    def __init__(self, term: str, at: int) -> None:
        self.term = term
        super().__init__(f"{term} is 0, and nothing can be divided by it", where=f"character {at + 1}")


def fault(what: str, at: int, hint: str = "") -> BadInput:
    """An error with its position, from 1."""
    return BadInput(what, where=f"character {at + 1}", hint=hint)


def tokens(text: str) -> list[Token]:
    """The pieces; BadInput for what is none."""
    if len(text) > MOST_TEXT:
        raise fault(f"the formula has {len(text)} characters", MOST_TEXT, f"at most {MOST_TEXT}")
    found, at = [], 0
    while text[at:].strip():
        token = TOKEN.match(text, at)
        if token is None:
            raise unreadable(text, at + len(text[at:]) - len(text[at:].lstrip()))
        kind = str(token.lastgroup)
        found.append(Token(kind, token[kind], token.start(kind), at := token.end()))
        if len(found) > MOST_TOKENS:
            raise fault("the formula is too long", at, f"at most {MOST_TOKENS} names, numbers and signs")
    return found


def unreadable(text: str, at: int) -> BadInput:
    """What stands there instead."""
    one = text[at]
    if one in MEANT:
        return fault(f"{one!r} is no sign", at, f"write {MEANT[one]}")
    if one.isdigit() or one == ".":
        return fault("this is no number", at, "write it like 1500 or 0.25")
    return fault(f"{one!r} is no part of a formula", at, "use names, numbers, + - * / ( ) , min max")


def parse(text: str, names: Collection[str]) -> Tree:
    """The tree of a formula over these names. BadInput says what is wrong, and at which character."""
    reader = Reader(text, names)
    if not reader.tokens:
        raise fault("the formula is empty", 0, "write one, or take back the one that was there first")
    tree = reader.sum(0)
    if reader.place < len(reader.tokens):
        one = reader.tokens[reader.place]
        raise fault(f"{one.text!r} is not expected here", one.at, "a sign is missing, or a parenthesis is too many")
    return tree


class Reader:
    """Reads a formula from left to right."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text, self.names = text, names
        self.tokens = tokens(text)
        self.place = 0

    def peek(self) -> str:
        """The next sign or word; nothing at the end."""
        return self.tokens[self.place].text if self.place < len(self.tokens) else ""

    def take(self, expected: str = "") -> Token:
        """The next piece; BadInput at the end, or for another one than expected."""
        if self.place >= len(self.tokens):
            what = f"{expected!r} is missing at the end" if expected else "the formula breaks off"
            raise fault(what, len(self.text))
        one = self.tokens[self.place]
        if expected and one.text != expected:
            raise fault(f"{expected!r} is missing before {one.text!r}", one.at)
        self.place += 1
        return one

    def sum(self, depth: int) -> Tree:
        """Products, added and taken off."""
        return self.chain("+-", self.product, depth)

    def product(self, depth: int) -> Tree:
        """Factors and divisors."""
        return self.chain("*/", self.signed, depth)

    def chain(self, signs: str, below: Callable[[int], Tree], depth: int) -> Tree:
        """Terms of one rank, from left to right."""
        if depth > MOST_DEPTH:
            raise fault("parentheses are too deep", self.tokens[min(self.place, len(self.tokens) - 1)].at)
        left = below(depth)
        while self.peek() and self.peek() in signs:
            sign = self.take()
            begin = self.place
            right = below(depth)
            left = Apply(sign.text, (left, right), sign.at, self.written(begin))
        return left

    def written(self, begin: int) -> str:
        """The text of the pieces from one on."""
        return self.text[self.tokens[begin].at : self.tokens[self.place - 1].end]

    def signed(self, depth: int) -> Tree:
        """Something, or less than nothing of it."""
        if self.peek() != "-":
            return self.atom(depth)
        sign = self.take()
        if depth > MOST_DEPTH:
            raise fault("signs are too deep", sign.at)
        return Apply("neg", (self.signed(depth + 1),), sign.at)

    def atom(self, depth: int) -> Tree:
        """A number, a name, a call, or something in parentheses."""
        one = self.take()
        if one.kind == "number":
            return Number(float(one.text))
        if one.text in CALLS and self.peek() == "(":
            return self.call(one, depth)
        if one.kind == "name":
            return self.named(one)
        if one.text != "(":
            raise fault(f"{one.text!r} is not expected here", one.at, "a name or a number is missing before it")
        inner = self.sum(depth + 1)
        self.take(")")
        return inner

    def named(self, one: Token) -> Name:
        """A name that is known; BadInput proposes the nearest."""
        if one.text in self.names:
            return Name(one.text, one.at)
        near = get_close_matches(one.text, sorted(self.names), 1, 0.5)
        raise fault(f"there is no figure {one.text[:60]}", one.at, f"do you mean {near[0]}?" if near else "")

    def call(self, one: Token, depth: int) -> Apply:
        """min or max of one or more."""
        self.take("(")
        terms = [self.sum(depth + 1)]
        while self.peek() == ",":
            self.take()
            terms.append(self.sum(depth + 1))
        self.take(")")
        return Apply(one.text, tuple(terms), one.at)


def evaluate(tree: Tree, value_of: Callable[[str], float]) -> float:
    """The number. BadInput for a division by zero, which says the term, and for what is beyond all measure."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return value_of(tree.name)
    terms = [evaluate(one, value_of) for one in tree.of]
    if tree.does == "/" and terms[1] == 0:
        raise DividedByZero(tree.text, tree.at)
    found = apply(tree.does, terms)
    if not (isfinite(found) and abs(found) <= MOST_VALUE):
        raise fault("the result is beyond all measure", tree.at)
    return found


def apply(does: str, terms: list[float]) -> float:
    """One operation."""
    if does == "neg":
        return -terms[0]
    if does in CALLS:
        return CALLS[does](terms)
    left, right = terms
    return {"+": left + right, "-": left - right, "*": left * right}[does] if does != "/" else left / right
