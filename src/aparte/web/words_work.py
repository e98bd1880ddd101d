"""The words of the console's API about inviting, blocking and supervising; see docs/reference/supervising.md."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from aparte.reports.board import ServiceLevel, Today, Waits
from aparte.web.words import AgentName, Conv

Skill = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Reason = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
TEN_YEARS_H = 87_600


class InviteBody(Struct, forbid_unknown_fields=True):
    """What the visitor reads, and who shall answer."""

    text: Annotated[str, Meta(max_length=16_000)]
    channel: Literal["chat", "call", "video"] = "chat"
    skill: Skill | None = None


class Invited(Struct, frozen=True):
    """The invitation that his next pulse offers."""

    engagement: str


class BlockBody(Struct, forbid_unknown_fields=True):
    """Why, and for how many hours; none: until somebody lifts it."""

    reason: Reason = ""
    hours: Annotated[float, Meta(gt=0, le=TEN_YEARS_H)] | None = None


class BlockWords(Struct, frozen=True, kw_only=True):
    """A visitor who is blocked."""

    visitor: str
    label: str
    reason: str
    by: AgentName | None
    at: int
    until: int | None


class AssistanceBody(Struct, forbid_unknown_fields=True):
    """Whether help is wanted, and a note for those who lead."""

    on: bool
    note: Annotated[str, Meta(max_length=16_000)] = ""


class BoardAgent(Struct, frozen=True, kw_only=True):
    """An agent as his supervisor sees him."""

    id: str
    name: str
    team: str
    role: str
    status: Literal["available", "away"]
    reason: str
    since: int
    present: bool
    load: int
    maximum: int
    conversations: list[Conv]
    waiting_longest_s: int | None
    """Of his visitors who wait for an answer, how long the first has waited; null: none does."""
    csat_mean: float | None
    """Of 1 to 5, about the conversations closed today that he had at their end; null: no answer."""
    csat_n: int


class BoardQueue(Struct, frozen=True):
    """Those who wait for one skill; '' is any. `expected_s`: of the next one who comes; null: nobody can say."""

    skill: str
    n: int
    longest_s: int
    expected_s: int | None


class Board(Struct, frozen=True, kw_only=True):
    """The supervisor's board: agents and queue as of now, the figures of the site's day so far."""

    at: int
    agents: list[BoardAgent]
    queue: list[BoardQueue]
    service_level: ServiceLevel
    waits: Waits
    today: Today
    assistance: list[Conv]
    """Whose agents ask for help, the longest waiting first."""
