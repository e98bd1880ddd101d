"""Ids that anybody can make again from the same facts."""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2b

_BYTES = 15  # 24 characters without padding; 120 bits, so a crafted collision costs 2^60 hashes.


def stable_id(prefix: str, *parts: str) -> str:
    """`<prefix>_<24 characters a-z2-7>`, the same for the same parts on every machine and in every version.

    Each part is hashed with its length, so ("ab", "c") and ("a", "bc") differ. Any text may be a part,
    even with a lone surrogate.
    """
    digest = blake2b(digest_size=_BYTES)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw) + raw)
    return f"{prefix}_{b32encode(digest.digest()).decode('ascii').lower()}"
