"""What all pages about people say, in French and in English, under one name; each page adds its own."""

from __future__ import annotations

from collections.abc import Mapping

from aparte.reports.people.words_agents import AGENTS
from aparte.reports.people.words_goals import GOALS
from aparte.reports.people.words_talks import TALKS
from aparte.reports.report_words import SPACE, SPACED

FR = {
    "nav": "Écrans",
    "nav_exchanges": "Échanges",
    "nav_visitors": "Visiteurs",
    "nav_results": "Résultats",
    "nav_install": "Installation",
    "skip": "Aller au contenu",
    "from": "Du",
    "to": "Au",
    "apply": "Afficher",
    "language": "English",
    "filters": "Filtres",
    "unfiltered": "Tout afficher",
    "interval": "{low} à {high}",
    "n": "n = {n}",
    "none": "–",
    "foot": "Jours du fuseau {zone}. Commandes {orders} dans les {horizon} après la conversation.",
    "orders_confirmed": "confirmées par le serveur",
    "orders_all": "telles que le navigateur les dit",
    "error_title": "Cette page ne peut pas être montrée",
    "error_next": "Rien n’est perdu : revenez aux résultats et choisissez une autre période.",
    "error_right": "Votre rôle ne donne pas accès à cette page.",
    "back": "Retour aux résultats",
    "title_error": "Rapports",
}
EN = {
    "nav": "Screens",
    "nav_exchanges": "Exchanges",
    "nav_visitors": "Visitors",
    "nav_results": "Results",
    "nav_install": "Install",
    "skip": "Skip to content",
    "from": "From",
    "to": "To",
    "apply": "Show",
    "language": "Français",
    "filters": "Filters",
    "unfiltered": "Show all",
    "interval": "{low} to {high}",
    "n": "n = {n}",
    "none": "–",
    "foot": "Days of the time zone {zone}. Orders {orders} within {horizon} after the conversation.",
    "orders_confirmed": "confirmed by the server",
    "orders_all": "as browsers tell them",
    "error_title": "This page cannot be shown",
    "error_next": "Nothing is lost: go back to the results and choose another period.",
    "error_right": "Your role does not open this page.",
    "back": "Back to the results",
    "title_error": "Reports",
}


def spaced(words: Mapping[str, str]) -> dict[str, str]:
    """French with its spaces that do not break."""
    return {name: SPACED.sub(SPACE, text) for name, text in words.items()}


WORDS: dict[str, dict[str, str]] = {
    "fr": spaced(FR | AGENTS["fr"] | TALKS["fr"] | GOALS["fr"]),
    "en": EN | AGENTS["en"] | TALKS["en"] | GOALS["en"],
}
