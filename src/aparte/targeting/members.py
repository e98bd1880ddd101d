"""Members of a campaign file that are checked alike wherever they stand: amounts, shares, texts, names, hours."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from aparte.kit.durations import parse_duration
from aparte.kit.errors import BadInput
from aparte.targeting.locate import Path
from aparte.targeting.model import Hours, Text
from aparte.targeting.shape import Fault

LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


def share(path: Path, value: float) -> Iterator[Fault]:
    """A share lies between 0 and 1."""
    if not 0 <= value <= 1:
        yield path, f"{value:g} is no share", "write a number from 0 to 1, 0.1 for 10 %"


def finite(path: Path, value: float | None) -> Iterator[Fault]:
    """An amount of money."""
    if value is not None and not math.isfinite(value):
        yield path, f"{path[-1]} is no amount of money", "write a number such as 12.5"


def length(path: Path, text: str | None, least: int = 1) -> Iterator[Fault]:
    """A length of time."""
    if text is None:
        return
    try:
        if parse_duration(text) < least:
            yield path, f"{text!r} is too short", "write a time longer than nothing"
    except BadInput as error:
        yield path, error.what, error.hint


def repeated(named: Iterable[tuple[Path, str, str]]) -> Iterator[Fault]:
    """A name may be given once."""
    listed = list(named)
    counts = Counter(name for _, name, _ in listed)
    seen: set[str] = set()
    for path, name, what in listed:
        if counts[name] > 1 and name in seen:
            yield (*path, "name"), f"there are two {what}s called {name!r}", "give each its own name"
        seen.add(name)


def check_label(path: Path, name: str, what: str) -> Iterator[Fault]:
    """A name that reports and files can carry: `campaign/rule` joins two of them."""
    if not LABEL.fullmatch(name):
        yield (
            path,
            f"{name!r} is no name for a {what}",
            "use letters, digits, - _ and ., beginning with a letter or digit",
        )


def check_message(path: Path, message: Text, languages: tuple[str, ...]) -> Iterator[Fault]:
    """A message must be there in each language of the site; one text for all of them is one."""
    missing = [one for one in languages if isinstance(message, dict) and not message.get(one)]
    if missing:
        yield path, f"the message is missing in {', '.join(missing)}", f'add {missing[0]} = "..."'


def check_hours(path: Path, hours: tuple[Hours, ...]) -> Iterator[Fault]:
    """Intervals of the day."""
    for number, span in enumerate(hours):
        wrong = [name for name in ("start", "end") if not CLOCK.fullmatch(getattr(span, name))]
        for name in wrong:
            yield (*path, number, name), f"{getattr(span, name)!r} is no time of day", "write it as 09:00"
        if not wrong and span.end <= span.start:
            yield (*path, number), "the interval ends before it begins", "split an interval over midnight in two"


def is_date(text: str | None) -> bool:
    """Whether the text is a day such as 2026-12-24."""
    try:
        return text is not None and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
