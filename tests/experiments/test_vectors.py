"""GrowthBook's published cases: our arms can be recomputed with anybody's SDK."""

import json
from pathlib import Path
from typing import Any

import pytest

from aparte.experiments.buckets import bucket_ranges, choose_variation, equal_weights, in_namespace
from aparte.experiments.hash import unit_hash

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))


def test_the_copy_is_the_reference(shared: Path) -> None:
    reference = json.loads((shared / "reference" / "assignment_hash_vectors.json").read_text(encoding="utf-8"))
    cases = {name: rows for name, rows in reference.items() if name != "source"}
    assert {name: rows for name, rows in VECTORS.items() if name != "source"} == cases


def test_the_copy_is_complete() -> None:
    counts = {name: len(rows) for name, rows in VECTORS.items() if name != "source"}
    assert counts == COUNTS


COUNTS = {"hash": 15, "getBucketRange": 13, "chooseVariation": 13, "inNamespace": 16, "getEqualWeights": 6}


@pytest.mark.parametrize(("seed", "value", "version", "expected"), VECTORS["hash"])
def test_hash(seed: str, value: str, version: int, expected: float | None) -> None:
    assert unit_hash(seed, value, version) == expected


@pytest.mark.parametrize(("name", "given", "expected"), VECTORS["getBucketRange"])
def test_bucket_ranges(name: str, given: list[Any], expected: list[list[float]]) -> None:
    ranges = bucket_ranges(*given)
    assert len(ranges) == len(expected)
    for ours, theirs in zip(ranges, expected, strict=True):
        assert ours == pytest.approx(tuple(theirs), abs=1e-12)


@pytest.mark.parametrize(("name", "position", "ranges", "expected"), VECTORS["chooseVariation"])
def test_choose_variation(name: str, position: float, ranges: list[tuple[float, float]], expected: int) -> None:
    assert choose_variation(position, ranges) == expected


@pytest.mark.parametrize(("name", "visitor", "namespace", "expected"), VECTORS["inNamespace"])
def test_in_namespace(name: str, visitor: str, namespace: list[Any], expected: bool) -> None:
    identity, start, end = namespace
    assert in_namespace(visitor, (identity, start, end)) is expected


@pytest.mark.parametrize(("count", "expected"), VECTORS["getEqualWeights"])
def test_equal_weights(count: int, expected: list[float]) -> None:
    assert equal_weights(count) == pytest.approx(tuple(expected), abs=1e-8)


def test_characters_outside_ascii_are_hashed_as_javascript_does() -> None:
    """The surrogate pair of an emoji is two units; values by an FNV-1a written out over charCodeAt."""

    def by_hand(*units: int) -> int:
        state = 0x811C9DC5
        for unit in units:
            state = (state ^ unit) * 0x01000193 % 2**32
        return state

    digits = str(by_hand(0x73, 0xE9, 0xD83D, 0xDE00)).encode("ascii")
    assert unit_hash("s", "é😀", 2) == by_hand(*digits) % 10_000 / 10_000
    assert unit_hash("s", "\ud83d", 1) == by_hand(0xD83D, 0x73) % 1000 / 1000
