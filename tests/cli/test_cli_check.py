"""`aparte check`. Mutants tried: one bad file ends the run; `--strict` ignored; warnings counted as faults."""

import asyncio
from pathlib import Path

from cli_world import GOOD_CAMPAIGN, Run, written

from aparte.app import open_store
from aparte.engine.ports import Store
from aparte.sites.model import Site, Staff
from aparte.sites.service import new_site, new_staff
from aparte.sites.store import SaveSite, SaveStaff


def test_a_good_file_is_counted(run: Run, campaigns: Path) -> None:
    ran = run("check", campaigns)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{campaigns}: good, 1 campaign, 2 rules, 1 behaviour, 0 segments\n"
    assert run("check", "--json", campaigns).json == {
        "file": str(campaigns), "ok": True, "faults": [], "warnings": [], "rules": 2,
    }  # fmt: skip


def test_every_fault_is_a_line_of_its_own(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(GOOD_CAMPAIGN.replace("cart.value", "cart.vale").replace('"30s"', '"30 s"'), "utf-8")
    ran = run("check", bad)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        f"aparte: {bad}:11:28: unknown name cart.vale (did you mean cart.value?)",
        f'aparte: {bad}:16:42: \'30 s\' is not a duration (write "90s", "1h30m" or "500ms"; a day is "24h")',
    ]
    found = run("check", "--json", bad).json
    assert (found["ok"], found["rules"], len(found["faults"])) == (False, 0, 2)
    assert found["faults"][0] == {
        "where": f"{bad}:11:28", "what": "unknown name cart.vale", "hint": "did you mean cart.value?",
    }  # fmt: skip


def test_the_other_files_are_checked_too(run: Run, campaigns: Path, tmp_path: Path) -> None:
    bad = written(tmp_path / "bad.toml", ["x = 1"])
    ran = run("check", bad, tmp_path / "missing", campaigns)
    assert ran.code == 2
    assert ran.err.splitlines() == [
        f"aparte: {bad}:1:1: unknown member 'x' (it may hold site, behaviours, segments, button, appearances, "
        "points_of_sale, campaigns)",
        f"aparte: {tmp_path / 'missing'}: there is no such file",
    ]
    assert ran.out.startswith(f"{campaigns}: good")
    lines = run("check", "--json", bad, tmp_path / "missing", campaigns).out.splitlines()
    assert [('"ok": true' in line) for line in lines] == [False, False, True]


def test_warnings_are_told_and_refuse_only_when_asked(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "warned.toml"
    file.write_text(GOOD_CAMPAIGN.replace("has(page.dwell) && ", ""), "utf-8")
    ran = run("check", file)
    warning = "page.dwell may be absent: the comparison then does not hold; has(page.dwell) asks"
    assert (ran.code, ran.out.splitlines()[0]) == (0, f"{file}:16:9: warning: {warning}")
    assert run("check", "--json", file).json["warnings"] == [{"where": f"{file}:16:9", "what": warning}]
    assert run("check", "--strict", file).code == 2


def test_a_skill_that_no_agent_has_is_warned_of_when_agents_are_known(run: Run, tmp_path: Path) -> None:
    file, data = tmp_path / "c.toml", tmp_path / "data"
    file.write_text(
        """[[campaigns]]
name = "c"
[[campaigns.rules]]
name = "r"
when = "cart.value > 20.0"
offer = { skill = "sales" }
[[campaigns.rules]]
name = "s"
when = "cart.value > 30.0"
offer = { skill = "wine" }
[[campaigns]]
name = "old"
state = "archived"
[[campaigns.rules]]
name = "r"
when = "cart.value > 20.0"
offer = { skill = "cheese" }
""",
        "utf-8",
    )
    assert run("check", "--strict", file).code == 0  # nobody knows who is there
    store = open_store(data)
    for site in ("default", "other"):
        made, _ = new_site(site, site)
        asyncio.run(submitted(store, made, new_staff(site, f"kim@{site}.example", "Kim")))
    store.close()
    ran = run("check", file, "--data", data, "--site", "default")
    said = "no agent has the skill wine (agents have: sales, support)"
    assert ran.code == 0
    assert ran.out.splitlines()[0] == f"{file}:10:11: warning: {said}"
    assert "warning" not in ran.out.splitlines()[1]
    assert run("check", "--strict", file, "--data", data).code == 2
    assert "there is no data" in run("check", file, "--data", tmp_path / "x").err


async def submitted(store: Store, site: Site, staff: Staff) -> None:
    await store.submit([SaveSite(site), SaveStaff(staff)])


def test_the_examples_of_the_repository_are_good(run: Run, root: Path) -> None:
    files = [one for one in sorted((root / "examples").glob("*.toml")) if not one.stem.startswith("business-case")]
    assert files
    assert run("check", *files).code == 0


def test_a_byte_order_mark_moves_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "notepad.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD_CAMPAIGN.replace("\n", "\r\n").encode())
    assert run("check", file).code == 0
    file.write_bytes(b"\xef\xbb\xbf[sit]")
    assert run("check", file).err.startswith(f"aparte: {file}:1:1: unknown member 'sit'")
