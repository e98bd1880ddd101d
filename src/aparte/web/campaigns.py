"""Campaigns of a site behind the doors: drafts, publishing, going back, and what the list of campaigns tells."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import msgspec

from aparte.conversations.store import Refused
from aparte.reports.model import CampaignReport, Report
from aparte.reports.period import period_of
from aparte.targeting.campaign import CampaignError, Campaigns
from aparte.targeting.judge import file_of, judged, text_of, told
from aparte.targeting.model import Campaign, CampaignFile, SiteRules
from aparte.targeting.store import CampaignVersion, DiscardDraft, SaveDraft
from aparte.targeting.versions import Change, changes
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal

T = TypeVar("T")
NAME = "campaigns"
VERDICTS = {
    "empty": "not_started", "no_holdout": "wait", "too_early": "too_early", "uneven": "wait", "open": "wait",
    "undecided": "keep", "gain": "widen", "loss": "stop",
}  # fmt: skip
"""What a comparison advises; see docs/reference/first-report.md."""


def bad_campaigns(error: CampaignError) -> Problem:
    """Everything that is wrong with a file, beside the error."""
    faults = [told(one) for one in error.faults]
    what = f"{len(faults)} fault{'s' if len(faults) != 1 else ''} in the campaigns: {error.what}"
    return Problem(400, "bad_campaigns", what, where=faults[0]["where"], hint=error.hint, beside={"faults": faults})


def changed_meanwhile() -> Problem:
    """Somebody else was faster."""
    hint = "read it again; your own text is still with you"
    return Problem(409, "changed_meanwhile", "somebody has changed the draft meanwhile", where="revision", hint=hint)


class Planning:
    """The campaigns of one site, for one who asks."""

    def __init__(self, desk: Desk, me: Principal) -> None:
        self.desk, self.me, self.site, self.store = desk, me, me.site, desk.store

    def past(self) -> list[str]:
        """Every text that was ever published, the oldest first."""
        return [one.text for one in reversed(self.store.campaign_versions(self.site))]

    def skills(self) -> set[str]:
        """Those of the site's staff."""
        return {skill for one in self.desk.directory.all_staff() if one.site == self.site for skill in one.skills}

    def judged(self, text: str | None, file: Any) -> Campaigns:
        """The campaigns of what was sent, a text or a file; Problem 400 `bad_campaigns`."""
        latest = self.store.campaign_draft(self.site) or self.store.campaigns_in_force(self.site)
        try:
            whole = text if text is not None else text_of(file, NAME, latest.text if latest else "")
            return judged(whole, NAME, self.site, self.past(), self.skills())
        except CampaignError as error:
            raise bad_campaigns(error) from None

    async def one_at_a_time(self, work: Coroutine[Any, Any, T]) -> T:
        """A change, after those before it; it goes on to its end even if the caller leaves."""

        async def done() -> T:
            async with self.desk.planning[self.site]:
                return await work

        return await self.desk.whole(done())

    async def save(self, revision: int, campaigns: Campaigns) -> CampaignVersion:
        """The draft, saved over the revision that was read; Problem 409."""
        ruling = self.store.campaigns_in_force(self.site)
        based_on = ruling.version if ruling else 0
        command = SaveDraft(self.site, revision, campaigns.text, based_on, self.desk.now(), self.me.id)
        [result] = await self.store.submit([command])
        if isinstance(result, Refused):
            raise changed_meanwhile()
        saved: CampaignVersion = result
        return saved

    async def discard(self) -> None:
        """There is no draft any more."""
        await self.store.submit([DiscardDraft(self.site, self.desk.now())])

    async def publish_draft(self, revision: int, note: str) -> dict[str, Any]:
        """The draft that was read becomes a version; Problem 404, 409."""
        draft = self.store.campaign_draft(self.site)
        if draft is None:
            raise Problem(404, "no_draft", "there is no draft", where="revision")
        if draft.revision != revision:
            raise changed_meanwhile()
        return await self.publish(self.judged(draft.text, None), note, revision)

    async def publish(self, campaigns: Campaigns, note: str, draft: int | None = None) -> dict[str, Any]:
        """These rule from now on; a text that rules already is not published again."""
        before = self.store.campaigns_in_force(self.site)
        if draft is None and before is not None and before.text == campaigns.text:
            return {"version": before.version, "changes": []}
        old = file_of(before.text) if before else nothing(self.site)
        told = [self.desk.audited(self.me, "publish", self.site, note)]
        version = await self.desk.engine.publish(self.site, campaigns, campaigns.text, self.me.id, note, draft, told)
        return {"version": version, "changes": changes(old, campaigns.file)}

    async def roll_back(self, version: int, note: str) -> dict[str, Any]:
        """An old text becomes the newest version."""
        old = self.version(version)
        if old.state == "draft":
            raise Problem(404, "no_such_version", "there is no such version", where="version")
        return await self.publish(self.judged(old.text, None), note or f"version {version} again", None)

    def version(self, wanted: int | str) -> CampaignVersion:
        """`draft` (the published one where there is none), `published` or a number; Problem 404."""
        if wanted == "draft":
            draft = self.store.campaign_draft(self.site)
            if draft is not None:
                return draft
        if wanted in ("draft", "published"):
            found = self.store.campaigns_in_force(self.site)
        else:
            versions = self.store.campaign_versions(self.site)
            found = next((one for one in versions if str(one.version) == str(wanted)), None)
        if found is None:
            raise Problem(404, "no_such_version", "there is no such version", where="version")
        return found

    def file(self, wanted: int | str) -> dict[str, Any]:
        """A version whole, as text and as JSON."""
        one = self.version(wanted)
        try:
            warnings = warned(judged(one.text, NAME, self.site, [], self.skills()))
        except CampaignError:  # a newer program asks for more than the one that took it
            warnings = []
        return {
            "version": one.version,
            "state": one.state,
            "revision": one.revision if one.state == "draft" else 0,
            "based_on": one.based_on if one.state == "draft" else one.version,
            "text": one.text,
            "file": msgspec.to_builtins(file_of(one.text)),
            "made_at": one.made_at,
            "made_by": one.made_by,
            "note": one.note,
            "warnings": warnings,
        }

    def versions(self) -> list[dict[str, Any]]:
        """Who changed what, the newest first."""
        found, before = [], nothing(self.site)
        for one in reversed(self.store.campaign_versions(self.site)):
            after = file_of(one.text)
            found.append(self.told(one, changes(before, after)))
            before = after
        return found[::-1]

    def told(self, one: CampaignVersion, changed: Sequence[Change]) -> dict[str, Any]:
        """One row of the history."""
        return {
            "version": one.version,
            "state": one.state,
            "made_at": one.made_at,
            "made_by": one.made_by,
            "made_by_name": self.desk.directory.name(one.made_by) or one.made_by,
            "published_at": one.published_at,
            "note": one.note,
            "changes": changed,
        }

    async def rows(self) -> dict[str, Any]:
        """All campaigns with what became of them in the last 28 days."""
        site, now = self.desk.directory.site(self.site), self.desk.now()
        since, until = period_of(None, None, site.time_zone, now)
        figures = self.desk.figures
        report = None if figures is None else await asyncio.to_thread(figures, site, since, until, now)
        draft, ruling = self.store.campaign_draft(self.site), self.store.campaigns_in_force(self.site)
        in_force = file_of(ruling.text) if ruling else nothing(self.site)
        planned = file_of(draft.text) if draft else in_force
        return {
            "published": ruling.version if ruling else None,
            "draft": drafted(draft) if draft else None,
            "campaigns": self.campaign_rows(in_force, planned, report),
            "days": 28,
            "since": since,
            "until": until,
        }

    def campaign_rows(self, ruling: CampaignFile, planned: CampaignFile, report: Report | None) -> list[dict[str, Any]]:
        """Those in force in their order, then those of the draft alone."""
        touched = {one.campaign for one in changes(ruling, planned)}
        known = {one.name for one in ruling.campaigns}
        reports = {one.name: one for one in report.campaigns} if report else {}
        since = self.since()
        rows = [row(one, reports.get(one.name), since.get(one.name), one.name in touched) for one in ruling.campaigns]
        new = (one for one in planned.campaigns if one.name not in known)
        return rows + [row(one, None, None, True, state="draft") for one in new]

    def since(self) -> dict[str, int | None]:
        """When each campaign came into force: the first of its versions without a gap until now."""
        found: dict[str, int | None] = {}
        for one in reversed(self.store.campaign_versions(self.site)):
            names = [campaign.name for campaign in file_of(one.text).campaigns if campaign.state == "published"]
            found = {name: found.get(name, one.published_at) for name in names}
        return found


def drafted(draft: CampaignVersion) -> dict[str, Any]:
    """Of the draft, without its text."""
    return {name: getattr(draft, name) for name in ("revision", "based_on", "made_at", "made_by")}


def row(
    one: Campaign, report: CampaignReport | None, since: int | None, in_draft: bool, state: str = ""
) -> dict[str, Any]:
    """One campaign of the list."""
    funnel = report.funnel if report else None
    state = state or one.state
    return {
        "name": one.name,
        "label": one.label,
        "state": state,
        "goal": one.goal,
        "rules": len(one.rules),
        "holdout": one.holdout,
        "variants": len(one.experiment.variants) if one.experiment else 0,
        "since": since,
        "in_draft": in_draft,
        "eligible": funnel.eligible if funnel else 0,
        "candidates": funnel.candidates if funnel else 0,
        "invited": funnel.candidates - funnel.held_out if funnel else 0,
        "shown": funnel.shown if funnel else 0,
        "accepted": funnel.accepted if funnel else 0,
        "effect": effect(report) if report else None,
        "verdict": "paused" if state != "published" else verdict(report),
        "sparkline": None,
    }


def verdict(report: CampaignReport | None) -> str:
    """What to do about a campaign."""
    return "not_started" if report is None else VERDICTS[report.comparison.verdict]


def effect(report: CampaignReport) -> dict[str, float] | None:
    """Difference of the shares who ordered, in points, with its interval."""
    found = report.comparison.conversion
    if found is None:
        return None
    return {"estimate_pp": 100 * found.estimate, "low_pp": 100 * found.low, "high_pp": 100 * found.high}


def nothing(site: str) -> CampaignFile:
    """Before the first version."""
    return CampaignFile(site=SiteRules(id=site))


def warned(campaigns: Campaigns) -> list[dict[str, str]]:
    """What is allowed and probably not meant."""
    return [{"where": ":".join(one.where.rsplit(":", 2)[1:]), "what": one.text} for one in campaigns.warnings]
