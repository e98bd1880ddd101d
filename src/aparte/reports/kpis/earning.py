"""What help has earned: return on investment, by channel, of those left alone, and by the firm's own formula."""

from __future__ import annotations

from msgspec.structs import replace

from aparte.experiments.statistics import Sample, mean_interval
from aparte.kit.errors import BadInput
from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.causal import together
from aparte.reports.kpis.costing import Bill, bill
from aparte.reports.kpis.deflecting import savings
from aparte.reports.kpis.formula import DividedByZero, evaluate, parse
from aparte.reports.kpis.inviting import acceptance, alone
from aparte.reports.kpis.model import Bound, Figure, Find, Incremental, Part
from aparte.reports.kpis.serving import talks
from aparte.reports.kpis.shapes import part, quotient, row, unknown

TERMS = ("incremental_orders", "incremental_revenue", "incremental_margin", "labour", "software", "services",
         "discounts", "service_cost")  # fmt: skip
"""What a formula may name beside the KPIs."""
MONEY_TERMS = frozenset(TERMS) - {"incremental_orders"}


def incremental(name: str) -> Find:
    """Orders, revenue or margin that inviting has added, with bounds; from the comparison with the hold-out."""

    def find(asked: Asked) -> Figure:
        bound = bound_of(asked.beside.incremental, name)
        if bound is None:
            return unknown(f"incremental_{name}")
        return Figure(
            value=bound.value, low=bound.low, high=bound.high, parts=(part(f"incremental_{name}", bound.value),)
        )

    return find


def bound_of(of: Incremental | None, name: str) -> Bound | None:
    """One of its numbers."""
    return None if of is None else getattr(of, name)


def roi(asked: Asked) -> Figure:
    """(incremental gross margin + service savings - total cost) / total cost."""
    return returned(asked.beside.incremental, savings(asked), bill(asked))


def returned(added: Incremental | None, saved: Figure, cost: Bill) -> Figure:
    """The return; bounds are those of the margin, the rest being counted or told."""
    margin = bound_of(added, "margin")
    parts = (part("incremental_margin", margin.value if margin else None), part("service_savings", saved.value),
             part("total_cost", cost.total))  # fmt: skip
    if cost.missing:
        return unknown(cost.missing, parts)
    if margin is None:
        return unknown("incremental_margin", parts[1:])
    if not cost.total:
        return Figure(why="none:total_cost", parts=parts)
    low, value, high = (
        (one + (saved.value or 0) - cost.total) / cost.total for one in (margin.low, margin.value, margin.high)
    )
    return Figure(value=value, low=low, high=high, n=saved.n, parts=parts, notes=(*saved.notes, *cost.notes))


def roi_by_channel(asked: Asked) -> Figure:
    """The same of each channel; costs are dealt out by the time of agents, else by contacts."""
    whole, told = bill(asked), asked.beside.by_channel
    if not told:
        return unknown("incremental_margin")
    shares, saved = shares_of(asked) or dict.fromkeys(told, 1 / len(told)), savings(asked)
    rows = []
    # A channel of which no effect is known has its costs all the same.
    for channel in sorted({*told, *shares}):
        share = shares.get(channel, 0.0)
        of_channel = Bill(
            labour=whole.labour * share, software=whole.software * share, services=whole.services * share,
            discounts=whole.discounts * share, missing=whole.missing,
        )  # fmt: skip
        added = told.get(channel)
        rows.append(row(channel, returned(added, replace(saved, value=(saved.value or 0) * share), of_channel)))
    found = returned(together(list(told.values())), saved, whole)
    return replace(found, rows=tuple(rows), notes=(*found.notes, "dealt_out", "sum_of_channels"))


def shares_of(asked: Asked) -> dict[str, float]:
    """Each channel's share of the agents' time."""
    where, values = asked.where("conversation")
    found = asked.rows(
        f"""SELECT channel, sum(handle_ms) AS ms, count(answered_at) AS n FROM conversation
        WHERE {where} AND answered_at IS NOT NULL GROUP BY channel ORDER BY channel""",
        values,
    )
    by = "ms" if all(one["ms"] for one in found) else "n"
    total = sum(one[by] for one in found)
    return {one["channel"]: one[by] / total for one in found} if total else {}


def left_alone_revenue(asked: Asked) -> Figure:
    """Revenue of a visitor who was found and left alone, within the horizon."""
    found = alone(asked)
    amount, n = part("amount_left_alone", found["amount"]), part("left_alone", found["alone"])
    done = quotient(amount, n, n.value)
    if n.value < 2:
        return done
    low, high = mean_interval(Sample(int(n.value), amount.value, float(found["sq"])))
    return replace(done, low=low, high=high)


def left_alone_saved(asked: Asked) -> Figure:
    """What was not spent on those left alone: they, times acceptance, times the cost of a contact."""
    found, accepted, cost = alone(asked), acceptance(asked), bill(asked)
    contacts = part("contacts", talks(asked)["answered"])
    n = part("left_alone", found["alone"])
    if cost.missing:
        return unknown(cost.missing, (n,))
    if accepted.value is None:
        return replace(accepted, parts=(n, *accepted.parts))
    if not contacts.value:
        return Figure(why="none:contacts", parts=(n, contacts))
    each = cost.service / contacts.value
    parts = (n, part("acceptance", accepted.value), part("cost_of_contact", each))
    return Figure(value=n.value * accepted.value * each, n=int(n.value), parts=parts, notes=("assumed", *cost.notes))


def roi_custom(asked: Asked) -> Figure:
    """The formula that the firm has written; amounts in it are units of the currency."""
    text, values = asked.site.roi_formula, dict[str, float]()

    def value_of(name: str) -> float:
        values[name] = term(asked, name)
        return values[name]

    try:
        found = evaluate(parse(text, names()), value_of)
    except Missing as error:
        return Figure(why=error.why, parts=terms(values))
    except DividedByZero as error:
        return Figure(why=f"zero:{error.term}", parts=terms(values))
    except BadInput as error:
        return Figure(why=f"formula:{error.what} ({error.where})", parts=terms(values))
    return Figure(value=found, parts=terms(values), notes=("own_formula",))


def terms(values: dict[str, float]) -> tuple[Part, ...]:
    """What a formula was fed."""
    return tuple(part(name, value) for name, value in values.items())


class Missing(Exception):
    """A term of a formula has no value; `why` is that of its figure."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def term(asked: Asked, name: str) -> float:
    """A term of a formula; Missing says why there is none."""
    found = term_figure(asked, name)
    if found.value is None:
        raise Missing(found.why)
    return found.value / asked.minor if name in money_names() else found.value


def term_figure(asked: Asked, name: str) -> Figure:
    """The figure that a name means."""
    if name.startswith("incremental_"):
        return incremental(name.removeprefix("incremental_"))(asked)
    if name in TERMS:
        cost = bill(asked)
        if cost.missing and name in ("labour", "service_cost"):
            return unknown(cost.missing)
        return Figure(value=cost.service if name == "service_cost" else getattr(cost, name))
    from aparte.reports.kpis.registry import find  # noqa: PLC0415  the registry knows this module

    return find(asked, name)


def names() -> frozenset[str]:
    """All that a formula may name."""
    from aparte.reports.kpis.registry import KPIS  # noqa: PLC0415  the registry knows this module

    return frozenset(TERMS) | (KPIS.keys() - {"roi_custom"})


def money_names() -> frozenset[str]:
    """Those of them that are amounts."""
    from aparte.reports.kpis.registry import KPIS  # noqa: PLC0415  the registry knows this module

    return MONEY_TERMS | {one.id for one in KPIS.values() if one.unit == "money"}


FIND: dict[str, Find] = {
    "incremental_orders": incremental("orders"),
    "incremental_revenue": incremental("revenue"),
    "incremental_margin": incremental("margin"),
    "roi": roi,
    "roi_by_channel": roi_by_channel,
    "left_alone_revenue": left_alone_revenue,
    "left_alone_saved": left_alone_saved,
    "roi_custom": roi_custom,
}
