"""The visitor token: who a browser is, said by the server and verified without a look into any store.

`v1.<kid>.<vid>.<iat>.<mac>`: `kid` names the secret, `vid` is 32 hexadecimal digits, `iat` when it was made in ms,
`mac` HMAC-SHA256 over the text before it. Dice and clock are the caller's.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from msgspec import Struct

from aparte.kit.errors import BadInput

LIFE = 396 * 86_400_000
"""13 months; an older token is refused."""
AHEAD = 86_400_000
"""A token from further in the future than this was not made by a clock of ours."""
SECRET_BYTES = 32

_VID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_TOKEN = re.compile(r"(v1\.([0-9A-Za-z_-]{1,16})\.([0-9a-f]{32})\.([0-9]{1,15}))\.([0-9a-f]{64})", re.ASCII)


class TokenKeys(Struct, frozen=True):
    """The secrets by key id; `current` signs, the others still verify."""

    current: str
    secrets: dict[str, bytes]


def token_keys(*secrets: bytes) -> TokenKeys:
    """Keys of these secrets, the first signs; BadInput for one that is too short to be one."""
    if not secrets or any(len(secret) < SECRET_BYTES for secret in secrets):
        raise BadInput("a visitor secret is missing or too short", hint=f"it takes {SECRET_BYTES} random bytes")
    by_id = {sha256(b"kid" + secret).hexdigest()[:8]: secret for secret in secrets}
    return TokenKeys(next(iter(by_id)), by_id)


def make(keys: TokenKeys, vid: str, at: int) -> str:
    """The token of a visitor, made at `at` (ms); ValueError when the vid is not 32 hexadecimal digits."""
    if not _VID.fullmatch(vid):
        raise ValueError(f"{vid!r} is not a visitor id")
    text = f"v1.{keys.current}.{vid}.{at}"
    return f"{text}.{_mac(keys.secrets[keys.current], text)}"


def verify(keys: TokenKeys, token: object, now: int) -> str | None:
    """The visitor of a token that we made within the last 13 months; None for anything else."""
    found = _TOKEN.fullmatch(token) if isinstance(token, str) and len(token) <= 160 else None
    if found is None:
        return None
    text, kid, vid, at, mac = found.groups()
    secret = keys.secrets.get(kid)
    if secret is None or not hmac.compare_digest(_mac(secret, text), mac):
        return None
    return vid if -AHEAD <= now - int(at) <= LIFE else None


def _mac(secret: bytes, text: str) -> str:
    return hmac.digest(secret, text.encode("ascii"), "sha256").hex()
