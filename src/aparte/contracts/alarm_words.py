"""What the mail about an alarm says, in French and English; the subject is ours alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from aparte.contracts.alarms import Alarm, AlarmKind

SUBJECTS: Mapping[str, Mapping[AlarmKind, str]] = {
    "fr": {
        "floor": "{site} : un plancher est franchi",
        "goal_missed": "{site} : un objectif est manqué",
        "ingest_stopped": "{site} : plus aucun événement n'arrive",
        "sample_ratio": "{site} : une répartition témoin ne tombe plus juste",
    },
    "en": {
        "floor": "{site}: a floor is broken",
        "goal_missed": "{site}: a goal is missed",
        "ingest_stopped": "{site}: no events are coming in",
        "sample_ratio": "{site}: a hold-out is not dealt as planned",
    },
}
TEXTS: Mapping[str, Mapping[AlarmKind, str]] = {
    "fr": {
        "floor": "L'objectif « {name} » est passé sous son plancher : {value} (intervalle {low} à {high}, n = {n}), "
        "plancher {bound}. L'intervalle entier est du mauvais côté : ce n'est pas le hasard.",
        "goal_missed": "L'objectif « {name} » est manqué sur la dernière période terminée : {value} "
        "(intervalle {low} à {high}, n = {n}), cible {bound}.",
        "ingest_stopped": "Aucun événement de visiteur depuis {minutes} minutes. À cette heure de la semaine, environ "
        "{usual} visiteurs seraient venus dans ce temps. Vérifiez que la balise est toujours sur les pages et que "
        "le serveur est joignable.",
        "sample_ratio": "Campagne « {name} » : le tirage ne donne pas la part de témoins prévue (p = {p}). Tant que la "
        "cause n'est pas connue, les chiffres de cette campagne ne doivent pas décider.",
    },
    "en": {
        "floor": "The goal “{name}” has fallen through its floor: {value} (interval {low} to {high}, n = {n}), "
        "floor {bound}. The whole interval is on the bad side: this is not chance.",
        "goal_missed": "The goal “{name}” was missed in the last window that has ended: {value} "
        "(interval {low} to {high}, n = {n}), target {bound}.",
        "ingest_stopped": "No event of a visitor for {minutes} minutes. At this time of the week about {usual} "
        "visitors would have come in that time. See that the tag is still on the pages and that the server can be "
        "reached.",
        "sample_ratio": "Campaign “{name}”: the draw does not give the planned share of held-out visitors (p = {p}). "
        "Until the cause is known, do not decide by this campaign's figures.",
    },
}
LAST = {
    "fr": "Vous recevez ce message une fois par alarme. Elle se ferme d'elle-même quand tout va bien : {link}",
    "en": "You get this once for each alarm. It closes by itself when all is well again: {link}",
}
WHOLE_SITE = {"fr": "tout le site", "en": "the whole site"}


def subject_and_text(alarm: Alarm, site: str, name: str, link: str, language: str) -> tuple[str, str]:
    """The subject and the text; `name` is the alarm's own, on one line, `site` the shop's."""
    spoken = "fr" if language.startswith("fr") else "en"
    told = alarm.figures
    values = {one: figure(value) for one, value in told.items()} | {
        "site": site,
        "name": name or WHOLE_SITE[spoken],
        "minutes": str(round(told.get("silent_ms", 0) / 60_000)),
    }
    text = f"{filled(TEXTS[spoken][alarm.kind], values)}\n\n{filled(LAST[spoken], {'link': link})}"
    return filled(SUBJECTS[spoken][alarm.kind], values), text


def figure(value: float) -> str:
    """A figure in its own unit, short."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; what is not known is a dash. No value is read as a place again."""
    parts = text.split("{")
    found = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        found.append(values.get(name, "–") + rest)
    return "".join(found)
