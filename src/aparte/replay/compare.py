"""Two versions of the campaigns over one recording: what each would have done, day by day and rule by rule.

docs/reference/replay.md#compared defines each figure with its formula and what it cannot tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

from msgspec import Struct, field

from aparte.engagements.model import Decision, HoldOut, Invite
from aparte.engine import State
from aparte.experiments.sizing import days_to_detect
from aparte.kit.civil import local
from aparte.replay.forecast import Assumptions, Forecast
from aparte.replay.model import RuleCounts
from aparte.replay.read import Read
from aparte.replay.run import Replay, quiet_collector
from aparte.routing.model import Capacity
from aparte.targeting.campaign import Campaigns
from aparte.tracking.model import (
    ConversationOpened,
    Event,
    InvitationAccepted,
    InvitationShown,
    Message,
    Track,
)

DAY_MS = 86_400_000
AT_ONCE = 1_000
"""Events that one side takes before the other: they are read once for both."""
HELP = (InvitationShown, InvitationAccepted, ConversationOpened)


class Episode(Struct):
    """One session of a visitor whom a rule found; which orders it had by then."""

    session: int
    eligible: dict[str, int] = field(default_factory=dict)
    candidate: dict[str, int] = field(default_factory=dict)
    orders: int = 0
    """Of the session, as long as nobody had helped."""
    helped: bool = False


class Bought(Struct):
    """Sessions that nobody helped after (or before) a rule had found them, and how many of them ordered afterwards."""

    unhelped: int = 0
    bought: int = 0

    def take(self, then: int, episode: Episode) -> None:
        """One session; `then` is how many orders it had when the rule found it."""
        ordered = episode.orders > then
        if ordered or not episode.helped:
            self.unhelped += 1
            self.bought += ordered

    @property
    def share(self) -> float | None:
        """Bought by unhelped; None of nobody."""
        return round(self.bought / self.unhelped, 6) if self.unhelped else None


class RuleSide(RuleCounts):
    """What became of one rule, and how many would have bought anyway."""

    bought: Bought = field(default_factory=Bought)


class Side:
    """What one version did; looks over the engine's shoulder. Counts what happens from `since` on."""

    def __init__(self, campaigns: Campaigns, assumed: Assumptions, since: int) -> None:
        self.campaigns, self.assumed, self.since = campaigns, assumed, since
        self.zone = campaigns.file.site.time_zone
        self.rules = {rule.key: RuleSide() for rule in campaigns.rules}
        self.forecast = Forecast(assumed)
        self.episodes: dict[str, Episode] = {}
        self.helped: dict[str, int] = {}
        self.visitors: set[str] = set()
        self.by_day: Counter[str] = Counter()
        self.refrained: Counter[str] = Counter()
        self.eligible, self.candidate = Bought(), Bought()
        self.sessions = self.events = self.invited = self.held_out = self.eligibles = self.candidates = 0
        self.first_at: int | None = None
        self.last_at = 0

    def see(self, state: State, event: Event, decisions: list[Decision], capacity: Capacity) -> None:
        """One step of anybody."""
        session = state.session
        if session is None or session.at < self.since:
            return
        if isinstance(event, Message):
            self.events += 1
            self.sessions += session.events == 1
            self.first_at = session.at if self.first_at is None else min(self.first_at, session.at)
            self.last_at = max(self.last_at, session.at)
            if type(event) is Track and event.event == "Order Completed":
                self.ordered(state.visitor.id, session.number, session.orders)
        elif isinstance(event, HELP):
            self.help(state.visitor.id, session.number)
        for decision in decisions:
            self.decided(decision, state, session.orders, capacity)

    def ordered(self, visitor: str, session: int, orders: int) -> None:
        """Somebody bought."""
        episode = self.episodes.get(visitor)
        if episode is not None and episode.session == session and not episode.helped:
            episode.orders = orders

    def help(self, visitor: str, session: int) -> None:
        """The recording says that somebody was helped in this session."""
        self.helped[visitor] = session
        episode = self.episodes.get(visitor)
        if episode is not None and episode.session == session:
            episode.helped = True

    def decided(self, one: Decision, state: State, orders: int, capacity: Capacity) -> None:
        """Count a decision."""
        key = f"{one.campaign}/{one.rule}"
        self.rules[key].count(one)
        if isinstance(one, Invite):
            self.invited += 1
            self.by_day[local(one.at, self.zone).date().isoformat()] += 1
            self.forecast.take(one, state.site, capacity)
        elif isinstance(one, HoldOut):
            self.held_out += 1
        else:
            self.refrained[one.reason.value] += 1
        if one.newly_eligible or one.newly_candidate:
            self.found(one, key, orders)

    def found(self, one: Decision, key: str, orders: int) -> None:
        """A rule has found a visitor for the first time in his session."""
        episode = self.episodes.get(one.visitor)
        if episode is None or episode.session != one.session:
            if episode is not None:
                self.close(episode)
            helped = self.helped.get(one.visitor) == one.session
            episode = self.episodes[one.visitor] = Episode(one.session, orders=orders, helped=helped)
        if one.newly_eligible:
            self.eligibles += not episode.eligible
            episode.eligible[key] = orders
        if one.newly_candidate:
            self.candidates += not episode.candidate
            episode.candidate[key] = orders
            self.visitors.add(one.visitor)

    def close(self, episode: Episode) -> None:
        """A session that a rule had found is over: did it buy without help?"""
        for key, then in episode.candidate.items():
            self.rules[key].bought.take(then, episode)
        for found, total in ((episode.candidate, self.candidate), (episode.eligible, self.eligible)):
            if found:
                total.take(min(found.values()), episode)

    def finish(self) -> None:
        """The recording is over."""
        for episode in self.episodes.values():
            self.close(episode)
        self.episodes = {}

    def control_share(self) -> float | None:
        """The planned share of candidates who are held out, by the site or by their campaign, over all rules."""
        total = sum(one.candidates for one in self.rules.values())
        if not total:
            return None
        site = self.campaigns.file.site.holdout
        planned = {one.name: 1 - (1 - site) * (1 - one.holdout) for one in self.campaigns.file.campaigns}
        return sum(one.candidates * planned[key.partition("/")[0]] for key, one in self.rules.items()) / total

    def days_to_detect(self, days: float) -> int | None:
        """See experiments/sizing.py; None when it cannot be told."""
        base, share = self.candidate.share, self.control_share()
        if base is None or share is None:
            return None
        return days_to_detect(base, self.assumed.effect_pp / 100, len(self.visitors) / days, share)

    def as_json(self, days: float) -> dict[str, Any]:
        """The figures as plain values."""
        chats, agents = self.forecast.peak()
        return {
            "invitations_per_day": round(self.invited / days, 4),
            "invitations": self.invited,
            "over_capacity": {
                "refused": self.refrained["not_covered"] + self.refrained["pacing"],
                "sent": self.forecast.sent_without_slot,
                "accepted_without_slot": round(self.forecast.accepted_without_slot, 4),
            },
            "accepted_expected": round(self.forecast.expected, 4),
            "peak_concurrent_chats": chats,
            "agents_needed": agents,
            "days_to_detect": {"effect_pp": self.assumed.effect_pp, "days": self.days_to_detect(days)},
            "bought_without_help": self.candidate.share,
            "bought_without_help_eligible": self.eligible.share,
            "candidates": self.candidates,
            "candidate_visitors": len(self.visitors),
            "eligible": self.eligibles,
            "held_out": self.held_out,
            "refrained": dict(sorted(self.refrained.items())),
            "rules": {key: rule_json(one) for key, one in self.rules.items()},
        }


def rule_json(one: RuleSide) -> dict[str, Any]:
    """One rule of a side."""
    return {
        "eligible": one.eligible_sessions,
        "covered": one.covered,
        "candidates": one.candidates,
        "invited": one.invited,
        "held_out": one.held_out,
        "refrained": dict(sorted(one.refrained.items())),
        "bought_without_help": one.bought.share,
    }


def compared(
    old: tuple[Replay, Side], new: tuple[Replay, Side], stream: Iterable[Read], span: tuple[int, int] | None = None
) -> dict[str, Any]:
    """Both versions over one reading of the recording. `span`: the time asked for; else from first to last event."""
    waiting = iter(stream)
    with quiet_collector():
        while some := list(islice(waiting, AT_ONCE)):
            old[0].feed(some)
            new[0].feed(some)
        for replay, side in (old, new):
            replay.finish()
            side.finish()
    return figures(old[1], new[1], span)


def figures(old: Side, new: Side, span: tuple[int, int] | None) -> dict[str, Any]:
    """Both sides beside one another."""
    since, until = span or (new.first_at or 0, new.last_at)
    days = max(1.0, (until - since) / DAY_MS)
    dates = sorted(old.by_day.keys() | new.by_day.keys())
    return {
        "events": new.events,
        "sessions": new.sessions,
        "days": round(days, 4),
        "since": since,
        "until": until,
        "versions": {"old": old.as_json(days), "new": new.as_json(days)},
        "by_day": [{"day": day, "old": old.by_day[day], "new": new.by_day[day]} for day in dates],
    }
