"""What people call a campaign: its label in their language. Programs, addresses and exports keep its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from aparte.targeting.model import CampaignFile, Text


def texts_of(file: CampaignFile) -> dict[str, Text]:
    """Name -> label of all campaigns of a file, in all languages; empty where there is none."""
    return {one.name: one.label for one in file.campaigns}


def spoken(text: Text, language: str) -> str:
    """A text in a language, or in the first that it is in."""
    if isinstance(text, str):
        return text
    return text.get(language) or next(iter(text.values()), "")


def labels_in(language: str, texts: Mapping[str, Text]) -> dict[str, str]:
    """Name -> what a person reads; where two campaigns would read alike, the name stands behind the label."""
    labels = {name: spoken(text, language) or name for name, text in texts.items()}
    times = Counter(labels.values())
    return {name: label if times[label] == 1 else f"{label} ({name})" for name, label in labels.items()}
