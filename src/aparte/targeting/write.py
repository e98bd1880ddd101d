"""A campaign file as TOML, from its structs; what is not said has its default."""

from __future__ import annotations

import msgspec
import tomli_w

from aparte.targeting.model import CampaignFile


def to_toml(file: CampaignFile) -> str:
    """TOML that reads as this very file: `decode(to_toml(file)) == file`. Comments are not part of a file's structs."""
    return tomli_w.dumps(msgspec.to_builtins(file))
