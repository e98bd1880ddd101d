"""What the tests of the command line share: a campaign file, a journey, and how to write them."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

GOOD_CAMPAIGN = """\
[behaviours.cart_views]
count = "Cart Viewed"
since = "Product Added"

[[campaigns]]
name = "cart"
holdout = 0.0

[[campaigns.rules]]
name = "two-views"
when = 'cart_views >= 2 && cart.value >= 50'
offer = { skill = "sales", message = { fr = "Une question ?", en = "A question?" } }

[[campaigns.rules]]
name = "idle"
when = 'has(page.dwell) && page.dwell >= duration("30s") && cart.items > 0'
offer = { skill = "sales", message = "May I help?" }
"""


class Ran(NamedTuple):
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


def message(second: int, kind: str = "page", visitor: str = "v1", **more: Any) -> str:
    """One message of a recorded stream, as a line; `kind` is page or the name of an event."""
    at = f"2024-05-01T10:{second // 60:02}:{second % 60:02}.000Z"
    what = {"type": "page"} if kind == "page" else {"type": "track", "event": kind}
    number = more.pop("id", f"{visitor}.{second}.{kind}")
    return json.dumps({**what, "anonymousId": visitor, "messageId": number, "timestamp": at, "properties": more})


JOURNEY = [
    message(0, path="/shirts"),
    message(5, "Product Added", product_id="p", price=60, quantity=1),
    message(10, path="/cart"),
    message(10, "Cart Viewed"),
    message(20, path="/cart"),
    message(20, "Cart Viewed"),
]
"""One visitor who looks at the cart twice, then stays."""


def written(file: Path, lines: Iterable[str]) -> Path:
    """A file of these lines."""
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return file
