"""Codes of six digits that an app makes from a secret and the time (TOTP, RFC 6238), and codes for when it is lost.

Each function takes the time; what is kept of a code that was used is the store's.
"""

from __future__ import annotations

import hmac
import secrets

import pyotp

from aparte.sites.service import key_hash

STEP_S = 30
EITHER_SIDE = 1
"""Steps by which the clock of a telephone may be wrong."""
RECOVERY_CODES = 10
RECOVERY_LENGTH = 16
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without l, o, 0 and 1."""


def new_secret() -> str:
    """160 bits in base 32."""
    return pyotp.random_base32()


def uri_of(secret: str, email: str, issuer: str) -> str:
    """`otpauth://totp/...`, as a QR code carries it into the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, code: str, now: int) -> int | None:
    """The step of time whose code this is, at `now` (ms); None for a code of no step that is near enough."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    otp, step = pyotp.TOTP(secret), now // 1000 // STEP_S
    near = range(step - EITHER_SIDE, step + EITHER_SIDE + 1)
    found = [one for one in near if hmac.compare_digest(otp.generate_otp(one), code)]
    return found[-1] if found else None


def recovery_codes() -> list[str]:
    """Ten codes of 80 bits, in groups of four."""
    drawn = ("".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    return ["-".join(one[at : at + 4] for at in range(0, RECOVERY_LENGTH, 4)) for one in drawn]


def recovery_hash(code: str) -> str:
    """How such a code is kept; groups, spaces and capitals do not matter."""
    return key_hash("".join(c for c in code.lower() if c.isalnum()))
