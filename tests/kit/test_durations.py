"""Durations are read, written, and refused with the accepted forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.kit.durations import format_duration, parse_duration
from aparte.kit.errors import BadInput


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("30s", 30_000),
        ("1m30s", 90_000),
        ("7d", 604_800_000),
        ("24h", 86_400_000),
        ("250ms", 250),
        ("0s", 0),
        ("90m", 5_400_000),
        ("1d2h3m4s5ms", 93_784_005),
        ("5m5ms", 300_005),
    ],
)
def test_accepted_forms(text: str, milliseconds: int) -> None:
    assert parse_duration(text) == milliseconds


@pytest.mark.parametrize(
    "text",
    ["", "30", "s", "30 s", "-30s", "1.5h", "30s1m", "30s30s", "30S", "30s\n", "٣s", "1w", "9" * 5000 + "s", "1e3s"],
)
def test_other_forms_are_refused_with_the_accepted_ones(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_duration(text, where="campaigns.toml:3")
    assert str(caught.value).startswith("campaigns.toml:3: ")
    assert "30s, 1m30s, 7d, 24h, 250ms" in str(caught.value)


def test_a_duration_has_a_longest() -> None:
    assert parse_duration("3652500d") == 315_576_000_000_000
    with pytest.raises(BadInput, match="longer than 10,000 years"):
        parse_duration("3652500d1ms")


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(31_000, "31s"), (90_000, "1m30s"), (86_400_000, "1d"), (0, "0s"), (1_250, "1s250ms")]
)
def test_written_form(milliseconds: int, text: str) -> None:
    assert format_duration(milliseconds) == text


def test_a_negative_duration_is_not_written() -> None:
    with pytest.raises(ValueError, match="-1 ms"):
        format_duration(-1)


@given(st.integers(0, 315_576_000_000_000))
def test_what_is_written_is_read_back(milliseconds: int) -> None:
    assert parse_duration(format_duration(milliseconds)) == milliseconds
