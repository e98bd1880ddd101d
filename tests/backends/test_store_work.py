"""What every store promises of blocks, guests, assistance, and of the day that a supervisor's board reads.

Mutants seen to fail here: the board's day reads yesterday's conversations too; a guest's line asks for the number of
the assignment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from store_worlds import NOW, SITE, answers, conversation, opened, says

from aparte.conversations.store import (
    AppendEntry,
    AskAssistance,
    AssignConversation,
    CloseConversation,
    JoinConversation,
    LeaveConversation,
    OpenConversation,
    RecordSurvey,
    Refused,
)
from aparte.engagements.store import Block, LiftBlock, SaveBlock
from aparte.engine.ports import Store
from aparte.reports.board import Day, Satisfaction, ServiceLevel, Today, Waits, day
from aparte.routing.hours import bounds

PARIS = ZoneInfo("Europe/Paris")


def test_a_block_is_kept_replaced_and_lifted(play):
    first = Block(site=SITE, visitor="ann", reason="insults", by="camille", at=NOW, until=NOW + 1)
    other = Block(site=SITE, visitor="bob", at=NOW + 2)

    async def scene(store: Store) -> None:
        await store.submit([SaveBlock(first), SaveBlock(other), SaveBlock(replace(first, site="other"))])
        assert store.blocks(SITE) == [other, first]
        second = replace(first, reason="", at=NOW + 3, until=None)
        await store.submit([SaveBlock(second), LiftBlock(SITE, "bob"), LiftBlock(SITE, "nobody")])
        assert store.blocks(SITE) == [second]
        assert await store.submit([LiftBlock(SITE, "ann"), JoinConversation("nothing", "sam", NOW)]) == [
            None,
            Refused("unknown"),
        ]
        assert store.blocks(SITE) == [second]  # a list is executed wholly or not at all

    play(scene)


def test_a_guest_writes_beside_the_agent_whatever_the_number_of_the_assignment(play):
    async def scene(store: Store) -> None:
        await store.submit([opened(), AssignConversation("conv1", "camille", NOW)])
        assert await store.submit([answers("Hello", None, author="sam")]) == [Refused("not_assigned")]
        [joined] = await store.submit([JoinConversation("conv1", "sam", NOW)])
        assert joined.guests == ("sam",)
        [again] = await store.submit([JoinConversation("conv1", "sam", NOW + 1)])
        assert again == joined
        [said] = await store.submit([answers("Hello", None, author="sam")])
        assert said.entry.seq == 1
        assert await store.submit([answers("No", None, author="alex")]) == [Refused("not_assigned")]
        [gone] = await store.submit([LeaveConversation("conv1", "sam", NOW)])
        assert (gone.guests, store.conversation("conv1")) == ((), gone)
        assert await store.submit([answers("Me again", None, author="sam")]) == [Refused("not_assigned")]

    play(scene)


def test_whoever_supervises_whispers_without_joining_and_writes_nothing_else(play):
    def whispers(kind: Any, cid: str) -> AppendEntry:
        return AppendEntry("conv1", "agent", "sam", cid, kind, "Offer the delivery", NOW, None, supervises=True)

    async def scene(store: Store) -> None:
        await store.submit([opened(), says("?"), AssignConversation("conv1", "camille", NOW)])
        [said] = await store.submit([whispers("whisper", "w1")])
        assert (said.entry.kind, said.entry.seq) == ("whisper", 2)
        assert store.conversation("conv1").waiting_since == NOW  # the visitor waits as before
        for kind in ("text", "note"):
            assert await store.submit([whispers(kind, f"w-{kind}")]) == [Refused("not_assigned")]
        unled = replace(whispers("whisper", "w2"), supervises=False)
        assert await store.submit([unled]) == [Refused("not_assigned")]

    play(scene)


def test_assistance_is_asked_once_and_is_over_when_somebody_comes(play):
    async def scene(store: Store) -> None:
        await store.submit([opened(), AssignConversation("conv1", "camille", NOW)])
        [asked] = await store.submit([AskAssistance("conv1", True, NOW + 5)])
        [again] = await store.submit([AskAssistance("conv1", True, NOW + 9)])
        assert (asked.assistance_at, again.assistance_at) == (NOW + 5, NOW + 5)
        [over] = await store.submit([AskAssistance("conv1", False, NOW + 9)])
        assert over.assistance_at is None
        await store.submit([AskAssistance("conv1", True, NOW + 10), JoinConversation("conv1", "sam", NOW + 11)])
        assert store.conversation("conv1").assistance_at is None
        await store.submit([AskAssistance("conv1", True, NOW + 12), AssignConversation("conv1", "sam", NOW + 13)])
        one = store.conversation("conv1")
        assert (one.agent, one.guests, one.assistance_at) == ("sam", (), None)
        assert await store.submit([JoinConversation("conv1", "sam", NOW)]) == [Refused("not_open")]
        await store.submit([CloseConversation("conv1", NOW)])
        assert await store.submit([JoinConversation("conv1", "lou", NOW)]) == [Refused("closed")]
        assert await store.submit([AskAssistance("conv1", True, NOW)]) == [Refused("closed")]

    play(scene)


# A day, told


def at(day_of_month: int, clock: str) -> int:
    """A moment of October 2026 in Paris, whose 25th has 25 hours."""
    hours, minutes, seconds = map(int, clock.split(":"))
    return round(datetime(2026, 10, day_of_month, hours, minutes, seconds, tzinfo=PARIS).timestamp() * 1000)


@dataclass
class Told:
    """A conversation of the day; times of the day, `""` for what has not happened."""

    opened: str
    assigned: str = ""
    answered: str = ""
    closed: str = ""
    csat: int | None = None
    nps: int | None = None
    solved: bool | None = None
    on: int = 25
    ends_on: int = 25


DAY = [
    Told("23:50:00", "23:50:10", "23:50:20", "23:55:00", csat=1, nps=0, solved=False, on=24, ends_on=24),  # yesterday
    Told("23:59:00", "23:59:10", "23:59:30", "00:10:00", csat=5, nps=10, solved=True, on=24),  # ends today
    Told("00:00:00", "00:00:05", "00:00:20", "00:20:00", csat=4, nps=9, solved=True),
    Told("08:00:00", "08:00:30", "08:01:00", "08:20:00", nps=6, solved=False),
    Told("09:00:00", "09:00:30", "09:02:00"),
    Told("10:00:00", "10:00:01", "", "10:05:00"),  # nobody ever answered
    Told("11:58:30", "11:58:40"),  # overdue
    Told("11:59:30", "11:59:40"),  # still in time
    Told("11:59:50"),  # waits
    Told("12:30:00", "12:30:05", "12:30:06", "12:31:00", csat=1),  # later than now: of another question
]


def commands(number: int, one: Told) -> list[Any]:
    """What the desk wrote."""
    conv, begins = f"conv{number}", at(one.on, one.opened)
    start = conversation(number, f"v{number}", opened_at=begins)
    found: list[Any] = [OpenConversation(start)]
    if one.assigned:
        when = at(one.on, one.assigned)
        found += [
            AssignConversation(conv, "camille", when),
            AppendEntry(conv, "system", "camille", "join:1", "join", "Camille", when),
            answers("a whisper is no answer", 1, f"w{number}", conv, kind="whisper", at=when + 1),
        ]
    if one.answered:
        when = at(one.on, one.answered)
        found += [answers("Hello", 1, f"a{number}", conv, at=when), answers("?", 1, f"b{number}", conv, at=when + 9)]
    if one.closed:
        found += [CloseConversation(conv, at(one.ends_on, one.closed))]
    if (one.csat, one.nps, one.solved) != (None, None, None):
        found += [RecordSurvey(conv, one.csat, one.nps, one.solved, "")]
    return found


def test_the_board_after_a_told_day_has_exactly_these_figures(play):
    now = at(25, "12:00:00")
    since, until = bounds(datetime(2026, 10, 25, tzinfo=PARIS).date(), PARIS)

    async def scene(store: Store) -> None:
        for number, one in enumerate(DAY):
            await store.submit(commands(number, one))
        await store.submit([OpenConversation(conversation(99, site="other", opened_at=at(25, "09:00:00")))])
        handled = store.handled(SITE, since)
        assert [one.id for one in handled] == [f"conv{number}" for number in range(1, 10)]
        assert day(handled, since, now, 60) == Day(
            # conv 2 and 3 in time; 4, 5 and 6 late; 7 not yet; 1 was given away yesterday
            ServiceLevel(target_s=60, answered=3, within=2, late=3, share=0.4),
            Waits(median_s=60.0, p90_s=120.0),
            Today(
                conversations=7,
                closed=4,
                csat_mean=4.5,
                csat_n=2,
                nps=100 * (2 - 1) / 3,
                nps_n=3,
                solved_share=2 / 3,
                solved_n=3,
            ),
            {"camille": Satisfaction(4.5, 2)},
        )
        assert day([], since, now, 60).service_level.share is None
        assert (until - since) == 25 * 3_600_000

    play(scene)
