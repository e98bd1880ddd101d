"""The button by which a visitor opens a chat himself: is it there now, and when could time alone change that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aparte.sessions.model import SessionState
from aparte.targeting.behaviours import Measure
from aparte.targeting.conditions import Checked, Scope, compile_condition
from aparte.targeting.rules import Moment, atoms_of, compile_next_change


@dataclass(frozen=True, slots=True, eq=False)
class CompiledButton:
    """The condition of the button, ready to be asked at each pulse."""

    checked: Checked
    holds: Callable[..., bool]
    next_change: Moment
    """The next moment after now at which time changes one of its comparisons; none without such a moment."""


def compile_button(checked: Checked, scope: Scope, measures: Mapping[str, Measure]) -> CompiledButton:
    """Make the button's checked condition ready."""
    atoms = tuple(atoms_of(checked, measures))
    return CompiledButton(checked, compile_condition(checked), compile_next_change(atoms, scope))


def nothing_yet(now: int, measures: Mapping[str, Measure]) -> SessionState:
    """What the condition sees of a visitor whose session has not begun, or is over."""
    return SessionState(0, now, now, measures=[one.empty for one in measures.values()])
