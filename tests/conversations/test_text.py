"""What may stand in a message, and what is masked.

Mutants seen to fail here: an id is looked through for cards; zeros have a right check digit.
"""

import re
import unicodedata
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.conversations.text import Unspeakable, clean, clean_unsent


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ("Bonjour", "Bonjour"),
        ("one\r\ntwo\tthree\rfour", "one\ntwo\tthree\nfour"),
        ("e\u0301te\u0301", "été"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("x" * 4_000, "x" * 4_000),
        ("My card is 4111 1111 1111 1111.", "My card is •••• •••• •••• 1111."),
        ("4111-1111-1111-1111", "••••-••••-••••-1111"),
        ("378282246310005", "•••••••••••0005"),
        ("order 4111 1111 1111 1112", "order 4111 1111 1111 1112"),
        ("2026112214090012345678901", "2026112214090012345678901"),
        ("0000 0000 0000 0000", "0000 0000 0000 0000"),
        ("00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"),
        ("id 41111111-1111-4111-8111-111111111111.", "id 41111111-1111-4111-8111-111111111111."),
        ("4111111111111111-x", "••••••••••••1111-x"),
        ("IBAN FR76 3000 6000 0112 3456 7890 189 merci", "IBAN •••• •••• •••• •••• •••• •••0 189 merci"),
        ("DE89370400440532013000", "••••••••••••••••••3000"),
        ("GB00 WEST 1234 5698 7654 32", "GB00 WEST 1234 5698 7654 32"),
    ],
)
def test_a_text_is_stored_composed_and_without_numbers_of_cards_and_accounts(body: str, stored: str) -> None:
    assert clean(body) == stored


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "empty"),
        (" \n\t\u200b\ufeff", "empty"),
        ("x" * 4_001, "too_long"),
        ("x" * 100_000, "too_long"),
        ("\ud800", "bad_text"),
        ("a\x00b", "bad_text"),
        ("a\x1b[31mb", "bad_text"),
        ("a\u202eb", "bad_text"),
        ("a\u2066b", "bad_text"),
        ("a\x85b", "bad_text"),
        (5, "bad_text"),
        (None, "bad_text"),
    ],
)
def test_what_is_not_taken_says_why(body: object, code: str) -> None:
    assert clean(body) == Unspeakable(code)


@given(st.text("0123456789", min_size=32, max_size=32) | st.uuids().map(lambda one: one.hex), st.booleans())
def test_an_id_is_no_number_of_a_card(digits: str, loud: bool) -> None:
    id_ = str(UUID(digits))
    body = f"order {id_.upper() if loud else id_}, please"
    assert clean(body) == body


@given(st.text(st.characters(), max_size=60))
def test_whatever_is_taken_can_be_stored_and_is_taken_again(body: str) -> None:
    text = clean(body)
    if isinstance(text, str):
        assert text.encode().decode() == text == unicodedata.normalize("NFC", text)
        assert clean(text) == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Bonjour,\r\nje", "Bonjour,\nje"),
        ("e\u0301t", "ét"),
        (" \n\u200b", ""),
        ("a\x00b\u202ec\ud800d", "abcd"),
        ("x" * 30_000, "x" * 4_000),
        ("order 202611", "order 202611"),
        ("4111 1111 1111 111", "4111 11•• •••• •••"),
        ("4111 1111 1111 1111", "4111 11•• •••• ••••"),
        ("IBAN FR76 3000 6000 0112 3456 7890 189", "IBAN •••• •••• •••• •••• •••• •••0 189"),
        ("IBAN FR76 3000 6000 0112 3", "IBAN FR76 3000 •••• •••• •"),
    ],
)
def test_what_is_not_sent_yet_is_cut_and_cleaned_and_no_number_grows_in_sight(written: str, shown: str) -> None:
    assert clean_unsent(written) == shown


@given(st.text(st.sampled_from("0123456789 -aé\x00"), max_size=60))
def test_all_keys_together_tell_no_more_of_a_number_than_its_first_digits(written: str) -> None:
    """Whoever has seen every state of the field knows six digits of each number, whatever its length."""
    for end in range(len(written) + 1):
        shown = clean_unsent(written[:end])
        assert not re.search(r"[0-9](?:[ -]?[0-9]){6}", shown)
        assert shown == clean_unsent(shown)
