"""The words of the condition language: its types, its tree, the names a condition may read.

The tree is the stored form: `to_json` writes it, a visual builder edits it. Positions in a text are kept
beside the tree (`Source`), so two trees are equal when they mean the same.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, assert_never

from msgspec import Struct

from aparte.kit.errors import BadInput

MAX_NODES = 2_000
MAX_DEPTH = 60
MAX_TEXT = 20_000
INT_MIN, INT_MAX = -(2**63), 2**63 - 1


class ConditionError(BadInput):
    """A condition is refused: where (line and column, both from 1), why, and what to write instead."""

    def __init__(self, what: str, *, line: int = 1, column: int = 1, hint: str = "") -> None:
        self.line, self.column = line, column
        super().__init__(what, where=f"{line}:{column}", hint=hint)


class Kind(StrEnum):
    """The kinds of values. `number` is an int or a double at run time; `any` a JSON scalar of unknown type."""

    BOOL = "bool"
    INT = "int"
    DOUBLE = "double"
    NUMBER = "number"
    STRING = "string"
    DURATION = "duration"
    LIST = "list"
    ANY = "any"


class Type(Struct, frozen=True):
    """A kind and, for a list, the type of its elements."""

    kind: Kind
    element: "Type | None" = None

    def __str__(self) -> str:
        return f"list({self.element})" if self.element else self.kind.value


BOOL, INT, DOUBLE, NUMBER = Type(Kind.BOOL), Type(Kind.INT), Type(Kind.DOUBLE), Type(Kind.NUMBER)
STRING, DURATION, ANY = Type(Kind.STRING), Type(Kind.DURATION), Type(Kind.ANY)


def list_of(element: Type) -> Type:
    """The type of a list of such elements."""
    return Type(Kind.LIST, element)


class _Node(Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    pass


class Bool(_Node, frozen=True, tag="bool"):
    """`true` or `false`."""

    value: bool


class Int(_Node, frozen=True, tag="int"):
    """A 64-bit integer, `-3` or `0x1f`."""

    value: int


class Double(_Node, frozen=True, tag="double"):
    """A finite floating-point number, `2.5`."""

    value: float


class Text(_Node, frozen=True, tag="string"):
    """A text in quotes."""

    value: str


class Duration(_Node, frozen=True, tag="duration"):
    """`duration("30s")`; the text stays as it was written."""

    value: str


class ListOf(_Node, frozen=True, tag="list"):
    """`[a, b]`."""

    items: "tuple[Node, ...]"


class Name(_Node, frozen=True, tag="name"):
    """A dotted name that the scope knows, `page.dwell`."""

    name: str


class Has(_Node, frozen=True, tag="has"):
    """`has(name)`: is there a value?"""

    name: str


class Not(_Node, frozen=True, tag="not"):
    """`!item`."""

    item: "Node"


class Negate(_Node, frozen=True, tag="negate"):
    """`-item`."""

    item: "Node"


class And(_Node, frozen=True, tag="and"):
    """`a && b && c`, two items or more; brackets that were written are items that are `And` themselves."""

    items: "tuple[Node, ...]"


class Or(_Node, frozen=True, tag="or"):
    """`a || b || c`, two items or more."""

    items: "tuple[Node, ...]"


CompareOp = Literal["==", "!=", "<", "<=", ">", ">=", "in"]
ArithmeticOp = Literal["+", "-", "*", "/", "%"]
Method = Literal["contains", "startsWith", "endsWith", "matches"]


class Compare(_Node, frozen=True, tag="compare"):
    """`left op right`, also `left in right`."""

    op: CompareOp
    left: "Node"
    right: "Node"


class Arithmetic(_Node, frozen=True, tag="arithmetic"):
    """`left op right` with a number, a duration, a text or a list as result."""

    op: ArithmeticOp
    left: "Node"
    right: "Node"


class Conditional(_Node, frozen=True, tag="conditional"):
    """`test ? then : otherwise`."""

    test: "Node"
    then: "Node"
    otherwise: "Node"


class Call(_Node, frozen=True, tag="call"):
    """`item.method(argument)`: the four questions about texts."""

    method: Method
    item: "Node"
    argument: "Node"


class Size(_Node, frozen=True, tag="size"):
    """`size(item)`: code points of a text, elements of a list."""

    item: "Node"


Constant = Bool | Int | Double | Text | Duration
Node = (
    Bool
    | Int
    | Double
    | Text
    | Duration
    | ListOf
    | Name
    | Has
    | Not
    | Negate
    | And
    | Or
    | Compare
    | Arithmetic
    | Conditional
    | Call
    | Size
)


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, in the order of the text."""
    match node:
        case And(items) | Or(items) | ListOf(items):
            return items
        case Not(item) | Negate(item) | Size(item):
            return (item,)
        case Compare(_, left, right) | Arithmetic(_, left, right) | Call(_, left, right):
            return (left, right)
        case Conditional(test, then, otherwise):
            return (test, then, otherwise)
        case Bool() | Int() | Double() | Text() | Duration() | Name() | Has():
            return ()
        case _:
            assert_never(node)


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Each node of the tree with its depth (1 for the root), without recursion."""
    waiting = [(node, 1)]
    while waiting:
        current, depth = waiting.pop()
        yield current, depth
        waiting.extend((child, depth + 1) for child in reversed(children(current)))


def names_in(node: Node) -> frozenset[str]:
    """The dotted names that a tree reads, `has` included."""
    return frozenset(found.name for found, _ in walk(node) if isinstance(found, Name | Has))


@dataclass(frozen=True, eq=False)
class Source:
    """A tree with the text it came from and the offset of each node (by identity) in that text."""

    tree: Node
    text: str
    offsets: Mapping[int, int] = field(repr=False)

    def error(self, node: Node, what: str, hint: str = "") -> ConditionError:
        """A refusal that points at the node."""
        line, column = position(self.text, self.offsets.get(id(node), 0))
        return ConditionError(what, line=line, column=column, hint=hint)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def suggestion(word: str, known: list[str]) -> str:
    """`did you mean X?` for the nearest known word, or an empty text."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""


Presence = Literal["always", "maybe"]
Flow = Literal["steady", "rising", "falling", "free"]


class Symbol(Struct, frozen=True):
    """A name that a condition may read.

    `read` is a Python expression over the scope's parameters, from our own schema file: the value, or None
    when it is absent; durations as whole milliseconds. The name `key` in it stands for the text `key`.
    `values` lists the only texts that can occur. `flow` says what passing time alone does to the value:
    nothing, it grows, it shrinks, anything. `deadline` is the number of milliseconds in one unit of a rising
    value (1 for durations, 0 when no deadline can be told).
    """

    name: str
    type: Type
    presence: Presence = "always"
    read: str = "None"
    values: tuple[str, ...] | None = None
    flow: Flow = "steady"
    deadline: int = 1
    key: str = ""


@dataclass(frozen=True)
class Scope:
    """What conditions may read: names, prefixes (`event.properties.`), parameters of generated functions.

    A prefix maps to a model symbol; the rest of the name becomes its `key`.
    """

    symbols: Mapping[str, Symbol]
    prefixes: Mapping[str, Symbol] = field(default_factory=dict)
    params: tuple[str, ...] = ("s", "v", "site", "now")

    def find(self, name: str) -> Symbol | None:
        """The symbol of a dotted name, or None."""
        if known := self.symbols.get(name):
            return known
        for prefix, model in self.prefixes.items():
            if name.startswith(prefix) and len(name) > len(prefix):
                return _under(model, name, name[len(prefix) :])
        return None


def _under(model: Symbol, name: str, key: str) -> Symbol:
    return Symbol(
        name, model.type, model.presence, model.read, model.values, model.flow, model.deadline, key or model.key
    )
