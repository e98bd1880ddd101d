"""Where visitors get stuck by themselves, and why they did not buy: counts with their intervals. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from aparte.experiments.statistics import wilson
from aparte.experiments.words import word_scores
from aparte.reports.transcripts.model import Blocking, Reason, Talk
from aparte.reports.transcripts.phrases import questions
from aparte.reports.transcripts.telling import stems_of
from aparte.reports.transcripts.text import Language, language_of

MOST_WORDS = 6
LEAST_TALKS = 5
"""Conversations in which a word stands on a page, before it is shown: below that it may tell of one visitor."""
SURE = 1.96
Place: TypeAlias = Callable[[Talk], str]


def by_page(talk: Talk) -> str:
    """The page on which a conversation began."""
    return talk.page


def by_step(talk: Talk) -> str:
    """The step at which a conversation began."""
    return talk.step


def blocking_points(
    talks: Sequence[Talk], views: Mapping[str, int] | None = None, *, place: Place = by_page
) -> list[Blocking]:
    """The pages (or steps) from which visitors ask, where most do first.

    With `views` those of the highest rate by view first; a page that has no views told, or fewer than conversations
    with a question, has no rate. Conversations without a page are left out.
    """
    begun: dict[str, list[Talk]] = defaultdict(list)
    for talk in talks:
        if place(talk):
            begun[place(talk)].append(talk)
    told = {where: words_before(those) for where, those in begun.items()}
    every = sum(told.values(), Counter[str]())
    found = [blocking(where, those, told[where], every, views or {}) for where, those in begun.items()]
    return sorted(found, key=lambda one: (-(one.rate or 0.0), -one.asked, one.where))


def blocking(
    where: str, talks: Sequence[Talk], told: Counter[str], every: Counter[str], views: Mapping[str, int]
) -> Blocking:
    """One page."""
    asked, seen = sum(bool(asking(talk)) for talk in talks), views.get(where)
    point = Blocking(
        where=where, conversations=len(talks), asked=asked, views=seen, words=standing_out(told, every - told)
    )
    if seen is None or seen < max(asked, 1):
        return point
    low, high = wilson(asked, seen)
    return Blocking(
        where=where, conversations=len(talks), asked=asked, views=seen, rate=asked / seen, low=low, high=high,
        words=point.words,
    )  # fmt: skip


def asking(talk: Talk) -> list[str]:
    """The visitor's messages that ask, each with his message before it."""
    language = language_of(talk.language)
    texts = [line.body for line in talk.lines if line.by == "visitor" and line.kind == "text"]
    found = []
    for n, text in enumerate(texts):
        if "?" in text if language is None else bool(questions(text, language)):
            found.append(" ".join(texts[max(0, n - 1) : n + 1]))
    return found


def words_before(talks: Sequence[Talk]) -> Counter[str]:
    """Conversations by word, of their questions and what came before them; as they are written."""
    found: Counter[str] = Counter()
    written: dict[tuple[Language, str], str] = {}
    for talk in talks:
        language = language_of(talk.language)
        if language is not None:
            for known, form in stems_of(asking(talk), language).items():
                found[written.setdefault((language, known), form)] += 1
    return found


def standing_out(here: Counter[str], elsewhere: Counter[str]) -> tuple[str, ...]:
    """The words that stand here more than elsewhere; all frequent ones where there is no elsewhere."""
    frequent = [word for word, n in here.items() if n >= LEAST_TALKS]
    if not +elsewhere or len(here.keys() | elsewhere.keys()) < 2:
        return tuple(sorted(frequent, key=lambda word: (-here[word], word))[:MOST_WORDS])
    scores = word_scores(here, elsewhere)
    telling = [word for word in frequent if scores[word] > SURE]
    return tuple(sorted(telling, key=lambda word: (-scores[word], word))[:MOST_WORDS])


def reasons(told: Sequence[str]) -> tuple[list[Reason], int]:
    """Reasons for not buying with Wilson's intervals, the most frequent first; and how many conversations had none.

    `told` is the reason of each wrap-up, empty where the agent gave none.
    """
    counts = Counter(one for one in told if one)
    whole = sum(counts.values())
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [reason(name, n, whole) for name, n in ranked], len(told) - whole


def reason(name: str, n: int, whole: int) -> Reason:
    """One of them."""
    low, high = wilson(n, whole)
    return Reason(reason=name, n=n, share=n / whole, low=low, high=high)
