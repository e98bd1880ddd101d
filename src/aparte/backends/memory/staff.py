"""Second factors, one-time links, tokens of the API and the audit log of the store in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from aparte.conversations.store import Refused
from aparte.sites.audit import FIRST, Audited, RecordAudit, chained
from aparte.sites.model import ApiToken, OneTime, Security
from aparte.sites.store import (
    DropSecurity,
    DropToken,
    EndOneTimes,
    EndSignIns,
    SaveOneTime,
    SaveSecurity,
    SaveToken,
    UseCode,
    UseOneTime,
    UseRecovery,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aparte.backends.memory.store import MemoryStore


class StaffTables:
    """The part of SiteReader that is about security, and its tables."""

    def __init__(self) -> None:
        super().__init__()
        self._security: dict[str, Security] = {}
        self._one_times: dict[str, OneTime] = {}
        self._tokens: dict[str, ApiToken] = {}
        self._audit: dict[int, Audited] = {}

    def security(self, staff: str) -> Security | None:
        """See SiteReader."""
        return self._security.get(staff)

    def one_time(self, token_hash: str) -> OneTime | None:
        """See SiteReader."""
        return self._one_times.get(token_hash)

    def api_tokens(self) -> list[ApiToken]:
        """See SiteReader."""
        return sorted(self._tokens.values(), key=lambda one: (one.made_at, one.id))

    def audit(self, after: int = 0) -> Iterator[Audited]:
        """See SiteReader."""
        return iter([one for n, one in self._audit.items() if n > after])

    def audit_page(
        self, site: str, *, who: str = "", verb: str = "", about: str = "", before: int | None = None, limit: int = 100
    ) -> list[Audited]:
        """See SiteReader."""
        of = (one for one in reversed(self._audit.values()) if one.site == site and (before is None or one.n < before))
        found = [one for one in of if who in ("", one.who) and verb in ("", one.verb) and about in ("", one.object)]
        return found[:limit]

    def audit_head(self) -> tuple[int, str]:
        """See SiteReader."""
        last = next(reversed(self._audit.values()), None)
        return (last.n, last.hash) if last else (0, FIRST)


def end_sign_ins(store: MemoryStore, command: EndSignIns) -> None:
    """End the sessions of somebody."""
    for hash_ in [one.token_hash for one in store.sign_ins() if one.staff == command.staff]:
        if hash_ != command.but:
            store._undo.drop(store._sign_ins, hash_)


def save_security(store: MemoryStore, command: SaveSecurity) -> None:
    """Insert or change a second factor."""
    store._undo.put(store._security, command.security.staff, command.security)


def drop_security(store: MemoryStore, command: DropSecurity) -> None:
    """No second factor any more."""
    store._undo.drop(store._security, command.staff)


def use_code(store: MemoryStore, command: UseCode) -> Refused | None:
    """A code is used once."""
    known = store.security(command.staff)
    if known is None or known.last_step >= command.step:
        return Refused("code_used")
    store._undo.put(store._security, command.staff, replace(known, last_step=command.step))
    return None


def use_recovery(store: MemoryStore, command: UseRecovery) -> Refused | None:
    """A recovery code is used once."""
    known = store.security(command.staff)
    if known is None or command.hash not in known.recovery:
        return Refused("code_used")
    left = tuple(one for one in known.recovery if one != command.hash)
    store._undo.put(store._security, command.staff, replace(known, recovery=left))
    return None


def save_one_time(store: MemoryStore, command: SaveOneTime) -> None:
    """A link, and those before are void."""
    end_one_times(store, EndOneTimes(command.one_time.staff))
    store._undo.put(store._one_times, command.one_time.token_hash, command.one_time)


def use_one_time(store: MemoryStore, command: UseOneTime) -> Refused | None:
    """A link is used once."""
    known = store.one_time(command.token_hash)
    if known is None or known.staff != command.staff or known.expires_at <= command.at:
        return Refused("link_used")
    end_one_times(store, EndOneTimes(command.staff))
    return None


def end_one_times(store: MemoryStore, command: EndOneTimes) -> None:
    """All links of somebody are void."""
    for hash_ in [one.token_hash for one in store._one_times.values() if one.staff == command.staff]:
        store._undo.drop(store._one_times, hash_)


def save_token(store: MemoryStore, command: SaveToken) -> Refused | None:
    """A new token."""
    return store._new(store._tokens, command.token.id, command.token)


def drop_token(store: MemoryStore, command: DropToken) -> None:
    """A token opens nothing any more."""
    known = store._tokens.get(command.id)
    if known is not None and known.site == command.site:
        store._undo.drop(store._tokens, command.id)


def record_audit(store: MemoryStore, command: RecordAudit) -> Audited:
    """A row more, bound to the one before."""
    n, before = store.audit_head()
    row = chained(n + 1, before, command)
    store._undo.put(store._audit, row.n, row)
    return row


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {
    EndSignIns: end_sign_ins,
    SaveSecurity: save_security,
    DropSecurity: drop_security,
    UseCode: use_code,
    UseRecovery: use_recovery,
    SaveOneTime: save_one_time,
    UseOneTime: use_one_time,
    EndOneTimes: end_one_times,
    SaveToken: save_token,
    DropToken: drop_token,
    RecordAudit: record_audit,
}
