"""Writes docs/reference/kpis.md from the registry of the KPIs.

`--check` writes nothing and fails when the page is not up to date.
"""

import sys
import tomllib
from collections.abc import Iterator

from made import ROOT, made

from aparte.reports.kpis.earning import TERMS
from aparte.reports.kpis.registry import GROUPS, KPIS
from aparte.reports.kpis.words import INTERVALS, NOTES

TARGET = ROOT / "docs" / "reference" / "kpis.md"
HEAD = ROOT / "src" / "aparte" / "reports" / "kpis" / "introduction.md"
ELSEWHERE = HEAD.with_name("elsewhere.toml")
UNITS = {
    "share": "share",
    "points": "points",
    "money": "amount",
    "number": "number",
    "ms": "time",
    "ratio": "ratio",
}
BETTER = {"up": "more is better", "down": "less is better", "neither": "neither way is better"}


def kpi(name: str) -> Iterator[str]:
    """One KPI."""
    one = KPIS[name]
    yield f"### {one.name['en']}\n\n"
    yield f"`{one.id}` · *{one.name['fr']}* · {UNITS[one.unit]}, {BETTER[one.better]}"
    yield f"{' · **causal**' if one.causal else ''}\n\n{one.definition['en']}\n\n"
    yield f"    {one.formula}\n\nInterval: {INTERVALS[one.interval]['en']}. Answers {', '.join(one.sources)}.\n"


def page() -> str:
    """The whole page."""
    parts = [HEAD.read_text(encoding="utf-8").format(terms=", ".join(f"`{one}`" for one in TERMS))]
    for group, title in GROUPS.items():
        parts.append(f"## {title['en']}\n")
        parts += ["".join(kpi(one.id)) for one in KPIS.values() if one.group == group]
    parts.append("## What figures are read with\n")
    parts.append("\n".join(f"- {text['en']}" for text in NOTES.values()) + "\n")
    parts.append("## Lines of the papers that live elsewhere\n")
    told = tomllib.loads(ELSEWHERE.read_text(encoding="utf-8"))
    parts.append("\n".join(f"- {number}: {reason}" for number, reason in told.items()) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(made(TARGET, page(), sys.argv[1:]))
