"""The page about staff says what the program does: rights of roles, verbs of the audit log."""

from __future__ import annotations

import re
from pathlib import Path

from aparte.sites.rights import RIGHTS, WHAT

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/staff.md").read_text(encoding="utf-8")
ROLES = ("analyst", "agent", "supervisor", "manager", "admin")


def test_the_table_of_roles_is_the_one_of_the_program() -> None:
    rows = re.findall(r"^\| `(\w+)` \|(.*)\| (.+) \|$", PAGE.partition("## Signing in")[0], re.MULTILINE)
    told = {right: ([cell.strip() for cell in cells.split("|")], what) for right, cells, what in rows if right in WHAT}
    for right, what in WHAT.items():
        assert told[right] == (["yes" if right in RIGHTS[role] else "" for role in ROLES], what), right


def test_every_verb_of_the_audit_log_is_on_the_page() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src/aparte").rglob("*.py")]
    calls = r"(?:audited|audit|saved|keep)\(\s*[^\"()]*(?:\([^()]*\)[^\"()]*)?\"([a-z_]+)\""
    verbs = {verb for text in sources for verb in re.findall(calls, text)} - {"status"}
    assert len(verbs) > 12
    assert {verb for verb in verbs if f"`{verb}`" not in PAGE} == set()
