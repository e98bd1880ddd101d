"""The claims of the two papers, each worked out again from its own figures, and what becomes of it. Pure.

Nothing here is a result: a claim is its inputs, identities, and a rule that makes the verdict from what came out. With
other inputs the verdict is another one. What they say in words is in aparte.reports.claim_words.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from types import MappingProxyType

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning import claims_costs, claims_sales
from aparte.planning.claim_rules import Case, Figures, Verdict
from aparte.planning.given import number

CASES: Mapping[str, Case] = MappingProxyType({**claims_sales.CASES, **claims_costs.CASES})
ORDER = tuple(f"H{n}" for n in range(1, 23))
UNCHANGED: Mapping[str, Mapping[str, float]] = MappingProxyType({})
MAY_BE_NONE = {"at_random", "answers_per_wave"}
MAY_BE_ONE = {"discount_use", "true_deflection", "at_random", "chat_cost_ratio", "claimed_cost_ratio"}
COUNTED = {"concurrency", "first_low", "first_high", "second_low", "second_high"}
MOST_AT_ONCE = 50


class Claim(Struct, frozen=True, kw_only=True):
    """A claim: whose lines it is, what it is worked out from, what came out, and the verdict."""

    id: str
    lines: tuple[str, ...]
    inputs: dict[str, float]
    figures: dict[str, float]
    verdict: Verdict


def claims(changed: Mapping[str, Mapping[str, float]] = UNCHANGED) -> tuple[Claim, ...]:
    """All of them, H1 to H22; `changed` takes other inputs: {"H4": {"base_high": 0.03}}.

    BadInput names the claim or the input that is not there, and what cannot be: a share of 0 or above 1, ...
    """
    for id in changed:
        if id not in CASES:
            raise BadInput("there is no such claim", where=id[:40], hint="H1 to H22")
    return tuple(claim(id, changed.get(id, {})) for id in ORDER)


def claim(id: str, changed: Mapping[str, float]) -> Claim:
    """One of them; BadInput as above."""
    case = CASES[id]
    for name, value in changed.items():
        if name not in case.inputs:
            known = ", ".join(case.inputs)
            raise BadInput("this claim has no such input", where=f"{id}.{name[:60]}", hint=f"one of {known}")
        checked(name, value, f"{id}.{name}")
    inputs = {**case.inputs, **{name: float(value) for name, value in changed.items()}}
    figures, verdict = worked(id, case, inputs)
    return Claim(id=id, lines=case.lines, inputs=inputs, figures=dict(figures), verdict=verdict)


def worked(id: str, case: Case, inputs: Figures) -> tuple[Figures, Verdict]:
    """The figures and the verdict; BadInput where the inputs divide by nothing."""
    try:
        figures, verdict = case.work(inputs)
    except (ZeroDivisionError, OverflowError):
        figures, verdict = {"nothing": float("nan")}, "contradicts"
    if not all(isfinite(one) for one in figures.values()):
        raise BadInput("nothing can be worked out from these inputs", where=id, hint="take a ratio that is not 1")
    return figures, verdict


def checked(name: str, value: float, where: str) -> None:
    """BadInput unless it can be such an input. Shares are known by their names."""
    found = number(value, where)
    if found < 0 or (found == 0 and name not in MAY_BE_NONE):
        raise BadInput(f"{found:g} is not above 0", where=where, hint="write a number above 0")
    if name in SHARES and (found > 1 or (found == 1 and name not in MAY_BE_ONE)):
        raise BadInput(f"{found:g} is no share", where=where, hint="between 0 and 1: 0.02 is 2 %")
    if name in COUNTED and (found != int(found) or found > MOST_AT_ONCE):
        raise BadInput(f"{found:g} conversations at once", where=where, hint=f"a whole number up to {MOST_AT_ONCE}")


SHARES = frozenset({
    "engaged_share", "assisted_share", "additional_share", "base_low", "base_high", "points", "at_random",
    "online_share", "engaged_of_these", "saved_of_cost", "true_deflection", "base_rate", "claimed_conversion",
    "conversion_low", "conversion_high", "discount", "gross_margin", "discount_use", "acceptance", "plausible_engaged",
    "promoters", "detractors", "later_promoters", "later_detractors", "claimed_share", "untargeted", "share_long",
    "share_short", "chat_cost_ratio", "claimed_cost_ratio",
})  # fmt: skip
