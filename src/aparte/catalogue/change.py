"""What an import makes of the catalogue of before. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from aparte.catalogue.model import Catalogue, Changes, Product


def changes(before: Catalogue, given: Iterable[Product], *, keep: bool = False) -> Changes:
    """Added, changed, and gone: those that the file no longer has, unless they are to be kept."""
    now = {one.id: one for one in given}
    added = tuple(one for one in now.values() if one.id not in before)
    changed = tuple(one for one in now.values() if one.id in before and before[one.id] != one)
    lost = (one for one in before.values() if one.id not in now and not one.gone and not keep)
    return Changes(added, changed, tuple(replace(one, gone=True) for one in lost), len(now) - len(added) - len(changed))
