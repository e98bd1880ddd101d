"""`aparte plan claims`: what the two papers claim, worked out again."""

from __future__ import annotations

import json

import click
import msgspec

from aparte.cli.shared import Screen
from aparte.kit.errors import BadInput
from aparte.planning.claims import Claim
from aparte.planning.claims import claims as worked_out
from aparte.reports.claim_words import Told, told

HEADS = {"en": ("from", "gives"), "fr": ("à partir de", "donne")}


@click.command(short_help="What is claimed of chat, worked out again, with a verdict.")
@click.option("--only", multiple=True, metavar="Hn", help="This claim; may be repeated. [default: all]")
@click.option("--set", "changed", multiple=True, metavar="Hn.INPUT=VALUE", help="With another input; may be repeated.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Of the text.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as one JSON object.")
def claims(*, only: tuple[str, ...], changed: tuple[str, ...], language: str, as_json: bool) -> None:
    """What is claimed of chat (H1 to H22), each worked out again from its own figures, and whether it follows.

    Verdicts are made from the figures by rules: with other inputs they are others. Shares are fractions, 0.02 is 2 %.
    See docs/reference/plan.md#claims.

    \b
    aparte plan claims --only H4 --set H4.base_high=0.03 --language fr
    """
    found = chosen(worked_out(inputs_of(changed)), only)
    if as_json:
        rows = [as_row(one) for one in found]
        click.echo(json.dumps({"claims": rows}, ensure_ascii=False, indent=1, allow_nan=False))
        return
    screen = Screen(highlight=False, soft_wrap=True, markup=False)
    for one in found:
        show(screen, one, told(one, language), language)


def inputs_of(changed: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """`H4.base_high=0.03` for each; BadInput."""
    found: dict[str, dict[str, float]] = {}
    for one in changed:
        name, equals, value = one.partition("=")
        id, dot, name = name.partition(".")
        if not (equals and dot):
            raise BadInput(f"{one[:60]!r} sets nothing", where="--set", hint="write H4.base_high=0.03")
        try:
            found.setdefault(id, {})[name] = float(value)
        except ValueError:
            raise BadInput(f"{value[:40]!r} is not a number", where=one[:60], hint="write 0.03") from None
    return found


def chosen(found: tuple[Claim, ...], only: tuple[str, ...]) -> tuple[Claim, ...]:
    """Those asked for; BadInput for one that is not there."""
    for id in only:
        if all(one.id != id for one in found):
            raise BadInput("there is no such claim", where=id[:40], hint="H1 to H22")
    return tuple(one for one in found if not only or one.id in only)


def as_row(one: Claim) -> dict[str, object]:
    """A claim for programs: its figures, and what it says in both languages."""
    texts = {language: told(one, language) for language in ("en", "fr")}
    row: dict[str, object] = msgspec.to_builtins(one)
    return row | {
        "says": {language: text.says for language, text in texts.items()},
        "why": {language: text.why for language, text in texts.items()},
    }


def show(screen: Screen, one: Claim, text: Told, language: str) -> None:
    """A claim for people: what is said, the verdict and why, from what, and what came out."""
    given, gives = HEADS[language]
    colon = "\u00a0: " if language == "fr" else ": "
    screen.print(f"{one.id} ({', '.join(one.lines)})  {text.says}")
    screen.print(f"  {text.verdict}{colon}{text.why}")
    for head, pairs in ((given, text.inputs), (gives, text.figures)):
        screen.print(f"  {head}{colon}" + "; ".join(f"{label} {value}" for label, value in pairs))
    screen.print()
