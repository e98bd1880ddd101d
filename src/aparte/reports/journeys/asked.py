"""What a journey report is asked for: steps, pages, ways; read from an address, and written into one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import urlencode

from msgspec import Struct

from aparte.kit.durations import format_duration, parse_duration
from aparte.kit.errors import BadInput
from aparte.reports.journeys.model import FunnelStep, Unit

MOST_STEPS = 8
LONGEST = 200
LONGEST_WITHIN_MS = 366 * 24 * 3_600_000
WAYS = ("cart", "checkout", "any")
"""Whose way out: of sessions with a cart, with a checkout begun, of all, always without an order."""
MOST_LAST = 5
DEFAULT_STEPS = (
    FunnelStep(), FunnelStep("Product Viewed"), FunnelStep("Product Added"),
    FunnelStep("Checkout Started|Checkout Step Viewed"),
    FunnelStep("Order Completed"),
)  # fmt: skip


class Asked(Struct, frozen=True, kw_only=True):
    """The part of the address that is not the scope."""

    steps: tuple[FunnelStep, ...] = DEFAULT_STEPS
    unit: Unit = "session"
    page: str = ""
    """Only pages whose path is like this; `*` stands for anything."""
    who: str = "cart"
    """One of WAYS."""
    last: int = 3


def read_asked(pairs: Mapping[str, str]) -> Asked:
    """What these members of an address ask for: `step1=Product Viewed&path2=/cart*&step3=Order Completed&within3=30m`.

    Step n has `step`n (an event's name, `page` for pages), `path`n and `within`n; `came`=1 puts before them that
    somebody came. Without any the steps of an order. BadInput names the member.
    """
    steps = tuple(step for n in range(1, MOST_STEPS + 1) if (step := step_of(pairs, n)) is not None)
    if steps and pairs.get("came"):
        steps = (FunnelStep(), *steps)
    if steps and steps[0].within_ms is not None:
        raise BadInput("the first step has none before it", where="within1", hint="leave it empty")
    unit: Any = chosen(pairs, "unit", get_args(Unit))
    return Asked(
        steps=steps or DEFAULT_STEPS,
        unit=unit,
        page=limited(pairs, "page"),
        who=chosen(pairs, "who", WAYS),
        last=number_of(pairs),
    )


def step_of(pairs: Mapping[str, str], n: int) -> FunnelStep | None:
    """The n-th step; None when nothing is said of it."""
    name, path = limited(pairs, f"step{n}"), limited(pairs, f"path{n}")
    within = pairs.get(f"within{n}", "").strip()
    if not name and not path:
        if within:
            raise BadInput("a time without a step", where=f"within{n}", hint="name the event, or the page")
        return None
    if path and name not in ("", "page"):
        raise BadInput("only pages have a path", where=f"path{n}", hint="leave the event empty, or the path")
    return FunnelStep(name or "page", path, duration_of(within, f"within{n}") if within else None)


def duration_of(text: str, member: str) -> int:
    """Milliseconds of `30s`, `10m`, `24h`, `7d`."""
    try:
        found = parse_duration(text)
    except BadInput as error:
        raise BadInput(error.what, where=member, hint="write 30s, 10m, 24h or 7d") from None
    if not 0 < found <= LONGEST_WITHIN_MS:
        raise BadInput("this time is out of reach", where=member, hint="from a moment to a year")
    return found


def limited(pairs: Mapping[str, str], member: str) -> str:
    """A text of bearable length."""
    text = pairs.get(member, "").strip()
    if len(text) > LONGEST:
        raise BadInput("this is too long", where=member, hint=f"at most {LONGEST} characters")
    return text


def chosen(pairs: Mapping[str, str], member: str, known: tuple[str, ...]) -> str:
    """One of several words; the first without one."""
    text = pairs.get(member) or known[0]
    if text not in known:
        raise BadInput(f"{text[:40]!r} is unknown", where=member, hint=f"choose one of {', '.join(known)}")
    return text


def number_of(pairs: Mapping[str, str]) -> int:
    """How many pages of a way."""
    text = pairs.get("last") or "3"
    if text not in [str(n) for n in range(1, MOST_LAST + 1)]:
        raise BadInput(f"{text[:40]!r} is no number of pages", where="last", hint=f"from 1 to {MOST_LAST}")
    return int(text)


def members(asked: Asked) -> dict[str, str]:
    """The members of the address, without those that are as they are anyway."""
    found: dict[str, str] = {}
    if asked.steps != DEFAULT_STEPS:
        if asked.steps[0] == FunnelStep():
            found["came"] = "1"
        for n, step in enumerate((one for one in asked.steps if one != FunnelStep()), 1):
            within = "" if step.within_ms is None else format_duration(step.within_ms)
            said = {f"step{n}": step.name, f"path{n}": step.path, f"within{n}": within}
            found |= {name: text for name, text in said.items() if text}
    others = {"unit": asked.unit, "page": asked.page, "who": asked.who, "last": str(asked.last)}
    plain = {"unit": "session", "page": "", "who": "cart", "last": "3"}
    return found | {name: text for name, text in others.items() if text != plain[name]}


def write_asked(asked: Asked) -> str:
    """The query of the address, to be put after the scope's."""
    return urlencode(members(asked))
