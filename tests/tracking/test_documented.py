"""docs/reference/events.md names everything that can happen to a message."""

from pathlib import Path

import pytest

from aparte.tracking.ecommerce import CANONICAL, GA4, SEGMENT_V1
from aparte.tracking.lenient import FACTS, TYPES
from aparte.tracking.normalise import STEPS
from aparte.tracking.quarantine import Reason, Repair

NAMES = {
    "reason": set(Reason),
    "repair": set(Repair),
    "step": {step.name for step in STEPS},
    "type": TYPES,
    "fact": FACTS,
    "event": CANONICAL,
    "GA4 name": set(GA4),
    "older name": set(SEGMENT_V1),
}


@pytest.mark.parametrize("kind", NAMES)
def test_the_reference_names_each(kind: str, root: Path) -> None:
    text = (root / "docs/reference/events.md").read_text("utf-8")
    assert not {str(name) for name in NAMES[kind] if f"`{name}`" not in text}
