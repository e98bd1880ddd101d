"""`aparte eval`: conditions with given facts, line by line."""

from __future__ import annotations

import json
from typing import Any, TextIO

import click

from aparte.targeting.conditions import evaluate as evaluate_condition
from aparte.targeting.schema import scope


@click.command("eval", short_help="Evaluate conditions with given facts.")
@click.argument("lines", type=click.File("r", "utf-8", "replace"), default="-", metavar="[FILE]")
def evaluate(lines: TextIO) -> None:
    """Evaluate conditions: JSON lines in, JSON lines out, in the same order.

    \b
    in    {"expr": "cart.value >= 50 && views >= 2", "facts": {"cart": {"value": 60}, "views": 2}}
    out   {"value": true}            the value
          {"error": "..."}           a fault while evaluating: an overflow, an absent value
          {"unsupported": "..."}     outside the language, or refused by the static check

    Facts may be nested or have dotted names. Names of the attribute schema have its types; the types of other names
    are those of their values. Durations are "30s" or a number of seconds. Reads FILE, or standard input. A line that
    is no such object is answered {"invalid": "..."}; the exit code is then 1.
    """
    reads = scope()
    good = True
    for line in lines:
        if not line.strip():
            continue
        answer = answered(line, reads)
        good = good and "invalid" not in answer
        click.echo(json.dumps(answer, ensure_ascii=True))
    if not good:
        raise click.exceptions.Exit(1)


def answered(line: str, reads: Any) -> dict[str, Any]:
    """The answer to one line."""
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"invalid": f"this line is not JSON: {error}"}
    expression = asked.get("expr") if isinstance(asked, dict) else None
    facts = asked.get("facts", {}) if isinstance(asked, dict) else None
    if not isinstance(expression, str) or not isinstance(facts, dict):
        return {"invalid": 'expected {"expr": "text", "facts": {...}}'}
    return evaluate_condition(expression, facts, reads)
