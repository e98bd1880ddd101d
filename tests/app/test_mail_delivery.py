"""Mails leave through a real mail server on loopback, wait while it is away, and are given up when it says never.

Mutants seen to fail here: a refusal of the server taken for a delivery; STARTTLS left out when the server has none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from email import message_from_bytes, policy
from typing import Any

from receivers import Office, mailing

from aparte.outbox.compose import mail
from aparte.settings import Mail


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


def settings(port: int, **more: Any) -> dict[str, Any]:
    return {"mail": Mail(host="127.0.0.1", port=port, sender="chat@shop.example", **{"tls": "none", **more})}


def test_a_mail_arrives_once_as_text_with_its_words_whole() -> None:
    async def scene() -> None:
        async with mailing() as (box, port):
            office = Office(**settings(port))
            post = office.start()
            assert await post.send_mail("a", "ann@shop.example", "Réinitialiser", "Bonjour é €\n.\nFrom here\n")
            await office.until(lambda: box.got and not post.lanes)
            [got] = box.got
            assert (got.mail_from, got.rcpt_tos) == ("chat@shop.example", ["ann@shop.example"])
            read = message_from_bytes(got.content, policy=policy.default)
            assert (read["Subject"], read["To"], read["From"]) == (
                "Réinitialiser", "ann@shop.example", "chat@shop.example",
            )  # fmt: skip
            assert read.get_content().replace("\r\n", "\n") == "Bonjour é €\n.\nFrom here\n"
            assert office.store.outbox_counts() == []
            [item] = office.store._outbox.values()
            assert (item.state, item.data, read["Message-ID"]) == ("delivered", "", f"<{item.event_id}@shop.example>")
            await office.stop()

    play(scene)


def test_a_server_that_is_away_is_asked_again_with_the_same_id_and_others_do_not_wait() -> None:
    async def scene() -> None:
        async with mailing() as (box, port):
            office = Office(**settings(port))
            box.refuse = "451 try later"
            post = office.start()
            await post.send_mail("a", "ann@shop.example", "first", "t")
            await office.until(lambda: office.store._outbox[1].attempts == 1 and not post.lanes)
            assert office.store._outbox[1].answer == "451 try later"
            box.refuse = ""
            await post.send_mail("a", "ann@shop.example", "second", "t")
            await office.until(lambda: len(box.got) == 1)
            office.clock += 10_000
            await office.until(lambda: len(box.got) == 2 and not post.lanes)
            subjects = [message_from_bytes(one.content)["Subject"] for one in box.got]
            assert subjects == ["second", "first"]
            await office.stop()

    play(scene)


def test_what_the_server_will_never_take_is_given_up_at_once() -> None:
    async def scene() -> None:
        async with mailing() as (box, port):
            office = Office(**settings(port))
            box.refuse = "554 no such thing"
            post = office.start()
            await post.send_mail("a", "ann@shop.example", "first", "t")
            await office.until(lambda: office.store.dead_letters("a"))
            assert office.store.dead_letters("a")[0].answer.startswith("554")
            await office.stop()

    play(scene)


def test_a_server_without_starttls_gets_neither_password_nor_mail() -> None:
    async def scene() -> None:
        async with mailing() as (box, port):
            office = Office(**settings(port, tls="starttls", user="u", password="p"))
            post = office.start()
            answered = await post.try_mail(mail("ann@shop.example", "s", "t"))
            assert not answered.delivered
            assert "STARTTLS" in answered.words
            assert box.got == []
            await office.stop()

    play(scene)


def test_without_settings_no_mail_is_kept_and_no_thread_waits() -> None:
    async def scene() -> None:
        office = Office()
        post = office.start()
        assert not await post.send_mail("a", "ann@shop.example", "s", "t")
        assert office.store._outbox == {}
        await office.stop()

    play(scene)


def test_a_mail_server_that_is_silent_does_not_hold_the_end_of_the_process() -> None:
    async def scene() -> None:
        server = await asyncio.start_server(lambda reader, writer: asyncio.sleep(0), "127.0.0.1", 0)
        async with server:
            office = Office(**settings(server.sockets[0].getsockname()[1]))
            post = office.start()
            post.mailer.timeout_s = 60
            await post.send_mail("a", "ann@shop.example", "s", "t")
            await office.until(lambda: post.lanes)
            async with asyncio.timeout(10):
                await office.stop()
            assert office.store._outbox[1].state == "pending"

    play(scene)
