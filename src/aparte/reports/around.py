"""What stands around the figures of a page of reports: open alarms, the pages to go to, how campaigns are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from aparte.contracts.alarms import Alarm
from aparte.kit.civil import local
from aparte.reports.links import FOR_ALL
from aparte.reports.numbers import day_words
from aparte.reports.report_words import SPACE, SPACED

WORDS = {
    "fr": {
        "alarms": "Alarmes ouvertes",
        "since_at": "depuis le {at}",
        "floor": "Plancher franchi : {name}",
        "goal_missed": "Objectif manqué : {name}",
        "ingest_stopped": "Plus aucun événement n’arrive",
        "sample_ratio": "Tirage déséquilibré : {name}",
        "whole_site": "tout le site",
    },
    "en": {
        "alarms": "Open alarms",
        "since_at": "since {at}",
        "floor": "Floor broken: {name}",
        "goal_missed": "Goal missed: {name}",
        "ingest_stopped": "No events are coming in",
        "sample_ratio": "Uneven split: {name}",
        "whole_site": "the whole site",
    },
}


class Around(Struct, frozen=True, kw_only=True):
    """For one reader."""

    alarms: Sequence[Alarm] = ()
    """Those that are open, for who may see them."""
    shown: frozenset[str] = frozenset(FOR_ALL)
    """The pages that he may open."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What people call campaigns, by name; a campaign without a label is called by its name."""

    def called(self, campaign: str) -> str:
        """A campaign for a person."""
        return self.labels.get(campaign, campaign)


class AlarmBox(Struct, frozen=True):
    """What `alarms.html` shows; each line says what is wrong and since when."""

    title: str
    lines: tuple[tuple[str, str], ...]


def alarm_box(around: Around, time_zone: str, language: str) -> AlarmBox | None:
    """The box at the top of a page; None while nothing is wrong."""
    found = tuple(lines(around, time_zone, language))
    return AlarmBox(WORDS[language]["alarms"], found) if found else None


def lines(around: Around, time_zone: str, language: str) -> Iterator[tuple[str, str]]:
    """Each open alarm, in words. The alarm about arms is a campaign's, and called as people call it."""
    words = WORDS[language]
    for one in around.alarms:
        own = around.called(one.about) if one.kind == "sample_ratio" else one.name
        text = words[one.kind].format(name=own or words["whole_site"])
        since = words["since_at"].format(at=moment(one.opened_at, time_zone, language))
        yield SPACED.sub(SPACE, text) if language == "fr" else text, since


def moment(at: int, time_zone: str, language: str) -> str:
    """A moment on the site's clock: `3 mars, 14:05`."""
    then = local(at, time_zone)
    return f"{day_words(then.date(), language)}, {then:%H:%M}"
