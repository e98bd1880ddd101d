"""The page about conversations: how they were led, words tied to an outcome, why nobody bought, where it blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aparte.conversations.vocabulary import REASONS
from aparte.reports.numbers import between
from aparte.reports.people.sheet import Asked, Sheet, Told
from aparte.reports.people.talks import Heard, TalksFigures, Topic
from aparte.reports.transcripts.model import Blocking, Reason, Telling


class TalksSheet(Sheet):
    """One page."""

    place, template = "conversations", "conversations.html"

    def __init__(self, asked: Asked, figures: TalksFigures) -> None:
        super().__init__(asked)
        self.figures = figures

    def html(self) -> str:
        """The HTML."""
        found = self.figures
        return self.page(
            empty=not found.read,
            lead=list(self.lead()),
            heard=[self.heard(one) for one in found.heard],
            tags=[self.topic(one) for one in found.tags],
            reasons=[self.reason(one) for one in found.reasons],
            reasons_below=self.say("reasons_below", n=self.count(found.without_reason)),
            pages=[self.point(one) for one in found.pages],
            steps=[self.point(one, self.t.get(f"step_{one.where}", one.where)) for one in found.steps],
            foot=self.foot(found.confirmed),
        )

    def lead(self) -> Iterator[str]:
        """What was read."""
        found = self.figures
        yield self.say("talks_read", read=self.count(found.read), n=self.count(found.conversations))
        if found.other_languages:
            yield self.say("talks_other", n=self.count(found.other_languages))

    def heard(self, one: Heard) -> dict[str, Any]:
        """One language."""
        return {
            "language": one.language,
            "title": self.t[f"in_{one.language}"],
            "talks": self.say("talks_in", one.talks, n=self.count(one.talks)),
            "measures": list(self.measures(one)),
            "tied": [
                self.tied("tied_sale", one.sale, one.sale_n),
                self.tied("tied_satisfaction", one.satisfaction, one.satisfaction_n),
            ],
            "questions": [self.topic(word) for word in one.questions],
        }

    def measures(self, one: Heard) -> Iterator[Told]:
        """The rows of a language."""
        middles = (("first_response_s", "s"), ("reply_s", "s"), ("words_ratio", ""), ("questions_visitor", ""),
                   ("questions_agent", ""), ("canned", "%"))  # fmt: skip
        for name, kind in middles:
            yield self.middle(f"t_{name}", getattr(one, name), kind)
        for name in ("greeting", "name_used", "thanks", "empathy"):
            yield self.part(f"t_{name}", getattr(one, name))
        for name in ("sentiment_start", "sentiment_end", "slope"):
            yield self.middle(f"t_{name}", getattr(one, name))

    def tied(self, title: str, words: Sequence[Telling], sides: tuple[int, int]) -> dict[str, Any]:
        """Words that go with an outcome."""
        good, other = (self.count(n) for n in sides)
        return {
            "title": self.t[title],
            "of": self.say("tied_of", good=good, other=other),
            "words": [self.word(one, sides) for one in words],
        }

    def word(self, one: Telling, sides: tuple[int, int]) -> dict[str, str]:
        """One of them, with how many of the conversations of either side have it."""
        return {
            "word": one.word,
            "side": self.t["tied_with" if one.z > 0 else "tied_without"],
            "tone": "treated" if one.z > 0 else "holdout",
            "z": self.count(one.z, 1),
            "q": self.count(one.q, 3) if one.q >= 0.001 else f"< {self.count(0.001, 3)}",
            "good": f"{self.count(one.good)} ({self.share(one.good / max(sides[0], 1))})",
            "other": f"{self.count(one.other)} ({self.share(one.other / max(sides[1], 1))})",
            "agents": self.count(one.agents),
        }

    def topic(self, one: Topic) -> dict[str, str]:
        """A word of questions, or a tag."""
        told = self.part("col_share", one.part)
        return {"name": one.name, "share": told.value, "interval": told.interval, "n": self.count(one.part.done)}

    def reason(self, one: Reason) -> dict[str, str]:
        """Why visitors did not buy."""
        label = REASONS.get(one.reason)
        name = one.reason if label is None else label.fr if self.language == "fr" else label.en
        return {
            "name": name, "share": self.share(one.share), "n": self.count(one.n),
            "interval": between(self.share(one.low), self.share(one.high), self.language),
        }  # fmt: skip

    def point(self, one: Blocking, name: str = "") -> Mapping[str, str]:
        """Where visitors ask."""
        rated = one.rate is not None and one.low is not None and one.high is not None
        return {
            "where": name or one.where,
            "talks": self.count(one.conversations),
            "asked": self.count(one.asked),
            "views": self.t["none"] if one.views is None else self.count(one.views),
            "rate": self.share(one.rate or 0.0, 1) if rated else self.t["none"],
            "interval": between(self.share(one.low or 0.0, 1), self.share(one.high or 0.0, 1), self.language)
            if rated
            else "",
            "words": ", ".join(one.words),
        }
