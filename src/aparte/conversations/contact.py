"""How somebody can be reached: numbers and addresses, as far as they can be judged without trying them."""

from __future__ import annotations

import re

PHONE = re.compile(r"\+?[0-9]{6,15}", re.ASCII)
SEPARATORS = re.compile(r"[\s\u00a0\u202f.\-/()]")
EMAIL = re.compile(r"[^\s@<>\"(),;:\\\x00-\x1f\x7f]{1,64}@([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
LONGEST_EMAIL = 254


def phone_of(text: str) -> str:
    """The number without what only separates its digits, `00` written `+`; '' for what is no number of E.164's length.

    `+33 (0)6 12 34 56 78` loses the zero that is only dialled inside the country. Whether the number rings, nobody
    knows before calling it.
    """
    if len(text) > 60:
        return ""
    digits = SEPARATORS.sub("", text.replace("(0)", "") if text.strip().startswith(("+", "00")) else text)
    digits = "+" + digits[2:] if digits.startswith("00") else digits
    return digits if PHONE.fullmatch(digits) else ""


def email_of(text: str) -> str:
    """The address with its domain in small letters; '' for what is none."""
    text = text.strip()
    local, _, domain = text.rpartition("@")
    found = f"{local}@{domain.lower()}"
    return found if len(found) <= LONGEST_EMAIL and EMAIL.fullmatch(found) else ""
