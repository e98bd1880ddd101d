"""What hinders people who do not see, hear or point like most, on a page of reports."""

from __future__ import annotations

from typing import Any


def barriers(page: Any, axe: str) -> list[tuple[str, list[str]]]:
    """What axe-core finds on the page that is open: the rule, and where it is broken."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
