"""The static check: every name known, every type right, every constant possible, before a condition is saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import assert_never

from aparte.targeting.conditions.durations import parse_duration
from aparte.targeting.conditions.model import (
    ANY,
    BOOL,
    DOUBLE,
    DURATION,
    INT,
    MAX_TEXT,
    NUMBER,
    STRING,
    And,
    Arithmetic,
    Bool,
    Call,
    Compare,
    Conditional,
    ConditionError,
    Double,
    Duration,
    Has,
    Int,
    Kind,
    ListOf,
    Name,
    Negate,
    Node,
    Not,
    Or,
    Scope,
    Size,
    Source,
    Symbol,
    Text,
    Type,
    list_of,
    names_in,
    suggestion,
    walk,
)
from aparte.targeting.conditions.parse import read_source
from aparte.targeting.conditions.regex import matcher
from aparte.targeting.conditions.text import to_text

NUMERIC = frozenset({Kind.INT, Kind.DOUBLE, Kind.NUMBER})
_HOW_TO_WRITE = {
    Kind.BOOL: "write true or false",
    Kind.INT: "write a whole number, such as 3",
    Kind.DOUBLE: "write a decimal number, such as 3.0",
    Kind.NUMBER: "write a number, such as 3 or 2.5",
    Kind.STRING: 'write a text in quotes, such as "cart"',
    Kind.DURATION: 'write duration("30s")',
    Kind.LIST: "write a list, such as [1, 2]",
    Kind.ANY: "write a number, a text, true or false",
}


@dataclass(frozen=True)
class Warn:
    """Something that is allowed and probably not meant."""

    line: int
    column: int
    text: str


@dataclass(frozen=True, eq=False)
class Checked:
    """A condition that passed the check: its tree, its type, the names it reads, warnings."""

    tree: Node
    type: Type
    reads: frozenset[str]
    warnings: tuple[Warn, ...]
    source: Source = field(repr=False)
    scope: Scope = field(repr=False)
    # By identity of the node; `source` keeps the nodes alive.
    types: Mapping[int, Type] = field(repr=False)

    def type_of(self, node: Node) -> Type:
        """The type that the check found for a part of the tree."""
        return self.types[id(node)]

    def symbol(self, name: str) -> Symbol:
        """The symbol of a name that the condition reads."""
        found = self.scope.find(name)
        assert found is not None, f"{name} passed the check"
        return found

    @cached_property
    def text(self) -> str:
        """The canonical text."""
        return to_text(self.tree)


def check(condition: str | Source | Node, scope: Scope, *, boolean: bool = True) -> Checked:
    """Check a condition (text, source or tree) against a scope; ConditionError with line and column.

    A bare tree has no text: positions then refer to its canonical text. `boolean=False` accepts any value.
    """
    source = _source(condition)
    checker = _Checker(source, scope)
    found = checker.infer(source.tree)
    if boolean and found.kind not in (Kind.BOOL, Kind.ANY):
        raise source.error(source.tree, f"a condition is true or false, this is {found}", "compare it with something")
    reads = names_in(source.tree)
    return Checked(source.tree, found, reads, _warnings(source, scope), source, scope, checker.types)


def _source(condition: str | Source | Node) -> Source:
    if isinstance(condition, Source):
        return condition
    if isinstance(condition, str):
        return read_source(condition)
    # Canonical text may be longer than what was typed: spaces, escapes.
    return read_source(to_text(condition), longest=8 * MAX_TEXT)


class _Checker:
    def __init__(self, source: Source, scope: Scope) -> None:
        self.source, self.scope = source, scope
        self.types: dict[int, Type] = {}

    def infer(self, node: Node) -> Type:
        found = self.types[id(node)] = self.type_of(node)
        return found

    def type_of(self, node: Node) -> Type:
        match node:
            case Bool():
                return BOOL
            case Int():
                return INT
            case Double():
                return DOUBLE
            case Text():
                return STRING
            case Duration():
                return self.duration(node)
            case Name(name):
                return self.known(node, name).type
            case Has(name):
                self.known(node, name)
                return BOOL
            case ListOf(items):
                return self.list(node, items)
            case Not(item):
                return self.logic(item)
            case And(items) | Or(items):
                return self.all_logic(items)
            case Negate(item):
                return self.negation(item)
            case Compare():
                return self.comparison(node)
            case Arithmetic():
                return self.arithmetic(node)
            case Conditional():
                return self.conditional(node)
            case Call():
                return self.call(node)
            case Size(item):
                self.demand(item, lambda kind: kind in (Kind.STRING, Kind.LIST), "size() takes a text or a list")
                return INT
            case _:
                assert_never(node)

    def known(self, node: Node, name: str) -> Symbol:
        if found := self.scope.find(name):
            return found
        known = [*self.scope.symbols, *self.scope.prefixes]
        below = [other for other in known if other.startswith(f"{name}.")]
        hint = f"its parts are {', '.join(sorted(below)[:5])}" if below else suggestion(name, known)
        raise self.error(node, f"unknown name {name}", hint)

    def duration(self, node: Duration) -> Type:
        if parse_duration(node.value) is None:
            raise self.error(
                node, f"{node.value!r} is not a duration", 'write "90s", "1h30m" or "500ms"; a day is "24h"'
            )
        return DURATION

    def list(self, node: Node, items: tuple[Node, ...]) -> Type:
        types = [self.infer(item) for item in items]
        for item, found in zip(items, types, strict=True):
            if found.kind is Kind.LIST:
                raise self.error(item, "lists of lists are not part of the condition language")
        joined = _joined(types)
        if joined == ANY and DURATION in types:
            raise self.error(node, "durations are listed with durations only", _HOW_TO_WRITE[Kind.DURATION])
        return list_of(joined)

    def logic(self, item: Node) -> Type:
        self.demand(item, lambda kind: kind is Kind.BOOL, "true or false is expected")
        return BOOL

    def all_logic(self, items: tuple[Node, ...]) -> Type:
        for item in items:
            self.logic(item)
        return BOOL

    def demand(self, item: Node, fits: Callable[[Kind], bool], what: str) -> Type:
        found = self.infer(item)
        if found.kind is not Kind.ANY and not fits(found.kind):
            raise self.error(item, f"{what}, this is {found}", self.instead(item, found))
        return found

    def instead(self, item: Node, found: Type) -> str:
        if found.kind is Kind.BOOL:
            return "true and false are compared with == and !="
        return f"compare it, as in {to_text(item)} {_EXAMPLES[found.kind]}"[:120]

    def negation(self, item: Node) -> Type:
        return self.demand(item, lambda kind: kind in NUMERIC, "- takes a number")

    def comparison(self, node: Compare) -> Type:
        left, right = self.infer(node.left), self.infer(node.right)
        if node.op == "in":
            self.membership(node, left, right)
        elif node.op not in ("==", "!=") and (Kind.LIST in (left.kind, right.kind)):
            raise self.error(node, f"lists have no order, {node.op} cannot compare them", "use == or in")
        elif not comparable(left, right):
            raise self.mismatch(node.right, f"{left} and {right} cannot be compared", left)
        self.possible(node.left, node.right)
        self.possible(node.right, node.left)
        return BOOL

    def membership(self, node: Compare, left: Type, right: Type) -> None:
        if right.element is None:
            hint = f"write {to_text(node.right)}.contains(...)" if right.kind is Kind.STRING else "write x in [a, b]"
            raise self.error(node.right, f"in takes a list, this is {right}", hint[:120])
        if left.kind is Kind.LIST or not comparable(left, right.element):
            raise self.mismatch(node.right, f"{left} cannot be in {right}", left)

    def mismatch(self, node: Node, what: str, wanted: Type) -> ConditionError:
        # Where the right side is a name, its own type is the one to be written on the other side.
        if isinstance(node, Name):
            return self.error(node, what, f"{node.name} is {self.types[id(node)]}")
        return self.error(node, what, _HOW_TO_WRITE[wanted.kind])

    def possible(self, name: Node, constant: Node) -> None:
        values = self.known(name, name.name).values if isinstance(name, Name) else None
        for item in (constant.items if isinstance(constant, ListOf) else (constant,)) if values else ():
            if values and isinstance(item, Text) and item.value not in values:
                hint = suggestion(item.value, list(values)) or f"one of {', '.join(values)}"
                raise self.error(item, f"{to_text(name)} is never {item.value!r}", hint)

    def arithmetic(self, node: Arithmetic) -> Type:
        left, right = self.infer(node.left), self.infer(node.right)
        found = arithmetic_type(node.op, left, right)
        if found is None:
            what = f"{node.op} cannot take {left} and {right}"
            raise self.error(node, what, _arithmetic_hint(node.op, left, right))
        return found

    def conditional(self, node: Conditional) -> Type:
        self.logic(node.test)
        then, otherwise = self.infer(node.then), self.infer(node.otherwise)
        found = _common(then, otherwise)
        if found is None and ANY in (then, otherwise) and comparable(then, otherwise):
            return ANY
        if found is None:
            raise self.mismatch(node.otherwise, f"the two results differ: {then} and {otherwise}", then)
        return found

    def call(self, node: Call) -> Type:
        self.demand(node.item, lambda kind: kind is Kind.STRING, f"{node.method}() is asked of a text")
        self.demand(node.argument, lambda kind: kind is Kind.STRING, f"{node.method}() takes a text")
        if node.method == "matches":
            self.pattern(node.argument)
        return BOOL

    def pattern(self, argument: Node) -> None:
        if not isinstance(argument, Text):
            raise self.error(argument, "the pattern of matches() is a text in quotes", 'write matches("^/cart")')
        try:
            matcher(argument.value)
        except ConditionError as error:
            raise self.error(argument, error.what, error.hint) from None

    def error(self, node: Node, what: str, hint: str = "") -> ConditionError:
        return self.source.error(node, what, hint)


_EXAMPLES = {
    Kind.INT: "> 0",
    Kind.DOUBLE: "> 0.0",
    Kind.NUMBER: "> 0",
    Kind.STRING: '== "..."',
    Kind.DURATION: '>= duration("30s")',
    Kind.LIST: "== [...]",
}


def comparable(left: Type, right: Type) -> bool:
    """May values of the two types be compared with each other?"""
    if left.element and right.element:
        return comparable(left.element, right.element)
    return _common(left, right) is not None or (
        Kind.ANY in (left.kind, right.kind) and not {left.kind, right.kind} & {Kind.LIST, Kind.DURATION}
    )


def _common(left: Type, right: Type) -> Type | None:
    """The type of a value that is either; an int and a double are a number only beside a number."""
    if left == right:
        return left
    if left.kind in NUMERIC and right.kind in NUMERIC and Kind.NUMBER in (left.kind, right.kind):
        return NUMBER
    elements = (left.element, right.element)
    if ANY in elements and None not in elements and DURATION not in elements:
        return list_of(ANY)
    return None


def _joined(types: list[Type]) -> Type:
    """The type of the elements of a list: mixed numbers are numbers, other mixtures anything."""
    kinds = {found.kind for found in types}
    if len(kinds) == 1:
        return types[0]
    return NUMBER if kinds and kinds <= NUMERIC else ANY


def arithmetic_type(op: str, left: Type, right: Type) -> Type | None:
    """The type of `left op right`, or None when there is no such operation."""
    kinds = {left.kind, right.kind}
    if op == "%":
        return INT if kinds <= {Kind.INT, Kind.ANY} else None
    if Kind.ANY in kinds:
        return _with_any(op, kinds - {Kind.ANY})
    if op in ("+", "-") and kinds == {Kind.DURATION}:
        return DURATION
    if op == "+" and kinds in ({Kind.STRING}, {Kind.LIST}):
        return _common(left, right)
    if not kinds <= NUMERIC or kinds == {Kind.INT, Kind.DOUBLE}:
        return None
    # `/` of a `number` is a true quotient: 100 / 8 must not depend on whether a price was written 100 or 100.0.
    return left if left == right else NUMBER


def _with_any(op: str, others: set[Kind]) -> Type | None:
    if others <= NUMERIC:
        return ANY if op == "+" and not others else NUMBER
    return STRING if op == "+" and others == {Kind.STRING} else None


def _arithmetic_hint(op: str, left: Type, right: Type) -> str:
    if {left.kind, right.kind} == {Kind.INT, Kind.DOUBLE}:
        return "write both with a decimal point"
    if op == "%":
        return "% takes whole numbers"
    if Kind.DURATION in (left.kind, right.kind):
        return "durations are added and subtracted, with durations"
    return "+ - * / take two numbers of one type, + also two texts"


def _warnings(source: Source, scope: Scope) -> tuple[Warn, ...]:
    nodes = [node for node, _ in walk(source.tree)]
    asked = {node.name for node in nodes if isinstance(node, Has)}
    found: dict[str, Warn] = {}
    for node in nodes:
        if text := _remark(node, scope, asked):
            where = source.error(node, text)
            found.setdefault(text, Warn(where.line, where.column, text))
    return tuple(found.values())


def _remark(node: Node, scope: Scope, asked: set[str]) -> str:
    symbol = scope.find(node.name) if isinstance(node, Name | Has) else None
    if symbol and isinstance(node, Has) and symbol.presence == "always":
        return f"{symbol.name} is always there: has({symbol.name}) is always true"
    if symbol and isinstance(node, Name) and symbol.presence == "maybe" and symbol.name not in asked:
        return f"{symbol.name} may be absent: the comparison then does not hold; has({symbol.name}) asks"
    return ""
