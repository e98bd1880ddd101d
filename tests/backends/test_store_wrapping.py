"""What every store promises of wrap-up codes, tags, transcripts looked through, and the talk of colleagues.

Planted defects seen to fail here: a line numbered over all rooms, rooms of two people told to a third, a read mark that
goes back.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from store_worlds import NOW, SITE, conversation, opened, says

from aparte.backends.memory.store import MemoryStore
from aparte.backends.sqlite.store import open_store
from aparte.conversations.colleagues import ReadColleagues, TellColleagues, Told
from aparte.conversations.store import (
    AssignConversation,
    CloseConversation,
    OpenConversation,
    Refused,
    SaveCodes,
    SaveTags,
    TagConversation,
    WrapConversation,
)
from aparte.conversations.vocabulary import CODES, Code, Label, Vocabulary
from aparte.engine.ports import Store

SOON = Code(id="soon", label=Label("Bientôt", "Soon"), outcome="lead", active=False)


def told(body: str, cid: str, author: str = "ann", room: str = "site", members: tuple[str, ...] = ()) -> TellColleagues:
    return TellColleagues(SITE, room, members, author, cid, body, NOW + len(body))


def test_a_code_is_owed_from_the_end_until_it_is_given_and_its_time_stays(play):
    async def scene(store: Store) -> None:
        owed = CloseConversation("conv1", NOW + 5, owed=True)
        await store.submit([opened(1), AssignConversation("conv1", "camille", NOW), owed])
        await store.submit([opened(2, "bob"), CloseConversation("conv2", NOW + 6, owed=True)])  # nobody had it
        await store.submit([opened(3, "eve", site="other"), AssignConversation("conv3", "bea", NOW)])
        await store.submit([CloseConversation("conv3", NOW, owed=True)])
        assert [one.id for one in store.wraps_due(SITE)] == ["conv1"]
        assert [one.id for one in store.wraps_due("other")] == ["conv3"]
        [first] = await store.submit([WrapConversation("conv1", "lead", "sold", "", "a note", NOW + 9)])
        assert (first.wrap_agent, first.wrap_code, first.wrapped_at) == ("camille", "sold", NOW + 9)
        [second] = await store.submit([WrapConversation("conv1", "lead", "not_bought", "price", "", NOW + 20)])
        assert (second.wrap_code, second.wrap_reason, second.wrap_note) == ("not_bought", "price", "")
        assert second.wrapped_at == NOW + 9
        assert store.wraps_due(SITE) == []
        assert store.conversation("conv1") == second
        await store.submit([opened(4)])
        assert await store.submit([WrapConversation("conv4", "x", "sold", "", "", NOW)]) == [Refused("not_closed")]
        assert await store.submit([WrapConversation("no", "x", "sold", "", "", NOW)]) == [Refused("unknown")]

    play(scene)


def test_tags_and_the_vocabulary_are_kept_each_by_itself(play):
    async def scene(store: Store) -> None:
        assert store.vocabulary(SITE) == Vocabulary()
        await store.submit([SaveTags(SITE, ("vip", "été"), False)])
        assert store.vocabulary(SITE) == Vocabulary(tags=("vip", "été"), free_tags=False)
        await store.submit([SaveCodes(SITE, (SOON, *CODES))])
        await store.submit([SaveTags(SITE, (), True), SaveCodes("other", ())])
        assert store.vocabulary(SITE) == Vocabulary(codes=(SOON, *CODES))
        assert store.vocabulary("other").codes == ()
        [one] = (await store.submit([opened(1), TagConversation("conv1", ("vip",))]))[1:]
        assert one.tags == ("vip",)
        assert await store.submit([TagConversation("no", ())]) == [Refused("unknown")]
        await store.submit([TagConversation("conv1", ()), CloseConversation("nowhere", NOW)])
        assert store.conversation("conv1") == one

    play(scene)


def test_conversations_are_looked_through_from_the_youngest(play):
    async def scene(store: Store) -> None:
        ids = [f"v{n}" for n in range(7)]
        for n, visitor in enumerate(ids):
            at = NOW + n // 2  # two at a time
            await store.submit([OpenConversation(conversation(n, visitor, opened_at=at))])
        await store.submit([opened(9, "other", site="other"), says("hello", "c1", conv="conv3")])
        seen: list[str] = []
        page = store.conversations_before(SITE, limit=2)
        while page:
            seen += [one.id for one in page]
            page = store.conversations_before(SITE, page[-1].opened_at, page[-1].id, 2)
        assert seen == [f"conv{n}" for n in (6, 5, 4, 3, 2, 1, 0)]
        found = store.entry_with("conv3", "ann", "c1")
        assert found is not None
        assert found.body == "hello"
        assert store.entry_with("conv3", "ann", "") is None
        assert store.entry_with("conv3", "bob", "c1") is None
        assert store.conversation_with(SITE, "ann", "c1", NOW) == "conv3"
        asked = ((SITE, "bob", "c1"), (SITE, "ann", ""), (SITE, "ann", "c2"), ("other", "ann", "c1"))
        assert [store.conversation_with(*one, NOW) for one in asked] == [None] * 4
        await store.submit([CloseConversation("conv3", NOW + 50)])
        assert store.conversation_with(SITE, "ann", "c1", NOW + 50) == "conv3"
        assert store.conversation_with(SITE, "ann", "c1", NOW + 51) is None

    play(scene)


def test_each_room_has_numbers_of_its_own_and_a_line_is_told_once(play):
    async def scene(store: Store) -> None:
        [first] = await store.submit([told("hello", "c1")])
        assert isinstance(first, Told)
        assert (first.message.seq, first.again) == (1, False)
        assert await store.submit([told("hello", "c1")]) == [Told(first.message, again=True)]
        assert await store.submit([told("other", "c1")]) == [Refused("cid_conflict")]
        [bobs] = await store.submit([told("yes", "c1", "bob")])
        [dm] = await store.submit([told("psst", "c1", "ann", "dm:ann|bob", ("ann", "bob"))])
        assert (bobs.message.seq, dm.message.seq) == (2, 1)
        assert [one.body for one in store.colleague_messages(SITE, "site")] == ["hello", "yes"]
        assert [one.seq for one in store.colleague_messages(SITE, "site", before=2, limit=5)] == [1]
        assert [one.seq for one in store.colleague_messages(SITE, "site", limit=1)] == [2]
        assert store.colleague_messages("other", "site") == []

    play(scene)


def test_a_room_of_two_is_a_secret_of_two_and_what_is_read_stays_read(play):
    async def scene(store: Store) -> None:
        await store.submit([told(f"line {n}", f"c{n}", "ann", "dm:ann|bob", ("ann", "bob")) for n in range(3)])
        await store.submit([told("for all", "c1", "bob")])
        rooms = {who: {one.room: one for one in store.colleague_rooms(SITE, who)} for who in ("ann", "bob", "eve")}
        assert set(rooms["eve"]) == {"site"}
        assert (rooms["bob"]["dm:ann|bob"].unread, rooms["bob"]["dm:ann|bob"].read) == (3, None)
        assert (rooms["ann"]["dm:ann|bob"].unread, rooms["ann"]["site"].unread) == (0, 1)
        for asked, kept in ((2, 2), (1, 2), (99, 3)):
            assert await store.submit([ReadColleagues(SITE, "dm:ann|bob", "bob", asked)]) == [kept]
        assert await store.submit([ReadColleagues(SITE, "nowhere", "bob", 5)]) == [0]
        assert {one.room: one.unread for one in store.colleague_rooms(SITE, "bob")} == {"dm:ann|bob": 0, "site": 0}

    play(scene)


who = st.sampled_from(["ann", "bob", "eve"])
room = st.sampled_from([("site", ()), ("dm:ann|bob", ("ann", "bob")), ("conv:x", ())])
number = st.integers(0, 5)
cid = st.sampled_from(["c1", "c2", "c3"])
command = st.one_of(
    st.builds(
        lambda room, author, cid, body, at: TellColleagues(SITE, room[0], room[1], author, cid, body, NOW + at),
        room, who, cid, st.sampled_from(["yes", "no"]), number,
    ),
    st.builds(lambda room, staff, seq: ReadColleagues(SITE, room[0], staff, seq), room, who, number),
    st.builds(lambda n, v: OpenConversation(conversation(n, v)), st.integers(1, 3), st.sampled_from(["v", "w"])),
    st.builds(AssignConversation, st.sampled_from(["conv1", "conv2"]), who, number),
    st.builds(CloseConversation, st.sampled_from(["conv1", "conv2"]), number, st.booleans()),
    st.builds(WrapConversation, st.sampled_from(["conv1", "conv2", "no"]), who, cid, st.just(""), st.just(""), number),
    st.builds(TagConversation, st.sampled_from(["conv1", "no"]), st.sampled_from([(), ("a", "b")])),
    st.builds(SaveTags, st.just(SITE), st.sampled_from([(), ("a",)]), st.booleans()),
    st.builds(SaveCodes, st.just(SITE), st.sampled_from([(), (SOON,)])),
)  # fmt: skip


class Twins(RuleBasedStateMachine):
    """The store on disk and the one in memory answer alike and end alike."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.disk, self.memory = open_store(self.directory), MemoryStore()

    @rule(group=st.lists(st.lists(command, min_size=1, max_size=3), min_size=1, max_size=5))
    def submit(self, group: list[list[Any]]) -> None:
        on_disk, in_memory = asyncio.run(self.both(group))
        assert on_disk == in_memory
        assert all_told(self.disk) == all_told(self.memory)

    async def both(self, group: list[list[Any]]) -> list[list[Any]]:
        return [
            await asyncio.gather(*[store.submit(commands) for commands in group]) for store in (self.disk, self.memory)
        ]

    def teardown(self) -> None:
        self.disk.close()
        shutil.rmtree(self.directory)


def all_told(store: Any) -> dict[str, Any]:
    return {
        "due": store.wraps_due(SITE), "words": store.vocabulary(SITE), "of": store.conversations_before(SITE),
        "rooms": [store.colleague_rooms(SITE, one) for one in ("ann", "bob", "eve")],
        "lines": [store.colleague_messages(SITE, one) for one in ("site", "dm:ann|bob", "conv:x")],
    }  # fmt: skip


TestTwins = Twins.TestCase
TestTwins.settings = settings(
    max_examples=15, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
