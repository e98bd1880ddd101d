"""The words of tracking: the Event union.

Messages are Segment Spec v2 (see docs/reference/events.md); facts are what the engine itself writes into its log, so
that a replay finds everything that a decision has read. All times are integer milliseconds since 1970-01-01 UTC.

Structs are filled once, by the decoder and by `normalise`; after that nobody changes them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from msgspec import Meta, Struct, field

Milliseconds: TypeAlias = int
MAX_ID = 256
Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_ID)]

if TYPE_CHECKING:
    Properties: TypeAlias = dict[str, Any]
else:
    # Checked by the decoder, in C: numbers that every part behind us can compute with, and a bounded depth. Whatever
    # does not fit is read again by `lenient`, which decides between a repair, a deeper look and quarantine.
    _Int = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
    _Scalar = str | _Int | float | bool | None
    _Level3 = _Scalar | list[_Scalar] | dict[str, _Scalar]
    _Level2 = _Scalar | list[_Level3] | dict[str, _Level3]
    Properties = dict[str, _Scalar | list[_Level2] | dict[str, _Level2]]


class PageContext(Struct, gc=False, omit_defaults=True):
    """Where the visitor was when the message was sent (`context.page`)."""

    url: str | None = None
    path: str | None = None
    title: str | None = None
    referrer: str | None = None
    search: str | None = None


class CampaignContext(Struct, gc=False, omit_defaults=True):
    """The marketing campaign that brought the visitor (`context.campaign`, the utm parameters)."""

    source: str | None = None
    medium: str | None = None
    name: str | None = None
    term: str | None = None
    content: str | None = None


class DeviceContext(Struct, gc=False, omit_defaults=True):
    """The device (`context.device`)."""

    type: str | None = None


class LocationContext(Struct, gc=False, omit_defaults=True):
    """Where the visitor is, as far as a header tells (`context.location`)."""

    country: str | None = None


class Context(Struct, gc=False, omit_defaults=True, rename="camel"):
    """What surrounds a message; other members of `context` are not read (each costs time on every message)."""

    page: PageContext | None = None
    campaign: CampaignContext | None = None
    device: DeviceContext | None = None
    location: LocationContext | None = None
    user_agent: str | None = None
    locale: str | None = None
    timezone: str | None = None


class Message(Struct, gc=False, kw_only=True, omit_defaults=True, rename="camel"):
    """What every message of a client carries.

    `at`, `visitor`, `bot` and `trusted` are ours: the corrected time, the visitor's id, whether a robot sent it, and
    whether it came with the site's secret key. They are set on arrival and never taken from a client.
    """

    message_id: Id = ""
    anonymous_id: Id | None = None
    user_id: Id | None = None
    timestamp: datetime | None = None
    original_timestamp: datetime | None = None
    sent_at: datetime | None = None
    context: Context | None = None
    at: Milliseconds = field(name="aparte:at", default=0)
    visitor: str = field(name="aparte:visitor", default="")
    bot: bool = field(name="aparte:bot", default=False)
    trusted: bool = field(name="aparte:trusted", default=False)

    @property
    def kind(self) -> str:
        """The message's type: `page`, `track`, ..."""
        return type(self).__name__.lower()

    @property
    def label(self) -> str | None:
        """What the message is called: the event of a `track`, the name of a `page`."""
        return getattr(self, "event", None) or getattr(self, "name", None)


class Page(Message, tag="page"):
    """A page was looked at."""

    name: str | None = None
    category: str | None = None
    properties: Properties = field(default_factory=dict)


class Screen(Message, tag="screen"):
    """A screen of an app was looked at; it counts as a page."""

    name: str | None = None
    category: str | None = None
    properties: Properties = field(default_factory=dict)


class Track(Message, tag="track"):
    """Something happened, in the past tense: `Product Added`, `Order Completed`, ..."""

    event: str
    properties: Properties = field(default_factory=dict)


class Identify(Message, tag="identify"):
    """The visitor said, or the shop proved, who he is."""

    traits: Properties = field(default_factory=dict)
    jwt: str | None = None
    """A token that the shop's server has signed; read on arrival, never written into the log."""

    @property
    def properties(self) -> dict[str, Any]:
        """None; so that behaviours read every event alike."""
        return {}


class Group(Message, tag="group"):
    """The visitor belongs to a firm."""

    group_id: Id | None = None
    traits: Properties = field(default_factory=dict)

    @property
    def properties(self) -> dict[str, Any]:
        """None; so that behaviours read every event alike."""
        return {}


class Alias(Message, tag="alias"):
    """Two ids are one visitor."""

    previous_id: Id = ""

    @property
    def properties(self) -> dict[str, Any]:
        """None; so that behaviours read every event alike."""
        return {}


class Fact(Struct, gc=False, kw_only=True, omit_defaults=True):
    """What the engine writes into its own log."""

    at: Milliseconds


class TimerElapsed(Fact, tag="TimerElapsed"):
    """A deadline of this visitor's session has come; `at` is the deadline itself."""

    visitor: str


class VisitorReachable(Fact, tag="VisitorReachable"):
    """The visitor's page has asked for news; it ends no idleness and prolongs no session."""

    visitor: str
    visible: bool = True


class ConsentChanged(Fact, tag="ConsentChanged"):
    """The visitor allowed or forbade proactive help; `level` is `full`, `reactive` or `off`."""

    visitor: str
    level: str


class InvitationOffered(Fact, tag="InvitationOffered"):
    """Somebody of the staff (`by`) has invited the visitor by hand: no rule, no campaign, no comparison."""

    visitor: str
    engagement: str
    expires_at: Milliseconds
    message: str = ""
    channel: str = "chat"
    skill: str | None = None
    by: str = ""


class InvitationShown(Fact, tag="InvitationShown"):
    """The visitor's page has shown the invitation."""

    visitor: str
    engagement: str


class InvitationAccepted(Fact, tag="InvitationAccepted"):
    """The visitor accepted; `campaign` is whose invitation it was, `queued`: no slot was free, which is an overrun."""

    visitor: str
    engagement: str
    campaign: str = ""
    queued: bool = False


class InvitationDeclined(Fact, tag="InvitationDeclined"):
    """The visitor said no."""

    visitor: str
    engagement: str


class InvitationExpired(Fact, tag="InvitationExpired"):
    """Nobody answered in time."""

    visitor: str
    engagement: str


class InvitationRevoked(Fact, tag="InvitationRevoked"):
    """The invitation is taken off the screen: the last agent who could answer has left, or the visitor turned out to be
    somebody who is held out."""

    visitor: str
    engagement: str


class VisitorBlocked(Fact, tag="VisitorBlocked"):
    """Nobody invites or answers the visitor from here on; `until` None: until somebody lifts it."""

    visitor: str
    until: Milliseconds | None = None


class VisitorUnblocked(Fact, tag="VisitorUnblocked"):
    """Somebody has lifted the visitor's block."""

    visitor: str


class ConversationOpened(Fact, tag="ConversationOpened"):
    """The visitor began a conversation by himself; `engagement` is the conversation's id."""

    visitor: str
    engagement: str


class ConversationEnded(Fact, tag="ConversationEnded"):
    """The conversation with this visitor is over; how long it had an agent's slot, of which skill. None: never."""

    visitor: str
    engagement: str = ""
    skill: str | None = None
    served_ms: int | None = None


class SessionEnded(Fact, tag="SessionEnded"):
    """The session was closed: after its silence, or because memory was needed. A later event opens the next one."""

    visitor: str


class CapacityChanged(Fact, tag="CapacityChanged"):
    """Free slots per skill, slots taken, and how many visitors wait; `free[""]` is all agents together."""

    free: dict[str, int]
    busy: dict[str, int] = field(default_factory=dict)
    queue: dict[str, int] = field(default_factory=dict)
    whole: dict[str, int] | None = None
    """Agents without any conversation per skill, who could take a call; None: not told."""


class CampaignPublished(Fact, tag="CampaignPublished"):
    """Another version of the campaigns rules from here on.

    `text` is the whole campaign file, so that the log says by itself what was decided by; logs of before it have none.
    """

    version: int
    text: str = ""


class PacingUpdated(Fact, tag="PacingUpdated"):
    """What somebody knows of the acceptance of a campaign: a Beta(a, b), and the mean delay of those who accept.

    The engine learns from the answers themselves and writes none of these; from here on it learns from there.
    """

    campaign: str
    a: float
    b: float
    delay_s: float | None = None


class PricesUpdated(Fact, tag="PricesUpdated"):
    """What one more slot of this skill is worth, by number of busy slots, in the shop's currency."""

    skill: str
    prices: tuple[float, ...]


class ScoreComputed(Fact, tag="ScoreComputed"):
    """A model's scores for this visitor; an absent score is unknown, never 0."""

    visitor: str
    model: str
    scores: dict[str, float]


class TraitsSet(Fact, tag="TraitsSet"):
    """What the shop says of the customer that this visitor is proven to be; it takes the place of what it said."""

    visitor: str
    traits: dict[str, Any]


class MergedArm(Struct, frozen=True, array_like=True):
    """An assignment of the other identity; see experiments."""

    seed: str
    version: int
    arm: str
    at: Milliseconds


class VisitorsMerged(Fact, tag="VisitorsMerged"):
    """This visitor and another one are the same person; what follows is the other's, as of now.

    `root` is the oldest identity of the person: by it all arms are dealt that nobody has drawn yet.
    """

    visitor: str
    other: str
    root: str
    arms: list[MergedArm] = field(default_factory=list)
    contacts: dict[str, list[Milliseconds]] = field(default_factory=dict)
    last_decline_at: Milliseconds | None = None
    last_chat_at: Milliseconds | None = None
    orders: int = 0
    spend: float = 0.0
    leads: int = 0
    sessions: int = 0


ClientEvent: TypeAlias = Page | Screen | Track | Identify | Group | Alias
VisitorFact: TypeAlias = (
    TimerElapsed
    | VisitorReachable
    | ConsentChanged
    | InvitationOffered
    | InvitationShown
    | InvitationAccepted
    | InvitationDeclined
    | InvitationExpired
    | InvitationRevoked
    | VisitorBlocked
    | VisitorUnblocked
    | ConversationOpened
    | ConversationEnded
    | ScoreComputed
    | SessionEnded
    | TraitsSet
    | VisitorsMerged
)
SiteFact: TypeAlias = CapacityChanged | CampaignPublished | PacingUpdated | PricesUpdated
Event: TypeAlias = ClientEvent | VisitorFact | SiteFact
