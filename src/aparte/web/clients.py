"""What tags ask for before they send: our own configuration, and what the browser SDKs of others expect to hear."""

from __future__ import annotations

from typing import Any

import msgspec

from aparte.sites.model import Site
from aparte.sites.settings import sound
from aparte.targeting.model import Text


def config(site: Site, label: Text, help: str) -> bytes:
    """`GET /v1/config`, for our own tag.

    `label` is what the campaign file writes on the button, `help`: what a visitor can have now.
    """
    labels = label if isinstance(label, dict) else dict.fromkeys(site.languages, label)
    look = sound(site.look)
    launchers = {language: {"launcher": text} for language, text in labels.items() if text}
    return msgspec.json.encode(
        {
            "site": site.id,
            "mode": site.mode,
            "language": site.language,
            "languages": site.languages,
            "button": site.button,
            "help": help,
            "query": site.query,
            "look": {name: getattr(look, name) for name in look.__struct_fields__},
            "words": {
                language: launchers.get(language, {}) | site.words.get(language, {}) for language in site.languages
            },
        }
    )


def segment_settings(key: str, host: str, scheme: str) -> bytes:
    """`GET /v1/projects/{key}/settings`: analytics-next takes its key and its host from here, and reports to nobody."""
    enabled: dict[str, Any] = {"enabled": True, "integrations": {}}
    return msgspec.json.encode(
        {
            "integrations": {
                "Segment.io": {
                    "apiKey": key,
                    "apiHost": f"{host}/v1",
                    "protocol": scheme,
                    "unbundledIntegrations": [],
                    "addBundledMetadata": False,
                    "maybeBundledConfigIds": {},
                    "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
                }
            },
            "plan": {
                "track": {"__default": enabled},
                "identify": {"__default": enabled},
                "group": {"__default": enabled},
            },
            "edgeFunction": {},
            "analyticsNextEnabled": True,
            "middlewareSettings": {},
            "enabledMiddleware": {},
            "metrics": {"sampleRate": 0},
            "legacyVideoPluginsEnabled": False,
            "remotePlugins": [],
        }
    )


def rudder_settings(site: Site, key: str) -> bytes:
    """`GET /sourceConfig/`: a source without destinations that reports neither errors nor metrics."""
    off = {"enabled": False}
    return msgspec.json.encode(
        {
            "source": {
                "id": site.id,
                "name": site.name,
                "writeKey": key,
                "workspaceId": site.id,
                "enabled": True,
                "config": {"statsCollection": {"errors": off, "metrics": off}},
                "destinations": [],
                "dataplanes": {},
            }
        }
    )
