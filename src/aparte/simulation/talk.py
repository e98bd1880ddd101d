"""A conversation of the past: who wrote what, and when."""

from __future__ import annotations

from random import Random

from msgspec import Struct, field

from aparte.kit.ids import stable_id
from aparte.simulation import figures
from aparte.simulation.model import PastConversation, PastEntry, PastSurvey
from aparte.simulation.scripts import HELLO, SOLVED, Turn, script
from aparte.simulation.twin import Visit
from aparte.simulation.visitors import Person

FIRST_REPLY, LINE = figures.value("chats.first_reply_seconds"), figures.value("chats.line_seconds")
TAIL_MS = round(1000 * figures.number("chats.tail_seconds"))
NO_SURVEY, NO_NPS, CSAT = (
    figures.number("chats.no_survey"),
    figures.number("chats.no_nps"),
    figures.numbers("chats.csat"),
)


class Talk(Struct):
    """A conversation as it will be held once an agent takes it."""

    id: str
    opened_at: int
    turns: tuple[Turn, ...]
    language: str
    waits: list[float]
    """Seconds before each line, in order."""
    thanks: str
    survey: tuple[int, int | None, bool, str] | None
    entries: list[PastEntry] = field(default_factory=list)
    engagement: str | None = None
    agent: str = ""
    taken_at: int = 0
    closed_at: int = 0

    def write(self, at: int, by: str, kind: str, body: str, name: str = "") -> None:
        """One more entry."""
        seq = len(self.entries) + 1
        id_ = stable_id("entry", self.id, str(seq))
        self.entries.append(PastEntry(seq, id_, by, kind, body, at, name))  # type: ignore[arg-type]  # the callers' words

    def held(self, at: int, agent: str, slower: float = 1.0) -> None:
        """An agent takes it now: write it down to its end. `slower`: his replies, when he has others to answer."""
        self.agent, self.taken_at = agent, at
        pauses, when = iter(self.waits), at + 1200
        self.write(when, "system", "join", agent)
        when += round(1000 * next(pauses))
        self.write(when, "agent", "text", HELLO[self.language].format(name=agent), agent)
        for turn in self.turns:
            when += round(1000 * next(pauses))
            self.write(when, "visitor", "text", turn.asks)
            when += round(1000 * slower * next(pauses))
            self.write(when, "agent", "text", turn.answers, agent)
        when += round(1000 * next(pauses))
        self.write(when, "visitor", "text", self.thanks)
        self.closed_at = when + TAIL_MS
        self.write(self.closed_at, "system", "close", "")

    def past(self, who: Person, session: int, campaign: str | None, skill: str) -> PastConversation:
        """The whole of it."""
        told = self.survey
        survey = None if told is None else PastSurvey(self.closed_at + 9_000, *told, ces=EASE[told[0]])
        about = self.id, who.id, session, self.engagement, campaign, skill, self.language, self.agent
        return PastConversation(*about, self.opened_at, self.taken_at, self.closed_at, tuple(self.entries), survey)


def talk(rng: Random, visit: Visit, conversation: str, at: int, offered: str) -> Talk:
    """What this visitor will ask; `offered` is the message that invited him, or nothing."""
    language = visit.person.language
    turns = script(rng, visit.persona, language)
    waits = [rng.uniform(*FIRST_REPLY)] + [rng.uniform(*LINE) for _ in range(2 * len(turns) + 1)]
    thanks = rng.choice(SOLVED[language])
    plan = Talk(conversation, at, turns, language, waits, thanks, survey(rng, language))
    if offered:
        plan.write(at, "system", "offer", offered)
    return plan


EASE = {5: 7, 4: 6, 3: 5, 2: 3, 1: 2}
"""How far he agrees, of 7, that it was made easy, by his mark of 5: who is pleased found it easy."""
COMMENTS = {
    "fr": ("", "", "", "Réponse claire et rapide.", "Très aimable.", "J’aurais aimé une photo portée."),
    "en": ("", "", "", "Clear and quick.", "Very kind.", "A photo on a person would help."),
}


def survey(rng: Random, language: str) -> tuple[int, int | None, bool, str] | None:
    """What he thinks afterwards; more than half do not say."""
    if rng.random() < NO_SURVEY:
        return None
    csat = rng.choices((5, 4, 3, 2, 1), weights=CSAT)[0]
    nps = None if rng.random() < NO_NPS else max(0, min(10, csat * 2 + rng.choice((-1, 0, 0, 1))))
    return csat, nps, csat >= 3, rng.choice(COMMENTS[language])
