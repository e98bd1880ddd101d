"""The page of the first report: figures turned into sentences, rows and pictures; the template only places them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import ceil
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct

from aparte.experiments.statistics import Effect
from aparte.kit.errors import BadInput
from aparte.reports.finding import FindingWords, as_interval
from aparte.reports.first import report
from aparte.reports.interval_picture import axis_svg, row_svg, ticks
from aparte.reports.model import Comparison, Funnel, Report
from aparte.reports.numbers import days_words, money, number, p_value, points, share
from aparte.reports.report_words import WORDS
from aparte.reports.sources import ReportSources
from aparte.sites.model import Site

FIRST = ("uneven", "loss", "gain", "open", "undecided", "too_early", "no_holdout", "empty")
"""Rows sort by what needs action first."""
TONES = {"gain": "treated", "loss": "alert", "open": "note", "uneven": "alert"}
ICONS = {"gain": "check", "loss": "circle-stop", "open": "hourglass", "uneven": "scale"}


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


class Words(FindingWords):
    """The figures of one report in one language."""

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

    def checks(self) -> Iterator[Check]:
        """What the figures rest on."""
        one, orders = self.figures.speaking, self.figures.orders
        if one.split_p is not None:
            fine = one.verdict != "uneven"
            yield Check(fine, self.say("even" if fine else "uneven_check", p=p_value(one.split_p, self.language)))
        elif one.verdict not in {"empty", "no_holdout"}:
            yield Check(False, self.say("untested"))
        lead = [name for name, goal in self.goals() if goal == "lead"]
        if lead:
            yield Check(True, self.say("goal_lead", names=", ".join(lead)))
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

    def goals(self) -> Iterator[tuple[str, str]]:
        """Campaigns and what they are after."""
        for one in self.figures.campaigns:
            yield one.name, one.goal

    def left_out(self, one: Comparison) -> Iterator[Check]:
        """Who and what is in no comparison, and what dilutes it; nothing is left out in silence."""
        compared = one.holdout.visitors
        for name, n, fine in (
            ("young", one.young, True),
            ("returning", one.returning, True),
            ("mixed", one.mixed, False),
            ("merged", one.merged, True),
            ("crossover", one.crossover, True),
            ("by_others", one.invited_by_others, True),
            ("cancelled", self.figures.orders.cancelled, True),
            ("foreign", self.figures.orders.foreign, False),
        ):
            if n:
                said = self.say(
                    name,
                    n,
                    n=self.count(n),
                    days=self.count(self.horizon_days),
                    share=share(one.merged_share, self.language, 1) if name == "merged" else self.part(n, compared),
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
                note=self.say("rule_of", campaign=campaign) if campaign else self.note_of(name, comparison),
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

    def note_of(self, name: str, comparison: Comparison) -> str:
        """What stands below a campaign's name: its hold-out, and its goal when that is no order."""
        held = self.held_out(comparison)
        return f"{held} · {self.say('goal_lead_note')}" if (dict(self.goals()).get(name) == "lead") else held

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


def tone_of(effect: Effect | None) -> str:
    """The colour of an effect in a table."""
    if effect is None:
        return ""
    return "treated" if effect.low > 0 else "alert" if effect.high < 0 else "holdout"
