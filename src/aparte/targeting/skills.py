"""Skills that a file asks for and that nobody at the desk has: such an offer waits for an agent who never comes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from aparte.targeting.locate import Path
from aparte.targeting.model import CampaignFile


def without_agents(file: CampaignFile, skills: Collection[str]) -> Iterator[tuple[Path, str]]:
    """Where the file names a skill that is not one of `skills`, and what to say of it."""
    known = ", ".join(sorted(skills)) or "none"
    for path, skill in named(file):
        if skill not in skills:
            yield path, f"no agent has the skill {skill} (agents have: {known})"


def named(file: CampaignFile) -> Iterator[tuple[Path, str]]:
    """Every skill of an offer with its place. Of drafts too: they are to be published."""
    for i, campaign in enumerate(file.campaigns):
        if campaign.state == "archived":
            continue
        for j, rule in enumerate(campaign.rules):
            if rule.offer.skill:
                yield ("campaigns", i, "rules", j, "offer", "skill"), rule.offer.skill
