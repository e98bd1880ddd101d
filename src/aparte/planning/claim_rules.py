"""What a claim is made of, and the few rules by which figures become a verdict. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

Verdict: TypeAlias = Literal["follows", "only_under", "contradicts"]
Figures: TypeAlias = Mapping[str, float]
Work: TypeAlias = Callable[[Figures], tuple[Figures, Verdict]]
ROUNDED = 0.05
"""A printed figure is rounded: within a twentieth of it two are the same."""


class Case(Struct, frozen=True):
    """Lines of docs/requirements.toml, inputs as they are printed, and how figures and verdict come of them."""

    lines: tuple[str, ...]
    inputs: Figures
    work: Work


def agrees(one: float, other: float) -> bool:
    """Whether two figures are the same but for rounding."""
    return abs(one - other) <= ROUNDED * abs(other)


def reaches(one: float, wanted: float) -> bool:
    """Whether a figure is as large as the wanted one, but for rounding."""
    return one >= wanted * (1 - ROUNDED)


def held(yes: bool, otherwise: Verdict) -> Verdict:
    """It follows, or the other verdict."""
    return "follows" if yes else otherwise


def within(low: float, high: float, wanted_low: float, wanted_high: float) -> Verdict:
    """A range inside the wanted one follows; one that touches it does under a condition; one apart contradicts it."""
    if low >= wanted_low * (1 - 1e-9) and high <= wanted_high * (1 + 1e-9):
        return "follows"
    return "only_under" if low <= wanted_high and high >= wanted_low else "contradicts"
