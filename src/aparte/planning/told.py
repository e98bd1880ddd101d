"""The inputs of a scenario as spans, the figures that follow from them, and how a contradiction is said."""

from __future__ import annotations

from msgspec import Struct

from aparte.planning.inputs import Scenario, inputs
from aparte.planning.spans import Span, exact, span_of


class Contradiction(Struct, frozen=True, kw_only=True):
    """Inputs that cannot all be right. `code` and `figures` let a screen say it in its language; `what` and `hint` are
    English."""

    code: str
    inputs: tuple[str, ...]
    figures: dict[str, float]
    what: str
    hint: str


class Told:
    """What a scenario tells, figure by figure, each with its range; None where it does not tell it."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.spans = {path: span_of(estimate) for path, estimate in inputs(scenario).items()}

    def get(self, path: str) -> Span | None:
        """An input, if it is given."""
        return self.spans.get(path)

    def __getitem__(self, path: str) -> Span:
        return self.spans[path]

    @property
    def uptake(self) -> Span:
        """Conversations for each eligible and covered visitor who is not held out."""
        return self["invitation.shown_share"] * self["invitation.acceptance"]

    @property
    def conversations(self) -> Span:
        """Conversations in a full month."""
        visitors = self["visitors.visits_per_month"] * self["visitors.eligible_covered_share"]
        return visitors * (exact(1) - self["visitors.hold_out_share"]) * self.uptake

    @property
    def engaged(self) -> Span | None:
        """The share of the visits in which there is a conversation."""
        stated, visits = self.get("stated.engaged_share"), self["visitors.visits_per_month"]
        if stated is not None:
            return stated
        share = self["visitors.eligible_covered_share"] * (exact(1) - self["visitors.hold_out_share"]) * self.uptake
        return share if visits.above_nothing() else None

    @property
    def extra(self) -> Span | None:
        """Orders more for each conversation, as told by conversions."""
        helped, without = self.get("help.conversion_with_help"), self.get("help.conversion_without_help")
        share = self.get("help.additionality")
        if helped is None:
            return None
        return helped - without if without is not None else None if share is None else helped * share

    @property
    def orders(self) -> Span | None:
        """All orders of the site in a month."""
        stated, conversion = self.get("stated.orders_per_month"), self.get("stated.site_conversion")
        if stated is not None:
            return stated
        return None if conversion is None else self["visitors.visits_per_month"] * conversion

    @property
    def assisted_orders(self) -> Span | None:
        """Orders with help before them in a full month."""
        stated, helped = self.get("stated.assisted_orders_per_month"), self.get("help.conversion_with_help")
        return stated if stated is not None else None if helped is None else self.conversations * helped
