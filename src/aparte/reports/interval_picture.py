"""Pictures of intervals: the large one by Vega-Lite, those of table rows drawn directly. Both as SVG for a page.

Colours stand as attributes in the values of the light theme; the page's style sheet puts the tokens in their place, so
that one picture serves light, dark and print. No `style` attribute, which the page's security policy would ignore.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from math import ceil, floor, log10
from typing import Any

import altair as alt
import vl_convert
from msgspec import Struct

from aparte.reports.palette import LIGHT, SANS

LEFT_BRACKET, RIGHT_BRACKET = "M0.42,-1Q-0.42,0,0.42,1", "M-0.42,-1Q0.42,0,-0.42,1"
HEIGHT, MIDDLE, BRACKET, LABELS = 82, 26, 38, 66
EDGE = 34
"""Room at both sides for half a label."""
ROW_WIDTH, ROW_HEIGHT = 240, 36
STRAIGHT: dict[str, Any] = {"scale": None, "axis": None}
BACKDROP = re.compile(r'<rect [^>]*fill="transparent"/>')
NOISE = re.compile(r' (?:aria-[a-z]+|role|class)="[^"]*"')


class Interval(Struct, frozen=True):
    """An estimate between its bounds, in any unit."""

    estimate: float
    low: float
    high: float

    @property
    def colour(self) -> str:
        """Petrol wholly above zero, vermilion wholly below, stone when it holds zero."""
        return LIGHT.treated if self.low > 0 else LIGHT.alert if self.high < 0 else LIGHT.holdout


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from below `low` to above `high`, zero among them, `most` at most."""
    low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or 1.0
    power = floor(log10(span)) - 2
    for step in (digit * 10.0**exponent for exponent in range(power, power + 5) for digit in (1, 2, 2.5, 5)):
        first, last = floor(low / step), ceil(high / step)
        if last - first < most:
            return [round(k * step, 10) for k in range(first, last + 1)]
    raise AssertionError("a larger step always fits")


@lru_cache(maxsize=256)
def interval_svg(interval: Interval, labels: tuple[tuple[float, str], ...], width: int) -> str:
    """The large picture, `labels` being (value, words) of each tick; the same content is drawn once."""
    spec = interval_spec(interval, labels, width)
    return for_page(vl_convert.vegalite_to_svg(spec), width, HEIGHT)


def interval_spec(interval: Interval, labels: Sequence[tuple[float, str]], width: int) -> dict[str, Any]:
    """The Vega-Lite specification: grid, zero, stem, dot, a parenthesis at each end, words below."""
    low, high = labels[0][0], labels[-1][0]
    scale = alt.Scale(domain=[low, high], range=[EDGE, width - EDGE], nice=False, zero=False)
    x = alt.X("x:Q", scale=scale, axis=None)
    rows = [{"x": value, "text": text, "top": 0, "foot": 50} for value, text in labels]
    grid = [row for row in rows if row["x"]]
    zero = [row for row in rows if not row["x"]]
    layers = [
        upright(grid, x, LIGHT.line, 1),
        upright(zero, x, LIGHT.ink_2, 1.5),
        words_below(grid, x, LIGHT.ink_3, "normal"),
        words_below(zero, x, LIGHT.ink, "bold"),
        *interval_layers(interval, x),
    ]
    chart = alt.layer(*layers).properties(width=width, height=HEIGHT, padding=0, background="transparent")
    spec: dict[str, Any] = chart.configure(font=SANS, view=alt.ViewConfig(stroke=None)).to_dict()
    return spec


def upright(rows: list[dict[str, Any]], x: alt.X, colour: str, stroke: float) -> alt.Chart:
    """Lines from top to foot."""
    y: dict[str, Any] = {"y": alt.Y("top:Q", **STRAIGHT), "y2": "foot"}
    chart: alt.Chart = on(rows).mark_rule(color=colour, strokeWidth=stroke).encode(x=x, **y)
    return chart


def words_below(rows: list[dict[str, Any]], x: alt.X, colour: str, weight: Any) -> alt.Chart:
    """The words of the ticks."""
    mark = on(rows).mark_text(color=colour, font=SANS, fontSize=12, fontWeight=weight, baseline="middle")
    chart: alt.Chart = mark.encode(x=x, y=alt.value(LABELS), text="text:N")
    return chart


def interval_layers(interval: Interval, x: alt.X) -> list[alt.Chart]:
    """Stem, dot and both parentheses."""
    colour, y = interval.colour, alt.value(MIDDLE)
    stem = on([{"x": interval.low, "to": interval.high}]).mark_rule(color=colour, strokeWidth=2)
    dot = on([{"x": interval.estimate}]).mark_point(shape="circle", filled=True, size=120, color=colour, opacity=1)
    curve: dict[str, Any] = {"filled": False, "strokeWidth": 2.5, "opacity": 1, "size": BRACKET**2, "color": colour}
    left = on([{"x": interval.low}]).mark_point(shape=LEFT_BRACKET, **curve)
    right = on([{"x": interval.high}]).mark_point(shape=RIGHT_BRACKET, **curve)
    return [stem.encode(x=x, x2="to", y=y), *(mark.encode(x=x, y=y) for mark in (dot, left, right))]


def on(rows: list[dict[str, Any]]) -> alt.Chart:
    """A chart of these rows."""
    return alt.Chart(alt.InlineData(values=rows))


def for_page(svg: str, width: int, height: int) -> str:
    """An SVG of Vega-Lite as part of a page: hidden from readers of screens, who are told it in words beside."""
    inside = NOISE.sub("", BACKDROP.sub("", svg[svg.index(">") + 1 :]))
    return f'<svg aria-hidden="true" width="{width}" height="{height}" viewBox="0 0 {width} {height}">{inside}'


def row_svg(interval: Interval | None, low: float, high: float, threshold: float | None = None) -> str:
    """The small picture of a table row on the axis that all rows share; only the zero without an interval.

    `threshold`: a dotted line where it lies on the axis, the effect from which it pays.
    """
    zero = place(0.0, low, high)
    parts = [f'<path d="M{zero:.1f} 0V{ROW_HEIGHT}" stroke="{LIGHT.ink_2}" stroke-width="1.5"/>']
    if threshold is not None and low <= threshold <= high:
        x = place(threshold, low, high)
        dots = 'stroke-width="1.75" stroke-dasharray="2 3"'
        parts.append(f'<path class="even" d="M{x:.1f} 0V{ROW_HEIGHT}" stroke="{LIGHT.note}" {dots}/>')
    if interval is not None:
        a, m, b = (place(value, low, high) for value in (interval.low, interval.estimate, interval.high))
        parts.append(
            f'<g stroke="{interval.colour}" stroke-width="2" fill="none" stroke-linecap="round">'
            f'<path d="M{a:.1f} 18H{b:.1f}"/><path d="M{a + 3.5:.1f} 10Q{a - 3.5:.1f} 18 {a + 3.5:.1f} 26"/>'
            f'<path d="M{b - 3.5:.1f} 10Q{b + 3.5:.1f} 18 {b - 3.5:.1f} 26"/></g>'
            f'<circle cx="{m:.1f}" cy="18" r="4.5" fill="{interval.colour}"/>'
        )
    return row_frame("".join(parts), ROW_HEIGHT)


def axis_svg(labels: Sequence[tuple[float, str]]) -> str:
    """The words above the small pictures."""
    low, high = labels[0][0], labels[-1][0]
    texts = (
        f'<text x="{place(value, low, high):.1f}" y="12" text-anchor="middle" font-size="12" '
        f'font-weight="{400 if value else 700}" fill="{LIGHT.ink_3 if value else LIGHT.ink}">{escape(text)}</text>'
        for value, text in labels
    )
    return row_frame("".join(texts), 16)


def row_frame(inside: str, height: int) -> str:
    """A small picture."""
    size = f'width="{ROW_WIDTH}" height="{height}" viewBox="0 0 {ROW_WIDTH} {height}"'
    return f'<svg aria-hidden="true" {size}>{inside}</svg>'


def place(value: float, low: float, high: float) -> float:
    """Where a value stands."""
    return 14 + (ROW_WIDTH - 28) * (value - low) / (high - low)


def nothing_svg() -> str:
    """Dotted parentheses around nothing: too early for an interval."""
    return (
        f'<svg aria-hidden="true" width="340" height="60" viewBox="0 0 340 60" fill="none" stroke="{LIGHT.edge}" '
        'stroke-width="2"><path d="M18 6Q2 26 18 46M322 6Q338 26 322 46" stroke-dasharray="4 3"/>'
        '<path d="M10 26H330" stroke-dasharray="2 4"/>'
        f'<path d="M130 4V44" stroke="{LIGHT.ink_2}" stroke-width="1.5"/>'
        f'<text x="130" y="58" text-anchor="middle" font-size="12" font-weight="700" fill="{LIGHT.ink}" '
        'stroke="none">0</text></svg>'
    )
