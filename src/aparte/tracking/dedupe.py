"""A message that was sent again is counted once."""

from __future__ import annotations

from aparte.tracking.model import ClientEvent
from aparte.tracking.store import SeenIds


def is_duplicate(event: ClientEvent, seen: SeenIds, received_at: int | None = None) -> bool:
    """Whether this message came before, by its id.

    The window is one of arrival: an event that waited offline for a week and is sent twice within a minute is one
    event. Recorded files have no arrival; there the event's own time stands for it.
    """
    return not seen.add(event.message_id, event.at if received_at is None else received_at)
