"""Random expressions give what Google's own implementation gives, value or error."""

import datetime
import math
import os
from typing import Any

import pytest
from condition_generator import Generator, scope

from aparte.targeting.conditions import Checked, EvaluationError, check, compile_value
from aparte.targeting.conditions.text import to_text

cel = pytest.importorskip("cel_expr_python.cel")

CASES = 20_000 if os.environ.get("APARTE_LONG") == "1" else 5_000
KINDS = ("bool", "bool", "bool", "int", "double", "string", "duration", "list(int)", "list(double)")
SCOPE = scope()


@pytest.fixture(scope="module")
def oracle() -> Any:
    types = cel.Type
    plain = {"int": types.INT, "double": types.DOUBLE, "string": types.STRING, "bool": types.BOOL}
    plain |= {"duration": types.DURATION, "number": types.DYN}
    variables = {
        name: types.List(plain[str(symbol.type.element)]) if symbol.type.element else plain[str(symbol.type)]
        for name, symbol in SCOPE.symbols.items()
    }
    return cel.NewEnv(variables=variables)


def theirs(oracle: Any, text: str, state: dict[str, Any]) -> Any:
    """The oracle's value; it returns an ERROR value for an error while evaluating."""
    given = {name: list(value) if isinstance(value, tuple) else value for name, value in state.items()}
    given |= {name: datetime.timedelta(milliseconds=state[name]) for name in "uw"}
    result = oracle.compile(text).eval(data=given)
    return "error" if result.type() == cel.Type.ERROR else result.plain_value()


def ours(checked: Checked, state: dict[str, Any]) -> Any:
    try:
        value: Any = compile_value(checked)(state)
    except EvaluationError:
        return "error"
    if str(checked.type) == "duration":
        # Python's timedelta is as fine as a microsecond, and so are the durations that are generated.
        return datetime.timedelta(microseconds=value // 1000)
    return list(value) if isinstance(value, tuple) else value


def alike(left: Any, right: Any) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, float):
        return repr(left) == repr(right) or (math.isnan(left) and math.isnan(right))
    return bool(left == right)


def test_random_expressions_agree_with_the_reference_implementation(oracle: Any) -> None:
    generator = Generator(seed=20_251_122)
    differences, errors = [], 0
    for _ in range(CASES):
        kind = generator.random.choice(KINDS)
        text, state = to_text(generator.node(kind, 5)), generator.state()
        expected = theirs(oracle, text, state)
        found = ours(check(text, SCOPE, boolean=False), state)
        errors += found == "error"
        if not alike(found, expected):
            differences.append((text, state, found, expected))
    assert not differences, "\n".join(map(repr, differences[:5]))
    assert CASES * 0.02 < errors < CASES * 0.6, "the expressions reach both values and errors"
