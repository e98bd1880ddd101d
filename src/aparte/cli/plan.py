"""`aparte plan`: what to expect, how many people it takes, and how long until one knows."""

from __future__ import annotations

import click

from aparte.cli.plan_claims import claims
from aparte.cli.plan_pilot import pilot
from aparte.cli.plan_queues import chat, erlang_a, erlang_b, erlang_c
from aparte.cli.plan_roi import roi
from aparte.cli.plan_staff import forecast, staff


@click.group(short_help="The business case, the pilot, the staffing.")
def plan() -> None:
    """Plan before, and hold the plan against what was measured. Each figure is defined in docs/reference/plan.md."""


plan.add_command(claims)
plan.add_command(pilot)
plan.add_command(roi)
plan.add_command(erlang_b)
plan.add_command(erlang_c)
plan.add_command(erlang_a)
plan.add_command(chat)
plan.add_command(forecast)
plan.add_command(staff)
