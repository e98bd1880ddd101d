"""The signature of a webhook: `Aparte-Signature: t=<seconds>,v1=<hex>[,v1=<hex>]`.

`v1` is the HMAC-SHA-256 of `<t>.<body>` under the webhook's secret; while a secret is rotated there are two of them.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

HEADER = "Aparte-Signature"
TOLERANCE_S = 300
MOST = 400
"""Characters of a header that are looked at."""
_FORM = re.compile(r"t=([0-9]{1,12})((?:,v1=[0-9a-f]{64}){1,4})", re.ASCII)


def signature(secrets: Sequence[str], body: bytes, at_s: int) -> str:
    """The header's value, signed at this second."""
    return ",".join([f"t={at_s}", *(f"v1={_mac(secret, body, at_s)}" for secret in secrets)])


def verify(secret: str, header: object, body: bytes, now_s: int, tolerance_s: int = TOLERANCE_S) -> bool:
    """Whether this body was signed with this secret within the tolerance; a secret that is empty verifies nothing."""
    found = _FORM.fullmatch(header) if isinstance(header, str) and len(header) <= MOST else None
    if found is None or not secret:
        return False
    at = int(found[1])
    wanted = _mac(secret, body, at)
    same = [hmac.compare_digest(wanted, one.removeprefix("v1=")) for one in found[2].lstrip(",").split(",")]
    return any(same) and abs(now_s - at) <= tolerance_s


def _mac(secret: str, body: bytes, at_s: int) -> str:
    return hmac.digest(secret.encode(), b"%d." % at_s + body, "sha256").hex()
