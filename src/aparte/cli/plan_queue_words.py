"""The words of queues and staffing on a terminal, French and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["fr", "en"]
Words: TypeAlias = Mapping[str, Mapping[Language, str]]

FIGURES: Words = {
    "p_blocked": {"en": "find all agents busy", "fr": "trouvent tous les conseillers occupés"},
    "p_wait": {"en": "have to wait", "fr": "doivent attendre"},
    "service_level": {"en": "answered in time", "fr": "pris à temps"},
    "asa_s": {"en": "mean wait of those answered", "fr": "attente moyenne de ceux qui sont pris"},
    "occupancy": {"en": "share of agents' time in work", "fr": "part du temps des conseillers au travail"},
    "p_abandon": {"en": "give up waiting", "fr": "renoncent"},
    "mean_wait_s": {"en": "mean wait of all", "fr": "attente moyenne de tous"},
    "served_in_time": {"en": "answered within the time", "fr": "pris dans le délai"},
    "waited_longer": {"en": "still waiting after it", "fr": "attendent encore après"},
    "abandoned_in_time": {"en": "left within it", "fr": "partis avant"},
    "chats_per_agent": {"en": "conversations at a time, mean", "fr": "conversations à la fois, en moyenne"},
    "mean_chat_s": {"en": "length of a conversation", "fr": "durée d’une conversation"},
    "gain": {"en": "gain of this concurrency", "fr": "gain de cette simultanéité"},
    "reply_s": {"en": "reply time of a full agent", "fr": "temps de réponse d’un conseiller complet"},
    "method": {"en": "method", "fr": "méthode"},
}
METHODS: Words = {
    "exact": {"en": "exact", "fr": "exacte"},
    "evenly spread": {"en": "evenly spread (approximate)", "fr": "répartition égale (approchée)"},
}
HEADS: Words = {
    "start": {"en": "half-hour", "fr": "demi-heure"},
    "day": {"en": "day", "fr": "jour"},
    "skill": {"en": "skill", "fr": "compétence"},
    "arrivals": {"en": "arrivals", "fr": "arrivées"},
    "low": {"en": "low", "fr": "bas"},
    "high": {"en": "high", "fr": "haut"},
    "observed": {"en": "counted", "fr": "comptées"},
    "agents": {"en": "agents", "fr": "conseillers"},
    "paid": {"en": "paid", "fr": "payés"},
    "missing": {"en": "missing", "fr": "manquants"},
    "in_time": {"en": "in time", "fr": "à temps"},
    "wait": {"en": "wait", "fr": "attente"},
    "busy": {"en": "busy", "fr": "occupés"},
    "team": {"en": "team", "fr": "équipe"},
    "hours": {"en": "hours", "fr": "heures"},
    "paid_hours": {"en": "paid hours", "fr": "heures payées"},
    "cost": {"en": "cost", "fr": "coût"},
}
SAYS: Words = {
    "total": {"en": "all", "fr": "ensemble"},
    "concurrency": {
        "en": "{skill}: {k} at a time, {gain} times one at a time; a full agent replies in {reply}",
        "fr": "{skill} : {k} à la fois, {gain} fois le rendement d’une seule ; un conseiller complet répond en {reply}",
    },
    "measured": {
        "en": "{skill}, measured in {n} conversations: {turns} messages, agent {agent} s, customer {customer} s each",
        "fr": "{skill}, mesuré sur {n} conversations : {turns} messages, conseiller {agent} s, client {customer} s "
        "chacun",
    },
    "everything": {"en": "all", "fr": "tout"},
    "no_skill": {"en": "without a skill", "fr": "sans compétence"},
    "approximate": {
        "en": "Many agents: as if conversations were spread evenly, which tells 2 to 6% too few waits.",
        "fr": "Conseillers nombreux : comme si les conversations étaient réparties également, ce qui compte "
              "2 à 6 % d’attentes en moins.",
    },
    "short": {
        "en": "{hours} hours at work are missing: no team can give them.",
        "fr": "Il manque {hours} heures de présence : aucune équipe ne peut les donner.",
    },
    "no_wage": {
        "en": "No cost: the wage of {team} is not told.",
        "fr": "Pas de coût : le salaire de {team} n’est pas dit.",
    },
    "interval": {
        "en": "{days} days counted in {zone}; {interval} of half-hours to come lie between low and high",
        "fr": "{days} jours comptés, {zone} ; {interval} des demi-heures à venir sont entre bas et haut",
    },
    "dispersion": {
        "en": "{skill}: half-hours vary {dispersion} times as much as chance alone",
        "fr": "{skill} : les demi-heures varient {dispersion} fois plus que le seul hasard",
    },
}  # fmt: skip
DAYS: Words = {
    "mon": {"en": "mon", "fr": "lun."},
    "tue": {"en": "tue", "fr": "mar."},
    "wed": {"en": "wed", "fr": "mer."},
    "thu": {"en": "thu", "fr": "jeu."},
    "fri": {"en": "fri", "fr": "ven."},
    "sat": {"en": "sat", "fr": "sam."},
    "sun": {"en": "sun", "fr": "dim."},
}


def said(key: str, language: Language, **values: object) -> str:
    """A sentence with its values."""
    return SAYS[key][language].format(**values)


def skill_name(skill: str, of: int, language: Language) -> str:
    """The skill; conversations without one are all of them where there is no other."""
    return skill or said("no_skill" if of > 1 else "everything", language)


def starting(start: str, language: Language) -> str:
    """`mon 09:00`, `lun. 09:00`; a date stays as it is."""
    day, space, clock = start.partition(" ")
    return f"{DAYS[day][language]} {clock}".strip() if day in DAYS and (space or start in DAYS) else start
