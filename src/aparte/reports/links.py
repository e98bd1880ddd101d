"""The row of links between the pages of reports: the same days and filters, in the reader's language."""

from __future__ import annotations

from collections.abc import Collection

from aparte.reports.scope import Scope, write_scope

PLACES = ("results", "journey", "agents", "conversations", "goals")
"""The pages, in the order of their links."""
FOR_ALL = PLACES[:-1]
"""Those that whoever may read reports may open."""
LABELS = {
    "fr": ("Résultats", "Parcours", "Agents", "Conversations", "Objectifs"),
    "en": ("Results", "Journey", "Agents", "Conversations", "Goals"),
}


def path_of(place: str) -> str:
    """Where a page of reports stands."""
    return "/reports" if place == "results" else f"/reports/{place}"


def link(place: str, scope: Scope, language: str) -> str:
    """The address of a page with what is asked of it."""
    return f"{path_of(place)}?{write_scope(scope)}&lang={language}"


def links(scope: Scope, language: str, shown: Collection[str] = FOR_ALL) -> list[dict[str, str]]:
    """What `nav.html` shows."""
    named = zip(PLACES, LABELS[language], strict=True)
    return [
        {"place": place, "label": label, "href": link(place, scope, language)}
        for place, label in named
        if place in shown
    ]
