"""Writes docs/reference/attributes.md from the attribute schema.

`--check` writes nothing and fails when the page is not up to date.
"""

import sys
from collections.abc import Iterator
from itertools import groupby

from made import ROOT, made

from aparte.targeting.schema import EVENT_SCOPE, Attribute, attributes

TARGET = ROOT / "docs" / "reference" / "attributes.md"
INTRODUCTION = """\
# Attributes

Made by `make reference` from `src/aparte/targeting/attributes.toml`; not written by hand. This is what the condition of
a rule or of a segment may read, besides the [behaviours](behaviours.md) of its campaign file and, in rules,
`segment.NAME`. How to compare them: [conditions](conditions.md).

- *type*: as in [conditions](conditions.md#types). A duration is compared with `duration("30s")`; `any` is whatever was
  sent: a text, a number, true or false.
- *there*: **always**, or **maybe**. What is not there makes its comparison unknown, so the rule does not hold;
  `has(page.price)` asks.
- *changes with*: the events after which rules that read it are asked again; *any* is every event, *time* the clock.
  All rules are asked when a session begins.
- A name that ends with `.*` stands for all names below it: `visitor.traits.tier`, `capacity.free.sales`.
"""
GROUPS = {
    "page": "The page that is open now. A page event that comes late does not take its place.",
    "session": "This visit, up to now.",
    "cart": "What the session's cart events add up to; an order empties it, and it never falls below nothing.",
    "visitor": "What is known of the visitor from this and earlier visits.",
    "time": "The clock at the site, in the time zone of `[site]`.",
    "capacity": "Who could answer now. With `--capacity unlimited` a million slots are free.",
    "scores": "What models say. Without a model a score is absent, so its comparison is unknown.",
}
EVENT = """\
## In the `where` of a behaviour

A `where` reads the one event that it is asked about, and nothing else. Each of these may be absent.

| name | type | what it is |
|---|---|---|
"""
EVENT_DOCS = {
    "event.name": "Name of the event (`Product Added`), or of the page.",
    "event.event": "Name of the event of a `track`; absent for any other message.",
    "event.type": "Type of the message: `page`, `screen`, `track`, `identify`, `group`, `alias`.",
    "event.path": "Path, as the event's properties say it, else as its surroundings do.",
    "event.url": "Address, likewise.",
    "event.title": "Title of the page, likewise.",
    "event.referrer": "Where the page was come from, likewise.",
    "event.context.page.path": "Path of the page on which the event happened.",
    "event.context.page.url": "Its address.",
    "event.context.page.title": "Its title.",
    "event.context.page.referrer": "Where it was come from.",
    "event.context.campaign.source": "utm_source.",
    "event.context.campaign.medium": "utm_medium.",
    "event.context.campaign.name": "utm_campaign.",
    "event.context.campaign.term": "utm_term.",
    "event.context.campaign.content": "utm_content.",
    "event.context.device.type": "Kind of device.",
    "event.context.userAgent": "User agent of the browser.",
    "event.context.locale": "Language that the browser prefers.",
}


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for group, members in groupby(attributes().items(), key=lambda pair: pair[0].split(".")[0]):
        parts.append(f"\n## {group}\n\n{GROUPS[group]}\n\n" + "\n".join(table(dict(members))) + "\n")
    rows = [f"| `{name}` | {symbol.type} | {EVENT_DOCS[name]} |" for name, symbol in EVENT_SCOPE.symbols.items()]
    what = "A property of the event, by its name; `identify`, `group` and `alias` have none."
    rows += [f"| `{prefix}*` | {symbol.type} | {what} |" for prefix, symbol in EVENT_SCOPE.prefixes.items()]
    return "".join(parts) + "\n" + EVENT + "\n".join(rows) + "\n"


def table(members: dict[str, Attribute]) -> Iterator[str]:
    """One group."""
    yield "| name | type | there | what it is | changes with |"
    yield "|---|---|---|---|---|"
    for name, one in members.items():
        yield f"| `{name}` | {one.type} | {one.presence} | {meaning(one)} | {changes(one)} |"


def meaning(one: Attribute) -> str:
    """What it is, its unit, its values."""
    doc = f"{one.doc.removesuffix('.')} ({one.unit})." if one.unit else one.doc
    values = f" One of {', '.join(f'`{value}`' for value in one.values)}." if one.values else ""
    return f"{doc}{values}".replace("|", "\\|")


def changes(one: Attribute) -> str:
    """What makes it change."""
    events = ["any" if event == "*" else f"`{event}`" for event in one.changed_by]
    return ", ".join(events + ["time"] * (one.since is not None or one.flow == "free")) or "nothing"


if __name__ == "__main__":
    sys.exit(made(TARGET, page(), sys.argv[1:]))
