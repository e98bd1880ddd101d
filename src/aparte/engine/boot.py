"""From the store to memory: the last checkpoint, and the log after it folded once more."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct, field

from aparte.engagements.model import SiteState
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.presence import KeptDesk, kept_desk
from aparte.engine.site import NEVER, LiveSite, Pending, Visit
from aparte.sessions.model import SessionState
from aparte.sites.model import Site
from aparte.targeting.campaign import Campaigns, Loader
from aparte.targeting.locate import Positions
from aparte.targeting.model import CampaignFile
from aparte.targeting.rules import CompiledRule
from aparte.tracking.model import CampaignPublished
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Quarantined
from aparte.tracking.store import WINDOW


class KeptSite(Struct):
    """The state of a site in a checkpoint, with the campaigns that it was made under."""

    state: SiteState
    file: CampaignFile
    pending: dict[str, Pending] = field(default_factory=dict)
    desk: KeptDesk = field(default_factory=KeptDesk)
    last_seen: dict[str, Any] | None = None


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(KeptSite).decode


def pack_site(live: LiveSite, now: int) -> bytes:
    """A site's state as msgpack."""
    return _encode(KeptSite(live.state, live.campaigns.file, live.pending, kept_desk(live.desk, now), live.last_seen))


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
    place, kept = core.store.checkpoint()
    decoded = {site: _decode(data) for site, data in kept.items() if site in core.configured}
    core.sites = {
        site.id: restored(core, site, campaigns, decoded.get(site.id)) for site, campaigns in core.configured.values()
    }
    wake(core)
    fold_again(core, place)
    remember_ids(core, batch.now)
    changed = [
        publish(core, batch, live, core.configured[live.site.id][1], known=live.site.id in decoded)
        for live in core.sites.values()
    ]
    return Restored(batch, {site: one.desk for site, one in decoded.items()}, any(changed))


def restored(core: Core, site: Site, campaigns: Campaigns, kept: KeptSite | None) -> LiveSite:
    """A site as of the checkpoint, under the campaigns of then."""
    if kept is None:
        return LiveSite(site, campaigns, core.store, core.seen())
    live = LiveSite(site, same_or_compiled(kept.file, campaigns), core.store, core.seen())
    live.state, live.pending, live.last_seen = kept.state, kept.pending, kept.last_seen
    return live


def same_or_compiled(file: CampaignFile, campaigns: Campaigns) -> Campaigns:
    """The campaigns of this file, compiled anew only when they are other ones."""
    return campaigns if file == campaigns.file else Loader(file, "campaigns of the last run", Positions("")).load()


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


def publish(core: Core, batch: Batch, live: LiveSite, campaigns: Campaigns, *, known: bool) -> bool:
    """From here on these campaigns rule; the log says so when they are not those of the last run."""
    if known and live.campaigns.file == campaigns.file:
        return False
    if live.campaigns.file != campaigns.file:
        for visit in live.visits.values():
            carry_over(visit, live.campaigns, campaigns)
            live.dirty[visit.visitor.id] = visit
        live.campaigns, live.state.rules = campaigns, campaigns.file.site
    core.log(batch, live, CampaignPublished(at=batch.now, version=live.state.campaigns_version + 1))
    return True


def carry_over(visit: Visit, before: Campaigns, after: Campaigns) -> None:
    """A session under other campaigns: what is kept by the place of a rule or a behaviour moves to its new place."""
    session = visit.session
    if session is None:
        return
    places = {rule.key: rule for rule in after.rules}
    moved = {rule.index: places[rule.key] for rule in before.rules if rule.key in places}
    carry_rules(session, before, moved)
    measures = after.empty_measures()
    for name, one in after.measures.items():
        if name in before.measures and before.file.behaviours[name] == after.file.behaviours[name]:
            measures[one.slot] = session.measures[before.measures[name].slot]
    session.measures = measures
    visit.due = NEVER


def carry_rules(session: SessionState, before: Campaigns, moved: dict[int, CompiledRule]) -> None:
    """Bits, deadlines and refusals; a rule that is gone is dropped, a deadline only stays with the same condition."""
    for name in ("eligible", "covered", "candidate", "settled"):
        mask = getattr(session, name)
        setattr(session, name, sum(1 << rule.index for old, rule in moved.items() if mask >> old & 1))
    same = {
        old: rule.index
        for old, rule in moved.items()
        if rule.rule == before.rules[old].rule and rule.delays == before.rules[old].delays
    }
    session.deadlines = moved_keys(session.deadlines, same)
    session.holding = moved_keys(session.holding, same)
    session.refused = moved_keys(session.refused, {old: rule.index for old, rule in moved.items()})


def moved_keys(table: dict[int, Any] | None, places: dict[int, int]) -> dict[int, Any] | None:
    """The table under the new places."""
    if table is None:
        return None
    return {places[old]: value for old, value in table.items() if old in places} or None
