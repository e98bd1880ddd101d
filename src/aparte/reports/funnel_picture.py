"""The funnel of agents as a picture: each agent a point, the limits of chance around what all have in common.

In the manner of interval_picture; points stand by size, never by rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, sqrt
from typing import Any

import altair as alt
import vl_convert

from aparte.experiments.shrinkage import limits_of
from aparte.reports.interval_picture import for_page, on
from aparte.reports.palette import LIGHT, SANS
from aparte.reports.scorecards import Card, Scorecards

HEIGHT = 300
POINTS = 60
"""Of each limit's curve."""


@lru_cache(maxsize=64)
def funnel_svg(board: Scorecards, width: int, across: str, up: str) -> str:
    """The picture for a page; `across` and `up` are the words of the axes."""
    return for_page(vl_convert.vegalite_to_svg(funnel_spec(board, width, across, up)), width, HEIGHT)


def funnel_spec(board: Scorecards, width: int, across: str, up: str) -> dict[str, Any]:
    """The Vega-Lite specification: limits at 95 and 99.8 %, the common share, a point for each agent."""
    curves, points = limits_of_all(board), [point(card) for card in board.cards]
    scale = alt.Scale(domain=[0, widest(board)], nice=False)
    x = alt.X("size:Q", title=across, scale=scale, axis=alt.Axis(grid=False, tickCount=8))
    top = max((row["high"] for row in [*curves, *points]), default=1.0)
    y = alt.Y("low:Q", title=up, scale=alt.Scale(domain=[0, top], nice=True), axis=alt.Axis(format="%"))
    layers = [
        curve(curves, "95", "low", x, y, [1, 0]),
        curve(curves, "95", "high", x, y, [1, 0]),
        curve(curves, "998", "low", x, y, [5, 4]),
        curve(curves, "998", "high", x, y, [5, 4]),
        on([{"low": board.center}]).mark_rule(color=LIGHT.ink_2, strokeWidth=1.5).encode(y=y),
        dots(points, x, y),
        words(points, x, y),
    ]
    chart = alt.layer(*layers).properties(width=width, height=HEIGHT, padding=0, background="transparent")
    chart = chart.properties(autosize=alt.AutoSizeParams(type="fit", contains="padding"))
    axis: dict[str, Any] = {
        "labelColor": LIGHT.ink_3, "titleColor": LIGHT.ink_2, "gridColor": LIGHT.line, "domainColor": LIGHT.edge,
        "tickColor": LIGHT.edge, "titleFontWeight": "normal", "labelFontSize": 12, "titleFontSize": 12,
    }  # fmt: skip
    spec: dict[str, Any] = chart.configure(font=SANS, view=alt.ViewConfig(stroke=None), axis=axis).to_dict()
    return spec


def widest(board: Scorecards) -> float:
    """The end of the axis."""
    return max(ceil(max((card.size for card in board.cards), default=1.0) * 1.1), 10)


def limits_of_all(board: Scorecards) -> list[dict[str, Any]]:
    """Both pairs of limits along the axis, as wide as agents differ beyond chance."""
    found: list[dict[str, Any]] = []
    spread, end = board.center * (1 - board.center), widest(board)
    for step in range(1, POINTS + 1):
        size = end * (step / POINTS) ** 2  # closer where the curve is steep
        near = limits_of(board.center, sqrt(spread / size + board.tau2))
        found.append({"size": size, "which": "95", "low": near.low95, "high": near.high95})
        found.append({"size": size, "which": "998", "low": near.low998, "high": near.high998})
    return [row for row in found if row["size"] >= end / 100]


def point(card: Card) -> dict[str, Any]:
    """An agent; only who lies outside the limits is named in the picture."""
    outside = card.place != "within"
    far = card.place.endswith("998")
    colour = LIGHT.holdout_mark if not outside else LIGHT.treated if card.place.startswith("above") else LIGHT.alert
    name = card.name if outside else ""
    return {"size": card.size, "low": card.adjusted, "high": card.adjusted, "name": name, "colour": colour, "far": far}


def curve(rows: Sequence[dict[str, Any]], which: str, end: str, x: alt.X, y: alt.Y, dash: list[int]) -> alt.Chart:
    """One limit."""
    told = [{"size": row["size"], "low": row[end]} for row in rows if row["which"] == which]
    chart: alt.Chart = on(told).mark_line(color=LIGHT.edge, strokeWidth=1.5, strokeDash=dash).encode(x=x, y=y)
    return chart


def dots(points: list[dict[str, Any]], x: alt.X, y: alt.Y) -> alt.Chart:
    """A point for each agent; filled outside the 99.8 % limits."""
    shown: dict[str, Any] = {
        "color": alt.Color("colour:N", scale=None),
        "fill": alt.Fill("colour:N", scale=None),
        "fillOpacity": alt.condition("datum.far", alt.value(1.0), alt.value(0.0)),
    }
    chart: alt.Chart = on(points).mark_point(size=80, strokeWidth=2, opacity=1).encode(x=x, y=y, **shown)
    return chart


def words(points: list[dict[str, Any]], x: alt.X, y: alt.Y) -> alt.Chart:
    """The names of those outside."""
    mark = on(points).mark_text(dx=9, align="left", baseline="middle", font=SANS, fontSize=12, color=LIGHT.ink)
    chart: alt.Chart = mark.encode(x=x, y=y, text="name:N")
    return chart
