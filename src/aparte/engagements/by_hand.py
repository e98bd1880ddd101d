"""Who may not be invited by hand: whoever a running comparison holds out. Pure; nothing is drawn that would be kept."""

from __future__ import annotations

from functools import lru_cache

from aparte.engagements.decide import hold_out_split
from aparte.experiments.assign import draw
from aparte.experiments.model import HOLDOUT, Split, campaign_seed, site_seed
from aparte.sessions.model import VisitorState
from aparte.targeting.model import CampaignFile


def held_out(file: CampaignFile, visitor: VisitorState) -> str:
    """Which hold-out the visitor is in, or would be dealt: `site`, the name of a published campaign, or nothing."""
    rules = file.site
    if in_hold_out(hold_out_split(site_seed(rules.id), rules.version, rules.holdout), visitor):
        return "site"
    for one in file.campaigns:
        split = hold_out_split(campaign_seed(one.name), one.version, one.holdout)
        if one.state == "published" and in_hold_out(split, visitor):
            return one.name
    return ""


def in_hold_out(split: Split, visitor: VisitorState) -> bool:
    """By the arm that the visitor has; without one, by the arm that he would be dealt."""
    drawn = (visitor.arms or {}).get(split.seed)
    if drawn is not None:
        return drawn.arm == HOLDOUT
    return dict(split.shares)[HOLDOUT] > 0 and dealt(split, visitor.root or visitor.id) == HOLDOUT


@lru_cache(maxsize=65_536)
def dealt(split: Split, visitor: str) -> str:
    """The arm that the hash deals; the live list asks for the same ones each second."""
    return draw(split, visitor)
