"""Whether a guided script can be walked through: every branch leads somewhere, every step can be reached. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aparte.conversations.filling import checked_body
from aparte.conversations.library import MOST_STEPS, Branch, Step
from aparte.kit.errors import BadInput

ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
MOST_BRANCHES = 8
LONGEST_LABEL = 120


def checked_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps as they are stored; BadInput says which one is wrong, and how."""
    if not 1 <= len(steps) <= MOST_STEPS:
        raise BadInput(f"a script has 1 to {MOST_STEPS} steps", where="steps")
    known = names(steps)
    checked = tuple(checked_step(place, one, known) for place, one in enumerate(steps))
    lost = sorted(known - reached(checked))
    if lost:
        raise BadInput(f"no answer leads to the step {lost[0]}", where="steps", hint="lead to it, or take it out")
    return checked


def names(steps: Sequence[Step]) -> set[str]:
    """The ids of the steps; BadInput for one that is none, or is there twice."""
    known: set[str] = set()
    for place, one in enumerate(steps):
        if not ID.fullmatch(one.id):
            raise BadInput("the id of a step is 1 to 40 letters, digits, - and _", where=f"steps[{place}].id")
        if one.id in known:
            raise BadInput(f"two steps have the id {one.id}", where=f"steps[{place}].id")
        known.add(one.id)
    return known


def checked_step(place: int, step: Step, known: set[str]) -> Step:
    """One step, whose branches lead to steps that there are."""
    if len(step.next) > MOST_BRANCHES:
        raise BadInput(f"a step has {MOST_BRANCHES} answers at most", where=f"steps[{place}].next")
    branches = []
    for number, one in enumerate(step.next):
        where = f"steps[{place}].next[{number}]"
        label = " ".join(one.label.split())
        if not 1 <= len(label) <= LONGEST_LABEL:
            raise BadInput(f"an answer has 1 to {LONGEST_LABEL} characters", where=f"{where}.label")
        if one.to not in known:
            raise BadInput(f"there is no step {one.to}", where=f"{where}.to", hint="name the id of a step")
        branches.append(Branch(label, one.to))
    return Step(step.id, checked_body(step.say, f"steps[{place}].say"), tuple(branches))


def reached(steps: Sequence[Step]) -> set[str]:
    """The steps that can be come to from the first."""
    leads = {one.id: [branch.to for branch in one.next] for one in steps}
    found, waiting = set[str](), [steps[0].id]
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting += leads[step]
    return found
