"""Campaign files on disk, and where a data folder keeps them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec

from aparte.kit.errors import BadInput, Unavailable
from aparte.targeting.campaign import Campaigns, Loader, load, no_campaigns
from aparte.targeting.locate import Positions
from aparte.targeting.model import CampaignFile
from aparte.targeting.store import CampaignReader


def read_text(path: Path) -> str:
    """The text of a file; Unavailable, in one line, when there is none."""
    try:
        return path.read_bytes().decode("utf-8")  # as it is: line ends, and the byte order mark of some editors
    except FileNotFoundError:
        raise Unavailable("there is no such file", where=str(path)) from None
    except IsADirectoryError:
        raise Unavailable("this is a directory", where=str(path), hint="name a file") from None
    except PermissionError:
        raise Unavailable("this file may not be read", where=str(path), hint="check its permissions") from None
    except UnicodeDecodeError as error:
        raise Unavailable(f"this is not UTF-8 text (byte {error.start})", where=str(path)) from None


def load_campaigns(path: Path, skills: Collection[str] | None = None) -> Campaigns:
    """A checked and compiled campaign file; one that ends with .json holds the same as JSON. `skills`: see load."""
    if path.suffix == ".json":
        return load_json(read_text(path), str(path))
    return load(read_text(path), str(path), skills)


def load_json(text: str, name: str) -> Campaigns:
    """A campaign file as JSON, as a page edits it."""
    try:
        return Loader(msgspec.json.decode(text, type=CampaignFile), name, Positions("")).load()
    except msgspec.MsgspecError as error:
        raise BadInput(f"this is no campaign file: {error}", where=name) from None


def campaigns_path(data: Path, site: str) -> Path:
    """Where a site's campaigns are."""
    return data / "campaigns" / f"{site}.toml"


def campaigns_of(data: Path, site: str) -> Campaigns:
    """A site's campaigns, checked; none when there is no file. BadInput when the file is for another site."""
    path = campaigns_path(data, site)
    if not path.exists():
        return no_campaigns(site)
    found = load_campaigns(path)
    if found.file.site.id != site:
        raise BadInput(f"this file is for the site {found.file.site.id}", where=str(path), hint=f'write id = "{site}"')
    return found


def campaigns_in_force(reader: CampaignReader, data: Path, site: str) -> Campaigns:
    """What rules at a site: the published version, else what its folder will seed it with."""
    stored = reader.campaigns_in_force(site)
    return campaigns_of(data, site) if stored is None else load(stored.text, f"version {stored.version} of {site}")
