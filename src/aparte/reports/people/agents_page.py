"""The page about agents: a funnel, and a card for each by name; no league table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from aparte.reports.funnel_picture import funnel_svg
from aparte.reports.numbers import between
from aparte.reports.people.agents import AgentFigures, AgentsFigures
from aparte.reports.people.sheet import Asked, Sheet, Told
from aparte.reports.scorecards import Card, Scorecards

WIDE, NARROW = 900, 330
TONES = {"above95": "treated", "above998": "treated", "below95": "note", "below998": "alert"}


class AgentsSheet(Sheet):
    """One page."""

    place, template = "agents", "agents.html"

    def __init__(self, asked: Asked, figures: AgentsFigures, *, own: bool) -> None:
        super().__init__(asked)
        self.figures, self.own = figures, own

    def html(self) -> str:
        """The HTML."""
        found = self.figures
        return self.page(
            lead=self.lead(),
            cut=self.cut(),
            funnel=self.funnel(found.board) if found.board else {},
            early=self.say("funnel_early", horizon=self.horizon()),
            cards=[self.card(one) for one in found.agents],
            foot=self.foot(found.confirmed),
        )

    def lead(self) -> str:
        """What is on the page."""
        if self.own:
            return self.t["agents_own"]
        n, agents = self.figures.conversations, len(self.figures.agents)
        return self.say("agents_one" if agents == n == 1 else "agents_many", n=self.count(n), agents=self.count(agents))

    def cut(self) -> str:
        """That not all were read."""
        n, read = self.figures.conversations, self.figures.read
        return self.say("agents_cut", n=self.count(n), read=self.count(read)) if read < n else ""

    def funnel(self, board: Scorecards) -> dict[str, Any]:
        """The picture with its caption."""
        words = (self.t["funnel_across"], self.t["funnel_up"])
        outside = sum(card.place != "within" for card in board.cards)
        return {
            "wide": Markup(funnel_svg(board, WIDE, *words)),
            "narrow": Markup(funnel_svg(board, NARROW, *words)),
            "caption": self.say(
                "funnel_caption", agents=self.count(len(board.cards)), center=self.share(board.center, 1),
                outside=self.count(outside),
            ),
            "alike": self.t["funnel_alike" if board.alike else "funnel_differ"],
        }  # fmt: skip

    def card(self, one: AgentFigures) -> dict[str, Any]:
        """One agent."""
        return {
            "name": one.name,
            "talks": self.say("conversations", one.conversations, n=self.count(one.conversations)),
            "tags": list(self.tags(one.card)),
            "measures": [
                self.spread("m_first_response", one.first_response),
                self.spread("m_reply", one.reply),
                self.spread("m_resolution", one.resolution),
                self.spread("m_handle", one.handle),
                Told(self.t["m_concurrency"], self.none_or(one.concurrency), "", self.n(one.conversations)),
                self.part("m_csat", one.csat),
                self.part("m_fcr", one.fcr),
                self.part("m_solved", one.solved),
                self.part("m_ordered", one.ordered, 1),
            ],
            "sales": list(self.sales(one.card)) if one.card else [],
        }

    def none_or(self, value: float | None) -> str:
        """A number with a decimal, or a dash."""
        return self.t["none"] if value is None else self.count(value, 1)

    def tags(self, card: Card | None) -> Iterator[dict[str, str]]:
        """What is surely so of an agent; nothing of most."""
        if card is not None and card.best:
            yield {"text": self.t["best"], "tone": "treated"}
        if card is not None and card.place != "within":
            yield {"text": self.t[card.place], "tone": TONES[card.place]}

    def sales(self, card: Card) -> Iterator[Told]:
        """Sales with everybody's mix."""
        ends = between(self.share(card.low, 1), self.share(card.high, 1), self.language)
        yield Told(self.t["m_adjusted"], self.share(card.adjusted, 1), ends, self.n(card.n))
        told = self.say("expected", good=self.count(card.good), expected=self.count(card.expected, 1))
        yield Told(self.t["m_ratio"], self.count(card.ratio, 2), told)
        below = self.say("shrunk_below", center=self.share(self.center(), 1))
        yield Told(self.t["m_shrunk"], self.share(card.shrunk, 1), below)
        yield Told(self.t["m_top"], self.chance(card), self.why(card))

    def center(self) -> float:
        """What all have in common."""
        return self.figures.board.center if self.figures.board else 0.0

    def chance(self, card: Card) -> str:
        """How likely the agent is among the best quarter."""
        return self.t["none"] if card.top is None else self.share(card.top)

    def why(self, card: Card) -> str:
        """Why it says nothing."""
        if card.top is None:
            return self.t["top_alike"]
        few = card.n < self.figures.min_n
        return self.say("top_few", n=self.count(card.n), min_n=self.count(self.figures.min_n)) if few else ""
