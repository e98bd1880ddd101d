"""Visits told as events, and the figures that are made of them."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

sys.path.append(str(Path(__file__).parents[1] / "attribution"))
from facts_world import DAY, MINUTE, PARIS, SECOND, START, Log

from aparte.backends.duckdb.store import DuckFacts
from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.model import Beside, Figure
from aparte.reports.kpis.registry import find
from aparte.reports.scope import Scope

FIRST = date(2026, 2, 1)
LATER = START + 90 * DAY
"""Long after everything is over."""


class Shop(Log):
    """A shop in whose sentences visits are told."""

    built: DuckFacts | None = None

    def told(self) -> DuckFacts:
        """The facts of what has been told when this is first asked; making them takes a while."""
        self.built = self.built or self.facts()
        return self.built

    def visit(self, who: str, at: int = START, *pages: str) -> None:
        """He looks at pages, ten seconds each."""
        for n, path in enumerate(pages or ("/",)):
            self.page(at + n * 10 * SECOND, who, path)

    def eligible(self, who: str, at: int, *, new: str = "ecp", does: str = "invite", **said: Any) -> str:
        """A rule finds him."""
        return self.decide(at, who, does, said.pop("detail", ""), new=new, **said)

    def invited(self, who: str, at: int, state: str) -> str:
        """He is invited and does so: `accepted`, `declined`, `ignored`; 5 seconds after he was shown it."""
        engagement = self.eligible(who, at)
        self.invitation(engagement, who, at, state, shown_at=at + SECOND, ended_at=at + 6 * SECOND)
        return engagement

    def talk(self, name: str, who: str, at: int, *, minutes: int = 5, agent: str = "bea", **said: Any) -> None:
        """He writes, an agent has it after 2 s and answers after 10 s; it lasts so many minutes."""
        texts = [("visitor", "text", at), ("agent", "join", at + 2 * SECOND), ("agent", "text", at + 10 * SECOND)]
        closed = at + minutes * MINUTE
        self.conversation(name, who, at, texts, agent=agent, closed_at=closed, state="closed", **said)


def asked(shop: Shop, beside: Beside = Beside(), *, now: int = LATER, **said: Any) -> Asked:  # noqa: B008  frozen
    """All questions to a shop of these four weeks; `costs` and `formula` are the site's, the rest the scope's."""
    costs, formula = said.pop("costs", PARIS.costs), said.pop("formula", PARIS.roi_formula)
    site = replace(PARIS, costs=costs, roi_formula=formula)
    until = said.pop("until", FIRST + timedelta(days=27))
    scope = Scope(site="shop", since=FIRST, until=until, now=now, **said)
    return Asked(shop.told(), scope, site, beside)


def figure(of: Asked, name: str) -> Figure:
    return find(of, name)


def parts(of: Asked, name: str) -> dict[str, float]:
    """The terms of a figure."""
    return {one.name: one.value for one in find(of, name).parts}
