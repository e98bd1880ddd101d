"""`aparte templates`: ready-made segments, messages and campaigns."""

from __future__ import annotations

import click

from aparte.kit.errors import BadInput
from aparte.targeting.shape import near
from aparte.targeting.templates import campaign_templates, message_templates, segment_templates


@click.group(short_help="Ready-made segments and campaigns.", invoke_without_command=True)
@click.pass_context
def templates(context: click.Context) -> None:
    """Segments, messages and campaigns to begin with, by sector; change what you like."""
    if context.invoked_subcommand is None:
        context.invoke(list_)


@templates.command("list", short_help="What there is.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="en", show_default=True)
def list_(language: str = "en") -> None:
    """Names, sectors and what each is for."""
    for segment in segment_templates():
        click.echo(f"segment   {segment.name:<20} {segment.doc[language]}")
    for campaign in campaign_templates():
        click.echo(f"{campaign.sector:<9} {campaign.name:<20} {campaign.doc[language]}")
    for message in message_templates():
        click.echo(f"message   {message.sector + '/' + message.situation:<20} {message.text[language]}")


@templates.command(short_help="One of them, as TOML.")
@click.argument("name")
def show(name: str) -> None:
    """Print a template as a piece of a campaign file, to paste; a message as SECTOR/SITUATION."""
    found = {one.name: one.toml for one in segment_templates()}
    found |= {one.name: one.toml for one in campaign_templates()}
    for one in message_templates():
        texts = ", ".join(f'{language} = "{text}"' for language, text in one.text.items())
        found[f"{one.sector}/{one.situation}"] = f"message = {{ {texts} }}\n"
    if name not in found:
        raise BadInput(f"there is no template {name!r}", hint=near(name, found).strip() or "aparte templates list")
    click.echo(found[name], nl=False)
