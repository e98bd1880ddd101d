"""What is hashed of a contract and of a statement: the same bytes when a later version knows more members. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields


@lru_cache(maxsize=64)
def defaults(kind: type[Struct]) -> dict[str, Any]:
    """The members that may be left out, with what they are then."""
    return {one.name: one.default for one in fields(kind) if one.default is not msgspec.NODEFAULT}


def plain(value: Any) -> Any:
    """A value without the members that are as they are by default, so that a new member changes no old hash."""
    if isinstance(value, Struct):
        known = defaults(type(value))
        told = {name: getattr(value, name) for name in value.__struct_fields__}
        return {name: plain(one) for name, one in told.items() if name not in known or one != known[name]}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in sorted(value.items())}
    return value


def digest(value: Struct) -> str:
    """SHA-256 of a value, names in the order of letters."""
    return sha256(msgspec.json.encode(plain(value), order="deterministic")).hexdigest()
