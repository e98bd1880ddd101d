"""Inputs on traffic, acceptance, effect and orders that cannot all be right."""

from __future__ import annotations

from collections.abc import Iterator

from aparte.planning.identities import assisted_share, engaged_share
from aparte.planning.spans import Span, exact, percent, pp, whole
from aparte.planning.told import Contradiction, Told

LIFT, WITH, WITHOUT = "help.lift_per_eligible", "help.conversion_with_help", "help.conversion_without_help"
PART, SHOWN, ACCEPTANCE = "help.additionality", "invitation.shown_share", "invitation.acceptance"
VISITS, ELIGIBLE, HELD = "visitors.visits_per_month", "visitors.eligible_covered_share", "visitors.hold_out_share"
ORDERS, CONVERSION = "stated.orders_per_month", "stated.site_conversion"


def of_sales(told: Told) -> Iterator[Contradiction]:
    """All of them, from the visit to the discount."""
    for check in (two_effects, three_conversions, more_than_conversations, odds, stated_orders, stated_conversations,
                  assisted_orders, more_than_all, share_of_sales, conversion_ratio, discount):  # fmt: skip
        yield from check(told)


def given(told: Told, *paths: str) -> tuple[str, ...]:
    """Those of the inputs that are there."""
    return tuple(path for path in paths if told.get(path) is not None)


def two_effects(told: Told) -> Iterator[Contradiction]:
    """The lift, and acceptance x conversion x additionality, are the same effect."""
    lift, extra = told.get(LIFT), told.extra
    if lift is None or extra is None:
        return
    implied = told.uptake * extra
    if lift.apart(implied):
        yield Contradiction(
            code="two_effects",
            inputs=given(told, LIFT, SHOWN, ACCEPTANCE, WITH, WITHOUT, PART),
            figures={"lift": lift.value, "implied": implied.value},
            what=f"the lift is {pp(lift.value)} for each eligible visitor, but acceptance and conversions make "
            f"{pp(implied.value)}",
            hint="keep the one that was measured against visitors held out; the case counts with the lift",
        )


def three_conversions(told: Told) -> Iterator[Contradiction]:
    """With, without and the incremental share: two of them make the third."""
    helped, without, part = told.get(WITH), told.get(WITHOUT), told.get(PART)
    if helped is None or without is None or part is None or not helped.above_nothing():
        return
    implied = exact(1) - without / helped
    if part.apart(implied):
        yield Contradiction(
            code="three_conversions",
            inputs=(WITH, WITHOUT, PART),
            figures={"additionality": part.value, "implied": implied.value},
            what=f"{percent(part.value)} of assisted orders are said to be incremental, but the two conversions make "
            f"{percent(implied.value)}",
            hint="leave out one of the three; the case counts with the two conversions",
        )


def more_than_conversations(told: Told) -> Iterator[Contradiction]:
    """A conversation brings at most the order it ends in."""
    lift, helped = told.get(LIFT), told.get(WITH) or exact(1)
    if lift is None or not told.uptake.above_nothing():
        return
    extra = lift / told.uptake
    if extra.above(helped):
        yield Contradiction(
            code="more_than_conversations",
            inputs=given(told, LIFT, SHOWN, ACCEPTANCE, WITH),
            figures={"extra": extra.value, "most": helped.value},
            what=f"the lift asks each conversation for {extra.value:.3g} orders more, and it can bring at most "
            f"{helped.value:.3g}",
            hint="lower the lift, or raise the acceptance; the invitation alone may also have sold",
        )


def odds(told: Told) -> Iterator[Contradiction]:
    """Accepted to declined is not accepted of shown: who ignores the invitation counts in the second."""
    ratio, accepted = told.get("stated.accepted_to_declined"), told[ACCEPTANCE]
    if ratio is None:
        return
    most = exact(1) - exact(1) / Span(1 + ratio.low, 1 + ratio.value, 1 + ratio.high)
    if accepted.above(most):
        yield Contradiction(
            code="odds",
            inputs=(ACCEPTANCE, "stated.accepted_to_declined"),
            figures={"acceptance": accepted.value, "most": most.value, "odds": ratio.value},
            what=f"with {ratio.value:.3g} accepted for each declined, at most {percent(most.value)} of those shown "
            f"accept, and the acceptance is {percent(accepted.value)}: it looks like the odds",
            hint="divide the accepted by all invitations shown, those ignored too",
        )


def stated_orders(told: Told) -> Iterator[Contradiction]:
    """Visits x conversion are the orders."""
    stated, conversion = told.get(ORDERS), told.get(CONVERSION)
    if stated is None or conversion is None:
        return
    implied = told[VISITS] * conversion
    if stated.apart(implied):
        yield Contradiction(
            code="stated_orders",
            inputs=(VISITS, CONVERSION, ORDERS),
            figures={"orders": stated.value, "implied": implied.value},
            what=f"{whole(stated.value)} orders a month are stated, but visits and conversion make "
            f"{whole(implied.value)}",
            hint="check that visits and orders are of the same site and month, and that visits are not visitors",
        )


def stated_conversations(told: Told) -> Iterator[Contradiction]:
    """Visits, eligible share and acceptance make the conversations, and the share of visitors engaged."""
    engaged = told["visitors.eligible_covered_share"] * (exact(1) - told[HELD]) * told.uptake
    for code, path, implied, say in (
        ("stated_conversations", "stated.conversations_per_month", told.conversations, whole),
        ("stated_engaged", "stated.engaged_share", engaged, percent),
    ):
        stated = told.get(path)
        if stated is not None and stated.apart(implied):
            yield Contradiction(
                code=code,
                inputs=(path, VISITS, ELIGIBLE, HELD, SHOWN, ACCEPTANCE),
                figures={"stated": stated.value, "implied": implied.value},
                what=f"{say(stated.value)} are stated to be in a conversation, but eligible share, hold-out and "
                f"acceptance make {say(implied.value)}",
                hint="check the eligible share and that acceptance is of those shown",
            )


def assisted_orders(told: Told) -> Iterator[Contradiction]:
    """Conversations x conversion are the assisted orders."""
    stated, helped = told.get("stated.assisted_orders_per_month"), told.get(WITH)
    if stated is None or helped is None:
        return
    implied = told.conversations * helped
    if stated.apart(implied):
        yield Contradiction(
            code="assisted_orders",
            inputs=("stated.assisted_orders_per_month", WITH, VISITS, ELIGIBLE, ACCEPTANCE),
            figures={"stated": stated.value, "implied": implied.value},
            what=f"{whole(stated.value)} assisted orders a month are stated, but conversations and conversion make "
            f"{whole(implied.value)}",
            hint="check the conversion of those who accepted, and how many they are",
        )


def more_than_all(told: Told) -> Iterator[Contradiction]:
    """Assisted orders are some of all orders."""
    assisted, every = told.assisted_orders, told.orders
    if assisted is not None and every is not None and assisted.above(every):
        yield Contradiction(
            code="more_than_all",
            inputs=given(told, "stated.assisted_orders_per_month", WITH, ACCEPTANCE, ORDERS, CONVERSION),
            figures={"assisted": assisted.value, "all": every.value},
            what=f"{whole(assisted.value)} assisted orders a month are more than all {whole(every.value)} orders",
            hint="lower the conversion with help or the acceptance, or correct the orders of the site",
        )


def share_of_sales(told: Told) -> Iterator[Contradiction]:
    """s = e m b / (e m b + 1 - e): who is engaged, converts and spends so much has this part of the sales."""
    share, ratio, engaged = told.get("stated.assisted_share"), told.get("stated.conversion_ratio"), told.engaged
    basket = told.get("stated.basket_ratio") or exact(1)
    if share is None or ratio is None or engaged is None:
        return
    m, b = ratio.value, basket.value
    implied = Span(*(assisted_share(min(getattr(engaged, at), 1.0), getattr(ratio, at), getattr(basket, at))
                     for at in ("low", "value", "high")))  # fmt: skip
    if share.apart(implied):
        needed = engaged_share(share.value, m, b)
        yield Contradiction(
            code="share_of_sales",
            inputs=given(told, "stated.assisted_share", "stated.conversion_ratio", "stated.basket_ratio",
                         "stated.engaged_share"),
            figures={"share": share.value, "implied": implied.value, "ratio": m, "basket": b, "engaged": engaged.value,
                     "needed": needed},
            what=f"{percent(engaged.value)} of visitors who buy {m:.4g} times as often make {percent(implied.value)} "
            f"of the sales, not {percent(share.value)}",
            hint=f"{percent(share.value)} need {percent(needed)} of visitors engaged; or the ratio is against what "
            "they would have bought themselves, not against other visitors",
        )  # fmt: skip


def conversion_ratio(told: Told) -> Iterator[Contradiction]:
    """The helped convert so many times as well as the others, and all together as the site does."""
    ratio, site, helped = told.get("stated.conversion_ratio"), told.get(CONVERSION), told.get(WITH)
    engaged = told.engaged
    if ratio is None or site is None or helped is None or engaged is None or engaged.high >= 1:
        return
    implied = Span(
        helped_conversion(ratio.low, site.low, engaged.high),
        helped_conversion(ratio.value, site.value, engaged.value),
        helped_conversion(ratio.high, site.high, engaged.low),
    )
    if helped.apart(implied):
        yield Contradiction(
            code="conversion_ratio",
            inputs=("stated.conversion_ratio", CONVERSION, WITH),
            figures={"conversion": helped.value, "implied": implied.value, "ratio": ratio.value, "site": site.value},
            what=f"who converts {ratio.value:.3g} times as well as the others of a site at {percent(site.value)} is at "
            f"{percent(implied.value)}, not {percent(helped.value)}",
            hint="check whose conversion is compared with whose: chatters chose themselves",
        )


def helped_conversion(m: float, site: float, e: float) -> float:
    """The conversion of the engaged, a share e, who convert m times as well as the others of a site."""
    return m * site / (1 + e * (m - 1))


def discount(told: Told) -> Iterator[Contradiction]:
    """A discount above the margin loses money on every order that uses it."""
    off, margin = told["orders.discount"], told["orders.gross_margin"]
    if off.value and not margin.above(off) and off.value > margin.value:
        yield Contradiction(
            code="discount",
            inputs=("orders.discount", "orders.gross_margin"),
            figures={"discount": off.value, "margin": margin.value},
            what=f"the discount of {percent(off.value)} is larger than the gross margin of {percent(margin.value)}: "
            "each order that uses it loses money",
            hint=f"keep the discount below {percent(margin.value)}, or give it to fewer",
        )
