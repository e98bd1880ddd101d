"""Leads: what an event says of one, which point of sale it belongs to, what a further telling makes of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec.structs import asdict, replace

from aparte.attribution.store import Lead, RecordLead
from aparte.kit.tables import heading
from aparte.targeting.model import PointOfSale
from aparte.tracking.model import Track

LEAD_EVENTS = frozenset({"Lead Submitted", "Lead Generated"})
MOST_MEMBERS, LONGEST_VALUE = 40, 2_000
POSTCODES = ("postcode", "postal_code", "zip", "code_postal")
COUNTRIES = ("country", "country_code", "pays")
INTERESTS = ("interest", "interests", "product", "category", "interet")


def lead_id_of(event: Track) -> str:
    """The lead's own id; without one the message's, so that a copy is known again."""
    found = event.properties.get("lead_id")
    known = isinstance(found, str | int) and not isinstance(found, bool) and str(found).strip()
    return str(found)[:256] if known else event.message_id


def lead_of(site: str, event: Track, points: Sequence[PointOfSale]) -> RecordLead:
    """What an event says of a lead, with the point of sale that serves it."""
    said = event.properties
    data = {key[:100]: plain(value) for key, value in islice(said.items(), MOST_MEMBERS) if key != "lead_id"}
    lead = RecordLead(site, lead_id_of(event), event.visitor, event.at, event.trusted, "", data)
    return replace(lead, point_of_sale=route(data, points))


def plain(value: Any) -> Any:
    """A value of bounded size."""
    if isinstance(value, str):
        return value[:LONGEST_VALUE]
    if isinstance(value, list):
        return [plain(one) for one in value[:20] if not isinstance(one, list | dict)]
    return value if isinstance(value, int | float | bool) else None


def route(lead: Mapping[str, Any], points: Sequence[PointOfSale]) -> str:
    """The name of the point of sale that serves a lead; empty when none does.

    One serves it when it agrees with everything that it names: postcode prefixes, countries, interests. The longest
    prefix is nearest; then the one that asks for more, then the first in the file.
    """
    fitting = [(fit, -place, one.name) for place, one in enumerate(points) if (fit := fitness(lead, one)) is not None]
    return max(fitting)[2] if fitting else ""


def fitness(lead: Mapping[str, Any], point: PointOfSale) -> tuple[int, int] | None:
    """How well a point of sale fits: the length of its prefix, and how much it asks for; None when it does not."""
    postcode = said(lead, POSTCODES).replace(" ", "").upper()
    prefixes = [one.replace(" ", "").upper() for one in point.postcodes]
    near = max((len(one) for one in prefixes if postcode.startswith(one)), default=-1) if postcode else -1
    if prefixes and near < 0:
        return None
    if point.countries and said(lead, COUNTRIES).upper() not in {one.upper() for one in point.countries}:
        return None
    if point.interests and not interests(lead) & {heading(one) for one in point.interests}:
        return None
    return max(near, 0), sum(map(bool, (point.postcodes, point.countries, point.interests)))


def said(lead: Mapping[str, Any], names: Sequence[str]) -> str:
    """The first of these members that is said, as text."""
    found = (lead.get(name) for name in names)
    return next((str(one).strip() for one in found if isinstance(one, str | int) and str(one).strip()), "")


def interests(lead: Mapping[str, Any]) -> set[str]:
    """What the lead is interested in."""
    found: set[str] = set()
    for name in INTERESTS:
        value = lead.get(name)
        found |= {heading(str(one)) for one in (value if isinstance(value, list) else [value]) if one}
    return found


def first_lead(told: RecordLead) -> Lead:
    """A lead of which nobody has spoken before."""
    return Lead(**asdict(told))


def lead_again(lead: Lead, told: RecordLead) -> Lead:
    """The lead after this telling of it: what the shop's server says rules, what only the browser knew stays."""
    visitor = lead.visitor or told.visitor
    if lead.confirmed and not told.confirmed:
        return replace(lead, visitor=visitor, data={**told.data, **lead.data})
    point = told.point_of_sale or lead.point_of_sale
    data = {**lead.data, **told.data}
    return replace(lead, visitor=visitor, confirmed=told.confirmed, point_of_sale=point, data=data)
