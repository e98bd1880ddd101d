"""`aparte experiment`: what two arms tell, from their sums."""

from __future__ import annotations

import json
from typing import Any, TextIO

import click
from rich.table import Table

from aparte.cli.shared import Screen
from aparte.experiments.given import read
from aparte.experiments.statistics import SRM_ALARM
from aparte.experiments.summary import summary

WORDS = {
    "stop": "stop the rule",
    "keep": "keep the rule",
    "widen": "widen the rule",
    "change": "change the rule",
    "not_yet_known": "not yet known",
    "srm_alarm": "alarm, the sample ratio is broken",
}


@click.group(short_help="What two arms of an experiment tell.")
def experiment() -> None:
    """Statistics of experiments. Each figure is defined in docs/reference/experiment.md."""


@experiment.command(short_help="Compare treated with control from their sums.")
@click.argument("sums", type=click.File("r", "utf-8", "replace"), default="-", metavar="[FILE]")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as one JSON object.")
def compare(sums: TextIO, *, as_json: bool) -> None:
    """Compare the treated with those held out by chance, from sums. Reads one JSON object from FILE or standard input.

    \b
    {"control": {"n": 1000, "orders": 50, "sum": 4100, "sumsq": 401000},
     "treated": {"n": 9000, "orders": 540, "sum": 45200, "sumsq": 4380000, "took_up": 900},
     "weights": [0.1, 0.9]}

    n are the visitors as they were dealt, orders those who ordered, sum and sumsq what each spent and its square, added
    up; took_up those who accepted. weights are the planned shares, control first. More is known with took_up_orders
    (of those who took up), planned (visitors to hold out, fixed beforehand), days (since the start) and
    unused_capacity. Intervals are of 95 %; what cannot be told is null, with its reason.
    """
    found = summary(read(sums.read(), "standard input" if sums.name == "<stdin>" else sums.name))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        show(found)


def show(found: dict[str, Any]) -> None:
    """The figures as a person reads them."""
    screen = Screen(highlight=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("")
    for name in ("estimate", "95 % interval", "looked at daily", "p"):
        table.add_column(name, justify="right")
    rows(table, "orders per visitor, points", found["itt"], 100)
    cace = found["cace"]
    table.add_row(
        "orders per taker, points", signed(cace["estimate"], 100), between(cace["anderson_rubin_ci"], 100), "-", "-"
    )
    rows(table, "revenue per visitor", found["revenue"], 1)
    screen.print(table)
    for label, name in (("orders", "itt"), ("takers", "cace"), ("revenue", "revenue")):
        for key in ("why", "assumed"):
            if key in found[name]:
                screen.print(f"{label}: {found[name][key]}")
    screen.print(dealt(found["srm_p"]))
    screen.print(f"verdict: {WORDS[found['verdict']]}; {found['why']}{lasting(found['days_needed'])}")


def rows(table: Table, label: str, told: dict[str, Any], scale: float) -> None:
    """A figure on the absolute scale, and as a share of the control."""
    always = between(told["always_valid_ci"], scale)
    table.add_row(label, signed(told["estimate"], scale), between(told["ci"], scale), always, chance(told["p"]))
    share = told["relative"]
    table.add_row("  relative to control, %", signed(share["estimate"], 100), between(share["ci"], 100), "-", "-")


def signed(value: float | None, scale: float) -> str:
    """A difference for people."""
    return "-" if value is None else f"{value * scale:+,.2f}"


def between(pair: list[float | None] | None, scale: float) -> str:
    """An interval for people; an end that is not there is written as such."""
    if pair is None:
        return "-"
    low, high = ("no bound" if end is None else f"{end * scale:+,.2f}" for end in pair)
    return f"{low} to {high}"


def chance(p: float | None) -> str:
    """A p-value for people."""
    return "-" if p is None else "<0.0001" if p < 0.0001 else f"{p:.4f}"


def dealt(p: float | None) -> str:
    """Whether chance dealt the arms as planned."""
    if p is None:
        return "sample ratio: not asked, weights are not given"
    return f"sample ratio: p {chance(p)}, {'not as planned' if p < SRM_ALARM else 'as planned'}"


def lasting(days: int | None) -> str:
    """How long still."""
    return "" if days is None else f", {days:,} days at this pace"
