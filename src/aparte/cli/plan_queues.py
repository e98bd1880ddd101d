"""`aparte plan erlang-b`, `erlang-c`, `erlang-a`, `chat`: how a queue does with so many agents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
import msgspec
from rich.table import Table

from aparte.cli.plan_queue_words import FIGURES, METHODS, Language
from aparte.cli.shared import Screen
from aparte.kit.errors import BadInput
from aparte.reports.numbers import number, share

SHARES = {
    "p_blocked", "p_wait", "p_abandon", "service_level", "occupancy", "served_in_time", "waited_longer",
    "abandoned_in_time", "slots_used",
}  # fmt: skip
OPTIONS = {
    "agents", "erlangs", "aht", "patience", "threshold", "arrivals_per_hour", "chats_per_hour", "concurrency",
    "agent_seconds", "customer_seconds", "turns", "service_level", "occupancy", "abandoned", "least_agents",
    "reply_time", "most_at_once", "shrinkage", "interval", "days", "skill",
}  # fmt: skip
"""Inputs that have an option of their own."""
KEPT = ("agent_seconds", "customer_seconds")
"""Inputs whose option says the unit too."""


def option(name: str, kind: Any, what: str, **more: Any) -> Callable[[Any], Any]:
    """An option that must be given, unless it has a default."""
    return click.option(name, type=kind, required="default" not in more, show_default=True, help=what, **more)


agents_option = option("--agents", int, "Agents at work at the same time.", metavar="N")
erlangs_option = option("--erlangs", float, "Load: arrivals an hour times seconds each takes, by 3600.", metavar="A")
aht_option = option("--aht", float, "Mean handling time in seconds, with the work after it.", metavar="S")
patience_option = option("--patience", float, "Mean seconds until somebody gives up waiting.", metavar="S")
threshold_option = option("--threshold", float, "Seconds within which to answer.", default=20.0, metavar="S")
json_option = click.option("--json", "as_json", is_flag=True, help="Print all figures as one JSON object.")
language_option = click.option(
    "--language", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Of the table."
)


@click.command("erlang-b", short_help="Nobody may wait: how many find all agents busy.")
@agents_option
@erlangs_option
@json_option
@language_option
def erlang_b(agents: int, *, erlangs: float, as_json: bool, language: Language) -> None:
    """How many find all agents busy, when nobody may wait (M/M/n/n)."""
    from aparte.planning.erlang import erlang_b as blocked_of  # noqa: PLC0415  numpy loads slowly

    with as_options():
        blocked = blocked_of(agents, erlangs)
    show({"p_blocked": blocked, "occupancy": erlangs * (1 - blocked) / agents}, language, as_json=as_json)


@click.command("erlang-c", short_help="Everybody waits: how long, with so many agents.")
@agents_option
@erlangs_option
@aht_option
@threshold_option
@json_option
@language_option
def erlang_c(agents: int, *, erlangs: float, aht: float, threshold: float, as_json: bool, language: Language) -> None:
    """How long people wait who never give up (M/M/n). Without more agents than erlangs the queue has no end."""
    from aparte.planning.erlang import erlang_c as queue_of  # noqa: PLC0415  numpy loads slowly

    with as_options():
        found = queue_of(agents, erlangs, aht, threshold)
    show(msgspec.to_builtins(found), language, as_json=as_json)


@click.command("erlang-a", short_help="Some give up waiting: how many, with so many agents.")
@agents_option
@option("--arrivals-per-hour", float, "How many come in an hour.", metavar="X")
@aht_option
@patience_option
@threshold_option
@json_option
@language_option
def erlang_a(
    agents: int,
    *,
    arrivals_per_hour: float,
    aht: float,
    patience: float,
    threshold: float,
    as_json: bool,
    language: Language,
) -> None:
    """How long people wait, and how many give up, when each waits as long as his patience lasts (M/M/n+M)."""
    from aparte.planning.erlang import erlang_a as queue_of  # noqa: PLC0415  numpy loads slowly

    with as_options():
        found = queue_of(agents, arrivals_per_hour, aht, patience, threshold)
    show(msgspec.to_builtins(found), language, as_json=as_json)


@click.command("chat", short_help="Several conversations an agent: what that gains, and who waits.")
@agents_option
@option("--concurrency", int, "Conversations at a time of one agent, at most.", metavar="K")
@option("--chats-per-hour", float, "How many come in an hour.", metavar="X")
@option("--agent-seconds", float, "An agent's work for one message.", metavar="S")
@option("--customer-seconds", float, "From the agent's message to the customer's next one.", metavar="S")
@option("--turns", float, "Messages of the agent in a conversation.", metavar="N")
@patience_option
@threshold_option
@json_option
@language_option
def chat(
    agents: int,
    *,
    concurrency: int,
    chats_per_hour: float,
    agent_seconds: float,
    customer_seconds: float,
    turns: float,
    patience: float,
    threshold: float,
    as_json: bool,
    language: Language,
) -> None:
    """How a chat does whose agents have several conversations at a time, the least loaded first.

    gain is what that many at a time gain over one at a time, reply_s the mean reply time of an agent who has them all.
    """
    from aparte.planning.chat import Talk  # noqa: PLC0415  numpy loads slowly
    from aparte.planning.chat import chat as chat_of  # noqa: PLC0415  numpy loads slowly

    with as_options():
        talk = Talk(agent_seconds, customer_seconds, turns)
        found = chat_of(agents, concurrency, chats_per_hour, talk, patience, threshold)
    show(msgspec.to_builtins(found), language, as_json=as_json)


@contextmanager
def as_options() -> Iterator[None]:
    """Name what is refused as it was written on the command line."""
    try:
        yield
    except BadInput as error:
        told = error.where if error.where in KEPT else error.where.removesuffix("_seconds")
        where = f"--{told.replace('_', '-')}" if told in OPTIONS else error.where
        raise BadInput(error.what, where=where, hint=error.hint) from None


def show(found: Mapping[str, Any], language: Language, *, as_json: bool) -> None:
    """The figures as one JSON object, or as a table."""
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))
        return
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for name, value in found.items():
        table.add_row(FIGURES[name][language], told(name, value, language))
    Screen(highlight=False, markup=False, soft_wrap=True).print(table)


def told(name: str, value: Any, language: Language) -> str:
    """A figure for people."""
    if name == "method":
        return METHODS[value][language]
    if name in SHARES:
        return share(value, language, 2)
    return number(value, language, 2) + (" s" if name.endswith("_s") else "")
