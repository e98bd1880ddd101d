"""The figures of a report turned into checks, steps and rows; the template only places them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil
from typing import Any

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from aparte.experiments.statistics import Effect
from aparte.reports.finding import FindingWords, as_interval
from aparte.reports.interval_picture import row_svg, ticks
from aparte.reports.model import Care, Comparison, Funnel, Word
from aparte.reports.numbers import money, number, p_value, points, share

FIRST = ("uneven", "loss", "gain", "open", "undecided", "too_early", "selected", "no_holdout", "empty")
"""Rows sort by what needs action first."""
TONES = {"widen": "treated", "gain": "treated", "loss": "alert", "open": "note", "change": "note", "uneven": "alert"}
ICONS = {
    "widen": "trending-up", "gain": "check", "loss": "circle-stop", "open": "hourglass", "change": "pencil",
    "uneven": "scale",
}  # fmt: skip
ASKED: dict[Word, str] = {"widen": "widen", "keep": "gain", "stop": "loss", "change": "change"}
"""What a comparison asks for -> the word of the table."""


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
    invited: str
    acceptance: str
    effect: str
    interval: str
    tone: str
    picture: str
    revenue: str
    csat: str
    cost: str
    verdict: str
    verdict_tone: str
    icon: str
    why: str


class Compared(Struct, frozen=True):
    """What a row is about; `campaign` empty for a campaign itself."""

    name: str
    campaign: str
    comparison: Comparison
    funnel: Funnel | None = None
    care: Care = Care()


class Words(FindingWords):
    """The figures of one report in one language."""

    def checks(self) -> Iterator[Check]:
        """What the figures rest on."""
        one, orders = self.figures.speaking, self.figures.orders
        if one.split_p is not None:
            fine = one.verdict != "uneven"
            yield Check(fine, self.say("even" if fine else "uneven_check", p=p_value(one.split_p, self.language)))
        elif one.verdict not in {"empty", "no_holdout"}:
            yield Check(False, self.say("untested"))
        lead = [self.called(name) for name, goal in self.goals() if goal == "lead"]
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
        names = ["eligible", "covered", "candidates", "shown", "accepted", "chatted", "bought"]
        if steps.chatted is None:
            names.remove("chatted")
        before = ""
        for name in names:
            count, base = getattr(steps, name), getattr(steps, before) if before else 0
            said = self.step_note(before, name, count, base, steps.held_out) if base else ""
            width = 100 * count / steps.eligible if steps.eligible else 0.0
            label = self.say("bought_after_chat" if (before, name) == ("chatted", "bought") else name)
            yield Step(label, said, self.count(count), round(width, 2), name == "bought")
            before = name

    def step_note(self, before: str, name: str, count: int, base: int, held_out: int) -> str:
        """The share of the step before."""
        note = "of_candidates_all" if before == "candidates" and not held_out else f"of_{before}"
        note = "of_accepted_chatted" if name == "chatted" else note
        days = self.count(self.horizon_days)
        return self.say(note, share=self.part(count, base), n=self.count(held_out), days=days)

    def axis(self, shown: Iterable[Comparison]) -> list[float]:
        """The ticks that all small pictures share, in points."""
        effects = [one.conversion for one in shown if one.conversion is not None]
        if not effects:
            return []
        edges = [one.break_even for one in shown if one.conversion is not None and one.break_even is not None]
        low, high = min(e.low for e in effects), max(e.high for e in effects)
        edges = [one for one in edges if one <= 2 * max(high, 0.0)]  # a far one would press all intervals together
        return ticks(100 * low, 100 * max([high, *edges]), 6)

    def compared(self) -> Iterator[Compared]:
        """Campaigns, what needs action first, each with its rules."""
        for one in sorted(self.figures.campaigns, key=lambda one: FIRST.index(one.comparison.verdict)):
            yield Compared(one.name, "", one.comparison, one.funnel, one.care)
            for rule in one.rules:
                yield Compared(rule.name, one.name, rule.comparison, rule.funnel, rule.care)

    def rows(self, axis: list[float]) -> Iterator[Row]:
        """The table of campaigns and rules."""
        for one in self.compared():
            note = (
                self.say("rule_of", campaign=self.called(one.campaign))
                if one.campaign
                else self.note_of(one.name, one.comparison)
            )
            yield self.row(one if one.campaign else replace(one, name=self.called(one.name)), note, axis)

    def row(self, told: Compared, note: str, axis: list[float]) -> Row:
        """One row."""
        comparison, steps = told.comparison, told.funnel
        effect, amount = comparison.conversion, comparison.incremental
        picture = self.small(comparison, axis)
        asked = asked_of(comparison)
        invited = told.care.invited
        return Row(
            name=told.name,
            note=note,
            rule=bool(told.campaign),
            invited=self.count(comparison.dealt_treated if invited is None else invited),
            acceptance=self.part(steps.accepted, steps.shown) if steps and steps.shown else "–",
            effect=points(effect.estimate, self.language, 1) if effect else "–",
            interval=self.points_between(effect, 1) if effect else "",
            tone=tone_of(effect),
            picture=Markup(picture),
            revenue=self.total(amount, amount.estimate, signed=True) if amount else "–",
            csat=number(told.care.csat, self.language, 1) if told.care.csat is not None else "–",
            cost=money(told.care.cost, self.currency, self.language, 2) if told.care.cost is not None else "–",
            verdict=self.say(f"v_{asked}"),
            verdict_tone=TONES.get(asked, "plain"),
            icon=ICONS.get(asked, ""),
            why=self.why(comparison),
        )

    def small(self, comparison: Comparison, axis: list[float]) -> str:
        """The interval of a row, with its break-even."""
        if not axis:
            return ""
        effect, edge = comparison.conversion, comparison.break_even
        threshold = 100 * edge if effect is not None and edge is not None else None
        return row_svg(as_interval(effect, 100) if effect else None, axis[0], axis[-1], threshold)

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
        low, high = (points(value, self.language, 1) for value in (one.conversion.low, one.conversion.high))
        paid = self.paid(one)
        if paid:
            return self.say(paid, high=high)
        if asked_of(one) == "open":
            return self.why_wait(one, low, high)
        return self.say(f"why_{'undecided' if asked_of(one) == 'change' else one.verdict}", low=low, high=high)

    def paid(self, one: Comparison) -> str:
        """Where an interval that has concluded lies beside break-even; empty where that is not known."""
        effect, edge = one.conversion, one.break_even
        if effect is None or edge is None or asked_of(one) not in ("widen", "gain", "change"):
            return ""
        if effect.high < edge:
            return "why_below_even"
        if asked_of(one) == "change":
            return ""
        return (
            "why_pays" if effect.low >= edge else "why_pays_mostly" if effect.estimate >= edge else "why_pays_perhaps"
        )

    def why_wait(self, one: Comparison, low: str, high: str) -> str:
        """What is missing until a reading."""
        days, kind = one.days_needed, {"gain": "watch_gain", "loss": "watch_loss"}.get(one.verdict, "open")
        name = f"why_{kind}_none" if days is None else f"why_{kind}_day" if days == 1 else f"why_{kind}"
        return self.say(name, n=self.count(days or 0), low=low, high=high)

    def table_below(self) -> str:
        """How to read the table."""
        shown = sum(one.comparison.conversion is not None for one in self.compared())
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


def asked_of(one: Comparison) -> str:
    """The word of the table: what the comparison asks for, where that was asked; else what it says."""
    if one.conversion is None or not one.word:
        return one.verdict
    return ASKED.get(one.word, "open")


def tone_of(effect: Effect | None) -> str:
    """The colour of an effect in a table."""
    if effect is None:
        return ""
    return "treated" if effect.low > 0 else "alert" if effect.high < 0 else "holdout"
