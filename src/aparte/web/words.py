"""The words of the console's API, as its OpenAPI document tells them; see docs/reference/wire.md."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct


class SiteWords(Struct, frozen=True):
    """The site of a member of staff."""

    id: str
    name: str
    currency: str
    time_zone: str
    critical_s: int
    """A visitor who has waited so many seconds for an answer is waited for too long."""
    typing_preview: bool
    """Agents see what visitors write before it is sent, and the widget says so."""


class SiteName(Struct, frozen=True):
    """A site in a list."""

    id: str
    name: str


class Me(Struct, frozen=True, kw_only=True):
    """Who is signed in."""

    id: str
    name: str
    picture: str | None
    """The path of the picture that visitors see beside his name."""
    email: str
    role: str
    status: Literal["available", "away"]
    reason: str
    since: int
    """Since when he has this status; 0 for ever."""
    language: str
    maximum: int
    load: int
    site: SiteWords
    """At whose desk he is."""
    sites: list[SiteName]
    """All that he serves."""
    rights: list[str]
    """What he may do, in the words of docs/reference/staff.md."""
    demo: bool
    csrf: None = None


class AgentName(Struct, frozen=True):
    """The agent who has a conversation."""

    id: str
    name: str


class Last(Struct, frozen=True):
    """The last thing said, shortened."""

    by: str
    body: str
    ts: int


class CartSum(Struct, frozen=True):
    """A cart in short."""

    value: float
    items: int


class Marks(Struct, frozen=True):
    """How far the visitor has received and read."""

    dlv: int
    read: int


class Conv(Struct, frozen=True):
    """A conversation in an agent's lists. Made for each message: by place, which takes a seventh of the time."""

    id: str
    visitor: str
    label: str
    state: Literal["queued", "open", "closed"]
    skill: str | None
    agent: AgentName | None
    assign_ver: int
    opened_at: int
    head: int
    unread: int
    last: Last | None
    waiting_since: int | None
    campaign: str | None
    campaign_label: str | dict[str, str]
    """What people call that campaign, perhaps by language; empty without one."""
    cart: CartSum
    position: int | None
    visitor_online: bool
    wm: Marks
    channel: Literal["chat", "call", "video"]
    sticky: bool
    """Its agent is the one whom the visitor talked with last."""
    guests: list[AgentName]
    """Staff who have joined its agent."""
    assistance_at: int | None
    """Since when its agent asks for help."""
    tags: list[str]
    wrap: Literal["", "due", "done"]
    """`due`: it is closed, and its last agent owes the code; `done`: he has given it."""
    form: dict[str, str]
    """What the visitor said before it began."""


class Lists(Struct, frozen=True):
    """An agent's own conversations, those that wait for one of his skills, and closed ones whose code he owes."""

    mine: list[Conv]
    queue: list[Conv]
    wrap: list[Conv]
    help: list[Conv]
    """Whose agents ask for assistance; for those who supervise."""
    guest: list[Conv]
    """Those that he has joined."""


class Live(Struct, frozen=True, kw_only=True):
    """A visitor who is here."""

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
    state: str
    rule: str | None
    state_at: int
    reachable: bool
    verified: bool
    why: str
    """Of `eligible` why he is not invited yet, of `held_out` by which level, of `invited` `by_hand` or nothing."""
    barred: str
    """Why he cannot be invited by hand now: the code that the door would answer; empty: he can."""
    locked: bool
    """He is held out, or would be; no agent can change that."""


class Visitors(Struct, frozen=True):
    """The live list."""

    visitors: list[Live]
    online: int
    eligible: int
    held_out: int
    free: int


class Line(Struct, frozen=True):
    """A line of a cart."""

    name: str
    quantity: int
    price: float


class Cart(Struct, frozen=True):
    """A cart with its lines."""

    value: float
    items: int
    lines: list[Line]


class Step(Struct, frozen=True):
    """One step of a visitor's way."""

    at: int
    kind: Literal["page", "track", "fact"]
    name: str
    detail: str | None = None
    url: str | None = None


class Why(Struct, frozen=True, kw_only=True):
    """The decision, with what the rule read."""

    campaign: str
    campaign_label: str | dict[str, str]
    """What people call it, perhaps by language; its name where it has no label, or is gone from the file."""
    rule: str
    when: str | None
    version: int | None
    variant: str | None
    at: int
    decision: str
    reason: str | None
    level: str | None
    values: dict[str, Any]


class Earlier(Struct, frozen=True):
    """A conversation of before."""

    id: str
    opened_at: int
    closed_at: int | None
    agent: str | None
    csat: int | None


class SessionWords(Struct, frozen=True):
    """The session that is open."""

    started_at: int
    pages: int


class Journey(Struct, frozen=True, kw_only=True):
    """A visitor as an agent sees him."""

    visitor: str
    label: str
    visits: int
    first_visit_at: int | None
    orders: int
    spend: float
    claimed: dict[str, Any]
    traits: dict[str, Any]
    verified: bool
    device: str | None
    browser: str | None
    country: str | None
    language: str | None
    referrer: str | None
    channel: str | None
    session: SessionWords | None
    cart: Cart
    steps: list[Step]
    why: Why | None
    earlier: list[Earlier]


class Page(Struct, frozen=True):
    """Some lines of a transcript; `more`: there are older ones."""

    epoch: str
    head: int
    entries: list[dict[str, Any]]
    more: bool


class Results(Struct, frozen=True):
    """One ack or nack for each entry, in their order."""

    results: list[dict[str, Any]]


class Ingest(Struct, frozen=True):
    """What became of the site's messages."""

    received: int
    accepted: int
    duplicate: int
    quarantined: int
    refused: int
    reasons: dict[str, dict[str, int]]
    """`quarantined` and `refused`, each with its reasons."""
    requests_refused: dict[str, int]
    """Of the whole server since its start, by status."""


class OrderCounts(Struct, frozen=True):
    """Orders by who told them."""

    claimed: int
    confirmed: int


class Install(Struct, frozen=True, kw_only=True):
    """What the shop needs, and what has come of it."""

    public_key: str
    secret_key_hint: str
    origins: list[str]
    snippet: str
    last_seen: dict[str, Any] | None
    counts: Ingest
    orders: OrderCounts
