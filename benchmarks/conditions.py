"""The cost of a compiled condition, as a multiple of a closure written by hand over the same object.

    python benchmarks/conditions.py

Prints one JSON line per figure: {"name", "value", "bound", "unit"}.
"""

import gc
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from aparte.targeting.conditions import (
    DURATION,
    INT,
    NUMBER,
    STRING,
    Scope,
    Symbol,
    check,
    compile_condition,
    list_of,
)

CALLS, ROUNDS = 20_000, 15
CONDITION = (
    'page.section in ["cart", "checkout"] && cart_views >= 2 && page.dwell >= duration("30s")'
    ' && cart.value >= 50 && visitor.country == "FR" && !("vip" in visitor.segments)'
)


@dataclass(slots=True)
class State:
    section: str
    cart_views: int
    dwell: int
    cart_value: float | None
    country: str
    segments: frozenset[str]


SCOPE = Scope(
    {
        symbol.name: symbol
        for symbol in (
            Symbol("page.section", STRING, "always", "s.section"),
            Symbol("cart_views", INT, "always", "s.cart_views"),
            Symbol("page.dwell", DURATION, "always", "s.dwell", flow="rising"),
            Symbol("cart.value", NUMBER, "maybe", "s.cart_value"),
            Symbol("visitor.country", STRING, "always", "s.country"),
            Symbol("visitor.segments", list_of(STRING), "always", "s.segments"),
        )
    }
)

SECTIONS = frozenset({"cart", "checkout"})


def by_hand(minimum: int, dwell: int, value: float, country: str) -> Callable[..., bool]:
    """What a programmer would write for the condition, with its constants in a closure."""

    def holds(s: State, v: object, site: object, now: object) -> bool:
        return (
            s.section in SECTIONS
            and s.cart_views >= minimum
            and s.dwell >= dwell
            and s.cart_value is not None
            and s.cart_value >= value
            and s.country == country
            and "vip" not in s.segments
        )

    return holds


def seconds(function: Callable[..., bool], state: State) -> float:
    """The time of many calls."""
    start = time.perf_counter()
    for _ in range(CALLS):
        function(state, None, None, 0)
    return time.perf_counter() - start


def main() -> None:
    """Measure both in turns, so that a slow moment of the machine meets both, and take the best of each."""
    state = State("cart", 3, 31_000, 80.0, "FR", frozenset({"new"}))
    compiled, closure = compile_condition(check(CONDITION, SCOPE)), by_hand(2, 30_000, 50, "FR")
    assert compiled(state, None, None, 0)
    assert closure(state, None, None, 0)
    gc.disable()
    times = [(seconds(compiled, state), seconds(closure, state)) for _ in range(ROUNDS)]
    ratio = min(ours for ours, _ in times) / min(theirs for _, theirs in times)
    line = {
        "name": "condition of six clauses",
        "value": round(ratio, 3),
        "bound": 1.6,
        "unit": "x hand-written closure",
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
