"""Random well-typed conditions and random values for the names that they read."""

import random
from collections.abc import Callable

from aparte.targeting.conditions.model import (
    ANY,
    BOOL,
    DOUBLE,
    DURATION,
    INT,
    NUMBER,
    STRING,
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
    Scope,
    Size,
    Symbol,
    Text,
    list_of,
)

INTS = (0, 1, -1, 2, 3, 7, -7, 10, 2**31, 2**53 + 1, 2**62, -(2**62), 2**63 - 1, -(2**63), -(2**63) + 1, 3037000500)
DOUBLES = (0.0, -0.0, 1.0, -1.5, 0.1, 2.5, 1e308, -1e308, 5e-324, 1e16, 9007199254740993.0)
SPECIAL = (*DOUBLES, float("nan"), float("inf"), float("-inf"))
TEXTS = (
    "",
    "a",
    "b",
    "ab",
    "cart",
    "héé",
    "🐱",
    "日本語",
    "a\nb",
    '"',
    "'",
    "\\",
    "`a`",
    "\t\u2028",
    "CART",
    "aaa",
    "é",
)
DURATIONS = ("0s", "1s", "30s", "-1.5s", "1h30m", "500ms", "0.001s", "9000000000s", "-9000000000s", "1us")
PATTERNS = ("", "^a", "b+$", r"\d+", "[é-ü]", ".", "(a|b)*c", r"\bcart\b", "(?i)cart", "a{2,3}", r"\p{Han}", '"', "^.$")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def scope(**extra: Symbol) -> Scope:
    """Names of every type, read from a mapping."""
    types = {"i": INT, "j": INT, "d": DOUBLE, "e": DOUBLE, "s": STRING, "t": STRING, "b": BOOL, "c": BOOL}
    types |= {"u": DURATION, "w": DURATION, "n": NUMBER, "li": list_of(INT), "ls": list_of(STRING)}
    types |= {"ld": list_of(DOUBLE)}
    symbols = {name: Symbol(name, kind, "always", f"f[{name!r}]") for name, kind in types.items()}
    return Scope(symbols | extra, params=("f",))


def uncertain_scope() -> Scope:
    """The same names, each of which may be absent, and `x`, `y` of unknown type."""
    known = scope().symbols
    symbols = {name: Symbol(name, symbol.type, "maybe", f"f.get({name!r})") for name, symbol in known.items()}
    model = Symbol("p", ANY, "maybe", "f.get(key)")
    return Scope(symbols, prefixes={"p.": model}, params=("f",))


class Generator:
    """Writes trees of a wanted type; the same seed writes the same trees."""

    def __init__(self, seed: int, *, uncertain: bool = False) -> None:
        self.random = random.Random(seed)
        self.uncertain = uncertain
        self.makers: dict[str, tuple[Callable[[int], Node], ...]] = {
            "bool": (
                self.logic,
                self.comparison,
                self.comparison,
                self.negated,
                self.question,
                self.within,
                self.listed,
            ),
            "int": (self.whole, self.whole, self.size, self.negative_int),
            "double": (self.decimal, self.decimal, self.negative_double),
            "string": (self.joined,),
            "duration": (self.spans,),
            "list(int)": (self.lists("int"),),
            "list(string)": (self.lists("string"),),
            "list(double)": (self.lists("double"),),
        }
        self.names = {"int": "ij", "double": "de", "string": "st", "bool": "bc", "duration": "uw"}

    def node(self, kind: str, depth: int) -> Node:
        """A tree of the kind, at most `depth` deep."""
        if depth <= 1 or self.random.random() < 0.2:
            return self.leaf(kind)
        if self.random.random() < 0.08:
            return Conditional(self.node("bool", depth - 1), self.node(kind, depth - 1), self.node(kind, depth - 1))
        return self.random.choice(self.makers[kind])(depth - 1)

    def leaf(self, kind: str) -> Node:
        pick = self.random.choice
        if kind.startswith("list"):
            element = kind[5:-1]
            if self.random.random() < 0.4:
                return Name({"int": "li", "string": "ls", "double": "ld"}[element])
            return ListOf(tuple(self.leaf(element) for _ in range(self.random.randrange(1, 4))))
        if self.uncertain and kind == "bool" and self.random.random() < 0.3:
            return self.doubtful()
        if self.random.random() < 0.5:
            return Name(pick(self.names[kind]))
        makers: dict[str, Callable[[], Node]] = {
            "int": lambda: Int(pick(INTS)),
            "double": lambda: Double(pick(DOUBLES)),
            "string": lambda: Text(pick(TEXTS)),
            "bool": lambda: Bool(pick((True, False))),
            "duration": lambda: Duration(pick(DURATIONS)),
        }
        return makers[kind]()

    def doubtful(self) -> Node:
        pick = self.random.choice
        unknown = Name(pick(("p.x", "p.y")))
        constant = self.leaf(pick(("int", "double", "string")))
        ways: tuple[Callable[[], Node], ...] = (
            lambda: Has(pick(("i", "s", "p.x", "u"))),
            lambda: unknown,
            lambda: Compare(pick(COMPARISONS), unknown, constant),
            lambda: Compare(pick(COMPARISONS), constant, unknown),
            lambda: Compare(pick(COMPARISONS), unknown, Name("p.y")),
            lambda: Compare("in", unknown, self.leaf(pick(("list(int)", "list(string)", "list(double)")))),
            lambda: Call("contains", unknown, Text(pick(TEXTS))),
            lambda: Call("matches", unknown, Text(pick(PATTERNS))),
            lambda: Compare(">", Size(unknown), Int(1)),
            lambda: Compare(">", Arithmetic(pick("+-*/"), unknown, Int(pick(INTS))), Int(1)),
            lambda: Compare("<", Name("n"), Arithmetic(pick("+-*/"), Name("n"), Name("d"))),
        )
        return pick(ways)()

    def logic(self, depth: int) -> Node:
        make = self.random.choice((And, Or))
        return make(tuple(self.node("bool", depth) for _ in range(self.random.randrange(2, 4))))

    def negated(self, depth: int) -> Node:
        return Not(self.node("bool", depth))

    def comparison(self, depth: int) -> Node:
        if self.random.random() < 0.1:
            return Compare(self.random.choice(COMPARISONS), Name("n"), self.leaf(self.random.choice(("int", "double"))))
        kind = self.random.choice(("int", "double", "string", "duration", "bool", "int", "double"))
        return Compare(self.random.choice(COMPARISONS), self.node(kind, depth), self.node(kind, depth))

    def listed(self, depth: int) -> Node:
        kind = self.random.choice(("list(int)", "list(string)", "list(double)"))
        return Compare(self.random.choice(("==", "!=")), self.node(kind, depth), self.node(kind, depth))

    def within(self, depth: int) -> Node:
        kind = self.random.choice(("int", "string", "double"))
        return Compare("in", self.node(kind, depth), self.node(f"list({kind})", depth))

    def question(self, depth: int) -> Node:
        item = self.node("string", depth)
        if self.random.random() < 0.4:
            return Call("matches", item, Text(self.random.choice(PATTERNS)))
        return Call(self.random.choice(("contains", "startsWith", "endsWith")), item, self.node("string", depth))

    def whole(self, depth: int) -> Node:
        return Arithmetic(self.random.choice("+-*/%"), self.node("int", depth), self.node("int", depth))

    def decimal(self, depth: int) -> Node:
        return Arithmetic(self.random.choice("+-*/"), self.node("double", depth), self.node("double", depth))

    def spans(self, depth: int) -> Node:
        return Arithmetic(self.random.choice("+-"), self.node("duration", depth), self.node("duration", depth))

    def joined(self, depth: int) -> Node:
        return Arithmetic("+", self.node("string", depth), self.node("string", depth))

    def lists(self, element: str) -> Callable[[int], Node]:
        def made(depth: int) -> Node:
            if self.random.random() < 0.3:
                return Arithmetic("+", self.node(f"list({element})", depth), self.node(f"list({element})", depth))
            return ListOf(tuple(self.node(element, depth) for _ in range(self.random.randrange(1, 4))))

        return made

    def size(self, depth: int) -> Node:
        return Size(self.node(self.random.choice(("string", "list(int)", "list(string)")), depth))

    def negative_int(self, depth: int) -> Node:
        return Negate(self.node("int", depth))

    def negative_double(self, depth: int) -> Node:
        return Negate(self.node("double", depth))

    def state(self) -> dict[str, object]:
        """Values for the names; durations in milliseconds. Some are missing when `uncertain`."""
        pick = self.random.choice
        found: dict[str, object] = {name: pick(INTS) for name in "ij"} | {name: pick(SPECIAL) for name in "de"}
        found |= {name: pick(TEXTS) for name in "st"} | {name: pick((True, False)) for name in "bc"}
        found |= {name: pick((0, 1, 1000, 30_000, -1500, 5_400_000, 9_000_000_000_000)) for name in "uw"}
        # Beyond 2**53 the oracle compares an int with a double as doubles; we compare them exactly.
        small = [value for value in (*INTS, *DOUBLES) if abs(value) < 2**53 or value == 2**62]
        found |= {"n": pick(small), "li": tuple(self.random.choices(INTS, k=2))}
        found |= {"ls": tuple(self.random.choices(TEXTS, k=3)), "ld": tuple(self.random.choices(SPECIAL, k=2))}
        if not self.uncertain:
            return found
        anything = (1, 0, 2.5, "a", "cart", True, False, -7, None, ["a"], {"a": 1})
        found |= {"x": pick(anything), "y": pick(anything)}
        return {name: value for name, value in found.items() if value is not None and self.random.random() < 0.8}
