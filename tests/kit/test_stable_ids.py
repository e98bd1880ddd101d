"""The same parts give the same id, other parts another."""

from hypothesis import given
from hypothesis import strategies as st

from aparte.kit.ids import stable_id

parts = st.lists(st.text(alphabet=st.characters(), max_size=5), max_size=4).map(tuple)


def test_an_id_is_the_same_in_every_version() -> None:
    """The digest by coreutils: b2sum -l 120 of 6:site-19:visitor-14:cart13:1700000000000."""
    assert stable_id("eng", "site-1", "visitor-1", "cart", "1700000000000") == "eng_22e11446c4b446499b47080f0a6a5b"


def test_parts_do_not_run_into_one_another() -> None:
    ids = {stable_id("eng", *some) for some in [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("1:a",), ("", "a")]}
    assert len(ids) == 6


@given(parts, parts)
def test_ids_are_equal_exactly_when_their_parts_are(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (stable_id("x", *one) == stable_id("x", *other)) is (one == other)


def test_any_text_is_a_part() -> None:
    assert stable_id("eng", "\ud800", "\x00").startswith("eng_")
