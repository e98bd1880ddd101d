"""The pilot: how many visitors it takes, how many days, and what too few of them can show all the same. Pure.

Sizes are Fleiss's without correction, as everywhere (docs/reference/plan.md#the-pilot). All rates and differences are
shares: 0.02 is 2 %, a difference of 0.005 is half a point.
"""

from __future__ import annotations

from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from aparte.experiments.distributions import normal_quantile
from aparte.experiments.sequential import always_reach
from aparte.experiments.statistics import fleiss
from aparte.kit.errors import BadInput
from aparte.planning.given import LEAST, MOST, SHARE, ceiling, number, positive, proper, whole
from aparte.planning.service import Seen, seen_soon

MOST_DAYS = 36_600
UPTAKES = (1.0, 0.5, 0.2, 0.1, 0.05)
"""For the table that shows how much an effect is diluted by those who do not take up."""
USUAL_DAYS = (14, 28, 91)
EVEN, TENTH = 0.5, 0.1
"""Hold-outs of a pilot, and of the time after it."""
NOTHING = "no number of visitors shows an effect of nothing"


class Split(Struct, frozen=True, kw_only=True):
    """Visitors that a hold-out of this share takes, and the days until they have come; None where nobody says."""

    holdout: float
    control: int
    treated: int
    visitors: int
    days: int | None


class Watched(Struct, frozen=True, kw_only=True):
    """The same with an interval that may be looked at every day."""

    control: int
    treated: int
    visitors: int
    days: int | None
    times: float
    """So many times the visitors of the fixed test, for the same power at the last look; it may well end before."""
    width_times: float
    """After the visitors of the fixed test its interval is so many times as wide."""


class Visible(Struct, frozen=True, kw_only=True):
    """The smallest effect that so many visitors show with the power asked for; None: none that can be."""

    days: int | None
    control: int
    treated: int
    difference: float | None
    """Of the rates of the two arms."""
    lift: float | None
    """The same as a relative effect on those who take up."""
    watched_difference: float | None
    watched_lift: float | None
    """With the interval that may be looked at every day."""


class Diluted(Struct, frozen=True, kw_only=True):
    """Visitors of each arm, 50/50, when only this share takes up; None where the treated would buy at more than 1."""

    uptake: float
    treated_rate: float
    per_arm: int | None


class Pilot(Struct, frozen=True, kw_only=True):
    """What a pilot takes and shows."""

    base_rate: float
    lift: float
    uptake: float
    holdout: float
    power: float
    alpha: float
    treated_rate: float
    difference: float
    control: int
    treated: int
    visitors: int
    per_day: float | None
    """Eligible and covered visitors a day, no more than the agents can take."""
    limited_by: str
    """`traffic`, `agents`, or empty when neither was said."""
    conversations_per_day: float | None
    days: int | None
    always_valid: Watched
    splits: tuple[Split, ...]
    """Half and half, then nine to one."""
    visible: tuple[Visible, ...]
    dilution: tuple[Diluted, ...]
    seen_soon: tuple[Seen, ...]
    """What a small pilot does show."""


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked of an experiment, once it has been found possible."""

    base_rate: float
    lift: float
    uptake: float
    power: float
    alpha: float

    @property
    def treated_rate(self) -> float:
        """Of all who were treated, taken up or not."""
        return self.base_rate * (1 + self.lift * self.uptake)


def pilot(
    base_rate: float, lift: float, uptake: float, holdout: float, power: float = 0.8, *, alpha: float = 0.05,
    per_day: float | None = None, conversations_per_day: float | None = None, days: int | None = None,
    visitors: int | None = None, answer_share: float = 0.25,
) -> Pilot:  # fmt: skip
    """Visitors and days until an effect is told, two-sided, and what can be seen before.

    `lift` is relative and of those who take up: the treated buy at base_rate (1 + lift uptake). `per_day` are eligible
    visitors who were covered; `conversations_per_day` is what the agents can take: the slower of the two rules.
    `days` and `visitors` (of both arms) ask what so many show. `answer_share` of the conversations answer the survey.
    BadInput names what cannot be.
    """
    asked = checked(base_rate, lift, uptake, power, alpha)
    proper(holdout, "holdout", "with nobody held out, or nobody treated, there is nothing to compare")
    pace, limited_by = pace_of(per_day, conversations_per_day, uptake, holdout)
    fixed = split_of(asked, holdout, pace)
    talks = None if pace is None else pace * (1 - holdout) * uptake
    return Pilot(
        base_rate=asked.base_rate, lift=asked.lift, uptake=asked.uptake, holdout=holdout, power=power, alpha=alpha,
        treated_rate=asked.treated_rate, difference=asked.treated_rate - asked.base_rate,
        control=fixed.control, treated=fixed.treated, visitors=fixed.visitors,
        per_day=pace, limited_by=limited_by, conversations_per_day=talks, days=fixed.days,
        always_valid=watched_of(asked, holdout, pace), splits=splits_of(asked, per_day, conversations_per_day),
        visible=visible_of(asked, holdout, pace, days, visitors), dilution=tuple(diluted(asked, u) for u in UPTAKES),
        seen_soon=seen_soon(asked.uptake, None if pace is None else pace * (1 - holdout), answer_share),
    )  # fmt: skip


def checked(base_rate: float, lift: float, uptake: float, power: float, alpha: float) -> Asked:
    """The question, when it has an answer; BadInput."""
    proper(base_rate, "base_rate", "where nobody buys, or everybody, no effect is to be seen")
    if number(uptake, "uptake") > 1 or uptake < 0:
        raise BadInput(f"{uptake:g} is no share of those invited", where="uptake", hint=SHARE)
    if not number(lift, "lift") or uptake < LEAST:
        raise BadInput(NOTHING, where="uptake" if lift else "lift", hint="0.10 is 10 %")
    if not 0.0001 <= number(alpha, "alpha") <= 0.5:
        raise BadInput(f"{alpha:g} is no chance of a false alarm", where="alpha", hint="from 0.0001 to 0.5")
    if not alpha < number(power, "power") <= 0.9999:
        hint = "above alpha, at most 0.9999; 0.8 is usual"
        raise BadInput(f"{power:g} is no power of a test", where="power", hint=hint)
    return possible(Asked(base_rate=base_rate, lift=lift, uptake=uptake, power=power, alpha=alpha))


def possible(asked: Asked) -> Asked:
    """Unless the treated would buy at a rate that cannot be; BadInput."""
    if not 0 <= asked.treated_rate <= 1:
        what = f"the treated would buy at a rate of {asked.treated_rate:.4g}"
        raise BadInput(what, where="lift", hint="a rate is between 0 and 1: lower the lift or the uptake")
    if asked.treated_rate == asked.base_rate or needed(asked, 0.5, fixed_reach(asked)) > MOST:
        hint = "ask for a larger lift, or a larger uptake"
        raise BadInput(f"it would take more than {MOST:,.0f} visitors", where="lift", hint=hint)
    return asked


def fixed_reach(asked: Asked) -> float:
    """Standard errors to each side of an interval that is looked at once."""
    return normal_quantile(1 - asked.alpha / 2)


def needed(asked: Asked, holdout: float, reach: float) -> float:
    """Visitors of the control, not rounded, with an interval that reaches so many standard errors."""
    sure = normal_quantile(asked.power)
    return fleiss(asked.base_rate, asked.treated_rate, reach, sure, (1 - holdout) / holdout)


def pace_of(
    per_day: float | None, conversations_per_day: float | None, uptake: float, holdout: float
) -> tuple[float | None, str]:
    """Visitors a day who can be in the experiment, and what limits them."""
    by_traffic = None if per_day is None else positive(per_day, "per_day")
    if conversations_per_day is None:
        return by_traffic, "" if by_traffic is None else "traffic"
    by_agents = positive(conversations_per_day, "conversations_per_day") / (uptake * (1 - holdout))
    if by_traffic is not None and by_traffic <= by_agents:
        return by_traffic, "traffic"
    return by_agents, "agents"


def days_of(control: float, treated: float, holdout: float, pace: float | None) -> int | None:
    """Whole days until both arms are full."""
    return None if pace is None else ceiling(max(control / (pace * holdout), treated / (pace * (1 - holdout))))


def split_of(asked: Asked, holdout: float, pace: float | None) -> Split:
    """Visitors of both arms at one hold-out."""
    exact = needed(asked, holdout, fixed_reach(asked))
    control, treated = ceil(exact), ceil(exact * ((1 - holdout) / holdout))
    days = days_of(control, treated, holdout, pace)
    return Split(holdout=holdout, control=control, treated=treated, visitors=control + treated, days=days)


def splits_of(asked: Asked, per_day: float | None, talks: float | None) -> tuple[Split, ...]:
    """Half and half as in a pilot, nine to one as after it; what agents can take limits each in its own way."""
    return tuple(split_of(asked, one, pace_of(per_day, talks, asked.uptake, one)[0]) for one in (EVEN, TENTH))


def watched_of(asked: Asked, holdout: float, pace: float | None) -> Watched:
    """Visitors with which an interval that was looked at every day still has the power asked for, at its last look."""
    fixed = needed(asked, holdout, fixed_reach(asked)) / holdout

    def missing(n: float) -> bool:
        return needed(asked, holdout, always_reach(n, 1 - asked.alpha)) > n * holdout

    low, high = fixed, 2 * fixed
    while missing(high):
        low, high = high, 2 * high
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if missing(middle) else (low, middle)
    control, treated = ceil(high * holdout), ceil(high * (1 - holdout))
    return Watched(
        control=control, treated=treated, visitors=control + treated, days=days_of(control, treated, holdout, pace),
        times=high / fixed, width_times=always_reach(fixed, 1 - asked.alpha) / fixed_reach(asked),
    )  # fmt: skip


def visible_of(
    asked: Asked, holdout: float, pace: float | None, days: int | None, visitors: int | None
) -> tuple[Visible, ...]:
    """What so many days or visitors show; the usual days when nothing is asked."""
    if visitors is not None:
        return (visible(asked, holdout, None, whole(visitors, "visitors", int(MOST))),)
    if days is not None and pace is None:
        raise BadInput("so many days of how many visitors?", where="days", hint="say the visitors a day as well")
    found = USUAL_DAYS if days is None else (whole(days, "days", MOST_DAYS),)
    return () if pace is None else tuple(visible(asked, holdout, one, int(pace * one)) for one in found)


def visible(asked: Asked, holdout: float, days: int | None, visitors: int) -> Visible:
    """The smallest effect with a fixed interval, and with one that may be looked at every day."""
    control = round(visitors * holdout)
    treated = visitors - control
    once, daily = None, None
    if control and treated:
        once = smallest(asked, control, treated, fixed_reach(asked))
        daily = smallest(asked, control, treated, always_reach(visitors, 1 - asked.alpha))
    to_lift = asked.base_rate * asked.uptake
    return Visible(
        days=days, control=control, treated=treated, difference=once, watched_difference=daily,
        lift=None if once is None else once / to_lift, watched_lift=None if daily is None else daily / to_lift,
    )  # fmt: skip


def smallest(asked: Asked, control: int, treated: int, reach: float) -> float | None:
    """The smallest rise that these arms show, by halving; None when even a rate of 1 could not be told."""
    base, ratio, sure = asked.base_rate, treated / control, normal_quantile(asked.power)
    low, high = 0.0, 1 - base
    if fleiss(base, 1.0, reach, sure, ratio) > control:
        return None
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (low, middle) if fleiss(base, base + middle, reach, sure, ratio) <= control else (middle, high)
    return high


def diluted(asked: Asked, uptake: float) -> Diluted:
    """Half and half, at another uptake."""
    other = replace(asked, uptake=uptake)
    able = 0 <= other.treated_rate <= 1
    per_arm = ceil(needed(other, EVEN, fixed_reach(other))) if able else None
    return Diluted(uptake=uptake, treated_rate=other.treated_rate, per_arm=per_arm)
