"""Short names for long ids."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b


@lru_cache(maxsize=4096)
def visitor_label(visitor: str) -> str:
    """Four digits by which agents speak of a visitor; always the same for the same visitor, not unique."""
    digest = blake2b(visitor.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return f"{int.from_bytes(digest, 'big') % 10_000:04d}"
