"""Webhooks and mails over TLS: only to whom an authority that is believed has given a certificate of this name.

Mutants seen to fail here: the host of a certificate is not looked at; certificates are not looked at for mail.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from receivers import Mailbox, Office, Receiver
from tls_world import HOST, Authority

from aparte.app import mailing
from aparte.settings import Mail, Outbox

SHOWN: dict[str, Callable[[Authority], ssl.SSLContext]] = {
    "valid": Authority.shows,
    "wrong host": lambda authority: authority.shows("elsewhere.test"),
    "expired": lambda authority: authority.shows(until=-timedelta(days=1)),
    "self-signed": Authority.shows_nobodys,
}
REASONS = {
    "wrong host": "Hostname mismatch",
    "expired": "certificate has expired",
    "self-signed": "unable to get local issuer certificate",
}


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 30))


async def here(host: str, port: int) -> list[str]:
    """Every name is here."""
    return ["127.0.0.1"]


@asynccontextmanager
async def receiving(context: ssl.SSLContext) -> AsyncIterator[tuple[Receiver, int]]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield receiver, server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("shown", SHOWN)
def test_a_webhook_is_delivered_to_a_certificate_of_its_name_and_to_no_other(shown: str, tmp_path: Path) -> None:
    async def scene() -> None:
        authority = Authority(tmp_path)
        async with receiving(SHOWN[shown](authority)) as (receiver, port):
            office = Office(outbox=Outbox(allow=("127.0.0.1/32",)))
            await office.webhook(f"https://{HOST}:{port}/hook")
            await office.happens("w1")
            post = office.start(resolve=here)
            post.poster.context = authority.trusted
            await office.until(lambda: office.store.deliveries("w1", 1)[0].answer and not post.lanes)
            if shown != "valid":
                assert office.states() == ["pending"]
                office.clock += 25 * 3_600_000  # a day later it is given up, and the reason stands there
                await office.until(lambda: office.states() == ["dead"])
            [one] = office.store.deliveries("w1", 1)
            assert (one.state, bool(receiver.got)) == (("delivered", True) if shown == "valid" else ("dead", False))
            assert one.answer == "204" if shown == "valid" else REASONS[shown] in one.answer
            await office.stop()

    play(scene)


@asynccontextmanager
async def mail_server(tls: str, context: ssl.SSLContext) -> AsyncIterator[tuple[Mailbox, int]]:
    """By `starttls`, or with TLS from the first byte."""
    box, loop = Mailbox(), asyncio.get_running_loop()
    more: dict[str, Any] = {"tls_context": context, "require_starttls": True} if tls == "starttls" else {}
    whole = context if tls == "tls" else None
    made = lambda: SMTP(box, hostname="mail.test", loop=loop, **more)  # noqa: E731
    server = await loop.create_server(made, "127.0.0.1", 0, ssl=whole)
    async with server:
        yield box, server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("shown", SHOWN)
def test_a_mail_is_handed_to_a_certificate_of_the_servers_name_and_to_no_other(
    shown: str, tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        authority = Authority(tmp_path)
        host = {"wrong host": "elsewhere.test"}.get(shown, "localhost")
        made = authority.shows(host) if shown in ("valid", "wrong host") else None
        if shown == "expired":
            made = authority.shows(host, until=-timedelta(days=1))
        context = made or authority.shows_nobodys()
        monkeypatch.setattr(mailing, "trusted", lambda: authority.trusted)
        async with mail_server(tls, context) as (box, port):
            settings: Any = {"host": "localhost", "port": port, "sender": "chat@shop.example", "tls": tls}
            office = Office(mail=Mail(**settings))
            post = office.start()
            await post.send_mail("a", "ann@shop.example", "Hello", "t")
            await office.until(lambda: office.store._outbox[1].answer and not post.lanes, 10)
            if shown != "valid":
                office.clock += 25 * 3_600_000
                await office.until(lambda: office.store._outbox[1].state == "dead", 10)
            one = office.store._outbox[1]
            assert (one.state, len(box.got)) == (("delivered", 1) if shown == "valid" else ("dead", 0))
            assert one.answer == "250" if shown == "valid" else REASONS[shown] in one.answer
            await office.stop()

    play(scene)
