"""The text of a message: what may stand in it, and what is masked before it is stored."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from aparte.conversations.model import MAX_BODY

# C0 but tab and line feed, DEL and C1, half surrogates, and the controls that turn the direction of a text around.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?")
NUMBER = re.compile("[0-9][0-9A-Za-z -]{12}")
"""There is one in each number of a card or an account: where there is none, a quarter of the time."""
INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff]*")
# An id in its usual form (RFC 9562) is found first, so that no part of it is taken for the number of a card.
CARD = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![0-9A-Za-z])"
    r"|(?<![0-9])(?P<card>[0-9](?:[ -]?[0-9]){12,18})(?![0-9])"
)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
GROWING = re.compile(r"[0-9](?:[ -]?[0-9]){6,}")
"""What may become the number of a card."""
DIGIT = re.compile("[0-9]")
FIRST_SHOWN = 6
MASK = "•"
SHORTEST_IBAN, LONGEST_IBAN = 15, 34


class Unspeakable(Struct, frozen=True):
    """A text that is not taken: `too_long`, `empty` or `bad_text`."""

    code: str


def clean(body: object) -> str | Unspeakable:
    """The text as it is stored: NFC, at most 4,000 code points, numbers of cards and accounts masked."""
    if not isinstance(body, str):
        return Unspeakable("bad_text")
    if len(body) > 4 * MAX_BODY:  # composing shortens; what is far too long is not worth the work
        return Unspeakable("too_long")
    text = body
    if not (body.isascii() and body.isprintable()):  # there is nothing to compose and nothing to forbid: 2 of 3 µs
        text = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", body))
        if FORBIDDEN.search(text):
            return Unspeakable("bad_text")
    if len(text) > MAX_BODY:
        return Unspeakable("too_long")
    return Unspeakable("empty") if INVISIBLE.fullmatch(text) else masked(text)


def clean_unsent(text: str) -> str:
    """What somebody is still writing, as others may see it: cut and cleaned where a message would be refused.

    A number that grows is hidden from its seventh digit on, or all of a card could be read before the last digit comes.
    """
    whole = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text[: 4 * MAX_BODY]))
    shown = FORBIDDEN.sub("", whole)[:MAX_BODY]
    return "" if INVISIBLE.fullmatch(shown) else GROWING.sub(mask_growing, IBAN.sub(mask_account, shown))


def mask_growing(found: re.Match[str]) -> str:
    """Dots for all digits but the first six."""
    shown = [place for place, sign in enumerate(found[0]) if sign.isdigit()][FIRST_SHOWN - 1] + 1
    return found[0][:shown] + DIGIT.sub(MASK, found[0][shown:])


def masked(text: str) -> str:
    """The text with card numbers and IBANs unreadable but for their last four characters."""
    return CARD.sub(mask_card, IBAN.sub(mask_account, text)) if NUMBER.search(text) else text


def mask_card(found: re.Match[str]) -> str:
    """A number of 13 to 19 digits with a right check digit; another one is left as it is, and so is an id."""
    digits = "".join(filter(str.isdigit, found["card"] or ""))
    return hidden(found[0]) if digits.strip("0") and luhn(digits) else found[0]


def mask_account(found: re.Match[str]) -> str:
    """An IBAN with right check digits, which may end before the words behind it do."""
    pieces = found[0].split(" ")
    for count in range(len(pieces), 0, -1):
        text = " ".join(pieces[:count])
        if is_iban(text.replace(" ", "")):
            return hidden(text) + found[0][len(text) :]
    return found[0]


def hidden(text: str) -> str:
    """Dots for all letters and digits but the last four."""
    kept = [place for place, sign in enumerate(text) if sign.isalnum()][-4:]
    return "".join(sign if place in kept or not sign.isalnum() else MASK for place, sign in enumerate(text))


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Whether this is an account number with right check digits (ISO 13616)."""
    if not SHORTEST_IBAN <= len(text) <= LONGEST_IBAN:
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
