"""Whatever goes wrong is one line on standard error and exit code 2; never a traceback.

Mutants tried: `Exit` of a command ignored in `main` (a refused file ended with 0); OSError not caught; `fail` without
joining lines; each fails here.
"""

import gzip
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from cli_world import JOURNEY, Run, written

from aparte.cli import cli


def one_line(err: str) -> str:
    assert err.startswith("aparte: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.strip()


def bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files that cannot be read, and what is said of them."""
    (folder / "empty").touch()
    whole = gzip.compress("".join(f"{line}\n" for line in JOURNEY).encode() * 50)
    (folder / "cut.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "rubbish.gz").write_bytes(b"\x1f\x8b" + bytes(range(3, 200)))
    return {
        "missing": (folder / "missing", "there is no such file"),
        "directory": (folder, "this is a directory"),
        "empty": (folder / "empty", "the file is empty"),
        "truncated gzip": (folder / "cut.gz", "the file is truncated or damaged after line"),
        "gzip of rubbish": (folder / "rubbish.gz", "the file is truncated or damaged after line 0"),
    }


@pytest.mark.parametrize("command", ["replay", "explain"])
@pytest.mark.parametrize("case", ["missing", "directory", "empty", "truncated gzip", "gzip of rubbish"])
def test_a_recording_that_cannot_be_read(
    run: Run, campaigns: Path, tmp_path: Path, events: Path, case: str, command: str
) -> None:
    file, what = bad_files(tmp_path)[case]
    more = ["--visitor", "v1"] if command == "explain" else []
    for files in ([file], [events, file]):
        ran = run(command, *files, "--campaigns", campaigns, *more)
        assert (ran.code, ran.out) == (2, "")
        assert one_line(ran.err).startswith(f"aparte: {file}: {what}")


def test_a_file_that_may_not_be_read(run: Run, campaigns: Path, events: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = Path.open

    def refused(self: Path, *more: Any, **named: Any) -> Any:
        if self == events:  # root may read every file, so no mode of a file would do
            raise PermissionError(13, "Permission denied", str(self))
        return really(self, *more, **named)

    monkeypatch.setattr(Path, "open", refused)
    ran = run("replay", events, "--campaigns", campaigns)
    assert (ran.code, one_line(ran.err)) == (2, f"aparte: {events}: this file may not be read (check its permissions)")


@pytest.mark.parametrize("command", ["replay", "explain", "check"])
def test_a_campaign_file_that_cannot_be_read(run: Run, tmp_path: Path, events: Path, command: str) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "é"'.encode("latin-1"))
    cases = {
        tmp_path / "missing": "there is no such file",
        tmp_path: "this is a directory (name a file)",
        latin: "this is not UTF-8 text (byte 8)",
        written(tmp_path / "bad.toml", ["[[campaigns]"]): "this is not TOML",
    }
    for file, what in cases.items():
        words = ["check", file] if command == "check" else [command, events, "--campaigns", file]
        ran = run(*words, *(["--visitor", "v1"] if command == "explain" else []))
        assert (ran.code, ran.out) == (2, "")
        assert what in one_line(ran.err)


USAGE = {
    "an unknown command": (["repaly"], "No such command 'repaly'"),
    "an unknown option": (["replay", "e", "--campaign", "c"], "No such option '--campaign'"),
    "no recording": (["replay", "--campaigns", "c"], "Missing argument 'EVENTS...'"),
    "no campaign file": (["replay", "e"], "Missing option '--campaigns'"),
    "no visitor": (["explain", "e", "--campaigns", "c"], "Missing option '--visitor'"),
    "a negative capacity": (["replay", "e", "--campaigns", "c", "--capacity", "-1"], "'-1' is neither recorded, unlim"),
    "a capacity in words": (["replay", "e", "--campaigns", "c", "--capacity", "two"], "'two' is neither recorded, unl"),
    "a capacity of other digits": (["replay", "e", "--campaigns", "c", "--capacity", "²"], "'²' is neither recorded"),
    "no file to check": (["check"], "Missing argument 'FILE...'"),
    "no file to evaluate": (["eval", "missing"], "'missing': No such file"),
}


@pytest.mark.parametrize(("words", "what"), USAGE.values(), ids=USAGE)
def test_a_word_that_is_wrong_is_named_and_help_is_offered(run: Run, words: list[str], what: str) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert what in one_line(ran.err)
    assert ran.err.endswith("--help'.\n")


def test_a_moment_that_is_none(run: Run, events: Path, campaigns: Path) -> None:
    ran = run("explain", events, "--campaigns", campaigns, "--visitor", "v1", "--at", "noon")
    assert ran.code == 2
    assert "'noon' is no time; write 2016-08-01T10:10:45Z" in one_line(ran.err)


def test_a_rule_that_is_not_there(run: Run, events: Path, campaigns: Path) -> None:
    ran = run("explain", events, "--campaigns", campaigns, "--visitor", "v1", "--rule", "cart/nope")
    assert ran.code == 2
    assert "there is no rule 'cart/nope'; there are cart/two-views, cart/idle" in one_line(ran.err)


def test_a_visitor_who_was_never_there_is_no_error_of_the_question(run: Run, events: Path, campaigns: Path) -> None:
    ran = run("explain", events, "--campaigns", campaigns, "--visitor", "nobody")
    assert (ran.code, ran.out) == (1, "")
    assert one_line(ran.err) == f"aparte: no event of visitor 'nobody' in {events}"


def test_decisions_never_take_the_place_of_what_is_read(run: Run, events: Path, campaigns: Path) -> None:
    before = events.read_bytes()
    for file in (events, events.parent / "." / events.name, campaigns):
        ran = run("replay", events, "--campaigns", campaigns, "--decisions-out", file)
        assert ran.code == 2
        assert "is also read; name another file" in one_line(ran.err)
    assert events.read_bytes() == before


def test_decisions_that_cannot_be_written(run: Run, events: Path, campaigns: Path, tmp_path: Path) -> None:
    for file in (tmp_path, events / "x"):
        ran = run("replay", events, "--campaigns", campaigns, "--decisions-out", file)
        assert ran.code == 2
        one_line(ran.err)


def test_alone_it_shows_its_help(run: Run) -> None:
    ran = run()
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == run("--help").out
    assert "Exit codes" in ran.out


def test_it_tells_its_version(run: Run) -> None:
    assert run("--version").out.startswith("aparte 0")


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_and_option_has_a_help_text(run: Run, name: str) -> None:
    command = cli.commands[name]
    ran = run(name, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: aparte {name}")
    assert f"  {name} " in run("--help").out
    assert not command.get_short_help_str(60).endswith("...")
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert all(one.help for one in options)
    assert all(one.opts[-1] in ran.out for one in options)


def test_a_reader_who_leaves_is_no_failure(campaigns: Path, tmp_path: Path) -> None:
    many = (line.replace('"v1', f'"v{n}') for n in range(300) for line in JOURNEY)
    events = written(tmp_path / "many.jsonl", many)
    for more in ([], ["--json"]):
        words = [sys.executable, "-m", "aparte", "replay", str(events), "--campaigns", str(campaigns), *more]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 0)
        process.stderr.close()


def test_a_refusal_ends_a_real_process_with_two(tmp_path: Path) -> None:
    bad = written(tmp_path / "bad.toml", ["[sit]"])
    ran = subprocess.run([sys.executable, "-m", "aparte", "check", bad], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert one_line(ran.stderr).startswith(f"aparte: {bad}:1:1: unknown member 'sit' (did you mean 'site'?")


@pytest.mark.parametrize("command", ["check", "replay"])
def test_a_name_with_a_line_end_is_still_one_line(run: Run, campaigns: Path, tmp_path: Path, command: str) -> None:
    more = ["--campaigns", campaigns] if command == "replay" else []
    ran = run(command, tmp_path / "two\nlines", *more)
    assert ran.code == 2
    assert one_line(ran.err).endswith("two lines: there is no such file")
