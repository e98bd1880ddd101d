"""What every store promises of lists, the log and visitors: all or nothing, in order. Each test runs on every back end.

Mutant seen to fail here: no ROLLBACK TO after a refusal.
"""

import asyncio
from typing import Any

import pytest
from store_worlds import (
    NOW,
    SITE,
    counted,
    decision,
    line,
    lines,
    opened,
    says,
)

from aparte.attribution.store import RecordOrder
from aparte.conversations.store import (
    Appended,
    AssignConversation,
    CloseConversation,
    Refused,
    TakeSlot,
)
from aparte.engagements.store import MoveInvitation, OfferInvitation
from aparte.engine.ports import Command, Store
from aparte.kit.errors import Unavailable
from aparte.sessions.store import KeptVisitor, SaveCheckpoint
from aparte.tracking.store import CountMessages, KeepQuarantined

# One list is one transaction


def test_each_command_of_a_list_has_one_result(play):
    async def scene(store: Store) -> None:
        results = await store.submit([lines(1, 2), opened(), says("Hello", "c1"), counted(2)])
        assert [type(result) for result in results] == [type(None), type(None), Appended, type(None)]
        assert await store.submit([]) == []

    play(scene)


REFUSED = [opened(1), TakeSlot("camille", 2, "conv1"), AssignConversation("conv8", "camille", NOW), lines(3, 3)]


@pytest.mark.parametrize("refused", REFUSED, ids=["conversation", "slot", "unknown", "log"])
@pytest.mark.parametrize("place", [0, 4, 9])
def test_a_refusal_undoes_its_whole_list_and_no_other(play, refused: Command, place: int):
    def doomed(*commands: Command) -> list[Command]:
        listed = list(commands)
        listed.insert(place, refused)
        return listed

    async def scene(store: Store) -> None:
        await store.submit([lines(1, 3), opened(), TakeSlot("camille", 1, "conv1"), decision(1)])
        before = picture(store)
        futures = [
            store.submit([lines(10, 10), counted(1)]),
            store.submit(
                doomed(lines(20, 30), counted(11), decision(20), says("lost", "c0"), TakeSlot("camille", 2, "conv9"),
                       SaveCheckpoint(30, {SITE: b"x"}, [KeptVisitor(SITE, "ann", 30, b"x", b"y")]),
                       RecordOrder(SITE, "o1", "ann", NOW, True, 10.0, 8.0, "EUR"),
                       KeepQuarantined(SITE, NOW, "too_long", "", "x"),
                       CloseConversation("conv1", NOW))
            ),
            store.submit([lines(31, 31), counted(1)]),
        ]  # fmt: skip
        kept, lost, kept_too = await asyncio.gather(*futures)
        assert isinstance(lost[-1], Refused)
        assert kept == kept_too == [None, None]
        after = picture(store)
        assert [one.seq for one in after.pop("log")] == [1, 2, 3, 10, 31]
        assert after.pop("counts").accepted == 2
        before.pop("log"), before.pop("counts")
        assert after == before

    play(scene)


def picture(store: Store) -> dict[str, Any]:
    """Everything that can be read."""
    return {
        "log": list(store.log()), "counts": store.counts(SITE), "decisions": list(store.decisions()),
        "checkpoint": store.checkpoint(), "open": list(store.open_visitors()), "orders": list(store.orders(SITE)),
        "conversations": store.open_conversations(SITE), "entries": store.entries("conv1"), "slots": store.slots(SITE),
        "quarantined": store.quarantined(SITE), "invitations": list(store.invitations(SITE)),
    }  # fmt: skip


def test_lists_are_executed_in_the_order_of_the_calls(play):
    async def scene(store: Store) -> None:
        await store.submit([opened()])
        results = await asyncio.gather(*(store.submit([says(f"{n}", f"c{n}")]) for n in range(600)))
        assert [result[0].entry.body for result in results] == [f"{n}" for n in range(600)]
        assert [entry.seq for entry in store.entries("conv1", limit=1000)] == list(range(1, 601))

    play(scene)


def test_many_plain_lists_together_with_one_that_is_refused_lose_only_that_one(play):
    async def scene(store: Store) -> None:
        futures = [store.submit([lines(n, n), decision(n), counted(1)]) for n in range(1, 200)]
        futures.append(store.submit([lines(100, 100), counted(1)]))
        futures += [store.submit([lines(n, n), counted(1)]) for n in range(200, 300)]
        futures.append(store.submit([lines(300, 300), decision(7), counted(1)]))
        results = await asyncio.gather(*futures)
        assert [n for n, result in enumerate(results) if any(isinstance(one, Refused) for one in result)] == [199, 300]
        assert [one.seq for one in store.log()] == list(range(1, 300))
        assert store.counts(SITE).accepted == 299
        assert [one.seq for one in store.decisions()] == list(range(1, 200))

    play(scene)


def test_a_mistake_in_the_code_is_its_callers_and_undoes_his_list_only(play):
    async def scene(store: Store) -> None:
        good, bad, later = (
            store.submit([lines(1, 1)]),
            store.submit([lines(2, 2), "no command"]),
            store.submit([lines(2, 2)]),
        )
        with pytest.raises(TypeError, match="knows no str"):
            await bad
        assert await good == await later == [None]
        assert [one.seq for one in store.log()] == [1, 2]

    play(scene)


def test_who_stops_waiting_does_not_stop_the_others(play):
    async def scene(store: Store) -> None:
        first, second = store.submit([lines(1, 1)]), store.submit([lines(2, 2)])
        first.cancel()
        assert await second == [None]
        assert store.last_seq() == 2

    play(scene)


def test_a_closed_store_takes_nothing_more_and_has_finished_what_was_queued(play):
    async def scene(store: Store) -> None:
        futures = [store.submit([lines(n, n)]) for n in range(1, 500)]
        store.close()
        with pytest.raises(Unavailable, match="the store is closed"):
            await store.submit([lines(500, 500)])
        assert await asyncio.gather(*futures) == [[None]] * 499

    play(scene)


def test_the_status_counts_what_was_done(play):
    async def scene(store: Store) -> None:
        await store.submit([opened()])
        await store.submit([opened(2)])
        status = store.status()
        assert (status.lists, status.refused, status.queued, status.failures, status.failed) == (1, 1, 0, 0, "")

    play(scene)


# The log


@pytest.mark.parametrize("numbers", [[3], [2, 3], [4, 4], [4, 6], [5, 4], [0]])
def test_a_line_takes_its_place_after_all_others_and_without_a_hole(play, numbers: list[int]):
    async def scene(store: Store) -> None:
        await store.submit([lines(1, 3)])
        [refused] = await store.submit([type(lines(1, 1))([line(n) for n in numbers])])
        assert refused == Refused("out_of_order")
        assert store.last_seq() == 3

    play(scene)


def test_the_log_is_read_from_any_place_of_one_site_or_one_visitor(play):
    people, shops = ["ann", "bob", "", "dan"], ["shop", "other", "shop"]

    async def scene(store: Store) -> None:
        rows = [line(n, people[n % 4], shops[n % 3]) for n in range(1, 9500)]
        for first in range(0, len(rows), 700):
            await store.submit([type(lines(1, 1))(rows[first : first + 700])])
        for after in (0, 1, 4095, 4096, 5000, 9499):
            for site in (None, "shop", "other", "nobody"):
                for visitor in (None, "ann", "dan", "eve"):
                    wanted = [
                        one for one in rows
                        if one.seq > after and site in {None, one.site} and visitor in {None, one.visitor}
                    ]  # fmt: skip
                    assert list(store.log(after, site, visitor)) == wanted, (after, site, visitor)

    play(scene)


def test_the_visitors_of_a_refused_list_are_not_in_the_trail(play):
    async def scene(store: Store) -> None:
        await store.submit([opened()])
        await store.submit([lines(1, 5000, visitor="eve"), opened(2)])
        await store.submit([lines(1, 3, visitor="eve")])
        assert [one.seq for one in store.log(visitor="eve")] == [1, 2, 3]

    play(scene)


def test_recent_ids_begin_with_the_first_that_arrived_later_oldest_first(play):
    async def scene(store: Store) -> None:
        hours = [line(n, at=NOW + n * 600_000, message_id="" if n % 5 == 0 else f"m{n}") for n in range(1, 3001)]
        await store.submit([type(lines(1, 1))(hours)])
        for since in (0, NOW + 600_000, NOW + 1_234_000_000, NOW + 2999 * 600_000, NOW + 3000 * 600_000):
            wanted = [(one.site, one.message_id, one.received_at) for one in hours if one.received_at > since]
            assert list(store.recent_ids(since)) == [one for one in wanted if one[1]]

    play(scene)


def test_a_clock_that_was_put_back_hides_no_id(play):
    async def scene(store: Store) -> None:
        times = [0, 100, 200, 300, -2000, -1000, 250, 400, 500]
        await store.submit([type(lines(1, 1))([line(n + 1, at=NOW + at * 1000) for n, at in enumerate(times)])])
        ids = [one for _, one, _ in store.recent_ids(NOW + 199_000)]
        assert ids == ["m3", "m4", "m7", "m8", "m9"]

    play(scene)


def test_counters_add_up_by_site_and_reason(play):
    async def scene(store: Store) -> None:
        assert store.counts(SITE) == CountMessages(SITE, 0, 0, 0, {}, {})
        await asyncio.gather(*(store.submit([counted(2, 1, too_long=3, bad_time=n % 2)]) for n in range(50)))
        await store.submit([counted(1, site="other"), CountMessages(SITE, 4, 0, 0, {}, {"rate": 4})])
        counts = store.counts(SITE)
        assert counts == CountMessages(SITE, 329, 100, 50, {"too_long": 150, "bad_time": 25}, {"rate": 4})
        assert store.counts("other").received == 1

    play(scene)


def test_a_hundred_excerpts_of_each_reason_are_kept_the_youngest(play):
    async def scene(store: Store) -> None:
        def excerpt(n: int, reason: str, site: str = SITE) -> KeepQuarantined:
            return KeepQuarantined(site, NOW + n, reason, "name", f"{n}")

        await store.submit([excerpt(n, "too_long") for n in range(250)])
        await store.submit([excerpt(n, "bad_time") for n in range(3)] + [excerpt(0, "too_long", "other")])
        kept = store.quarantined(SITE)
        assert [one.excerpt for one in kept] == ["2", "1", "0"] + [f"{n}" for n in range(249, 149, -1)]
        assert len(store.quarantined("other")) == 1

    play(scene)


# Visitors at rest


def test_a_checkpoint_replaces_what_it_says_and_keeps_the_rest(play):
    ann, bob = KeptVisitor(SITE, "ann", 5, b"a", b"open"), KeptVisitor(SITE, "bob", 4, b"b")
    elsewhere = KeptVisitor("other", "ann", 3, b"o", b"open")

    async def scene(store: Store) -> None:
        assert store.checkpoint() == (0, {})
        await store.submit([SaveCheckpoint(5, {SITE: b"1", "other": b"2"}, [ann, bob, elsewhere])])
        assert sorted(store.open_visitors(), key=lambda kept: kept.seq) == [elsewhere, ann]
        left = KeptVisitor(SITE, "ann", 9, b"aa")
        await store.submit([SaveCheckpoint(9, {SITE: b"3"}, [left])])
        assert store.checkpoint() == (9, {SITE: b"3", "other": b"2"})
        assert [store.visitor(SITE, "ann"), store.visitor(SITE, "bob"), store.visitor(SITE, "eve")] == [left, bob, None]
        assert list(store.open_visitors()) == [elsewhere]
        assert store.last_seq() == 9  # what is folded in keeps its place, even if the lines themselves are gone

    play(scene)


def test_more_open_visitors_than_a_page_are_all_found_once(play):
    async def scene(store: Store) -> None:
        kept = [KeptVisitor(SITE, f"v{n:05}", n, b"s", b"open" if n % 3 else None) for n in range(2500)]
        await store.submit([SaveCheckpoint(2500, {}, kept)])
        found = sorted(one.visitor for one in store.open_visitors())
        assert found == [one.visitor for one in kept if one.session]

    play(scene)


# Decisions and invitations


def test_decisions_stand_in_the_order_of_the_log_then_of_their_number(play):
    async def scene(store: Store) -> None:
        told = [decision(seq, n, "bob" if seq % 7 == 0 else "ann") for seq in range(1, 800) for n in range(seq % 3 + 1)]
        await store.submit([*told[700:], decision(2, 5, site="other")])
        await store.submit(told[:700])
        assert list(store.decisions(SITE)) == told
        assert list(store.decisions(SITE, after=400)) == [one for one in told if one.seq > 400]
        assert len(list(store.decisions())) == len(told) + 1
        of_bob = [one for one in told if one.visitor == "bob"]
        assert store.decisions_of(SITE, "bob", 30) == of_bob[::-1][:30]

    play(scene)


def test_an_invitation_that_has_ended_does_not_change_any_more(play):
    async def scene(store: Store) -> None:
        offer = OfferInvitation("e1", SITE, "ann", "cart", "twice", "sales", "chat", NOW, NOW + 30_000)

        async def moved(*states: str) -> tuple[str | int | None, ...]:
            for n, state in enumerate(states, 1):
                await store.submit([MoveInvitation("e1", state, NOW + n)])  # type: ignore[arg-type]
            [kept] = store.invitations(SITE)
            assert (kept.engagement, kept.visitor, kept.campaign, kept.rule) == ("e1", "ann", "cart", "twice")
            return kept.state, *(None if at is None else at - NOW for at in (kept.at, kept.shown_at, kept.ended_at))

        await store.submit([offer])
        assert await moved() == ("offered", 0, None, None)
        assert await moved("shown", "shown", "offered") == ("shown", 0, 1, None)
        assert await moved("declined", "accepted", "shown", "expired") == ("declined", 0, 1, 1)
        await store.submit([MoveInvitation("unknown", "shown", NOW)])

    play(scene)


def test_an_invitation_that_was_revoked_may_still_be_accepted_and_nothing_else(play):
    async def scene(store: Store) -> None:
        await store.submit([OfferInvitation("e1", SITE, "ann", "cart", "twice", "sales", "chat", NOW, NOW + 30_000)])
        for n, state in enumerate(("shown", "revoked", "shown", "declined", "expired"), 1):
            await store.submit([MoveInvitation("e1", state, NOW + n)])  # type: ignore[arg-type]
        [kept] = store.invitations(SITE)
        assert (kept.state, kept.shown_at, kept.ended_at) == ("revoked", NOW + 1, NOW + 2)
        await store.submit([MoveInvitation("e1", "accepted", NOW + 7), MoveInvitation("e1", "revoked", NOW + 8)])
        [kept] = store.invitations(SITE)
        assert (kept.state, kept.ended_at) == ("accepted", NOW + 7)

    play(scene)


def test_an_invitation_is_offered_once(play):
    async def scene(store: Store) -> None:
        offer = OfferInvitation("e1", SITE, "ann", "cart", "twice", "sales", "chat", NOW, NOW + 30_000)
        await store.submit([offer])
        assert await store.submit([offer]) == [Refused("constraint")]

    play(scene)
