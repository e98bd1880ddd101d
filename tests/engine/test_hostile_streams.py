"""Whatever comes in, nothing disappears in silence and nothing breaks: through normaliser, engine and decision log."""

import json
from typing import Any

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aparte.app import replay
from aparte.engagements.explain import explain_rule
from aparte.engagements.model import Decision
from aparte.engine import State
from aparte.routing.model import NOBODY, UNLIMITED, Capacity
from aparte.targeting.campaign import Campaigns, load
from aparte.targeting.schema import EVENT_READS, attributes
from aparte.tracking.model import Event
from aparte.tracking.normalise import Normaliser

QUESTIONS = {
    "bool": "{0} || !{0}",
    "int": "{0} >= 2 || {0} < 2 || {0} in [3, 4]",
    "number": "{0} >= 0.5 || {0} < 0.5",
    "string": '{0}.contains("a") || {0} < "b" || {0}.matches("^x+$") || size({0}) > 3',
    "duration": '{0} >= duration("30s") || {0} < duration("1ms")',
    "any": '{0} == "a" || {0} >= 1 || {0} == true || {0} in ["x"]',
}
MEASURES = {
    "a": 'count = "*"\nwhere = \'event.properties.x >= 1 || event.path == "/" || has(event.context.locale)\'',
    "b": 'sum = "*"\nof = "x"',
    "c": 'sum = "*"\nof = "price"\nwithin = "60s"',
    "d": 'distinct = "*"\nof = "path"',
    "e": 'distinct = "*"\nof = "x"\nwithin = "60s"\nsince = "page"',
    "f": 'last = "*"\nof = "x"',
    "g": 'dwell = "page"\nwhere = \'event.path.startsWith("/")\'',
    "h": 'dwell = "*"',
    "i": 'elapsed = "identify"\nwithout = "alias"',
    "j": 'idle = "*"\nsince = "group"',
    "k": 'sequence = ["page", "*", "page"]\nwithin = "1ms"',
}


def reading_everything() -> Campaigns:
    """One rule for each attribute, one behaviour for each kind and each thing that an event says."""
    lines = []
    for name, text in MEASURES.items():
        lines += [f"[behaviours.{name}]", text]
    for number, name in enumerate(EVENT_READS):
        lines += [f"[behaviours.said{number}]", 'count = "*"', f'where = \'{name}.startsWith("a") || {name} == "b"\'']
    lines += ["[[campaigns]]", 'name = "all"']
    asked = {name.replace(".*", ".x"): QUESTIONS[one.type] for name, one in attributes().items() if not one.values}
    asked |= dict.fromkeys("abcdek", "{0} >= 1") | {"f": QUESTIONS["any"]}
    asked |= dict.fromkeys("ghij", QUESTIONS["duration"])
    for number, (name, question) in enumerate(asked.items()):
        lines += ["[[campaigns.rules]]", f'name = "r{number}"', f"when = '{question.format(name)}'"]
    return load("\n".join(lines), "everything.toml")


ALL = reading_everything()

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 5, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 1e400, -1e400, float("nan"), -0.0, 0.1, 1e308]),
    st.sampled_from(
        ["", " ", "\x00", "\ud800", "\u202e", "1", "-1", "NaN", "x" * 300, "http://[", "//evil", "__proto__"]
    ),
    st.sampled_from(
        ["0000-00-00", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "1e15", "2024-01-15T12:00:00+99:99"]
    ),
    st.sampled_from([[], {}, [1], ["a", {"b": []}], {"x": {"y": 1}}, [[[[[[]]]]]]]),
    st.text(max_size=5),
)
NAMES = st.sampled_from(
    ["page", "identify", "alias", "*", "Product Viewed", "Product Added", "Product Removed", "Cart Viewed", "Page Left",
     "Order Completed", "Products Searched", "Form Field Error", "Exit Intent", "purchase", "Chat Ended",
     "VisitorReachable"]
)  # fmt: skip
PROPERTIES = st.dictionaries(
    st.sampled_from(
        ["path", "url", "title", "status", "language", "category", "product_id", "price", "quantity", "products",
         "total", "order_id", "active", "depth", "query", "results", "field", "complex", "x", "revenue", "currency"]
    ),
    ODD | st.sampled_from([1, 50, "/cart", "A", [{"product_id": "A", "price": 1}]]),
    max_size=5,
)  # fmt: skip
TYPES = st.sampled_from(["page", "page", "screen", "track", "track", "track", "identify", "group", "alias"])


def message(kind: str, name: str, properties: dict[str, Any], second: int, odd: dict[str, Any]) -> dict[str, Any]:
    """A message with this or that member replaced by something odd."""
    given_ = {"type": kind, "messageId": f"m{second}", "anonymousId": "ann", "event": name, "properties": properties}
    given_ |= {"traits": properties, "userId": "u", "groupId": "g", "previousId": "p"}
    return given_ | {"timestamp": f"2024-01-15T12:00:{second:02}Z"} | odd


MEMBERS = st.sampled_from(
    ["type", "messageId", "anonymousId", "userId", "event", "properties", "traits", "timestamp", "context", "name"]
)
MESSAGE = st.builds(
    message, TYPES, NAMES, PROPERTIES, st.integers(0, 59), st.dictionaries(MEMBERS, ODD, max_size=1)
).map(lambda given_: json.dumps(given_).encode())
FACT = st.builds(
    lambda type_, at, odd: json.dumps({"type": type_, "at": at, "visitor": "ann", "engagement": "", **odd}).encode(),
    st.sampled_from(["TimerElapsed", "VisitorReachable", "InvitationDeclined", "ConversationEnded", "CapacityChanged"]),
    st.integers(1_705_320_000_000, 1_705_320_060_000),
    st.dictionaries(st.sampled_from(["free", "visible", "at", "visitor"]), ODD, max_size=1),
)
LINE = st.one_of(MESSAGE, MESSAGE, MESSAGE, FACT, st.binary(max_size=30), MESSAGE.map(lambda line: line[:-7]))
PATH = b'{"type":"page","messageId":"1","anonymousId":"a","timestamp":"2024-01-15T12:00:00Z","properties":{"path":5}}'
TRACK = b'{"type":"track","event":"page","messageId":"2","anonymousId":"a","timestamp":"2024-01-15T12:00:00Z"}'


def assert_conserved(stream: list[bytes], *, recorded: bool) -> None:
    decisions: list[Decision] = []

    def see(state: State, event: Event, told: list[Decision], capacity: Capacity) -> None:
        if state.session is not None:
            for rule in ALL.rules[::7]:
                explain_rule(rule, state.session, state.visitor, state.site, capacity, state.session.at)

    reads = map(Normaliser(trusted=recorded).read, stream)
    capacity = NOBODY if recorded else UNLIMITED
    found = replay(ALL, reads, capacity, recorded=recorded, on_decision=decisions.append, on_step=see)
    assert found.received == len(stream)
    assert found.received == found.events + found.duplicates + found.quarantined + found.facts
    assert found.quarantined == sum(found.quarantine.values())
    assert recorded or not found.facts
    assert found.decisions == len(decisions) == len(msgspec.json.decode(msgspec.json.encode(decisions)))
    for counts in found.rules.values():
        assert found.sessions >= counts.eligible_sessions >= counts.covered >= counts.candidates
        assert counts.candidates >= counts.invited + counts.held_out


@settings(max_examples=150, deadline=None)
@given(st.lists(LINE, max_size=12))
@example([PATH, TRACK])
def test_a_hostile_stream_is_counted_to_the_last_line(stream: list[bytes]) -> None:
    assert_conserved(stream, recorded=False)


@settings(max_examples=80, deadline=None)
@given(st.lists(LINE, max_size=12))
def test_a_hostile_log_of_our_own_is_counted_too(stream: list[bytes]) -> None:
    assert_conserved(stream, recorded=True)


def test_the_rules_read_every_attribute_and_every_event_member() -> None:
    read = {name for rule in ALL.rules for name in rule.checked.reads}
    assert {name.replace(".*", ".x") for name, one in attributes().items() if not one.values} <= read
