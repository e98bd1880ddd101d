"""Second factors, one-time links, tokens of the API and the audit log: their SQL, and how they are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import astuple

from aparte.backends.sqlite.rows import Row
from aparte.conversations.store import Refused
from aparte.sites.audit import Audited, RecordAudit, chained
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

    from aparte.backends.sqlite.execute import Execution

PAGE = 1000
SAVE_SECURITY = """INSERT INTO security (staff, secret, confirmed, last_step, recovery) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (staff) DO UPDATE SET secret = excluded.secret, confirmed = excluded.confirmed,
        last_step = excluded.last_step, recovery = excluded.recovery"""
USE_CODE = "UPDATE security SET last_step = ?2 WHERE staff = ?1 AND last_step < ?2 RETURNING staff"
RECOVERY = "SELECT recovery FROM security WHERE staff = ?"
ADD_ONE_TIME = "INSERT INTO one_time (token_hash, staff, kind, expires_at) VALUES (?, ?, ?, ?)"
USE_ONE_TIME = "DELETE FROM one_time WHERE token_hash = ? AND staff = ? AND expires_at > ? RETURNING staff"
TOKEN = ApiToken.__struct_fields__
ADD_TOKEN = f"INSERT INTO api_token ({', '.join(TOKEN)}) VALUES ({', '.join('?' * len(TOKEN))})"
AUDIT = ", ".join(Audited.__struct_fields__)
ADD_AUDIT = f"INSERT INTO audit ({AUDIT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
AUDIT_PAGE = f"""SELECT {AUDIT} FROM audit WHERE site = :site AND (:before IS NULL OR n < :before)
    AND (:who = '' OR who = :who) AND (:verb = '' OR verb = :verb) AND (:about = '' OR object = :about)
    ORDER BY n DESC LIMIT :limit"""


def end_sign_ins(execution: Execution, command: EndSignIns) -> None:
    """End the sessions of somebody."""
    execution.run("DELETE FROM sign_in WHERE staff = ? AND token_hash <> ?", astuple(command))


def save_security(execution: Execution, command: SaveSecurity) -> None:
    """Insert or change a second factor."""
    one = command.security
    kept = msgspec.json.encode(one.recovery).decode()
    execution.run(SAVE_SECURITY, (one.staff, one.secret, one.confirmed, one.last_step, kept))


def drop_security(execution: Execution, command: DropSecurity) -> None:
    """No second factor any more."""
    execution.run("DELETE FROM security WHERE staff = ?", (command.staff,))


def use_code(execution: Execution, command: UseCode) -> Refused | None:
    """A code is used once."""
    return None if execution.run(USE_CODE, astuple(command)).fetchall() else Refused("code_used")


def use_recovery(execution: Execution, command: UseRecovery) -> Refused | None:
    """A recovery code is used once."""
    found = execution.run(RECOVERY, (command.staff,)).fetchall()
    kept: list[str] = msgspec.json.decode(found[0][0]) if found else []
    if command.hash not in kept:
        return Refused("code_used")
    kept.remove(command.hash)
    left = msgspec.json.encode(kept).decode()
    execution.run("UPDATE security SET recovery = ? WHERE staff = ?", (left, command.staff))
    return None


def save_one_time(execution: Execution, command: SaveOneTime) -> None:
    """A link, and those before are void."""
    end_one_times(execution, EndOneTimes(command.one_time.staff))
    execution.run(ADD_ONE_TIME, astuple(command.one_time))


def use_one_time(execution: Execution, command: UseOneTime) -> Refused | None:
    """A link is used once."""
    if not execution.run(USE_ONE_TIME, astuple(command)).fetchall():
        return Refused("link_used")
    end_one_times(execution, EndOneTimes(command.staff))
    return None


def end_one_times(execution: Execution, command: EndOneTimes) -> None:
    """All links of somebody are void."""
    execution.run("DELETE FROM one_time WHERE staff = ?", (command.staff,))


def save_token(execution: Execution, command: SaveToken) -> None:
    """A new token."""
    values = msgspec.structs.asdict(command.token)
    scopes = msgspec.json.encode(values["scopes"]).decode()
    execution.run(ADD_TOKEN, tuple(scopes if name == "scopes" else values[name] for name in TOKEN))


def drop_token(execution: Execution, command: DropToken) -> None:
    """A token opens nothing any more."""
    execution.run("DELETE FROM api_token WHERE site = ? AND id = ?", astuple(command))


def record_audit(execution: Execution, command: RecordAudit) -> Audited:
    """A row more, bound to the one before."""
    n, before = execution.run("SELECT n, hash FROM audit_head").fetchall()[0]
    row = chained(n + 1, before, command)
    execution.run(ADD_AUDIT, astuple(row))
    execution.run("UPDATE audit_head SET n = ?, hash = ?", (row.n, row.hash))
    return row


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {
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


def audited_of(row: Row) -> Audited:
    """The row of the audit log."""
    return Audited(**dict(zip(Audited.__struct_fields__, row, strict=True)))


class StaffReader:
    """The part of SiteReader that is about security."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def security(self, staff: str) -> Security | None:
        """See SiteReader."""
        sql = "SELECT staff, secret, confirmed, last_step, recovery FROM security WHERE staff = ?"
        return next(
            (
                Security(
                    staff=name, secret=secret, confirmed=bool(confirmed), last_step=step,
                    recovery=msgspec.json.decode(recovery, type=tuple[str, ...]),
                )
                for name, secret, confirmed, step, recovery in self._rows(sql, (staff,))
            ),
            None,
        )  # fmt: skip

    def one_time(self, token_hash: str) -> OneTime | None:
        """See SiteReader."""
        sql = "SELECT token_hash, staff, kind, expires_at FROM one_time WHERE token_hash = ?"
        rows = self._rows(sql, (token_hash,))
        return next((OneTime(token_hash=a, staff=b, kind=c, expires_at=d) for a, b, c, d in rows), None)

    def api_tokens(self) -> list[ApiToken]:
        """See SiteReader."""
        rows = self._rows(f"SELECT {', '.join(TOKEN)} FROM api_token ORDER BY made_at, id")
        found = (dict(zip(TOKEN, row, strict=True)) for row in rows)
        return [
            ApiToken(**{**one, "scopes": msgspec.json.decode(one["scopes"], type=tuple[str, ...])}) for one in found
        ]

    def audit(self, after: int = 0) -> Iterator[Audited]:
        """See SiteReader."""
        while page := self._rows(f"SELECT {AUDIT} FROM audit WHERE n > ? ORDER BY n LIMIT ?", (after, PAGE)):
            after = page[-1][0]
            yield from map(audited_of, page)

    def audit_page(
        self, site: str, *, who: str = "", verb: str = "", about: str = "", before: int | None = None, limit: int = 100
    ) -> list[Audited]:
        """See SiteReader."""
        wanted = {"site": site, "who": who, "verb": verb, "about": about, "before": before, "limit": limit}
        return [audited_of(row) for row in self._rows(AUDIT_PAGE, wanted)]

    def audit_head(self) -> tuple[int, str]:
        """See SiteReader."""
        n, bound = self._rows("SELECT n, hash FROM audit_head")[0]
        return n, bound
