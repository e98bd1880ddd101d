"""The words of reports: the figures that a picture shows, as plain values."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.experiments.statistics import Effect


class RuleFunnel(Struct, frozen=True, kw_only=True):
    """What became of one rule, from the sessions in which it held down to its invitations."""

    name: str
    campaign: str = ""
    """Shown only when the rules belong to several campaigns."""
    eligible: int = 0
    covered: int = 0
    candidates: int = 0
    invited: int = 0
    held_out: int = 0
    refrained: tuple[tuple[str, int], ...] = ()
    """Refusals by reason, the most frequent first."""


class ReplayFigures(Struct, frozen=True, kw_only=True):
    """What a replay found; times are in milliseconds since 1970."""

    events: int = 0
    sessions: int = 0
    first_at: int | None = None
    last_at: int | None = None
    rules: tuple[RuleFunnel, ...] = ()
    remarks: tuple[str, ...] = ()
    """What was left out and why, a sentence each."""


Verdict: TypeAlias = Literal[
    "empty", "no_holdout", "too_early", "selected", "uneven", "open", "undecided", "gain", "loss"
]
"""What a comparison allows to say; see docs/reference/first-report.md.

`empty`: nobody to compare. `no_holdout`: everybody is treated. `too_early`: too few for any interval. `selected`: of a
variant, whoever left before its delay was over is in no part. `uneven`: the
arms were not dealt as planned. `open`: the interval holds zero and the planned size is not reached. `undecided`: it
holds zero at the planned size. `gain`, `loss`: the interval lies on one side of zero.
"""

Word: TypeAlias = Literal["", "stop", "keep", "widen", "change", "not_yet_known", "srm_alarm"]
"""See `aparte.experiments.verdict`."""


class Funnel(Struct, frozen=True, kw_only=True):
    """Distinct visitors, each step a part of the one before."""

    eligible: int = 0
    covered: int = 0
    candidates: int = 0
    held_out: int = 0
    """Candidates whom chance left aside; a part of `candidates`, never of `shown`."""
    shown: int = 0
    accepted: int = 0
    chatted: int | None = None
    """Of the accepted: had a conversation in which an agent wrote. None: not told; `bought` is then of the accepted."""
    bought: int = 0


class Arm(Struct, frozen=True, kw_only=True):
    """One side of a comparison. What would tell the effect is None as long as no effect may be told."""

    visitors: int
    buyers: int | None = None
    conversion: float | None = None
    conversion_low: float | None = None
    conversion_high: float | None = None
    revenue: float | None = None
    """Of all its visitors together, refunds taken off."""


class Comparison(Struct, frozen=True, kw_only=True):
    """Candidates who may be invited against candidates held out, by chance."""

    level: Literal["site", "campaign", "rule"]
    verdict: Verdict
    treated: Arm
    holdout: Arm
    conversion: Effect | None = None
    """Difference of the shares who ordered, as a fraction: 0.0091 is 0.91 points."""
    relative: float | None = None
    """That difference by the conversion of the hold-out."""
    revenue: Effect | None = None
    """Difference of the revenue of one candidate."""
    incremental: Effect | None = None
    """The same for all treated candidates together."""
    dealt_treated: int = 0
    """Candidates dealt to it, those too young to be compared among them."""
    dealt_holdout: int = 0
    planned_holdout: float = 0.0
    split_p: float | None = None
    """P-value of the arms having been dealt as planned."""
    first_reading: int = 0
    """Visitors held out at least, before an interval is shown."""
    full_size: int | None = None
    """Visitors held out to reach, so that the smallest effect worth knowing would be seen four times in five."""
    days_needed: int | None = None
    """Until the next of these two, at the pace of the period; None when both are reached or nobody comes."""
    young: int = 0
    """Candidates whose time to buy is not over: not compared yet."""
    returning: int = 0
    """Were candidates before the period already: not compared."""
    mixed: int = 0
    """Two identities of different arms that turned out to be one visitor: not compared."""
    merged: int = 0
    """Exposures of younger identities of a person: left out, the oldest one rules."""
    merged_share: float = 0.0
    """Of all exposures."""
    crossover: int = 0
    """Of the hold-out: wrote to an agent by themselves."""
    invited_by_others: int = 0
    """Of the hold-out: invited by another campaign."""
    word: Word = ""
    """What it asks for; empty where nobody asked, the verdict alone speaks then."""
    net: Effect | None = None
    """Margin less what conversations cost, of all treated candidates together; None: margins or costs are unknown."""
    margin_share: float | None = None
    """Margin by revenue of the treated."""
    break_even: float | None = None
    """The effect on conversion at which margin pays the conversations, as a fraction."""


class Care(Struct, frozen=True):
    """How the conversations of a campaign or rule went; None: nobody answered, or the cost is not known."""

    invited: int | None = None
    """Visitors with an invitation."""
    csat: float | None = None
    """Mean of 1 to 5."""
    csat_n: int = 0
    cost: float | None = None
    """Of one conversation, in the site's currency."""


class RuleReport(Struct, frozen=True, kw_only=True):
    """One rule of a campaign."""

    name: str
    funnel: Funnel
    comparison: Comparison
    care: Care = Care()


class CampaignReport(Struct, frozen=True, kw_only=True):
    """One campaign; its rules only when there are several."""

    name: str
    funnel: Funnel
    comparison: Comparison
    goal: Literal["order", "lead"] = "order"
    """What counts as its conversion."""
    care: Care = Care()
    rules: tuple[RuleReport, ...] = ()


class Attributed(Struct, frozen=True, kw_only=True):
    """Orders after a conversation that an agent answered. Attributed, not caused."""

    orders: int = 0
    revenue: float = 0.0
    conversations: int = 0
    """That were answered in the period."""


class OrderCounts(Struct, frozen=True, kw_only=True):
    """Which orders the report rests on: those of the period and of the time to buy after it."""

    confirmed_only: bool = False
    """The shop's server confirms orders, so the claims of browsers do not count."""
    confirmed: int = 0
    claimed: int = 0
    cancelled: int = 0
    foreign: int = 0
    """In another currency: they count as orders, their amounts do not."""


class Report(Struct, frozen=True, kw_only=True):
    """The first report of a site: all figures of the page. Times are milliseconds; `until` is not included."""

    site: str
    currency: str
    time_zone: str
    since: int
    until: int
    now: int
    horizon_ms: int
    attribution_ms: int
    funnel: Funnel
    """Of all campaigns together."""
    whole: Comparison
    """All that is proactive against the site's hold-out."""
    campaigns: tuple[CampaignReport, ...] = ()
    headline: str = ""
    """Which comparison speaks first: `""` the whole, else a campaign's name."""
    orders: OrderCounts = OrderCounts()
    attributed: Attributed = Attributed()

    @property
    def speaking(self) -> Comparison:
        """The comparison that speaks first."""
        found = [one.comparison for one in self.campaigns if one.name == self.headline]
        return found[0] if self.headline and found else self.whole
