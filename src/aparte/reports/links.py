"""The row of links between the pages of reports: the same days and filters, in the reader's language."""

from __future__ import annotations

from collections.abc import Collection

from aparte.reports.scope import Scope, write_scope

PLACES = ("results", "journey", "agents", "conversations", "goals", "plan")
"""The pages, in the order of their links."""
FOR_PLANNERS = ("goals", "plan")
FOR_ALL = tuple(one for one in PLACES if one not in FOR_PLANNERS)
"""Those that whoever may read reports may open."""
LABELS = {
    "fr": ("Résultats", "Parcours", "Conseillers", "Conversations", "Objectifs", "Business case"),
    "en": ("Results", "Journey", "Agents", "Conversations", "Goals", "Business case"),
}


def path_of(place: str) -> str:
    """Where a page of reports stands."""
    if place == "plan":
        return "/console#/plan"
    return "/reports" if place == "results" else f"/reports/{place}"


def open_to(rights: Collection[str]) -> tuple[str, ...]:
    """The pages that somebody with these rights may open."""
    return PLACES if "plan" in rights else FOR_ALL


def link(place: str, scope: Scope, language: str) -> str:
    """The address of a page with what is asked of it."""
    if place == "plan":
        return path_of(place)
    return f"{path_of(place)}?{write_scope(scope)}&lang={language}"


def links(scope: Scope, language: str, shown: Collection[str] = FOR_ALL) -> list[dict[str, str]]:
    """What `nav.html` shows."""
    named = zip(PLACES, LABELS[language], strict=True)
    return [
        {"place": place, "label": label, "href": link(place, scope, language)}
        for place, label in named
        if place in shown
    ]
