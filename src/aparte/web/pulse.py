"""`POST /v1/pulse`: how its body is read, and how the engine's answer is written."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from msgspec import Struct

from aparte.engine.ports import OfferShown, PulseAnswer
from aparte.sites.model import Site
from aparte.targeting.model import Appearance
from aparte.tracking import timestamps
from aparte.web.answers import Refusal

LOOK = Appearance.__struct_fields__


class PulseBody(Struct, rename={"sent_at": "sentAt"}):
    """What a tag sends; members of a wrong kind count as absent."""

    key: Any = None
    token: Any = None
    consent: Any = None
    visible: Any = True
    sent_at: Any = None
    language: Any = None
    events: list[msgspec.Raw] | None = None

    @property
    def lines(self) -> list[bytes]:
        """The messages."""
        return [bytes(raw) for raw in self.events or ()]

    @property
    def sent_ms(self) -> int | None:
        """When the browser's clock said that it was sent."""
        if isinstance(self.sent_at, bool) or not isinstance(self.sent_at, (str, int, float)):
            return None
        found = timestamps.parse(str(self.sent_at))
        return found[0] if found else None


_decode = msgspec.json.Decoder(PulseBody).decode


def read_pulse(body: bytes) -> PulseBody:
    """The pulse in a body; Refusal 400 when it is none."""
    try:
        return _decode(body)
    except (ValueError, RecursionError):
        return _leniently(body)


def _leniently(body: bytes) -> PulseBody:
    # One event with a NaN must not take its neighbours with it.
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_int=lambda text: int(text) if len(text) < 30 else 1e308)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refusal(400, "unreadable", "the body is not a JSON object")
    events = found.get("events") or []
    if not isinstance(events, list):
        raise Refusal(400, "unreadable", "events is not a list")
    raw = [msgspec.Raw(json.dumps(event).encode()) for event in events]
    named = {name: found.get(name) for name in ("key", "token", "consent", "language")}
    return PulseBody(**named, visible=found.get("visible", True), sent_at=found.get("sentAt"), events=raw)


def language_of(site: Site, wanted: Any) -> str:
    """The site's language that is nearest to what the page asks for: `fr-CA` is served in `fr`."""
    if isinstance(wanted, str):
        for tag in (wanted[:35], wanted[:35].partition("-")[0].lower()):
            if tag in site.languages:
                return tag
    return site.language


def write_answer(answer: PulseAnswer, site: Site, language: str, now: int, visitor: str, token: str | None) -> bytes:
    """The JSON of an answer; `token` only when it is new."""
    conversation = answer.conversation
    found: dict[str, Any] = {"token": token} if token else {}
    found |= {
        "visitor": visitor,
        "counts": answer.counts,
        "offer": _offer(answer.offer, site, language, now) if answer.offer else None,
        "conversation": {"id": conversation.id, "state": conversation.state, "head": conversation.head}
        if conversation
        else None,
        "agents": answer.agents,
        "button": site.button and answer.button,
        "help": answer.help,
        "wake_in_ms": answer.wake_in_ms,
    }
    return msgspec.json.encode(found)


def _offer(shown: OfferShown, site: Site, language: str, now: int) -> dict[str, Any]:
    message = shown.offer.message
    if not isinstance(message, str):
        near = next((one for one in (language, site.language, *message) if one in message), None)
        language, message = (near, message[near]) if near else (language, "")
    return {
        "engagement": shown.engagement,
        "channel": shown.offer.channel,
        "message": message,
        "language": language,
        "appearance": shown.appearance and {name: getattr(shown.appearance, name) for name in LOOK},
        "expires_in_ms": max(0, shown.expires_at - now),
        "state": shown.state,
        "ask": shown.offer.ask,
    }
