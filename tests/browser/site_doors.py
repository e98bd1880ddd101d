"""The doors of the site's settings and of one's own name, judged by the very code of the real ones."""

from __future__ import annotations

from typing import Any

import msgspec

from aparte.sites.model import Site
from aparte.sites.settings import BadSettings, Change, changed, revision_of
from aparte.web.api_site import SiteChange, site_settings
from aparte.web.words_staff import MeBody

Json = dict[str, Any]
Answer = tuple[int, Any]


class SiteDoors:
    """A site that can be changed; `settings_wanted` keeps what was asked for."""

    me: Json
    site = Site(
        id="demo", name="Maison Lin", public_key="k", secret_key_hash="", origins=("https://maison-lin.example",)
    )  # fmt: skip
    settings_wanted: list[Json]

    def get_site(self, **_: Any) -> Answer:
        return 200, msgspec.to_builtins(site_settings(self.site))

    def put_site(self, body: Json, **_: Any) -> Answer:
        self.settings_wanted = [*getattr(self, "settings_wanted", []), body]
        given = msgspec.structs.asdict(msgspec.convert(body, SiteChange))
        revision = given.pop("revision")
        if revision not in (None, revision_of(self.site)):
            return 409, {"error": {"code": "changed_meanwhile", "what": "", "where": "", "hint": ""}}
        try:
            self.site = changed(self.site, Change(**given))
        except BadSettings as error:
            told = {"code": "bad_settings", "what": error.what, "where": error.where, "hint": error.hint}
            return 400, {"error": told, "faults": msgspec.to_builtins(error.faults)}
        return self.get_site()

    def put_me(self, body: Json, **_: Any) -> Answer:
        told = msgspec.to_builtins(msgspec.convert(body, MeBody))
        self.me |= {name: value for name, value in told.items() if value is not None}
        return 200, self.me
