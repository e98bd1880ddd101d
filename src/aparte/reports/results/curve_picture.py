"""The picture of what was earned, cumulated, inside its band: SVG for a page or for a mail.

Colours stand as attributes, as in `interval_picture`: the page's style sheet puts the tokens in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from html import escape

from msgspec import Struct

from aparte.reports.interval_picture import Interval, ticks
from aparte.reports.palette import LIGHT, SANS
from aparte.reports.results.model import CurvePoint

HEIGHT, TOP, FOOT = 320, 14, 284
LEFT, RIGHT = 62, 88
LINE = 16
"""Pixels that two labels need between them."""


class Frame(Struct, frozen=True):
    """Where days and amounts stand."""

    first: date
    days: int
    low: float
    high: float
    width: int

    def x(self, day: date) -> float:
        """From the left."""
        return LEFT + (self.width - LEFT - RIGHT) * (day - self.first).days / max(self.days, 1)

    def y(self, value: float) -> float:
        """From the top."""
        return FOOT - (FOOT - TOP) * (value - self.low) / (self.high - self.low)


def curve_svg(
    points: Sequence[CurvePoint], first: date, width: int, amount: Callable[[float], str], tick: Callable[[float], str],
    day: Callable[[date], str],
) -> str:  # fmt: skip
    """The curve, its band and its three last figures; `amount` writes those, `tick` the axis, which begins at `first`.

    Of one point at least.
    """
    values = ticks(min(one.low for one in points), max(one.high for one in points), 6 if width > 400 else 5)
    first = min(first, points[0].day)
    frame = Frame(first, (points[-1].day - first).days, values[0], values[-1], width)
    last = points[-1]
    colour = Interval(last.estimate, last.low, last.high).colour
    parts = [
        *grid(frame, values, tick),
        *days(frame, day),
        *band(frame, points, colour),
        *ends(frame, last, amount, colour),
    ]
    size = f'width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" aria-hidden="true" {size} font-family="{SANS}" font-size="12">' + (
        "".join(parts) + "</svg>"
    )


def grid(frame: Frame, values: Sequence[float], tick: Callable[[float], str]) -> Iterator[str]:
    """The amounts, zero strong."""
    for value in values:
        y, colour, width = frame.y(value), LIGHT.line if value else LIGHT.ink_2, 1 if value else 1.5
        yield f'<path d="M{LEFT} {y:.1f}H{frame.width - RIGHT}" stroke="{colour}" stroke-width="{width}"/>'
        ink, weight = (LIGHT.ink_3, 400) if value else (LIGHT.ink, 700)
        yield words(LEFT - 8, y + 4, tick(value), ink, "end", weight)


def days(frame: Frame, day: Callable[[date], str]) -> Iterator[str]:
    """A few days below."""
    most = 4 if frame.width > 400 else 2
    step = max(-(-frame.days // most), 1)
    for place in range(0, frame.days + 1, step):
        one = frame.first + timedelta(days=place)
        yield words(frame.x(one), FOOT + 22, day(one), LIGHT.ink_3, "middle")


def band(frame: Frame, points: Sequence[CurvePoint], colour: str) -> Iterator[str]:
    """The band, its edges, the line."""
    upper = [f"{frame.x(one.day):.1f} {frame.y(one.high):.1f}" for one in points]
    lower = [f"{frame.x(one.day):.1f} {frame.y(one.low):.1f}" for one in points]
    line = [f"{frame.x(one.day):.1f} {frame.y(one.estimate):.1f}" for one in points]
    yield f'<path d="M{"L".join([*upper, *reversed(lower)])}Z" fill="{colour}" fill-opacity="0.15"/>'
    for edge in (upper, lower):
        yield f'<path d="M{"L".join(edge)}" fill="none" stroke="{colour}" stroke-opacity="0.45"/>'
    yield f'<path d="M{"L".join(line)}" fill="none" stroke="{colour}" stroke-width="2.25"/>'


def ends(frame: Frame, last: CurvePoint, amount: Callable[[float], str], colour: str) -> Iterator[str]:
    """The last figures, beside the last day, without one on the other."""
    x, middle = frame.x(last.day), frame.y(last.estimate)
    yield f'<circle cx="{x:.1f}" cy="{middle:.1f}" r="4.5" fill="{colour}"/>'
    yield words(x + 10, middle + 4, amount(last.estimate), colour, "start", 700)
    yield words(x + 10, min(frame.y(last.high), middle - LINE) + 4, amount(last.high), colour)
    yield words(x + 10, max(frame.y(last.low), middle + LINE) + 4, amount(last.low), colour)


def words(x: float, y: float, text: str, colour: str, anchor: str = "start", weight: int = 400) -> str:
    """A label."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-weight="{weight}" fill="{colour}">{escape(text)}</text>'
