"""The sessions of a scope, in SQL; every part of the report begins with them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aparte.reports.scope import Scope, where

GAP_MS = 1_800_000
"""So long without an event ends a session: until then its last page is no exit."""
CHECKOUT = "('Checkout Step Viewed', 'Checkout Started')"


def visits(scope: Scope, *, also: str = "", values: Sequence[Any] = ()) -> tuple[str, list[Any]]:
    """`visits AS (...)`: the sessions of humans within the filters, whether they are over or not."""
    said, known = where(scope, "session", "s")
    return f"visits AS (SELECT s.* FROM session s WHERE {said}{also})", [*known, *values]


def over(scope: Scope) -> tuple[str, list[Any]]:
    """The same without those that may go on: what is their last page now is no exit yet."""
    return visits(scope, also=f" AND s.ended_at + {GAP_MS} <= ?", values=[scope.now])


def own_events(columns: str, condition: str = "true") -> str:
    """The events of `visits` as a SELECT; `columns` and `condition` are of `e` and `v`. Takes the site."""
    return (
        f"SELECT {columns} FROM event e JOIN visits v ON e.visitor = v.visitor AND e.session_at = v.started_at "
        f"WHERE e.site = ? AND {condition}"
    )


def like(pattern: str) -> str:
    """A path with `*` as a pattern of LIKE, whose escape is `!`."""
    bare = pattern.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return bare.replace("*", "%")
