"""Saved scenarios of the business case: what was expected, by whom and when, version by version. Pure.

The document is one that planning has read and written; here it is a text that nobody looks into. What was expected is
never changed: to save again adds a version, and whoever compares a plan with what came of it can name the one he means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct

from aparte.conversations.store import Refused
from aparte.kit.errors import BadInput

MOST_SCENARIOS, MOST_VERSIONS = 200, 500
"""Of one site; of one scenario."""
LONGEST_NAME, LONGEST_NOTE, LONGEST_BODY = 200, 2_000, 64 * 1024
"""Characters; bytes in UTF-8 of a document."""


class SavedScenario(Struct, frozen=True, kw_only=True):
    """One version of a scenario."""

    id: str
    site: str
    version: int
    """From 1, without a hole."""
    name: str
    body: str
    """The whole scenario, in TOML, as `aparte plan roi` reads it."""
    note: str = ""
    """What its author says of this version."""
    author: str = ""
    """Member of staff."""
    at: int = 0


class Retirement(Struct, frozen=True):
    """A scenario that is no longer listed, and takes no more versions; those that there are can still be read."""

    id: str
    site: str
    by: str
    at: int


class SaveScenario(Struct, frozen=True):
    """Append a version of a scenario; see `may_append` for what is refused. Result: the SavedScenario."""

    scenario: SavedScenario


class RetireScenario(Struct, frozen=True):
    """Take a scenario off the list. Refused `unknown` when the site has none of this id, `retired` the second time."""

    retirement: Retirement


ScenarioCommand: TypeAlias = SaveScenario | RetireScenario


class ScenarioReader(Protocol):
    """Reads as of the last commit."""

    def scenarios(self, site: str) -> Sequence[SavedScenario]:
        """The last version of each that is not retired, by name and id."""
        ...

    def scenario(self, site: str, id: str) -> Sequence[SavedScenario]:
        """All versions of one, the first one first, retired or not; empty when the site has none with this id."""
        ...

    def retirement(self, site: str, id: str) -> Retirement | None:
        """Who has taken it off the list, and when."""
        ...


def may_append(last: SavedScenario | None, retired: Retirement | None, new: SavedScenario) -> Refused | None:
    """Why a version may not be appended after the last one that there is; None when it may.

    `unknown`: another site's. `retired`: off the list. `changed_meanwhile`: somebody else has written this version.
    """
    if last is not None and last.site != new.site:
        return Refused("unknown")
    if retired is not None:
        return Refused("retired")
    return None if new.version == (last.version if last else 0) + 1 else Refused("changed_meanwhile")


def may_retire(last: SavedScenario | None, retired: Retirement | None, new: Retirement) -> Refused | None:
    """Why a scenario may not be taken off the list; None when it may."""
    if last is None or last.site != new.site:
        return Refused("unknown")
    return None if retired is None else Refused("retired")


def listed(one: SavedScenario) -> tuple[str, str]:
    """By what a list of them is sorted."""
    return one.name, one.id


def checked_scenario(one: SavedScenario) -> SavedScenario:
    """The same; BadInput with the member that is too long or empty."""
    if not (one.name.strip() and len(one.name) <= LONGEST_NAME):
        raise BadInput(f"a name has 1 to {LONGEST_NAME} characters", where="name")
    if len(one.note) > LONGEST_NOTE:
        raise BadInput(f"it has more than {LONGEST_NOTE} characters", where="note")
    if len(one.body.encode()) > LONGEST_BODY:
        raise BadInput(f"a scenario has {LONGEST_BODY} bytes at most", where="scenario", hint="leave channels out")
    return one
