"""What a campaign file may say beyond its shape. Each fault: where (a path), what, and what to write instead."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from zoneinfo import available_timezones

from msgspec import UNSET

from aparte.kit.durations import format_duration, parse_duration
from aparte.kit.errors import BadInput
from aparte.targeting.behaviours import KINDS, NEED_PROPERTY, WITH_WINDOW
from aparte.targeting.conditions import BOOL, Checked, Scope, Symbol, deadlines
from aparte.targeting.conditions.tokens import KEYWORDS, RESERVED
from aparte.targeting.locate import Path
from aparte.targeting.model import (
    Behaviour,
    Campaign,
    CampaignFile,
    Experiment,
    Frequency,
    Hours,
    Offer,
    PointOfSale,
    Rule,
    Schedule,
    SiteRules,
    Text,
)
from aparte.targeting.schema import attributes
from aparte.targeting.shape import Fault, near

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
TAKEN = RESERVED | KEYWORDS | {"has", "size", "duration", "event", "segment"}


def check_file(file: CampaignFile) -> Iterator[Fault]:
    """Every fault but those inside conditions."""
    yield from check_site(file.site)
    for name, behaviour in file.behaviours.items():
        yield from check_behaviour(("behaviours", name), name, behaviour)
    for name, segment in file.segments.items():
        yield from check_name(("segments", name), name)
        yield from finite(("segments", name, "value"), segment.value)
    yield from repeated((("campaigns", n), one.name, "campaign") for n, one in enumerate(file.campaigns))
    yield from check_points(file.points_of_sale)
    for number, campaign in enumerate(file.campaigns):
        yield from check_campaign(("campaigns", number), campaign, file.site.languages)


def check_points(points: tuple[PointOfSale, ...]) -> Iterator[Fault]:
    """Where leads go."""
    yield from repeated((("points_of_sale", n), one.name, "point of sale") for n, one in enumerate(points))
    for number, point in enumerate(points):
        for country in point.countries:
            if not re.fullmatch("[A-Za-z]{2}", country):
                where = ("points_of_sale", number, "countries")
                yield where, f"{country!r} is no country", "write its ISO code of two letters, such as FR"


def check_site(site: SiteRules) -> Iterator[Fault]:
    """The rules of the house."""
    yield from share(("site", "holdout"), site.holdout)
    yield from share(("site", "epsilon"), site.epsilon)
    if site.reserve < 0:
        yield ("site", "reserve"), "slots kept for reactive chats cannot be fewer than none", "write 0 or more"
    yield from finite(("site", "bid_price"), site.bid_price)
    if site.time_zone not in available_timezones():
        hint = near(site.time_zone, available_timezones()) or "write an IANA name such as Europe/Paris"
        yield ("site", "time_zone"), f"there is no time zone {site.time_zone!r}", hint
    yield from check_hours(("site", "hours"), site.hours)


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


def check_campaign(path: Path, campaign: Campaign, languages: tuple[str, ...]) -> Iterator[Fault]:
    """One campaign."""
    yield from check_label((*path, "name"), campaign.name, "campaign")
    yield from share((*path, "holdout"), campaign.holdout)
    if not campaign.rules:
        yield path, f"campaign {campaign.name!r} has no rule", "add a [[campaigns.rules]] table"
    yield from repeated(((*path, "rules", n), rule.name, "rule") for n, rule in enumerate(campaign.rules))
    for number, rule in enumerate(campaign.rules):
        yield from check_label((*path, "rules", number, "name"), rule.name, "rule")
        yield from check_offer((*path, "rules", number, "offer"), rule.offer, languages)
    if campaign.experiment is not None:
        yield from check_experiment((*path, "experiment"), campaign.experiment, languages)
    yield from check_frequency((*path, "frequency"), campaign.frequency)
    yield from check_schedule((*path, "schedule"), campaign.schedule)


def check_label(path: Path, name: str, what: str) -> Iterator[Fault]:
    """A name that reports and files can carry: `campaign/rule` joins two of them."""
    if not LABEL.fullmatch(name):
        yield (
            path,
            f"{name!r} is no name for a {what}",
            "use letters, digits, - _ and ., beginning with a letter or digit",
        )


def check_offer(path: Path, offer: Offer, languages: tuple[str, ...]) -> Iterator[Fault]:
    """What is offered."""
    yield from length((*path, "expires"), offer.expires)
    yield from finite((*path, "margin"), offer.margin)
    yield from finite((*path, "cost"), offer.cost)
    yield from check_message((*path, "message"), offer.message, languages)


def check_message(path: Path, message: Text, languages: tuple[str, ...]) -> Iterator[Fault]:
    """A message must be there in each language of the site."""
    missing = [one for one in languages if isinstance(message, dict) and one not in message]
    if missing:
        yield path, f"the message is missing in {', '.join(missing)}", f'add {missing[0]} = "..."'


def check_experiment(path: Path, experiment: Experiment, languages: tuple[str, ...]) -> Iterator[Fault]:
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
            yield from check_message((*here, "message"), variant.message, languages)


def check_frequency(path: Path, frequency: Frequency) -> Iterator[Fault]:
    """Caps and cool-downs."""
    for name in ("after_decline", "after_chat", "per"):
        yield from length((*path, name), getattr(frequency, name))
    if (frequency.at_most is None) != (frequency.per is None):
        yield path, "`at_most` and `per` belong together", 'write at_most = 3 and per = "30d"'
    if frequency.at_most is not None and frequency.at_most < 1:
        yield (*path, "at_most"), "a campaign that may address nobody is no campaign", "write 1 or more"


def check_schedule(path: Path, schedule: Schedule) -> Iterator[Fault]:
    """Days and hours."""
    for name in ("start", "end"):
        text = getattr(schedule, name)
        if text is not None and not is_date(text):
            yield (*path, name), f"{text!r} is no day", "write it as 2026-12-24"
    if is_date(schedule.start) and is_date(schedule.end) and (schedule.end or "") < (schedule.start or ""):
        yield (*path, "end"), "the campaign ends before it begins", "swap start and end"
    yield from check_hours((*path, "hours"), schedule.hours)


def check_hours(path: Path, hours: tuple[Hours, ...]) -> Iterator[Fault]:
    """Intervals of the day."""
    for number, span in enumerate(hours):
        wrong = [name for name in ("start", "end") if not CLOCK.fullmatch(getattr(span, name))]
        for name in wrong:
            yield (*path, number, name), f"{getattr(span, name)!r} is no time of day", "write it as 09:00"
        if not wrong and span.end <= span.start:
            yield (*path, number), "the interval ends before it begins", "split an interval over midnight in two"


def is_date(text: str | None) -> bool:
    """Whether the text is a day such as 2026-12-24."""
    try:
        return text is not None and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


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


def share(path: Path, value: float) -> Iterator[Fault]:
    """A share lies between 0 and 1."""
    if not 0 <= value <= 1:
        yield path, f"{value:g} is no share", "write a number from 0 to 1, 0.1 for 10 %"


def finite(path: Path, value: float | None) -> Iterator[Fault]:
    """An amount of money."""
    if value is not None and not math.isfinite(value):
        yield path, f"{path[-1]} is no amount of money", "write a number such as 12.5"


def length(path: Path, text: str | None, least: int = 1) -> Iterator[Fault]:
    """A length of time."""
    if text is None:
        return
    try:
        if parse_duration(text) < least:
            yield path, f"{text!r} is too short", "write a time longer than nothing"
    except BadInput as error:
        yield path, error.what, error.hint


def repeated(named: Iterable[tuple[Path, str, str]]) -> Iterator[Fault]:
    """A name may be given once."""
    listed = list(named)
    counts = Counter(name for _, name, _ in listed)
    seen: set[str] = set()
    for path, name, what in listed:
        if counts[name] > 1 and name in seen:
            yield (*path, "name"), f"there are two {what}s called {name!r}", "give each its own name"
        seen.add(name)


def segment_scope(reads: Scope, segments: Mapping[str, Checked]) -> Scope:
    """What a rule may read: everything a segment may, and the segments."""
    named = {f"segment.{name}": Symbol(f"segment.{name}", BOOL) for name in segments}
    return Scope({**reads.symbols, **named}, reads.prefixes, reads.params)
