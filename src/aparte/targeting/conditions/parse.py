"""Text to tree: a precedence parser for the subset of CEL."""

from collections.abc import Callable
from math import isinf
from typing import cast

from aparte.targeting.conditions.model import (
    INT_MAX,
    INT_MIN,
    MAX_DEPTH,
    MAX_NODES,
    MAX_TEXT,
    And,
    Arithmetic,
    ArithmeticOp,
    Bool,
    Call,
    Compare,
    CompareOp,
    Conditional,
    ConditionError,
    Double,
    Duration,
    Has,
    Int,
    ListOf,
    Method,
    Name,
    Negate,
    Node,
    Not,
    Or,
    Size,
    Source,
    Text,
    suggestion,
    walk,
)
from aparte.targeting.conditions.tokens import KEYWORDS, RESERVED, Token, refusal, tokenize

METHODS = ("contains", "startsWith", "endsWith", "matches")
FUNCTIONS = ("has", "size", "duration")
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
_TOO_LARGE = "split it into several rules or segments"


def parse(text: str) -> Node:
    """The tree of a condition's text; ConditionError with line and column when it cannot be read."""
    return read_source(text).tree


def read_source(text: str, *, longest: int = MAX_TEXT) -> Source:
    """The tree of a text together with the positions of its nodes."""
    if len(text) > longest:
        raise ConditionError(f"the condition has more than {MAX_TEXT:,} characters", hint=_TOO_LARGE)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ConditionError("the condition is not valid Unicode: it holds half a surrogate pair")
    parser = _Parser(text)
    source = Source(parser.whole(), text, parser.offsets)
    for node, depth in walk(source.tree):
        if depth > MAX_DEPTH:
            raise source.error(node, f"the condition is nested more than {MAX_DEPTH} deep", _TOO_LARGE)
    return source


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at, self.depth = text, tokenize(text), 0, 0
        self.offsets: dict[int, int] = {}
        # Every node made stays alive while we parse, so that no identity is given out twice.
        self.kept: list[Node] = []
        self.parts = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def whole(self) -> Node:
        node = self.expression()
        if self.token.kind != "end":
            raise self.unexpected("an operator or the end")
        return node

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"the condition is nested more than {MAX_DEPTH} deep", _TOO_LARGE)
        node = self.either()
        if self.accept("?"):
            offset = self.offsets[id(node)]
            then = self.either()  # as in CEL, a choice in the middle of a choice needs brackets
            self.expect(":")
            node = self.made(Conditional(node, then, self.expression()), offset)
        self.depth -= 1
        return node

    def either(self) -> Node:
        return self.chain("||", self.both, Or)

    def both(self) -> Node:
        return self.chain("&&", self.relation, And)

    def chain(self, sign: str, part: Callable[[], Node], make: type[And] | type[Or]) -> Node:
        offset, items = self.token.offset, [part()]
        while self.accept(sign):
            items.append(part())
        return items[0] if len(items) == 1 else self.made(make(tuple(items)), offset)

    def relation(self) -> Node:
        offset, node = self.token.offset, self.sum()
        while self.token.kind in ("sign", "name") and self.token.text in _COMPARISONS:
            op = cast(CompareOp, self.take().text)
            node = self.made(Compare(op, node, self.sum()), offset)
        return node

    def sum(self) -> Node:
        return self.arithmetic(("+", "-"), self.product)

    def product(self) -> Node:
        return self.arithmetic(("*", "/", "%"), self.unary)

    def arithmetic(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        offset, node = self.token.offset, part()
        while self.token.kind == "sign" and self.token.text in signs:
            op = cast(ArithmeticOp, self.take().text)
            node = self.made(Arithmetic(op, node, part()), offset)
        return node

    def unary(self) -> Node:
        signs = []
        while self.token.kind == "sign" and self.token.text in ("!", "-"):
            signs.append(self.take())
        negative = bool(signs) and signs[-1].text == "-" and self.token.kind in ("int", "double")
        node = self.member(signs.pop() if negative else None)
        for sign in reversed(signs):
            node = self.made(Not(node) if sign.text == "!" else Negate(node), sign.offset)
        return node

    def member(self, sign: Token | None = None) -> Node:
        offset, node = (sign or self.token).offset, self.number(sign) if sign else self.primary()
        while self.token.kind == "sign" and self.token.text in (".", "["):
            if self.token.text == "[":
                raise self.error("indexing is not part of the condition language", "use in, or a name with dots")
            self.take()
            node = self.selected(node, self.identifier(), offset)
        return node

    def selected(self, node: Node, name: Token, offset: int) -> Node:
        if self.accept("("):
            return self.method(node, name, offset)
        if not isinstance(node, Name):
            raise self.error(
                "only names have parts after a dot", "call contains, startsWith, endsWith or matches", name
            )
        return self.absorbing(Name(f"{node.name}.{name.text}"), offset)

    def method(self, node: Node, name: Token, offset: int) -> Node:
        if name.text == "size":
            self.expect(")")
            return self.made(Size(node), offset)
        if name.text not in METHODS:
            hint = suggestion(name.text, [*METHODS, "size"]) or f"there are {', '.join(METHODS)} and size"
            raise self.error(f"{name.text}() is not part of the condition language", hint, name)
        argument = self.expression()
        self.expect(")")
        return self.made(Call(cast(Method, name.text), node, argument), offset)

    def primary(self) -> Node:
        token = self.token
        if token.kind in ("int", "double"):
            return self.number()
        if token.kind == "string":
            return self.made(Text(self.take().text), token.offset)
        if token.kind == "name":
            return self.word(self.take())
        if self.accept("("):
            node = self.expression()
            self.expect(")")
            return node
        if self.accept("["):
            return self.made(ListOf(self.items()), token.offset)
        if token.text == "{":
            raise self.error("maps are not part of the condition language", "compare names one by one")
        raise self.unexpected("a value")

    def items(self) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self.accept("]"):
            found.append(self.expression())
            if self.token.text != "]" or self.token.kind != "sign":
                self.expect(",")
        return tuple(found)

    def word(self, token: Token) -> Node:
        if token.text in ("true", "false"):
            return self.made(Bool(token.text == "true"), token.offset)
        if token.text == "null":
            raise self.error("null is not part of the condition language", "has(name) asks for a value", token)
        if token.text in KEYWORDS | RESERVED:
            raise self.error(f"{token.text} is a reserved word, a value is expected", "", token)
        if self.accept("("):
            return self.function(token)
        return self.made(Name(token.text), token.offset)

    def function(self, token: Token) -> Node:
        if token.text not in FUNCTIONS:
            raise self.error(f"{token.text}() is not part of the condition language", _instead(token.text), token)
        argument = self.expression()
        self.expect(")")
        if token.text == "size":
            return self.made(Size(argument), token.offset)
        if token.text == "has":
            return self.asked(token, argument)
        if not isinstance(argument, Text):
            raise self.error("duration() takes a text in quotes", 'write duration("30s")', token)
        return self.absorbing(Duration(argument.value), token.offset)

    def asked(self, token: Token, argument: Node) -> Node:
        if not isinstance(argument, Name):
            raise self.error("has() takes a name", "write has(visitor.last_visit)", token)
        return self.absorbing(Has(argument.name), token.offset)

    def number(self, sign: Token | None = None) -> Node:
        token = self.take()
        written, offset = ("-" if sign else "") + token.text, (sign or token).offset
        return self.made(
            self.decimal(written, token) if token.kind == "double" else self.integer(written, token), offset
        )

    def integer(self, written: str, token: Token) -> Int:
        # Python refuses to read more than 4,300 digits: such a number is far out of range anyway.
        value = int(written, 16 if "x" in written else 10) if len(written) < 400 else INT_MAX + 1
        if not INT_MIN <= value <= INT_MAX:
            raise self.error("the integer does not fit into 64 bits", "write it with a decimal point", token)
        return Int(value)

    def decimal(self, written: str, token: Token) -> Double:
        value = float(written)
        if isinf(value):
            raise self.error("the number is too large", "the largest is about 1.8e308", token)
        return Double(value)

    def identifier(self) -> Token:
        if self.token.kind != "name" or self.token.text in KEYWORDS:
            raise self.unexpected("a name after the dot")
        return self.take()

    def take(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def accept(self, sign: str) -> bool:
        if self.token.kind == "sign" and self.token.text == sign:
            self.at += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        if not self.accept(sign):
            raise self.unexpected(repr(sign))

    def made(self, node: Node, offset: int) -> Node:
        self.offsets[id(node)] = offset
        self.kept.append(node)
        self.parts += 1
        if self.parts > MAX_NODES:
            raise self.error(f"the condition has more than {MAX_NODES:,} parts", _TOO_LARGE)
        return node

    def absorbing(self, node: Node, offset: int) -> Node:
        self.parts -= 1
        return self.made(node, offset)

    def unexpected(self, expected: str) -> ConditionError:
        found = "the end" if self.token.kind == "end" else repr(self.token.text)
        return self.error(f"expected {expected}, found {found}")

    def error(self, what: str, hint: str = "", token: Token | None = None) -> ConditionError:
        return refusal(self.text, (token or self.token).offset, what, hint)


def _instead(name: str) -> str:
    if name in METHODS:
        return f'write name.{name}("...")'
    return suggestion(name, list(FUNCTIONS)) or f"there are {', '.join(FUNCTIONS)}"
