"""Who a visitor is, as a token says that the shop's server has signed.

The signature decides nothing alone: every claim is asked for. The algorithm is the one of the site's key, never the one
that the token names; a site without a key takes no token. The clock is the caller's.
"""

from __future__ import annotations

import re
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.sites.model import Site

LIFE_S = 3_600
"""Longest life of a token."""
SKEW_S = 60
"""How far the shop's clock may be from ours."""
LONGEST, LONGEST_ID, LEAST_KEY, MOST_TRAITS = 8_192, 256, 32, 100
LEAST_RSA = 2_048
CLAIMS = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "traits"})
KID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Proven(Struct, frozen=True):
    """A customer by the shop's own word."""

    user_id: str
    traits: dict[str, Any]


def prove(token: str, site: Site, now: int) -> Proven | str:
    """The customer of a token at `now` (ms), or in a few words why it is refused."""
    if len(token) > LONGEST:
        return "longer than a token may be"
    wanted = algorithm_of(site)
    if wanted is None:
        return "the site has no key for tokens"
    try:
        head = jwt.get_unverified_header(token)
        kid = head.get("kid", "key")
        if head.get("alg") != wanted[0]:
            return f"the algorithm is not {wanted[0]}"
        if not isinstance(kid, str) or not KID.fullmatch(kid):
            return "its kid is no plain name"
        # Times are asked below, by our clock; the library would ask the system's.
        options: Any = dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss"), False)
        claims = jwt.decode(token, wanted[1], algorithms=[wanted[0]], options=options)
    except (jwt.InvalidTokenError, jwt.InvalidKeyError, ValueError, TypeError, RecursionError):
        return "the signature is not the site's"
    return read_claims(claims, site.id, now / 1000)


def algorithm_of(site: Site) -> tuple[str, str] | None:
    """Algorithm and key of a site; None without a usable key."""
    if site.jwt_public_key:
        return "RS256", site.jwt_public_key
    return ("HS256", site.jwt_secret) if len(site.jwt_secret) >= LEAST_KEY else None


def check_public_key(pem: str, where: str = "public_key") -> str:
    """The PEM of an RSA public key, for `Site.jwt_public_key`; BadInput for anything else, a private key above all."""
    try:
        if "PRIVATE" in pem:
            raise ValueError
        key = RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(pem)
    except (ValueError, TypeError, jwt.InvalidKeyError):
        key = None
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_RSA:
        hint = "openssl rsa -in key.pem -pubout"
        raise BadInput(f"this is no RSA public key of {LEAST_RSA} bits or more in PEM", where=where, hint=hint)
    return pem


def read_claims(claims: dict[str, Any], site: str, now: float) -> Proven | str:
    """What is said, when all of it may be said now to this site."""
    unknown = claims.keys() - CLAIMS
    if unknown:
        return "a claim beside sub and traits: what is said of the customer belongs into traits"
    fault = time_fault(claims, now)
    if fault:
        return fault
    audience = claims.get("aud")
    if audience != site and not (isinstance(audience, list) and audience == [site]):
        return "it is for another site (aud)"
    if claims.get("iss", site) != site:
        return "it comes from somebody else (iss)"
    subject, traits = claims.get("sub"), claims.get("traits", {})
    if not isinstance(subject, str) or not subject.strip() or len(subject) > LONGEST_ID:
        return "it names no customer (sub)"
    if not isinstance(traits, dict) or len(traits) > MOST_TRAITS or not all(map(is_plain, traits.values())):
        return "its traits are no plain values"
    return Proven(subject, traits)


def time_fault(claims: dict[str, Any], now: float) -> str:
    """Which of its times does not hold; empty when all do."""
    times = {name: claims[name] for name in ("exp", "nbf", "iat") if name in claims}
    if any(isinstance(one, bool) or not isinstance(one, int | float) or not abs(one) < 1e12 for one in times.values()):
        return "one of its times is no number"
    if "exp" not in times:
        return "it has no end (exp)"
    if times["exp"] <= now:
        return "expired"
    if times["exp"] - times.get("iat", now) > LIFE_S or times["exp"] - now > LIFE_S + SKEW_S:
        return "it lives longer than an hour"
    if max(times.get("nbf", 0), times.get("iat", 0)) > now + SKEW_S:
        return "not yet valid"
    return ""


def is_plain(value: Any) -> bool:
    """Whether a trait is a bounded text, a number, true, false or nothing."""
    if isinstance(value, str):
        return len(value) <= 1_000
    return value is None or isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < 2**53)
