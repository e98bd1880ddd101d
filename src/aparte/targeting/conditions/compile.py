"""Conditions to Python code, through `ast`: constants enter as constants, never as pasted text.

Rules want one bit: does the condition hold? So code comes in pairs: `holds` (it is true) and `fails` (it is false);
where neither is so, there is an error or an unknown. !A swaps the pair, && and || are Python's own `and` and `or`.
"""

import ast
from collections.abc import Callable, Sequence
from types import CodeType
from typing import cast

from aparte.targeting.conditions.check import Checked
from aparte.targeting.conditions.leaves import Leaves
from aparte.targeting.conditions.model import And, Bool, Compare, Has, Name, Node, Not, Or, Scope, names_in
from aparte.targeting.conditions.regex import matcher
from aparte.targeting.conditions.runtime import HELPERS, Value
from aparte.targeting.conditions.timing import against_constant
from aparte.targeting.conditions.values import ValueCode, compared, reading

_ALWAYS = True


class Compiler:
    """Turns checked conditions of one scope into expressions over the scope's parameters.

    The expressions may be placed together in one function whose globals are `namespace` (a copy or itself);
    that function must not be nested in a class body. Temporary names are unique within one compiler.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.namespace: dict[str, object] = dict(HELPERS)
        self._matchers: dict[str, str] = {}
        self._count = 0

    def holds(self, checked: Checked) -> ast.expr:
        """An expression that is true iff the condition is true; an error or an unknown makes it false."""
        return _Code(self, checked).side(checked.tree, wanted=True)

    def may(self, checked: Checked) -> ast.expr:
        """An expression that is true when passing time alone could make the condition hold, now or later.

        It may be true too often, never too seldom.
        """
        return _Possibly(self, checked).side(checked.tree, wanted=True)

    def value(self, checked: Checked) -> ast.expr:
        """An expression for the value, with the full semantics of CEL; it raises EvaluationError."""
        return ValueCode(checked, self.matching).value(checked.tree)

    def function(self, label: str, body: ast.expr) -> Callable[..., object]:
        """A function of the scope's parameters that returns the expression."""
        return self._defined(label, [ast.Return(body)])

    def fresh(self, label: str) -> str:
        """A name that nothing else in this compiler has."""
        self._count += 1
        return f"_cel_{label}{self._count}"

    def matching(self, pattern: str) -> str:
        """The name under which the namespace holds the pattern's function."""
        if pattern not in self._matchers:
            self._matchers[pattern] = self.fresh("matches")
            self.namespace[self._matchers[pattern]] = matcher(pattern)
        return self._matchers[pattern]

    def guarded(self, body: ast.expr) -> ast.Call:
        """A call of a new function that gives the value, or None where evaluating it is an error."""
        label = self.fresh("leaf")
        handler = ast.ExceptHandler(ast.Name("_cel_error", ast.Load()), None, [ast.Return(ast.Constant(None))])
        self.namespace[label] = self._defined(label, [ast.Try([ast.Return(body)], [handler], [], [])])
        arguments: list[ast.expr] = [ast.Name(param, ast.Load()) for param in self.scope.params]
        return ast.Call(ast.Name(label, ast.Load()), arguments, [])

    def _defined(self, label: str, body: Sequence[ast.stmt]) -> Callable[..., object]:
        parameters = [ast.arg(param) for param in self.scope.params]
        arguments = ast.arguments(posonlyargs=[], args=parameters, kwonlyargs=[], kw_defaults=[], defaults=[])
        definition = ast.FunctionDef(label, arguments, list(body), [])
        module = ast.fix_missing_locations(ast.Module([definition], []))
        code: CodeType = compile(module, "<condition>", "exec")
        made: dict[str, object] = {}
        exec(code, self.namespace, made)
        return cast(Callable[..., object], made[label])


def compile_condition(checked: Checked) -> Callable[..., bool]:
    """A function of the scope's parameters: does the condition hold?"""
    compiler = Compiler(checked.scope)
    return cast(Callable[..., bool], compiler.function("holds", compiler.holds(checked)))


def compile_may(checked: Checked) -> Callable[..., bool]:
    """A function of the scope's parameters: could passing time alone make the condition hold?"""
    compiler = Compiler(checked.scope)
    return cast(Callable[..., bool], compiler.function("may", compiler.may(checked)))


def compile_value(checked: Checked) -> Callable[..., Value]:
    """A function of the scope's parameters: the value; raises EvaluationError, Absent for a name without a value."""
    compiler = Compiler(checked.scope)
    return cast(Callable[..., Value], compiler.function("value", compiler.value(checked)))


class _Code:
    """The pair of one condition: `side(node, wanted=True)` is holds, `wanted=False` is fails."""

    def __init__(self, compiler: Compiler, checked: Checked) -> None:
        self.compiler, self.checked = compiler, checked
        self.leaves = Leaves(checked, compiler.fresh, compiler.matching)
        self.values = ValueCode(checked, compiler.matching)

    def side(self, node: Node, *, wanted: bool) -> ast.expr:
        match node:
            case Bool(value):
                return ast.Constant(value is wanted)
            case Not(item):
                return self.side(item, wanted=not wanted)
            case And(items):
                return self.joined(items, ast.And() if wanted else ast.Or(), wanted)
            case Or(items):
                return self.joined(items, ast.Or() if wanted else ast.And(), wanted)
            case _:
                return self.leaf(node, wanted=wanted)

    def joined(self, items: tuple[Node, ...], op: ast.boolop, wanted: bool) -> ast.expr:
        return ast.BoolOp(op, [self.side(item, wanted=wanted) for item in items])

    def leaf(self, node: Node, *, wanted: bool) -> ast.expr:
        plain = self.leaves.plain(node, wanted=wanted)
        if plain is not None:
            return plain
        return compared(self.compiler.guarded(self.values.value(node)), ast.Is(), ast.Constant(wanted))


class _Possibly(_Code):
    """Like the pair, but each leaf asks: could it come out as wanted, now or later, if only time passes?"""

    def leaf(self, node: Node, *, wanted: bool) -> ast.expr:
        flowing = [name for name in names_in(node) if self.checked.symbol(name).flow != "steady"]
        if not flowing:
            return super().leaf(node, wanted=wanted)
        if isinstance(node, Has):
            return self.has(node, wanted=wanted)
        found = against_constant(node) if isinstance(node, Compare) else None
        if found is None:
            return ast.Constant(_ALWAYS)
        op, name, _ = found
        return self.comparison(node, op, name, wanted=wanted)

    def has(self, node: Has, *, wanted: bool) -> ast.expr:
        # A rising value neither comes nor goes with time; a shrinking one may go; a free one does as it likes.
        flow = self.checked.symbol(node.name).flow
        changes = flow == "free" or (flow == "falling" and not wanted)
        return ast.Constant(_ALWAYS) if changes else super().leaf(node, wanted=wanted)

    def comparison(self, node: Node, op: str, name: Name, *, wanted: bool) -> ast.expr:
        symbol = self.checked.symbol(name.name)
        growing_helps = (op in (">", ">=")) is wanted
        stays = symbol.flow == ("falling" if growing_helps else "rising")
        if op not in ("==", "!=") and stays:
            return super().leaf(node, wanted=wanted)
        if symbol.presence == "always" or symbol.flow == "free":
            return ast.Constant(_ALWAYS)
        return compared(reading(symbol), ast.IsNot(), ast.Constant(None))
