"""What was earned, cumulated day by day, inside a band that holds at all looks at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import accumulate

from msgspec import Struct

from aparte.experiments.sequential import LEAST_ORDERS
from aparte.experiments.statistics import Sample, proportion, welch
from aparte.reports.incrementality import measures
from aparte.reports.incrementality.cells import Arms, Cell
from aparte.reports.incrementality.model import Curve, Level, Point, Range
from aparte.reports.incrementality.persons import HOLDOUT

NOBODY = Cell()


class Sums(Struct, frozen=True):
    """What a curve keeps of one arm."""

    n: int = 0
    buyers: int = 0
    revenue: int = 0
    squares: int = 0

    def and_of(self, cell: Cell) -> Sums:
        """With those of one more day."""
        revenue, squares = cell.total("revenue"), cell.total("revenue*revenue")
        return Sums(self.n + cell.n, self.buyers + cell.total("buyer"), self.revenue + revenue, self.squares + squares)

    @property
    def spent(self) -> Sample:
        """Revenue of a person."""
        return Sample(self.n, self.revenue, self.squares)


def curves(arms: Arms, level: Level) -> Iterable[Curve]:
    """A curve for the site, or for each campaign, from the cells of its days."""
    for campaign in sorted({part[0] for part in arms}):
        days = {part[2]: sides for part, sides in arms.items() if part[0] == campaign and part[1] == "day" and part[2]}
        if days:
            yield Curve(level=level, campaign=campaign, points=tuple(points(days, HOLDOUT[level])))


def points(days: dict[str, dict[str, Cell]], holdout: str) -> Iterable[Point]:
    """One point a day on which somebody became a candidate whose horizon is over."""
    order = [one for one in sorted(days) if any(cell.n for cell in days[one].values())]
    sums = [
        list(accumulate((days[day].get(arm, NOBODY) for day in order), Sums.and_of, initial=Sums()))[1:]
        for arm in (holdout, "treated")
    ]
    return (point(date.fromisoformat(day), *both) for day, *both in zip(order, *sums, strict=True))


def point(day: date, control: Sums, treated: Sums) -> Point:
    """Both arms up to a day."""
    buyers = (control.buyers, treated.buyers)
    known = Point(day=day, control=control.n, treated=treated.n, buyers=buyers)
    if min(buyers) < LEAST_ORDERS:
        return known
    shares = band(proportion(control.n, control.buyers), proportion(treated.n, treated.buyers), buyers, 1)
    revenue = band(control.spent, treated.spent, buyers, treated.n)
    return Point(day=day, control=control.n, treated=treated.n, buyers=buyers, conversion=shares, revenue=revenue)


def band(control: Sample, treated: Sample, buyers: tuple[int, int], by: int) -> Range | None:
    """The effect of so many with its always-valid band; None where nothing varies."""
    effect = welch(control, treated)
    always = measures.banded(effect, control.n + treated.n, buyers)
    return None if always is None else Range(effect.estimate * by, always.low * by, always.high * by)
