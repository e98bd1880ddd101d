"""Runs the console blocks of the documents: `$ command` lines, each followed by what it prints.

    python tools/console.py [--check] PAGE...     writes what the commands print into the page, or compares it

Each page is run from its beginning in an empty folder that holds a copy of `examples`; a TOML block that follows the
words "Write this into `NAME`", or "Copiez ceci dans `NAME`", becomes that file. `make` is not run, and times are not
compared.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"(?:Write this into|Copiez ceci dans) `([^`]+)`[^\n]*\n\n\Z")
SECONDS = re.compile(r"\b\d+\.\d s\b")


def commands(block: str) -> Iterator[str]:
    """The commands of a console block."""
    return (line[2:] for line in block.splitlines() if line.startswith("$ "))


def printed(command: str, folder: Path) -> str:
    """What a command prints, standard error included, without spaces at the ends of lines."""
    if command.startswith("make "):
        return ""
    path = f"{folder / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    ran = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    return "".join(f"{SECONDS.sub('0.4 s', line).rstrip()}\n" for line in ran.stdout.splitlines())


def run(text: str, folder: Path) -> str:
    """The page with what its commands print now."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / ".venv/bin").mkdir(parents=True)
    shim = folder / ".venv/bin/aparte"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m aparte "$@"\n', encoding="utf-8")
    shim.chmod(0o755)

    def replaced(found: re.Match[str]) -> str:
        language, block = found.groups()
        name = NAMED.search(text[: found.start()])
        if name and language == "toml":
            (folder / name[1]).write_text(block, encoding="utf-8")
        if language != "console":
            return found[0]
        ran = [f"$ {command}\n{printed(command, folder)}" for command in commands(block)]
        return f"```console\n{''.join(ran)}```"

    return BLOCK.sub(replaced, text)


def main(arguments: list[str]) -> int:
    """Each page that is named."""
    stale = []
    for page in [Path(argument) for argument in arguments if argument != "--check"]:
        before = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            after = run(before, Path(folder))
        if after != before and "--check" in arguments:
            stale.append(str(page))
        elif after != before:
            page.write_text(after, encoding="utf-8")
    if stale:
        print(f"console: {', '.join(stale)}: the commands print something else; run make reference", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
