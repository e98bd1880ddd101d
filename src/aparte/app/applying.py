"""`aparte apply` and `aparte export campaigns`: campaigns in and out of a data folder."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from aparte.app import control, open_store
from aparte.app.campaigns import read_text
from aparte.app.control import at_site
from aparte.backends.sqlite import store as sqlite
from aparte.conversations.store import Refused
from aparte.engine.boot import next_version
from aparte.engine.ports import Store
from aparte.kit.errors import BadInput
from aparte.sites.model import Site
from aparte.targeting.campaign import CampaignError, Campaigns, FileFault
from aparte.targeting.judge import file_of, judged
from aparte.targeting.model import CampaignFile, SiteRules
from aparte.targeting.store import CampaignVersion, PublishVersion, SaveDraft
from aparte.targeting.versions import changes

BY = "command line"


class Applied(Struct):
    """What became of a file."""

    version: int
    """Of the draft its revision."""
    changes: list[dict[str, Any]]
    live: bool
    """A running server has taken it over."""


def apply(file: Path, data: Path, site: str | None, *, draft: bool, note: str) -> Applied:
    """Make a file the campaigns of a site, through the server that runs, else in its folder; CampaignError."""
    text = read_text(file)
    try:
        return asked(data, site, text, note, draft=draft) or opened(data, site, text, str(file), note, draft=draft)
    except control.Refused as error:
        if error.code != "bad_campaigns":
            raise
        raise CampaignError([fault_of(one, str(file)) for one in error.body["faults"]]) from None


def fault_of(told: dict[str, Any], file: str) -> BadInput:
    """A fault that the server has told, with the file's name."""
    path = tuple(told["path"])
    return FileFault(told["what"], where=f"{file}:{told['where']}", hint=told["hint"], path=path)


def asked(data: Path, site: str | None, text: str, note: str, *, draft: bool) -> Applied | None:
    """By the running server; None when there is none."""
    if not draft:
        found = control.call(data, "POST", at_site("/api/v1/campaigns/publish", site), {"text": text, "note": note})
        return found and Applied(found["version"], found["changes"], live=True)
    known = control.call(data, "GET", at_site("/api/v1/campaigns", site))
    if known is None:
        return None
    revision = known["draft"]["revision"] if known["draft"] else 0
    body = {"text": text, "revision": revision}
    saved = control.call(data, "PUT", at_site("/api/v1/campaigns/draft", site), body)
    return saved and Applied(saved["revision"], [], live=True)


def opened(data: Path, site: str | None, text: str, name: str, note: str, *, draft: bool) -> Applied:
    """In the folder itself; the next start takes it over."""
    if not data.is_dir():
        raise BadInput("there is no such folder", where=str(data), hint="aparte serve --data DIR makes one")
    store = open_store(data)
    try:
        chosen = site_of(store.sites(), site, data)
        past = [one.text for one in reversed(store.campaign_versions(chosen))]
        found = judged(text, name, chosen, past)
        return asyncio.run((save if draft else publish)(store, chosen, found, note))
    finally:
        store.close()


async def save(store: Store, site: str, found: Campaigns, note: str) -> Applied:
    """As the draft."""
    before, ruling = store.campaign_draft(site), store.campaigns_in_force(site)
    revision, based_on = before.revision if before else 0, ruling.version if ruling else 0
    [saved] = await store.submit([SaveDraft(site, revision, found.text, based_on, control.now(), BY)])
    return Applied(saved.revision, [], live=False)


async def publish(store: Store, site: str, found: Campaigns, note: str) -> Applied:
    """As the next version."""
    ruling = store.campaigns_in_force(site)
    if ruling is not None and ruling.text == found.text:
        return Applied(ruling.version, [], live=False)
    version = next_version(store, site)
    [result] = await store.submit([PublishVersion(site, version, found.text, control.now(), BY, note)])
    if isinstance(result, Refused):
        raise BadInput(f"refused: {result.code}", where=str(site))
    old = file_of(ruling.text) if ruling else CampaignFile(site=SiteRules(id=site))
    changed = [
        {"campaign": one.campaign, "what": one.what, "members": list(one.members)} for one in changes(old, found.file)
    ]
    return Applied(version, changed, live=False)


def site_of(sites: Sequence[Site], wanted: str | None, data: Path) -> str:
    """The site of this name, or the only one."""
    found = [site.id for site in sites if wanted in (None, site.id)]
    if len(found) == 1:
        return found[0]
    what = "there is no such site" if not found else "there are several sites"
    names = ", ".join(site.id for site in sites) or "none"
    raise BadInput(what, where=wanted or str(data), hint=f"--site takes one of: {names}")


def exported(data: Path, site: str | None, version: str) -> bytes:
    """The text of a version, byte for byte as it was given; also beside a running server."""
    reader = sqlite.open_reader(data)
    try:
        chosen = site_of(reader.sites(), site, data)
        found = version_of(reader.campaign_draft(chosen), reader.campaign_versions(chosen), version)
    finally:
        reader.close()
    if found is None:
        what = "nothing is published" if version == "published" else f"there is no version {version}"
        raise BadInput(what, where=str(data), hint="--version takes published, draft or a number")
    return found.text.encode()


def version_of(
    draft: CampaignVersion | None, versions: Sequence[CampaignVersion], wanted: str
) -> CampaignVersion | None:
    """`draft`, `published` or a number."""
    if wanted == "draft":
        return draft
    ruling = wanted == "published"
    return next((one for one in versions if (one.state if ruling else str(one.version)) == wanted), None)
