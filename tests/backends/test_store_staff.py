"""What every store promises of second factors, one-time links, tokens and the audit log. Runs on every back end.

Mutants seen to fail here: a code is taken twice; a link outlives its use; a row does not read the one before it.
"""

import asyncio

from store_worlds import NOW

from aparte.conversations.store import Refused
from aparte.engine.ports import Store
from aparte.sites.audit import FIRST, RecordAudit, chained, first_fault
from aparte.sites.model import ApiToken, OneTime, Security, SignIn
from aparte.sites.store import (
    DropSecurity,
    DropToken,
    EndSignIns,
    SaveOneTime,
    SaveSecurity,
    SaveSignIn,
    SaveToken,
    UseCode,
    UseOneTime,
    UseRecovery,
)


def sign_in(token: str, staff: str = "kim") -> SaveSignIn:
    return SaveSignIn(SignIn(token_hash=token, staff=staff, created_at=NOW, seen_at=NOW, about="Firefox"))


def link(token: str, staff: str = "kim") -> SaveOneTime:
    return SaveOneTime(OneTime(token_hash=token, staff=staff, kind="reset", expires_at=NOW + 1000))


def test_all_sessions_of_somebody_end_but_the_one_that_is_named(play):
    async def scene(store: Store) -> None:
        await store.submit([sign_in("a"), sign_in("b"), sign_in("c", "lou"), EndSignIns("kim", "b")])
        assert [(one.token_hash, one.about) for one in store.sign_ins()] == [("b", "Firefox"), ("c", "Firefox")]
        await store.submit([EndSignIns("kim")])
        assert [one.token_hash for one in store.sign_ins()] == ["c"]

    play(scene)


def test_a_code_of_a_step_and_all_before_it_are_used_once(play):
    async def scene(store: Store) -> None:
        one = Security(staff="kim", secret="S", confirmed=True, recovery=("h1", "h2"))
        assert await store.submit([UseCode("kim", 7)]) == [Refused("code_used")]
        await store.submit([SaveSecurity(one)])
        assert store.security("kim") == one
        results = await asyncio.gather(store.submit([UseCode("kim", 7)]), store.submit([UseCode("kim", 7)]))
        assert results == [[None], [Refused("code_used")]]
        assert await store.submit([UseCode("kim", 6)]) == [Refused("code_used")]
        assert await store.submit([UseCode("kim", 8)]) == [None]
        assert await store.submit([UseRecovery("kim", "h1")]) == [None]
        assert await store.submit([UseRecovery("kim", "h1")]) == [Refused("code_used")]
        assert store.security("kim").recovery == ("h2",)
        await store.submit([DropSecurity("kim")])
        assert store.security("kim") is None

    play(scene)


def test_a_link_is_used_once_before_its_end_and_takes_the_others_with_it(play):
    async def scene(store: Store) -> None:
        await store.submit([link("a"), link("b"), link("c", "lou")])
        assert (store.one_time("a"), store.one_time("b").staff) == (None, "kim")
        assert await store.submit([UseOneTime("b", "kim", NOW + 1000)]) == [Refused("link_used")]
        assert await store.submit([UseOneTime("b", "lou", NOW)]) == [Refused("link_used")]
        assert await store.submit([UseOneTime("b", "kim", NOW)]) == [None]
        assert await store.submit([UseOneTime("b", "kim", NOW)]) == [Refused("link_used")]
        assert store.one_time("c") is not None

    play(scene)


def test_tokens_are_kept_and_only_their_own_site_drops_them(play):
    async def scene(store: Store) -> None:
        one = ApiToken(
            id="t", token_hash="h", site="a", name="CRM", scopes=("read",), made_by="kim", made_at=NOW, hint="wxyz"
        )
        await store.submit([SaveToken(one), DropToken("b", "t")])
        assert store.api_tokens() == [one]
        assert isinstance((await store.submit([SaveToken(one)]))[0], Refused)
        await store.submit([DropToken("a", "t")])
        assert store.api_tokens() == []

    play(scene)


def test_the_audit_log_is_a_chain_and_a_list_that_is_undone_leaves_no_row(play):
    async def scene(store: Store) -> None:
        assert store.audit_head() == (0, FIRST)
        told = [RecordAudit("a" if n % 2 else "b", NOW + n, "kim", "publish", f"v{n}", "é") for n in range(5)]
        await store.submit([told[0]])
        await store.submit([told[1], UseCode("nobody", 1)])
        for one in told[1:]:
            await store.submit([one])
        rows = list(store.audit())
        assert [(one.n, one.object) for one in rows] == [(1, "v0"), (2, "v1"), (3, "v2"), (4, "v3"), (5, "v4")]
        assert rows[1] == chained(2, rows[0].hash, told[1])
        assert first_fault(rows, store.audit_head()) == (5, "")
        forged = chained(2, rows[0].hash, RecordAudit("b", NOW, "lou", "publish"))
        assert first_fault([rows[0], forged, *rows[2:]], store.audit_head())[0] == 2  # the row after it betrays it
        assert [one.n for one in store.audit(3)] == [4, 5]
        assert [one.object for one in store.audit_page("b", limit=2)] == ["v4", "v2"]
        assert [one.object for one in store.audit_page("b", before=3)] == ["v0"]
        assert [one.n for one in store.audit_page("a", verb="publish", who="kim", about="v3")] == [4]
        assert store.audit_page("a", who="lou") == []

    play(scene)
