"""`aparte serve`: the server of one machine. `aparte demo`: the same, with a shop, visitors and agents."""

from __future__ import annotations

from pathlib import Path

import click

port_option = click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes one that is free.")
DATA = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--data", type=DATA, required=True, help="Where everything is kept; made when it is not there.")
@port_option
@click.option("--host", help="The address to listen on; 127.0.0.1 unless settings say otherwise.")
@click.option("--upgrade", is_flag=True, help="Take over from the server that runs on this folder; nobody is refused.")
def serve(data: Path, port: int | None, host: str | None, upgrade: bool) -> None:
    """Serve the sites of a data folder.

    The first time, it makes a site called `default` and prints its keys and a link for the first member of staff.
    The campaigns of a site are read from DATA/campaigns/SITE.toml.

    With --upgrade a running server of the folder hands over its listening socket, then drains and ends; without one
    this is an ordinary start. A socket of systemd (LISTEN_FDS) is taken too.
    """
    from aparte.app.serve import serve as run  # noqa: PLC0415  # the web server's parts load slowly

    run(data, host, port, upgrade=upgrade)


@click.command()
@click.option("--data", type=DATA, help="Where everything is kept; a temporary folder that goes afterwards by default.")
@port_option
@click.option("--visitors", type=click.IntRange(0, 500), default=25, show_default=True, help="Simulated visitors.")
@click.option("--no-simulation", is_flag=True, help="Neither simulated visitors nor simulated agents.")
@click.option("--no-history", is_flag=True, help="Begin with an empty log instead of four weeks.")
def demo(data: Path | None, port: int | None, visitors: int, no_simulation: bool, no_history: bool) -> None:
    """Try it: a shop with visitors and agents in the browser.

    It listens on this machine only. Without --data everything goes when it ends.
    """
    from aparte.app.demo import demo as run  # noqa: PLC0415  # the web server's parts load slowly

    run(data, 8080 if port is None else port, visitors, simulation=not no_simulation, past=not no_history)
