"""Versions of a site's campaigns: what the commands make of them, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import Struct

from aparte.targeting.model import CampaignFile, Experiment
from aparte.targeting.shape import Fault
from aparte.targeting.store import DRAFT, CampaignVersion, PublishVersion, SaveDraft


def next_draft(before: CampaignVersion | None, command: SaveDraft) -> CampaignVersion | None:
    """What saving makes of the draft that was there, closed or open; None when somebody has changed it meanwhile."""
    known = before.revision if before is not None and before.published_at is None else 0
    if known != command.revision:
        return None
    return CampaignVersion(
        site=command.site,
        version=DRAFT,
        state="draft",
        text=command.text,
        based_on=command.based_on,
        revision=(before.revision if before is not None else 0) + 1,
        made_at=command.at,
        made_by=command.by,
    )


def published(command: PublishVersion, before: CampaignVersion | None) -> CampaignVersion:
    """The version that a command makes; `before` is the one that ruled."""
    return CampaignVersion(
        site=command.site,
        version=command.version,
        state="published",
        text=command.text,
        based_on=before.version if before else 0,
        revision=command.draft or 0,
        made_at=command.at,
        made_by=command.by,
        published_at=command.at,
        note=command.note,
    )


class Change(Struct, frozen=True):
    """What is other in one campaign, or (None) in what all campaigns of the site share."""

    campaign: str | None
    what: Literal["added", "removed", "changed"]
    members: tuple[str, ...] = ()
    """Names of the members that differ, in the order of the file's description; empty for added and removed."""


def changes(before: CampaignFile, after: CampaignFile) -> list[Change]:
    """What differs between two files: the shared parts, then the campaigns in the order of the new file."""
    found = []
    shared = tuple(name for name in differing(before, after) if name != "campaigns")
    if shared:
        found.append(Change(None, "changed", shared))
    old = {one.name: one for one in before.campaigns}
    for one in after.campaigns:
        if one.name not in old:
            found.append(Change(one.name, "added"))
        elif members := tuple(differing(old[one.name], one)):
            found.append(Change(one.name, "changed", members))
    names = {one.name for one in after.campaigns}
    return [*found, *(Change(name, "removed") for name in old if name not in names)]


def differing(before: Any, after: Any) -> Iterator[str]:
    """The members of two structs of one kind that are not equal."""
    for name in before.__struct_fields__:
        if getattr(before, name) != getattr(after, name):
            yield name


def share_faults(past: Iterable[CampaignFile], new: CampaignFile) -> Iterator[Fault]:
    """Hold-outs and variants whose shares differ from those that were published under the same version.

    Whoever was dealt an arm keeps it for ever, so other shares hold for new visitors only: under a version of their
    own they are counted apart, under the same one a report would mix the two.
    """
    known: dict[tuple[str, int], object] = {}
    greatest: dict[str, int] = {}
    for file in past:
        for _, name, version, shares in splits(file):
            known.setdefault((name, version), shares)
            greatest[name] = max(version, greatest.get(name, version))
    for path, name, version, shares in splits(new):
        if known.get((name, version), shares) != shares:
            what = f"the shares of {name} have changed, and its version has not"
            yield path, what, f"write version = {greatest[name] + 1}: nobody is dealt anew, new visitors get the new shares"


def splits(file: CampaignFile) -> Iterator[tuple[tuple[str | int, ...], str, int, object]]:
    """Everything that deals arms: where its shares stand, what it is called, its version, its shares."""
    yield ("site", "holdout"), "the site's hold-out", file.site.version, file.site.holdout
    for number, campaign in enumerate(file.campaigns):
        path = ("campaigns", number)
        yield (*path, "holdout"), f"the hold-out of {campaign.name}", campaign.version, campaign.holdout
        experiment = campaign.experiment
        if experiment is not None:
            called = f"the variants of {campaign.name}"
            yield (*path, "experiment", "variants"), called, experiment.version, shares_of(experiment)


def shares_of(experiment: Experiment) -> tuple[tuple[str, float], ...]:
    """Names and shares of the variants, in their order."""
    return tuple((one.name, one.share) for one in experiment.variants)
