"""What every store promises of campaigns in versions. Each test runs on every back end.

Mutants seen to fail here: a draft that is thrown away takes its revision with it; the version before is not archived.
"""

import asyncio
from typing import Any

from store_worlds import NOW, SITE, line

from aparte.conversations.store import Refused
from aparte.engine.ports import Store
from aparte.targeting.store import DiscardDraft, PublishVersion, SaveDraft
from aparte.tracking.store import AppendLog


def saved(revision: int, text: str = "# one\n", site: str = SITE, **more: Any) -> SaveDraft:
    known: dict[str, Any] = {"based_on": 0, "at": NOW, "by": "camille"}
    return SaveDraft(site, revision, text, **(known | more))


def published(version: int, text: str = "# one\n", site: str = SITE, **more: Any) -> PublishVersion:
    return PublishVersion(site, version, text, NOW + version, "camille", **more)


def states(store: Store, site: str = SITE) -> list[tuple[int, str, str]]:
    return [(one.version, one.state, one.text) for one in store.campaign_versions(site)]


def test_a_draft_is_saved_over_the_revision_that_was_read_and_over_no_other(play):
    async def scene(store: Store) -> None:
        assert store.campaign_draft(SITE) is None
        [first] = await store.submit([saved(0, "# é\r\n")])
        assert (first.revision, first.text, first.state, first.version) == (1, "# é\r\n", "draft", 0)
        assert store.campaign_draft(SITE) == first
        assert await store.submit([saved(0)]) == [Refused("changed_meanwhile")]
        assert await store.submit([saved(2)]) == [Refused("changed_meanwhile")]
        assert store.campaign_draft(SITE) == first
        results = await asyncio.gather(store.submit([saved(1, "# a")]), store.submit([saved(1, "# b")]))
        assert results[1] == [Refused("changed_meanwhile")]
        assert store.campaign_draft(SITE).text == "# a"
        assert store.campaign_draft("other") is None

    play(scene)


def test_a_revision_never_comes_again_when_a_draft_was_thrown_away(play):
    async def scene(store: Store) -> None:
        await store.submit([saved(0), DiscardDraft(SITE, NOW), DiscardDraft("other", NOW)])
        assert store.campaign_draft(SITE) is None
        assert await store.submit([saved(1)]) == [Refused("changed_meanwhile")]
        [again] = await store.submit([saved(0, "# two")])
        assert (again.revision, again.published_at) == (2, None)

    play(scene)


def test_one_version_is_published_and_the_one_before_is_archived(play):
    async def scene(store: Store) -> None:
        assert store.campaigns_in_force(SITE) is None
        assert await store.submit([published(1, "# 1")]) == [None]
        assert await store.submit([published(2, "# 2", note="for the sales"), published(1, "# 1", site="b")]) == [
            None,
            None,
        ]
        assert states(store) == [(2, "published", "# 2"), (1, "archived", "# 1")]
        ruling = store.campaigns_in_force(SITE)
        assert (ruling.version, ruling.based_on, ruling.note, ruling.published_at) == (2, 1, "for the sales", NOW + 2)
        assert states(store, "b") == [(1, "published", "# 1")]

    play(scene)


def test_rolling_back_is_a_new_version_with_an_old_text(play):
    async def scene(store: Store) -> None:
        await store.submit([published(1, "# 1"), published(2, "# 2"), published(3, "# 1")])
        assert states(store) == [(3, "published", "# 1"), (2, "archived", "# 2"), (1, "archived", "# 1")]

    play(scene)


def test_a_version_that_does_not_follow_the_last_one_undoes_its_whole_list(play):
    async def scene(store: Store) -> None:
        await store.submit([published(1)])
        for wrong in (1, 3, 0):
            results = await store.submit([AppendLog([line(1)]), published(wrong, "# wrong")])
            assert results[-1] == Refused("version_taken")
        assert states(store) == [(1, "published", "# one\n")]
        assert list(store.log()) == []

    play(scene)


def test_publishing_a_draft_takes_the_revision_that_was_read_and_leaves_none(play):
    async def scene(store: Store) -> None:
        await store.submit([saved(0), saved(1, "# two")])
        assert await store.submit([published(1, "# one", draft=1)]) == [Refused("changed_meanwhile")]
        assert states(store) == []
        await store.submit([published(1, "# two", draft=2)])
        assert store.campaign_draft(SITE) is None
        assert store.campaigns_in_force(SITE).revision == 2
        assert await store.submit([published(2, draft=2)]) == [Refused("changed_meanwhile")]
        [draft] = await store.submit([saved(0, based_on=1)])
        assert (draft.revision, draft.based_on) == (3, 1)

    play(scene)


def test_a_draft_stays_when_another_text_is_published(play):
    async def scene(store: Store) -> None:
        await store.submit([saved(0, "# mine"), published(1, "# theirs")])
        assert store.campaign_draft(SITE).text == "# mine"

    play(scene)
