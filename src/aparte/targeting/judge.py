"""Is a text fit to be the next version of a site's campaigns? And as what members are its faults to be shown?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

import msgspec

from aparte.kit.errors import BadInput
from aparte.targeting.campaign import CampaignError, Campaigns, FileFault, decode, fault_at, load
from aparte.targeting.locate import Positions
from aparte.targeting.model import CampaignFile
from aparte.targeting.shape import shape_faults
from aparte.targeting.versions import share_faults
from aparte.targeting.write import to_toml


def judged(text: str, name: str, site: str, past: Iterable[str], skills: Collection[str] | None = None) -> Campaigns:
    """The campaigns of a text; CampaignError with every fault, also of what only the site's `past` texts tell.

    `skills`: those of the site's agents, where they are known.
    """
    campaigns = load(text, name, skills)
    positions = Positions(text.removeprefix("\ufeff"))
    found = [*site_faults(campaigns.file, site), *share_faults(map(file_of, past), campaigns.file)]
    if found:
        raise CampaignError([fault_at(name, positions, *one) for one in found])
    return campaigns


def site_faults(file: CampaignFile, site: str) -> list[Any]:
    """A file is for one site: its id is part of every draw."""
    if file.site.id == site:
        return []
    return [(("site", "id"), f"this file is for the site {file.site.id}", f'write id = "{site}"')]


@lru_cache(maxsize=256)
def file_of(text: str) -> CampaignFile:
    """What a text that was published says; read once."""
    return decode(text.removeprefix("\ufeff"), "a published version")


def text_of(tables: Any, name: str, before: str = "") -> str:
    """A file that came as JSON, as TOML; the text before when it says the same, so that its comments stay."""
    tables = without_nothing(tables)
    found = list(shape_faults(tables)) if isinstance(tables, dict) else [((), "the file is no table", "")]
    if found:
        raise CampaignError([fault_at(name, Positions(""), *one) for one in found])
    file = msgspec.convert(tables, CampaignFile)
    return before if before and file_of(before) == file else to_toml(file)


def without_nothing(value: Any) -> Any:
    """JSON without null, which TOML does not know: a member that is nothing is not there."""
    if isinstance(value, dict):
        return {name: without_nothing(one) for name, one in value.items() if one is not None}
    return [without_nothing(one) for one in value] if isinstance(value, list) else value


def told(fault: BadInput) -> dict[str, Any]:
    """A fault as the API shows it: line and column, the member's path."""
    where = ":".join(fault.where.rsplit(":", 2)[1:])
    path = list(fault.path) if isinstance(fault, FileFault) else []
    return {"where": where, "path": path, "what": fault.what, "hint": fault.hint}
