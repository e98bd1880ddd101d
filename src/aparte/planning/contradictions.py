"""Which inputs contradict one another, and what to change."""

from __future__ import annotations

from collections.abc import Iterator

from aparte.planning.checking import check
from aparte.planning.inputs import Scenario
from aparte.planning.labour_contradictions import of_labour
from aparte.planning.measured import Measured, compare
from aparte.planning.sales_contradictions import of_sales
from aparte.planning.told import Contradiction, Told

__all__ = ["Contradiction", "contradictions"]


def contradictions(scenario: Scenario, measured: Measured | None = None) -> tuple[Contradiction, ...]:
    """Everything in the scenario that cannot be right together, and what was measured otherwise; empty when all agrees.

    Ranges count: two inputs contradict each other when no figures within their ranges agree.
    """
    told = Told(check(scenario))
    return (*of_sales(told), *of_labour(told), *of_measured(scenario, measured or {}))


def of_measured(scenario: Scenario, measured: Measured) -> Iterator[Contradiction]:
    """What was entered, against what was measured since."""
    for row in compare(scenario, measured):
        if not row.agrees:
            yield Contradiction(
                code="measured",
                inputs=(row.input,),
                figures={"planned": row.planned, "measured": row.measured},
                what=f"{row.planned:.4g} was planned, and {row.measured:.4g} was measured (95% interval "
                f"{row.measured_low:.4g} to {row.measured_high:.4g})",
                hint="take the measured figure",
            )
