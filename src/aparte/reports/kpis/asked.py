"""What is asked: a scope, the costs, what is known beside; questions to the facts are asked once each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from aparte.attribution.facts import HORIZONS, Facts
from aparte.kit.money import minor_digits
from aparte.reports.kpis.model import Beside, Figure
from aparte.reports.scope import Scope, Table, settled, where
from aparte.sites.costs import Costs
from aparte.sites.model import Site

WINDOW = "24h"
"""How long after a conversation an order counts as after it, as in the first report."""
ATTRIBUTED_DAYS = 32
"""How many days before an order its last conversation can have been opened, and a day for those that last."""
NOTHING = Beside()


class Asked:
    """One report's questions. Not for several threads."""

    def __init__(
        self, facts: Facts, scope: Scope, site: Site, beside: Beside = NOTHING, *, window: str = WINDOW
    ) -> None:
        self.facts, self.site, self.beside, self.window = facts, site, beside, window
        self.scope = settled(facts, scope)
        self.costs: Costs = site.costs
        self.window_ms = HORIZONS[window]
        self.found: dict[str, Figure] = {}
        """Figures that are found, by KPI."""
        self._known: dict[tuple[str, tuple[Any, ...]], list[dict[str, Any]]] = {}

    @property
    def minor(self) -> int:
        """Minor units of one unit of the site's currency."""
        return int(10 ** minor_digits(self.site.currency))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of a question by the names of their columns; the same question is asked once."""
        key = (sql, tuple(values))
        if key not in self._known:
            self._known[key] = self.facts.ask(sql, list(values)).dicts()
        return self._known[key]

    def one(self, sql: str, values: Sequence[Any] = ()) -> dict[str, Any]:
        """The only row."""
        [found] = self.rows(sql, values)
        return found

    def where(self, table: Table, name: str = "") -> tuple[str, list[Any]]:
        """The condition of the scope, and its values."""
        return where(self.scope, table, name)

    def talks_before(self, name: str = "") -> tuple[str, list[Any]]:
        """The conversations of the scope's filters that an order of its days may come after."""
        earlier = replace(self.scope, since=self.scope.since - timedelta(days=ATTRIBUTED_DAYS))
        return where(earlier, "conversation", name)

    @property
    def confirmed(self) -> str:
        """The condition on `orders` where only confirmed ones count."""
        return "AND confirmed" if self.scope.orders == "confirmed" else ""
