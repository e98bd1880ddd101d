"""The words of sites: a site with its keys and its look, staff, and who is signed in."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from aparte.sites.costs import DEFAULT_FORMULA, Costs

Mode: TypeAlias = Literal["off", "reactive", "full"]
Role: TypeAlias = Literal["admin", "manager", "supervisor", "agent", "analyst"]

KEPT_QUERY = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "q", "s", "aff")
"""Members of an address that are kept unless the site says otherwise; all others are taken off before storage."""

Question: TypeAlias = Literal["csat", "solved", "ces", "nps"]
"""What a survey may ask: did it help (1 to 5), is it settled, was it made easy (1 to 7), recommended (0 to 10)."""
SURVEY: tuple[Question, ...] = ("csat", "solved", "nps")
"""What a site asks unless it says otherwise."""


class Look(Struct, frozen=True, omit_defaults=True):
    """How the widget looks on the shop's pages."""

    colour: str = "#5F1F45"
    on_colour: str = "#FFFDF9"
    position: Literal["left", "right"] = "right"
    radius: int = 18
    font: str = "inherit"
    quote_font: str = ""


class Site(Struct, frozen=True, kw_only=True):
    """A shop. The secret key is kept as its SHA-256 only, with its last four characters to recognise it by."""

    id: str
    name: str
    public_key: str
    secret_key_hash: str
    secret_key_hint: str = ""
    mode: Mode = "full"
    language: str = "fr"
    languages: tuple[str, ...] = ("fr", "en")
    currency: str = "EUR"
    time_zone: str = "Europe/Paris"
    origins: tuple[str, ...] = ()
    """Origins of pages that may use the public key; none: any."""
    button: bool = True
    query: tuple[str, ...] = KEPT_QUERY
    look: Look = Look()
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    answer_s: int = 60
    """An agent who has said nothing so long after he was given a conversation loses it."""
    queue_s: int = 180
    """Whoever has waited so long is offered to leave a request; he may wait on."""
    wrap_up: Literal["off", "optional", "required"] = "off"
    """Whether an agent says by a code how a conversation ended; `required`: he closes none without it."""
    critical_s: int = 60
    """A visitor who has waited so long for an answer is waited for too long: the console flashes, and the service
    level counts him as late."""
    typing_preview: bool = False
    """Whether an agent sees what a visitor writes before it is sent; the widget says so. Off unless asked for."""
    survey: tuple[Question, ...] = SURVEY
    """What its visitors are asked after a conversation, in this order; none: for a word only."""
    mail_to: str = ""
    """Where requests and leads are mailed to; empty: nowhere. A point of sale may have an address of its own."""
    jwt_secret: str = ""
    """Of HS256: what the shop's server signs identities with; our own key, because whoever checks it could sign too."""
    jwt_public_key: str = ""
    """Of RS256, PEM; it rules where both are set."""
    costs: Costs = Costs()
    """What help costs, and what it spares."""
    roi_formula: str = DEFAULT_FORMULA
    """The firm's own return on investment; see docs/reference/kpis.md."""


Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Shift(Struct, frozen=True):
    """Hours planned each week, in the site's time: `09:00` to `17:00`; an end before the start is on the next day."""

    start: str
    end: str
    days: tuple[Day, ...] = WEEK


class Staff(Struct, frozen=True, kw_only=True):
    """Somebody who may sign in. `password_hash` is argon2id; empty: nobody can sign in with a password."""

    id: str
    site: str
    email: str
    name: str
    role: Role = "agent"
    password_hash: str = ""
    language: str = "fr"
    skills: tuple[str, ...] = ("sales", "support")
    caps: dict[str, int] = field(default_factory=dict)
    """How many of his conversations may be of a skill, where that is less than all."""
    maximum: int = 4
    """Conversations at a time."""
    team: str = ""
    shifts: tuple[Shift, ...] = ()
    simulated: bool = False
    """An agent of the demo, who leaves when a human signs in."""
    sites: tuple[str, ...] = ()
    """Further sites that he serves, with the same role."""
    desk: str = ""
    """Which of his sites he works at now, as he has chosen; empty: his own."""
    left_at: int | None = None
    """Since when he is staff no more. His name stays on what he wrote."""
    picture: str = ""
    """Name of the picture that visitors see beside his name; empty: his initial."""

    @property
    def serves(self) -> tuple[str, ...]:
        """All his sites, his own first."""
        return (self.site, *(one for one in self.sites if one != self.site))

    @property
    def at(self) -> str:
        """The site at whose desk he is: a person sits at one desk, whatever number of windows he has."""
        return self.desk if self.desk and self.desk in self.serves else self.site


class Picture(Struct, frozen=True):
    """A small picture of somebody, named by what is in it: the first 32 hexadecimal digits of its SHA-256."""

    hash: str
    media: str
    body: bytes


class SignIn(Struct, frozen=True, kw_only=True):
    """A session of the console; the cookie holds the token, the database its SHA-256."""

    token_hash: str
    staff: str
    created_at: int
    seen_at: int
    about: str = ""
    """What the browser calls itself, so that somebody recognises his own."""


class Security(Struct, frozen=True, kw_only=True):
    """The second factor of a member of staff. Until `confirmed` the secret is only proposed, and asked for nowhere."""

    staff: str
    secret: str
    """In clear, as codes cannot be checked otherwise: whoever has the database has it."""
    confirmed: bool = False
    last_step: int = 0
    """The step of time of the last code: no code is taken twice."""
    recovery: tuple[str, ...] = ()
    """SHA-256 of the codes that are left."""


class OneTime(Struct, frozen=True, kw_only=True):
    """A link by which a member of staff sets his password, once."""

    token_hash: str
    staff: str
    kind: Literal["reset", "invite"]
    expires_at: int


class ApiToken(Struct, frozen=True, kw_only=True):
    """A program's way in: at one site, with the rights that it was given. The token itself is kept as its SHA-256."""

    id: str
    token_hash: str
    site: str
    name: str
    scopes: tuple[str, ...]
    made_by: str
    made_at: int
    expires_at: int | None = None
    hint: str = ""
    """Its last four characters."""
