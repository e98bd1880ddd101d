"""Generated code with the full semantics of CEL: a value, or an EvaluationError."""

import ast
from collections.abc import Callable
from typing import assert_never

from aparte.targeting.conditions.check import Checked
from aparte.targeting.conditions.durations import MILLISECOND, parse_duration
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
    Kind,
    ListOf,
    Name,
    Negate,
    Node,
    Not,
    Or,
    Size,
    Symbol,
    Text,
)

OPERATORS: dict[str, type[ast.cmpop]] = {
    "==": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "in": ast.In,
}
_ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "%": "remainder"}
_METHODS = {"startsWith": "startswith", "endsWith": "endswith"}


def name(identifier: str) -> ast.Name:
    """A name that is read."""
    return ast.Name(identifier, ast.Load())


def call(function: str, *arguments: ast.expr) -> ast.Call:
    """A call of a function by its name."""
    return ast.Call(name(function), list(arguments), [])


def helper(function: str, *arguments: ast.expr) -> ast.Call:
    """A call of one of the functions of `runtime`."""
    return call(f"_cel_{function}", *arguments)


def compared(left: ast.expr, op: ast.cmpop, right: ast.expr) -> ast.Compare:
    """One comparison."""
    return ast.Compare(left, [op], [right])


def nanoseconds(node: Duration) -> int:
    """The length of a duration that passed the check."""
    found = parse_duration(node.value)
    assert found is not None, f"{node.value} passed the check"
    return found


class _Keyed(ast.NodeTransformer):
    def __init__(self, key: str) -> None:
        self.key = key

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.key) if node.id == "key" else node


def reading(symbol: Symbol) -> ast.expr:
    """The schema's own expression for a symbol, parsed, its `key` filled in as a constant."""
    tree = ast.parse(symbol.read, mode="eval").body
    return _Keyed(symbol.key).visit(tree) if symbol.key else tree


class ValueCode:
    """Writes the expression of a node's value; `matching` gives a pattern's function a name."""

    def __init__(self, checked: Checked, matching: Callable[[str], str]) -> None:
        self.checked, self.matching = checked, matching

    def kind(self, node: Node) -> Kind:
        return self.checked.type_of(node).kind

    def value(self, node: Node) -> ast.expr:
        """The expression whose value is the node's value; it raises EvaluationError when there is none."""
        match node:
            case Bool(value) | Int(value) | Double(value) | Text(value):
                return ast.Constant(value)
            case Duration():
                return ast.Constant(nanoseconds(node))
            case ListOf(items):
                return ast.Tuple([self.value(item) for item in items], ast.Load())
            case Name(symbol):
                return self.read(self.checked.symbol(symbol))
            case Has(symbol):
                return compared(reading(self.checked.symbol(symbol)), ast.IsNot(), ast.Constant(None))
            case Not(item):
                return ast.UnaryOp(ast.Not(), self.truth(item))
            case Negate(item):
                return helper("negate", self.value(item))
            case And(items):
                return helper("conjunction", *map(self.later, items))
            case Or(items):
                return helper("disjunction", *map(self.later, items))
            case Compare():
                return self.comparison(node)
            case Arithmetic():
                return self.arithmetic(node)
            case Conditional(test, then, otherwise):
                return ast.IfExp(self.truth(test), self.value(then), self.value(otherwise))
            case Call():
                return self.call(node)
            case Size(item):
                return call("len", self.text(item) if self.kind(item) is Kind.ANY else self.value(item))
            case _:
                assert_never(node)

    def read(self, symbol: Symbol) -> ast.expr:
        found = reading(symbol)
        if symbol.presence == "maybe":
            found = helper("present", found, ast.Constant(symbol.name))
        if symbol.type.kind is Kind.DURATION:
            return ast.BinOp(found, ast.Mult(), ast.Constant(MILLISECOND))
        return call("tuple", found) if symbol.type.kind is Kind.LIST else found

    def truth(self, node: Node) -> ast.expr:
        return helper("truth", self.value(node)) if self.kind(node) is Kind.ANY else self.value(node)

    def text(self, node: Node) -> ast.expr:
        return helper("text", self.value(node)) if self.kind(node) is Kind.ANY else self.value(node)

    def later(self, node: Node) -> ast.expr:
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        return ast.Lambda(nothing, self.truth(node))

    def comparison(self, node: Compare) -> ast.expr:
        left, right = self.value(node.left), self.value(node.right)
        kinds = (self.kind(node.left), self.kind(node.right))
        if node.op == "in":
            return self.membership(node, left, right)
        if Kind.LIST in kinds:
            found = helper("same", left, right)
            return found if node.op == "==" else ast.UnaryOp(ast.Not(), found)
        if Kind.ANY in kinds:
            return helper("compare", ast.Constant(node.op), left, right)
        return compared(left, OPERATORS[node.op](), right)

    def membership(self, node: Compare, left: ast.expr, right: ast.expr) -> ast.expr:
        element = self.checked.type_of(node.right).element
        if self.kind(node.left) is Kind.ANY and element and element.kind is not Kind.ANY:
            return helper("member_of_kind", left, right, ast.Constant(element.kind.value))
        return helper("member", left, right)

    def arithmetic(self, node: Arithmetic) -> ast.expr:
        left, right = self.value(node.left), self.value(node.right)
        if node.op == "/":
            return helper("divide" if self.kind(node) is Kind.INT else "quotient", left, right)
        return helper(_ARITHMETIC[node.op], left, right)

    def call(self, node: Call) -> ast.expr:
        item, argument = self.text(node.item), self.text(node.argument)
        return question(node, item, argument, self.matching)


def question(node: Call, item: ast.expr, argument: ast.expr, matching: Callable[[str], str]) -> ast.expr:
    """`item.method(argument)` of two texts."""
    match node.method:
        case "contains":
            return compared(argument, ast.In(), item)
        case "matches":
            assert isinstance(node.argument, Text), "the check lets only constant patterns pass"
            return call(matching(node.argument.value), item)
        case "startsWith" | "endsWith":
            return ast.Call(ast.Attribute(item, _METHODS[node.method], ast.Load()), [argument], [])
        case _:
            assert_never(node.method)
