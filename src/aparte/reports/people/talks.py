"""What the conversations of a scope tell: read one by one from the store, measured and let go; a bounded number. Pure.

A conversation is measured by itself. Of its words only what `telling_words` and `blocking_points` count is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import sqrt
from typing import Any, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aparte.attribution.facts import Facts
from aparte.conversations.model import Entry
from aparte.reports.people.agents import Part, part, quantile
from aparte.reports.people.opened import SATISFIED, Opened, how_many, opened, views
from aparte.reports.scope import Scope, settled
from aparte.reports.transcripts.blocking import asking, blocking_points, by_step, reasons
from aparte.reports.transcripts.measuring import measured
from aparte.reports.transcripts.model import Blocking, Measured, Reason, Talk, Telling, said
from aparte.reports.transcripts.telling import LEAST_TALKS, stems_of, telling_words
from aparte.reports.transcripts.text import Language, language_of

MOST_TALKS = 2_000
"""Conversations that are read, the youngest ones."""
MOST_LINES = 200
MOST_SHOWN = 15
"""Words, pages and topics of a list."""
LANGUAGES: tuple[Language, ...] = ("fr", "en")
Z95 = 1.959964


class Transcripts(Protocol):
    """Reads what was said; called in a worker thread."""

    def entries(self, conv: str, after: int = 0, limit: int = 200) -> Sequence[Entry]:
        """See ConversationReader."""
        ...


class Middle(Struct, frozen=True, kw_only=True):
    """A middle value of `n` conversations, and its 95 % interval where `mean` says that it is a mean."""

    n: int
    value: float
    low: float
    high: float


class Topic(Struct, frozen=True, kw_only=True):
    """A word of visitors' questions, or a tag, by conversations."""

    name: str
    part: Part


class Heard(Struct, frozen=True, kw_only=True):
    """What conversations of one language tell."""

    language: Language
    talks: int
    first_response_s: Middle | None
    reply_s: Middle | None
    words_ratio: Middle | None
    questions_visitor: Middle | None
    questions_agent: Middle | None
    canned: Middle | None
    greeting: Part | None
    name_used: Part | None
    thanks: Part | None
    empathy: Part | None
    """Conversations with at least one such message."""
    sentiment_start: Middle | None
    sentiment_end: Middle | None
    slope: Middle | None
    sale: tuple[Telling, ...]
    sale_n: tuple[int, int]
    """Conversations that were compared: with an order, and without."""
    satisfaction: tuple[Telling, ...]
    satisfaction_n: tuple[int, int]
    questions: tuple[Topic, ...]
    """What visitors ask about."""


class TalksFigures(Struct, frozen=True, kw_only=True):
    """All of it."""

    heard: tuple[Heard, ...]
    """Languages that were spoken and are known."""
    conversations: int
    read: int
    other_languages: int
    tags: tuple[Topic, ...]
    reasons: tuple[Reason, ...]
    without_reason: int
    pages: tuple[Blocking, ...]
    steps: tuple[Blocking, ...]
    confirmed: bool


def talks_figures(
    facts: Facts, scope: Scope, store: Transcripts, *, canned: Sequence[str] = (), unsold: frozenset[str] = frozenset(),
    most: int = MOST_TALKS,
) -> TalksFigures:  # fmt: skip
    """The figures of a scope; `unsold` are the wrap-up codes that say that the visitor did not buy."""
    scope = settled(facts, scope)
    found = opened(facts, scope, most)
    talks = [talk_of(one, store) for one in found]
    told, blank = reasons([one.wrap_reason for one in found if one.wrap_code in unsold or one.wrap_reason])
    seen = views(facts, scope)
    return TalksFigures(
        heard=tuple(heard(language, found, talks, scope, canned) for language in spoken(talks)),
        conversations=how_many(facts, scope),
        read=len(found),
        other_languages=sum(language_of(one.language) is None for one in talks),
        tags=topics([tags_of(one) for one in found]),
        reasons=tuple(told),
        without_reason=blank,
        pages=tuple(blocking_points(talks, seen)[:MOST_SHOWN]),
        steps=tuple(blocking_points(talks, place=by_step)[:MOST_SHOWN]),
        confirmed=scope.orders == "confirmed",
    )


def talk_of(one: Opened, store: Transcripts) -> Talk:
    """A conversation with what was said in it, as far as it is read."""
    lines = said(store.entries(one.conversation, 0, MOST_LINES))
    return Talk(
        id=one.conversation, language=one.language, lines=lines, agent=one.agent, page=one.page, step=one.step
    )  # fmt: skip


def spoken(talks: Sequence[Talk]) -> list[Language]:
    """The languages that are known here and were spoken."""
    there = {language_of(one.language) for one in talks}
    return [language for language in LANGUAGES if language in there]


def heard(
    language: Language, found: Sequence[Opened], talks: Sequence[Talk], scope: Scope, canned: Sequence[str]
) -> Heard:
    """What conversations of one language tell."""
    own = [(one, talk) for one, talk in zip(found, talks, strict=True) if language_of(talk.language) == language]
    figures = [measured(talk, canned) for _, talk in own]
    sale = judged(own, lambda one: one.ordered > 0 if one.settled(scope.horizon_ms, scope.now) else None)
    told: dict[str, Any] = {**middles(figures), **shares(figures)}
    happy = judged(own, lambda one: None if one.csat is None else one.csat >= SATISFIED)
    return Heard(
        language=language,
        talks=len(own),
        sale=telling(sale, language),
        sale_n=sides(sale),
        satisfaction=telling(happy, language),
        satisfaction_n=sides(happy),
        questions=topics([stems_of(asking(talk), language) for _, talk in own]),
        **told,
    )


def judged(own: Sequence[tuple[Opened, Talk]], good: Callable[[Opened], bool | None]) -> list[Talk]:
    """The same conversations with whether they came to it."""
    return [replace(talk, good=good(one)) for one, talk in own]


def telling(talks: Sequence[Talk], language: Language) -> tuple[Telling, ...]:
    """The agents' words that go with it."""
    return tuple(telling_words(talks, language)[:MOST_SHOWN])


def sides(talks: Sequence[Talk]) -> tuple[int, int]:
    """How many came to it, and how many did not."""
    return sum(one.good is True for one in talks), sum(one.good is False for one in talks)


def middles(figures: Sequence[Measured]) -> dict[str, Any]:
    """Medians of what is far out now and then, means of the rest."""
    return {
        "first_response_s": median([one.first_response_s for one in figures]),
        "reply_s": median([one.reply_median_s for one in figures]),
        "words_ratio": median([one.words_ratio for one in figures]),
        "questions_visitor": mean([float(one.questions_visitor) for one in figures]),
        "questions_agent": mean([float(one.questions_agent) for one in figures]),
        "canned": mean([one.canned_share for one in figures]),
        "sentiment_start": mean([one.sentiment_start for one in figures]),
        "sentiment_end": mean([one.sentiment_end for one in figures]),
        "slope": mean([one.sentiment_slope for one in figures]),
    }


def shares(figures: Sequence[Measured]) -> dict[str, Any]:
    """Of the conversations in which an agent wrote."""
    answered = [one for one in figures if one.canned_share is not None]
    return {
        "greeting": part([one.greeting for one in answered]),
        "name_used": part([one.name_used for one in answered if one.name_used is not None]),
        "thanks": part([one.thanks for one in answered]),
        "empathy": part([one.empathy > 0 for one in answered]),
    }


def median(values: Sequence[float | None]) -> Middle | None:
    """With the 95 % interval of the order statistics."""
    known = sorted(one for one in values if one is not None)
    if not known:
        return None
    n, half = len(known), Z95 * sqrt(len(known)) / 2
    low, high = known[max(0, int(n / 2 - half) - 1)], known[min(n - 1, int(n / 2 + half) + 1)]
    return Middle(n=n, value=quantile(known, 0.5), low=low, high=high)


def mean(values: Sequence[float | None]) -> Middle | None:
    """With its normal 95 % interval; of one conversation there is none, its ends are the value."""
    known = [one for one in values if one is not None]
    if not known:
        return None
    n, middle = len(known), sum(known) / len(known)
    spread = sqrt(sum((one - middle) ** 2 for one in known) / (n - 1) / n) if n > 1 else 0.0
    return Middle(n=n, value=middle, low=middle - Z95 * spread, high=middle + Z95 * spread)


def tags_of(one: Opened) -> Mapping[str, str]:
    """The tags of a conversation, each as it is written."""
    try:
        told = msgspec.json.decode(one.tags or "[]", type=list[str])
    except msgspec.DecodeError:
        return {}
    return {tag: tag for tag in told}


def topics(told: Sequence[Mapping[str, str]]) -> tuple[Topic, ...]:
    """What stands in several conversations, the most frequent first; by key, shown as it is written most."""
    forms: dict[str, Counter[str]] = {}
    for words in told:
        for key, written in words.items():
            forms.setdefault(key, Counter())[written] += 1
    return tuple(several(forms, len(told)))


def several(forms: Mapping[str, Counter[str]], whole: int) -> Iterator[Topic]:
    """Those of at least 5 conversations: below that a word may tell of one visitor."""
    counts = {key: sum(written.values()) for key, written in forms.items()}
    for key in sorted(counts, key=lambda one: (-counts[one], one))[:MOST_SHOWN]:
        n, written = counts[key], forms[key]
        if n >= LEAST_TALKS:
            shown = part([True] * n + [False] * (whole - n))
            if shown is not None:
                yield Topic(name=min(written, key=lambda one: (-written[one], one)), part=shown)
