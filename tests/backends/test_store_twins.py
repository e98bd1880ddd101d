"""Whatever is asked of them, the store on disk and the one in memory answer alike and end alike."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from store_worlds import NOW, SITE, conversation, counted, lines

from aparte.attribution.store import RecordOrder, RecordRefund
from aparte.backends.memory.store import MemoryStore
from aparte.backends.sqlite.store import open_store
from aparte.conversations.store import (
    AppendEntry,
    AssignConversation,
    CloseConversation,
    FreeSlot,
    MoveWatermark,
    OpenConversation,
    RecordSurvey,
    Refused,
    TakeSlot,
)

conv = st.sampled_from(["conv1", "conv2", "conv3", "conv4", "conv5"])
small = st.integers(0, 4)
moment = st.integers(NOW, NOW + 50)
agent = st.sampled_from(["camille", "noor", ""])
by = st.sampled_from(["visitor", "agent", "system"])
kind = st.sampled_from(["text", "text", "text", "note", "close", "survey"])
text = st.text(max_size=5).filter(lambda one: one.isprintable())
opening = st.builds(
    lambda number, visitor, site: OpenConversation(conversation(number, visitor, site=site)),
    st.integers(1, 5), st.sampled_from(["ann", "bob", "eve"]), st.sampled_from([SITE, SITE, "other"]),
)  # fmt: skip
command = st.one_of(
    opening,
    st.builds(
        AppendEntry, conv=conv, by=by, author=agent, cid=st.sampled_from(["", "c1", "c2", "c3"]), kind=kind,
        body=st.sampled_from(["yes", "no"]) | text, at=moment, assign_ver=st.sampled_from([None, 0, 1, 2]),
    ),
    st.builds(AssignConversation, conv, agent, moment),
    st.builds(CloseConversation, conv, moment),
    st.builds(MoveWatermark, conv, by, small, small),
    st.builds(
        RecordSurvey, conv, st.none() | small, st.none() | small, st.none() | st.booleans(), text, st.integers(0, 3)
    ),
    st.builds(TakeSlot, agent, st.integers(1, 2), conv),
    st.builds(FreeSlot, conv),
    st.just(counted(1, 2, late=3)),
    st.integers(1, 30).map(lambda n: lines(n, n + 2)),
    st.builds(
        RecordOrder, st.just(SITE), st.sampled_from("op"), st.sampled_from(["", "ann"]), moment, st.booleans(),
        st.sampled_from([0.0, 0.1, 99.99]), st.floats(0, 1e6), st.just("EUR"),
    ),
    st.builds(
        RecordRefund, st.just(SITE), st.sampled_from("op"), st.sampled_from("xyz"), moment,
        st.none() | st.floats(0, 1e6), st.booleans(),
    ),
)  # fmt: skip


class Twins(RuleBasedStateMachine):
    """Groups of lists, as they come when many visitors write at once."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.disk, self.memory = open_store(self.directory), MemoryStore()

    @rule(group=st.lists(st.lists(command, min_size=1, max_size=4), min_size=1, max_size=6))
    def submit(self, group: list[list[Any]]) -> None:
        on_disk, in_memory = asyncio.run(self.both(group))
        for mine, yours in zip(on_disk, in_memory, strict=True):
            assert mine == yours or double_slot(mine, yours)
        assert told(self.disk) == told(self.memory)

    async def both(self, group: list[list[Any]]) -> list[list[Any]]:
        return [
            await asyncio.gather(*[store.submit(commands) for commands in group]) for store in (self.disk, self.memory)
        ]

    def teardown(self) -> None:
        self.disk.close()
        shutil.rmtree(self.directory)


def double_slot(mine: list[Any], yours: list[Any]) -> bool:
    """Both constraints of a slot are broken: which one a database names first is its own affair."""
    return mine[:-1] == yours[:-1] and {mine[-1], yours[-1]} <= {Refused("slot_taken"), Refused("has_slot")}


def told(store: Any) -> dict[str, Any]:
    return {
        "log": list(store.log()), "counts": store.counts(SITE), "orders": list(store.orders(SITE)),
        "slots": store.slots(SITE), "other slots": store.slots("other"), "open": store.open_conversations(SITE),
        "conversations": [store.conversation(f"conv{n}") for n in range(1, 6)],
        "of ann": store.conversations_of(SITE, "ann"),
        "entries": [store.entries(f"conv{n}") for n in range(1, 6)],
        "last": store.last_entries("conv1", before=3, limit=2),
    }  # fmt: skip


TestTwins = Twins.TestCase
TestTwins.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
