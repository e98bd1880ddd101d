"""What a decision costs: rules against no rules, many rules against some, a rule's memory.

One JSON line a figure. Everything is a ratio within this run, of CPU time, slice by slice in turn; the median of some
rounds counts, because the machine has other work too. The collector is off, as it is in a replay.
"""

from __future__ import annotations

import gc
import json
import time
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from aparte.backends.memory.orders import MemoryOrders
from aparte.engagements.model import SiteState
from aparte.engine import State, on_client_event
from aparte.replay.read import lines
from aparte.routing.model import UNLIMITED
from aparte.sessions.model import Cart, CartLine, Landing, PageView, SessionState, VisitorState
from aparte.targeting.campaign import Campaigns, load
from aparte.tracking.model import Message
from aparte.tracking.normalise import Normaliser

ROOT = Path(__file__).resolve().parents[1]
STREAM = ROOT / "examples" / "ga360" / "events.jsonl.gz"
ROUNDS = 11
SLICE = 500
DONE = object()
NOTHING_MEASURED: list[object] = []

BEHAVIOURS = """
[site]
holdout = 0.05
[behaviours.cart_views]
count = "Cart Viewed"
since = "Product Added"
[behaviours.adds]
count = "Product Added"
[behaviours.products_5_min]
distinct = "Product Viewed"
of = "product_id"
within = "5m"
[behaviours.checkout_open]
elapsed = "Checkout Step Viewed"
without = "Order Completed"
"""
KINDS = (
    'page.path.startsWith("/basket") && page.dwell >= duration("{seconds}s") && cart.value >= {amount}',
    "cart_views >= {few} && cart.value >= {amount}",
    "session.pages >= {many} && adds == 0",
    "products_5_min >= {few} && adds == 0 && session.pages >= {many}",
    'has(checkout_open) && session.idle >= duration("{seconds}s")',
    'session.source == "partner{number}" && session.pages >= 2',
    'cart.items > {few} && session.device == "mobile"',
    "session.searches >= {few} && session.zero_results >= 1",
    'page.category == "category{number}" && page.dwell >= duration("{seconds}s")',
    "session.coupons_denied >= 1 && cart.value >= {amount}",
)


def condition(number: int) -> str:
    """One of ten kinds of rules of a shop, each time with other constants."""
    return KINDS[number % len(KINDS)].format(
        number=number, seconds=30 + number, amount=80 + 5 * number, few=3 + number % 3, many=15 + number
    )


def rule(name: str, when: str) -> str:
    """One rule of a campaign file."""
    return f'[[campaigns.rules]]\nname = "{name}"\nwhen = \'{when}\'\noffer = {{ skill = "sales", message = "?" }}\n'


def campaign_file(rules: int, elsewhere: int = 0, site: str = "") -> str:
    """So many rules over a shop, and others that read what no event of the stream touches, as a campaign file."""
    texts = [rule(f"r{number}", condition(number)) for number in range(rules)]
    texts += [rule(f"e{number}", f"session.payment_errors >= {number + 1}") for number in range(elsewhere)]
    head = '[[campaigns]]\nname = "bench"\n' if texts else ""
    named = BEHAVIOURS.replace("[site]\n", f'[site]\nid = "{site}"\n') if site else BEHAVIOURS
    return named + head + "".join(texts)


def campaigns(rules: int, elsewhere: int = 0) -> Campaigns:
    """The same, compiled."""
    return load(campaign_file(rules, elsewhere), "bench")


def events() -> list[Message]:
    """The recorded stream, decoded."""
    read = Normaliser().read
    return [event for line in lines(STREAM) if isinstance(event := read(line), Message)]


def stepped(stream: list[Message], known: Campaigns) -> Iterator[None]:
    """All events through `step`, each visitor with his own state; stops after each slice of the stream."""
    site, orders = SiteState(known.file.site, everybody_reachable=True), MemoryOrders()
    states: dict[str, State] = {}
    for start in range(0, len(stream), SLICE):
        for event in stream[start : start + SLICE]:
            state = states.get(event.visitor)
            if state is None:
                state = states[event.visitor] = State(site, VisitorState(event.visitor), orders)
            on_client_event(state, event, known, UNLIMITED)
        yield


def loaded(raw: list[bytes]) -> Iterator[None]:
    """`json.loads` of all lines; stops after each slice."""
    for start in range(0, len(raw), SLICE):
        for line in raw[start : start + SLICE]:
            json.loads(line)
        yield


def in_step(runs: dict[str, Iterator[None]]) -> dict[str, float]:
    """CPU seconds of each run, one slice of each in turn: a machine that others slow down slows all of them alike."""
    times = dict.fromkeys(runs, 0.0)
    unfinished = True
    while unfinished:
        for name, run in runs.items():
            started = time.process_time()
            unfinished = next(run, DONE) is not DONE
            times[name] += time.process_time() - started
    return times


def a_full_session(number: int, shared: dict[str, str], landed: Landing) -> SessionState:
    """A session of which 25 fields are known; texts and landing are shared, as they are when visitors come alike."""
    at = 1_470_046_245_000 + number
    page = PageView(shared["url"], shared["path"], shared["title"], at, at, active_ms=900, scroll=0.5)
    cart = Cart(float(number), 2, (CartLine(shared["product"], 2, 9.5),), 1)
    return SessionState(at, at, at, 2, 12, 7, page, landed, cart, product_views=3, measures=NOTHING_MEASURED)


def bytes_of_a_session(count: int = 20_000) -> float:
    """Bytes of one session with 25 known fields, of many that share their texts."""
    shared = {"url": "https://shop.example/a", "path": "/a", "title": "A", "product": "p"}
    landed = Landing(shared["url"], shared["path"], channel="organic", device="desktop", language="fr", country="FR")
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = [a_full_session(number, shared, landed) for number in range(count)]
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return grown / len(kept)


def report(name: str, value: float, bound: float | str | None, unit: str) -> None:
    """One figure."""
    print(json.dumps({"name": name, "value": round(value, 3), "bound": bound, "unit": unit}))


def main() -> None:
    """All figures."""
    gc.disable()
    stream = events()
    raw = list(islice(lines(STREAM), len(stream)))
    some = {"none": campaigns(0), "50": campaigns(50), "500": campaigns(50, elsewhere=450)}
    rounds = [
        in_step({"json": loaded(raw), **{name: stepped(stream, known) for name, known in some.items()}})
        for _ in range(ROUNDS)
    ]
    report("json.loads of one event", min(one["json"] for one in rounds) / len(stream) * 1e6, None, "us")
    report("session update", min(one["none"] for one in rounds) / len(stream) * 1e6, None, "us")
    with_rules = median(one["50"] / one["none"] for one in rounds)
    report("session update + 50 rules / session update", with_rules, 1.6, "ratio")
    with_many = median(one["500"] / one["50"] for one in rounds)
    report("500 rules with the same touched set / 50 rules", with_many, 1.3, "ratio")
    report("session of 25 fields", bytes_of_a_session(), 512, "bytes")


if __name__ == "__main__":
    main()
