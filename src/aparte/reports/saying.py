"""Figures of a report as words of one language."""

from __future__ import annotations

from aparte.experiments.statistics import Effect
from aparte.reports.compare import DAY
from aparte.reports.model import Comparison, Report
from aparte.reports.numbers import between, day_of, money, number, points_between, rounded_money, share
from aparte.reports.report_words import say


class Saying:
    """The figures of one report, and how each kind of figure is written."""

    def __init__(self, language: str, figures: Report) -> None:
        self.language, self.figures, self.currency = language, figures, figures.currency
        zone = figures.time_zone
        self.first, self.last = day_of(figures.since, zone), day_of(figures.until - 1, zone)
        self.days = (self.last - self.first).days + 1
        self.horizon_days = round(figures.horizon_ms / DAY)

    def say(self, name: str, count: int | None = None, **values: str) -> str:
        """A sentence in this language."""
        return say(self.language, name, count, **values)

    def called(self, campaign: str) -> str:
        """What people call a campaign; figures that come without labels call it by its name."""
        return campaign

    def count(self, value: float) -> str:
        """A whole number."""
        return number(value, self.language)

    def part(self, value: float, of: float) -> str:
        """A share."""
        return share(value / of if of else 0.0, self.language)

    def total(self, effect: Effect, value: float, *, signed: bool = False) -> str:
        """An amount at the precision that its interval allows."""
        near = rounded_money(value, effect.low, effect.high)
        cents = 0 if effect.high - effect.low >= 20 else 2
        return money(near, self.currency, self.language, cents, signed=signed)

    def total_between(self, effect: Effect) -> str:
        """Its interval with signs."""
        low, high = (self.total(effect, value, signed=True) for value in (effect.low, effect.high))
        return between(low, high, self.language)

    def points_between(self, effect: Effect, decimals: int = 2) -> str:
        """The interval of a difference of shares."""
        return points_between(effect.low, effect.high, self.language, decimals)

    def smaller(self, comparison: Comparison) -> tuple[int, str]:
        """The smaller arm."""
        treated, holdout = comparison.treated.visitors, comparison.holdout.visitors
        return min(treated, holdout), self.say("who_holdout" if holdout <= treated else "who_treated")
