"""What generated code calls: the operations of CEL whose outcome may be an error.

Values at run time: bool, int (int64), float, str, tuple for lists; durations are ints, nanoseconds.
"""

import operator
from collections.abc import Callable, Mapping
from math import copysign, isnan, nan
from typing import Any

from aparte.kit.errors import AparteError
from aparte.targeting.conditions.model import INT_MAX, INT_MIN

Value = bool | int | float | str | tuple["Value", ...]


class EvaluationError(AparteError):
    """The condition has no value: an overflow, a division by zero, a value of the wrong type."""


class Absent(EvaluationError):  # noqa: N818 - the word of the schema: a name is present or absent
    """A name that was read has no value."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is absent")


# Exact classes throughout: a bool is an int to isinstance, and never to a condition.
NUMBERS = frozenset({int, float})
_WORDS = {bool: "true or false", int: "a whole number", float: "a decimal number", str: "a text", tuple: "a list"}
_KINDS: Mapping[str, frozenset[type]] = {
    "bool": frozenset({bool}),
    "int": NUMBERS,
    "double": NUMBERS,
    "number": NUMBERS,
    "string": frozenset({str}),
}


def _word(value: object) -> str:
    return _WORDS.get(type(value), f"a {type(value).__name__}")


def _no(op: str, left: object, right: object) -> EvaluationError:
    return EvaluationError(f"{op} cannot take {_word(left)} and {_word(right)}")


def in_range(value: int) -> int:
    """The integer, or the error of int64 overflow."""
    if INT_MIN <= value <= INT_MAX:
        return value
    raise EvaluationError("integer overflow")


def _numeric(left: object, right: object) -> bool:
    return type(left) in NUMBERS and type(right) in NUMBERS


def add(left: Value, right: Value) -> Value:
    """`left + right`: numbers, durations, texts, lists."""
    if type(left) is int and type(right) is int:
        return in_range(left + right)
    if _numeric(left, right):
        return float(left) + float(right)  # type: ignore[arg-type]
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return left + right
    raise _no("+", left, right)


def subtract(left: Value, right: Value) -> Value:
    """`left - right`: numbers, durations."""
    if type(left) is int and type(right) is int:
        return in_range(left - right)
    if _numeric(left, right):
        return float(left) - float(right)  # type: ignore[arg-type]
    raise _no("-", left, right)


def multiply(left: Value, right: Value) -> Value:
    """`left * right`."""
    if type(left) is int and type(right) is int:
        return in_range(left * right)
    if _numeric(left, right):
        return float(left) * float(right)  # type: ignore[arg-type]
    raise _no("*", left, right)


def quotient(left: Value, right: Value) -> float:
    """`left / right` of IEEE numbers: a division by zero is infinite or not a number."""
    if not _numeric(left, right):
        raise _no("/", left, right)
    upper, lower = float(left), float(right)  # type: ignore[arg-type]
    if lower:
        return upper / lower
    return nan if upper == 0 or isnan(upper) else copysign(1.0, upper) * copysign(1.0, lower) * float("inf")


def divide(left: int, right: int) -> int:
    """`left / right` of integers, towards zero."""
    if right == 0:
        raise EvaluationError("division by zero")
    whole = abs(left) // abs(right)
    return in_range(whole if (left < 0) == (right < 0) else -whole)


def remainder(left: Value, right: Value) -> int:
    """`left % right` of integers, with the sign of the left one."""
    if type(left) is not int or type(right) is not int:
        raise _no("%", left, right)
    return left - divide(left, right) * right if right else _modulus_by_zero()


def _modulus_by_zero() -> int:
    raise EvaluationError("modulus by zero")


def negate(item: Value) -> Value:
    """`-item`."""
    if type(item) is int:
        return in_range(-item)
    if type(item) is float:
        return -item
    raise EvaluationError(f"- cannot take {_word(item)}")


def present(value: Value | None, name: str) -> Value:
    """The value, or Absent."""
    if value is None:
        raise Absent(name)
    return value


def truth(value: Value) -> bool:
    """A value of unknown type where true or false is needed."""
    if value is True or value is False:
        return value
    raise EvaluationError(f"true or false is needed, this is {_word(value)}")


def text(value: Value) -> str:
    """A value of unknown type where a text is needed."""
    if isinstance(value, str):
        return value
    raise EvaluationError(f"a text is needed, this is {_word(value)}")


def conjunction(*clauses: Callable[[], bool]) -> bool:
    """`&&`: a false clause wins over an error, in either order."""
    return _decided(clauses, against=False)


def disjunction(*clauses: Callable[[], bool]) -> bool:
    """`||`: a true clause wins over an error, in either order."""
    return _decided(clauses, against=True)


def _decided(clauses: tuple[Callable[[], bool], ...], *, against: bool) -> bool:
    fault: EvaluationError | None = None
    for clause in clauses:
        try:
            if clause() is against:
                return against
        except EvaluationError as error:
            fault = fault or error
    if fault:
        raise fault
    return not against


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SCALARS = frozenset({bool, int, float, str})


def compare(op: str, left: Value, right: Value) -> bool:
    """Compare where a type is known only now; different types have no answer."""
    if _numeric(left, right) or (type(left) is type(right) and type(left) in _SCALARS):
        return _OPERATORS[op](left, right)
    raise _no(op, left, right)


def same(left: Value, right: Value) -> bool:
    """CEL equality: numbers by value, other types only with their own; lists element by element."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        # Not Python's ==, which takes a not-a-number for equal to itself, and true for equal to 1.
        return len(left) == len(right) and all(map(same, left, right))
    if _numeric(left, right):
        return left == right
    return type(left) is type(right) and left == right


def member(item: Value, items: tuple[Value, ...]) -> bool:
    """`item in items`."""
    return any(same(item, other) for other in items)


def member_of_kind(item: Value, items: tuple[Value, ...], kind: str) -> bool:
    """`item in items` for an item of unknown type; no answer when it cannot be compared with the elements."""
    if type(item) in _KINDS[kind]:
        return member(item, items)
    raise EvaluationError(f"in cannot look for {_word(item)} in a list of {kind}")


HELPERS: Mapping[str, object] = {
    f"_cel_{helper.__name__}": helper
    for helper in (
        *(add, subtract, multiply, quotient, divide, remainder, negate),
        *(present, truth, text, conjunction, disjunction, compare, same, member, member_of_kind),
    )
} | {"_cel_numbers": NUMBERS, "_cel_error": EvaluationError}
