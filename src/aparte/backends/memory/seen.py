"""Which ids have been seen, in at most 16 bytes each.

A set of 64-bit hashes, cut into small byte buckets. A bucket holds entries of 7 bytes, the upper part of the hash (the
lower byte is implied by the bucket), followed by 4 bytes of time when there is a window. Buckets are split one at a
time (linear hashing, Litwin 1980), so the set grows in small steps: no pause, and no second copy while it grows.
"""

from __future__ import annotations

_FIRST_BUCKETS = 256  # At least 256, else the bucket would not imply the lowest byte of the hash.
_TAG = 7
_TIME = 4  # Milliseconds since _start, which moves on before they overflow, every 25 days or more.
_LONGEST_MS = 2**31
_FILL = 20
"""Entries per bucket on average: few cost memory for headers, many leave holes behind in the allocator."""
_SWEEP = 4


class SeenIds:
    """The ids seen for ever, or within a window.

    The clock of the set is the latest time given to it: it never runs back, and a late id counts as seen now. With a
    window, an id seen exactly `window_ms` ago is still a duplicate; more than that, it is new. A duplicate does not
    prolong the window of the id that it repeats.

    Two ids are taken for one when their 64-bit hashes agree: odds of n * n / 2^65, 5e-7 for four million ids. The hash
    is Python's SipHash of text, keyed anew in each process: nobody outside can craft an id that collides with another's
    and so have it dropped (unless PYTHONHASHSEED is fixed). For the same reason the set cannot be written to disk.
    """

    __slots__ = (
        "_buckets",
        "_clock",
        "_count",
        "_entry",
        "_latest",
        "_limit",
        "_mask",
        "_split",
        "_stamp",
        "_start",
        "_sweep",
        "_wide_mask",
        "_window",
    )

    def __init__(self, window_ms: int | None = None) -> None:
        if window_ms is not None and not 0 <= window_ms <= _LONGEST_MS:
            raise ValueError(f"a window of {window_ms} ms is not within 0..{_LONGEST_MS} ms, about 24 days")
        self._window = window_ms
        self._entry = _TAG if window_ms is None else _TAG + _TIME
        self._buckets = [b""] * _FIRST_BUCKETS
        self._mask = _FIRST_BUCKETS - 1  # Of the buckets of this round; those below _split have been split already.
        self._wide_mask = 2 * self._mask + 1
        self._split = 0
        self._count = 0
        self._limit = _FIRST_BUCKETS * _FILL
        self._sweep = 0
        self._start = 0
        self._clock = 0
        self._latest = 0
        self._stamp = b"" if window_ms is None else bytes(_TIME)

    def __len__(self) -> int:
        """Entries held: every id within the window, and those past it that were not swept out yet."""
        return self._count

    def __contains__(self, key: str) -> bool:
        hashed = hash(key)
        bucket = self._buckets[self._index(hashed)]
        found = self._find(bucket, (hashed >> 8).to_bytes(_TAG, "little", signed=True))
        return found >= 0 and not self._expired(bucket, found)

    def add(self, key: str, at: int) -> bool:
        """Whether `key` is new: not seen, or not within the window before `at` (milliseconds since 1970 UTC)."""
        # One function on purpose: a call costs as much as the search in a bucket.
        hashed = hash(key)
        index = hashed & self._mask
        if index < self._split:
            index = hashed & self._wide_mask
        tag = (hashed >> 8).to_bytes(_TAG, "little", signed=True)
        if at > self._latest and self._window is not None:
            self._advance(at)
        buckets = self._buckets
        bucket = buckets[index]
        if tag in bucket and (found := self._find(bucket, tag)) >= 0:
            if not self._expired(bucket, found):
                return False
            bucket = self._without(bucket, found + self._entry)
        buckets[index] = bucket + tag + self._stamp
        self._count = count = self._count + 1
        if count > self._limit and not self._sweep_some():
            self._grow()
        return True

    def _advance(self, at: int) -> None:
        if at - self._start >= 1 << 8 * _TIME:
            self._restart(at)
        self._latest = at
        self._clock = at - self._start
        self._stamp = self._clock.to_bytes(_TIME, "little")

    def _index(self, hashed: int) -> int:
        index = hashed & self._mask
        return index if index >= self._split else hashed & self._wide_mask

    def _find(self, bucket: bytes, tag: bytes) -> int:
        """Where the entry of `tag` starts, or -1; bytes of two neighbours may look like it and are passed over."""
        found = bucket.find(tag)
        while found >= 0 and found % self._entry:
            found = bucket.find(tag, found + 1)
        return found

    def _expired(self, bucket: bytes, start: int) -> bool:
        if self._window is None:
            return False
        return self._clock - int.from_bytes(bucket[start + _TAG : start + self._entry], "little") > self._window

    def _without(self, bucket: bytes, end: int) -> bytes:
        """Drop the entries before `end`. Entries lie in the order of the clock: before an expired one all are."""
        self._count -= end // self._entry
        return bucket[end:]

    def _restart(self, at: int) -> None:
        """Count time from the earliest that still matters at `at`; entries before it go."""
        start = at - (self._window or 0)
        back, self._start = start - self._start, start
        self._buckets = [self._shifted(bucket, back) for bucket in self._buckets]
        self._count = sum(map(len, self._buckets)) // self._entry

    def _shifted(self, bucket: bytes, back: int) -> bytes:
        kept = []
        for start in range(0, len(bucket), self._entry):
            time = int.from_bytes(bucket[start + _TAG : start + self._entry], "little") - back
            if time >= 0:
                kept.append(bucket[start : start + _TAG] + time.to_bytes(_TIME, "little"))
        return b"".join(kept)

    def _sweep_some(self) -> bool:
        """Drop what has expired in the next few buckets; whether there was anything."""
        before = self._count
        for _ in range(_SWEEP):
            self._sweep = (self._sweep + 1) % len(self._buckets)
            bucket, end = self._buckets[self._sweep], 0
            while end < len(bucket) and self._expired(bucket, end):
                end += self._entry
            if end:
                self._buckets[self._sweep] = self._without(bucket, end)
        return self._count < before

    def _grow(self) -> None:
        """Split one bucket in two by the next bit of the hash."""
        self._buckets[self._split], high = self._halves(self._buckets[self._split])
        self._buckets.append(high)
        self._limit += _FILL
        self._split += 1
        if self._split > self._mask:
            self._split, self._mask, self._wide_mask = 0, self._wide_mask, 2 * self._wide_mask + 1

    def _halves(self, bucket: bytes) -> tuple[bytes, bytes]:
        """The entries whose next bit is 0, and those where it is 1; both keep their order."""
        position, bit = divmod(self._mask.bit_length() - 8, 8)
        entry, chosen = self._entry, 1 << bit
        low: list[bytes] = []
        high: list[bytes] = []
        for start, byte in zip(range(0, len(bucket), entry), bucket[position::entry], strict=False):
            (high if byte & chosen else low).append(bucket[start : start + entry])
        return b"".join(low), b"".join(high)
