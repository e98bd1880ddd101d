"""What all pages about people share: words of one language, figures with their n and interval, links, the frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.reports.around import Around, alarm_box
from aparte.reports.links import PLACES, link, links, path_of
from aparte.reports.numbers import between, days_words, number, share
from aparte.reports.page import templates
from aparte.reports.people.agents import Part, Spread
from aparte.reports.people.talks import Middle
from aparte.reports.people.words import WORDS
from aparte.reports.scope import FILTERS, Scope, write_scope
from aparte.sites.model import Site

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000


class Told(Struct, frozen=True):
    """A figure as it is shown: a value, what bounds it, and of how many."""

    label: str
    value: str
    interval: str = ""
    n: str = ""


class Asked(Struct, frozen=True, kw_only=True):
    """Who asks for a page, in which language, about what."""

    site: Site
    language: str
    scope: Scope
    around: Around = Around(shown=frozenset(PLACES))


class Sheet:
    """One page."""

    place = ""
    template = ""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.language, self.scope = asked, asked.language, asked.scope
        self.t = dict(WORDS[self.language])
        self.t["title"] = self.t[f"title_{self.place}"]

    def page(self, **told: Any) -> str:
        """The HTML."""
        scope, site, other = self.scope, self.asked.site, "en" if self.language == "fr" else "fr"
        kept = [(name, getattr(scope, name)) for name in FILTERS if getattr(scope, name)]
        return templates().get_template(self.template).render(
            t=self.t, language=self.language, other=other, site=site,
            alarms=alarm_box(self.asked.around, site.time_zone, self.language),
            other_link=link(self.place, self.scope, other), kept=kept, path=path_of(self.place),
            nav=links(self.scope, self.language, self.asked.around.shown),
            filters=", ".join(f"{name} = {self.called(name, value)}" for name, value in kept),
            unfiltered=self.unfiltered(),
            period=days_words(scope.since, scope.until, self.language), since=scope.since.isoformat(),
            until=scope.until.isoformat(), **told,
        )  # fmt: skip

    def unfiltered(self) -> str:
        """The same without filters."""
        return f"{path_of(self.place)}?{write_scope(self.scope, **dict.fromkeys(FILTERS))}&lang={self.language}"

    def called(self, filtered: str, value: str) -> str:
        """A filter's value as people call it."""
        return self.asked.around.called(value) if filtered == "campaign" else value

    def say(self, name: str, count: int | None = None, /, **values: str) -> str:
        """A sentence with its values; for a `count` of one the sentence for one, where there is one."""
        one = f"{name}_1"
        return self.t[one if count == 1 and one in self.t else name].format(**values)

    def count(self, value: float, decimals: int = 0) -> str:
        """A number."""
        return number(value, self.language, decimals)

    def share(self, value: float, decimals: int = 0) -> str:
        """A share."""
        return share(value, self.language, decimals)

    def n(self, n: int) -> str:
        """Of how many."""
        return self.say("n", n=self.count(n))

    def span(self, ms: float) -> str:
        """A duration: `34 s`, `2 min 10 s`, `1 h 05`."""
        whole = round(ms / SECOND)
        if whole < 60:
            return f"{self.count(ms / SECOND, 0 if ms >= 10 * SECOND or not ms else 1)}\u00a0s"
        if whole < 3_600:
            rest = f" {whole % 60}\u00a0s" if whole % 60 else ""
            return f"{whole // 60}\u00a0min{rest}"
        return f"{self.count(whole // 3_600)}\u00a0h\u00a0{whole % 3_600 // 60:02d}"

    def part(self, label: str, one: Part | None, decimals: int = 0) -> Told:
        """A share with its interval, or a dash."""
        if one is None:
            return Told(self.t[label], self.t["none"])
        ends = between(self.share(one.low, decimals), self.share(one.high, decimals), self.language)
        return Told(self.t[label], self.share(one.value, decimals), ends, self.n(one.n))

    def spread(self, label: str, one: Spread | None) -> Told:
        """A middle duration with its interval."""
        if one is None:
            return Told(self.t[label], self.t["none"])
        value = self.say("median_p90", median=self.span(one.median), p90=self.span(one.p90))
        ends = between(self.span(one.low), self.span(one.high), self.language)
        return Told(self.t[label], value, ends, self.n(one.n))

    def middle(self, label: str, one: Middle | None, kind: str = "") -> Told:
        """A middle value: a duration in seconds (`s`), a share (`%`), or a number."""
        if one is None:
            return Told(self.t[label], self.t["none"])
        told = [self.shown(value, kind) for value in (one.value, one.low, one.high)]
        ends = between(told[1], told[2], self.language) if one.n > 1 else ""
        return Told(self.t[label], told[0], ends, self.n(one.n))

    def shown(self, value: float, kind: str) -> str:
        """A value of a kind."""
        if kind == "s":
            return self.span(value * SECOND)
        return self.share(value) if kind == "%" else number(value, self.language, 2)

    def foot(self, confirmed: bool) -> str:
        """What all figures rest on."""
        orders = self.t["orders_confirmed" if confirmed else "orders_all"]
        return self.say("foot", zone=self.asked.site.time_zone, orders=orders, horizon=self.horizon())

    def horizon(self) -> str:
        """The time to buy, in words."""
        return horizon_words(self.scope.horizon, self.language)


def horizon_words(horizon: str, language: str) -> str:
    """`7 jours`, `24 hours`."""
    units = {"m": ("minutes", "minutes"), "h": ("heures", "hours"), "d": ("jours", "days")}
    return f"{horizon[:-1]}\u00a0{units[horizon[-1]][0 if language == 'fr' else 1]}"


def error_sheet(site: Site, language: str, what: str | BadInput) -> str:
    """The page for what cannot be shown: why, that nothing is lost, what to do."""
    t: Mapping[str, str] = {**WORDS[language], "title": WORDS[language]["title_error"]}
    text = t["error_right"] if what == "right" else str(what)
    return templates().get_template("error.html").render(t=t, language=language, site=site, error=text)
