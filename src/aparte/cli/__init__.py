"""The command `aparte`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import metadata
from typing import Any, NoReturn

import click

from aparte.cli.apply import apply
from aparte.cli.check import check
from aparte.cli.evaluate import evaluate
from aparte.cli.experiment import experiment
from aparte.cli.explain import explain
from aparte.cli.export import export
from aparte.cli.imports import import_
from aparte.cli.outbox import outbox
from aparte.cli.plan import plan
from aparte.cli.replay import replay
from aparte.cli.report import report
from aparte.cli.serve import demo, serve
from aparte.cli.shared import say
from aparte.cli.simulate import simulate
from aparte.cli.site import audit, site, staff, team
from aparte.cli.templates import templates
from aparte.kit.errors import AparteError

HELP = """Helps the visitors of a web shop at the right moment, and proves what that help earned.

\b
Exit codes
  0  done
  1  done, and the answer is no (nothing found, a line had a fault)
  2  refused: something given is wrong; one line says what and where

\b
First steps
  aparte demo
  aparte check examples/ga360.toml
  aparte replay examples/ga360/events.jsonl.gz --campaigns examples/ga360.toml
"""


class OutputClosed(Exception):
    """The reader of our output has left, as `head` does; nothing more can be said to anybody."""


class Commands(click.Group):
    """The group; a closed output is no failure of a command."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise OutputClosed from None


def version() -> str:
    """The installed version; a source tree that is not installed has none."""
    try:
        return metadata.version("aparte")
    except metadata.PackageNotFoundError:
        return "0 (not installed)"


@click.group(cls=Commands, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version(), message="aparte %(version)s")
def cli() -> None:
    """The group of all commands."""


COMMANDS = (
    serve,
    demo,
    apply,
    check,
    evaluate,
    replay,
    explain,
    experiment,
    simulate,
    export,
    report,
    plan,
    import_,
    site,
    staff,
    audit,
    team,
    templates,
    outbox,
)
for command in COMMANDS:
    cli.add_command(command)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; every error that a user can mend is one line on standard error, exit code 2."""
    try:
        code = cli.main(args, prog_name="aparte", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
    except click.exceptions.Abort:
        fail("stopped", 130)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "aparte"
        fail(f"{error.format_message().rstrip('.')}. Try '{command} --help'.", 2)
    except click.ClickException as error:
        fail(error.format_message(), 2)
    except AparteError as error:
        fail(str(error), 2)
    except OutputClosed:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        fail(f"{error.filename or 'system'}: {error.strerror or error}", 2)
    else:
        if code:  # click hands the code of an `Exit` back
            sys.exit(code)


def fail(text: str, code: int) -> NoReturn:
    """Say it in one line and stop."""
    say(text)
    sys.exit(code)
