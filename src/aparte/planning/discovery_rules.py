"""Rules for where visitors are lost: the condition that finds them, and what is said to them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeAlias

from aparte.kit.errors import BadInput
from aparte.targeting.model import Campaign, CampaignFile, Frequency, Offer, Rule, SiteRules
from aparte.targeting.write import to_toml

Kind: TypeAlias = Literal[
    "page", "cart", "checkout", "not_found", "empty_search", "error", "payment_error", "field_error", "form_abandoned"
]
CAMPAIGN = "discovery"
WITHOUT_ORDER = "session.orders == 0"
CONDITIONS: Mapping[str, str] = MappingProxyType({
    "page": 'page.path == {path} && page.dwell >= duration("40s")',
    "cart": 'cart.items > 0 && page.dwell >= duration("30s")',
    "checkout": 'cart.items > 0 && page.path == {path} && page.dwell >= duration("45s")',
    "not_found": "session.not_found > 0",
    "empty_search": "session.zero_results > 0",
    "error": "session.errors > 0",
    "payment_error": "session.payment_errors > 0",
    "field_error": "session.field_errors > 1",
    "form_abandoned": "session.forms_abandoned > 0",
})  # fmt: skip
"""Those who hesitate where others leave, and those to whom something went wrong; never who has ordered."""
MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "page": ("A question about this page?", "Une question sur cette page ?"),
    "cart": ("Shall we look at your cart together?", "Regardons-nous votre panier ensemble ?"),
    "checkout": ("May I help you finish your order?", "Puis-je vous aider à terminer votre commande ?"),
    "not_found": ("This page is gone. What are you looking for?", "Cette page n’existe plus. Que cherchez-vous ?"),
    "empty_search": ("Nothing found? Tell me what you are looking for.",
                     "Rien trouvé ? Dites-moi ce que vous cherchez."),
    "error": ("Something went wrong. May I help?", "Quelque chose n’a pas marché. Puis-je vous aider ?"),
    "payment_error": ("The payment did not go through. May I help you finish?",
                      "Le paiement n’est pas passé. Puis-je vous aider à terminer ?"),
    "field_error": ("Is something in the form unclear?", "Un champ du formulaire pose problème ?"),
    "form_abandoned": ("May I fill this in with you?", "Remplissons-nous ce formulaire ensemble ?"),
})  # fmt: skip
NEED_PATH = ("page", "checkout")


def condition(kind: str, path: str) -> str:
    """When the rule holds. BadInput for a kind that is not known, or a page without a path."""
    if kind not in CONDITIONS:
        raise BadInput(f"{kind[:40]!r} is no drop-off", where="kind", hint=f"one of {', '.join(CONDITIONS)}")
    if kind in NEED_PATH and not path:
        raise BadInput("which page?", where="path", hint="its path, as /basket.html")
    return f"{CONDITIONS[kind].format(path=json.dumps(path, ensure_ascii=False))} && {WITHOUT_ORDER}"


def rule_name(kind: str, path: str, taken: Sequence[str]) -> str:
    """Letters, digits and hyphens, once in the campaign."""
    words = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")[:40].strip("-")
    name = f"{kind.replace('_', '-')}-{words}" if kind in NEED_PATH and words else kind.replace("_", "-")
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def rule(name: str, kind: str, path: str, priority: int, margin: float, cost: float, skill: str) -> Rule:
    """A rule of a campaign file: whoever takes up is worth `margin` and costs `cost`, in the shop's currency."""
    english, french = MESSAGES[kind]
    offer = Offer(
        skill=skill or None, message={"fr": french, "en": english}, expires="45s", margin=round(margin, 2),
        cost=round(cost, 2),
    )  # fmt: skip
    return Rule(name=name, when=condition(kind, path), priority=priority, offer=offer)


def campaign(rules: Sequence[Rule], holdout: float) -> Campaign:
    """All of them, as a draft: it is checked with the others, and looked at only once somebody publishes it."""
    return Campaign(
        name=CAMPAIGN, rules=tuple(rules), holdout=holdout, state="draft",
        label={"fr": "Issue de la découverte", "en": "From the discovery"},
        frequency=Frequency(after_decline="7d", after_chat="24h"),
    )  # fmt: skip


def campaign_text(site: str, rules: Sequence[Rule], holdout: float) -> str:
    """A whole campaign file with these rules, which `aparte check` takes."""
    return to_toml(CampaignFile(site=SiteRules(id=site), campaigns=(campaign(rules, holdout),)))
