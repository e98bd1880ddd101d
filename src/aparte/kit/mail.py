"""Addresses of mail."""

from __future__ import annotations

import re

from aparte.kit.errors import BadInput

LONGEST = 254
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")


def mail_address(text: str) -> str:
    """An address that mail can go to, in ASCII; BadInput for anything else: two of them, a name, a line end."""
    if len(text) > LONGEST or not _ADDRESS.fullmatch(text):
        raise BadInput("this is no e-mail address", where=repr(text)[:80], hint="write name@example.com")
    return text
