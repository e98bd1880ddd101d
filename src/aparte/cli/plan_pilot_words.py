"""A pilot as a person reads it on a terminal, English or French."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table

from aparte.cli.shared import Screen
from aparte.planning.phases import PAY_BY_RESULT, Criterion, Phase, Phases
from aparte.planning.pilot import Pilot, Visible
from aparte.planning.service import Seen
from aparte.reports.numbers import number, points, share

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "head": "{base} of the visitors buy by themselves. With help {treated} of those treated would: {points}, for "
                "{uptake} take up and buy {lift} as often as they would have.",
        "none": "none", "arms": ("", "control", "treated", "visitors", "days"),
        "fixed": "looked at once, at the end", "daily": "may be looked at every day (x {times})",
        "even": "half and half", "tenth": "nine to one", "limit": {"traffic": "The traffic sets the pace: ",
        "agents": "The agents set the pace: "}, "pace": "{per_day} visitors a day, {talks} conversations.",
        "shows": "What shows by then",
        "visible": ("days", "visitors", "smallest effect", "on those who take up", "looked at daily"),
        "dilution": "The same effect when fewer take up, half and half",
        "diluted": ("take up", "treated buy", "visitors of each arm"), "soon": "What a small pilot does show",
        "seen": ("", "to within", "takes", "days"),
        "what": {"acceptance": "acceptance", "csat": "satisfaction (CSAT)", "nps": "recommendation (NPS)",
                 "nps_rise": "a rise of the NPS by 10, each wave", "reply_time": "mean time to a reply"},
        "of": {"invited": "invited", "conversations": "conversations", "answers": "answers"},
        "phases": "From the pilot to critical mass",
        "steps": ("", "traffic", "held out", "agents", "talks a day", "days", "shows from"),
        "names": {"pilot": "pilot", "extension": "extension", "roll_out": "roll-out", "critical_mass": "critical mass"},
        "decision": {"service": "decides whether it can be run well and is taken up; the effect cannot be seen yet",
                     "effect": "decides whether it sells more", "value": "decides whether it pays",
                     "keep": "repeated each quarter: does it still pay?"},
        "go": "go on when", "stop": "stop when", "any_day": "on any day, ", "and": " and ", "or": " or ",
        "measure": {"acceptance": "acceptance", "csat": "CSAT", "reply_s": "seconds to a reply", "effect": "effect"},
        "ends": {"point": "{}", "low": "lower bound of {}", "high": "upper bound of {}"},
        "critical": {"no_margin": "Critical mass: say --margin-per-order and the costs.",
                     "each_costs_more": "No volume carries itself: a conversation costs {costs} and brings {brings}.",
                     "reached": "Critical mass: {agents} agents, {talks} conversations a day, {share} of the traffic.",
                     "short": "Critical mass takes {share} of the traffic there is: {agents} agents, {talks} "
                              "conversations a day."},
        "colon": ": ", "pay": "From {agents} agents on, paying by result is worth its contract.",
    },
    "fr": {
        "head": "{base} des visiteurs achètent d’eux-mêmes. Avec de l’aide, {treated} des visiteurs traités le "
                "feraient : {points}, car {uptake} acceptent et achètent {lift} plus souvent que sans elle.",
        "none": "aucun", "arms": ("", "témoins", "traités", "visiteurs", "jours"),
        "fixed": "regardé une fois, à la fin", "daily": "peut être regardé chaque jour (× {times})",
        "even": "moitié-moitié", "tenth": "neuf pour un", "limit": {"traffic": "Le trafic donne le rythme : ",
        "agents": "Les conseillers donnent le rythme : "},
        "pace": "{per_day} visiteurs par jour, {talks} conversations.",
        "shows": "Ce qui se voit d’ici là",
        "visible": ("jours", "visiteurs", "plus petit effet", "sur ceux qui acceptent", "regardé chaque jour"),
        "dilution": "Le même effet quand moins acceptent, moitié-moitié",
        "diluted": ("acceptent", "achats des traités", "visiteurs par bras"),
        "soon": "Ce qu’un petit pilote montre bien",
        "seen": ("", "à ± près", "il faut", "jours"),
        "what": {"acceptance": "acceptation", "csat": "satisfaction (CSAT)", "nps": "recommandation (NPS)",
                 "nps_rise": "une hausse du NPS de 10, par vague", "reply_time": "temps moyen de réponse"},
        "of": {"invited": "invités", "conversations": "conversations", "answers": "réponses"},
        "phases": "Du pilote à la masse critique",
        "steps": ("", "trafic", "témoins", "conseillers", "conv. par jour", "jours", "visible dès"),
        "names": {"pilot": "pilote", "extension": "extension", "roll_out": "généralisation",
                  "critical_mass": "masse critique"},
        "decision": {"service": "décide si le service tient et s’il est accepté ; l’effet ne se voit pas encore",
                     "effect": "décide s’il vend davantage", "value": "décide s’il est rentable",
                     "keep": "répété chaque trimestre : est-il toujours rentable ?"},
        "go": "continuer si", "stop": "arrêter si", "any_day": "un jour quelconque, ", "and": " et ", "or": " ou ",
        "measure": {"acceptance": "l’acceptation", "csat": "le CSAT", "reply_s": "secondes de réponse",
                    "effect": "l’effet"},
        "ends": {"point": "{}", "low": "borne basse de {}", "high": "borne haute de {}"},
        "critical": {"no_margin": "Masse critique : dites --margin-per-order et les coûts.",
                     "each_costs_more": "Aucun volume ne suffit : une conversation coûte {costs} et rapporte {brings}.",
                     "reached": "Masse critique : {agents} conseillers, {talks} conversations par jour, {share} du "
                                "trafic.",
                     "short": "La masse critique demande {share} du trafic actuel : {agents} conseillers, {talks} "
                              "conversations par jour."},
        "colon": "\u00a0: ", "pay": "À partir de {agents} conseillers, la rémunération au résultat mérite son contrat.",
    },
}  # fmt: skip
SIGNS = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}


def show(found: Pilot, steps: Phases | None, language: str) -> None:
    """All of it."""
    screen = Screen(highlight=False, soft_wrap=True, markup=False)
    words = WORDS[language]
    screen.print(head(found, language))
    if found.per_day is not None:
        talks = number(found.conversations_per_day or 0, language, 1)
        pace = words["pace"].format(per_day=number(found.per_day, language), talks=talks)
        screen.print(words["limit"][found.limited_by] + pace)
    screen.print(grid(words["arms"], arms(found, language)))
    if found.visible:
        screen.print(f"\n{words['shows']}")
        screen.print(grid(words["visible"], [visible_row(one, language) for one in found.visible]))
    screen.print(f"\n{words['dilution']}")
    screen.print(grid(words["diluted"], dilution(found, language)))
    screen.print(f"\n{words['soon']}")
    screen.print(grid(words["seen"], [seen_row(one, language) for one in found.seen_soon]))
    if steps is not None:
        for line in phases_text(screen, steps, language):
            screen.print(line)


def head(found: Pilot, language: str) -> str:
    """What is asked, in a sentence."""
    told = WORDS[language]["head"].format(
        base=share(found.base_rate, language, 2), treated=share(found.treated_rate, language, 2),
        points=points(found.difference, language, 2), uptake=share(found.uptake, language, 0),
        lift=share(found.lift, language, 0) if language == "fr" else f"{number(1 + found.lift, language, 2)} times",
    )  # fmt: skip
    return str(told)


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table of figures."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for place, one in enumerate(heads):
        table.add_column(one, justify="right" if place else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def arms(found: Pilot, language: str) -> list[Sequence[str]]:
    """Visitors of each arm: once, daily, half and half, nine to one."""
    words, watched = WORDS[language], found.always_valid
    rows = [(words["fixed"], found.control, found.treated, found.visitors, found.days)]
    daily = words["daily"].format(times=number(watched.times, language, 2))
    rows.append((daily, watched.control, watched.treated, watched.visitors, watched.days))
    for one in found.splits:
        if one.holdout != found.holdout:
            label = words["even" if one.holdout == 0.5 else "tenth"]
            rows.append((label, one.control, one.treated, one.visitors, one.days))
    return [(label, *(count(n, language) for n in figures)) for label, *figures in rows]


def count(n: int | None, language: str) -> str:
    """A number of visitors or days; a dash for what is not known."""
    return "-" if n is None else number(n, language)


def visible_row(one: Visible, language: str) -> Sequence[str]:
    """What so many days show."""
    none = WORDS[language]["none"]
    effect = none if one.difference is None else points(one.difference, language, 2)
    lift = none if one.lift is None else share(one.lift, language, 0)
    daily = none if one.watched_difference is None else points(one.watched_difference, language, 2)
    return count(one.days, language), number(one.control + one.treated, language), effect, lift, daily


def dilution(found: Pilot, language: str) -> list[Sequence[str]]:
    """Visitors by uptake."""
    rows = found.dilution
    return [
        (share(one.uptake, language, 0), share(one.treated_rate, language, 2), count(one.per_arm, language))
        for one in rows
    ]


def seen_row(one: Seen, language: str) -> Sequence[str]:
    """What is known soon."""
    words = WORDS[language]
    if one.what == "reply_time":
        reach = share(one.reach, language, 0)
    else:
        reach = "-" if one.what == "nps_rise" else points(one.reach, language, 1, signed=False)
    needs = f"{number(one.needs, language)} {words['of'][one.of]}"
    return words["what"][one.what], reach, needs, count(one.days, language)


def phases_text(screen: Screen, steps: Phases, language: str) -> Iterable[str | Table]:
    """The phases, what each decides, and critical mass."""
    words = WORDS[language]
    yield f"\n{words['phases']}"
    yield grid(words["steps"], [phase_row(one, language) for one in steps.phases])
    for one in steps.phases:
        name = words["names"][one.name]
        yield f"{name}{words['colon']}{words['decision'][one.decision]}"
        yield f"  {words['go']} {words['and'].join(criterion(each, language) for each in one.go_on)}"
        yield f"  {words['stop']} {words['or'].join(criterion(each, language) for each in one.stop)}"
    yield critical(steps, language)
    if any(one.pay_by_result for one in steps.phases):
        yield words["pay"].format(agents=PAY_BY_RESULT + 1)


def phase_row(one: Phase, language: str) -> Sequence[str]:
    """A line of figures."""
    shown = one.visible.difference
    return (
        WORDS[language]["names"][one.name], share(one.share, language), share(one.holdout, language, 0),
        number(one.agents, language), number(one.conversations_per_day, language), number(one.days, language),
        WORDS[language]["none"] if shown is None else points(shown, language, 2),
    )  # fmt: skip


def criterion(one: Criterion, language: str) -> str:
    """A condition in words."""
    words = WORDS[language]
    what = words["ends"][one.of].format(words["measure"][one.measure])
    if one.measure == "reply_s":
        bound = number(one.bound, language)
    elif one.measure == "effect":
        bound = points(one.bound, language, 2, signed=False)
    else:
        bound = share(one.bound, language, 1)
    return f"{words['any_day'] if one.daily else ''}{what} {SIGNS[one.sense]} {bound}"


def critical(steps: Phases, language: str) -> str:
    """Critical mass, or why there is none."""
    told, one = WORDS[language]["critical"], steps.critical
    if one.agents is None or one.share is None or one.conversations_per_day is None:
        costs, brings = (number(figure or 0, language, 2) for figure in (steps.costs, steps.brings))
        return str(told[one.why].format(costs=costs, brings=brings))
    text = told["reached" if one.reached else "short"].format(
        agents=number(one.agents, language), talks=number(one.conversations_per_day, language),
        share=share(one.share, language, 0),
    )  # fmt: skip
    return str(text)
