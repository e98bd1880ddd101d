"""What a small pilot does show: acceptance, satisfaction, recommendation, how fast agents reply. Pure."""

from __future__ import annotations

from math import ceil
from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.experiments.distributions import normal_quantile, normal_reach
from aparte.planning.given import ceiling, not_negative, positive, proper

Of: TypeAlias = Literal["invited", "conversations", "answers"]
Want: TypeAlias = tuple[str, float, Of, int]
"""What is to be known, how exactly, of whom, and of how many."""
CSAT, CSAT_REACH = 0.8, 0.05
PROMOTERS, DETRACTORS, NPS_REACH = 0.5, 0.2, 0.05
LATER_PROMOTERS, LATER_DETRACTORS = 0.55, 0.15
REPLY_SPREAD, REPLY_REACH = 1.0, 0.1
"""Reply times spread as much as they are long on average; their mean is wanted to a tenth."""
ACCEPTANCE_REACH = 0.01


class Seen(Struct, frozen=True, kw_only=True):
    """How many of what it takes to know something to `reach` to each side, with 95 % confidence."""

    what: str
    """`acceptance`, `csat`, `nps`, `nps_rise` (per wave, power .8), `reply_time` (`reach` relative)."""
    reach: float
    of: Of
    needs: int
    days: int | None


def seen_soon(uptake: float, invited_per_day: float | None, answer_share: float) -> tuple[Seen, ...]:
    """What is known first; days where somebody says how many are invited a day. BadInput for an answer share of 0."""
    if answer_share != 1:
        proper(answer_share, "answer_share", "without answers, no survey")
    paces: dict[Of, float | None] = dict.fromkeys(("invited", "conversations", "answers"))
    if invited_per_day is not None:
        talks = invited_per_day * uptake
        paces = {"invited": invited_per_day, "conversations": talks, "answers": talks * answer_share}
    return tuple(seen(what, reach, of, needs, paces[of]) for what, reach, of, needs in wants(uptake))


def wants(uptake: float) -> list[Want]:
    """All that is to be known; acceptance unless everybody takes up by definition."""
    reach = min(ACCEPTANCE_REACH, uptake / 2)
    acceptance: list[Want] = [("acceptance", reach, "invited", answers_for_share(uptake, reach))]
    return (acceptance if uptake < 1 else []) + [
        ("reply_time", REPLY_REACH, "conversations", conversations_for_mean(REPLY_SPREAD, REPLY_REACH)),
        ("csat", CSAT_REACH, "answers", answers_for_share(CSAT, CSAT_REACH)),
        ("nps", NPS_REACH, "answers", answers_for_nps(PROMOTERS, DETRACTORS, NPS_REACH)),
        ("nps_rise", 0.1, "answers",
         answers_for_nps_rise((PROMOTERS, DETRACTORS), (LATER_PROMOTERS, LATER_DETRACTORS))),
    ]  # fmt: skip


def seen(what: str, reach: float, of: Of, needs: int, pace: float | None) -> Seen:
    """With the days that it takes."""
    days = None if pace is None else ceiling(needs / pace)
    return Seen(what=what, reach=reach, of=of, needs=needs, days=days)


def answers_for_share(share: float, reach: float, confidence: float = 0.95) -> int:
    """Answers until a share is known to `reach` on each side: z^2 p (1 - p) / reach^2, and 1 at least."""
    z = normal_reach(confidence)
    return max(1, ceil(z * z * share * (1 - share) / positive(reach, "reach") ** 2))


def conversations_for_mean(spread: float, reach: float, confidence: float = 0.95) -> int:
    """Values until a mean is known to the share `reach` of itself; `spread` is standard deviation by mean."""
    return ceil((normal_reach(confidence) * not_negative(spread, "spread") / positive(reach, "reach")) ** 2)


def nps_variance(promoters: float, detractors: float) -> float:
    """Of a single answer that is 1, 0 or -1: (P + D) - (P - D)^2."""
    return (promoters + detractors) - (promoters - detractors) ** 2


def answers_for_nps(promoters: float, detractors: float, reach: float, confidence: float = 0.95) -> int:
    """Answers until a net promoter score is known to `reach` (0.05: five points) on each side."""
    z = normal_reach(confidence)
    return ceil(z * z * nps_variance(promoters, detractors) / positive(reach, "reach") ** 2)


def answers_for_nps_rise(
    before: tuple[float, float], after: tuple[float, float], power: float = 0.8, alpha: float = 0.05
) -> int:
    """Answers of each of two waves (promoters, detractors) until their scores are told apart, two-sided."""
    z = normal_quantile(1 - alpha / 2) + normal_quantile(power)
    rise = (after[0] - after[1]) - (before[0] - before[1])
    return ceil(z * z * (nps_variance(*before) + nps_variance(*after)) / rise**2)
