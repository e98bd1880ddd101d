"""The signature of webhooks and the pauses between attempts.

Mutants seen to fail here: no tolerance looked at; the time left out of what is signed; a pause that does not double.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aparte.outbox.model import Webhook
from aparte.outbox.retry import FIRST_MS, LEAST_MS, LIFE_MS, LONGEST_MS, again_at, pause
from aparte.outbox.sign import TOLERANCE_S, signature, verify

NOW = 1_790_000_000
secrets = st.text(min_size=1, max_size=40).filter(lambda one: one.isprintable() and one.isascii())


@given(secrets, st.binary(max_size=200), st.integers(-TOLERANCE_S, TOLERANCE_S))
def test_what_was_signed_verifies_within_the_tolerance(secret: str, body: bytes, late: int) -> None:
    assert verify(secret, signature([secret], body, NOW), body, NOW + late)


@given(secrets, st.binary(max_size=50), st.integers(TOLERANCE_S + 1, 10**6), st.booleans())
def test_an_old_or_a_coming_signature_does_not(secret: str, body: bytes, off: int, before: bool) -> None:
    assert not verify(secret, signature([secret], body, NOW), body, NOW + (-off if before else off))


@given(st.binary(max_size=50), st.binary(max_size=50), st.integers(0, 299))
def test_another_body_time_or_secret_does_not(body: bytes, other: bytes, later: int) -> None:
    signed = signature(["s" * 40], body, NOW)
    assert verify("s" * 40, signed, other, NOW) == (body == other)
    assert not verify("t" * 40, signed, body, NOW)
    assert not verify("", signature([""], body, NOW), body, NOW)
    moved = signed.replace(f"t={NOW}", f"t={NOW + later + 1}")
    assert not verify("s" * 40, moved, body, NOW + later + 1)


@given(st.text(max_size=500) | st.none() | st.integers() | st.binary(max_size=10))
def test_nothing_that_somebody_makes_up_verifies_or_raises(header: object) -> None:
    assert not verify("secret", header, b"{}", NOW)


def test_while_a_secret_is_rotated_both_sign() -> None:
    hook = Webhook(id="w", site="a", url="https://x.example", events=(), secret="new", old_secret="old", old_until=9)
    signed = signature(hook.secrets(8), b"{}", NOW)
    assert verify("new", signed, b"{}", NOW)
    assert verify("old", signed, b"{}", NOW)
    assert hook.secrets(9) == ("new",)
    assert not verify("old", signature(hook.secrets(9), b"{}", NOW), b"{}", NOW)


def test_the_pause_doubles_from_10_s_to_300_s() -> None:
    longest = [pause(n, 1.0) for n in range(1, 8)]
    assert longest == [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]


@given(st.integers(-5, 10**6), st.floats(allow_nan=False))
def test_a_pause_is_never_shorter_than_a_second_nor_longer_than_five_minutes(attempts: int, jitter: float) -> None:
    assert LEAST_MS <= pause(attempts, jitter) <= LONGEST_MS


@given(st.integers(1, 20), st.floats(0, 1), st.floats(0, 1))
def test_jitter_stretches_the_whole_pause(attempts: int, one: float, other: float) -> None:
    assert (pause(attempts, one) <= pause(attempts, other)) or one >= other
    assert pause(attempts, 0.5) <= FIRST_MS * 2 ** (attempts - 1) / 2 + 1


@given(st.lists(st.floats(0, 1), min_size=1))
def test_it_ends_after_24_hours_and_not_before(jitters: list[float]) -> None:
    now, attempts = 0, 1
    while (at := again_at(0, now, attempts, jitters[attempts % len(jitters)])) is not None:
        assert now < at <= LIFE_MS + LEAST_MS
        now, attempts = at, attempts + 1
        if attempts > 200:
            now = max(now, LIFE_MS - LONGEST_MS * 3)
    assert now >= LIFE_MS
