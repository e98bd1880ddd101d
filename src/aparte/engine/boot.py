"""From the store to memory: the last checkpoint, and the log after it folded once more."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct, field

from aparte.engagements.model import SiteState
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.presence import KeptDesk, kept_desk
from aparte.engine.site import LiveSite, Pending
from aparte.sites.model import Site
from aparte.targeting.campaign import Campaigns, Loader, no_campaigns
from aparte.targeting.locate import Positions
from aparte.targeting.model import CampaignFile
from aparte.targeting.store import CampaignReader, PublishVersion
from aparte.tracking.model import CampaignPublished
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Quarantined
from aparte.tracking.store import WINDOW

SEEDED = "campaigns folder"
"""Who has made the first version of a site."""


class KeptSite(Struct):
    """The state of a site in a checkpoint, with the campaigns that it was made under."""

    state: SiteState
    file: CampaignFile
    pending: dict[str, Pending] = field(default_factory=dict)
    desk: KeptDesk = field(default_factory=KeptDesk)
    last_seen: dict[str, Any] | None = None
    revoked: dict[str, Pending] = field(default_factory=dict)
    text: str = ""
    """The campaigns as a text; empty while nothing was published, and in checkpoints that older servers have made."""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(KeptSite).decode


def pack_site(live: LiveSite, now: int) -> bytes:
    """A site's state as msgpack."""
    return _encode(
        KeptSite(
            live.state,
            live.campaigns.file,
            live.pending,
            kept_desk(live.desk, now),
            live.last_seen,
            revoked=live.revoked,
            text=live.campaigns.text,
        )
    )


class Restored(Struct):
    """What was made again."""

    batch: Batch
    """The first lines to write."""
    desks: dict[str, KeptDesk]
    """By site."""
    changed: bool
    """Other campaigns rule than in the last checkpoint: a new one belongs into the same transaction, because the lines
    to come must never be folded under the campaigns of before."""


def restore(core: Core) -> Restored:
    """Make all sites again."""
    batch = Batch(core.clock())
    core.versions = {}  # of what is on the disk: a version that was lost was none
    place, kept = core.store.checkpoint()
    decoded = {site: _decode(data) for site, data in kept.items() if site in core.configured}
    core.sites = {site.id: restored(core, site, decoded.get(site.id)) for site, _ in core.configured.values()}
    wake(core)
    fold_again(core, place)
    remember_ids(core, batch.now)
    changed = [take_over(core, batch, live) for live in core.sites.values()]
    return Restored(batch, {site: one.desk for site, one in decoded.items()}, any(changed))


def restored(core: Core, site: Site, kept: KeptSite | None) -> LiveSite:
    """A site as of the checkpoint, under the campaigns of then; without one, as before anything was published."""
    if kept is None:
        return LiveSite(site, no_campaigns(site.id), core.store, core.seen(), core.compiled)
    campaigns = core.compiled(kept.text) if kept.text else of_file(kept.file)
    live = LiveSite(site, campaigns, core.store, core.seen(), core.compiled)
    live.state, live.pending, live.last_seen = kept.state, kept.pending, kept.last_seen
    live.revoked = kept.revoked
    return live


def of_file(file: CampaignFile) -> Campaigns:
    """The campaigns of a checkpoint that has no text of them."""
    return Loader(file, "campaigns of the last run", Positions("")).load()


def wake(core: Core) -> None:
    """The visitors whose session was open."""
    for kept in core.store.open_visitors():
        live = core.sites.get(kept.site)
        if live is None:
            continue
        visit = live.visits[kept.visitor] = live.woken(kept)
        if visit.visitor.reachable_at is None:
            live.fresh[kept.visitor] = None


def fold_again(core: Core, place: int) -> None:
    """The lines after the checkpoint. Decisions are recorded already; timers and ends of sessions are in the log."""
    read = Normaliser(trusted=True).read
    core.seq = place
    for row in core.store.log(after=place):
        core.seq = row.seq
        live = core.sites.get(row.site)
        event = read(row.line)
        if live is not None and not isinstance(event, Quarantined):
            live.fold(event, row.seq)
    core.seq = max(core.seq, core.store.last_seq())
    for live in core.sites.values():
        for visit in live.visits.values():
            if visit.session is not None:
                live.schedule(visit, min((*(visit.session.deadlines or {}).values(), visit.session.ends_at() + 1)))


def remember_ids(core: Core, now: int) -> None:
    """The messages that would be copies if they came again."""
    for site, message_id, received_at in core.store.recent_ids(now - WINDOW):
        live = core.sites.get(site)
        if live is not None:
            live.seen.add(message_id, received_at)


def take_over(core: Core, batch: Batch, live: LiveSite) -> bool:
    """See to it that what the store has published rules from here on, and that the log says so; whether it did not.

    A site of which nothing was ever published begins with what its folder says, as version 1.
    """
    site, seed = core.configured[live.site.id]
    stored = core.store.campaigns_in_force(site.id)
    if stored is None:
        if seed.text:
            publish(core, batch, live, seed.text, SEEDED)
        return bool(seed.text)
    if (live.state.campaigns_version, live.campaigns.text) == (stored.version, stored.text):
        return False
    core.log(batch, live, CampaignPublished(at=batch.now, version=stored.version, text=stored.text))
    return True


def publish(
    core: Core, batch: Batch, live: LiveSite, text: str, by: str, note: str = "", draft: int | None = None
) -> int:
    """A new version rules from here on: the command and the fact, in one transaction; the version."""
    site = live.site.id
    version = core.versions[site] = max(next_version(core.store, site), core.versions.get(site, 0) + 1)
    batch.add(PublishVersion(site, version, text, batch.now, by, note, draft))
    core.log(batch, live, CampaignPublished(at=batch.now, version=version, text=text))
    return version


def next_version(store: CampaignReader, site: str) -> int:
    """One more than the greatest on the disk."""
    return max((one.version for one in store.campaign_versions(site)), default=0) + 1
