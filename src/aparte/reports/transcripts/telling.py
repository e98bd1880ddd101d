"""Which words go with an outcome, and which with a page. Pure; associations to be tested, see the page of the docs.

A conversation counts once for a word, however often it is said; and a word must stand in conversations of several
agents, and still tell without the one of them who says it most: the words of one agent are one habit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import erfc, sqrt

from msgspec import Struct, field

from aparte.experiments.multiple import benjamini_hochberg
from aparte.experiments.words import word_scores
from aparte.reports.transcripts.model import Side, Talk, Telling
from aparte.reports.transcripts.phrases import STOP_WORDS
from aparte.reports.transcripts.text import Language, language_of, stem, words

LEAST_AGENTS = 3
LEAST_TALKS = 5
"""Conversations that a word must stand in."""
FALSE = 0.05
"""Share of the findings that may be false."""
SHORTEST = 3


class Heard(Struct):
    """What was heard in one group: conversations by word, and by agent and word."""

    talks: Counter[str] = field(default_factory=Counter)
    by_agent: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    forms: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """How each stem is written."""


def stems_of(texts: Iterable[str], language: Language) -> dict[str, str]:
    """The stems of telling words, each with how it was written first."""
    found: dict[str, str] = {}
    for text in texts:
        for word in words(text):
            if len(word) >= SHORTEST and word not in STOP_WORDS[language]:
                found.setdefault(stem(word, language), word)
    return found


def telling_words(
    talks: Sequence[Talk], language: Language, side: Side = "agent", *, least_agents: int = LEAST_AGENTS
) -> list[Telling]:
    """The words of one side that tell conversations with a good outcome from the others, the surest first.

    Only conversations in this language whose outcome is known. z is the log-odds with an informative Dirichlet prior,
    q the p-value after Benjamini and Hochberg over all words that were asked about; those above `FALSE` are left out.
    """
    good, other = heard(talks, language, side)
    wanted = enough(good, other, least_agents)
    if len(wanted) < 2 or not good.talks or not other.talks:
        return []
    scores = word_scores(good.talks, other.talks)
    ps = [erfc(abs(scores[word]) / sqrt(2)) for word in wanted]
    found = [
        telling(word, scores[word], p, q, good, other)
        for word, p, q in zip(wanted, ps, benjamini_hochberg(ps), strict=True)
        if q <= FALSE and steady(word, scores[word], good, other)
    ]
    return sorted(found, key=lambda one: (-abs(one.z), one.word))


def heard(talks: Sequence[Talk], language: Language, side: Side) -> tuple[Heard, Heard]:
    """Both groups: where it came to it, and where it did not."""
    good, other = Heard(), Heard()
    for talk in talks:
        if talk.good is not None and language_of(talk.language) == language:
            group = good if talk.good else other
            texts = (line.body for line in talk.lines if line.by == side and line.kind == "text")
            for known, written in stems_of(texts, language).items():
                group.talks[known] += 1
                group.by_agent[talk.agent][known] += 1
                group.forms[known][written] += 1
    return good, other


def enough(good: Heard, other: Heard, least_agents: int) -> list[str]:
    """Words of several conversations and several agents, in the order of letters."""
    every = good.talks + other.talks
    return sorted(w for w, n in every.items() if n >= LEAST_TALKS and agents_of(w, good, other) >= least_agents)


def agents_of(word: str, good: Heard, other: Heard) -> int:
    """How many agents had conversations with it."""
    return len({agent for group in (good, other) for agent, said in group.by_agent.items() if said[word]})


def steady(word: str, z: float, good: Heard, other: Heard) -> bool:
    """Whether it tells the same without the agent who has it most."""
    said: Counter[str] = Counter()
    for group in (good, other):
        for agent, counts in group.by_agent.items():
            said[agent] += counts[word]
    most = min(agent for agent, n in said.items() if n == max(said.values()))
    left = [group.talks - group.by_agent.get(most, Counter()) for group in (good, other)]
    if not left[0][word] + left[1][word] or not all(left):
        return False
    return word_scores(left[0], left[1])[word] * z > 0


def telling(word: str, z: float, p: float, q: float, good: Heard, other: Heard) -> Telling:
    """A finding, by the form in which the word is written most."""
    written = good.forms[word] + other.forms[word]
    form = min(written, key=lambda one: (-written[one], one))
    agents = agents_of(word, good, other)
    return Telling(word=form, z=z, p=p, q=q, good=good.talks[word], other=other.talks[word], agents=agents)
