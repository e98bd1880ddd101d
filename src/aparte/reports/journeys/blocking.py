"""Where visitors get stuck by themselves: pages from which they ask, by how often the pages are seen (S1-49, S1-50)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec.structs import replace

from aparte.attribution.facts import Facts
from aparte.reports.journeys.leaving import page_views
from aparte.reports.scope import Scope
from aparte.reports.transcripts.blocking import blocking_points
from aparte.reports.transcripts.model import Blocking, Talk


def blocking(facts: Facts, scope: Scope, talks: Sequence[Talk]) -> list[Blocking]:
    """Questions by page with the rate by view, the highest first. Pages may be told as addresses or as paths."""
    return blocking_points([replace(talk, page=path_of(talk.page)) for talk in talks], page_views(facts, scope))


def path_of(page: str) -> str:
    """The path of an address; a path stays. Empty for what is neither."""
    try:
        return urlsplit(page).path
    except ValueError:
        return ""
