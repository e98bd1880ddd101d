"""The words of reports: the figures that a picture shows, as plain values."""

from __future__ import annotations

from msgspec import Struct


class RuleFunnel(Struct, frozen=True, kw_only=True):
    """What became of one rule, from the sessions in which it held down to its invitations."""

    name: str
    campaign: str = ""
    """Shown only when the rules belong to several campaigns."""
    eligible: int = 0
    covered: int = 0
    candidates: int = 0
    invited: int = 0
    held_out: int = 0
    refrained: tuple[tuple[str, int], ...] = ()
    """Refusals by reason, the most frequent first."""


class ReplayFigures(Struct, frozen=True, kw_only=True):
    """What a replay found; times are in milliseconds since 1970."""

    events: int = 0
    sessions: int = 0
    first_at: int | None = None
    last_at: int | None = None
    rules: tuple[RuleFunnel, ...] = ()
    remarks: tuple[str, ...] = ()
    """What was left out and why, a sentence each."""
