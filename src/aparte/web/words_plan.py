"""The words of the console's API about the business case, the staffing, the pilot and saved scenarios."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from aparte.contracts.scenarios import LONGEST_NOTE, Retirement
from aparte.planning.channels import ChannelResult
from aparte.planning.chat import Chats, Level
from aparte.planning.contradictions import Contradiction
from aparte.planning.forecast import Forecast
from aparte.planning.futures import DRAWS, Futures
from aparte.planning.phases import Phases
from aparte.planning.pilot import Pilot
from aparte.planning.roi import Case
from aparte.planning.strategy import Strategy
from aparte.planning.tornado import Bar
from aparte.reports.planned import Measured, Row
from aparte.web.words_desk import Id

MOST_DRAWS = 20_000
Document: TypeAlias = dict[str, Any]
"""A scenario in tables and numbers, as `scenario_of` reads it."""
Draws = Annotated[int, Meta(ge=100, le=MOST_DRAWS)]
Seed = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Version = Annotated[int, Meta(ge=0, le=10**6)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Arrivals = Annotated[str, Meta(max_length=100_000)]
Note = Annotated[str, Meta(max_length=LONGEST_NOTE)]


class InputWords(Struct, frozen=True, kw_only=True):
    """An input that a scenario may have: its path, what it is counted in, and its limits.

    In `teams`, `phases`, `channels` and `intangibles` the name of the part stands where the path has `*`.
    """

    path: str
    counted: str
    least: float
    most: float
    needed: bool


class RoiBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """A scenario, and how many futures are drawn of it; the same seed draws the same."""

    scenario: Document
    seed: Seed = 1
    draws: Draws = DRAWS


class RoiWords(Struct, frozen=True, kw_only=True):
    """All that a scenario says, at once."""

    scenario: Document
    """As it was read, every given input with low, value, high, source and within."""
    case: Case
    futures: Futures
    tornado: tuple[Bar, ...]
    contradictions: tuple[Contradiction, ...]
    channels: tuple[ChannelResult, ...]
    strategy: Strategy | None


class ChatBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """Agents with up to so many conversations each; times in seconds."""

    agents: int
    concurrency: int
    chats_per_hour: float
    agent_seconds: float
    customer_seconds: float
    turns: float
    patience_seconds: float
    threshold_seconds: float = 0.0


class LevelWords(Struct, frozen=True):
    """An agent who holds so many conversations all the time."""

    concurrency: int
    level: Level


class ChatWords(Struct, frozen=True):
    """The queue, and what each concurrency up to the one asked for does to agent and customer."""

    chats: Chats
    levels: list[LevelWords]


class TeamBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """A team; what is left out is not limited, and an unknown wage leaves the cost unknown."""

    name: Name
    wage_per_hour: float | None = None
    agents: int | None = None
    share: float | None = None
    shrinkage: float = 0.0


class StaffBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """Arrivals by half-hour as a table (`start,arrivals`), what customers may expect, and who does the work."""

    arrivals: Arrivals
    channel: Literal["chat", "phone"] = "chat"
    aht_seconds: float = 300.0
    agent_seconds: float = 20.0
    customer_seconds: float = 40.0
    turns: float = 8.0
    concurrency: int | None = None
    """None: the most that `reply_seconds` allows."""
    reply_seconds: float = 60.0
    patience_seconds: float = 180.0
    service_level: float | None = 0.8
    threshold_seconds: float = 20.0
    occupancy: float | None = 0.85
    abandoned: float | None = None
    least_agents: int = 0
    teams: Annotated[list[TeamBody], Meta(min_length=1, max_length=20)]


class ArrivalsWords(Struct, frozen=True):
    """What to expect of a week, of all skills together, by weekday and half-hour; from conversations of these days."""

    since: date
    until: date
    forecast: Forecast


class PilotBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """What a pilot is to tell; with agents and conversations an agent and day, its phases too."""

    base_rate: float
    lift: float
    uptake: float
    holdout: float
    power: float = 0.8
    alpha: float = 0.05
    per_day: float | None = None
    conversations_per_day: float | None = None
    days: int | None = None
    visitors: int | None = None
    answer_share: float = 0.25
    agents: int | None = None
    conversations_per_agent_day: float | None = None
    margin_per_order: float | None = None
    agent_day_cost: float = 0.0
    fixed_cost_per_day: float = 0.0


class PilotWords(Struct, frozen=True):
    """The pilot; its phases where agents and traffic were told."""

    pilot: Pilot
    phases: Phases | None


class ScenarioBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new scenario without `id`; with it, the next version: `version` is the one that its author has read."""

    id: Id | None = None
    version: Version = 0
    note: Note = ""
    scenario: Document


class VersionWords(Struct, frozen=True, kw_only=True):
    """A version, without its document."""

    id: str
    version: int
    name: str
    note: str
    author: str
    author_name: str
    at: int


class ScenarioWords(Struct, frozen=True, kw_only=True):
    """A version with its document, and all versions that there are, the first one first."""

    saved: VersionWords
    scenario: Document
    versions: list[VersionWords]
    retired: Retirement | None


class MeasuredWords(Struct, frozen=True, kw_only=True):
    """What was measured in these days, both included; amounts in units of the currency."""

    since: date
    until: date
    currency: str
    inputs: list[Measured]


class Gain(Struct, frozen=True):
    """The net gain a year: at the values, and the range that holds it eight times in ten."""

    value: float
    low: float
    high: float


class ComparedWords(Struct, frozen=True, kw_only=True):
    """The plan beside what was measured, and the gain anew with the measured values in their places."""

    saved: VersionWords
    since: date
    until: date
    currency: str
    rows: list[Row]
    planned: Gain
    measured: Gain | None
    """None: nothing was measured, or it cannot be worked out; `why` says what is in the way."""
    why: str
