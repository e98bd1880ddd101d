"""Campaign files that a page sends as JSON, which need not be saved, nor be finished, to be asked about."""

from __future__ import annotations

from typing import Any

import msgspec

from aparte.kit.errors import BadInput
from aparte.targeting.campaign import CampaignError
from aparte.targeting.model import CampaignFile
from aparte.targeting.shape import shape_faults
from aparte.web.plain import Problem


def posted_file(tables: dict[str, Any]) -> CampaignFile:
    """The file; Problem 400 `bad_campaigns` with all that its shape has wrong."""
    told = without_nulls(tables)
    faults = [{"where": "", "path": list(path), "what": what, "hint": hint} for path, what, hint in shape_faults(told)]
    if faults:
        raise bad_campaigns(faults)
    return msgspec.convert(told, CampaignFile)


def without_nulls(value: Any) -> Any:
    """The same without members that are null: in a file they would not stand at all."""
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


def bad_campaigns(faults: list[dict[str, Any]]) -> Problem:
    """What is wrong with a file, beside the error."""
    first = faults[0]
    return Problem(400, "bad_campaigns", first["what"], hint=first["hint"], beside={"faults": faults})


def refused(error: BadInput) -> Problem:
    """A file that has the right shape and cannot be meant."""
    faults = error.faults if isinstance(error, CampaignError) else [error]
    return bad_campaigns([{"where": "", "path": [], "what": one.what, "hint": one.hint} for one in faults])
