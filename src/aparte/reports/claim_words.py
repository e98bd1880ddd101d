"""The claims of the two papers in words, French and English: what is said, each figure, and why the verdict."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.planning.claims import Claim
from aparte.reports.claim_texts import PLAIN, SAYS, VERDICTS, WHY
from aparte.reports.numbers import SPACE, number

Unit: TypeAlias = Literal["share", "times", "count", "money", "minutes", "seconds", "hours", "points", "plain"]
LABELS: dict[str, tuple[Unit, str, str]] = {
    "acceptance": ("share", "acceptance", "acceptation"),
    "acceptance_mean": ("share", "mean acceptance of the sector", "acceptation moyenne du secteur"),
    "additional_share": ("share", "of these, additional", "dont additionnelles"),
    "agent_hours": ("hours", "hours of agents", "heures de conseillers"),
    "agent_seconds": ("seconds", "agent’s work in a turn", "travail du conseiller par échange"),
    "agents_after": ("count", "agents after", "conseillers après"),
    "agents_before": ("count", "agents before", "conseillers avant"),
    "answers_needed": ("count", "answers needed of each wave", "réponses nécessaires par vague"),
    "answers_per_wave": ("count", "answers of each wave (0: not said)", "réponses par vague (0 : non dit)"),
    "assisted_orders": ("count", "orders by chat", "commandes par chat"),
    "assisted_share": ("share", "share of all sales", "part des ventes"),
    "at_random": ("plain", "compared with visitors held out by chance (0 or 1)",
                  "comparé à des témoins tirés au sort (0 ou 1)"),
    "base_from": ("share", "holds from a base of", "vrai à partir d’un taux de"),
    "base_high": ("share", "the site’s conversion, at most", "conversion du site, au plus"),
    "base_low": ("share", "the site’s conversion, at least", "conversion du site, au moins"),
    "base_rate": ("share", "conversion without help", "conversion sans aide"),
    "base_to": ("share", "holds up to a base of", "vrai jusqu’à un taux de"),
    "basket": ("money", "basket", "panier"),
    "basket_high": ("money", "basket, at most", "panier, au plus"),
    "basket_low": ("money", "basket, at least", "panier, au moins"),
    "basket_ratio": ("times", "basket against the others’", "panier face aux autres"),
    "break_even": ("times", "a mail’s cost by a chat’s, to break even", "coût d’un courriel par chat, à l’équilibre"),
    "call_minutes": ("minutes", "a call", "un appel"),
    "calls_avoided": ("count", "calls avoided a year", "appels évités par an"),
    "calls_per_month": ("count", "calls a month", "appels par mois"),
    "calls_per_year": ("count", "calls a year", "appels par an"),
    "calls_total": ("count", "calls in all, a year", "appels en tout, par an"),
    "calls_truly": ("count", "calls that truly do not come", "appels qui ne viennent vraiment pas"),
    "causal_multiplier": ("times", "against what the same buyers would have bought",
                          "face à ce que les mêmes auraient acheté"),
    "chat_cost_ratio": ("share", "a chat’s cost of a call’s", "coût d’un chat par rapport à un appel"),
    "chat_minutes": ("minutes", "a chat", "un chat"),
    "chats_per_hour": ("plain", "chats an hour at the claimed conversion", "chats par heure à la conversion annoncée"),
    "chats_per_hour_own": ("plain", "chats an hour at its own ratio", "chats par heure à son propre rapport"),
    "chats_per_mail": ("plain", "chats that do for one mail’s pace", "chats qui suffisent au rythme d’un courriel"),
    "claimed_cost_ratio": ("share", "claimed: cost of a call’s", "annoncé : coût par rapport à un appel"),
    "claimed_conversion": ("share", "claimed conversion", "conversion annoncée"),
    "claimed_high": ("share", "claimed rise, at most", "hausse annoncée, au plus"),
    "claimed_low": ("share", "claimed rise, at least", "hausse annoncée, au moins"),
    "claimed_per_year": ("count", "told of a year", "annoncé par an"),
    "claimed_share": ("share", "claimed share", "part annoncée"),
    "claimed_times": ("times", "claimed ratio", "rapport annoncé"),
    "concurrency": ("count", "chats at once", "chats simultanés"),
    "contracts": ("count", "contracts", "contrats"),
    "conversion_high": ("share", "conversion of chats, at most", "conversion des chats, au plus"),
    "conversion_implied_high": ("share", "conversion that the ratio implies, at most",
                                "conversion qu’implique le rapport, au plus"),
    "conversion_implied_low": ("share", "conversion that the ratio implies, at least",
                               "conversion qu’implique le rapport, au moins"),
    "conversion_low": ("share", "conversion of chats, at least", "conversion des chats, au moins"),
    "conversion_ratio": ("times", "conversion against the others’, basket taken off",
                         "conversion face aux autres, panier déduit"),
    "conversion_rise": ("share", "rise of conversion", "hausse de la conversion"),
    "conversion_share": ("share", "spent on conversion, of all", "part dépensée pour la conversion"),
    "cost_per_call": ("money", "cost of a call", "coût d’un appel"),
    "cost_per_chat": ("money", "cost of a chat", "coût d’un chat"),
    "cost_per_mail": ("money", "cost of a mail", "coût d’un courriel"),
    "cost_ratio_2": ("times", "cost by a call’s, 2 at once", "coût par rapport à un appel, 2 à la fois"),
    "cost_ratio_3": ("times", "3 at once", "3 à la fois"),
    "cost_ratio_4": ("times", "4 at once", "4 à la fois"),
    "cost_ratio_5": ("times", "5 at once", "5 à la fois"),
    "cost_ratio_at_most": ("times", "at the most at once", "au plus de chats à la fois"),
    "customer_by_agent_needed": ("times", "customer’s time by agent’s, needed",
                                 "temps du client par conseiller, nécessaire"),
    "customer_seconds": ("seconds", "customer’s time in a turn", "temps du client par échange"),
    "detractors": ("share", "detractors before", "détracteurs avant"),
    "discount": ("share", "discount", "remise"),
    "discount_use": ("share", "buyers who use it", "acheteurs qui l’utilisent"),
    "engaged_least": ("share", "visitors to engage, at least", "visiteurs à engager, au moins"),
    "engaged_less": ("share", "visitors to engage at the larger ratio", "visiteurs à engager au plus fort rapport"),
    "engaged_most": ("share", "visitors to engage, at most", "visiteurs à engager, au plus"),
    "engaged_most_with_basket": ("share", "at most, with the basket", "au plus, avec le panier"),
    "engaged_needed": ("share", "visitors to engage for that share", "visiteurs à engager pour cette part"),
    "engaged_needed_with_basket": ("share", "the same, with the basket", "de même, avec le panier"),
    "engaged_of_these": ("share", "of these, engaged", "dont engagés"),
    "engaged_share": ("share", "visitors engaged", "visiteurs engagés"),
    "first_high": ("count", "first paper: at once, at most", "premier livre blanc : à la fois, au plus"),
    "first_low": ("count", "first paper: at once, at least", "premier livre blanc : à la fois, au moins"),
    "full_time": ("plain", "full-time agents for a year", "équivalents temps plein sur un an"),
    "gain_2": ("times", "finished by holding 2", "terminés en tenant 2"),
    "gain_3": ("times", "3", "3"), "gain_4": ("times", "4", "4"), "gain_5": ("times", "5", "5"),
    "gain_limit": ("times", "most that can be gained", "gain maximal"),
    "gain_needed": ("times", "gain needed", "gain nécessaire"),
    "gain_other": ("times", "gain with the other times", "gain avec les autres durées"),
    "gross_margin": ("share", "gross margin", "marge brute"),
    "growth": ("share", "growth in a year", "croissance en un an"),
    "hours_long": ("hours", "longer window", "fenêtre longue"),
    "hours_per_year": ("hours", "a year’s work", "une année de travail"),
    "hours_short": ("hours", "shorter window", "fenêtre courte"),
    "intrinsic_ratio": ("times", "of their own ratio, without chat", "leur propre rapport, sans chat"),
    "later_detractors": ("share", "detractors after", "détracteurs après"),
    "later_promoters": ("share", "promoters after", "promoteurs après"),
    "lift": ("share", "rise of all sales", "hausse des ventes totales"),
    "lift_at_base_to": ("share", "rise at the last base", "hausse au dernier taux"),
    "lift_at_high": ("share", "rise at the larger base", "hausse au taux haut"),
    "lift_at_low": ("share", "rise at the smaller base", "hausse au taux bas"),
    "lift_at_middle": ("share", "rise between", "hausse entre les deux"),
    "lift_most": ("share", "most that it adds to all sales", "hausse maximale des ventes"),
    "lift_segments": ("share", "rise in the segments", "hausse dans les segments"),
    "lift_total": ("share", "rise of all sales", "hausse des ventes totales"),
    "mails_per_chat": ("plain", "mails avoided by a chat", "courriels évités par chat"),
    "minutes_per_chat": ("minutes", "a chat then lasts", "un chat dure alors"),
    "most_at_once": ("count", "most at once within the target", "au plus à la fois dans l’objectif"),
    "nps_after": ("plain", "NPS after", "NPS après"),
    "nps_before": ("plain", "NPS before", "NPS avant"),
    "online_share": ("share", "callers online in the last hour", "appelants en ligne dans l’heure"),
    "orders_additional": ("count", "additional orders", "commandes additionnelles"),
    "orders_before": ("count", "orders without chat", "commandes sans chat"),
    "orders_total": ("count", "orders in all", "commandes en tout"),
    "other_agent_seconds": ("seconds", "other example: agent", "autre exemple : conseiller"),
    "other_customer_seconds": ("seconds", "other example: customer", "autre exemple : client"),
    "own_conversion": ("share", "conversion of its own ratio", "conversion selon son propre rapport"),
    "plausible_engaged": ("share", "visitors who can plausibly be engaged",
                          "visiteurs qu’on peut plausiblement engager"),
    "points": ("points", "rise", "hausse"),
    "productivity": ("times", "each does", "chacun fait"),
    "profit_times": ("times", "gross profit", "profit brut"),
    "promoters": ("share", "promoters before", "promoteurs avant"),
    "ratio_high": ("times", "against the site, at most", "face au site, au plus"),
    "ratio_low": ("times", "against the site, at least", "face au site, au moins"),
    "reply_s_2": ("seconds", "time to a reply with 2", "temps de réponse avec 2"),
    "reply_s_3": ("seconds", "with 3", "avec 3"), "reply_s_4": ("seconds", "with 4", "avec 4"),
    "reply_s_5": ("seconds", "with 5", "avec 5"),
    "reply_target_s": ("seconds", "time to a reply, at most", "temps de réponse, au plus"),
    "revenue_times": ("times", "revenue", "chiffre d’affaires"),
    "rise_break_even": ("share", "rise at which revenue stays", "hausse à laquelle le CA se maintient"),
    "rise_high": ("share", "rise, at most", "hausse, au plus"),
    "rise_low": ("share", "rise, at least", "hausse, au moins"),
    "sales_per_hour": ("plain", "sales an agent-hour", "ventes par heure de conseiller"),
    "sales_ratio": ("times", "sales of an engaged visitor against another’s",
                    "ventes d’un visiteur engagé face à un autre"),
    "sales_times": ("times", "all sales", "ventes totales"),
    "saved_of_cost": ("share", "saved of a call’s cost", "économisé sur le coût d’un appel"),
    "saving_claimed": ("money", "saving as claimed", "économie annoncée"),
    "saving_counted": ("money", "saving on those that do not come", "économie sur ceux qui ne viennent pas"),
    "saving_paid": ("money", "saving when all chats are paid", "économie quand tous les chats sont payés"),
    "saving_per_chat": ("money", "saved by a chat", "économisé par chat"),
    "second_high": ("count", "second paper: at once, at most", "second livre blanc : à la fois, au plus"),
    "second_low": ("count", "second paper: at once, at least", "second livre blanc : à la fois, au moins"),
    "segment_share": ("share", "segments’ part of the sales", "part des segments dans les ventes"),
    "share_at_claimed": ("share", "share of sales at the claimed ratio", "part des ventes au rapport annoncé"),
    "share_at_claimed_with_basket": ("share", "the same, with the basket", "de même, avec le panier"),
    "share_high": ("share", "share of sales, at most", "part des ventes, au plus"),
    "share_long": ("share", "in the longer window", "dans la fenêtre longue"),
    "share_low": ("share", "share of sales, at least", "part des ventes, au moins"),
    "share_per_hour_long": ("share", "an hour of the longer window", "par heure de la fenêtre longue"),
    "share_short": ("share", "in the shorter window", "dans la fenêtre courte"),
    "shops": ("count", "shops", "sites"),
    "shops_before": ("count", "shops a year before", "sites un an avant"),
    "spent_on_conversion": ("money", "spent on conversion", "dépensé pour la conversion"),
    "spent_on_traffic": ("money", "spent on traffic", "dépensé pour le trafic"),
    "staff_saved": ("share", "fewer agents", "conseillers en moins"),
    "target_rate": ("share", "target", "objectif"),
    "times_high": ("times", "ratio, at most", "rapport, au plus"),
    "times_low": ("times", "ratio, at least", "rapport, au moins"),
    "true_deflection": ("share", "chats after which no call comes", "chats après lesquels aucun appel ne vient"),
    "untargeted": ("share", "conversion of untargeted chat", "conversion du chat sans ciblage"),
    "use_break_even": ("share", "buyers who may use it, at most", "acheteurs qui peuvent l’utiliser, au plus"),
}  # fmt: skip


class Told(Struct, frozen=True, kw_only=True):
    """A claim in one language."""

    says: str
    verdict: str
    why: str
    inputs: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str], ...]


def told(claim: Claim, language: str) -> Told:
    """What it says, what came out, and why; each figure with its label."""
    values = {name: value_words(name, value, language) for name, value in {**claim.inputs, **claim.figures}.items()}
    reason = WHY.get((claim.id, claim.verdict)) or PLAIN[claim.verdict]
    return Told(
        says=SAYS[claim.id][language].format(**values), verdict=VERDICTS[claim.verdict][language],
        why=reason[language].format(**values),
        inputs=tuple((label(name, language), values[name]) for name in claim.inputs),
        figures=tuple((label(name, language), values[name]) for name in claim.figures),
    )  # fmt: skip


def label(name: str, language: str) -> str:
    """What a figure is."""
    return LABELS[name][2 if language == "fr" else 1]


def value_words(name: str, value: float, language: str) -> str:
    """A figure for people, with the digits that matter."""
    unit = LABELS[name][0]
    if unit == "share":
        return f"{trimmed(100 * value, language, 2)}{SPACE if language == 'fr' else ''}%"
    if unit == "points":
        return f"{trimmed(100 * value, language, 2)}{SPACE}{'point' if value <= 0.015 else 'points'}"
    if unit == "times":
        return f"×{SPACE}{trimmed(value, language, 3)}"
    if unit == "count":
        return number(value, language)
    after = {"minutes": f"{SPACE}min", "seconds": f"{SPACE}s", "hours": f"{SPACE}h"}.get(unit, "")
    if unit == "money" and abs(value - round(value)) > 1e-9:
        return number(value, language, 2)
    return trimmed(value, language, 3 if abs(value) < 1 else 2) + after


def trimmed(value: float, language: str, decimals: int) -> str:
    """A number with so many decimals at most, without zeros at its end."""
    text = number(value, language, decimals)
    return text.rstrip("0").rstrip(".,") if decimals else text
