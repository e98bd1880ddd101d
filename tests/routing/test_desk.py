"""Who is asked, who waits, and what that leaves free."""

from aparte.routing.desk import ACCEPTED, LOST, REACTIVE, Desk, Seat


def lasting(skill: str | None) -> float:
    """How long conversations take."""
    return {"sales": 240.0}.get(skill or "", 600.0)


def desk(*seats: tuple[str, tuple[str, ...], int]) -> Desk:
    return Desk(Seat(name, name, skills, most, status="available", present=True) for name, skills, most in seats)


def test_the_least_loaded_agent_is_asked_and_of_equals_the_one_longest_idle() -> None:
    there = desk(("kim", ("sales",), 3), ("lea", ("sales",), 3))
    asked = []
    for number in range(6):
        seat = there.choose("sales")
        asked.append(seat.staff)
        there.take(f"c{number}", seat.staff, "sales", now=number)
    assert asked == ["kim", "lea", "kim", "lea", "kim", "lea"]
    assert there.choose("sales") is None


def test_an_agent_with_two_skills_is_free_for_both_but_only_once_in_all() -> None:
    there = desk(("kim", ("sales", "support"), 2), ("lea", ("support",), 1))
    assert there.capacity().free == {"": 3, "sales": 2, "support": 3}
    assert there.capacity().free_slots(None) == 3
    there.take("c", "kim", "sales", now=0)
    assert there.capacity().free == {"": 2, "sales": 1, "support": 2}
    assert there.capacity().busy == {"sales": 1}


def test_whoever_is_away_or_gone_takes_nobody() -> None:
    there = desk(("kim", ("sales",), 2))
    there.seats["kim"].status = "away"
    assert there.choose("sales") is None
    there.seats["kim"].status, there.seats["kim"].present = "available", False
    assert (there.choose("sales"), there.capacity().free["sales"]) == (None, 0)


def test_the_queue_takes_the_lost_then_the_invited_then_the_others_each_the_oldest_first() -> None:
    there = desk(("kim", ("sales",), 1))
    there.take("busy", "kim", "sales", now=0)
    for conv, rank, since in (("r1", REACTIVE, 1), ("a2", ACCEPTED, 4), ("a1", ACCEPTED, 3), ("l", LOST, 9)):
        there.wait(conv, "sales", rank, since)
    there.wait("other", "support", LOST, 0)
    assert [there.position(conv, lasting)[0] for conv in ("l", "a1", "a2", "r1", "other")] == [1, 2, 3, 4, 1]
    assert there.position("l", lasting) == (1, 240)
    assert list(there.matches()) == []
    there.release("busy", now=5)
    waiting, seat = next(there.matches())
    assert (waiting.conv, seat.staff, there.next_for("kim").conv) == ("l", "kim", "l")


def test_a_conversation_has_one_slot_and_an_agent_no_more_than_his_maximum() -> None:
    there = desk(("kim", (), 2))
    assert [there.take(conv, "kim", None, now=0) for conv in ("a", "a", "b", "c")] == [(1,), (), (2,), ()]
    there.release("a", now=1)
    assert there.take("c", "kim", None, now=2) == (1,)
    assert there.release("a", now=3) is None
