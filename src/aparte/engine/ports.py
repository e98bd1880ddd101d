"""What the engine needs from a store, and what it is for those who call it."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeAlias

from msgspec import Struct

from aparte.attribution.store import (
    LeadReader,
    LedgerReader,
    OrderReader,
    RecordLead,
    RecordOrder,
    RecordRefund,
    SaveRates,
    SealDay,
)
from aparte.catalogue.store import CatalogueReader, SaveProducts
from aparte.contracts.alarm_store import AlarmCommand, AlarmReader
from aparte.contracts.store import ContractCommand, ContractReader
from aparte.conversations.colleagues import ColleagueReader, ReadColleagues, TellColleagues
from aparte.conversations.coupons import CouponReader, MintCoupon, RedeemCoupon, SaveCoupons
from aparte.conversations.library import (
    CountUse,
    DropFromLibrary,
    LibraryReader,
    SaveArticle,
    SaveReply,
    SaveScript,
)
from aparte.conversations.model import Conversation
from aparte.conversations.store import (
    AppendEntry,
    AskAssistance,
    AskRequest,
    AssignConversation,
    CallPerson,
    CloseConversation,
    ConversationHistory,
    ConversationReader,
    FillForm,
    FinishRequest,
    FreeSlot,
    JoinConversation,
    LeaveConversation,
    MoveWatermark,
    OpenConversation,
    RecordSurvey,
    RequestReader,
    SaveCodes,
    SaveTags,
    TagConversation,
    TakeSlot,
    VocabularyReader,
    WrapConversation,
)
from aparte.engagements.store import (
    BlockReader,
    EngagementReader,
    InvitationReader,
    LiftBlock,
    MoveInvitation,
    OfferInvitation,
    RecordDecision,
    SaveBlock,
)
from aparte.kit.status import WriterStatus
from aparte.outbox.store import (
    Again,
    AskConfirmation,
    Dead,
    DropWebhook,
    Failed,
    Leave,
    Left,
    OutboxReader,
    SaveWebhook,
    UseConfirmation,
)
from aparte.reports.mail_store import ReportMailCommand, ReportMailReader
from aparte.routing.model import Help, Reason, Status
from aparte.routing.store import RecordWork, RoutingReader, SaveTeam
from aparte.sessions.store import CheckpointReader, SaveCheckpoint
from aparte.sites.audit import RecordAudit
from aparte.sites.store import (
    DropSecurity,
    DropToken,
    EndOneTimes,
    EndSignIn,
    EndSignIns,
    SaveOneTime,
    SavePicture,
    SaveSecurity,
    SaveSignIn,
    SaveSite,
    SaveStaff,
    SaveToken,
    SiteReader,
    UseCode,
    UseOneTime,
    UseRecovery,
)
from aparte.targeting.model import Appearance, Offer
from aparte.targeting.store import CampaignReader, DiscardDraft, PublishVersion, SaveDraft
from aparte.tracking.store import (
    AppendLog,
    CountMessages,
    IdentityReader,
    KeepQuarantined,
    LinkIdentity,
    LogReader,
    RecordMerge,
    SaveTraits,
)

Command: TypeAlias = (
    AppendLog
    | CountMessages
    | KeepQuarantined
    | RecordDecision
    | OfferInvitation
    | MoveInvitation
    | RecordOrder
    | RecordRefund
    | SaveRates
    | SealDay
    | SaveCheckpoint
    | OpenConversation
    | AppendEntry
    | AssignConversation
    | CloseConversation
    | WrapConversation
    | TagConversation
    | SaveTags
    | SaveCodes
    | SaveCoupons
    | MintCoupon
    | RedeemCoupon
    | TellColleagues
    | ReadColleagues
    | MoveWatermark
    | RecordSurvey
    | FillForm
    | CallPerson
    | TakeSlot
    | FreeSlot
    | AskRequest
    | FinishRequest
    | SaveReply
    | SaveScript
    | SaveArticle
    | DropFromLibrary
    | CountUse
    | SaveTeam
    | RecordWork
    | SaveSite
    | SaveStaff
    | SavePicture
    | SaveSignIn
    | EndSignIn
    | EndSignIns
    | SaveSecurity
    | DropSecurity
    | UseCode
    | UseRecovery
    | SaveOneTime
    | UseOneTime
    | EndOneTimes
    | SaveToken
    | DropToken
    | RecordAudit
    | SaveDraft
    | DiscardDraft
    | PublishVersion
    | SaveProducts
    | SaveTraits
    | LinkIdentity
    | RecordMerge
    | RecordLead
    | JoinConversation
    | LeaveConversation
    | AskAssistance
    | SaveBlock
    | LiftBlock
    | Leave
    | Left
    | Failed
    | Dead
    | Again
    | SaveWebhook
    | DropWebhook
    | AskConfirmation
    | UseConfirmation
    | AlarmCommand
    | ReportMailCommand
    | ContractCommand
)


class Store(
    LogReader,
    CheckpointReader,
    EngagementReader,
    InvitationReader,
    BlockReader,
    ConversationReader,
    ConversationHistory,
    RequestReader,
    VocabularyReader,
    ColleagueReader,
    CouponReader,
    LibraryReader,
    RoutingReader,
    OrderReader,
    SiteReader,
    CampaignReader,
    CatalogueReader,
    IdentityReader,
    LeadReader,
    LedgerReader,
    OutboxReader,
    ContractReader,
    AlarmReader,
    ReportMailReader,
    Protocol,
):
    """Durable memory.

    Guarantees: `submit` executes lists in the order of the calls, each list wholly or not at all; its future is done
    after the commit is on the disk. A list that the database refuses (`Refused` among its results: the list was undone,
    the results before the refusal are void) harms no other. When the disk fails, the future of every list that was not
    committed raises Unavailable, and so does every later `submit` until `recover` has succeeded: what was computed on
    top of a lost list must not be written.
    """

    def submit(self, commands: Sequence[Command]) -> Future[list[Any]]:
        """Execute these in one transaction; one result each (None where the command says nothing else)."""
        ...

    def recover(self) -> None:
        """Take writes again after a failure; Unavailable when the disk still refuses a small test write."""
        ...

    def status(self) -> WriterStatus:
        """How the writer is doing."""
        ...

    def close(self) -> None:
        """Finish what is queued, and let the files go."""
        ...


class Counts(Struct, frozen=True):
    """What became of the messages of one body."""

    received: int = 0
    accepted: int = 0
    duplicate: int = 0
    quarantined: int = 0
    refused: int = 0


class Arriving(Struct, kw_only=True):
    """One body of messages at the door, after its key was recognised and its envelope taken apart."""

    site: str
    lines: list[bytes]
    received_at: int
    sent_at: int | None = None
    kind: str | None = None
    """`track`, `page`, ...: what a message without a type is, by the route it came in by."""
    trusted: bool = False
    """It came with the secret key."""
    user_agent: str | None = None
    """Of the request; for messages that do not say their own. None for a server's."""
    country: str | None = None
    visitor: str | None = None
    """Of a verified token: the visitor of all these messages, whatever they say. None: each says its own."""
    consent: str = "full"
    """`full`, or `none`: then nothing is stored of these messages, each is quarantined `no_consent`."""


class Pulse(Struct, kw_only=True):
    """A visitor's page asks for news; `messages` are what happened since."""

    messages: Arriving
    visitor: str
    visible: bool
    language: str
    withdrawn: bool = False


class OfferShown(Struct, frozen=True, kw_only=True):
    """An invitation for the visitor's screen."""

    engagement: str
    offer: Offer
    expires_at: int
    state: Literal["offered", "shown"]
    variant: str | None = None
    appearance: Appearance | None = None
    """The look that the offer names; None when it names none, or one that has left the campaign file since."""


class PulseAnswer(Struct, frozen=True, kw_only=True):
    """The answer, known after the commit."""

    counts: Counts
    offer: OfferShown | None = None
    conversation: Conversation | None = None
    agents: bool = False
    button: bool = True
    """Whether the campaigns let the visitor open a chat himself now."""
    help: Help = "form"
    wake_in_ms: int | None = None


class Changed(Struct, frozen=True):
    """Something that sockets want to know, told after the commit.

    `what`: `entry` (value: Entry), `conversation` (Conversation: anything of it changed), `watermark` (Conversation),
    `queue` (None: positions have changed), `agent` (staff id: status, load), `visitor` (vid), `request` (Request),
    `colleague` (what was said among staff: colleagues.Message).
    """

    site: str
    what: Literal["entry", "conversation", "watermark", "queue", "agent", "visitor", "request", "colleague"]
    conv: str = ""
    value: Any = None


class LiveVisitor(Struct, frozen=True, kw_only=True):
    """A row of the live list; the wire's `Live`."""

    visitor: str
    label: str
    page: dict[str, Any]
    referrer: str | None
    channel: str | None
    since: int
    cart: dict[str, Any]
    device: str | None
    country: str | None
    visits: int
    state: Literal["browsing", "eligible", "invited", "held_out", "waiting", "chatting", "blocked"]
    rule: str | None
    """Empty of an invitation by hand."""
    state_at: int
    reachable: bool
    verified: bool = False
    why: str = ""
    """Of `eligible` the reason why he is not invited yet, of `held_out` the level (`site`, `campaign`), of `invited`
    `by_hand` where it was by hand; else empty."""
    barred: str = ""
    """Why nobody may invite him by hand now, in the words of the door's 409; empty: an agent may."""
    locked: bool = False
    """He is held out, or would be: no agent can change that."""


class QueueOf(Struct, frozen=True, kw_only=True):
    """Those who wait for one skill; '' is any."""

    skill: str
    n: int
    longest_s: int
    """How long the first of them has waited."""
    expected_s: int | None
    """The expected wait of the next one who comes; None while nobody can say."""


class AgentStatus(Struct, frozen=True, kw_only=True):
    """An agent as the console's header shows him."""

    staff: str
    status: Status
    load: int
    maximum: int
    reason: Reason = ""
    since: int = 0
    present: bool = False
