"""Figures of the journey report."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.experiments.statistics import wilson

Unit: TypeAlias = Literal["session", "person"]
Trouble: TypeAlias = Literal[
    "not_found", "empty_search", "error", "payment_error", "field_error", "form_abandoned"
]  # fmt: skip
Unknown: TypeAlias = Literal["nobody", "too_few", ""]


class Part(Struct, frozen=True):
    """So many of so many, with Wilson's interval of 95 %. The share of nobody is None, not 0."""

    n: int
    of: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


def part(n: int, of: int) -> Part:
    """The share with its interval."""
    if of < 1:
        return Part(n, of)
    low, high = wilson(n, of)
    return Part(n, of, n / of, low, high)


class FunnelStep(Struct, frozen=True):
    """What has to be done: an event by its name, a page by its path, or both; empty: to have come, only as the first.

    `|` in a name stands between events of which any will do; in a path `*` stands for anything.
    `within_ms`: how long after the step before, at most; None: any time.
    """

    name: str = ""
    path: str = ""
    within_ms: int | None = None


class Reached(Struct, frozen=True):
    """A step of a funnel."""

    step: FunnelStep
    n: int
    of_first: Part
    of_before: Part
    median_ms: float | None
    """Between the step before and this one, of those who did both."""


class Funnel(Struct, frozen=True):
    """Ordered steps; never more at a step than at the one before."""

    unit: Unit
    steps: tuple[Reached, ...]


class PageLeft(Struct, frozen=True):
    """A page: how often seen, in how many sessions, and in how many of these it was the last, without an order."""

    path: str
    views: int
    left: Part


class CheckoutPage(Struct, frozen=True):
    """A page of the checkout: sessions that came so far; of these, those that came no farther and did not buy."""

    path: str
    given_up: Part


class Leaving(Struct, frozen=True):
    """Where sessions end without an order. Sessions that may go on are not in it."""

    sessions: int
    ongoing: int
    """Sessions that were not over yet, left out."""
    pages: tuple[PageLeft, ...]
    pages_known: int
    """Different pages, of which `pages` are those at which most leave."""
    cart: Part
    """Sessions in which something was put into the cart; of these, those without an order."""
    checkout: Part
    """Sessions that began the checkout; of these, those without an order."""
    checkout_pages: tuple[CheckoutPage, ...]
    session_ms: float | None
    """Median duration of a session."""


class Loss(Struct, frozen=True):
    """Something that goes wrong: in how many sessions, and in how many of these no page and no order came after it."""

    kind: Trouble
    sessions: Part
    left: Part


class LostPage(Struct, frozen=True):
    """An address without a page."""

    path: str
    sessions: int
    left: Part


class FieldLoss(Struct, frozen=True):
    """A field of a form: of the sessions that began a form, how many it refused, and how many gave up there.

    `field` is a name, never what was typed; empty: the name does not look like one.
    """

    field: str
    refused: Part
    given_up: Part


class Losses(Struct, frozen=True):
    """What goes wrong before visitors leave."""

    sessions: int
    searches: int
    """Sessions with a search."""
    forms: int
    """Sessions that began a form."""
    losses: tuple[Loss, ...]
    pages: tuple[LostPage, ...]
    fields: tuple[FieldLoss, ...]


class Way(Struct, frozen=True):
    """The last pages of sessions, the last one last."""

    pages: tuple[str, ...]
    sessions: Part


class Ways(Struct, frozen=True):
    """Ways out of the shop."""

    who: str
    last: int
    """How many pages at most."""
    sessions: int
    ways: tuple[Way, ...]
    others: int
    """Sessions whose way is not shown."""


class Difference(Struct, frozen=True, kw_only=True):
    """In what those who abandoned a cart differ from those who bought; a difference, no cause."""

    what: str
    """`device`, `source`, `page`, `new`, `pages`, `duration_ms`, `searches`, or a trouble."""
    value: str = ""
    """Which device, source or page."""
    abandoned: float
    bought: float
    """Shares; means of `pages`, `duration_ms`, `searches`."""
    difference: float
    low: float
    high: float
    p: float
    adjusted_p: float
    """By Benjamini and Hochberg over all rows."""


class Abandoners(Struct, frozen=True):
    """People with something in the cart, each once: in the session in which he bought, else in his last one."""

    abandoned: int
    bought: int
    rows: tuple[Difference, ...]
    why: Unknown = ""


class Journey(Struct, frozen=True):
    """The whole report."""

    site: str
    since: str
    until: str
    ignored: tuple[str, ...]
    """Filters that sessions know nothing of."""
    funnel: Funnel
    leaving: Leaving
    losses: Losses
    ways: Ways
    abandoners: Abandoners
