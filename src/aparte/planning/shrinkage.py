"""Paid and at work: leave, illness, breaks and training are paid, and serve nobody. In exact fractions."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isfinite

from aparte.kit.errors import BadInput
from aparte.planning.queue_inputs import MOST_AGENTS, share_hint, whole

MOST_DENOMINATOR = 1_000_000
"""0.3 as a float is no 3/10; to a millionth it is."""
SHARE = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{0,12})?|[.,][0-9]{1,12})\s*(%?)", re.ASCII)


def paid_agents(agents: int, shrinkage: Fraction | str | float) -> int:
    """How many are paid so that `agents` are at work, exactly: 21 at 30 % are 30. BadInput for a share of 1 or more.

    `shrinkage`: 0.3, "0.3", "30 %" or a fraction.
    """
    whole("agents", agents, MOST_AGENTS, "agents at work at the same time", least=0)
    return paid(agents, read_share(shrinkage, "shrinkage"))


def paid(agents: int, shrinkage: Fraction) -> int:
    """The smallest whole number of which `agents` or more are at work."""
    return -int(-agents // (1 - shrinkage))


def at_work(agents: int, shrinkage: Fraction) -> int:
    """The largest number at work of so many who are paid."""
    return int(agents * (1 - shrinkage))


def read_share(given: Fraction | str | float, where: str, *, one_too: bool = False) -> Fraction:
    """A share from 0 up to 1, and 1 itself only with `one_too`, as it was meant; BadInput for anything else."""
    found = meant(given, where)
    if not 0 <= found <= 1 or (found == 1 and not one_too):
        raise BadInput(f"{given} is out of reach", where=where, hint=share_hint(found, whole_too=one_too))
    return found


def meant(given: Fraction | str | float, where: str) -> Fraction:
    """The number as it was meant; percents are told by their sign."""
    if isinstance(given, Fraction):
        return given
    if isinstance(given, str) and (told := SHARE.fullmatch(given.strip())):
        return Fraction(told[1].replace(",", ".")) / (100 if told[2] else 1)
    if isinstance(given, str | bool) or not isfinite(given):
        raise BadInput(f"{str(given)[:40]!r} is no share", where=where, hint="0.3 or 30 %")
    return Fraction(given).limit_denominator(MOST_DENOMINATOR)
