"""Measures of one conversation: how fast, how long, how friendly, and how the visitor felt. Pure.

There is no rate of typing errors: without a dictionary of product names and of how people write to one another, it
would count names and dialects as errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from statistics import median

from aparte.reports.transcripts import phrases
from aparte.reports.transcripts.model import Measured, Said, Talk
from aparte.reports.transcripts.sentiment import sentiment, slope
from aparte.reports.transcripts.text import Language, bare, language_of, seen, words


def measured(talk: Talk, canned: Sequence[str] = ()) -> Measured:
    """One conversation; `canned` are the bodies of canned replies, with their variables in braces."""
    lines = sorted(talk.lines, key=lambda line: line.at)
    agent, visitor = (texts_of(lines, side) for side in ("agent", "visitor"))
    language, waits = language_of(talk.language), replies(lines)
    felt = [] if language is None else [sentiment(text, language) for text in visitor]
    return Measured(
        id=talk.id,
        agent=talk.agent,
        first_response_s=waits[0] if waits else None,
        reply_median_s=median(waits) if waits else None,
        reply_p90_s=quantile(waits, 0.9) if waits else None,
        messages_ratio=ratio(len(agent), len(visitor)),
        words_ratio=ratio(*(sum(len(words(text)) for text in texts) for texts in (agent, visitor))),
        questions_agent=asked(agent, language),
        questions_visitor=asked(visitor, language),
        links=sum(map(phrases.links, agent)),
        cards=sum(1 for line in lines if line.by == "agent" and line.kind == "card"),
        canned_share=canned_share(agent, canned),
        greeting=bool(agent) and language is not None and phrases.says(phrases.GREETING, agent[0], language),
        name_used=any(phrases.names(text, talk.visitor_name) for text in agent) if talk.visitor_name else None,
        thanks=language is not None and any(phrases.says(phrases.THANKING, text, language) for text in agent),
        empathy=0 if language is None else sum(phrases.says(phrases.FEELING, text, language) for text in agent),
        sentiment_start=felt[0] if felt else None,
        sentiment_end=felt[-1] if felt else None,
        sentiment_slope=slope(felt),
    )


def texts_of(lines: Sequence[Said], side: str) -> list[str]:
    """What one side has written."""
    return [line.body for line in lines if line.by == side and line.kind == "text"]


def replies(lines: Sequence[Said]) -> list[float]:
    """How long the visitor waited for each answer, in seconds: from his first message that no answer followed yet."""
    waiting, found = None, []
    for line in lines:
        if line.by == "visitor" and line.kind == "text":
            waiting = line.at if waiting is None else waiting
        elif line.by == "agent" and waiting is not None:
            found.append((line.at - waiting) / 1000)
            waiting = None
    return found


def quantile(values: Sequence[float], share: float) -> float:
    """Between the two nearest of the ordered values, in a straight line."""
    ranked = sorted(values)
    place = share * (len(ranked) - 1)
    low, high = ranked[floor(place)], ranked[ceil(place)]
    return low + (high - low) * (place - floor(place))


def ratio(agent: int, visitor: int) -> float | None:
    """Agent to visitor; None when he said nothing."""
    return agent / visitor if visitor else None


def asked(texts: Sequence[str], language: Language | None) -> int:
    """Sentences that ask; in other languages those with a question mark."""
    if language is None:
        return sum(text.count("?") > 0 for text in texts)
    return sum(len(phrases.questions(text, language)) for text in texts)


def canned_share(texts: Sequence[str], canned: Sequence[str]) -> float | None:
    """Of these messages, those that say a canned reply, whatever stands in the place of its variables."""
    if not texts:
        return None
    bodies = [fixed_parts(body) for body in canned]
    return sum(any(holds(plain(text), parts) for parts in bodies) for text in texts) / len(texts)


def plain(text: str) -> str:
    """As it is compared: small letters, no accents, single spaces."""
    return " ".join(bare(seen(text)).split())


def fixed_parts(body: str) -> list[str]:
    """What stands between the variables of a canned reply."""
    parts, rest = [], body
    while "{" in rest and "}" in rest[rest.index("{") :]:
        before, _, after = rest.partition("{")
        parts.append(before)
        rest = after.partition("}")[2]
    return [plain(part) for part in [*parts, rest]]


def holds(text: str, parts: Sequence[str]) -> bool:
    """Whether a text is these parts in their order, with anything between them."""
    if not any(parts):
        return False
    if len(parts) == 1:
        return text == parts[0]
    place = len(parts[0])
    if not text.startswith(parts[0]) or not text.endswith(parts[-1]):
        return False
    for part in parts[1:-1]:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return place <= len(text) - len(parts[-1])
