"""The options of `aparte plan forecast` and `aparte plan staff`: where arrivals come from, what is needed for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec import Struct

from aparte.planning.queue_inputs import MOST_CHATS

C = TypeVar("C", bound=Callable[..., Any])

SOURCES = (
    click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="A data folder: what it has recorded."),
    click.option("--site", metavar="ID", help="Which site of it; needed only when there are several."),
    click.option("--campaigns", type=click.Path(path_type=Path), metavar="FILE",
                 help="What these campaigns would have brought, run over --events or over the log of --data."),
    click.option("--events", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
                 help="Recorded events, as for aparte replay; may be given several times."),
    click.option("--acceptance", type=float, metavar="SHARE",
                 help="Of invitations. [default: as learnt in the log, 0.1 at first]"),
    click.option("--channel", type=click.Choice(["chat", "phone"]), default="chat", show_default=True,
                 help="What the agents do."),
    click.option("--skill", metavar="NAME", help="Only this skill. [default: each of them]"),
    click.option("--time-zone", default="Europe/Paris", show_default=True, metavar="ZONE",
                 help="Of a table of dates; a data folder and campaigns have their own."),
    click.option("--interval", type=float, default=0.8, show_default=True, metavar="SHARE",
                 help="Share of half-hours to come that lie between low and high."),
    click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
                 help="First day to come. [default: a week without dates]"),
    click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, metavar="N",
                 help="Days to come, with --from."),
)  # fmt: skip


class Sources(Struct, frozen=True, kw_only=True):
    """What was given of them."""

    data: Path | None
    site: str | None
    campaigns: Path | None
    events: tuple[Path, ...]
    acceptance: float | None
    channel: str
    skill: str | None
    time_zone: str
    interval: float
    since: datetime | None
    days: int


def source_options(command: C) -> C:
    """The options of all sources."""
    for option in reversed(SOURCES):
        command = option(command)
    return command


OPTIONS = (
    click.option("--service-level", type=float, default=0.8, show_default=True, metavar="SHARE",
                 help="Share of all that gets an agent within the threshold, at least."),
    click.option("--threshold", type=float, default=20.0, show_default=True, metavar="S", help="That time, seconds."),
    click.option("--occupancy", type=float, default=0.85, show_default=True, metavar="SHARE",
                 help="Share of agents' time in work, at most."),
    click.option("--abandoned", type=float, metavar="SHARE", help="Share of all who may give up waiting, at most."),
    click.option("--least-agents", type=int, default=0, show_default=True, metavar="N",
                 help="At work for each skill even when nobody comes."),
    click.option("--aht", type=float, metavar="S", help="Phone: mean handling time in seconds, with the work after."),
    click.option("--patience", type=float, metavar="S",
                 help="Mean seconds until somebody gives up waiting. [default: chat 180; phone: nobody gives up]"),
    click.option("--agent-seconds", type=float, metavar="S", help="Chat: an agent's work for one message."),
    click.option("--customer-seconds", type=float, metavar="S", help="Chat: from it to the customer's next message."),
    click.option("--turns", type=float, metavar="N", help="Chat: messages of the agent in a conversation."),
    click.option("--reply-time", type=float, default=60.0, show_default=True, metavar="S",
                 help="Chat: mean reply of a full agent, at most; decides how many conversations he has at a time."),
    click.option("--most-at-once", type=int, default=MOST_CHATS, metavar="K",
                 help="Chat: never more conversations at a time than this."),
    click.option("--concurrency", type=int, metavar="K", help="Chat: so many at a time, whatever the reply time."),
    click.option("--shrinkage", metavar="SHARE",
                 help="Paid time that serves nobody, 0.3 or \"30 %\". [default: the site's, else 0.3]"),
    click.option("--wage", type=float, metavar="X", help="Of a paid hour, with everything, without --team."),
    click.option("--team", "teams", multiple=True, metavar="TEAM",
                 help="NAME, wage=X, agents=N, hours=SHIFT, share=S, shrinkage=S, skills=A+B; all but the name may be "
                 "left out. [default: the teams of --data that say a cost]"),
)  # fmt: skip


class Needs(Struct, frozen=True, kw_only=True):
    """What the options say."""

    service_level: float
    threshold: float
    occupancy: float
    abandoned: float | None
    least_agents: int
    aht: float | None
    patience: float | None
    agent_seconds: float | None
    customer_seconds: float | None
    turns: float | None
    reply_time: float
    most_at_once: int
    concurrency: int | None
    shrinkage: str | None
    wage: float | None
    teams: tuple[str, ...]


def NEEDS(command: C) -> C:  # noqa: N802  a decorator of options
    """The options of the work, the targets and the teams."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
