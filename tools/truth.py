"""Draws docs/pictures/truth.png: reports about shops whose truth is known, each an interval, and who is deceived.

The shops are those of tests/truth/effect_world.py, so the picture shows what the tests hold.
"""

import sys
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from aparte.reports.incrementality.model import Incrementality
from aparte.reports.palette import LIGHT, SANS

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "truth"))
from effect_world import shops, truth  # noqa: E402

TARGET = ROOT / "docs" / "pictures" / "truth.png"
EFFECTS = {0.0: "no effect", 0.05: "+5 % on those who accept", 0.20: "+20 % on those who accept"}
SEEDS, PER_DAY = 200, 150


def rows(found: Incrementality, itt: float) -> list[dict[str, Any]]:
    """An interval each, in points, by its estimate."""
    read = [one.conversion.effect for one in found.campaigns if one.conversion is not None]
    read.sort(key=lambda one: one.estimate)
    return [
        {"run": n, "low": 100 * one.low, "high": 100 * one.high, "holds": one.low <= itt <= one.high}
        for n, one in enumerate(read)
    ]


def panel(effect: float, name: str) -> alt.LayerChart:
    """All runs of one effect."""
    itt, _ = truth(effect)
    with shops(SEEDS, days=10, per_day=PER_DAY, effect=effect) as world:
        found = world.report()
    drawn = rows(found, itt)
    ratios = [one.naive_ratio for one in found.campaigns if one.naive_ratio is not None]
    held = sum(one["holds"] for one in drawn)
    says = f"{held} of {len(drawn)} hold the true {100 * itt:+.2f} points"
    naive = f"who chatted against the rest: {sum(ratios) / len(ratios):.1f} times"
    colour = alt.Color(
        "holds:N", scale=alt.Scale(domain=[True, False], range=[LIGHT.treated, LIGHT.alert]), legend=None
    )
    scale = alt.Scale(domain=[-4, 4])
    bars = alt.Chart(alt.Data(values=drawn)).mark_rule(strokeWidth=1, clip=True).encode(
        x=alt.X("run:Q", axis=None), y=alt.Y("low:Q", scale=scale, title="points of conversion"), y2="high:Q",
        color=colour,
    )  # fmt: skip
    line = alt.Chart(alt.Data(values=[{"y": 100 * itt}])).mark_rule(color=LIGHT.ink, strokeWidth=1.5).encode(y="y:Q")
    title = alt.Title(name, subtitle=[says, naive], anchor="start", subtitleColor=LIGHT.ink_2)
    return alt.layer(bars, line).properties(width=300, height=240, title=title)


def main() -> None:
    """Write the picture."""
    chart = alt.hconcat(*(panel(effect, name) for effect, name in EFFECTS.items())).configure(
        font=SANS, background="#ffffff", view=alt.ViewConfig(stroke=None)
    )
    TARGET.write_bytes(vl_convert.vegalite_to_png(chart.to_dict(), scale=1.2))
    print(f"{TARGET.relative_to(ROOT)}: written")


if __name__ == "__main__":
    main()
