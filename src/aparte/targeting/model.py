"""The words of targeting: what a campaign file says. The structs are the file's shape; `campaign.py` checks it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType, field

Channel: TypeAlias = Literal["chat", "callback", "call", "video", "tour", "content", "email"]
Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Text: TypeAlias = str | dict[str, str]
"""A text, or one for each language: `{ fr = "...", en = "..." }`."""

EVERY_DAY: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A table of the campaign file; a member that it does not know is refused."""


class Behaviour(Part, frozen=True):
    """A named incremental measure of a session; exactly one of the first eight is given.

    `of` names a property, `where` is a condition over `event`, `since` a resetting event, `within` a window that is
    open at its old end, `without` an event that makes the measure void.
    """

    count: str | None = None
    sum: str | None = None
    distinct: str | None = None
    last: str | None = None
    dwell: str | None = None
    elapsed: str | None = None
    idle: str | None = None
    sequence: tuple[str, ...] | None = None
    of: str | None = None
    where: str | None = None
    since: str | None = None
    within: str | None = None
    without: str | None = None


class Segment(Part, frozen=True):
    """A named condition, with what a visitor of this kind is worth."""

    when: str
    value: float | None = None
    description: str = ""


class Offer(Part, frozen=True):
    """What the visitor is offered."""

    channel: Channel = "chat"
    skill: str | None = None
    message: Text = ""
    expires: str = "30s"
    margin: float = 0.0
    """Expected incremental margin of an accepted offer, in the shop's currency, until it is learnt."""
    cost: float = 0.0
    """What serving it costs: the agent's time."""
    coupon: str | None = None
    appearance: str | None = None
    ask: tuple[Literal["name", "email", "phone", "question"], ...] = ()
    """What the visitor is asked once he has accepted, before he waits or talks; nothing unless it is said."""


class Rule(Part, frozen=True):
    """A condition, an offer and a priority."""

    name: str
    when: str
    priority: int = 0
    offer: Offer = Offer()


class Variant(Part, frozen=True):
    """One arm of an experiment; what it does not say is as in the rule's offer."""

    name: str
    share: float
    delay: str = "0s"
    message: Text | UnsetType = UNSET
    channel: Channel | UnsetType = UNSET
    appearance: str | UnsetType = UNSET


class Experiment(Part, frozen=True):
    """Variants of message, delay, channel or appearance. Changed shares ask for a new version."""

    variants: tuple[Variant, ...]
    version: int = 1


class Frequency(Part, frozen=True):
    """How often a campaign may address a visitor; a ghost invitation counts like one that was shown."""

    once_per_session: bool = True
    after_decline: str | None = None
    after_chat: str | None = None
    at_most: int | None = None
    per: str | None = None


class Hours(Part, frozen=True):
    """An interval of the day, `09:00` to `18:00`, in local time; the end is not included."""

    start: str
    end: str
    days: tuple[Day, ...] = EVERY_DAY


class Budget(Part, frozen=True):
    """How much a campaign may give away: invitations, or accepted ones, in a period of the site's own calendar."""

    invitations: int | None = None
    """A ghost invitation counts as one, so that both arms are asked alike."""
    accepted: int | None = None
    per: Literal["hour", "day", "week", "month"] | None = None
    """None: for the campaign's whole life. A week begins on Monday."""


class Schedule(Part, frozen=True):
    """When a campaign runs: from a day to a day, both included, and at which hours."""

    start: str | None = None
    end: str | None = None
    hours: tuple[Hours, ...] = ()


class Campaign(Part, frozen=True):
    """Rules with one goal, one hold-out and perhaps one experiment."""

    name: str
    rules: tuple[Rule, ...]
    goal: Literal["order", "lead"] = "order"
    holdout: float = 0.10
    version: int = 1
    state: Literal["draft", "published", "archived"] = "published"
    """The rules of a draft or archived campaign are checked, and never looked at."""
    label: Text = ""
    """A name for people; none: `name`."""
    experiment: Experiment | None = None
    frequency: Frequency = Frequency()
    budget: Budget | None = None
    schedule: Schedule = Schedule()


class SiteRules(Part, frozen=True):
    """The rules of the house: what holds for all campaigns of a site."""

    id: str = "default"
    holdout: float = 0.05
    version: int = 1
    time_zone: str = "UTC"
    languages: tuple[str, ...] = ()
    """Languages in which each message must be there; none: a message may be in any."""
    hours: tuple[Hours, ...] = ()
    holidays: tuple[str, ...] = ()
    """Days on which the hours do not hold: `2026-12-24`, or `12-24` in each year."""
    holiday_calendar: str | None = None
    """Public holidays of a country or a part of it: `FR`, `FR-57`, `GB-ENG`, `US`."""
    frequency: Frequency | None = None
    """Over all campaigns together: cool-downs, and `at_most` in `per`; once per session is each campaign's own."""
    epsilon: float = 0.05
    """Greatest probability that one more acceptance would find no free slot; see pacing."""
    reserve: int = 0
    """Slots of each skill kept for visitors who open a chat by themselves."""
    target_overrun: float | None = None
    """Share of accepted invitations that may find no free slot: epsilon is moved towards it. None: epsilon stays."""
    bid_price: float | Literal["auto"] = 0.0
    """Least expected value, in the shop's currency, for which a slot is given away; 0 asks for nothing, `auto` what
    the demand of the last hours makes of it."""


class Button(Part, frozen=True):
    """The button by which a visitor opens a chat himself."""

    when: str | None = None
    """It is there only while this holds; none: always."""
    label: Text = ""


class Appearance(Part, frozen=True):
    """How an invitation looks."""

    style: Literal["card", "bar", "bubble"] = "card"
    position: Literal["right", "left", "bottom"] = "right"
    colour: str | None = None
    """`#rrggbb`; none: the site's own."""
    quote: bool = True
    """Whether the message stands as something that somebody says."""


class PointOfSale(Part, frozen=True):
    """A shop, an agency, a dealer that takes leads; it serves those that agree with everything that it names."""

    name: str
    label: Text = ""
    email: str = ""
    postcodes: tuple[str, ...] = ()
    """Beginnings of postcodes: `67` is all of Bas-Rhin."""
    countries: tuple[str, ...] = ()
    """ISO codes of two letters."""
    interests: tuple[str, ...] = ()


class CampaignFile(Part, frozen=True):
    """A whole campaign file."""

    site: SiteRules = SiteRules()
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    segments: dict[str, Segment] = field(default_factory=dict)
    button: Button | None = None
    appearances: dict[str, Appearance] = field(default_factory=dict)
    points_of_sale: tuple[PointOfSale, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
