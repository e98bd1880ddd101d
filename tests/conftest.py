"""What all tests share: the check of requirement numbers, the reference data beside the repository, and a browser."""

import os
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None)
settings.load_profile("random" if os.environ.get("APARTE_LONG") else "steady")
"""Continuous integration tries the same examples each time, however busy the machine is; `make long` tries new ones."""

PATIENCE_MS = 20_000
"""How long a page may take to show what is expected of it; Playwright's five seconds are few on a busy machine."""

STILL = """(() => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { animation: none !important; transition: none !important }");
  const shadows = [...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean);
  for (const root of [document, ...shadows]) root.adoptedStyleSheets = [...root.adoptedStyleSheets, still];
})()"""
"""Ends what moves on a page, and keeps it from moving: half way in, a text has the contrast of neither end."""

LONGEST = (
    "test_recorded", "test_p15_no_text_runs", "test_campaigns", "test_console_work", "test_p14_any_input",
    "test_condition_oracle", "test_p1_kills", "test_console", "test_library_screens", "test_campaign_story",
    "test_conversation_story", "test_what_others_get_wrong", "test_hostile_clients", "test_admin_settings",
    "test_typing_preview_screens", "test_incrementality_truth", "test_replay_picture", "test_hold_out",
    "test_p3_failing_disk", "test_desk_screens", "test_chat_survives", "test_shop", "test_build", "test_tag",
    "test_condition_code", "test_starting", "test_story", "test_p15_exports", "test_chat", "test_widget_talk",
    "test_colleagues_panel", "test_same_decisions", "test_console_blocks", "test_console_delivery", "test_promises",
    "test_site_screen", "test_board_screen", "test_consent", "test_appearance", "test_sockets_visitor",
    "test_p7_upgrades", "test_p5_resends", "test_p2_power_cuts", "test_p4_bad_networks", "test_leaving", "test_team",
    "test_invitation", "test_timers", "test_nothing_is_lost", "test_journeys_told_as_stories", "test_sockets",
    "test_commands_beside_a_server", "test_p16_matrix", "test_staff_security", "test_server", "test_api_outbox",
)  # fmt: skip
"""The files that take from half a minute to ten seconds. They come first, so that two workers end together."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the files into order for several workers; a test that covers a line which does not exist stops the run, with
    one line that names both."""
    if hasattr(config, "workerinput"):
        place = {name: at for at, name in enumerate(LONGEST)}
        items.sort(key=lambda item: place.get(item.path.stem, len(LONGEST)))
    known = tomllib.loads((config.rootpath / "docs" / "requirements.toml").read_text(encoding="utf-8"))
    for item in items:
        for marker in item.iter_markers("covers"):
            for number in marker.args:
                if number not in known:
                    raise pytest.UsageError(
                        f"{item.nodeid} covers {number!r}, which is no line of docs/requirements.toml"
                    )


def absent(what: str) -> NoReturn:
    """Something that a test needs is not on this machine: it is skipped, but continuous integration must have it."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}; with CI set that is a failure", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; `make chromium` installs one on Debian and Ubuntu."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    absent("no Chromium here: make chromium")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """A running Chromium, gone after the module: while Playwright runs, no test of asyncio can."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - only the tests that need a browser need it

    expect.set_options(timeout=PATIENCE_MS)
    arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def packages(root: Path) -> Path:
    """The packages of the front end, web/node_modules; `make packages` installs them."""
    folder = root / "web/node_modules"
    if not (folder / "axe-core").is_dir() or shutil.which("node") is None:
        absent("the packages of the front end are not installed, or there is no Node: make packages")
    return folder


@pytest.fixture(scope="session")
def axe(packages: Path) -> str:
    """The script that finds what hinders people who do not see, hear or point like most, once the page is still."""
    return f"{(packages / 'axe-core/axe.min.js').read_text(encoding='utf-8')}\n;{STILL}"


@pytest.fixture(scope="session")
def root(pytestconfig: pytest.Config) -> Path:
    """The root of the repository."""
    return pytestconfig.rootpath


@pytest.fixture(scope="session")
def shared(root: Path) -> Path:
    """The reference material and data: the folder `shared` beside the repository, or APARTE_SHARED."""
    folder = Path(os.environ.get("APARTE_SHARED") or root.parent / "shared")
    if not folder.is_dir():
        pytest.skip(
            "the reference data is absent: no folder shared beside the repository, and APARTE_SHARED is not set"
        )
    return folder
