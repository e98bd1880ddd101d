"""Every rule trace, through the engine; and that no word of the rules is without one."""

import re
from itertools import product
from pathlib import Path

import pytest
from rule_traces import Case, cases, differences, run

from aparte.engagements.model import Reason
from aparte.targeting.behaviours import KINDS, NEED_PROPERTY, WITH_WINDOW

ALL = cases()
OPTIONS = ("where", "since", "without")
FREQUENCY_LIMITS = {"once_per_session", "just_invited", "after_decline", "after_chat", "at_most"}


@pytest.mark.parametrize("case", ALL, ids=[f"{case.theme}-{case.name}" for case in ALL])
def test_a_trace(case: Case) -> None:
    assert not differences(case, run(case))


def test_names_are_unique_and_there_are_enough() -> None:
    assert len({case.name for case in ALL}) == len(ALL) >= 80
    assert all(case.says.endswith(".") for case in ALL)


def expected_members(member: str) -> set[str]:
    return {one[member] for case in ALL for one in case.expect.decisions or () if member in one}


def test_every_reason_to_refrain_has_a_trace() -> None:
    assert expected_members("reason") == {reason.value for reason in Reason}
    assert expected_members("decision") == {"invite", "hold_out", "refrain"}
    assert expected_members("level") == {"site", "campaign"}
    assert expected_members("detail") >= FREQUENCY_LIMITS


def test_every_behaviour_has_a_trace_with_each_of_its_options() -> None:
    shown = set()
    for case in ALL:
        for behaviour in case.campaigns.get("behaviours", {}).values():
            kind = next(kind for kind in KINDS if kind in behaviour)
            shown |= {(kind, "")} | {(kind, option) for option in behaviour.keys() - {kind}}
    known = set(product(KINDS, ("", *OPTIONS))) | set(product(NEED_PROPERTY, ["of"]))
    assert shown == known | set(product(WITH_WINDOW, ["within"]))


def test_the_list_in_the_documentation_is_complete(root: Path) -> None:
    page = (root / "docs/reference/traces.md").read_text("utf-8").partition("## The cases")[2]
    listed = re.findall(r"^\| `([\w-]+)` \| (.+) \|$", page, re.MULTILINE)
    assert listed == [(case.name, case.says) for case in ALL]
