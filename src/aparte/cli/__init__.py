"""The command `aparte`."""

from __future__ import annotations

import os
import sys

import click

from aparte.cli.check import check
from aparte.cli.evaluate import evaluate
from aparte.cli.explain import explain
from aparte.cli.imports import import_
from aparte.cli.replay import replay
from aparte.kit.errors import AparteError

HELP = """Helps the visitors of a web shop at the right moment, and proves what that help earned.

\b
Exit codes
  0  done
  1  done, and the answer is no (nothing found, a line had a fault)
  2  refused: something given is wrong; one line says what and where

\b
First steps
  aparte check examples/ga360.toml
  aparte replay examples/ga360/events.jsonl.gz --campaigns examples/ga360.toml
"""


@click.group(help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="aparte", message="aparte %(version)s")
def cli() -> None:
    """The group of all commands."""


for command in (check, evaluate, replay, explain, import_):
    cli.add_command(command)


def main() -> None:
    """Run the command line; every error that a user can mend is one line on standard error, exit code 2."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        fail("stopped", 130)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "aparte"
        fail(f"{error.format_message()} Try '{command} --help'.", 2)
    except AparteError as error:
        fail(str(error), 2)
    except BrokenPipeError:
        # The reader of our output has left, as `head` does; nothing more can be said to anybody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        fail(f"{error.filename or 'system'}: {error.strerror or error}", 2)


def fail(text: str, code: int) -> None:
    """Say it in one line and stop."""
    click.echo(f"aparte: {' '.join(text.split())}", err=True)
    sys.exit(code)
