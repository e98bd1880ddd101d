"""`aparte plan roi`: the business case of a scenario file."""

from __future__ import annotations

import json
from typing import TextIO

import click
import msgspec
from msgspec import Struct, structs
from rich.table import Table

from aparte.cli.shared import Screen
from aparte.planning.channels import ChannelResult, channel_ranges, channels
from aparte.planning.contradictions import Contradiction, contradictions
from aparte.planning.futures import DOTS, DRAWS, Futures, Range, futures
from aparte.planning.inputs import Scenario
from aparte.planning.roi import Case, Result, business_case
from aparte.planning.scenario import read_scenario
from aparte.planning.strategy import Strategy, strategy
from aparte.planning.tornado import Bar, tornado
from aparte.reports.numbers import money, number, points, rounded_money
from aparte.reports.plan_words import (
    MONEY,
    advice_words,
    contradiction_words,
    headline,
    input_name,
    input_value,
    output_value,
    said,
    words,
)

WIDTH = 30
"""Characters of a bar."""


class Answer(Struct, frozen=True, kw_only=True):
    """All that is told of a scenario."""

    scenario: Scenario
    case: Case
    futures: Futures
    tornado: tuple[Bar, ...]
    contradictions: tuple[Contradiction, ...]
    channels: tuple[ChannelResult, ...]
    strategy: Strategy | None


@click.command("roi", short_help="The business case of a scenario file.")
@click.argument("scenario", type=click.File("r", "utf-8-sig", "replace"), metavar="SCENARIO.toml")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as one JSON object.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same futures.")
@click.option("--draws", type=int, default=DRAWS, show_default=True, help="How many futures to draw.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Of the text.")
def roi(scenario: TextIO, *, as_json: bool, seed: int, draws: int, language: str) -> None:
    """What proactive help earns and costs: in a month, over the horizon, in a year, each with its range; what moves the
    result most; which inputs contradict one another; the channels against one another; what the margin allows.

    SCENARIO.toml: examples/business-case.toml is one; every input is in docs/reference/plan.md.
    """
    name = str(getattr(scenario, "name", "<stdin>"))
    given = read_scenario(scenario.read(), "standard input" if name == "<stdin>" else name)
    found = Answer(
        scenario=given,
        case=business_case(given),
        futures=futures(given, seed, draws),
        tornado=tornado(given),
        contradictions=contradictions(given),
        channels=channels(given),
        strategy=strategy(given),
    )
    if as_json:
        click.echo(json.dumps(as_object(found, seed, draws), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        show(found, language)


def as_object(found: Answer, seed: int, draws: int) -> dict[str, object]:
    """All figures: those of the case at the top, the rest by what they are."""
    rest = structs.asdict(found)
    ranges = channel_ranges(found.scenario, seed, draws)
    beside = {name: rest[name] for name in ("futures", "tornado", "contradictions", "channels", "strategy")}
    told: dict[str, object] = msgspec.to_builtins(
        {"name": found.scenario.name} | structs.asdict(found.case) | beside | {"channel_ranges": ranges}
    )
    return told


def show(found: Answer, language: str) -> None:
    """The sentence, then the figures as a person reads them."""
    screen = Screen(highlight=False, soft_wrap=True, markup=False)
    screen.print(found.scenario.name)
    screen.print(headline(found.futures, found.case.currency, language))
    winning = {"winning": str(found.futures.winning_dots), "dots": str(DOTS)}
    screen.print(f"{said('sentences', 'winning', language, **winning)} {paid_back(found, language)}\n")
    screen.print(figures(found, language))
    bars(screen, found, language)
    wrong(screen, found, language)
    if found.channels:
        screen.print(f"\n{said('sentences', 'channels', language)}")
        screen.print(channel_table(found, language))
    advise(screen, found, language)
    beside(screen, found, language)


def paid_back(found: Answer, language: str) -> str:
    """When what was spent has come back, and what a month later costs."""
    case, month = found.case, found.futures.month["net_gain"]
    back, cost = case.pay_back_months, rounded_money(case.cost_of_delay_per_month, month.low, month.high)
    told = (
        said("sentences", "no_pay_back", language, months=str(case.horizon_months))
        if back is None
        else said("sentences", "pay_back", language, month=str(back))
    )
    if cost <= 0:
        return told
    return f"{told} {said('sentences', 'delay', language, figure=money(cost, case.currency, language))}"


def plain_table(*heads: str) -> Table:
    """Text left, figures right."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    return table


def figures(found: Answer, language: str) -> Table:
    """A full month, the horizon, and the range of the horizon."""
    case, currency = found.case, found.case.currency
    over = said("sentences", "over_horizon", language, months=str(case.horizon_months))
    heads = (said("sentences", "per_month", language), over, said("sentences", "eight_in_ten", language))
    table = plain_table("", *heads)
    for name in words()["outputs"]:
        if name in {"pay_back_months", "break_even_lift"} or not getattr(case.horizon, name):
            continue
        month = cell(name, case.month, found.futures.month, currency, language)
        whole = cell(name, case.horizon, found.futures.horizon, currency, language)
        table.add_row(said("outputs", name, language), month, whole, ends(found, name, language))
    return table


def cell(name: str, result: Result, ranges: dict[str, Range], currency: str, language: str) -> str:
    """A figure at the precision that its range allows."""
    return rounded(name, getattr(result, name), ranges.get(name), currency, language)


def rounded(name: str, value: float | None, one: Range | None, currency: str, language: str) -> str:
    """An amount without digits that its range makes meaningless."""
    if value is not None and one is not None and name in MONEY:
        value = rounded_money(value, one.low, one.high)
    return output_value(name, value, currency, language)


def ends(found: Answer, name: str, language: str) -> str:
    """Between what a figure of the horizon falls eight times in ten."""
    one = found.futures.horizon.get(name)
    if one is None or one.low == one.high:
        return "–"
    low, high = (rounded(name, end, one, found.case.currency, language) for end in (one.low, one.high))
    return f"{low} … {high}"


def bars(screen: Screen, found: Answer, language: str) -> None:
    """What moves the result, as bars in text."""
    case = found.case
    gain = rounded_money(case.year.net_gain, found.futures.low, found.futures.high)
    point = money(gain, case.currency, language, signed=True)
    screen.print(f"\n{said('sentences', 'moves', language, point=point)} {pays_from(case, language)}")
    moving = [bar for bar in found.tornado if bar.swing]
    gains = [end for bar in moving for end in (bar.gain_at_low, bar.gain_at_high, bar.gain_at_value)]
    table = plain_table("", "", "", "")
    for column in table.columns[1:]:
        column.no_wrap = True
    table.columns[2].justify = table.columns[3].justify = "left"
    table.show_header = False
    for bar in moving:
        ends = sorted(((bar.gain_at_low, bar.low), (bar.gain_at_high, bar.high)))
        low, high = (input_value(bar.input, value, case.currency, language) for _, value in ends)
        table.add_row(input_name(bar.input, language), low, drawn_bar(bar, min(gains), max(gains)), high)
    screen.print(table)


def drawn_bar(bar: Bar, least: float, most: float) -> str:
    """From the worse end to the point, and from there to the better end."""
    scale = (WIDTH - 1) / ((most - least) or 1)
    first, point, last = sorted(
        round((one - least) * scale) for one in (bar.gain_at_low, bar.gain_at_value, bar.gain_at_high)
    )
    return " " * first + "░" * (point - first) + "│" + "█" * (last - point)


def pays_from(case: Case, language: str) -> str:
    """From which effect on it pays."""
    if case.break_even_lift is None:
        return said("sentences", "pays_never", language)
    if case.break_even_lift == 0:
        return said("sentences", "pays_always", language)
    return said("sentences", "pays_from", language, lift=points(case.break_even_lift, language))


def wrong(screen: Screen, found: Answer, language: str) -> None:
    """What contradicts itself, with what to change."""
    if not found.contradictions:
        screen.print(f"\n{said('sentences', 'agrees', language)}")
        return
    screen.print(f"\n{said('sentences', 'contradictions', language)}")
    for one in found.contradictions:
        what, hint = contradiction_words(one, found.case.currency, language)
        screen.print(f"- {what} {hint}")
        screen.print(f"  {', '.join(one.inputs)}")


def channel_table(found: Answer, language: str) -> Table:
    """The channels against one another."""
    heads = ("contact", "order", "hour", "against_phone")
    table = plain_table("", *(said("sentences", head, language) for head in heads), "ROI")
    currency = found.case.currency
    for one in found.channels:
        against = one.cost_against_phone
        table.add_row(
            one.name if one.name.lower() == one.kind else f"{one.name} ({said('kinds', one.kind, language).lower()})",
            output_value("cost_per_contact", one.cost_per_contact, currency, language),
            output_value("cost_per_conversion", one.cost_per_conversion, currency, language),
            output_value("sales_per_agent_hour", one.sales_per_agent_hour, currency, language),
            "–" if against is None else output_value("sales_per_agent_hour", against, currency, language),
            output_value("roi", one.roi, currency, language),
        )
    return table


def advise(screen: Screen, found: Answer, language: str) -> None:
    """What the margin allows."""
    if found.strategy is None:
        return
    screen.print(f"\n{said('sentences', 'strategy', language)}")
    volume = found.strategy.model == "high volume, low margin"
    paid = found.strategy.conversations_paid_by_an_order
    times = "∞" if paid is None else number(paid, language, 1)
    screen.print(said("sentences", "model_volume" if volume else "model_margin", language, n=times))
    for one in found.strategy.advice:
        screen.print(f"- {advice_words(one, found.case.currency, language)}")


def beside(screen: Screen, found: Answer, language: str) -> None:
    """What is not money."""
    if not found.case.intangibles:
        return
    screen.print(f"\n{said('sentences', 'intangibles', language)}")
    for one in found.case.intangibles:
        worth = said("sentences", "not_money", language)
        if one.value_per_month is not None:
            figure = money(one.value_per_month, found.case.currency, language, signed=True)
            worth = f"{figure} {said('sentences', 'per_month', language)}"
        now, then = ("–" if value is None else f"{value:g}" for value in (one.now, one.expected))
        screen.print(f"- {one.name}: {now} → {then} ({worth})")
