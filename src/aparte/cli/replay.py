"""`aparte replay`: recorded events through the engine."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias

import click
import msgspec
from click.core import ParameterSource
from rich.table import Table

from aparte.app import load_campaigns, read_events
from aparte.app import replay as replay_events
from aparte.cli.compare import Comparing, compare, compare_options
from aparte.cli.shared import (
    Screen,
    capacity_option,
    counted,
    progress_of,
    start_capacity,
)
from aparte.engagements.model import Decision
from aparte.kit.errors import BadInput
from aparte.replay.model import RuleCounts, Summary
from aparte.reports.model import ReplayFigures, RuleFunnel
from aparte.routing.model import Capacity

Theme: TypeAlias = Literal["light", "dark"]
FUNNEL = ("eligible", "covered", "candidates", "invited", "held out")
ANY_WIDTH = 10_000
WIDE = 120  # columns, when nobody's terminal says otherwise


@click.command(short_help="Run recorded events through the engine.")
@click.argument("events", nargs=-1, type=click.Path(path_type=Path), metavar="EVENTS...")
@click.option(
    "--campaigns", "campaigns_file", type=click.Path(path_type=Path), metavar="FILE", help="The campaign file (TOML)."
)
@capacity_option
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option("--decisions-out", type=click.Path(path_type=Path), metavar="FILE", help="Write each decision as JSONL.")
@click.option("--picture", type=click.Path(path_type=Path), metavar="FILE", help="Draw the rules (.svg or .png).")
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", help="Colours of the picture.")
@compare_options
@click.pass_context
def replay(
    context: click.Context,
    events: tuple[Path, ...],
    campaigns_file: Path | None,
    *,
    capacity: Capacity | str,
    as_json: bool,
    decisions_out: Path | None,
    picture: Path | None,
    theme: Theme,
    **of_comparison: Any,
) -> None:
    """Run recorded events through the engine, at recorded time: what would these rules have done?

    EVENTS are files of Segment messages, one JSON object a line, plain or gzip. Several files are merged by time; ties
    keep the order of the files, then of the lines. What cannot be read is counted with its reason, never fatal.

    The decision log names, for every rule that held: invite, hold_out or refrain with its reason, and the values that
    the condition read. The same input gives the same output, byte for byte.

    With --compare OLD NEW two campaign files are run over the same events and shown side by side.
    """
    comparing = Comparing(**of_comparison)
    if comparing.compared is not None:
        said = context.get_parameter_source("capacity") is not ParameterSource.DEFAULT
        compare(events, comparing, capacity if said else None, as_json=as_json)
        return
    if comparing.data is not None:
        raise click.UsageError("--data goes with --compare; aparte export events writes the log as EVENTS")
    if not events:
        raise click.UsageError("Missing argument 'EVENTS...'")
    if campaigns_file is None:
        raise click.UsageError("Missing option '--campaigns'")
    draw = painter(picture, theme)
    campaigns = load_campaigns(campaigns_file)
    keep_inputs(decisions_out, (*events, campaigns_file))
    start, recorded = start_capacity(capacity)
    started = time.perf_counter()
    with written(decisions_out) as write, progress_of(events, quiet=as_json) as progress:
        stream = read_events(events, trusted=recorded, progress=progress)
        summary = replay_events(campaigns, stream, start, recorded=recorded, on_decision=write)
    seconds = time.perf_counter() - started
    draw(summary)
    if as_json:
        click.echo(json.dumps(summary.as_json(), ensure_ascii=False, indent=1))
    else:
        show(summary, seconds, (decisions_out, picture))


def keep_inputs(output: Path | None, inputs: tuple[Path, ...]) -> None:
    """The decision log must not take the place of what is read."""
    if output is not None and any(output.exists() and one.exists() and output.samefile(one) for one in inputs):
        raise click.BadParameter(f"{output} is also read; name another file", param_hint="'--decisions-out'")


@contextmanager
def written(path: Path | None) -> Iterator[Callable[[Decision], None] | None]:
    """A function that writes a decision as one line; none without a file."""
    if path is None:
        yield None
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    encoder = msgspec.json.Encoder()
    with path.open("wb", buffering=1 << 20) as file:

        def write(decision: Decision) -> None:
            file.write(encoder.encode(decision) + b"\n")

        yield write


def painter(path: Path | None, theme: Theme) -> Callable[[Summary], None]:
    """What draws a replay into this file. What is wrong with it is said at once, not when a long replay is over."""
    if path is None:
        return lambda summary: None
    try:
        from aparte.reports.replay_picture import picture_suffix, save_picture  # noqa: PLC0415  heavy, and an extra
    except ImportError:
        hint = "pip install 'aparte[reports]'"
        raise BadInput("pictures need the extra `reports`", where="--picture", hint=hint) from None
    picture_suffix(path)

    def draw(summary: Summary) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_picture(figures_of(summary), path, theme=theme)

    return draw


def figures_of(summary: Summary) -> ReplayFigures:
    """The figures that the picture shows."""
    return ReplayFigures(
        events=summary.events,
        sessions=summary.sessions,
        first_at=summary.first_at,
        last_at=summary.last_at,
        rules=tuple(funnel(key, counts) for key, counts in summary.rules.items()),
        remarks=tuple(f"{text}." for text in remarks(summary)),
    )


def funnel(key: str, counts: RuleCounts) -> RuleFunnel:
    """One rule of the picture."""
    campaign, _, name = key.partition("/")
    return RuleFunnel(
        name=name,
        campaign=campaign,
        eligible=counts.eligible_sessions,
        covered=counts.covered,
        candidates=counts.candidates,
        invited=counts.invited,
        held_out=counts.held_out,
        refrained=tuple(counts.refrained.most_common()),
    )


def show(summary: Summary, seconds: float, files: tuple[Path | None, ...]) -> None:
    """The figures as a person reads them."""
    console = Screen(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else WIDE)
    console.print(
        f"{counted(summary.events, 'event')} of {counted(summary.visitors, 'visitor')} "
        f"in {counted(summary.sessions, 'session')}; {counted(summary.orders, 'order')}, revenue {summary.revenue:,.2f}"
    )
    for text in remarks(summary):
        console.print(text)
    for table in rules_tables(summary, console):
        console.print(table)
    console.print(
        f"{counted(summary.decisions, 'decision')}, {counted(summary.timers, 'timer')} fired, {seconds:.1f} s"
    )
    for file in files:
        if file is not None:
            console.print(f"written: {file}")


def remarks(summary: Summary) -> Iterator[str]:
    """What was left out, and why; nothing is dropped in silence."""
    if summary.duplicates:
        yield f"{summary.duplicates:,} sent twice, counted once"
    if summary.quarantined:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in summary.quarantine.most_common())
        yield f"{counted(summary.quarantined, 'line')} quarantined: {reasons}"
    if summary.bot_sessions:
        yield f"{counted(summary.bot_sessions, 'session')} of bots, never invited and in no rule's figures"


def rules_tables(summary: Summary, console: Screen) -> list[Table]:
    """One row a rule: the funnel from left to right, then the refusals; below it where the terminal is narrow."""
    whole = rules_table(summary, funnel=True, refrained=True)
    if console.measure(whole, options=console.options.update(max_width=ANY_WIDTH)).maximum <= console.width:
        return [whole]
    return [rules_table(summary, funnel=True), rules_table(summary, refrained=True)]


def rules_table(summary: Summary, *, funnel: bool = False, refrained: bool = False) -> Table:
    """One row a rule, with these figures."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("rule", overflow="fold")
    for name in FUNNEL if funnel else ():
        table.add_column(name, justify="right", no_wrap=True)
    if refrained:
        table.add_column("refrained", overflow="fold")
    campaigns = {key.split("/")[0] for key in summary.rules}
    for key, counts in summary.rules.items():
        name = key.split("/")[1] if len(campaigns) == 1 else key
        table.add_row(name, *(figures(counts) if funnel else ()), *([refusals(counts)] if refrained else []))
    return table


def figures(counts: RuleCounts) -> tuple[str, ...]:
    """The funnel of a rule."""
    numbers = (counts.eligible_sessions, counts.covered, counts.candidates, counts.invited, counts.held_out)
    return tuple(f"{number:,}" for number in numbers)


def refusals(counts: RuleCounts) -> str:
    """Refusals by reason, the most frequent first."""
    return ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in counts.refrained.most_common())
