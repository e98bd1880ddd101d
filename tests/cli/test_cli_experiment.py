"""`aparte experiment compare`: sums in, figures and a verdict out; what is impossible is refused by name."""

import contextlib
import json
import math
from pathlib import Path
from typing import Any, get_args

import pytest
from cli_world import Run
from hypothesis import given as examples
from hypothesis import strategies as st

from aparte.experiments.given import OF_ALL, OF_ARM, Given, Sums, read
from aparte.experiments.summary import finite, summary
from aparte.experiments.verdict import Word
from aparte.kit.errors import BadInput

PILOT: dict[str, Any] = {
    "control": {"n": 1000, "orders": 50, "sum": 4100.0, "sumsq": 401000.0},
    "treated": {"n": 9000, "orders": 540, "sum": 45200.0, "sumsq": 4380000.0, "took_up": 900, "took_up_orders": 180},
    "weights": [0.1, 0.9],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The pilot with one field changed; ... takes it away."""
    whole = json.loads(json.dumps(PILOT))
    *above, name = path.split(".")
    inner = whole
    for step in above:
        inner = inner[step]
    if value is ...:
        inner.pop(name, None)
    else:
        inner[name] = value
    return whole


def compared(run: Run, sums: Any, *words: str) -> Any:
    ran = run("experiment", "compare", "--json", *words, typed=sums if isinstance(sums, str) else json.dumps(sums))
    assert (ran.code, ran.err) == (0, "")
    return ran.json


def test_the_worked_case_as_json(run: Run) -> None:
    found = compared(run, PILOT)
    itt, taken = found["itt"], found["cace"]
    assert (round(itt["estimate"], 6), round(itt["se"], 8), round(itt["p"], 3)) == (0.01, 0.00733258, 0.173)
    assert itt["ci"] == pytest.approx([-0.004372, 0.024372], abs=2e-5)  # Student's t, a little wider than the normal
    assert itt["always_valid_ci"][0] < itt["ci"][0] < 0 < itt["ci"][1] < itt["always_valid_ci"][1]
    assert itt["relative"]["estimate"] == pytest.approx(0.2)
    assert itt["relative"]["ci"][0] < 0 < itt["relative"]["ci"][1]
    assert (round(taken["estimate"], 6), round(taken["se"], 7)) == (0.1, 0.0731817)
    assert [round(end, 4) for end in taken["ci"]] == [-0.0434, 0.2434]
    assert [round(end, 4) for end in taken["anderson_rubin_ci"]] == [-0.0439, 0.2435]
    assert set(itt) <= set(found["revenue"])
    assert found["revenue"]["estimate"] == pytest.approx(45200 / 9000 - 4.1)
    assert (found["srm_p"], found["verdict"], found["planned"]) == (1.0, "not_yet_known", 3056)


def test_the_figures_of_the_reference(run: Run) -> None:
    sums = {
        "control": {"n": 10_000, "orders": 200}, "treated": {"n": 10_050, "orders": 251}, "weights": [1, 1],
    }  # fmt: skip
    itt = compared(run, sums)["itt"]
    assert itt["ci"] == pytest.approx([0.000871558609917035, 0.009078690146301867], abs=1e-9)
    assert itt["p"] == pytest.approx(0.01749255863777388, abs=1e-9)
    assert itt["always_valid_ci"] == pytest.approx([-0.0015722842102697298, 0.01152253296648863], abs=1e-9)
    assert itt["relative"]["ci"] == pytest.approx([0.019346246615127544, 0.4781661911958175], abs=1e-9)
    sums["control"] |= {"n": 5000, "sum": 42000.0, "sumsq": 3400000.0}
    sums["treated"] |= {"n": 5020, "sum": 45500.0, "sumsq": 3600000.0}
    revenue = compared(run, sums)["revenue"]
    assert revenue["ci"] == pytest.approx([-0.31326838598671713, 1.6407584258273538], abs=1e-9)
    assert revenue["always_valid_ci"] == pytest.approx([-0.8622445780124859, 2.1897346178531225], abs=1e-9)
    assert revenue["relative"]["ci"] == pytest.approx([-0.041891333957695995, 0.1998625101527], abs=1e-3)


@pytest.mark.parametrize(
    ("path", "value", "word"),
    [
        ("control.orders", 50, "not_yet_known"),
        ("planned", 1000, "change"),
        ("planned", 1200, "not_yet_known"),
        ("treated.orders", 720, "keep"),
        ("treated.orders", 270, "stop"),
        ("weights", [0.5, 0.5], "srm_alarm"),
    ],
)
def test_the_verdicts(run: Run, path: str, value: Any, word: str) -> None:
    assert compared(run, changed(path, value))["verdict"] == word


def test_a_rule_that_earns_while_agents_are_free_is_widened_and_who_waits_is_told_how_long(run: Run) -> None:
    assert compared(run, changed("treated.orders", 720) | {"unused_capacity": True})["verdict"] == "widen"
    found = compared(run, PILOT | {"planned": 1500, "days": 20})
    assert (found["verdict"], found["days_needed"]) == ("not_yet_known", 10)
    early = changed("treated.orders", 620) | {"planned": 5000}  # only the interval for looking daily may decide
    assert compared(run, early)["itt"]["ci"][0] > 0
    assert compared(run, early)["verdict"] == "not_yet_known"


def test_what_cannot_be_told_is_null_with_its_reason(run: Run) -> None:
    nobody = compared(
        run, changed("treated.took_up", 0) | {"weights": None} | {"treated": {"n": 9, "orders": 1, "took_up": 0}}
    )
    assert nobody["cace"]["estimate"] is nobody["cace"]["anderson_rubin_ci"] is nobody["srm_p"] is None
    assert "nobody has taken up yet" in nobody["cace"]["why"]
    assert nobody["revenue"]["estimate"] is None
    assert "sum and sumsq" in nobody["revenue"]["why"]
    empty = compared(run, {"control": {"n": 50, "orders": 0}, "treated": {"n": 50, "orders": 0, "took_up": 3}})
    assert (empty["itt"]["estimate"], empty["itt"]["ci"], empty["itt"]["p"]) == (0, None, None)
    assert (empty["itt"]["relative"]["estimate"], empty["verdict"]) == (None, "not_yet_known")
    assert "not above 0" in empty["itt"]["relative"]["why"]
    tiny = compared(run, changed("control.sum", 1e-300))["revenue"]
    assert (tiny["estimate"], tiny["relative"]["estimate"]) == (pytest.approx(45200 / 9000), None)
    assert "too near 0" in tiny["relative"]["why"]
    weak = compared(run, {"control": {"n": 100, "orders": 5}, "treated": {"n": 100, "orders": 6, "took_up": 2}})
    assert weak["cace"]["anderson_rubin_ci"] == [None, None]
    assert "too few took up" in weak["cace"]["why"]
    assert "assumed" in weak["cace"]


def test_a_control_that_helps_itself_makes_the_gap_smaller(run: Run) -> None:
    found = compared(run, changed("control.took_up", 20))["cace"]
    assert found["take_up"] == pytest.approx(0.08)
    assert found["estimate"] == pytest.approx(0.01 / 0.08)


def test_the_page_of_the_reference_shows_what_is_printed(run: Run, root: Path, tmp_path: Path) -> None:
    page = (root / "docs/reference/experiment.md").read_text("utf-8")
    file = tmp_path / "pilot.json"
    file.write_text(page.partition("```json\n")[2].partition("```")[0], "utf-8")
    shown = page.partition("pilot.json\n")[2].partition("```")[0]
    printed = run("experiment", "compare", file).out
    assert [line.rstrip() for line in printed.splitlines()] == shown.splitlines()


def test_every_field_is_told_in_the_reference(run: Run, root: Path) -> None:
    page = (root / "docs/reference/experiment.md").read_text("utf-8")
    found = compared(run, PILOT | {"planned": 1500})
    for name in (*OF_ARM, *OF_ALL, *found, *found["itt"], *found["cace"], *get_args(Word)):
        assert f"`{name}`" in page or f".{name}`" in page, name


def test_as_a_table_for_people(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "sums.json"
    file.write_text(json.dumps(PILOT), "utf-8")
    ran = run("experiment", "compare", file)
    assert ran.code == 0
    for said in ("+1.00", "-0.44 to +2.44", "+20.00", "-4.39 to +24.35", "sample ratio: p 1.0000, as planned"):
        assert said in ran.out
    assert "verdict: not yet known; 2,056 more visitors have to be held out\n" in ran.out
    loud = run("experiment", "compare", typed=json.dumps(changed("weights", [1, 1])))
    assert "not as planned" in loud.out
    assert "alarm, the sample ratio is broken" in loud.out


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("control.n", 0, "control.n: 0 is no count"),
        ("control.n", 1, "control.n: 1 is no count"),
        ("control.n", ..., "control.n: this number is missing"),
        ("control.n", 10.5, "control.n: 10.5 is no count"),
        ("control.n", "1000", 'control.n: "1000" is no number'),
        ("control.n", True, "control.n: true is no number"),
        ("control.n", 10**400, "control.n: 1000"),
        ("control.n", float("nan"), "control.n: NaN is no number"),
        ("treated.orders", -1, "treated.orders: -1 is no count"),
        ("treated.orders", 9001, "treated.orders: 9,001 of 9,000 visitors"),
        ("treated.took_up", 9001, "treated.took_up: 9,001 of 9,000 visitors"),
        ("treated.took_up_orders", 541, "treated.took_up_orders: 541 cannot be"),
        ("treated.sum", float("inf"), "treated.sum: Infinity is no number"),
        ("treated.sum", -5, "treated.sum: -5 is no sum"),
        ("treated.sum", ..., "treated: sum and sumsq come together"),
        ("treated.sumsq", 1000, "treated.sumsq: 1000 is below sum^2 / n"),
        ("control.orders", 0, "control.sum: revenue without an order"),
        ("weights", [0.1], "weights: expected two numbers"),
        ("weights", [0.1, 0], "weights: both shares are above 0"),
        ("weights", [0.1, -0.9], "weights: both shares are above 0"),
        ("weights", [0.1, "a"], 'weights: "a" is no number'),
        ("weights", [0.1, 0.5, 0.4], "weights: expected two numbers"),
        ("weight", [0.1, 0.9], "there is no field 'weight'"),
        ("treated.tookup", 3, "treated: there is no field 'tookup'"),
        ("treated", ..., "treated: this arm is missing"),
        ("treated", 5, "treated: expected an object"),
        ("days", 0, "days: 0 days"),
        ("planned", 0, "planned: 0 is no count"),
        ("unused_capacity", "yes", "unused_capacity: expected true or false"),
    ],
)
def test_each_impossible_number_is_refused_by_its_name(run: Run, path: str, value: Any, said: str) -> None:
    ran = run("experiment", "compare", "--json", typed=json.dumps(changed(path, value)))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("aparte: standard input")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert ran.err.rstrip().endswith(")")  # what to do


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '{"control": 1, "control": 2}', "\x00"])
def test_what_is_no_json_object_is_refused(run: Run, text: str) -> None:
    ran = run("experiment", "compare", "--json", typed=text)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("aparte: standard input: ")


def test_a_field_that_is_given_twice_is_refused_although_either_would_do(run: Run) -> None:
    ran = run("experiment", "compare", typed=json.dumps(PILOT).replace('"orders": 50', '"orders": 50, "orders": 70'))
    assert (ran.code, "a field is given twice" in ran.err) == (2, True)


def test_a_file_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    ran = run("experiment", "compare", tmp_path / "none.json")
    assert ran.code == 2
    assert "none.json" in ran.err


def no_constant(text: str) -> Any:
    raise AssertionError(f"{text} in the answer")


def test_a_number_beyond_all_numbers_is_none_with_its_reason() -> None:
    assert finite({"estimate": math.inf, "ci": [0.0, math.nan], "p": 0.1}) == {
        "estimate": None, "ci": None, "p": 0.1, "why": "these sums are beyond what can be reckoned with",
    }  # fmt: skip


counts = st.integers(2, 10**15) | st.integers(2, 200)
money = st.floats(0, 1e15, allow_subnormal=True) | st.floats(0, 1e-200) | st.integers(0, 10**15)


@st.composite
def arms(draw: st.DrawFn) -> dict[str, Any]:
    n = draw(counts)
    orders, took = draw(st.integers(0, n)), draw(st.none() | st.integers(0, n))
    arm: dict[str, Any] = {"n": n, "orders": orders}
    if took is not None:
        arm["took_up"] = took
    if draw(st.booleans()) and orders:
        amount = draw(money)
        arm |= {"sum": amount, "sumsq": min(amount * amount / draw(st.integers(1, n)) * 1.000001, 1e30)}
    return arm


@examples(arms(), arms(), st.none() | st.tuples(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3)), st.none() | counts)
def test_whatever_is_possible_is_answered_without_nan_or_infinity(
    control: Any, treated: Any, weights: Any, planned: Any
) -> None:
    text = json.dumps({"control": control, "treated": treated, "weights": weights, "planned": planned})
    try:
        given = read(text)
    except BadInput as error:
        if "sumsq" in str(error):
            return  # rounding has put it below what the sum asks for
        raise
    found = json.loads(json.dumps(summary(given)), parse_constant=no_constant)
    for block in (found["itt"], found["revenue"], found["cace"]):
        assert None not in block.values() or block["why"]
        if block["ci"] is not None:
            assert block["ci"][0] <= block["estimate"] <= block["ci"][1]


@examples(st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["control", "treated", "n", "orders", "weights", "sum", "took_up"]), inner),
    max_leaves=12,
))  # fmt: skip
def test_no_json_brings_the_reader_down(value: Any) -> None:
    with contextlib.suppress(BadInput):
        assert isinstance(read(json.dumps(value)), Given)


def test_the_reader_keeps_what_it_was_given() -> None:
    kept = read(json.dumps(PILOT))
    assert kept.control == Sums(n=1000, orders=50, sum=4100.0, sumsq=401000.0)
    assert kept.weights == (0.1, 0.9)
