"""The settings of a site while it runs; see docs/reference/settings.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Router, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct
from msgspec.structs import asdict

from aparte.sites.model import Mode, Question, Site
from aparte.sites.settings import BOUNDS, Change, revision_of, settings_of
from aparte.sites.words import WIDGET_WORDS
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.principal import Principal
from aparte.web.site_change import set_site


class SiteChange(Change, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told of a site, and the revision that was read; null: as it is. Lists and words are told whole."""

    revision: Annotated[str, Meta(max_length=64)] | None = None


class LookWords(Struct, frozen=True):
    """How the widget looks: all of it, also what is as we made it."""

    colour: str
    on_colour: str
    position: Literal["left", "right"]
    radius: int
    font: str
    quote_font: str


class SiteSettings(Struct, frozen=True, kw_only=True):
    """All settings of a site."""

    id: str
    revision: str
    """Another one as soon as a setting is: a PUT that gives it is refused when somebody else has saved."""
    name: str
    mode: Mode
    language: str
    languages: tuple[str, ...]
    currency: str
    time_zone: str
    origins: tuple[str, ...]
    button: bool
    look: LookWords
    words: dict[str, dict[str, str]]
    answer_s: int
    queue_s: int
    critical_s: int
    wrap_up: Literal["off", "optional", "required"]
    typing_preview: bool
    survey: tuple[Question, ...]
    mail_to: str
    bounds: dict[str, tuple[int, int]]
    """Of numbers: the least and the most."""
    word_names: tuple[str, ...]
    """The words that can be replaced."""


def site_settings(site: Site) -> SiteSettings:
    """As they are now."""
    more: dict[str, Any] = {"bounds": BOUNDS, "word_names": WIDGET_WORDS}
    known = settings_of(site) | {"look": LookWords(**asdict(site.look))}
    return SiteSettings(id=site.id, revision=revision_of(site), **known, **more)


@get("/site", summary="The settings of the site", right="sites", sync_to_thread=False)
def settings(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> SiteSettings:
    """All that can be set while it runs."""
    return site_settings(desk.directory.site(me.site))


@put("/site", summary="Set the site", right="sites")
async def set_settings(
    data: JSONBody[SiteChange], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> SiteSettings:
    """What the body tells, in force at once. 400 `bad_settings` with all `faults`, 409 `changed_meanwhile`."""
    given = asdict(data)
    revision = given.pop("revision")
    return site_settings(await set_site(me, Change(**given), desk, hub, revision))


ROUTER = Router("/api/v1", route_handlers=[settings, set_settings], tags=["Sites"])
