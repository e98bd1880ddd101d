"""New sites and new staff: the only place that makes keys."""

from __future__ import annotations

import secrets
import string
from hashlib import sha256

from aparte.kit.errors import BadInput
from aparte.sites.model import Role, Site, Staff

ALPHABET = string.ascii_letters + string.digits
PUBLIC_KEY_LENGTH = 27
"""RudderStack's browser SDK refuses keys of another length."""
SECRET_KEY_LENGTH = 43
"""256 bits, so that a plain SHA-256 keeps it safe."""
API_TOKEN = "apt_"
"""What a token of the console's API begins with."""
ID_CHARACTERS = frozenset(string.ascii_lowercase + string.digits + "-")


def key_hash(key: str) -> str:
    """How a secret key, or the token of a console session, is kept."""
    return sha256(key.encode()).hexdigest()


def random_text(length: int) -> str:
    """Letters and digits from the system's randomness."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def check_site_id(site_id: str) -> str:
    """The id, when it may name files and seeds; BadInput otherwise."""
    if not site_id or len(site_id) > 40 or not ID_CHARACTERS.issuperset(site_id):
        raise BadInput("the name of a site is made of a-z, 0-9 and -, at most 40 of them", where=repr(site_id)[:60])
    return site_id


def new_site(
    site_id: str, name: str, origins: tuple[str, ...] = (), *, public_key: str = "", secret_key: str = ""
) -> tuple[Site, str]:
    """A site, and its secret key, which is shown once and kept nowhere; keys are made unless they are given."""
    secret = secret_key or random_text(SECRET_KEY_LENGTH)
    site = Site(
        id=check_site_id(site_id),
        name=name,
        public_key=public_key or random_text(PUBLIC_KEY_LENGTH),
        secret_key_hash=key_hash(secret),
        secret_key_hint=secret[-4:],
        origins=origins,
    )
    return site, secret


def new_staff(site: str, email: str, name: str, role: Role = "agent", password_hash: str = "") -> Staff:
    """A member of staff; BadInput when the e-mail is none."""
    local, _, domain = email.strip().partition("@")
    if not local or not domain or len(email) > 254 or any(c.isspace() for c in email.strip()):
        raise BadInput("this is no e-mail address", where=repr(email)[:80], hint="write name@example.com")
    return Staff(
        id=secrets.token_hex(8),
        site=site,
        email=email.strip().lower(),
        name=name.strip() or local,
        role=role,
        password_hash=password_hash,
    )
