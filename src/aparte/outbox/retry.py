"""When what has failed is tried again: after 10 s, twice as long each time up to 300 s, for 24 hours."""

from __future__ import annotations

FIRST_MS, LONGEST_MS = 10_000, 300_000
LEAST_MS = 1_000
LIFE_MS = 86_400_000


def pause(attempts: int, jitter: float) -> int:
    """Milliseconds to wait after so many failures (from 1 on); `jitter` is a number of 0 to 1 that somebody has drawn.

    The whole of the pause is jittered, so that many who failed at once do not come back at once.
    """
    doubled = FIRST_MS << min(max(attempts, 1) - 1, 16)
    return max(LEAST_MS, round(min(LONGEST_MS, doubled) * min(max(jitter, 0.0), 1.0)))


def again_at(since: int, now: int, attempts: int, jitter: float) -> int | None:
    """When to try again; None when 24 hours have passed since it began to be due. The last try is at their end."""
    if now - since >= LIFE_MS:
        return None
    return min(now + pause(attempts, jitter), max(now + LEAST_MS, since + LIFE_MS))
