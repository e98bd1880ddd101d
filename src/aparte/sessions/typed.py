"""Values of the kind that a condition expects. Properties may hold anything: whatever is of another kind is absent."""

from __future__ import annotations

from typing import Any


def text(value: Any) -> str | None:
    """A text that is not empty."""
    return value if isinstance(value, str) and value else None


def number(value: Any) -> int | float | None:
    """A number; true is not one."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def whole(value: Any) -> int | None:
    """A whole number; true is not one."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(value: Any) -> bool | None:
    """True or false."""
    return value if isinstance(value, bool) else None
