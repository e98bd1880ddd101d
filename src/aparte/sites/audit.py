"""The audit log: who did what to what, each row bound to the one before by its hash.

Somebody who changes a row in the database must make all later ones anew; and the head that the database keeps apart
tells when the last rows were cut off.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import msgspec
from msgspec import Struct

FIRST = "0" * 64
"""What the first row has before it."""


class Audited(Struct, frozen=True, kw_only=True):
    """One row. `who` is a staff id, `token:ID` of the API, or `command line`; `hash` binds it to the row before."""

    n: int
    at: int
    site: str
    who: str
    verb: str
    object: str
    detail: str
    hash: str


class RecordAudit(Struct, frozen=True):
    """Append a row; its number and its hash are the store's."""

    site: str
    at: int
    who: str
    verb: str
    object: str = ""
    detail: str = ""


def chained(n: int, before: str, told: RecordAudit) -> Audited:
    """The row of this number after a row with this hash."""
    row = (n, told.at, told.site, told.who, told.verb, told.object, told.detail)
    bound = sha256(before.encode("ascii") + msgspec.json.encode(row)).hexdigest()
    same = {name: getattr(told, name) for name in told.__struct_fields__}
    return Audited(n=n, hash=bound, **same)


def first_fault(rows: Iterable[Audited], head: tuple[int, str]) -> tuple[int, str]:
    """How many rows hold, and what is wrong with the next one: empty when nothing is. `head`: (n, hash) of the last."""
    n, before = 0, FIRST
    for one in rows:
        told = RecordAudit(one.site, one.at, one.who, one.verb, one.object, one.detail)
        if one.n != n + 1:
            return n, f"row {n + 1} is missing"
        if chained(one.n, before, told) != one:
            return n, f"row {one.n} is not what was written, or the row before it is not"
        n, before = one.n, one.hash
    if (n, before) != head:
        return n, f"the last row was number {head[0]}, and it is missing" if n < head[0] else "the head is another one"
    return n, ""
