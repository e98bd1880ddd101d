"""For whom a page of reports is made: the alarms he may see, the pages he may open, campaigns by their labels."""

from __future__ import annotations

from aparte.reports.around import Around
from aparte.reports.called import labels_in, texts_of
from aparte.reports.links import open_to
from aparte.sites.model import Site
from aparte.sites.rights import Right
from aparte.web.desk import Desk
from aparte.web.principal import Principal

RIGHTS: dict[str, Right] = {"agents": "read", "conversations": "read", "goals": "plan"}
"""Page about people -> who may open it. On `agents` whoever may not supervise sees himself alone."""
MOST_ALARMS = 20


def around_of(desk: Desk, who: Principal, site: Site, language: str) -> Around:
    """As of now."""
    campaigns = desk.campaigns(site.id)
    return Around(
        alarms=desk.store.alarms(site.id, open_only=True, limit=MOST_ALARMS) if who.may("supervise") else (),
        shown=frozenset(open_to(("plan",) if who.may("plan") else ())),
        labels=labels_in(language, texts_of(campaigns.file)) if campaigns else {},
    )
