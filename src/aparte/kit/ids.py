"""Ids that anybody can make again from the same facts."""

from __future__ import annotations

from hashlib import blake2b

_BYTES = 15  # 120 bits, so a crafted collision costs 2^60 hashes. Hex, because base32 is slow and this is a hot path.


def stable_id(prefix: str, *parts: str) -> str:
    """`<prefix>_<30 characters 0-9a-f>`, the same for the same parts on every machine and in every version.

    Each part is hashed with its length, so ("ab", "c") and ("a", "bc") differ. Any text may be a part,
    even with a lone surrogate.
    """
    text = "".join([f"{len(part)}:{part}" for part in parts])
    if text.isascii():  # a byte a letter: the same as below in two thirds of the time
        whole = text.encode()
    else:
        raw = [part.encode("utf-8", "surrogatepass") for part in parts]
        whole = b"".join([b"%d:%b" % (len(one), one) for one in raw])
    digest = blake2b(whole, digest_size=_BYTES)
    return f"{prefix}_{digest.hexdigest()}"
