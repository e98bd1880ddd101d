"""The words of incrementality. Amounts are minor units of the site's report currency, shares are 0 to 1."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.experiments.compliance import Cace, Naive
from aparte.experiments.sequential import AlwaysValid
from aparte.experiments.statistics import Effect
from aparte.experiments.verdict import Ruling

Level: TypeAlias = Literal["site", "campaign"]
Cut: TypeAlias = Literal["", "rule", "variant", "segment", "channel", "skill", "device", "source", "day"]
State: TypeAlias = Literal["empty", "no_holdout", "too_early", "uneven", "selected", "read"]
"""What a comparison allows. `empty`: nobody. `no_holdout`: everybody is treated. `too_early`: too few for any interval.
`uneven`: the arms were not dealt as planned, so no figure holds. `selected`: whoever left before the delay of his
variant was over is in no part, so no figure holds. `read`: there are figures."""


class Measure(Struct, frozen=True):
    """One figure, treated less control: for one look, as a share of the control's, and for looking every day."""

    effect: Effect
    relative: Effect | None = None
    """None: the control's figure is not above 0, or too near to it."""
    always: AlwaysValid | None = None
    """None: fewer than 20 orders in an arm, or nothing varies."""


class Range(Struct, frozen=True):
    """An estimate with its interval of 95 %."""

    estimate: float
    low: float
    high: float


class Earned(Struct, frozen=True, kw_only=True):
    """What the treatment has changed for so many of the treated: each figure's effect times their number."""

    visitors: float
    orders: Range
    """Persons who ordered, each once."""
    revenue: Range
    margin: Range | None = None
    """None: no order has a margin that is known."""
    net: Range | None = None
    """Margin less what the conversations cost; None: margins or costs are not known."""


class Side(Struct, frozen=True, kw_only=True):
    """One arm. What would tell the effect is None as long as no effect may be told."""

    dealt: int
    """Persons dealt to it, those whose horizon is not over among them."""
    visitors: int
    """Those who are compared."""
    buyers: int | None = None
    conversion: float | None = None
    low: float | None = None
    high: float | None = None
    orders: int | None = None
    revenue: int | None = None
    margin: int | None = None
    cost: int | None = None
    took_up: int | None = None
    """Had a conversation in which an agent wrote."""
    basket: float | None = None
    """Revenue by orders."""


class Notes(Struct, frozen=True, kw_only=True):
    """What the reader has to know beside the figures; persons."""

    young: int = 0
    """Their horizon is not over: not compared yet."""
    returning: int = 0
    """Were candidates before the period already: not compared."""
    mixed: int = 0
    """Met both arms under one identity: not compared."""
    merged: int = 0
    """Exposures of further identities of a person, put aside: the first one rules."""
    merged_share: float = 0.0
    """Of all exposures."""
    crossover: int = 0
    """Of the hold-out: spoke to an agent all the same. It shrinks ITT, and CACE takes account of it."""
    invited_by_others: int = 0
    """Of the hold-out: invited by another campaign. Both arms were, so ITT is what this campaign adds to them."""
    uncosted: int = 0
    """Conversations of agents whose hour has no cost."""
    variant_unknown: int = 0
    """Treated, and gone before the delay of their variant was over."""


class Cannibal(Struct, frozen=True, kw_only=True):
    """Sales that would have come in self-service and came through a conversation instead."""

    unaided: Measure
    """Orders of a person without a conversation in the 31 days before them."""
    aided: Measure
    """Orders of a person after one."""
    self_service: tuple[float | None, float | None]
    """Share of orders without help: control, treated."""
    displaced: Range | None = None
    """Share of the additional orders after a conversation that self-service lost; interval of Anderson and Rubin."""
    why: str = ""
    """Why it is None."""


class Comparison(Struct, frozen=True, kw_only=True):
    """Treated against hold-out, as chance has dealt them."""

    level: Level
    campaign: str = ""
    cut: Cut = ""
    value: str = ""
    """Of the cut: the rule's name, the day `2026-02-03`."""
    goal: Literal["order", "lead"] = "order"
    """What counts as a conversion."""
    state: State
    why: str = ""
    """A word for a state without figures, for who has to say it."""
    control: Side
    treated: Side
    planned_holdout: float | None = None
    """Share of the hold-out among both arms, as planned; None: the plan does not say."""
    srm_p: float | None = None
    conversion: Measure | None = None
    revenue: Measure | None = None
    """Of a person."""
    margin: Measure | None = None
    net: Measure | None = None
    winsorised: Measure | None = None
    """Revenue of a person, cut at `winsor_limit`."""
    winsor_limit: float | None = None
    """What 99.9 % of both arms did not exceed."""
    cuped_conversion: Measure | None = None
    """Adjusted by orders before the draw."""
    cuped_revenue: Measure | None = None
    """Adjusted by revenue before the draw."""
    basket: Measure | None = None
    """Revenue by orders, treated less control. Who buys is not dealt by chance, so it describes."""
    cace: Cace | None = None
    """Conversions of a person who speaks to an agent because he was invited."""
    cace_revenue: Cace | None = None
    naive: Naive | None = None
    """Within the treated, who spoke against who did not: no effect, shown so that nobody believes it."""
    naive_ratio: float | None = None
    """Who spoke against all the rest, the hold-out among them: so many times, and no effect either."""
    earned: Earned | None = None
    """By all treated who are compared."""
    per_thousand: Earned | None = None
    break_even: float | None = None
    """The conversion effect at which margin pays the conversations; None: margins or costs are not known."""
    first_reading: int = 0
    """Persons to hold out before a first interval."""
    planned: int | None = None
    """Persons to hold out for the planned reading: tells a change of 25 % of the control's conversion."""
    verdict: Ruling
    p_holm: float | None = None
    """Of the conversion, among the comparisons of the same cut."""
    p_bh: float | None = None
    cannibal: Cannibal | None = None
    notes: Notes = Notes()


class Point(Struct, frozen=True, kw_only=True):
    """All candidates up to a day, those of the day among them, as they can be compared now."""

    day: date
    control: int
    treated: int
    buyers: tuple[int, int]
    """Control, treated."""
    conversion: Range | None = None
    """The effect and its always-valid band; None before 20 buyers an arm."""
    revenue: Range | None = None
    """Earned by the treated so far, with the always-valid band."""


class Curve(Struct, frozen=True, kw_only=True):
    """What was earned, cumulated by the days on which persons became candidates."""

    level: Level
    campaign: str = ""
    points: tuple[Point, ...] = ()


class Attributed(Struct, frozen=True, kw_only=True):
    """Orders after a conversation. Attributed, not caused: it describes, and says nothing of what would have been."""

    touch: Literal["last", "first"]
    window: str
    """A key of HORIZONS: from the end of the conversation to the order."""
    orders: int
    revenue: int
    """Of orders of the period."""
    cohort_orders: int = 0
    """Of the treated who are compared, in their horizon."""
    additionality: Range | None = None
    """Incremental by attributed orders of these; None: nothing attributed, or no figure."""


class Incrementality(Struct, frozen=True, kw_only=True):
    """The whole report of a scope."""

    site: str
    currency: str
    confirmed_only: bool
    """The shop's server confirms orders, so the claims of browsers do not count."""
    horizon: str
    ignored: tuple[str, ...]
    """Filters that cannot be asked of arms: known only of who was helped."""
    margin_known: float | None
    """Share of the period's orders whose margin is known; None without orders."""
    whole: Comparison
    """All that is proactive against the site's hold-out."""
    campaigns: tuple[Comparison, ...] = ()
    cuts: tuple[Comparison, ...] = ()
    """Of the site and of each campaign, by every cut."""
    curves: tuple[Curve, ...] = ()
    attributed: tuple[Attributed, ...] = ()

    def of(self, campaign: str, cut: Cut = "") -> tuple[Comparison, ...]:
        """The comparisons of a campaign, or of the site (`""`), by a cut."""
        if not cut:
            return tuple(one for one in self.campaigns if one.campaign == campaign) if campaign else (self.whole,)
        return tuple(one for one in self.cuts if one.campaign == campaign and one.cut == cut)
