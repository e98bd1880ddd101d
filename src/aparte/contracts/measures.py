"""What this stage asks of whoever counts: the figures of a window, found by the server and never told by a party."""

from __future__ import annotations

from typing import Protocol

from aparte.contracts.goals import Actual
from aparte.contracts.statements import Found
from aparte.contracts.terms import Contract
from aparte.contracts.windows import Period
from aparte.sites.model import Site


class Measures(Protocol):
    """Counts in a worker thread."""

    def actual(self, site: Site, kpi: str, about: str, period: Period) -> Actual | None:
        """A KPI in a window, of a campaign or of the whole site; None when it is not known."""
        ...

    def found(self, site: Site, contract: Contract, period: Period) -> Found:
        """Both arms in a window, and the KPIs of the clauses; BadInput for a base that is not counted."""
        ...
