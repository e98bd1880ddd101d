"""The page of the journey report: figures turned into sentences and rows; the template only places them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from aparte.kit.durations import format_duration
from aparte.reports.around import Around, alarm_box
from aparte.reports.journeys.abandoners import LEAST_EACH
from aparte.reports.journeys.asked import MOST_STEPS, WAYS, Asked, members
from aparte.reports.journeys.model import Difference, FunnelStep, Journey, Loss, Part, Reached
from aparte.reports.journeys.words import WORDS, say
from aparte.reports.links import links
from aparte.reports.numbers import between, days_words, number, p_value, points, points_between, share
from aparte.reports.page import templates
from aparte.reports.scope import Scope, write_scope
from aparte.reports.transcripts.model import Blocking
from aparte.sites.model import Site

PATH = "/reports/journey"
ALONE = Around()
"""A page for nobody in particular."""
SHOWN_STEPS = 6
SHOWN_TRAITS = 15
OF = {"empty_search": "of_searches", "field_error": "of_forms", "form_abandoned": "of_forms"}


class Cell(Struct, frozen=True):
    """A cell; `small` below it."""

    text: str
    small: str = ""
    tone: str = ""


class Table(Struct, frozen=True):
    """A table; the first cell of each row names it."""

    id: str
    title: str
    below: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Bar(Struct, frozen=True):
    """A row of the funnel; `width` of 100."""

    label: str
    note: str
    count: str
    width: float


def journey_page(
    site: Site, language: str, scope: Scope, asked: Asked, figures: Journey, around: Around = ALONE,
    stuck: Sequence[Blocking] = (),
) -> str:  # fmt: skip
    """The whole HTML page; `stuck`: where visitors ask, the highest rate first."""
    return Page(site, language if language in WORDS else "fr", scope, asked, figures, around, stuck).html()


class Page:
    """The figures in one language."""

    def __init__(
        self, site: Site, language: str, scope: Scope, asked: Asked, figures: Journey, around: Around,
        stuck: Sequence[Blocking],
    ) -> None:  # fmt: skip
        self.site, self.language, self.scope, self.asked, self.figures = site, language, scope, asked, figures
        self.around, self.stuck = around, stuck

    def html(self) -> str:
        """The HTML."""
        other = "en" if self.language == "fr" else "fr"
        tables = [
            self.pages(),
            self.checkout(),
            self.losses(),
            self.lost_pages(),
            self.fields(),
            self.ways(),
            self.blocking(),
        ]
        return templates().get_template("journey.html").render(
            t=WORDS[self.language],
            language=self.language,
            other=other,
            other_link=f"{PATH}?{self.query(lang=other)}",
            site=self.site,
            scope=self.scope,
            asked=self.asked,
            period=days_words(self.scope.since, self.scope.until, self.language),
            length=self.say("days" if self.scope.days > 1 else "day", n=self.count(self.scope.days)),
            nav=links(self.scope, self.language, self.around.shown),
            alarms=alarm_box(self.around, self.site.time_zone, self.language),
            finding=self.finding(),
            checks=list(self.checks()),
            steps=list(self.funnel()),
            forms=list(self.step_fields()),
            hidden=self.hidden(),
            whos=WAYS,
            tables=[one for one in [*tables, self.abandoners()] if one is not None],
            empty=not self.figures.leaving.sessions and not self.figures.leaving.ongoing,
            foot=self.say("foot", zone=self.site.time_zone),
        )  # fmt: skip

    def say(self, name: str, **values: str) -> str:
        """A sentence."""
        return WORDS[self.language][name].format(**values)

    def many(self, name: str, n: int) -> str:
        """A sentence about so many."""
        return say(self.language, name, n, n=self.count(n))

    def count(self, n: float) -> str:
        """A whole number."""
        return number(n, self.language)

    def interval(self, one: Part) -> str:
        """Its bounds; a dash without any."""
        if one.low is None or one.high is None:
            return "–"
        low, high = number(100 * one.low, self.language, 1), share(one.high, self.language)
        return between(low, high, self.language)

    def share(self, one: Part) -> str:
        """The share; a dash for that of nobody."""
        return "–" if one.share is None else share(one.share, self.language)

    def time(self, ms: float) -> str:
        """`2:05` below an hour, then `1 h 20`, days from two on."""
        seconds = round(ms / 1_000)
        if seconds < 3_600:
            return f"{seconds // 60}:{seconds % 60:02}"
        if seconds < 2 * 86_400:
            hours, minutes = divmod(round(seconds / 60), 60)
            end = "" if self.language == "fr" else "\u00a0min"
            return f"{hours}\u00a0h\u00a0{minutes:02}{end}" if minutes else f"{hours}\u00a0h"
        return f"{self.count(seconds / 86_400)}\u00a0{'jours' if self.language == 'fr' else 'days'}"

    def query(self, **more: str) -> str:
        """The query of this page with other members."""
        return write_scope(self.scope, **(members(self.asked) | more))

    def hidden(self) -> dict[str, dict[str, str]]:
        """For each form, the members of the address that it leaves as they are."""
        asked = members(self.asked) | {"lang": self.language}
        days = {"from": self.scope.since.isoformat(), "to": self.scope.until.isoformat()}
        filters = {name: getattr(self.scope, name) or "" for name in ("device", "source")}
        steps = {name: text for name, text in asked.items() if name[:4] in ("step", "path", "with", "came", "unit")}
        rest = {name: text for name, text in asked.items() if name not in steps}
        own = ("page", "who", "last")
        found = {
            "days": asked | filters,
            "filters": days | steps | {name: text for name, text in rest.items() if name not in own},
            "steps": days | filters | rest,
        }
        return {form: {name: text for name, text in said.items() if text} for form, said in found.items()}

    def finding(self) -> dict[str, str]:
        """The one sentence, about carts."""
        cart = self.figures.leaving.cart
        if cart.share is None:
            return {"before": self.say("finding_none"), "figure": "", "after": "",
                    "below": self.say("finding_none_below")}  # fmt: skip
        before, after = WORDS[self.language]["finding"].split("{figure}")
        below = self.say("finding_below", n=self.count(cart.n), of=self.count(cart.of), interval=self.interval(cart))
        return {"before": before, "figure": self.share(cart), "after": after, "below": below}

    def checks(self) -> Iterator[tuple[bool, str]]:
        """What the figures rest on; whether it is as it should be."""
        found = self.figures.leaving
        yield True, self.many("ended", found.sessions)
        if found.session_ms is not None:
            yield True, self.say("median_session", time=self.time(found.session_ms))
        if found.ongoing:
            yield True, self.many("ongoing", found.ongoing)
        if self.figures.ignored:
            yield False, self.say("ignored", names=", ".join(self.figures.ignored))

    def funnel(self) -> Iterator[Bar]:
        """Each step with its share of the one before."""
        steps = self.figures.funnel.steps
        for k, one in enumerate(steps):
            width = 100 * one.n / steps[0].n if steps[0].n else 0.0
            yield Bar(self.step_name(one.step), self.step_note(one, k), self.count(one.n), round(width, 2))

    def step_note(self, one: Reached, k: int) -> str:
        """What stands beside a step."""
        if not k:
            return ""
        if one.of_before.share is None:
            return self.say("of_before_none")
        median = "" if one.median_ms is None else self.say("median", time=self.time(one.median_ms))
        first = self.say("of_first", share=self.share(one.of_first)) if k > 1 else ""
        interval = self.interval(one.of_before)
        return self.say("of_before", share=self.share(one.of_before), interval=interval, median=first + median)

    def step_name(self, step: FunnelStep) -> str:
        """A step in words."""
        if step.name == "page" or step.path:
            name = self.say("step_page", path=step.path) if step.path else self.say("step_any_page")
        else:
            name = WORDS[self.language].get(f"e_{step.name}", step.name) or self.say("step_came")
        return name if step.within_ms is None else self.say(
            "step_within", step=name, within=format_duration(step.within_ms)
        )  # fmt: skip

    def step_fields(self) -> Iterator[dict[str, Any]]:
        """The fields of the form of steps."""
        chosen = [one for one in self.asked.steps if one != FunnelStep()]
        for n in range(1, min(max(SHOWN_STEPS, len(chosen) + 1), MOST_STEPS) + 1):
            step = chosen[n - 1] if n <= len(chosen) else FunnelStep()
            within = "" if step.within_ms is None else format_duration(step.within_ms)
            name = "" if step.path and step.name == "page" else step.name
            yield {"n": n, "label": self.say("step", n=str(n)), "event": name, "path": step.path, "within": within}

    def table(self, id_: str, below: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table | None:
        """A table; None without rows."""
        if not rows:
            return None
        heads = tuple(self.say(name) for name in columns)
        return Table(id_, self.say(id_), below, heads, tuple(tuple(row) for row in rows))

    def of(self, one: Part) -> Cell:
        """A share with its interval below it."""
        return Cell(self.share(one), self.interval(one) if one.share is not None else "")

    def pages(self) -> Table | None:
        """Where sessions end."""
        found = self.figures.leaving
        rows = [[Cell(one.path), Cell(self.count(one.views)), Cell(self.count(one.left.of)),
                 Cell(self.count(one.left.n)), self.of(one.left)] for one in found.pages]  # fmt: skip
        below = self.say("pages_below", shown=self.count(len(rows)), known=self.count(found.pages_known))
        return self.table("pages", below, ("col_page", "col_views", "col_sessions", "col_left", "col_left_share"), rows)

    def checkout(self) -> Table | None:
        """Where the checkout is given up."""
        found = self.figures.leaving
        rows = [[Cell(one.path), Cell(self.count(one.given_up.of)), Cell(self.count(one.given_up.n)),
                 self.of(one.given_up)] for one in found.checkout_pages]  # fmt: skip
        whole = {"share": self.share(found.checkout), "interval": self.interval(found.checkout)}
        below = self.say("checkout_below", of=self.count(found.checkout.of), **whole)
        return self.table("checkout", below, ("col_page", "col_sessions", "col_given_up", "col_left_share"), rows)

    def losses(self) -> Table | None:
        """What goes wrong."""
        rows = [self.loss(one) for one in self.figures.losses.losses if one.sessions.n]
        columns = ("col_what", "col_touched", "col_touched_share", "col_gone", "col_left_share")
        return self.table("losses", self.say("losses_below"), columns, rows)

    def loss(self, one: Loss) -> list[Cell]:
        """One kind."""
        name = Cell(self.say(one.kind), self.say(OF.get(one.kind, "of_sessions")))
        return [name, Cell(self.count(one.sessions.n)), self.of(one.sessions), Cell(self.count(one.left.n)),
                self.of(one.left)]  # fmt: skip

    def lost_pages(self) -> Table | None:
        """Addresses without a page."""
        rows = [[Cell(one.path), Cell(self.count(one.sessions)), Cell(self.count(one.left.n)), self.of(one.left)]
                for one in self.figures.losses.pages]  # fmt: skip
        columns = ("col_page", "col_sessions", "col_gone", "col_left_share")
        return self.table("lost_pages", self.say("lost_pages_below"), columns, rows)

    def fields(self) -> Table | None:
        """Fields of forms."""
        rows = [[Cell(one.field or self.say("other_field")), Cell(self.count(one.refused.n)), self.of(one.refused),
                 Cell(self.count(one.given_up.n)), self.of(one.given_up)]
                for one in self.figures.losses.fields]  # fmt: skip
        below = self.say("fields_below", n=self.count(self.figures.losses.forms))
        columns = ("col_field", "col_refused", "col_touched_share", "col_form_left", "col_touched_share")
        return self.table("fields", below, columns, rows)

    def blocking(self) -> Table | None:
        """Pages from which visitors ask, where they could not go on by themselves."""
        rows = [[Cell(one.where, ", ".join(one.words)), Cell(self.count(one.conversations)),
                 Cell(self.count(one.asked)), Cell("–" if one.views is None else self.count(one.views)), self.rate(one)]
                for one in self.stuck]  # fmt: skip
        columns = ("col_page", "col_talks", "col_asked", "col_views", "col_rate")
        return self.table("blocking", self.say("blocking_below"), columns, rows)

    def rate(self, one: Blocking) -> Cell:
        """Conversations with a question by views, with its interval; a dash where views are not known."""
        if one.rate is None or one.low is None or one.high is None:
            return Cell("–")
        low, high = number(100 * one.low, self.language, 2), share(one.high, self.language, 2)
        return Cell(share(one.rate, self.language, 2), between(low, high, self.language))

    def ways(self) -> Table | None:
        """The last pages."""
        found = self.figures.ways
        rows = [[Cell(" → ".join(one.pages)), Cell(self.count(one.sessions.n)), self.of(one.sessions)]
                for one in found.ways]  # fmt: skip
        said = {"last": self.count(found.last), "n": self.count(found.sessions), "others": self.count(found.others)}
        below = self.say("ways_below", who=self.say(f"who_{found.who}"), **said)
        return self.table("ways", below, ("col_way", "col_sessions", "col_left_share"), rows)

    def abandoners(self) -> Table:
        """Those who gave up against those who bought; without rows it says why."""
        found = self.figures.abandoners
        said = {"left": self.count(found.abandoned), "bought": self.count(found.bought)}
        if found.why:
            name = "abandoners_few" if found.why == "too_few" else "abandoners_nobody"
            return Table("abandoners", self.say("abandoners"), self.say(name, least=str(LEAST_EACH), **said), (), ())
        columns = ("col_trait", "col_abandoned", "col_bought", "col_difference", "col_p")
        rows = [self.difference(one) for one in found.rows[:SHOWN_TRAITS]]
        said |= {"n": self.count(len(found.rows)), "shown": self.count(len(rows))}
        below = self.say("abandoners_below", **said)
        made = self.table("abandoners", below, columns, rows)
        return made or Table("abandoners", self.say("abandoners"), below, (), ())

    def difference(self, one: Difference) -> list[Cell]:
        """One trait."""
        name, p = Cell(self.say(f"t_{one.what}", value=one.value)), p_value(one.adjusted_p, self.language)
        sure = "clear" if one.adjusted_p < 0.05 else ""
        if one.what not in ("pages", "duration_ms", "searches"):
            level = [Cell(share(value, self.language)) for value in (one.abandoned, one.bought)]
            bounds = points_between(one.low, one.high, self.language, 1)
            return [name, *level, Cell(points(one.difference, self.language, 1), bounds, sure), Cell(p)]
        levels = [Cell(self.amount(one.what, value)) for value in (one.abandoned, one.bought)]
        low, high = (self.amount(one.what, value, signed=True) for value in (one.low, one.high))
        bounds = between(low, high, self.language)
        return [name, *levels, Cell(self.amount(one.what, one.difference, signed=True), bounds, sure), Cell(p)]

    def amount(self, what: str, value: float, *, signed: bool = False) -> str:
        """A mean, or a difference of means."""
        if what != "duration_ms":
            return number(value, self.language, 1, signed=signed)
        sign = "\u2212" if value < 0 else "+" if signed else ""
        return sign + self.time(abs(value))
