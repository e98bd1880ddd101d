"""Claims about sales: who buys through chat, how much more is sold, what a voucher does. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aparte.planning.claim_rules import Case, Figures, Verdict, agrees, held, reaches, within
from aparte.planning.identities import (
    assisted_share,
    base_for_relative_lift,
    causal_multiplier,
    discount_break_even,
    discounted_profit,
    discounted_revenue,
    engaged_share,
    engaged_share_for_lift,
    intrinsic_ratio,
    lift_if_all_causal,
    lift_of_share,
    relative_lift,
    sales_ratio,
)

Found = tuple[Figures, Verdict]


def h1(i: Figures) -> Found:
    """What the shares imply of the engaged, against the ratio that is claimed."""
    e, s, b, m = i["engaged_share"], i["assisted_share"], i["basket_ratio"], i["claimed_times"]
    ratio, share = sales_ratio(e, s), assisted_share(e, m, b)
    figures = {
        "sales_ratio": ratio, "conversion_ratio": ratio / b,
        "share_at_claimed": assisted_share(e, m), "share_at_claimed_with_basket": share,
        "engaged_needed": engaged_share(s, m), "engaged_needed_with_basket": engaged_share(s, m, b),
    }  # fmt: skip
    return figures, held(reaches(share, s), "contradicts")


def h2(i: Figures) -> Found:
    """What the additional part of the assisted sales is, of all sales and of the same buyers' own."""
    s, q = i["assisted_share"], i["additional_share"]
    total, more = i["assisted_orders"] / s, i["assisted_orders"] * q
    lift, times = lift_of_share(s, q), causal_multiplier(q)
    figures = {
        "orders_total": total, "orders_additional": more, "orders_before": total - more, "lift": lift,
        "sales_times": 1 + lift, "causal_multiplier": times,
        "intrinsic_ratio": intrinsic_ratio(i["engaged_share"], s, q),
    }  # fmt: skip
    if reaches(1 + lift, i["claimed_times"]):
        return figures, "follows"
    own = agrees(times, i["claimed_times"]) and i["claimed_low"] <= lift <= i["claimed_high"]
    return figures, "only_under" if own else "contradicts"


def h3(i: Figures) -> Found:
    """The most that such a ratio can add, were all of it caused by the chat."""
    e, b, low, high = i["engaged_share"], i["basket_ratio"], i["times_low"], i["times_high"]
    most = lift_if_all_causal(e, high, b)
    figures = {
        "share_low": assisted_share(e, low, b), "share_high": assisted_share(e, high, b), "lift_most": most,
        "engaged_least": engaged_share_for_lift(i["claimed_low"], high, b),
        "engaged_most": engaged_share_for_lift(i["claimed_high"], low),
    }  # fmt: skip
    if most >= i["claimed_high"]:
        return figures, "follows"
    return figures, "only_under" if most >= i["claimed_low"] else "contradicts"


def h4(i: Figures) -> Found:
    """Half a point is a relative lift that depends on the base."""
    low, high, points = i["base_low"], i["base_high"], i["points"]
    since = base_for_relative_lift(points, i["claimed_high"])
    until = base_for_relative_lift(points, i["claimed_low"])
    figures = {
        "lift_at_low": relative_lift(low, points), "lift_at_middle": relative_lift((low + high) / 2, points),
        "lift_at_high": relative_lift(high, points), "base_from": since, "base_to": until,
        "lift_at_base_to": relative_lift(until, points),
    }  # fmt: skip
    return figures, within(low, high, since, until)


def h5(i: Figures) -> Found:
    """A larger basket of those who chat, who may have had larger baskets anyway."""
    figures = {
        "basket_low": i["basket"] * (1 + i["rise_low"]), "basket_high": i["basket"] * (1 + i["rise_high"])
    }  # fmt: skip
    return figures, held(i["at_random"] >= 1, "only_under")


def h13(i: Figures) -> Found:
    """The conversion of those who chat against the site's, and the ratio that is claimed elsewhere."""
    low, high = i["conversion_low"] / i["base_high"], i["conversion_high"] / i["base_low"]
    figures = {
        "ratio_low": low, "ratio_high": high, "conversion_implied_low": i["times_low"] * i["base_low"],
        "conversion_implied_high": i["times_high"] * i["base_high"],
    }  # fmt: skip
    return figures, within(low, high, i["times_low"], i["times_high"])


def h14(i: Figures) -> Found:
    """How much of the sales the segments must make for their lift to be the total one."""
    share = i["lift_total"] / ((1 + i["lift_segments"]) * i["basket_ratio"] - 1)
    return {"segment_share": share}, "only_under" if 0 < share <= 1 else "contradicts"


def h15(i: Figures) -> Found:
    """What a voucher takes from those who would have bought anyway."""
    rise, margin = i["conversion_rise"], i["gross_margin"]
    given = i["discount"] * i["discount_use"]
    profit = discounted_profit(rise, given, margin)
    figures = {
        "revenue_times": discounted_revenue(rise, given), "rise_break_even": discount_break_even(given),
        "profit_times": profit, "use_break_even": (1 - 1 / (1 + rise)) * margin / i["discount"],
    }  # fmt: skip
    return figures, held(profit >= 1, "contradicts")


def h16(i: Figures) -> Found:
    """The mean acceptance of a sector behind so many times of it."""
    mean = i["acceptance"] / i["claimed_times"]
    return {"acceptance_mean": mean}, held(mean < i["acceptance"], "contradicts")


def h17(i: Figures) -> Found:
    """How many must be engaged for such a share of the sales."""
    s, b, low, high = i["assisted_share"], i["basket_ratio"], i["times_low"], i["times_high"]
    figures = {
        "engaged_most": engaged_share(s, low), "engaged_less": engaged_share(s, high),
        "engaged_most_with_basket": engaged_share(s, low, b), "engaged_least": engaged_share(s, high, b),
    }  # fmt: skip
    if figures["engaged_most"] <= i["plausible_engaged"]:
        return figures, "follows"
    return figures, "only_under" if figures["engaged_least"] <= i["plausible_engaged"] else "contradicts"


def h19(i: Figures) -> Found:
    """A target in so many times the base."""
    target = i["base_rate"] * i["claimed_times"]
    return {"target_rate": target}, held(target <= 1, "contradicts")


def h21(i: Figures) -> Found:
    """Chat without targeting against the site's own conversion."""
    low, high = i["untargeted"] / i["base_high"], i["untargeted"] / i["base_low"]
    return {"ratio_low": low, "ratio_high": high}, held(reaches(high, i["times_low"]), "only_under")


CASES: Mapping[str, Case] = MappingProxyType({
    "H1": Case(("S1-110", "S1-60"),
               {"engaged_share": 0.02, "assisted_share": 0.23, "basket_ratio": 1.35, "claimed_times": 5.0}, h1),
    "H2": Case(("S1-111", "S1-60"),
               {"assisted_orders": 20_000.0, "assisted_share": 0.23, "additional_share": 0.8, "engaged_share": 0.02,
                "claimed_low": 0.2, "claimed_high": 0.3, "claimed_times": 5.0}, h2),
    "H3": Case(("S1-67", "S1-35"),
               {"times_low": 4.0, "times_high": 5.0, "basket_ratio": 1.35, "engaged_share": 0.02, "claimed_low": 0.2,
                "claimed_high": 0.3}, h3),
    "H4": Case(("S1-35", "S1-65"),
               {"points": 0.005, "base_low": 0.01, "base_high": 0.02, "claimed_low": 0.2, "claimed_high": 0.3}, h4),
    "H5": Case(("S1-37", "S0-06"), {"basket": 84.0, "rise_low": 0.35, "rise_high": 0.4, "at_random": 0.0}, h5),
    "H13": Case(("S1-64", "S1-59", "S1-67"),
                {"conversion_low": 0.18, "conversion_high": 0.4, "base_low": 0.01, "base_high": 0.02, "times_low": 4.0,
                 "times_high": 5.0}, h13),
    "H14": Case(("S1-30",), {"lift_segments": 0.35, "lift_total": 0.14, "basket_ratio": 1.0}, h14),
    "H15": Case(("S1-32",),
                {"discount": 0.15, "conversion_rise": 0.16, "gross_margin": 0.3, "discount_use": 1.0}, h15),
    "H16": Case(("S1-33",), {"acceptance": 0.4, "claimed_times": 8.0}, h16),
    "H17": Case(("S1-63",),
                {"assisted_share": 0.25, "times_low": 4.0, "times_high": 5.0, "basket_ratio": 1.35,
                 "plausible_engaged": 0.1}, h17),
    "H19": Case(("S0-25",), {"base_rate": 0.02, "claimed_times": 3.0}, h19),
    "H21": Case(("S0-04", "S1-10"),
                {"untargeted": 0.02, "base_low": 0.01, "base_high": 0.02, "times_low": 4.0}, h21),
})  # fmt: skip
