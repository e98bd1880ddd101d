"""Why a rule is proposed, and what a discovery came to, in words, French and English."""

from __future__ import annotations

from collections.abc import Sequence

from aparte.planning.discovery import Proposal
from aparte.reports.numbers import money, number, share

PLACES = {
    "en": {"page": "the page {path}", "cart": "the cart", "checkout": "the checkout page {path}",
           "not_found": "a page that is not found", "empty_search": "a search without results",
           "error": "an error message", "payment_error": "a refused payment", "field_error": "a refused field",
           "form_abandoned": "a form that is given up"},
    "fr": {"page": "la page {path}", "cart": "le panier", "checkout": "la page de commande {path}",
           "not_found": "une page introuvable", "empty_search": "une recherche sans résultat",
           "error": "un message d’erreur", "payment_error": "un paiement refusé", "field_error": "un champ refusé",
           "form_abandoned": "un formulaire abandonné"},
}  # fmt: skip
REASONS = {
    "en": "{left} of {visitors} ({share}) leave at {place} without an order, {per_day} a day. A conversation is worth "
          "{value}: the basket’s margin times a chance of {chance}. Expected a day: {invited} invited, {talks} "
          "conversations, {answerable} of them answerable, {worth} in all.",
    "fr": "{left} sur {visitors} ({share}) partent sans commander après {place}, {per_day} par jour. Une conversation "
          "vaut {value} : la marge du panier fois une chance de {chance}. Attendu par jour : {invited} invités, "
          "{talks} conversations dont {answerable} peuvent recevoir une réponse, {worth} en tout.",
}  # fmt: skip
LOSES = {
    "en": " It costs more than it brings.",
    "fr": " Elle coûte plus qu’elle ne rapporte.",
}
NOTE = {
    "en": {"owner": "Champion: {}", "sponsor": "Backed by: {}", "goal": "Objective: {}", "milestone": "Milestone: {}",
           "rules": "Rules taken: {}"},
    "fr": {"owner": "Champion : {}", "sponsor": "Soutenu par : {}", "goal": "Objectif : {}", "milestone": "Jalon : {}",
           "rules": "Règles retenues : {}"},
}  # fmt: skip


def place(kind: str, path: str, language: str) -> str:
    """Where it is."""
    return PLACES[language][kind].format(path=path)


def reason(one: Proposal, currency: str, language: str) -> str:
    """Why this rule, with its figures."""
    row = one.drop
    said = REASONS[language].format(
        left=number(row.left, language), visitors=number(row.visitors, language),
        share=share(one.share_left, language, 0), place=place(row.kind, row.path, language),
        per_day=number(one.left_per_day, language, 1), value=money(one.value_per_conversation, currency, language, 2),
        chance=share(one.chance, language, 2), invited=number(one.invitations_per_day, language, 1),
        talks=number(one.conversations_per_day, language, 1), answerable=share(one.answerable, language, 0),
        worth=money(one.value_per_day, currency, language, 2),
    )  # fmt: skip
    return said if one.pays else said + LOSES[language]


def note(
    owner: str, sponsor: str, goals: Sequence[str], milestones: Sequence[str], rules: Sequence[str], language: str
) -> str:
    """What is kept with the first scenario: a line for each thing that was said."""
    words = NOTE[language]
    lines = [words["owner"].format(owner)] if owner else []
    lines += [words["sponsor"].format(sponsor)] if sponsor else []
    lines += [words["goal"].format(one) for one in goals] + [words["milestone"].format(one) for one in milestones]
    lines += [words["rules"].format(", ".join(rules))] if rules else []
    return "\n".join(lines)
