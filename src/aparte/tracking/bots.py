"""Robots that say who they are. A mark, never a drop: marked visitors get no offer and stay out of the denominators."""

from __future__ import annotations

from functools import lru_cache

from crawleruseragents import is_crawler  # type: ignore[import-untyped]

# Longer user agents are cut, so that the cache and the search stay small whatever a client sends.
MAX_USER_AGENT = 512
CACHED_USER_AGENTS = 8_192


@lru_cache(maxsize=CACHED_USER_AGENTS)
def _listed(user_agent: str) -> bool:
    return bool(is_crawler(user_agent))


def is_bot(user_agent: str) -> bool:
    """Whether the list of crawler-user-agents knows this user agent; an empty one tells nothing."""
    return _listed(user_agent[:MAX_USER_AGENT])
