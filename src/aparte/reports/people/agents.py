"""What each agent's conversations come to: measures with their n and interval, and sales with everybody's mix. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import ceil, floor, log1p, sqrt

from msgspec import Struct

from aparte.attribution.facts import Facts
from aparte.experiments.statistics import wilson
from aparte.kit.civil import local
from aparte.reports.case_mix import Case
from aparte.reports.people.opened import MOST, SATISFIED, Opened, how_many, opened
from aparte.reports.scope import Scope, settled
from aparte.reports.scorecards import MIN_N, Card, Scorecards, scorecards

MOST_CASES = 10_000
"""Of which the mix is reckoned, the youngest ones: the model is fitted in plain Python."""
Z95 = 1.959964


class Spread(Struct, frozen=True, kw_only=True):
    """A middle value with the 95 % interval of its order statistics, and the 90th of a hundred; milliseconds."""

    n: int
    median: float
    low: float
    high: float
    p90: float


class Part(Struct, frozen=True, kw_only=True):
    """So many of so many, with Wilson's interval at 95 %."""

    done: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share."""
        return self.done / self.n


class AgentFigures(Struct, frozen=True, kw_only=True):
    """One agent. None where there is nothing to measure."""

    agent: str
    name: str
    conversations: int
    first_response: Spread | None
    reply: Spread | None
    """The middle of the medians of conversations; `p90` is the middle of their 90th of a hundred."""
    resolution: Spread | None
    handle: Spread | None
    concurrency: float | None
    """Conversations at a time, while there is at least one."""
    csat: Part | None
    """Satisfied (4 or 5) of those who answered."""
    fcr: Part | None
    """Nobody of them was in touch again within 7 days, on any channel."""
    solved: Part | None
    """By the survey."""
    ordered: Part | None
    """Conversations with an order in the horizon, not adjusted."""
    card: Card | None
    """The same adjusted for what came to the agent; None without a conversation whose horizon is over."""


class AgentsFigures(Struct, frozen=True, kw_only=True):
    """All agents by name, and what was left out."""

    agents: tuple[AgentFigures, ...]
    board: Scorecards | None
    conversations: int
    read: int
    cases: int
    confirmed: bool
    min_n: int


def agents_figures(facts: Facts, scope: Scope, names: Mapping[str, str], time_zone: str) -> AgentsFigures:
    """The figures of every agent of a scope; `names` by id."""
    scope = settled(facts, scope)
    found = opened(facts, scope, MOST)
    ripe = [one for one in found if one.settled(scope.horizon_ms, scope.now)][:MOST_CASES]
    board = scorecards([case_of(one, time_zone) for one in ripe], names) if ripe else None
    cards = {card.agent: card for card in board.cards} if board else {}
    theirs: dict[str, list[Opened]] = defaultdict(list)
    for one in found:
        theirs[one.agent].append(one)
    settled_ids = {one.conversation for one in ripe}
    ordered = sorted(theirs, key=lambda agent: (names.get(agent, agent).casefold(), agent))
    told = tuple(
        figures_of(agent, names.get(agent, agent), theirs[agent], settled_ids, cards.get(agent)) for agent in ordered
    )
    return AgentsFigures(
        agents=told, board=board, conversations=how_many(facts, scope), read=len(found), cases=len(ripe),
        confirmed=scope.orders == "confirmed", min_n=MIN_N,
    )  # fmt: skip


def case_of(one: Opened, time_zone: str) -> Case:
    """A conversation as a case: only what was known before its first word."""
    hour = local(one.opened_at, time_zone).hour // 4 * 4
    before: dict[str, str | float] = {
        "page": place_of(one.page), "step": one.step, "device": one.device, "source": one.source,
        "hour": f"{hour:02d}", "proactive": "yes" if one.proactive else "no", "skill": one.skill,
        "channel": one.channel, "language": one.language[:2], "pages": log1p(one.pages), "visits": log1p(one.visits),
    }  # fmt: skip
    return Case(one.agent, one.ordered > 0, before)


def place_of(page: str) -> str:
    """The part of the shop that a page belongs to: the first piece of its path."""
    return page.split("/", 2)[1] if page.startswith("/") else page


def figures_of(agent: str, name: str, talks: Sequence[Opened], ripe: set[str], card: Card | None) -> AgentFigures:
    """One agent's."""
    answered = [one for one in talks if one.answered_at is not None]
    bought = [one.ordered > 0 for one in talks if one.conversation in ripe]
    return AgentFigures(
        agent=agent,
        name=name,
        conversations=len(talks),
        first_response=spread([one.first_response_ms for one in answered]),
        reply=spread([one.reply_median_ms for one in answered], [one.reply_p90_ms for one in answered]),
        resolution=spread([one.duration_ms for one in talks]),
        handle=spread([one.handle_ms for one in talks]),
        concurrency=at_a_time(talks),
        csat=part([one.csat >= SATISFIED for one in talks if one.csat is not None]),
        fcr=part([not one.again for one in talks if one.again is not None]),
        solved=part([one.solved for one in talks if one.solved is not None]),
        ordered=part(bought),
        card=card,
    )


def part(told: Sequence[bool]) -> Part | None:
    """A share with its interval; None of nobody."""
    if not told:
        return None
    low, high = wilson(sum(told), len(told))
    return Part(done=sum(told), n=len(told), low=low, high=high)


def spread(values: Sequence[float | None], tails: Sequence[float | None] | None = None) -> Spread | None:
    """The middle of what is known, and its 90th of a hundred: of `tails` the middle, where they are given."""
    known = sorted(one for one in values if one is not None)
    if not known:
        return None
    n, half = len(known), Z95 * sqrt(len(known)) / 2
    far = sorted(one for one in tails if one is not None) if tails is not None else []
    return Spread(
        n=n,
        median=quantile(known, 0.5),
        low=known[max(0, floor(n / 2 - half) - 1)],
        high=known[min(n - 1, ceil(n / 2 + half))],
        p90=quantile(far, 0.5) if far else quantile(known, 0.9),
    )


def quantile(ranked: Sequence[float], share: float) -> float:
    """Between the two nearest of the ordered values, in a straight line."""
    place = share * (len(ranked) - 1)
    low, high = ranked[floor(place)], ranked[ceil(place)]
    return low + (high - low) * (place - floor(place))


def at_a_time(talks: Sequence[Opened]) -> float | None:
    """All handling time by the time in which there was any."""
    spans = sorted(
        (one.assigned_at, one.assigned_at + one.handle_ms)
        for one in talks if one.assigned_at is not None and one.handle_ms
    )  # fmt: skip
    if not spans:
        return None
    busy, reached = 0, spans[0][0]
    for since, until in spans:
        busy += max(0, until - max(since, reached))
        reached = max(reached, until)
    return sum(until - since for since, until in spans) / busy


def only(figures: AgentsFigures, agent: str) -> AgentsFigures:
    """What one agent may see of it: himself, and the limits that all have in common."""
    board = figures.board
    mine = None if board is None else own_board(board, agent)
    return AgentsFigures(
        agents=tuple(one for one in figures.agents if one.agent == agent), board=mine,
        conversations=figures.conversations, read=figures.read, cases=figures.cases,
        confirmed=figures.confirmed, min_n=figures.min_n,
    )  # fmt: skip


def own_board(board: Scorecards, agent: str) -> Scorecards:
    """The board with one card."""
    cards = tuple(card for card in board.cards if card.agent == agent)
    return Scorecards(
        cards=cards, center=board.center, phi=board.phi, q=board.q, tau2=board.tau2, alike=board.alike
    )  # fmt: skip
