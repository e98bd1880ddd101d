"""The sums of two arms as a person or a program hands them over: read, and refused where they are impossible. Pure."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from msgspec import Struct

from aparte.kit.errors import BadInput

MOST = 10**15
"""Beyond it a count or a sum has lost its last digit in a double."""
TOLERANCE = 1e-9
"""How far, relatively, rounding may put a sum of squares below what its sum asks for."""
OF_ARM = ("n", "orders", "sum", "sumsq", "took_up", "took_up_orders")
OF_ALL = ("control", "treated", "weights", "planned", "days", "unused_capacity")


class Sums(Struct, frozen=True, kw_only=True):
    """One arm: visitors, those who ordered, revenue and its squares, those who took the help up, those who did both."""

    n: int
    orders: int
    sum: float | None = None
    sumsq: float | None = None
    took_up: int | None = None
    took_up_orders: int | None = None


class Given(Struct, frozen=True, kw_only=True):
    """Both arms, the shares they were to be dealt in (control first), and what is known beside them."""

    control: Sums
    treated: Sums
    weights: tuple[float, float] | None = None
    planned: int | None = None
    days: float | None = None
    unused_capacity: bool = False


def read(text: str, where: str = "standard input") -> Given:
    """The sums in this JSON text. Raises BadInput that names the field, what is wrong with it and what to do."""
    try:
        found = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"this is not JSON: {error}", where=where, hint='begin with {"control": {"n": ...') from None
    fields = object_of(found, OF_ALL, where)
    return Given(
        control=arm_of(fields, "control", where),
        treated=arm_of(fields, "treated", where),
        weights=weights_of(fields.get("weights"), f"{where}: weights"),
        planned=count_of(fields, "planned", where, least=2),
        days=days_of(fields.get("days"), f"{where}: days"),
        unused_capacity=flag_of(fields.get("unused_capacity", False), f"{where}: unused_capacity"),
    )


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which every field is given once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a field is given twice")
    return found


def object_of(found: Any, known: tuple[str, ...], where: str) -> dict[str, Any]:
    """An object without any field that nobody would read."""
    if not isinstance(found, dict):
        raise BadInput("expected an object", where=where, hint=f"with the fields {', '.join(known)}")
    for name in found:
        if name not in known:
            raise BadInput(f"there is no field {name!r}", where=where, hint=f"known: {', '.join(known)}")
    return found


def arm_of(fields: dict[str, Any], name: str, where: str) -> Sums:
    """One arm, with nothing impossible in it."""
    where = f"{where}: {name}"
    if name not in fields:
        raise BadInput("this arm is missing", where=where, hint='give {"n": 1000, "orders": 50}')
    found = object_of(fields[name], OF_ARM, where)
    n = needed(count_of(found, "n", where, least=2), where, "n")
    orders = needed(count_of(found, "orders", where), where, "orders")
    arm = Sums(
        n=n,
        orders=orders,
        sum=amount_of(found.get("sum"), f"{where}.sum"),
        sumsq=amount_of(found.get("sumsq"), f"{where}.sumsq", MOST**2),
        took_up=count_of(found, "took_up", where),
        took_up_orders=count_of(found, "took_up_orders", where),
    )
    check_counts(arm, where)
    check_sums(arm, where)
    return arm


def needed(value: int | None, where: str, name: str) -> int:
    """It, or a refusal."""
    if value is None:
        raise BadInput("this number is missing", where=f"{where}.{name}", hint="count visitors and those who ordered")
    return value


def check_counts(arm: Sums, where: str) -> None:
    """A part is no more than its whole."""
    for name in ("orders", "took_up"):
        value = getattr(arm, name)
        if value is not None and value > arm.n:
            hint = "count a visitor once, however often" if name == "orders" else "count visitors, not conversations"
            raise BadInput(f"{value:,} of {arm.n:,} visitors", where=f"{where}.{name}", hint=hint)
    both, taken = arm.took_up_orders, arm.took_up or 0
    if both is not None and not max(0, arm.orders + taken - arm.n) <= both <= min(arm.orders, taken):
        raise BadInput(
            f"{both:,} cannot be with {taken:,} taken up and {arm.orders:,} orders of {arm.n:,}",
            where=f"{where}.took_up_orders",
            hint="count those who took up and ordered",
        )


def check_sums(arm: Sums, where: str) -> None:
    """A sum of squares is at least what the sum asks for, and nobody pays without an order."""
    if (arm.sum is None) != (arm.sumsq is None):
        raise BadInput("sum and sumsq come together", where=where, hint="give both, or neither")
    if arm.sum is None or arm.sumsq is None:
        return
    if arm.sum and not arm.orders:
        raise BadInput("revenue without an order", where=f"{where}.sum", hint="count the orders it came from")
    least = arm.sum * arm.sum / arm.n
    if arm.sumsq < least * (1 - TOLERANCE):
        raise BadInput(
            f"{arm.sumsq:g} is below sum^2 / n = {least:g}, which no amounts give",
            where=f"{where}.sumsq",
            hint="add up the squares of what each visitor spent",
        )


def number_of(value: Any, where: str) -> int | float:
    """A finite number; true and false are none."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or (isinstance(value, float) and not isfinite(value))
    ):
        raise BadInput(f"{json.dumps(value)[:24]} is no number", where=where, hint="give a finite number")
    return value


def count_of(found: dict[str, Any], name: str, where: str, *, least: int = 0) -> int | None:
    """A whole number, or None where it is not given."""
    if found.get(name) is None:
        return None
    where = f"{where}.{name}"
    value = number_of(found[name], where)
    if value != int(value) or not least <= value <= MOST:
        raise BadInput(
            f"{str(value)[:24]} is no count", where=where, hint=f"give a whole number from {least} to {MOST:,}"
        )
    return int(value)


def amount_of(value: Any, where: str, most: float = MOST) -> float | None:
    """An amount of money, or of money squared, that is not below 0; None where it is not given."""
    if value is None:
        return None
    amount = number_of(value, where)
    if not 0 <= amount <= most:
        raise BadInput(
            f"{str(amount)[:24]} is no sum of an arm", where=where, hint=f"give an amount from 0 to {most:,}"
        )
    return float(amount)


def weights_of(value: Any, where: str) -> tuple[float, float] | None:
    """The planned shares of control and treated, in any unit; None where they are not given."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise BadInput("expected two numbers", where=where, hint="control first: [0.1, 0.9]")
    control, treated = (number_of(one, where) for one in value)
    if not (0 < control <= MOST and 0 < treated <= MOST) or min(control, treated) / max(control, treated) < 1 / MOST:
        raise BadInput("both shares are above 0", where=where, hint="control first: [0.1, 0.9]")
    return float(control), float(treated)


def days_of(value: Any, where: str) -> float | None:
    """How long it has lasted; None where it is not given."""
    if value is None:
        return None
    days = number_of(value, where)
    if not 0 < days <= 36_525:
        raise BadInput(f"{str(days)[:24]} days", where=where, hint="give the days since the first assignment")
    return float(days)


def flag_of(value: Any, where: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise BadInput("expected true or false", where=where, hint="true when agents are free")
    return value
