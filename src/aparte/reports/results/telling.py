"""The results page in one language: everything that its template places."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec import Struct

from aparte.experiments.sequential import LEAST_ORDERS
from aparte.experiments.statistics import Effect
from aparte.reports.called import labels_in
from aparte.reports.finding import Beside
from aparte.reports.interval_picture import axis_svg
from aparte.reports.links import FOR_ALL, links
from aparte.reports.model import Comparison
from aparte.reports.numbers import MONTHS, SPACE, between, day_words, days_words, money, ordinal, points, share
from aparte.reports.page_words import FIRST, Check, Compared, Row, Words
from aparte.reports.report_words import WORDS
from aparte.reports.results.curve_picture import curve_svg
from aparte.reports.results.model import BY, Part, Results
from aparte.reports.scope import FILTERS, SEGMENTS, write_scope
from aparte.sites.model import Site

WIDE, NARROW = 720, 326
SHOWN_FILTERS = tuple(one for one in FILTERS if one != "team")
HORIZONS_SHOWN = ("24h", "48h", "7d", "31d")


class Choice(Struct):
    """One value of a filter."""

    value: str
    label: str
    chosen: bool


class Filter(Struct):
    """One filter with what it can be."""

    name: str
    label: str
    choices: list[Choice]


class Tab(Struct):
    """A way to cut the table."""

    label: str
    link: str
    current: bool


class ResultsWords(Words):
    """The whole page."""

    def __init__(self, language: str, results: Results, shown: Collection[str] = FOR_ALL) -> None:
        super().__init__(language, results.report)
        self.results, self.shown = results, shown
        self.labels = labels_in(self.language, results.labels)

    def context(self, site: Site) -> dict[str, Any]:
        """What the template places."""
        other = "en" if self.language == "fr" else "fr"
        by, rows, axis = self.results.by, [], self.axis(one.comparison for one in self.told())
        if by != "agent":
            rows = list(self.all_rows(axis))
        return {
            "t": WORDS[self.language],
            "language": self.language,
            "other": other,
            "other_link": self.link(lang=other),
            "site": site,
            "period": days_words(self.first, self.last, self.language),
            "length": self.say("days" if self.days > 1 else "day", n=self.count(self.days)),
            "since": self.first.isoformat(),
            "until": self.last.isoformat(),
            "finding": self.finding(),
            "beside": list(self.beside()),
            "checks": list(self.checks()),
            "curve": self.curve(),
            "curve_from": self.curve_from(),
            "funnel": list(self.funnel(self.figures.funnel)),
            "by": by,
            "rows": rows,
            "axis": Markup(axis_svg([(value, self.tick(value)) for value in axis])) if axis else "",
            "evens": any(one.comparison.break_even is not None for one in self.told()),
            "table_below": self.say("table_agent_below") if by == "agent" else self.table_below(),
            "attributed": self.attributed(),
            "foot": self.say("foot", days=self.count(self.horizon_days), zone=self.figures.time_zone),
            **self.of_address(),
            **self.of_chats(),
        }

    def called(self, campaign: str) -> str:
        """A campaign by its label."""
        return self.labels.get(campaign, campaign)

    # The address

    def of_address(self) -> dict[str, Any]:
        """Filters, tabs and links; nothing of it without an address."""
        scope = self.results.scope
        filters = list(self.filters())
        chosen = sum(
            one.chosen and bool(one.value) for each in filters if each.name != "horizon" for one in each.choices
        )
        return {
            "linked": scope is not None,
            "nav": links(scope, self.language, self.shown) if scope is not None else [],
            "filters": filters,
            "filtered": self.say("filtered", chosen, n=self.count(chosen)) if chosen else self.say("all_visitors"),
            "clear": "?" + urlencode({"from": self.first, "to": self.last, "lang": self.language}),
            "tabs": list(self.tabs()) if scope is not None else [],
            "exports": {kind: f"/reports/export{self.link(format=kind)}" for kind in ("csv", "json")},
            "kpis": f"/reports/kpis{self.link()}",
        }

    def link(self, **changed: str) -> str:
        """The query of this page with members changed."""
        own = {"by": self.results.by if self.results.by != "rule" else "", "lang": self.language} | changed
        scope = self.results.scope
        query = (
            write_scope(scope) if scope else urlencode({"from": self.first.isoformat(), "to": self.last.isoformat()})
        )
        return f"?{query}&{urlencode({name: value for name, value in own.items() if value})}"

    def filters(self) -> Iterator[Filter]:
        """What can be chosen, the value of the address among it."""
        scope = self.results.scope
        if scope is None:
            return
        for name in SHOWN_FILTERS:
            known = list(SEGMENTS if name == "segment" else self.results.choices.get(name, ()))
            now = getattr(scope, name) or ""
            known += [now] if now and now not in known else []
            if known:
                choices = [Choice(one, self.named(name, one), one == now) for one in known]
                yield Filter(name, self.say(f"f_{name}"), [Choice("", self.say("any"), not now), *choices])
        told = dict.fromkeys((*HORIZONS_SHOWN, scope.horizon))
        horizons = [Choice(one, self.say(f"h_{one}"), one == scope.horizon) for one in told]
        yield Filter("horizon", self.say("f_horizon"), horizons)

    def named(self, filtered: str, value: str) -> str:
        """A value as people call it."""
        if filtered == "segment" and value in SEGMENTS:
            return self.say(f"segment_{value}")
        if filtered == "agent":
            return self.results.names.get(value, value)
        if filtered == "campaign":
            return self.called(value)
        if filtered == "day":
            day = date.fromisoformat(value)
            return f"{ordinal(day, self.language)}{SPACE}{MONTHS[self.language][day.month - 1]}"
        return value or self.say("unnamed")

    def tabs(self) -> Iterator[Tab]:
        """Each way to cut the table."""
        for by in BY:
            label = self.say("t_rule" if by == "rule" else f"f_{by}")
            yield Tab(label, self.link(by=by) + "#table", by == self.results.by)

    # Figures

    def beside(self) -> Iterator[Beside]:
        """Conversion, then what is left of it: margin less costs, where both are known."""
        told = list(super().beside())
        one = self.figures.speaking
        if not told or self.results.scope is None:
            yield from told
            return
        yield told[0]
        if one.net is None:
            yield from told[1:]
            yield Beside(self.say("net_unknown"), "–", [self.say("net_none")])
            return
        if not self.speaks_of_money(one):
            yield from told[1:]
        label = self.say("net", share=share(one.margin_share, self.language, 0)) if one.margin_share else ""
        yield Beside(
            label or self.say("net_plain"), self.total(one.net, one.net.estimate, signed=True), [self.certain(one.net)]
        )

    def certain(self, effect: Effect) -> str:
        """An interval, and that it is not certain while it holds zero."""
        interval = self.total_between(effect)
        return self.say("not_certain", interval=interval) if effect.low <= 0 <= effect.high else interval

    def checks(self) -> Iterator[Check]:
        """What the figures rest on, and which filter they do not know."""
        found = list(super().checks())
        yield from found[:1]
        if self.results.scope is not None:
            yield Check(True, self.say("consented"))
        if self.results.ignored:
            names = ", ".join(self.say(f"f_{one}").lower() for one in self.results.ignored)
            yield Check(False, self.say("ignored", names=names))
        yield from found[1:]

    def curve(self) -> dict[str, Any]:
        """The cumulative picture, wide and narrow, and in words."""
        found = self.results.curve
        if len(found) < 2:
            return {}
        last = found[-1]
        effect = Effect(last.estimate, 0.0, last.low, last.high, 1.0, 1.0)

        def amount(value: float) -> str:
            return self.total(effect, value)

        def day(one: date) -> str:
            return self.named("day", one.isoformat())

        low, high = (self.total(effect, value, signed=True) for value in (last.low, last.high))
        return {
            "wide": Markup(curve_svg(found, self.first, WIDE, amount, self.money_tick, day)),
            "narrow": Markup(curve_svg(found, self.first, NARROW, amount, self.money_tick, day)),
            "caption": self.say(
                "curve_words",
                day=day_words(last.day, self.language),
                estimate=self.total(effect, last.estimate, signed=True),
                interval=between(low, high, self.language),
            ),
        }

    def curve_from(self) -> str:
        """From which day and how many buyers on there is a band; or how many there are of those it takes."""
        found, least = self.results.curve, self.count(LEAST_ORDERS)
        if found:
            held_out, treated = (self.count(one) for one in found[0].buyers)
            day = day_words(found[0].day, self.language)
            return self.say("curve_from", day=day, least=least, held_out=held_out, treated=treated)
        if self.results.uncurved is None:
            return self.say("curve_none", least=least)
        last, buyers = self.results.uncurved
        held_out, treated = (self.count(one) for one in buyers)
        day = day_words(last, self.language)
        return self.say("curve_not_yet", day=day, least=least, held_out=held_out, treated=treated)

    # The table

    def told(self) -> Iterator[Compared]:
        """What the rows are about."""
        if self.results.by == "rule":
            yield from self.compared()
            return
        ordered = sorted(self.results.parts, key=self.place)
        for one in ordered:
            yield Compared(self.named(self.results.by, one.value), "", one.comparison, one.funnel, one.care)

    def place(self, one: Part) -> tuple[Any, ...]:
        """Days in their order, anything else by what needs action first; the site's before the campaigns'."""
        first = 0 if self.results.by == "day" else FIRST.index(one.comparison.verdict)
        return one.campaign, first, one.value

    def all_rows(self, axis: list[float]) -> Iterator[Row]:
        """The rows of the table."""
        if self.results.by == "rule":
            yield from self.rows(axis)
            return
        for one, part in zip(self.told(), sorted(self.results.parts, key=self.place), strict=True):
            yield self.row(one, self.called(part.campaign) or self.say("whole_site"), axis)

    def table_below(self) -> str:
        """How to read the table."""
        shown = sum(one.comparison.conversion is not None for one in self.told())
        return self.say("table_below", n=self.count(shown)) if shown > 1 else self.say("table_below_one")

    # After chats

    def of_chats(self) -> dict[str, Any]:
        """What comes after conversations: by agent, order by order, by other models. Nothing of it is an effect."""
        zone = ZoneInfo(self.figures.time_zone)
        return {
            "orders_shown": self.say("orders_shown", n=self.count(len(self.results.attributed_orders))),
            "agents": [
                {"name": one.name, "link": self.link(agent=one.agent), "talks": self.count(one.conversations),
                 "orders": self.count(one.orders), "amount": money(one.revenue, self.currency, self.language)}
                for one in self.results.agents
            ],
            "listed": [
                {"id": one.order_id, "when": moment(one.happened_at, zone, self.language),
                 "conversation": one.conversation,
                 "amount": money(one.amount, self.currency, self.language, 2),
                 "agent": self.named("agent", one.agent)}
                for one in self.results.attributed_orders
            ],
            "touches": [
                {"touch": self.say(f"touch_{one.touch}"), "window": self.say(f"h_{one.window}"),
                 "orders": self.count(one.orders), "amount": money(one.revenue, self.currency, self.language)}
                for one in self.results.touches
            ],
        }  # fmt: skip

    def effect_line(self, one: Comparison) -> str:
        """The effect on conversion with its interval, in one line of text."""
        if one.conversion is None:
            return "–"
        return f"{points(one.conversion.estimate, self.language)} ({self.points_between(one.conversion)})"


def moment(at: int, zone: ZoneInfo, language: str) -> str:
    """`22 nov. 14:09`."""
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)
    day = f"{ordinal(local.date(), language)}{SPACE}{MONTHS[language][local.month - 1]}"
    return f"{day} {local:%H:%M}"
