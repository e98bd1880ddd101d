"""The one sentence of the report, its figure, its picture, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from aparte.experiments.statistics import Effect
from aparte.reports.compare import DAY
from aparte.reports.interval_picture import Interval, interval_svg, nothing_svg, ticks
from aparte.reports.model import Arm, Comparison, Verdict
from aparte.reports.numbers import (
    SYMBOLS,
    day_of,
    day_words,
    money,
    number,
    p_value,
    points,
    share,
    thousands,
    unit_of_points,
)
from aparte.reports.saying import Saying

WIDE, NARROW = 720, 326


class Finding(Struct, kw_only=True):
    """The one sentence, its figure set apart, what stands below and its picture."""

    before: str
    figure: str
    after: str
    tone: str
    below: list[str]
    wide: str = ""
    narrow: str = ""
    caption: str = ""


class Beside(Struct):
    """A figure beside the finding."""

    label: str
    figure: str
    lines: list[str]


class FindingWords(Saying):
    """Finding and figures beside it."""

    def finding(self) -> Finding:
        """The one sentence of the page."""
        comparison = self.figures.speaking
        before, _, after = self.sentence(comparison).partition("{figure}")
        return Finding(
            before=before,
            figure=self.figure(comparison),
            after=after,
            tone={"gain": "treated", "loss": "alert"}.get(told_of(comparison), ""),
            below=[text for text in self.below(comparison) if text],
            **self.picture(comparison),
        )

    def speaks_of_money(self, comparison: Comparison) -> bool:
        """Money is told aloud only where conversion is proved first, and the amount lies on the same side of zero."""
        money_effect = comparison.incremental
        if money_effect is None:
            return False
        gain = told_of(comparison) == "gain" and money_effect.low > 0
        return gain or (told_of(comparison) == "loss" and money_effect.high < 0)

    def sentence(self, comparison: Comparison) -> str:
        """The sentence, with `{figure}` where its figure goes."""
        verdict, campaign = told_of(comparison), self.figures.headline
        period = self.say("in_days" if self.days > 1 else "in_day", n=self.count(self.days))
        if verdict in {"gain", "loss"}:
            name = verdict + ("_money" if self.speaks_of_money(comparison) else "")
            name += "_campaign" if campaign else "_whole"
            return self.say(name, period=period, campaign=self.called(campaign), figure="{figure}")
        if verdict in {"open", "undecided"} and comparison.conversion is not None:
            return self.say(verdict, interval=self.points_between(comparison.conversion))
        if verdict == "too_early" and comparison.days_needed is not None:
            return self.say("too_early_date", date=self.day_in(comparison.days_needed))
        return self.say(verdict)

    def figure(self, comparison: Comparison) -> str:
        """What stands in the place of the figure; a gain needs no sign, a cost is told by its two bounds."""
        amount, shares = comparison.incremental, comparison.conversion
        if told_of(comparison) not in {"gain", "loss"} or amount is None or shares is None:
            return ""
        if not self.speaks_of_money(comparison):
            return points(abs(shares.estimate), self.language, signed=False)
        if told_of(comparison) == "gain":
            return self.total(amount, amount.estimate)
        low, high = self.total(amount, -amount.high), self.total(amount, -amount.low)
        return self.say("cost_between", low=low, high=high)

    def below(self, comparison: Comparison) -> Iterator[str]:
        """The lines below the sentence."""
        verdict = told_of(comparison)
        if verdict in {"gain", "loss"}:
            yield self.true_between(comparison)
        elif verdict != comparison.verdict:
            yield " ".join([self.say("watch_below"), self.more_days(comparison)])
        elif verdict == "open":
            yield " ".join([self.say("open_below"), self.more_days(comparison)])
        elif verdict == "undecided" and comparison.conversion is not None:
            yield self.say("undecided_below", high=points(comparison.conversion.high, self.language))
        elif verdict == "too_early":
            yield self.size(comparison)
        elif verdict == "uneven":
            yield self.uneven(comparison)
        else:
            yield self.say(f"{verdict}_below")
        if comparison.conversion is not None:
            where = "against_campaign" if self.figures.headline else "against_whole"
            yield self.say(where, n=self.count(comparison.holdout.visitors))
        if verdict in {"gain", "loss"} and comparison.days_needed is not None:
            yield self.say("monitor", date=self.day_in(comparison.days_needed))

    def true_between(self, comparison: Comparison) -> str:
        """Where the true figure lies."""
        amount, shares = comparison.incremental, comparison.conversion
        if amount is None or shares is None:
            return ""
        if self.speaks_of_money(comparison):
            low, high = (self.total(amount, value) for value in (amount.low, amount.high))
        else:
            low, high = (points(value, self.language) for value in (shares.low, shares.high))
        return self.say("true_between", low=low, high=high)

    def more_days(self, comparison: Comparison) -> str:
        """How long until the planned reading."""
        if comparison.days_needed is None:
            return ""
        days = comparison.days_needed
        return self.say("more_day" if days == 1 else "more_days", n=self.count(days))

    def size(self, comparison: Comparison) -> str:
        """How many of the smaller arm there are, and have to be."""
        n, who = self.smaller(comparison)
        return self.say("size", n=self.count(n), who=who, needed=self.count(comparison.first_reading))

    def uneven(self, comparison: Comparison) -> str:
        """How the draw came out."""
        seen = self.part(comparison.dealt_holdout, comparison.dealt_holdout + comparison.dealt_treated)
        planned = share(comparison.planned_holdout, self.language)
        return self.say("uneven_below", seen=seen, planned=planned, p=p_value(comparison.split_p or 0.0, self.language))

    def day_in(self, days: int) -> str:
        """The date so many days after the period's end, or after today."""
        at = min(self.figures.until, self.figures.now) + days * DAY
        return day_words(day_of(at, self.figures.time_zone), self.language)

    def picture(self, comparison: Comparison) -> dict[str, Any]:
        """The interval as it is drawn, wide and narrow, and in words."""
        amount, shares = comparison.incremental, comparison.conversion
        if amount is None or shares is None:
            if comparison.verdict != "too_early":
                return {}
            svg = Markup(nothing_svg())
            return {"wide": svg, "narrow": svg, "caption": self.say("picture_early")}
        in_money = self.speaks_of_money(comparison)
        interval = as_interval(amount, 1) if in_money else as_interval(shares, 100)
        caption = self.caption(comparison, in_money=in_money)
        wide, narrow = (self.drawn(interval, width, in_money=in_money) for width in (WIDE, NARROW))
        return {"wide": wide, "narrow": narrow, "caption": caption}

    def drawn(self, interval: Interval, width: int, *, in_money: bool) -> Markup:
        """The large picture at a width."""
        values = ticks(interval.low, interval.high, 6 if width == WIDE else 4)
        labels = tuple((value, self.money_tick(value) if in_money else self.points_tick(value)) for value in values)
        return Markup(interval_svg(interval, labels, width))

    def money_tick(self, value: float) -> str:
        """`60 k€` on the axis of large amounts."""
        if not value:
            return "0"
        if 10_000 <= abs(value) < 1e6 and value % 1000 == 0 and self.currency in SYMBOLS:
            return thousands(value, self.currency, self.language)
        return money(value, self.currency, self.language, 0 if value == round(value) else 2)

    def points_tick(self, value: float) -> str:
        """`+0,5 pt`; zero is bare."""
        return self.tick(value) + unit_of_points(self.language) if value else "0"

    def tick(self, value: float) -> str:
        """`+0,5`."""
        decimals = next(places for places in range(6) if round(value, places) == value or places == 5)
        return number(value, self.language, decimals, signed=True)

    def caption(self, comparison: Comparison, *, in_money: bool) -> str:
        """The picture in words."""
        amount, shares = comparison.incremental, comparison.conversion
        if amount is None or shares is None:
            return ""
        if in_money:
            estimate, interval = self.total(amount, amount.estimate, signed=True), self.total_between(amount)
            return self.say("picture_money", estimate=estimate, interval=interval)
        estimate, interval = points(shares.estimate, self.language), self.points_between(shares)
        return self.say("picture_points", estimate=estimate, interval=interval)

    def beside(self) -> Iterator[Beside]:
        """Conversion, then money: the total when the sentence does not tell it, else that of one candidate."""
        one = self.figures.speaking
        if one.conversion is None or one.incremental is None or one.revenue is None:
            return
        yield Beside(
            self.say("effect_on_conversion"),
            points(one.conversion.estimate, self.language),
            [self.points_between(one.conversion), self.rates(one.treated, one.holdout), self.relative(one)],
        )
        total = not self.speaks_of_money(one)
        effect = one.incremental if total else one.revenue
        interval = self.total_between(effect)
        holds_zero = effect.low <= 0 <= effect.high
        yield Beside(
            self.say("incremental" if total else "per_candidate"),
            self.total(effect, effect.estimate, signed=True),
            [
                self.say("not_certain", interval=interval) if holds_zero else interval,
                self.say("after_conversion") if told_of(one) in {"open", "undecided"} else "",
            ],
        )

    def rates(self, treated: Arm, holdout: Arm) -> str:
        """Both conversions in words."""
        of = [share(arm.conversion or 0.0, self.language, 2) for arm in (treated, holdout)]
        return self.say("both_rates", treated=of[0], holdout=of[1])

    def relative(self, one: Comparison) -> str:
        """The relative change, beside its base."""
        if one.relative is None:
            return ""
        low, high = (share(arm.conversion or 0.0, self.language, 2) for arm in (one.holdout, one.treated))
        change = share(one.relative, self.language, 0)
        sign = "+" if one.relative > 0 and not change.startswith("0") else ""
        return self.say("relative", relative=sign + change, low=low, high=high)


def as_interval(effect: Effect, scale: float) -> Interval:
    """An effect as it is drawn."""
    return Interval(effect.estimate * scale, effect.low * scale, effect.high * scale)


def told_of(comparison: Comparison) -> Verdict:
    """What is said of it: a gain or a loss only where `aparte.experiments.verdict` does not say to wait."""
    if comparison.verdict in ("gain", "loss") and comparison.word == "not_yet_known":
        return "open"
    return comparison.verdict
