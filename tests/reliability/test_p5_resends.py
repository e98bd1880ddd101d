"""P5: whatever is sent again changes nothing.

Stories of visitors and agents are told once with each call made once; then, in another data folder, with each call made
1 to 5 times at once, the server killed between, and calls of before coming again in any order. The two databases hold
the same. At the end somebody takes the next of a queue, by keys that come again in another life.

Mutants seen to fail here: the dedupe in memory only; an `Idempotency-Key` of the next one that is not looked for.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic

from mutating import EXCEPTIONS, mutating, unasked
from resending import difference, told
from sizes import LATER, said, size

OPERATIONS = size(350, 20_000, 1_000_000)
LIVES = size(3, 20, 200)
PER_STORY = 7
"""Calls, about."""


def test_calls_that_are_resent_leave_the_state_of_calls_made_once(tmp_path: Path) -> None:
    stories, begun = OPERATIONS // PER_STORY, monotonic()
    once, first = asyncio.run(told(tmp_path / "once", stories))
    often, second = asyncio.run(told(tmp_path / "often", stories, most=5, lives=LIVES, calls=once.calls))
    said(
        f"P5: {often.calls} operations, sent {often.sent} times in {LIVES} lives, {len(first)} lines of state, "
        f"{monotonic() - begun:.0f} s: {len(difference(first, second))} differ, {len(often.differing)} answers differ"
    )
    assert difference(first, second) == []
    assert often.differing == []
    assert once.sent == once.calls
    assert often.sent > 2 * often.calls
    assert unasked(mutating(), often.made) == [], "put it into stories.py, or with a reason into mutating.py"


def test_a_call_that_changes_something_and_is_in_no_story_is_found() -> None:
    """The defect planted: a route that nobody has thought of."""
    assert unasked(["PUT /rumours/{rumour}", "DELETE /rumours/{rumour}"], [("PUT", "/api/v1/site")]) == [
        "PUT /rumours/{rumour}"
    ]
    assert unasked(["PUT /rumours/{rumour}"], [("PUT", "/api/v1/rumours/7")]) == []
    assert sorted(EXCEPTIONS.keys() - mutating()) == [], "these are no routes any more"


@LATER
def test_dedupe_in_memory_only_is_caught(tmp_path: Path) -> None:
    _, first = asyncio.run(told(tmp_path / "once", 60))
    _, second = asyncio.run(told(tmp_path / "often", 60, most=3, lives=5, calls=480, defect="memory_dedupe"))
    found = difference(first, second)
    said(f"P5 with memory_dedupe: {len(found)} lines differ, {found[:2]}")
    assert any("entry" in one for one in found)
