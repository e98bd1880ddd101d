"""What is owed: only what the hold-out shows to be additional, and only when every clause holds.

Mutants seen to fail here: attributed sales are paid; a gate that fails pays; the negative is forgotten; a refund
after maturity is clawed back; a statement is changed and its hash is made anew; a float in a sum of money;
a new member of a contract changes the hash of old ones.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import msgspec
import pytest
from contract_world import CSAT, FEBRUARY, JANUARY, MARCH, WORKED, contract, found, issued, money, stated
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aparte.contracts.canonical import digest
from aparte.contracts.estimate import additional, bought
from aparte.contracts.goals import Actual
from aparte.contracts.statements import Found, Statement, bound, first_fault, settled
from aparte.contracts.terms import Clause, Contract, Due, due_windows
from aparte.contracts.windows import Period
from aparte.kit.errors import BadInput


@pytest.mark.covers("S1-124", "S1-68")
def test_the_worked_case_pays_900_by_the_point_nothing_by_proof_and_1800_is_only_said():
    [point] = settled([contract()], [stated(JANUARY)])
    [proof] = settled([contract(fee="proof")], [stated(JANUARY)])
    assert (point.fee, proof.fee, point.attributed) == (900_00, 0, 1_800_00)
    assert (proof.point, proof.low, proof.high) == (900_00, -393_45, 2_193_45)


def test_the_point_is_exact_and_its_interval_is_the_one_of_the_reference():
    extra = additional(contract(), WORKED.control, WORKED.treated)
    assert extra is not None
    assert extra.point == Fraction(90)
    assert (round(float(extra.low), 1), round(float(extra.high), 1)) == (-39.3, 219.3)
    welch = additional(contract(estimator="itt_welch"), WORKED.control, WORKED.treated)
    assert welch is not None
    always = additional(contract(estimator="itt_always_valid"), WORKED.control, WORKED.treated)
    assert always is not None
    assert always.low < welch.low < extra.low < extra.high < welch.high < always.high
    assert always.point == welch.point == extra.point
    nobody = additional(contract(estimator="itt_always_valid"), bought(10, 0), bought(90, 0))
    assert nobody is not None
    assert (nobody.low, nobody.high) == (0, 0)


LEFT = {"cart_abandonment": Actual(0.69, 0.66, 0.72, 9)}


@pytest.mark.covers("S1-122")
@pytest.mark.parametrize(
    ("clause", "kpis", "why"),
    [
        (Clause(kpi="csat", target=0.85), {"csat": CSAT}, ""),
        (Clause(kpi="csat", target=0.86), {"csat": CSAT}, "missed"),
        (Clause(kpi="csat", target=0.83, proof=True), {"csat": CSAT}, "not_proven"),
        (Clause(kpi="csat", target=0.82, proof=True), {"csat": CSAT}, ""),
        (Clause(kpi="csat", target=0.82, proof=True), {"csat": Actual(0.85, None, None, 400)}, "not_proven"),
        (Clause(kpi="csat", target=0.82), {"csat": Actual(0.85, None, None, 400)}, ""),
        (Clause(kpi="csat", target=0.5, min_n=401), {"csat": CSAT}, "too_few"),
        (Clause(kpi="deflected_calls", target=100), {"csat": CSAT}, "unmeasured"),
        (Clause(kpi="cart_abandonment", target=0.7, direction="at_most"), LEFT, ""),
        (Clause(kpi="cart_abandonment", target=0.7, direction="at_most", proof=True),
         LEFT, "not_proven"),
    ],
)  # fmt: skip
def test_a_clause_that_does_not_hold_pays_nothing_and_says_why(clause: Clause, kpis: dict[str, Actual], why: str):
    terms = contract(clauses=(Clause(kpi="csat", target=0.1), clause))
    kpis = {"csat": CSAT} | kpis
    [line] = settled([terms], [stated(JANUARY, found(540, kpis=kpis))])
    assert [gate.why for gate in line.gates] == ["", why]
    assert (line.fee, line.point) == (0 if why else 900_00, 900_00)


def test_what_was_lost_is_made_up_for_before_anything_is_paid():
    months = [stated(JANUARY, found(420)), stated(FEBRUARY, found(460)), stated(MARCH, found(540))]
    lines = settled([contract()], months)
    assert [line.point for line in lines] == [-300_00, 100_00, 900_00]
    assert [(line.brought, line.fee, line.carried) for line in lines] == [
        (0, 0, -300_00), (-300_00, 0, -200_00), (-200_00, 700_00, 0),
    ]  # fmt: skip


def test_floor_and_cap_hold_only_where_the_clauses_do():
    terms = contract(cap=500_00, floor=50_00)
    fees = [line.fee for line in settled([terms], [stated(JANUARY), stated(FEBRUARY, found(440))])]
    assert fees == [500_00, 50_00]
    unsatisfied = found(440, kpis={"csat": Actual(0.7, 0.6, 0.8, 400)})
    assert [line.fee for line in settled([terms], [stated(JANUARY, unsatisfied)])] == [0]


def test_uneven_arms_and_too_few_visitors_are_held_not_paid():
    uneven = replace(WORKED, split_p=0.0009)
    nobody = replace(WORKED, control=bought(1, 0))
    lines = settled([contract(floor=10)], [stated(JANUARY, uneven), stated(FEBRUARY, nobody)])
    assert [(line.held, line.fee, line.carried) for line in lines] == [("uneven", 0, 0), ("too_few", 0, 0)]


def test_a_rate_on_money_is_of_the_additional_money():
    arms = {"control": money(1_000, 100_000, 4e7), "treated": money(9_000, 990_000, 4e8)}
    [line] = settled([contract(base="margin", fee_rate=100_000)], [stated(JANUARY, Found(kpis={"csat": CSAT}, **arms))])
    assert line.point == 90_000 // 10
    with pytest.raises(BadInput, match="contradict"):
        additional(contract(), money(10, 1_000, 1.0), money(10, 1_000, 1e6))


def test_refunds_come_back_until_the_window_is_mature_and_not_after():
    first = issued([stated(JANUARY)])
    after_refunds = found(510)
    second = issued([stated(JANUARY, after_refunds), stated(FEBRUARY)], first)
    assert (first.due, second.total, second.due) == (900_00, 1_500_00, 600_00)
    third = issued([stated(JANUARY, found(440), mature=True), stated(FEBRUARY)], second)
    assert third.due == -600_00 - 100_00  # February makes up for what January has become: a credit
    fourth = issued([stated(JANUARY, found(900)), stated(FEBRUARY)], third)
    assert (fourth.lines[0].found, fourth.due) == (found(440), 0)


def test_a_window_that_was_stated_is_never_left_out():
    with pytest.raises(BadInput, match="missing"):
        issued([stated(FEBRUARY)], issued([stated(JANUARY)]))


def chain() -> list[Statement]:
    first = issued([stated(JANUARY)])
    second = issued([stated(JANUARY, found(500)), stated(FEBRUARY)], first)
    return [first, second, issued([stated(JANUARY, found(500), mature=True), stated(FEBRUARY)], second)]


def test_statements_that_nobody_touched_hold_also_after_they_were_written_down():
    text = msgspec.json.encode(chain())
    assert first_fault([contract()], msgspec.json.decode(text, type=list[Statement])) == ""


class LaterContract(Contract, frozen=True, kw_only=True):
    """As a later version of the program may know it."""

    renewed_by: str = ""


def test_a_member_that_comes_later_changes_no_hash_and_one_that_is_said_does():
    terms = contract()
    later = LaterContract(**{name: getattr(terms, name) for name in terms.__struct_fields__})
    assert digest(later) == digest(terms)
    others = [replace(later, renewed_by="board"), contract(cap=1), contract(fee="proof"), contract(fee_rate=999)]
    assert len({digest(one) for one in [terms, *others]}) == 5
    turned = replace(WORKED, kpis={"b": CSAT, "a": CSAT}), replace(WORKED, kpis={"a": CSAT, "b": CSAT})
    assert digest(turned[0]) == digest(turned[1])


def resealed(one: Statement) -> Statement:
    return replace(one, hash=bound(one))


def test_whatever_is_changed_later_is_noticed():
    first, second, third = chain()
    dearer = replace(first, lines=(replace(first.lines[0], fee=9), *first.lines[1:]))
    forged = {
        "number 1 is not what": [dearer, second, third],
        "amounts of number 1": [resealed(replace(dearer, total=9, due=9)), second, third],
        "number 2 is not what": [resealed(replace(first, by="mallory")), second, third],
        "before number 3 is missing": [first, third],
        "before number 2 is missing": [second, third],
        "number 2 says is due": [first, resealed(replace(second, before=0, due=second.total))],
    }
    for told, statements in forged.items():
        assert told in first_fault([contract()], statements), told
    assert "terms that number 1" in first_fault([contract(fee_rate=2_000)], [first])


def test_a_later_version_rules_the_windows_from_its_first_day_on():
    versions = [contract(), contract(version=2, fee_rate=500, first_day=date(2026, 2, 1))]
    due = due_windows(versions, [], date(2026, 3, 10))
    assert due == [Due(JANUARY, 1, mature=True), Due(FEBRUARY, 2, mature=False)]
    made = issued([stated(one.period, version=one.version) for one in due], None, *versions)
    assert [line.fee for line in made.lines] == [900_00, 450_00]
    assert [version for version, _ in made.terms] == [1, 2]


def test_a_window_is_due_when_its_last_visitors_time_to_buy_is_over_and_until_it_is_closed():
    assert due_windows([contract()], [], date(2026, 2, 7)) == []
    assert due_windows([contract()], [], date(2026, 2, 8)) == [Due(JANUARY, 1, mature=False)]
    assert due_windows([contract()], [JANUARY], date(2026, 3, 10)) == [Due(FEBRUARY, 1, mature=False)]


ORDERS = st.integers(0, 1_000)


@given(st.lists(st.tuples(ORDERS, st.integers(0, 120)), min_size=1, max_size=6), st.integers(1, 10_000))
def test_fees_are_whole_never_negative_and_never_more_than_what_was_gained(pairs, rate):
    terms = contract(fee_rate=rate)
    months = [Period(date(2026, n + 1, 1), date(2026, n + 2, 1)) for n in range(len(pairs))]
    windows = [stated(month, found(*pair)) for month, pair in zip(months, pairs, strict=True)]
    lines = settled([terms], windows)
    assert all(type(line.fee) is int and line.fee >= 0 and line.carried <= 0 for line in lines)
    gained = sum(max(0, line.point) for line in lines)
    assert sum(line.fee for line in lines) <= gained
    assert sum(line.fee for line in lines) + lines[-1].carried >= sum(line.point for line in lines)


@given(st.lists(st.lists(ORDERS, min_size=1, max_size=1) | st.lists(ORDERS, min_size=2, max_size=2), max_size=5))
def test_all_that_was_due_is_always_the_total_of_the_last_statement(told):
    last, paid, months = None, 0, [JANUARY, FEBRUARY]
    for orders in sorted(told, key=len):
        last = issued([stated(month, found(n)) for month, n in zip(months, orders, strict=False)], last)
        paid += last.due
    assert last is None or paid == last.total
