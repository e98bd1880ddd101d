"""The picture of a replay: one sentence, then a row for each rule. Needs the extra `reports`.

Everything stands at pixels that follow from the figures alone, never from the width of a text, so the same figures give
the same picture. Only the bars use a scale, which begins at zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal

import altair as alt
import vl_convert
from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.reports.model import ReplayFigures, RuleFunnel
from aparte.reports.palette import SANS, SERIF, THEMES, Palette
from aparte.reports.replay_words import (
    WHAT_IS_COUNTED,
    below_headline,
    counted,
    headline,
    nothing_happened,
    refusals,
    short,
)

Theme = Literal["light", "dark"]
Row = dict[str, Any]

GUTTER, NAMES, BARS, REFRAINED = 32, 236, 440, 214  # widths, from left to right
HEADLINE_LETTERS, CAPTION_LETTERS, TICKS = 62, 150, 5
ROW, BAR, STACK = 46, 20, 10  # heights
HATCH = 4  # between two strokes
SHARPNESS = 2.0  # PNG pixels for a CSS pixel
STRAIGHT: dict[str, Any] = {"scale": None, "axis": None}


class Place(Struct, frozen=True):
    """Where things stand. The origin is the left end of the bars, at the top of the picture."""

    invited: int
    """The right edge of the column of invited and held out."""
    head: int
    """The line that the first row hangs from."""
    bottom: int
    """The line below the last row."""
    height: int
    top: int
    """The value at the right end of the scale."""

    @property
    def refrained(self) -> int:
        """The left edge of the last column."""
        return self.invited + 32

    @property
    def right(self) -> int:
        """The right edge of everything."""
        return self.refrained + REFRAINED


def save_picture(figures: ReplayFigures, path: Path, *, theme: Theme = "light") -> None:
    """Draw the figures into a file, SVG or PNG by its suffix."""
    suffix = picture_suffix(path)
    path.write_bytes(rendered(picture_spec(figures, theme=theme), suffix))


def picture_suffix(path: Path) -> str:
    """`.svg` or `.png`; BadInput for anything else."""
    suffix = path.suffix.lower()
    if suffix not in {".svg", ".png"}:
        raise BadInput("a picture is .svg or .png", where=str(path), hint="give the file one of these two suffixes")
    return suffix


def rendered(spec: dict[str, Any], suffix: str, scale: float = SHARPNESS) -> bytes:
    """The bytes of the picture."""
    if suffix == ".svg":
        return vl_convert.vegalite_to_svg(spec).encode("utf-8")
    return bytes(vl_convert.vegalite_to_png(spec, scale=scale))


def picture_spec(figures: ReplayFigures, *, theme: Theme = "light") -> dict[str, Any]:
    """The Vega-Lite specification; its data holds the counts of every rule."""
    colours = THEMES[theme]
    rules = [] if nothing_happened(figures) else sorted(figures.rules, key=lambda rule: -rule.eligible)
    said = balanced(headline(figures), HEADLINE_LETTERS)
    notes = captions(figures) if rules else []
    place = placed(rules, head=102 + 36 * len(said), notes=len(notes))
    layers = [*title_layers(said, below_headline(figures), colours)]
    if rules:
        several = len({rule.campaign for rule in rules}) > 1
        rows = [row_of(rule, place.head + ROW * i, several=several) for i, rule in enumerate(rules)]
        layers += [*scale_layers(place, colours), *row_layers(rows, place, colours)]
        layers += [*notes_layers(notes, place, colours)]
    return page(layers, place, colours, headline(figures))


def balanced(text: str, width: int) -> list[str]:
    """The lines of a sentence, as few as they must be and of like lengths."""
    lines = wrap(text, width)
    return next(tried for least in range(1, width + 1) if len(tried := wrap(text, least)) == len(lines))


def captions(figures: ReplayFigures) -> list[str]:
    """The small lines below the rows."""
    return [line for text in (WHAT_IS_COUNTED, *figures.remarks) for line in wrap(text, CAPTION_LETTERS)]


def placed(rules: Sequence[RuleFunnel], head: int, notes: int) -> Place:
    """Room for these rules; without rules, for the sentence alone."""
    bottom = head + ROW * len(rules)
    height = bottom + 20 + 18 * notes + 12 if rules else head - 20
    top = round_ticks(max((reach(rule) for rule in rules), default=0))[-1]
    ends = [BARS * reach(rule) // top + 7 * len(text) + 9 for rule in rules for text in ends_of(rule)]
    column = max([96, *(8 * len(invited_words(rule)) + 16 for rule in rules)])
    return Place(invited=max([BARS + 56, *ends]) + column, head=head, bottom=bottom, height=height, top=top)


def reach(rule: RuleFunnel) -> int:
    """How far its bars go; a visitor may be invited more than once in a session, so not only to the eligible."""
    return max(rule.eligible, rule.candidates, rule.invited + rule.held_out)


def ends_of(rule: RuleFunnel) -> tuple[str, str]:
    """The words at the end of its bar."""
    return f"{rule.eligible:,} eligible", counted(rule.candidates, "candidate")


def invited_words(rule: RuleFunnel) -> str:
    """The words of the next column."""
    return f"{rule.invited:,} invited"


def round_ticks(most: int) -> list[int]:
    """Zero and round numbers, six at most; the last one is not below `most`."""
    step = next(
        digit * 10**power for power in range(20) for digit in (1, 2, 5) if digit * 10**power * TICKS >= max(most, 1)
    )
    return list(range(0, max(-(-most // step), 1) * step + 1, step))


def row_of(rule: RuleFunnel, y: int, *, several: bool) -> Row:
    """One row of data: the counts as they are, the words, and where they stand."""
    refrained = refusals(rule)
    return {
        "rule": rule.name, "eligible": rule.eligible, "covered": rule.covered, "candidates": rule.candidates,
        "invited": rule.invited, "held_out": rule.held_out, "addressed": rule.invited + rule.held_out,
        "zero": 0, "reach": reach(rule), "y": y, "middle": y + ROW // 2,
        "name": short(rule.name), "campaign": short(rule.campaign, 38) if several else "",
        "name_y": y + ROW // 2 - (8 if several else 0),
        "eligible_text": ends_of(rule)[0], "candidates_text": ends_of(rule)[1],
        "invited_text": invited_words(rule), "held_out_text": f"{rule.held_out:,} held out",
        "first": refrained[0], "second": refrained[1] if len(refrained) > 1 else "",
        "first_y": y + ROW // 2 - (8 if len(refrained) > 1 else 0),
    }  # fmt: skip


def title_layers(said: list[str], below: str, colours: Palette) -> Iterable[alt.Chart]:
    """The sentence in the serif, and what it does not say."""
    serif: dict[str, Any] = {"font": SERIF, "fontSize": 28, "lineHeight": 36}
    yield words([{"text": said}], colours.ink, x=-NAMES, y=50, baseline="alphabetic", **serif)
    yield words([{"text": below}], colours.ink_2, x=-NAMES, y=24 + 36 * len(said) + 22, fontSize=14)


def scale_layers(place: Place, colours: Palette) -> Iterable[alt.Chart]:
    """Heads of the columns, round numbers above the bars, hairlines between the rows."""
    ticks = round_ticks(place.top)
    stubs = [{"x": tick, "y": place.head - 5, "y2": place.head} for tick in ticks]
    yield uprights(stubs, colours.edge, place, strokeWidth=1)
    for tick in ticks:
        text = counted(tick, "session") if tick == ticks[-1] else f"{tick:,}"
        bold: dict[str, Any] = {"fontWeight": 600} if not tick else {}
        x = BARS * tick / place.top
        yield words([{"text": text}], colours.ink_3, x=x, y=place.head - 14, align="center", **bold)
    yield words([{"text": "Rule"}], colours.ink_3, x=-NAMES, y=place.head - 14)
    yield words([{"text": "Refrained, by reason"}], colours.ink_3, x=place.refrained, y=place.head - 14)
    hairlines = [{"y": y} for y in range(place.head, place.bottom + 1, ROW)]
    ends: Any = {"x": alt.value(-NAMES), "x2": alt.value(place.right)}
    yield on(hairlines).mark_rule(color=colours.line, strokeWidth=1).encode(y=alt.Y("y:Q", **STRAIGHT), **ends)
    zero = {"x": 0, "y": place.head - 5, "y2": place.bottom}
    yield uprights([zero], colours.ink_2, place, strokeWidth=1.5)


def row_layers(rows: list[Row], place: Place, colours: Palette) -> Iterable[alt.Chart]:
    """Track, bars, mark and words of every row."""
    yield bars(rows, "zero", "eligible", BAR, place, fill=colours.sunken, stroke=colours.edge, strokeWidth=1)
    yield bars(rows, "zero", "invited", STACK, place, fill=colours.treated)
    dashed: dict[str, Any] = {"strokeDash": [3, 2], "strokeWidth": 1.25}
    held_out = {"fill": colours.holdout_tint, "stroke": colours.holdout_mark, **dashed}
    yield bars(rows, "invited", "addressed", STACK, place, **held_out)
    yield strokes([stroke for row in rows for stroke in hatch(row, place)], colours.holdout_mark)
    marked = [{"x": row["candidates"], "y": row["middle"] - BAR / 2 - 3, "y2": row["middle"] + BAR / 2 + 3}
              for row in rows if row["candidates"]]  # fmt: skip
    yield uprights(marked, colours.ink_2, place, strokeWidth=2)
    yield from word_layers(rows, place, colours)


def word_layers(rows: list[Row], place: Place, colours: Palette) -> Iterable[alt.Chart]:
    """Every figure in words, beside its bar and in its colour."""
    heavy: dict[str, Any] = {"fontSize": 13, "fontWeight": 600}
    yield words(rows, colours.ink, "name", x=-NAMES, y="name_y", limit=NAMES - 12, **heavy)
    yield words(rows, colours.ink_3, "campaign", x=-NAMES, y="middle", dy=9, limit=NAMES - 12)
    at_end: dict[str, Any] = {"x": alt.X("reach:Q", scale=scale(place), axis=None), "y": "middle", "dx": 9}
    yield words(rows, colours.ink_3, "eligible_text", dy=-8, **at_end)
    yield words(rows, colours.ink_2, "candidates_text", dy=9, **at_end)
    right: dict[str, Any] = {"x": place.invited, "y": "middle", "align": "right"}
    yield words([row for row in rows if row["invited"]], colours.treated, "invited_text", dy=-8, **right, **heavy)
    yield words([row for row in rows if not row["invited"]], colours.ink_3, "invited_text", dy=-8, **right)
    yield words(rows, colours.holdout, "held_out_text", dy=9, **right)
    column: dict[str, Any] = {"x": place.refrained, "limit": REFRAINED}
    yield words(rows, colours.ink_2, "first", y="first_y", **column)
    yield words(rows, colours.ink_3, "second", y="middle", dy=9, **column)


def notes_layers(notes: list[str], place: Place, colours: Palette) -> Iterable[alt.Chart]:
    """What is counted, and what was left out."""
    yield words([{"text": notes}], colours.ink_3, x=-NAMES, y=place.bottom + 24, lineHeight=18)


def on(rows: list[Row]) -> alt.Chart:
    """A chart of these rows."""
    return alt.Chart(alt.InlineData(values=rows))


def scale(place: Place) -> alt.Scale:
    """The one scale of the picture: from zero to a round number."""
    return alt.Scale(domain=[0, place.top], nice=False, zero=True, range=[0, BARS])


def bars(rows: list[Row], start: str, end: str, height: int, place: Place, **style: Any) -> alt.Chart:
    """A bar in each row from one count to another; none where they are equal."""
    seen = [row | {"from": row["middle"] - height / 2, "to": row["middle"] + height / 2}
            for row in rows if row[end] > row[start]]  # fmt: skip
    x = alt.X(f"{start}:Q", scale=scale(place), axis=None)
    chart: alt.Chart = on(seen).mark_rect(**style).encode(x=x, x2=end, y=alt.Y("from:Q", **STRAIGHT), y2="to")
    return chart


def hatch(row: Row, place: Place) -> list[Row]:
    """Slanted strokes that fill the held-out part of a bar; Vega-Lite itself knows no hatching."""
    left, right = (BARS * row[end] / place.top for end in ("invited", "addressed"))
    low = row["middle"] + STACK / 2
    starts = [left - STACK + HATCH * i for i in range(1, int((right - left + STACK) / HATCH) + 1)]
    cut = [(start, max(start, left), min(start + STACK, right)) for start in starts]
    return [{"x": a, "x2": b, "y": low - (a - start), "y2": low - (b - start)} for start, a, b in cut if b > a]


def strokes(rows: list[Row], colour: str) -> alt.Chart:
    """Thin lines between pixels."""
    ends: Any = {"x": alt.X("x:Q", **STRAIGHT), "y": alt.Y("y:Q", **STRAIGHT), "x2": "x2", "y2": "y2"}
    chart: alt.Chart = on(rows).mark_rule(color=colour, strokeWidth=1).encode(**ends)
    return chart


def uprights(rows: list[Row], colour: str, place: Place, **style: Any) -> alt.Chart:
    """Upright lines at values of the scale."""
    x = alt.X("x:Q", scale=scale(place), axis=None)
    chart: alt.Chart = on(rows).mark_rule(color=colour, **style).encode(x=x, y=alt.Y("y:Q", **STRAIGHT), y2="y2")
    return chart


def words(rows: list[Row], colour: str, field: str = "text", *, x: Any, y: Any, **style: Any) -> alt.Chart:
    """A text for each row, small and sans unless the style says otherwise; x and y are pixels, a field or a channel."""
    look = {"font": SANS, "fontSize": 12, "align": "left", "baseline": "middle", "limit": 0, **style}
    x = x if isinstance(x, alt.X) else alt.value(x)
    y = alt.Y(f"{y}:Q", **STRAIGHT) if isinstance(y, str) else alt.value(y)
    chart: alt.Chart = on(rows).mark_text(color=colour, **look).encode(x=x, y=y, text=alt.Text(f"{field}:N"))
    return chart


def page(layers: list[alt.Chart], place: Place, colours: Palette, description: str) -> dict[str, Any]:
    """All layers on one sheet of paper of a fixed size."""
    whole = alt.layer(*layers).properties(
        width=place.right, height=place.height, background=colours.bg, description=description,
        autosize=alt.AutoSizeParams(type="none"),
        padding={"left": GUTTER + NAMES, "right": GUTTER, "top": 0, "bottom": 0},
    )  # fmt: skip
    spec: dict[str, Any] = whole.configure_view(stroke=None).to_dict()
    return spec
