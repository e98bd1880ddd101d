"""The page of the first report: figures turned into sentences, rows and pictures; the template only places them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from math import ceil
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct

from aparte.experiments.statistics import Effect
from aparte.kit.errors import BadInput
from aparte.reports.compare import DAY
from aparte.reports.first import report
from aparte.reports.interval_picture import Interval, axis_svg, interval_svg, nothing_svg, row_svg, ticks
from aparte.reports.model import Arm, Comparison, Funnel, Report
from aparte.reports.numbers import (
    between,
    day_of,
    day_words,
    days_words,
    money,
    number,
    p_value,
    points,
    points_between,
    rounded_money,
    share,
    start_of,
    unit_of_points,
)
from aparte.reports.report_words import WORDS, say
from aparte.reports.sources import ReportSources
from aparte.sites.model import Site

DEFAULT_DAYS = 28
LONGEST_DAYS = 3660
WIDE, NARROW = 720, 326
FIRST = ("uneven", "loss", "gain", "open", "undecided", "too_early", "no_holdout", "empty")
"""Rows sort by what needs action first."""
TONES = {"gain": "treated", "loss": "alert", "open": "note", "uneven": "alert"}
ICONS = {"gain": "check", "loss": "circle-stop", "open": "hourglass", "uneven": "scale"}


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


class Check(Struct):
    """What the figures rest on; `fine` by its mark."""

    fine: bool
    text: str


class Step(Struct):
    """A row of the funnel; `width` of 100."""

    label: str
    note: str
    count: str
    width: float
    attributed: bool


class Row(Struct, kw_only=True):
    """A row of the table."""

    name: str
    note: str
    rule: bool
    candidates: str
    acceptance: str
    effect: str
    interval: str
    tone: str
    picture: str
    revenue: str
    verdict: str
    verdict_tone: str
    icon: str
    why: str


def report_page(site: Site, language: str, since: int, until: int, now: int, sources: ReportSources) -> str:
    """The whole HTML page for the candidates of a period; milliseconds, `until` not included.

    Slow for a large site, and at first use of the picture library: call it in a worker thread.
    """
    return page_of(site, language, report(site, since, until, now, sources))


def page_of(site: Site, language: str, figures: Report) -> str:
    """The page of figures that are known already."""
    language = language if language in WORDS else "fr"
    return Words(language, figures).page(site)


def error_page(site: Site, language: str, error: BadInput) -> str:
    """The page for a period that cannot be read: what is wrong, that nothing is lost, what to do."""
    language = language if language in WORDS else "fr"
    template = templates().get_template("error.html")
    return template.render(t=WORDS[language], language=language, site=site, error=str(error))


def period_of(since: str | None, until: str | None, time_zone: str, now: int) -> tuple[int, int]:
    """The period of two days `YYYY-MM-DD`, both included, at the site; without them the last 28 days with today.

    Returns milliseconds, the second not included. Raises BadInput for what is no day, and for a last day before the
    first.
    """
    last = day_from(until, "until") if until else day_of(now, time_zone)
    first = day_from(since, "since") if since else last - timedelta(days=DEFAULT_DAYS - 1)
    if last < first:
        raise BadInput(f"{last} is before {first}", where="until", hint="swap the two days")
    if (last - first).days > LONGEST_DAYS:
        raise BadInput("this is more than ten years", where="since", hint="choose a shorter period")
    return start_of(first, time_zone), start_of(last + timedelta(days=1), time_zone)


def day_from(text: str, where: str) -> date:
    """A day of an address or a command."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text[:40]!r} is no day", where=where, hint="write YYYY-MM-DD") from None
    if not 1971 <= day.year <= 9000:
        raise BadInput(f"the year {day.year} is out of reach", where=where, hint="choose another day")
    return day


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates; whatever is put into them is escaped."""
    return Environment(
        loader=PackageLoader("aparte.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Words:
    """The figures of one report in one language."""

    def __init__(self, language: str, figures: Report) -> None:
        self.language, self.figures, self.currency = language, figures, figures.currency
        zone = figures.time_zone
        self.first, self.last = day_of(figures.since, zone), day_of(figures.until - 1, zone)
        self.days = (self.last - self.first).days + 1
        self.horizon_days = round(figures.horizon_ms / DAY)

    def page(self, site: Site) -> str:
        """The HTML."""
        other = "en" if self.language == "fr" else "fr"
        days = {"since": self.first.isoformat(), "until": self.last.isoformat()}
        axis = self.axis()
        return templates().get_template("report.html").render(
            t=WORDS[self.language],
            language=self.language,
            other=other,
            other_link="?" + urlencode({**days, "lang": other}),
            site=site,
            period=days_words(self.first, self.last, self.language),
            length=self.say("days" if self.days > 1 else "day", n=self.count(self.days)),
            **days,
            finding=self.finding(),
            beside=list(self.beside()),
            checks=list(self.checks()),
            funnel=list(self.funnel(self.figures.funnel)),
            rows=list(self.rows(axis)),
            axis=Markup(axis_svg([(value, self.tick(value)) for value in axis])) if axis else "",
            table_below=self.table_below(),
            attributed=self.attributed(),
            foot=self.say("foot", days=self.count(self.horizon_days), zone=self.figures.time_zone),
        )  # fmt: skip

    def say(self, name: str, count: int | None = None, **values: str) -> str:
        """A sentence in this language."""
        return say(self.language, name, count, **values)

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

    # The finding

    def finding(self) -> Finding:
        """The one sentence of the page."""
        comparison = self.figures.speaking
        before, _, after = self.sentence(comparison).partition("{figure}")
        return Finding(
            before=before,
            figure=self.figure(comparison),
            after=after,
            tone={"gain": "treated", "loss": "alert"}.get(comparison.verdict, ""),
            below=[text for text in self.below(comparison) if text],
            **self.picture(comparison),
        )

    def speaks_of_money(self, comparison: Comparison) -> bool:
        """Money is told aloud only where conversion is proved first, and the amount lies on the same side of zero."""
        money_effect = comparison.incremental
        if money_effect is None:
            return False
        gain = comparison.verdict == "gain" and money_effect.low > 0
        return gain or (comparison.verdict == "loss" and money_effect.high < 0)

    def sentence(self, comparison: Comparison) -> str:
        """The sentence, with `{figure}` where its figure goes."""
        verdict, campaign = comparison.verdict, self.figures.headline
        period = self.say("in_days" if self.days > 1 else "in_day", n=self.count(self.days))
        if verdict in {"gain", "loss"}:
            name = verdict + ("_money" if self.speaks_of_money(comparison) else "")
            name += "_campaign" if campaign else "_whole"
            return self.say(name, period=period, campaign=campaign, figure="{figure}")
        if verdict in {"open", "undecided"} and comparison.conversion is not None:
            return self.say(verdict, interval=self.points_between(comparison.conversion))
        if verdict == "too_early" and comparison.days_needed is not None:
            return self.say("too_early_date", date=self.day_in(comparison.days_needed))
        return self.say(verdict)

    def figure(self, comparison: Comparison) -> str:
        """What stands in the place of the figure; a gain needs no sign, a cost is told by its two bounds."""
        amount, shares = comparison.incremental, comparison.conversion
        if comparison.verdict not in {"gain", "loss"} or amount is None or shares is None:
            return ""
        if not self.speaks_of_money(comparison):
            return points(abs(shares.estimate), self.language, signed=False)
        if comparison.verdict == "gain":
            return self.total(amount, amount.estimate)
        low, high = self.total(amount, -amount.high), self.total(amount, -amount.low)
        return self.say("cost_between", low=low, high=high)

    def below(self, comparison: Comparison) -> Iterator[str]:
        """The lines below the sentence."""
        verdict = comparison.verdict
        if verdict in {"gain", "loss"}:
            yield self.true_between(comparison)
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

    def smaller(self, comparison: Comparison) -> tuple[int, str]:
        """The smaller arm."""
        treated, holdout = comparison.treated.visitors, comparison.holdout.visitors
        return min(treated, holdout), self.say("who_holdout" if holdout <= treated else "who_treated")

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
        if abs(value) >= 10_000:
            if self.language == "fr":
                return (
                    money(value / 1000, self.currency, "fr").replace("\u00a0", "\u00a0k", 1)
                    if abs(value) < 1e6
                    else money(value, self.currency, "fr")
                )
            return money(value / 1000, self.currency, "en") + "k"
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

    # Beside and below

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
                self.say("after_conversion") if one.verdict in {"open", "undecided"} else "",
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

    def checks(self) -> Iterator[Check]:
        """What the figures rest on."""
        one, orders = self.figures.speaking, self.figures.orders
        if one.split_p is not None:
            fine = one.verdict != "uneven"
            yield Check(fine, self.say("even" if fine else "uneven_check", p=p_value(one.split_p, self.language)))
        elif one.treated.visitors + one.holdout.visitors + one.young:
            yield Check(False, self.say("untested"))
        known = orders.confirmed + orders.claimed
        if not known:
            yield Check(False, self.say("no_orders"))
        elif orders.confirmed_only:
            yield Check(
                orders.confirmed >= 0.9 * known, self.say("confirmed", share=self.part(orders.confirmed, known))
            )
        else:
            yield Check(False, self.say("claimed"))
        yield from self.left_out(one)

    def left_out(self, one: Comparison) -> Iterator[Check]:
        """Who and what is in no comparison, and what dilutes it; nothing is left out in silence."""
        compared = one.holdout.visitors
        for name, n, fine in (
            ("young", one.young, True),
            ("returning", one.returning, True),
            ("mixed", one.mixed, False),
            ("crossover", one.crossover, True),
            ("by_others", one.invited_by_others, True),
            ("cancelled", self.figures.orders.cancelled, True),
            ("foreign", self.figures.orders.foreign, False),
        ):
            if n:
                said = self.say(
                    name, n, n=self.count(n), days=self.count(self.horizon_days), share=self.part(n, compared)
                )
                yield Check(fine, said)

    def funnel(self, steps: Funnel) -> Iterator[Step]:
        """Each step with its share of the one before, the denominator in words."""
        before = [steps.eligible, steps.eligible, steps.covered, steps.candidates, steps.shown, steps.accepted]
        counts = [steps.eligible, steps.covered, steps.candidates, steps.shown, steps.accepted, steps.bought]
        names = ("eligible", "covered", "candidates", "shown", "accepted", "bought")
        notes = ("", "of_eligible", "of_covered", "of_candidates", "of_shown", "of_accepted")
        for name, note, count, base in zip(names, notes, counts, before, strict=True):
            if note == "of_candidates" and not steps.held_out:
                note = "of_candidates_all"  # noqa: PLW2901
            held, days = self.count(steps.held_out), self.count(self.horizon_days)
            said = self.say(note, share=self.part(count, base), n=held, days=days) if note and base else ""
            width = 100 * count / steps.eligible if steps.eligible else 0.0
            yield Step(self.say(name), said, self.count(count), round(width, 2), name == "bought")

    def axis(self) -> list[float]:
        """The ticks that all small pictures share, in points."""
        shown = [c.conversion for _, _, c, _ in self.compared() if c.conversion is not None]
        if not shown:
            return []
        return ticks(100 * min(e.low for e in shown), 100 * max(e.high for e in shown), 6)

    def compared(self) -> Iterator[tuple[str, str, Comparison, Funnel]]:
        """Campaigns, what needs action first, each with its rules: name, campaign of a rule, figures."""
        for one in sorted(self.figures.campaigns, key=lambda one: FIRST.index(one.comparison.verdict)):
            yield one.name, "", one.comparison, one.funnel
            for rule in one.rules:
                yield rule.name, one.name, rule.comparison, rule.funnel

    def rows(self, axis: list[float]) -> Iterator[Row]:
        """The table."""
        for name, campaign, comparison, steps in self.compared():
            effect, amount = comparison.conversion, comparison.incremental
            picture = row_svg(as_interval(effect, 100) if effect else None, axis[0], axis[-1]) if axis else ""
            yield Row(
                name=name,
                note=self.say("rule_of", campaign=campaign) if campaign else self.held_out(comparison),
                rule=bool(campaign),
                candidates=self.count(steps.candidates),
                acceptance=self.part(steps.accepted, steps.shown) if steps.shown else "–",
                effect=points(effect.estimate, self.language, 1) if effect else "–",
                interval=self.points_between(effect, 1) if effect else "",
                tone=tone_of(effect),
                picture=Markup(picture),
                revenue=self.total(amount, amount.estimate, signed=True) if amount else "–",
                verdict=self.say(f"v_{comparison.verdict}"),
                verdict_tone=TONES.get(comparison.verdict, "plain"),
                icon=ICONS.get(comparison.verdict, ""),
                why=self.why(comparison),
            )

    def held_out(self, one: Comparison) -> str:
        """How many of a campaign's candidates are held out, and how many should be."""
        n = self.count(one.dealt_holdout)
        if not one.planned_holdout:
            return self.say("held_out_seen", n=n)
        return self.say("held_out_note", n=n, share=share(one.planned_holdout, self.language, 0))

    def why(self, one: Comparison) -> str:
        """The reason below a verdict."""
        if one.verdict == "too_early":
            n, who = self.smaller(one)
            return self.say("why_too_early", n=self.count(n), who=who, needed=self.count(one.first_reading))
        if one.conversion is None:
            return self.say(f"why_{one.verdict}")
        if one.verdict == "open":
            days = one.days_needed
            name = "why_open_none" if days is None else "why_open_day" if days == 1 else "why_open"
            return self.say(name, n=self.count(days or 0))
        low, high = (points(value, self.language, 1) for value in (one.conversion.low, one.conversion.high))
        return self.say(f"why_{one.verdict}", low=low, high=high)

    def table_below(self) -> str:
        """How to read the table."""
        shown = sum(c.conversion is not None for _, _, c, _ in self.compared())
        return self.say("table_below", n=self.count(shown)) if shown > 1 else self.say("table_below_one")

    def attributed(self) -> dict[str, Any]:
        """Orders after a chat: never with parentheses, and said not to be caused."""
        found = self.figures.attributed
        incremental = self.figures.speaking.incremental
        times = ""
        if incremental is not None and incremental.low > 0 and found.revenue > incremental.estimate:
            times = self.say("attributed_times", times=number(found.revenue / incremental.estimate, self.language, 1))
        hours = self.count(ceil(self.figures.attribution_ms / 3_600_000))
        of = self.say("attributed_of", orders=self.say("orders", found.orders, n=self.count(found.orders)), hours=hours,
                      talks=self.say("talks", found.conversations, n=self.count(found.conversations)))  # fmt: skip
        nothing = not found.conversations and not found.orders
        return {
            "amount": money(found.revenue, self.currency, self.language),
            "nothing": nothing,
            "of": self.say("attributed_none") if nothing else of,
            "times": times,
        }


def as_interval(effect: Effect, scale: float) -> Interval:
    """An effect as it is drawn."""
    return Interval(effect.estimate * scale, effect.low * scale, effect.high * scale)


def tone_of(effect: Effect | None) -> str:
    """The colour of an effect in a table."""
    if effect is None:
        return ""
    return "treated" if effect.low > 0 else "alert" if effect.high < 0 else "holdout"
