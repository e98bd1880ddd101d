"""The words of transcript analysis: what is read, and what is found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import Struct, field

from aparte.conversations.model import Entry, Kind

Side: TypeAlias = Literal["visitor", "agent"]
SPOKEN: tuple[Kind, ...] = ("text", "card", "page")


class Said(Struct, frozen=True):
    """One line that the visitor can see. `at` in milliseconds."""

    by: Side
    at: int
    body: str
    kind: Kind = "text"


class Talk(Struct, frozen=True, kw_only=True):
    """One conversation. What is not known is None or empty."""

    id: str
    language: str
    lines: tuple[Said, ...]
    agent: str = ""
    visitor_name: str = ""
    page: str = ""
    """The page on which the visitor began to write."""
    step: str = ""
    """The step of the way to an order that the page is."""
    good: bool | None = None
    """Whether it came to what is asked for: an order, a satisfied visitor."""


class Measured(Struct, frozen=True, kw_only=True):
    """What is measured of one conversation; None where there is nothing to measure."""

    id: str
    agent: str
    first_response_s: float | None
    """From the visitor's first message to the agent's first one after it."""
    reply_median_s: float | None
    reply_p90_s: float | None
    """From the first message that waits to the agent's next one."""
    messages_ratio: float | None
    words_ratio: float | None
    """Of the agent to the visitor."""
    questions_agent: int
    questions_visitor: int
    links: int
    cards: int
    canned_share: float | None
    """Of the agent's messages, those that are a canned reply."""
    greeting: bool
    name_used: bool | None
    thanks: bool
    empathy: int
    """Messages of the agent with such a phrase."""
    sentiment_start: float | None
    sentiment_end: float | None
    sentiment_slope: float | None
    """Of the visitor's messages, from the first to the last; None below three of them."""


class Telling(Struct, frozen=True, kw_only=True):
    """A word that is said more where it came to it (`z` above 0), or where it did not. A hypothesis, no proof."""

    word: str
    z: float
    p: float
    q: float
    """The p-value after Benjamini and Hochberg."""
    good: int
    other: int
    """Conversations that have it."""
    agents: int


class Blocking(Struct, frozen=True, kw_only=True):
    """A page, or a step, from which visitors ask."""

    where: str
    conversations: int
    asked: int
    """Conversations with a question of the visitor."""
    views: int | None = None
    rate: float | None = None
    """Conversations with a question by views of the page."""
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = field(default=())
    """Words of these questions and of the message before, which stand here more than elsewhere."""


class Reason(Struct, frozen=True, kw_only=True):
    """Why visitors did not buy, as agents coded it: share of the conversations that have a reason."""

    reason: str
    n: int
    share: float
    low: float
    high: float


def said(entries: Iterable[Entry]) -> tuple[Said, ...]:
    """The lines of a transcript that a visitor and an agent have said to one another."""
    return tuple(
        Said(one.by, one.ts, one.body, one.kind) for one in entries if one.kind in SPOKEN and one.by != "system"
    )
