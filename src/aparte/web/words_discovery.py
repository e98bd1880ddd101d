"""The words of the console's API about the discovery; see docs/reference/plan.md#discovery."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from aparte.contracts.goals import Measure
from aparte.planning.discovery import Drop, History, Proposal
from aparte.web.words_goals import Kpi, Text
from aparte.web.words_library import Title

Hours = Annotated[tuple[float, ...], Meta(max_length=24)]
Words = Annotated[str, Meta(max_length=200)]


class Objective(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is wanted of a KPI, in its own unit, and who has agreed on it; `PUT /goals` keeps it."""

    kpi: Kpi
    name: Title
    target: float
    measure: Measure = "value"
    base: float | None = None
    definition: Text = ""
    agreed_by: Annotated[tuple[Words, ...], Meta(max_length=20)] = ()


class Milestone(Struct, forbid_unknown_fields=True):
    """What is to be there by when."""

    name: Words
    day: date | None = None


class DiscoveryBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """What was answered so far. Without `history` what was measured is looked at: `days` days, the last of them
    `until`, else today."""

    objectives: Annotated[list[Objective], Meta(max_length=20)] = []
    owner: Words = ""
    sponsor: Words = ""
    milestones: Annotated[list[Milestone], Meta(max_length=40)] = []
    history: Annotated[list[Drop], Meta(max_length=200)] | None = None
    days: Annotated[int, Meta(ge=1, le=3660)] = 28
    until: date | None = None
    visits: Annotated[int, Meta(ge=0, le=2**53)] = 0
    orders: Annotated[int, Meta(ge=0, le=2**53)] = 0
    basket: float | None = None
    gross_margin: float | None = None
    lift: float = 0.1
    acceptance: float = 0.1
    holdout: float = 0.5
    agents_by_hour: Hours
    conversations_per_agent_hour: float = 5.0
    cost_per_conversation: float = 0.0
    skill: Annotated[str, Meta(max_length=60)] = ""
    taken: Annotated[list[str], Meta(max_length=40)] | None = None
    """Names of the rules that are taken; None: those that pay."""
    name: Words = ""
    language: Literal["fr", "en"] = "en"


class ProposalWords(Struct, frozen=True, kw_only=True):
    """A proposal, why, and as a campaign file of its own."""

    proposal: Proposal
    place: str
    reason: str
    text: str
    taken: bool


class DiscoveryWords(Struct, frozen=True, kw_only=True):
    """What the history leads to."""

    history: History
    basket: float | None
    gross_margin: float | None
    """As used: entered, else measured; None when neither, and then nothing is proposed."""
    currency: str
    proposals: list[ProposalWords]
    why: str
    """Why there are none: `no_history`, `nobody_left`, `nobody_buys`, `no_basket`, `no_margin`; else empty."""
    campaign: dict[str, Any] | None
    """A draft with the rules taken, as the campaign file has it in JSON."""
    text: str
    """The same as a campaign file."""
    scenario: dict[str, Any] | None
    """The first scenario, as `POST /plan/scenarios` takes it."""
    note: str
    """What was answered, to be kept with it."""
