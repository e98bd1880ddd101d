"""How a site gets other settings: judged, written with its row of the audit log, and told to whoever is concerned."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from aparte.sites.model import Site
from aparte.sites.settings import BadSettings, Change, changed, differing, revision_of
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.plain import Problem
from aparte.web.principal import Principal


async def set_site(me: Principal, change: Change, desk: Desk, hub: Hub, revision: str | None = None) -> Site:
    """The site of `me` with this change, in force; goes on to its end if the caller leaves.

    Problem 400 `bad_settings` with `faults` beside the error; 409 `changed_meanwhile` when `revision` is not that of
    now. Then nothing is changed.
    """
    return await desk.whole(_set(me, change, desk, hub, revision))


async def _set(me: Principal, change: Change, desk: Desk, hub: Hub, revision: str | None) -> Site:
    async with desk.setting:
        site = desk.directory.site(me.site)
        if revision is not None and revision != revision_of(site):
            raise Problem(409, "changed_meanwhile", "somebody else has saved meanwhile", hint="read the settings again")
        after = judged(site, change, desk)
        names = differing(site, after)
        if names:
            await desk.engine.save_site(after, [desk.audited(me, "settings", site.id, ", ".join(names))])
            desk.sites_changed()
            tell(desk, hub)
    return after


def tell(desk: Desk, hub: Hub) -> None:
    """Consoles hear of the site's name, currency and times; whom nothing of it concerns is told nothing."""
    for staff in desk.directory.all_staff():
        hub.staff_changed(staff.id)


def judged(site: Site, change: Change, desk: Desk) -> Site:
    """The site with the change; Problem 400."""
    codes = any(one.active for one in desk.engine.vocabulary(site.id).codes)
    try:
        return changed(site, change, codes=codes)
    except BadSettings as error:
        beside: dict[str, Any] = {"faults": to_builtins(error.faults)}
        raise Problem(400, "bad_settings", error.what, where=error.where, hint=error.hint, beside=beside) from None
