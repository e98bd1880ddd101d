"""What a report over the facts is about: a site, days, filters; read from an address and written into one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct
from msgspec.structs import replace

from aparte.attribution.facts import HORIZONS, Facts
from aparte.kit.errors import BadInput
from aparte.reports.numbers import day_of, start_of
from aparte.reports.period import DEFAULT_DAYS, LONGEST_DAYS, day_from

Orders: TypeAlias = Literal["confirmed", "all"]
Table: TypeAlias = Literal[
    "engagement", "conversation", "session", "orders", "event", "lead", "request", "refund", "left_out"
]

FILTERS = ("campaign", "rule", "variant", "segment", "channel", "skill", "agent", "team", "device", "source")
SEGMENTS = ("new", "returning", "customer")
"""By what was known before the draw: the first session, a later one, an order before."""
LONGEST_NAME = 200

SEGMENT = "CASE WHEN {t}earlier_orders > 0 THEN 'customer' WHEN {t}earlier_sessions > 0 THEN 'returning' ELSE 'new' END"
OWN = {one: "{t}" + one for one in FILTERS}
COLUMNS: Mapping[Table, Mapping[str, str]] = {
    "engagement": OWN | {"segment": SEGMENT},
    "conversation": {one: OWN[one] for one in ("campaign", "channel", "skill", "agent", "team")},
    "session": {"device": "{t}device", "source": "{t}channel"},
}
"""Table -> filter -> the expression that it asks for; `{t}` is the table's name with a dot, or nothing."""
HUMANS = ("session", "event")
"""Tables in which robots are marked; reports leave them out."""


class Scope(Struct, frozen=True, kw_only=True):
    """Which part of a site's facts a report reads. Both days are included, on the site's calendar."""

    site: str
    since: date
    until: date
    now: int
    """The moment of the report, milliseconds: what is not over by now is not compared."""
    campaign: str | None = None
    rule: str | None = None
    variant: str | None = None
    segment: str | None = None
    """One of SEGMENTS."""
    channel: str | None = None
    """Of the invitation or conversation: chat, callback, ..."""
    skill: str | None = None
    agent: str | None = None
    team: str | None = None
    device: str | None = None
    source: str | None = None
    """How the session began: search, mail, ..."""
    horizon: str = "7d"
    """A key of HORIZONS."""
    orders: Orders | None = None
    """Whether claims of browsers count; None: not decided yet, see `settled`."""

    @property
    def horizon_ms(self) -> int:
        """How long after `from_at` an order still counts."""
        return HORIZONS[self.horizon]

    def period_ms(self, time_zone: str) -> tuple[int, int]:
        """The first moment, and the first that is over; milliseconds."""
        return start_of(self.since, time_zone), start_of(self.until + timedelta(days=1), time_zone)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1


def where(scope: Scope, table: Table, name: str = "") -> tuple[str, list[Any]]:
    """The condition of a WHERE, and its values, in the order of its `?`: site, days, filters that the table knows.

    `name` is the table's alias in the query. Filters that the table knows nothing of are left out: `ignored` names
    them, and the report says so. Of sessions and events robots are left out; of orders claims, where `orders` is
    `confirmed`.
    """
    t = f"{name}." if name else ""
    found, values = [f"{t}site = ?", f"{t}day BETWEEN ? AND ?"], [scope.site, scope.since, scope.until]
    for filtered, column in COLUMNS.get(table, {}).items():
        value = getattr(scope, filtered)
        if value is not None:
            found.append(f"{column.format(t=t)} = ?")
            values.append(value)
    if table in HUMANS:
        found.append(f"NOT {t}bot")
    if table == "orders" and scope.orders == "confirmed":
        found.append(f"{t}confirmed")
    return " AND ".join(found), values


def ignored(scope: Scope, table: Table) -> tuple[str, ...]:
    """The filters that are set and that this table knows nothing of."""
    known = COLUMNS.get(table, {})
    return tuple(one for one in FILTERS if getattr(scope, one) is not None and one not in known)


def settled(facts: Facts, scope: Scope) -> Scope:
    """The same with `orders` decided: confirmed ones alone as soon as the shop's server has confirmed any.

    Asked of the period and of the horizon after it, as in the first report.
    """
    if scope.orders is not None:
        return scope
    sql = "SELECT count(*) > 0 FROM orders WHERE site = ? AND confirmed AND day BETWEEN ? AND ?"
    last = scope.until + timedelta(days=-(-scope.horizon_ms // 86_400_000))
    confirmed = facts.ask(sql, [scope.site, scope.since, last]).rows[0][0]
    return replace(scope, orders="confirmed" if confirmed else "all")


def read_scope(site: str, time_zone: str, now: int, asked: str | Mapping[str, str] = "") -> Scope:
    """The scope that the query of an address asks for: `from=2026-02-01&to=2026-02-28&campaign=cart&horizon=24h`.

    Without days the last 28 with today; empty values ask for nothing, other members are left alone. Raises BadInput
    that names the member.
    """
    pairs = dict(parse_qsl(asked)) if isinstance(asked, str) else dict(asked)
    since, until = days_of(pairs.get("from", ""), pairs.get("to", ""), time_zone, now)
    horizon, orders = pairs.get("horizon") or "7d", pairs.get("orders") or None
    one_of(horizon, tuple(HORIZONS), "horizon")
    if orders is not None:
        one_of(orders, ("confirmed", "all"), "orders")
    if pairs.get("segment"):
        one_of(pairs["segment"], SEGMENTS, "segment")
    filters: dict[str, Any] = {one: named(pairs[one], one) for one in FILTERS if pairs.get(one)}
    chosen: Any = orders
    return Scope(site=site, since=since, until=until, now=now, horizon=horizon, orders=chosen, **filters)


def write_scope(scope: Scope, **changed: str | None) -> str:
    """The query of the address of a scope, with members changed, or taken out by None: `?` is not in it."""
    pairs: dict[str, str | None] = {"from": scope.since.isoformat(), "to": scope.until.isoformat()}
    pairs |= {one: getattr(scope, one) for one in FILTERS}
    pairs |= {"horizon": None if scope.horizon == "7d" else scope.horizon, "orders": scope.orders} | changed
    return urlencode({name: value for name, value in pairs.items() if value})


def days_of(since: str, until: str, time_zone: str, now: int) -> tuple[date, date]:
    """The two days of an address."""
    last = day_from(until, "to") if until else day_of(now, time_zone)
    first = day_from(since, "from") if since else last - timedelta(days=DEFAULT_DAYS - 1)
    if last < first:
        raise BadInput(f"{last} is before {first}", where="to", hint="swap the two days")
    if (last - first).days > LONGEST_DAYS:
        raise BadInput("this is more than ten years", where="from", hint="choose a shorter period")
    return first, last


def one_of(value: str, known: tuple[str, ...], member: str) -> None:
    """Refuse what is none of them."""
    if value not in known:
        raise BadInput(f"{value[:40]!r} is unknown", where=member, hint=f"choose one of {', '.join(known)}")


def named(value: str, member: str) -> str:
    """Refuse a name that none can have."""
    if len(value) > LONGEST_NAME:
        raise BadInput("this name is too long", where=member, hint=f"at most {LONGEST_NAME} characters")
    return value
