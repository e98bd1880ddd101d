"""Conditions that can never hold: an impossible value, or clauses of one conjunction that contradict one another.

Only what is certain is refused. Each compared term (a name, a size, a sum) has what is still possible for it: bounds,
listed values, values that are ruled out. A conjunction narrows it clause by clause; a branch of `||` starts from what
is known around it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct, structs

from aparte.targeting.conditions.check import Checked
from aparte.targeting.conditions.durations import parse_duration
from aparte.targeting.conditions.model import (
    And,
    Bool,
    Call,
    Compare,
    Conditional,
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
    Text,
    walk,
)
from aparte.targeting.conditions.text import to_text

Value: TypeAlias = bool | int | float | str
Tagged: TypeAlias = tuple[type, Value]
Limits: TypeAlias = Callable[[str], tuple[float | None, float | None]]
"""Least and most possible value of a name; durations in seconds, None without a limit."""

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
TOGETHER = "leave one of them out, or join them with ||"
NO_LIMITS: Limits = lambda name: (None, None)  # noqa: E731


class Possible(Struct, frozen=True):
    """What a term can still be. A bound is (value, whether the value itself is possible)."""

    least: tuple[float, bool] | None = None
    most: tuple[float, bool] | None = None
    among: frozenset[Tagged] | None = None
    without: frozenset[Tagged] = frozenset()
    because: tuple[tuple[str, Possible], ...] = ()
    """The clauses that have narrowed it, as they are written, and what each alone leaves possible."""


Known: TypeAlias = dict[str, Possible]


class Contradiction(Exception):
    """These clauses cannot hold together; `node` is the one that is one too many."""

    def __init__(self, node: Node, what: str, hint: str) -> None:
        self.node, self.what, self.hint = node, what, hint
        super().__init__(what)


def refuse_never(checked: Checked, limits: Limits = NO_LIMITS) -> None:
    """ConditionError, with its place, when a value is impossible or the whole can never hold."""
    try:
        for node, _ in walk(checked.tree):
            if isinstance(node, Compare):
                impossible(node, checked, limits)
        narrow(checked.tree, {}, checked)
    except Contradiction as found:
        raise checked.source.error(found.node, found.what, found.hint) from None


def impossible(node: Compare, checked: Checked, limits: Limits) -> None:
    """A comparison of a name with a constant beyond what the name can be."""
    left, right, op = sided(node)
    if not isinstance(left, Name):
        return
    least, most = limits(left.name)
    if least is None and most is None:
        return
    for item in right.items if isinstance(right, ListOf) else (right,):
        value = constant(item)
        if isinstance(value, str | bool) or value is None:
            continue
        below = least is not None and (value < least or (value == least and op == "<"))
        above = most is not None and (value > most or (value == most and op == ">"))
        if (below and op in ("==", "!=", "in", "<", "<=")) or (above and op in ("==", "!=", "in", ">", ">=")):
            what = f"{left.name} is never {wording(op)}{to_text(item)}"
            raise Contradiction(item, what, f"it is {reach(left.name, least, most, checked)}")


def wording(op: str) -> str:
    """How an operator is told behind `is never`."""
    return "" if op in ("==", "!=", "in") else f"{op} "


def reach(name: str, least: float | None, most: float | None, checked: Checked) -> str:
    """What a name can be, in words."""
    unit = "s" if checked.symbol(name).type.kind is Kind.DURATION else ""
    if most is None:
        return f"{least:g}{unit} or more"
    return f"{most:g}{unit} or less" if least is None else f"from {least:g} to {most:g}"


def narrow(node: Node, known: Known, checked: Checked, *, holds: bool = True) -> Known:
    """What is possible when this holds (or does not) beside what is known; Contradiction when it cannot."""
    match node:
        case Bool(value) if value is not holds:
            raise Contradiction(node, "this can never hold", "leave it out")
        case Not(item):
            return narrow(item, known, checked, holds=not holds)
        case And(items) if holds:
            return together(items, known, checked, holds=True)
        case Or(items) if not holds:
            return together(items, known, checked, holds=False)
        case And(items) | Or(items):
            return one_of(items, known, checked, holds=holds)
        case Conditional(test, then, otherwise):
            either(test, then, otherwise, known, checked, holds=holds)
        case Compare():
            return compared(node, known, checked, holds=holds)
        case Name(name):
            return narrowed(
                node, name, known, name if holds else f"!{name}", Possible(among=frozenset({(bool, holds)}))
            )
        case Has() | Call():
            text = to_text(node)
            return narrowed(
                node, text, known, text if holds else f"!{text}", Possible(among=frozenset({(bool, holds)}))
            )
        case _:
            pass
    return known


def together(items: tuple[Node, ...], known: Known, checked: Checked, *, holds: bool) -> Known:
    """All of them, those without a choice first, so that the order in which they are written decides nothing."""
    for item in sorted(items, key=lambda one: isinstance(one, And | Or | Conditional)):
        known = narrow(item, known, checked, holds=holds)
    return known


def one_of(items: tuple[Node, ...], known: Known, checked: Checked, *, holds: bool) -> Known:
    """At least one branch must be possible; nothing more is known behind it."""
    first: Contradiction | None = None
    for item in items:
        try:
            narrow(item, known, checked, holds=holds)
        except Contradiction as error:
            first = first or error
        else:
            return known
    assert first is not None, "there are two items or more"
    raise first


def either(test: Node, then: Node, otherwise: Node, known: Known, checked: Checked, *, holds: bool) -> None:
    """One of the two ways of `test ? then : otherwise` must be open."""
    try:
        narrow(then, narrow(test, known, checked), checked, holds=holds)
    except Contradiction:
        narrow(otherwise, narrow(test, known, checked, holds=False), checked, holds=holds)


def compared(node: Compare, known: Known, checked: Checked, *, holds: bool) -> Known:
    """A term compared with a constant, or with a list of them."""
    left, right, op = sided(node)
    said = to_text(node) if holds else f"!({to_text(node)})"
    for side in (left, right):  # what is absent makes the comparison unknown
        if isinstance(side, Name):
            known = narrowed(node, f"has({side.name})", known, said, Possible(among=frozenset({(bool, True)})))
    if constant(left) is not None:
        return constants(node, left, right, op, known, holds=holds)
    term = to_text(left)
    symbol = checked.scope.find(left.name) if isinstance(left, Name) else None
    if symbol is not None and symbol.values is not None:
        known = {term: Possible(among=frozenset(map(tagged, symbol.values))), **known}
    listed = values_of(right)
    if listed is None:
        return known
    if op == "in":
        return narrowed(node, term, known, said, one_among(listed, holds=holds))
    if not holds:
        op = DENIED[op]
    if op in ("==", "!="):
        return narrowed(node, term, known, said, one_among(listed, holds=op == "=="))
    value = constant(right)
    if isinstance(value, str | bool) or value is None:
        return known
    if isinstance(right, Int) and checked.type_of(left).kind is Kind.INT:  # no whole number lies between 3 and 4
        value, op = (value + 1, ">=") if op == ">" else (value - 1, "<=") if op == "<" else (value, op)
    bound = (value, op in ("<=", ">="))
    return narrowed(node, term, known, said, Possible(least=bound) if op[0] == ">" else Possible(most=bound))


def constants(node: Compare, left: Node, right: Node, op: str, known: Known, *, holds: bool) -> Known:
    """Two constants: it is so or it is not."""
    one, listed = tagged(constant(left)), values_of(right)
    other = constant(right)
    if listed is None:
        return known
    if op in ("==", "!=", "in"):
        found = (one in listed) is (op != "!=")
    elif isinstance(other, str) or isinstance(one[1], str) or other is None:
        return known
    else:
        found = {"<": one[1] < other, "<=": one[1] <= other, ">": one[1] > other, ">=": one[1] >= other}[op]
    if found is not holds:
        raise Contradiction(node, f"{to_text(node)} is always {str(found).lower()}", "compare an attribute with it")
    return known


def one_among(listed: frozenset[Tagged], *, holds: bool) -> Possible:
    """One of these values, or none of them."""
    return Possible(among=listed) if holds else Possible(without=listed)


def narrowed(node: Node, term: str, known: Known, said: str, alone: Possible) -> Known:
    """The term with one clause more, which by itself leaves `alone` possible."""
    before = known.get(term, Possible())
    after = merged(before, alone)
    if not is_possible(after):
        raise contradiction(node, said, before, alone)
    return {**known, term: structs.replace(after, because=(*before.because, (said, alone)))}


def merged(one: Possible, other: Possible) -> Possible:
    """What both leave possible."""
    lists = [among for among in (one.among, other.among) if among is not None]
    return Possible(
        least=max(filter(None, (one.least, other.least)), key=lambda bound: (bound[0], not bound[1]), default=None),
        most=min(filter(None, (one.most, other.most)), key=lambda bound: (bound[0], bound[1]), default=None),
        among=frozenset.intersection(*lists) if lists else None,
        without=one.without | other.without,
    )


def contradiction(node: Node, said: str, before: Possible, alone: Possible) -> Contradiction:
    """Tell which earlier clause it is that this one excludes."""
    if not before.because:
        return Contradiction(node, f"{short(said)} can never hold", "leave it out")
    others = [text for text, left in reversed(before.because) if not is_possible(merged(left, alone))]
    other = others[0] if others else before.because[-1][0]
    return Contradiction(node, f"this can never hold: {short(said)} contradicts {short(other)}", TOGETHER)


def short(text: str) -> str:
    """A clause, cut short."""
    return text if len(text) <= 80 else f"{text[:79]}…"


def is_possible(one: Possible) -> bool:
    """Whether any value is left."""
    if one.among is not None:
        return any(fits(value, one) for value in one.among - one.without)
    if one.least is None or one.most is None:
        return True
    low, high = one.least, one.most
    if low[0] == high[0]:
        return low[1] and high[1] and tagged(low[0]) not in one.without
    return low[0] < high[0]


def fits(value: Tagged, one: Possible) -> bool:
    """Whether a listed value lies within the bounds; a text beside a number never does."""
    number = value[1]
    if isinstance(number, str | bool):
        return one.least is None and one.most is None
    above = one.least is None or number > one.least[0] or (number == one.least[0] and one.least[1])
    below = one.most is None or number < one.most[0] or (number == one.most[0] and one.most[1])
    return above and below


def sided(node: Compare) -> tuple[Node, Node, str]:
    """The comparison with its constant on the right."""
    if node.op != "in" and constant(node.left) is not None and constant(node.right) is None:
        return node.right, node.left, FLIPPED[node.op]
    return node.left, node.right, node.op


def values_of(node: Node) -> frozenset[Tagged] | None:
    """The constants of a list, or the one constant; None when something in it is no constant."""
    found = [constant(item) for item in (node.items if isinstance(node, ListOf) else (node,))]
    return None if any(one is None for one in found) else frozenset(map(tagged, found))


def tagged(value: Value | None) -> Tagged:
    """A value with its kind beside it: true is not 1."""
    assert value is not None
    return (bool if isinstance(value, bool) else str if isinstance(value, str) else float), value


def constant(node: Node) -> Value | None:
    """The value of a constant, durations in seconds; None for what depends on anything."""
    match node:
        case Bool(value) | Int(value) | Double(value) | Text(value):
            return value
        case Duration(text):
            found = parse_duration(text)
            return None if found is None else found / 1e9
        case Negate(item):
            inner = constant(item)
            return -inner if isinstance(inner, int | float) and not isinstance(inner, bool) else None
        case _:
            return None
