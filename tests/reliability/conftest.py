"""The order of a whole run: what takes longest comes first, so that two workers end together; see the Makefile.

Each test is a group of its own, but for those of P15 that use one server, which is made once.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sizes import FULL

LONGEST = (
    "test_p14_no_request",
    "test_nothing_acknowledged_is_lost_doubled_or_reordered",
    "test_nothing_acknowledged_is_lost_and_no_transaction",
    "test_calls_that_are_resent",
    "test_p15_",
    "test_cut_stalled_deaf_and_doubled",
    "test_p14_",
    "test_a_failing_disk",
    "test_an_upgrade",
    "test_sockets_that",
    "test_a_sync_that_failed",
)
"""Beginnings of names."""


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what uses one server, before the workers read the marks; put a whole run into order, after pytest has."""
    for item in items:
        if item.path.name == "test_p15_no_text_runs.py":
            item.add_marker(pytest.mark.xdist_group(f"p15 {server_of(item)}"))
    yield
    if FULL:
        items.sort(key=place)


def server_of(item: pytest.Item) -> str:
    """Which of the servers of P15 it asks."""
    call = getattr(item, "callspec", None)
    return str(call.params.get("hostile", "telling")) if call else "telling"


def place(item: pytest.Item) -> int:
    """Among the longest, or behind them."""
    return next((at for at, name in enumerate(LONGEST) if item.name.startswith(name)), len(LONGEST))
