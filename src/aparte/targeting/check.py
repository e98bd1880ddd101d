"""What a campaign file may say beyond its shape. Each fault: where (a path), what, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import UNSET

from aparte.kit.durations import format_duration, parse_duration
from aparte.targeting.behaviours import KINDS, NEED_PROPERTY, WITH_WINDOW
from aparte.targeting.conditions import BOOL, Checked, Scope, Symbol, deadlines
from aparte.targeting.conditions.tokens import KEYWORDS, RESERVED
from aparte.targeting.house import (
    check_appearances,
    check_budget,
    check_button,
    check_frequency,
    check_points_of_sale,
    check_site,
    known_look,
)
from aparte.targeting.locate import Path
from aparte.targeting.members import (
    check_hours,
    check_label,
    check_message,
    finite,
    is_date,
    length,
    repeated,
    share,
)
from aparte.targeting.model import Behaviour, Campaign, CampaignFile, Experiment, Offer, Rule, Schedule
from aparte.targeting.schema import attributes
from aparte.targeting.shape import Fault

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MOST_RULES = 5_000
TAKEN = RESERVED | KEYWORDS | {"has", "size", "duration", "event", "segment"}


def check_file(file: CampaignFile) -> Iterator[Fault]:
    """Every fault but those inside conditions."""
    yield from check_site(file.site)
    for name, behaviour in file.behaviours.items():
        yield from check_behaviour(("behaviours", name), name, behaviour)
    for name, segment in file.segments.items():
        yield from check_name(("segments", name), name)
        yield from finite(("segments", name, "value"), segment.value)
    yield from check_button(file.button, file.site.languages)
    yield from check_appearances(file.appearances)
    yield from check_points_of_sale(file.points_of_sale, file.site.languages)
    yield from too_many(file)
    yield from repeated((("campaigns", n), one.name, "campaign") for n, one in enumerate(file.campaigns))
    for number, campaign in enumerate(file.campaigns):
        yield from check_campaign(("campaigns", number), campaign, file)


def check_behaviour(path: Path, name: str, behaviour: Behaviour) -> Iterator[Fault]:
    """Exactly one kind, and only the options that this kind knows."""
    yield from check_name(path, name)
    kinds = [kind for kind in KINDS if getattr(behaviour, kind) is not None]
    if len(kinds) != 1:
        said = f"names {' and '.join(kinds)}" if kinds else "names no measure"
        yield path, f"behaviour {name!r} {said}", f"give exactly one of {', '.join(KINDS)}"
        return
    kind = kinds[0]
    if kind in NEED_PROPERTY and not behaviour.of:
        yield path, f"{kind} needs a property", f'add of = "price", the property to {kind}'
    if kind not in NEED_PROPERTY and behaviour.of:
        yield (*path, "of"), f"{kind} reads no property", "leave `of` out"
    if behaviour.within is not None and kind not in WITH_WINDOW:
        yield (*path, "within"), f"{kind} has no window", f"`within` goes with {', '.join(WITH_WINDOW)}"
    yield from length((*path, "within"), behaviour.within)
    if kind == "sequence" and len(behaviour.sequence or ()) < 2:
        yield (*path, "sequence"), "a sequence has at least two steps", 'write ["Product Viewed", "Cart Viewed"]'
    if any(not event for event in named_events(behaviour)):
        yield path, f"behaviour {name!r} names an empty event", 'write an event such as "Cart Viewed", or "*" for any'


def named_events(behaviour: Behaviour) -> Iterator[str]:
    """Every event that a behaviour names."""
    for kind in KINDS:
        named = getattr(behaviour, kind)
        if named is not None:
            yield from named if isinstance(named, tuple) else (named,)
    yield from (event for event in (behaviour.since, behaviour.without) if event is not None)


def check_name(path: Path, name: str) -> Iterator[Fault]:
    """A name that conditions can read."""
    if not NAME.fullmatch(name):
        yield path, f"{name!r} cannot be read by a condition", "use letters, digits and _, beginning with a letter"
    elif name in TAKEN or any(known.split(".")[0] == name for known in attributes()):
        yield path, f"{name!r} is already the name of something else", "choose another name"


def too_many(file: CampaignFile) -> Iterator[Fault]:
    """Each rule costs a look, so that their number is bounded."""
    count = 0
    for number, campaign in enumerate(file.campaigns):
        count += len(campaign.rules)
        if count > MOST_RULES:
            yield (
                ("campaigns", number),
                f"the file has more than {MOST_RULES:,} rules",
                "join rules with ||, or leave out what is archived",
            )
            return


def check_campaign(path: Path, campaign: Campaign, file: CampaignFile) -> Iterator[Fault]:
    """One campaign."""
    languages = file.site.languages
    yield from check_label((*path, "name"), campaign.name, "campaign")
    yield from check_message((*path, "label"), campaign.label, languages)
    yield from share((*path, "holdout"), campaign.holdout)
    if not campaign.rules:
        yield path, f"campaign {campaign.name!r} has no rule", "add a [[campaigns.rules]] table"
    yield from repeated(((*path, "rules", n), rule.name, "rule") for n, rule in enumerate(campaign.rules))
    for number, rule in enumerate(campaign.rules):
        yield from check_label((*path, "rules", number, "name"), rule.name, "rule")
        yield from check_offer((*path, "rules", number, "offer"), rule.offer, file)
    if campaign.experiment is not None:
        yield from check_experiment((*path, "experiment"), campaign.experiment, file)
    yield from check_frequency((*path, "frequency"), campaign.frequency)
    yield from check_budget((*path, "budget"), campaign.budget)
    yield from check_schedule((*path, "schedule"), campaign.schedule)


def check_offer(path: Path, offer: Offer, file: CampaignFile) -> Iterator[Fault]:
    """What is offered."""
    yield from length((*path, "expires"), offer.expires)
    yield from finite((*path, "margin"), offer.margin)
    yield from finite((*path, "cost"), offer.cost)
    yield from check_message((*path, "message"), offer.message, file.site.languages)
    yield from known_look((*path, "appearance"), offer.appearance, file)
    if len(set(offer.ask)) < len(offer.ask):
        yield (*path, "ask"), "the same thing is asked twice", "name each once"
    if offer.ask and offer.channel == "callback":
        yield (*path, "ask"), "who wants to be called back is asked for his number anyway", "leave `ask` out"


def check_experiment(path: Path, experiment: Experiment, file: CampaignFile) -> Iterator[Fault]:
    """Variants whose shares add up."""
    variants = experiment.variants
    total = sum(variant.share for variant in variants)
    if not variants or abs(total - 1) > 1e-9:
        yield (*path, "variants"), f"the shares of the variants add up to {total:g}", "they must add up to 1"
    yield from repeated(((*path, "variants", n), one.name, "variant") for n, one in enumerate(variants))
    for number, variant in enumerate(variants):
        here = (*path, "variants", number)
        yield from share((*here, "share"), variant.share)
        yield from length((*here, "delay"), variant.delay, least=0)
        if variant.message is not UNSET:
            yield from check_message((*here, "message"), variant.message, file.site.languages)
        if variant.appearance is not UNSET:
            yield from known_look((*here, "appearance"), variant.appearance, file)


def check_schedule(path: Path, schedule: Schedule) -> Iterator[Fault]:
    """Days and hours."""
    for name in ("start", "end"):
        text = getattr(schedule, name)
        if text is not None and not is_date(text):
            yield (*path, name), f"{text!r} is no day", "write it as 2026-12-24"
    if is_date(schedule.start) and is_date(schedule.end) and (schedule.end or "") < (schedule.start or ""):
        yield (*path, "end"), "the campaign ends before it begins", "swap start and end"
    yield from check_hours((*path, "hours"), schedule.hours)


def check_delays(campaign: Campaign, checked: Checked) -> Iterator[tuple[str, str]]:
    """A delay belongs to the variant: a condition that repeats it would wait twice."""
    if campaign.experiment is None:
        return
    delays = {parse_duration(one.delay) for one in campaign.experiment.variants if not list(length((), one.delay, 0))}
    for deadline in deadlines(checked):
        if deadline.milliseconds in delays - {0}:
            said = format_duration(deadline.milliseconds)
            yield (
                f"{deadline.symbol} is compared with {said}, which is also the delay of a variant: it would wait twice",
                "leave the time out of the condition; a variant's delay counts from when the condition holds",
            )


def check_coupon(rule: Rule, checked: Checked) -> Iterator[tuple[str, str]]:
    """Whoever gives something away relies on nothing that a browser only claims of its visitor."""
    claimed = sorted(name for name in checked.reads if name.startswith("visitor.claimed."))
    if rule.offer.coupon is not None and claimed:
        what = f"a rule that gives a coupon reads {claimed[0]}, which a browser can make up"
        yield what, f"read {claimed[0].replace('claimed', 'traits')}, which the shop itself says"


def segment_scope(reads: Scope, segments: Mapping[str, Checked]) -> Scope:
    """What a rule may read: everything a segment may, and the segments."""
    named = {f"segment.{name}": Symbol(f"segment.{name}", BOOL) for name in segments}
    return Scope({**reads.symbols, **named}, reads.prefixes, reads.params)
