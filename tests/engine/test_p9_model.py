"""P9: a model of the desk, in whatever order things happen, also when the process dies in between."""

from __future__ import annotations

import os
import sys

from desk_model import SEEN, DeskModel
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

LONG = os.environ.get("APARTE_LONG") == "1"
EXAMPLES, STEPS = (130, 50) if LONG else (100, 34)
SITUATIONS = (
    "all slots full",
    "three wait",
    "lost, accepted and reactive wait",
    "accepted when full",
    "a call",
    "a call accepted when nobody is wholly free",
    "a call waits while somebody has a slot",
    "cap reached, slots free",
    "handed to an agent",
    "nobody hands on to somebody who is full",
    "handed to a skill",
    "handed on, and waits",
    "a callback",
    "declined",
    "a request from the queue",
    "no answer",
    "left the queue",
    "served in order",
    "a crash with a full desk and a queue",
)


def test_whatever_happens_slots_are_kept_nobody_is_lost_and_the_queue_is_in_order() -> None:
    SEEN.clear()
    size = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        phases=tuple(Phase) if LONG else (Phase.generate,),  # told at once; the long run makes it small
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(DeskModel, settings=size)
    sys.stdout.write(f"\n{dict(SEEN)}\n")
    assert SEEN["steps"] >= (5_000 if LONG else 300)
    assert {one: SEEN[one] for one in SITUATIONS if not SEEN[one]} == {}  # what never happens proves nothing
