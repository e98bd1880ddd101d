"""What a MemoryStore has committed; it survives a crash."""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec import Struct, field

from aparte.attribution.store import RecordOrder, RecordRefund
from aparte.conversations.model import Conversation, Entry, Request
from aparte.engagements.store import (
    Block,
    RecordDecision,
)
from aparte.routing.model import Work
from aparte.sessions.store import KeptVisitor
from aparte.sites.model import Staff
from aparte.targeting.store import PublishVersion
from aparte.tracking.store import KeepQuarantined, Logged


class Disk(Struct):
    """What has been committed."""

    log: list[Logged] = field(default_factory=list)
    counts: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    quarantined: list[KeepQuarantined] = field(default_factory=list)
    decisions: list[RecordDecision] = field(default_factory=list)
    invitations: dict[str, list[str]] = field(default_factory=dict)
    orders: list[RecordOrder] = field(default_factory=list)
    refunds: list[RecordRefund] = field(default_factory=list)
    place: int = 0
    sites: dict[str, bytes] = field(default_factory=dict)
    visitors: dict[tuple[str, str], KeptVisitor] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    slots: dict[tuple[str, int], str] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    versions: list[PublishVersion] = field(default_factory=list)
    requests: dict[str, Request] = field(default_factory=dict)
    work: list[Work] = field(default_factory=list)
    traits: dict[str, dict[str, Any]] = field(default_factory=dict)
    identities: dict[str, list[str]] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    most_taken: Counter[str] = field(default_factory=Counter)
