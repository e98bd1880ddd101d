"""Ready-made segments, messages and campaigns for the console's builder."""

from __future__ import annotations

from litestar import Router, get
from litestar.di import NamedDependency
from msgspec import Struct

from aparte.targeting.templates import (
    CampaignTemplate,
    MessageTemplate,
    SegmentTemplate,
    campaign_templates,
    message_templates,
    segment_templates,
)
from aparte.web.principal import Principal


class Templates(Struct, frozen=True):
    """All that is ready-made."""

    segments: tuple[SegmentTemplate, ...]
    messages: tuple[MessageTemplate, ...]
    campaigns: tuple[CampaignTemplate, ...]


@get("/campaigns/templates", summary="Ready-made segments, messages and campaigns", sync_to_thread=False, right="read")
def templates(me: NamedDependency[Principal]) -> Templates:
    """The same for every site; `toml` of each is what goes into a campaign file."""
    return Templates(segment_templates(), message_templates(), campaign_templates())


ROUTER = Router("/api/v1", route_handlers=[templates], tags=["Campaigns"])
