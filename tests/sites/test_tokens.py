"""A visitor token says who a browser is, and nobody but us can say it."""

import pytest

from aparte.kit.errors import BadInput
from aparte.sites.tokens import LIFE, make, token_keys, verify

KEYS = token_keys(b"a" * 32)
VID = "3f" * 16
NOW = 1_795_300_200_000


def test_our_own_token_is_verified_for_thirteen_months() -> None:
    token = make(KEYS, VID, NOW)
    version, kid, vid, at, mac = token.split(".")
    assert (version, kid, vid, at, len(mac)) == ("v1", KEYS.current, VID, str(NOW), 64)
    assert verify(KEYS, token, NOW) == VID
    assert verify(KEYS, token, NOW + LIFE) == VID
    assert verify(KEYS, token, NOW + LIFE + 1) is None
    assert verify(KEYS, token, NOW - 86_400_001) is None, "made by a clock that is not ours"


def test_any_changed_character_spoils_it() -> None:
    token = make(KEYS, VID, NOW)
    for at in range(len(token)):
        other = "0" if token[at] != "0" else "1"
        assert verify(KEYS, token[:at] + other + token[at + 1 :], NOW) is None, at


@pytest.mark.parametrize("found", [None, 3, [], "", "v1....", "v1." * 1_000, "é", make(KEYS, VID, NOW) + "\n", b"v1"])
def test_what_is_no_token_is_no_visitor(found: object) -> None:
    assert verify(KEYS, found, NOW) is None


def test_an_old_secret_still_verifies_and_a_foreign_one_does_not() -> None:
    old = make(KEYS, VID, NOW)
    rotated = token_keys(b"b" * 32, b"a" * 32)
    assert verify(rotated, old, NOW) == VID
    assert make(rotated, VID, NOW).split(".")[1] != KEYS.current
    assert verify(token_keys(b"b" * 32), old, NOW) is None


def test_short_secrets_and_made_up_visitors_are_refused() -> None:
    for secrets in ((), (b"short",), (b"a" * 32, b"")):
        with pytest.raises(BadInput):
            token_keys(*secrets)
    with pytest.raises(ValueError, match="not a visitor id"):
        make(KEYS, "me", NOW)
