"""Regular expressions written by users: RE2, linear in the length of the text."""

from collections.abc import Callable
from functools import lru_cache

import re2

from aparte.targeting.conditions.model import ConditionError

MAX_PATTERN = 1_000
MAX_MEMORY = 1 << 20  # of a compiled pattern: what looks at each character is as large as this allows


@lru_cache(maxsize=4_096)
def matcher(pattern: str) -> Callable[[str], bool]:
    """A function telling whether the pattern occurs in a text; ConditionError when RE2 refuses it."""
    if len(pattern) > MAX_PATTERN:
        raise ConditionError(f"the regular expression is longer than {MAX_PATTERN:,} characters")
    search = _compiled(pattern).search

    def matches(text: str) -> bool:
        try:
            return search(text) is not None
        except UnicodeEncodeError:  # half a surrogate pair: no text, so it matches nothing
            return False

    return matches


def _compiled(pattern: str) -> "re2._Regexp":
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        detail = error.args[0] if error.args else b""
        text = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
        raise ConditionError(
            f"bad regular expression: {text}", hint="RE2 syntax; no look-around, no back-references"
        ) from error
