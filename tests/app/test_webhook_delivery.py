"""Webhooks arrive at least once, in their order, signed; nobody waits for another's receiver.

Mutants seen to fail here: another event_id at each attempt; marked before the POST; a redirect followed; the name
resolved again for the connection; one task for all lanes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest
from receivers import Office, receiving

from aparte.app.posting import Poster
from aparte.backends.sqlite.store import open_store
from aparte.kit.errors import BadInput
from aparte.outbox.sign import verify
from aparte.outbox.store import Again
from aparte.settings import Outbox

LOCAL = {"outbox": Outbox(allow=("127.0.0.1/32",))}


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


def test_what_happened_arrives_once_signed_and_in_order() -> None:
    async def scene() -> None:
        office = Office(**LOCAL)
        async with receiving() as (receiver, port):
            await office.webhook(f"http://127.0.0.1:{port}/hook?x=1")
            ids = [await office.happens("w1") for _ in range(45)]
            office.start()
            await office.until(lambda: "pending" not in office.states())
            assert receiver.ids == ids
            assert [one["json"]["data"]["n"] for one in receiver.got] == list(range(1, 46))
            one = receiver.got[0]
            assert one["first"] == "POST /hook?x=1 HTTP/1.1"
            assert verify("secret of w1", one["headers"]["aparte-signature"], one["body"], office.clock // 1000)
            assert office.store.deliveries("w1", 1)[0].data == ""
            await office.stop()

    play(scene)


def test_a_receiver_that_fails_is_tried_again_in_order_and_keeps_nobody_waiting() -> None:
    async def scene() -> None:
        office = Office(**LOCAL)
        async with receiving() as (bad, bad_port), receiving() as (good, good_port):
            bad.status = lambda number: 500 if number < 3 else 200
            await office.webhook(f"http://127.0.0.1:{bad_port}/", "w1")
            await office.webhook(f"http://127.0.0.1:{good_port}/", "w2")
            first, second = [await office.happens("w1", "w2") for _ in range(2)]
            post = office.start()
            await office.until(lambda: office.states("w2") == ["delivered"] * 2 and bad.got and not post.lanes)
            assert bad.ids == [first]
            assert office.store.pending_of("w1")[0].due_at == office.clock + 10_000
            office.clock += 9_999
            await asyncio.sleep(0.1)
            assert bad.ids == [first]
            office.clock += 1
            await office.until(lambda: len(bad.got) == 2 and not post.lanes)
            assert office.store.pending_of("w1")[0].due_at == office.clock + 20_000
            office.clock += 20_000
            await office.until(lambda: office.states("w1") == ["delivered"] * 2)
            assert bad.ids == [first, first, first, second]
            assert [one["headers"]["aparte-attempt"] for one in bad.got] == ["1", "2", "3", "1"]
            assert good.ids == [first, second]
            await office.stop()

    play(scene)


def test_a_receiver_that_hangs_keeps_nobody_waiting() -> None:
    async def scene() -> None:
        office = Office(**LOCAL)
        async with receiving() as (slow, slow_port), receiving() as (good, good_port):
            slow.gate.clear()
            await office.webhook(f"http://127.0.0.1:{slow_port}/", "w1")
            await office.webhook(f"http://127.0.0.1:{good_port}/", "w2")
            await office.happens("w1", "w2")
            post = office.start()
            await office.until(lambda: slow.got and office.states("w2") == ["delivered"])
            later = await office.happens("w2")
            await office.until(lambda: good.ids[-1:] == [later] and set(post.lanes) == {"w1"})
            assert office.states("w1") == ["pending"]
            await office.stop()

    play(scene)


def test_a_process_that_dies_after_the_post_sends_it_again_with_the_same_event_id(tmp_path: Any) -> None:
    async def scene() -> None:
        store = open_store(tmp_path / "data")
        office = Office(store, **LOCAL)
        async with receiving() as (receiver, port):
            await office.webhook(f"http://127.0.0.1:{port}/")
            id = await office.happens("w1")
            receiver.gate.clear()
            office.start()
            await office.until(lambda: receiver.got)
            await office.stop()
            store.close()
            receiver.gate.set()
            office.store = store = open_store(tmp_path / "data")
            assert office.states() == ["pending"]
            office.start()
            await office.until(lambda: office.states() == ["delivered"])
            await office.stop()
            assert receiver.ids == [id, id]
            assert receiver.got[0]["body"] == receiver.got[1]["body"]
            store.close()

    play(scene)


def test_a_kill_at_any_step_loses_nothing_and_keeps_the_order() -> None:
    async def scene() -> None:
        for pause in range(24):
            office = Office(**LOCAL)
            async with receiving() as (receiver, port):
                await office.webhook(f"http://127.0.0.1:{port}/")
                ids = [await office.happens("w1") for _ in range(3)]
                office.start()
                for _ in range(pause):
                    await asyncio.sleep(0)
                await asyncio.sleep(pause / 8_000)
                await office.stop()
                office.start()
                await office.until(lambda office=office: office.states() == ["delivered"] * 3)
                await office.stop()
                assert list(dict.fromkeys(receiver.ids)) == ids, pause

    play(scene)


def test_it_is_given_up_after_a_day_shown_and_sent_again_when_somebody_asks() -> None:
    async def scene() -> None:
        office = Office(**LOCAL)
        async with receiving() as (receiver, port):
            receiver.status = lambda number: 503
            await office.webhook(f"http://127.0.0.1:{port}/")
            id = await office.happens("w1")
            post = office.start()
            post.look_s = 0.002
            await office.until(lambda: receiver.got and not post.lanes)
            attempts = 1
            while office.states() == ["pending"]:
                office.clock = office.store.pending_of("w1")[0].due_at
                attempts += 1
                await office.until(lambda n=attempts: len(receiver.got) == n and not post.lanes)
            assert 290 < attempts < 310
            [dead] = office.store.dead_letters("a")
            assert (dead.event_id, dead.answer, dead.ended_at) == (id, "503", office.clock)
            assert [(one.pending, one.dead) for one in office.store.outbox_counts()] == [(0, 1)]
            receiver.status = lambda number: 200
            await post.submit(Again(dead.id, office.clock))
            await office.until(lambda: office.states() == ["delivered"])
            assert set(receiver.ids) == {id}
            await office.stop()

    play(scene)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 100, 400, 404, 500])
def test_no_redirect_is_followed_and_only_2xx_is_a_delivery(status: int) -> None:
    async def scene() -> None:
        office = Office(**LOCAL)
        async with receiving() as (receiver, port), receiving() as (canary, canary_port):
            receiver.status = lambda number: status
            receiver.headers = f"Location: http://127.0.0.1:{canary_port}/\r\n"
            await office.webhook(f"http://127.0.0.1:{port}/")
            await office.happens("w1")
            post = office.start()
            await office.until(lambda: receiver.got and not post.lanes)
            assert office.states() == ["pending"]
            assert canary.connections == 0
            await office.stop()

    play(scene)


def test_a_webhook_that_is_switched_off_or_removed_hears_nothing_more() -> None:
    async def scene() -> None:
        office = Office(**LOCAL)
        async with receiving() as (receiver, port):
            hook = await office.webhook(f"http://127.0.0.1:{port}/")
            office.start()
            office.leaving.forget(hook)
            await office.happens("w1")
            await asyncio.sleep(0.1)
            assert receiver.connections == 0
            await office.stop()

    play(scene)


# Who answers the name


def test_a_name_that_leads_inside_is_never_connected_to_however_often_it_changes() -> None:
    async def scene() -> None:
        async with receiving() as (canary, port):
            asked = 0

            async def rebinding(host: str, port: int) -> Sequence[str]:
                nonlocal asked
                asked += 1
                return ["93.184.216.34"] if asked == 1 else ["127.0.0.1"]

            office = Office()
            poster = Poster((), resolve=rebinding, timeout_s=0.3)
            await poster.judge(f"https://rebind.example:{port}/")  # as when it is configured: public
            await office.webhook(f"https://rebind.example:{port}/")
            await office.happens("w1")
            post = office.start(resolve=rebinding)
            post.poster.timeout_s = 0.3
            await office.until(lambda: office.store.pending_of("w1")[0].attempts == 1)
            assert "refused" in office.store.pending_of("w1")[0].answer
            await office.stop()
            assert canary.connections == 0

    play(scene)


def test_the_name_is_asked_once_for_an_attempt_and_the_judged_address_is_connected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> None:
        async with receiving() as (canary, port):
            asked: list[str] = []
            connected: list[str] = []

            async def once_public(host: str, port: int) -> Sequence[str]:
                asked.append(host)
                return ["93.184.216.34", "2606:2800:220:1::1"] if len(asked) == 1 else ["127.0.0.1"]

            async def open_connection(host: str, *of: Any, **more: Any) -> Any:
                connected.append(host)
                assert more["server_hostname"] == "rebind.example"
                raise OSError("not in a test")

            monkeypatch.setattr(asyncio, "open_connection", open_connection)
            answered = await Poster((), resolve=once_public).post(f"https://rebind.example:{port}/", b"{}", ())
            assert (answered.delivered, asked) == (False, ["rebind.example"])
            assert connected == ["93.184.216.34", "2606:2800:220:1::1"]
            assert canary.connections == 0

    play(scene)


FORMS = [
    "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "localhost", "localhost.", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "user@127.0.0.1", "127.0.0.1.",
    "127。0。0。1", "0x7f.1", "%31%32%37.0.0.1", "inside.example", "both.example", "mapped.example", "link.example",
]  # fmt: skip
ANSWERS = {
    "inside.example": ["127.0.0.1"],
    "both.example": ["93.184.216.34", "127.0.0.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "link.example": ["169.254.169.254"],
}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_form_reaches_the_canary(scheme: str) -> None:
    async def scene() -> None:
        async with receiving() as (canary, port):

            async def answers(host: str, port: int) -> Sequence[str]:
                return ANSWERS.get(host, ["127.0.0.1"])

            poster = Poster((), resolve=answers, timeout_s=0.5)
            for form in FORMS:
                answered = await poster.post(f"{scheme}://{form}:{port}/", b"{}", ())
                assert answered.words.startswith("refused"), (form, answered)
                with pytest.raises(BadInput):
                    await poster.judge(f"{scheme}://{form}:{port}/")
            assert canary.connections == 0

    play(scene)


# What answers badly


@pytest.mark.parametrize(
    "bytes_",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 2000 X\r\n\r\n", b"HTTP/1.1 200 X\r\nno end: ", b"\x00" * 50_000,
     b"HTTP/1.1 100 X\r\n\r\n" * 50, b"HTTP/1.1 200 X\r\nA: " + b"a" * 200_000],
)  # fmt: skip
def test_an_answer_without_a_head_of_bounded_size_is_none(bytes_: bytes) -> None:
    async def scene() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"{}")
            writer.write(bytes_)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            answered = await Poster(("127.0.0.1",), timeout_s=2).post(f"http://127.0.0.1:{port}/", b"{}", ())
            assert not answered.delivered

    play(scene)


def test_a_body_without_end_is_not_read_and_silence_has_an_end() -> None:
    async def scene() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"{}")
            writer.write(b"HTTP/1.1 200 X\r\n\r\n")
            try:
                while True:
                    writer.write(b"a" * 65_536)
                    await writer.drain()
            except ConnectionError:
                writer.close()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        endless, mute = [await asyncio.start_server(one, "127.0.0.1", 0) for one in (serve, silent)]
        async with endless, mute:
            patient, hasty = (Poster(("127.0.0.1",), timeout_s=seconds) for seconds in (20, 0.5))
            ports = [one.sockets[0].getsockname()[1] for one in (endless, mute)]
            assert (await patient.post(f"http://127.0.0.1:{ports[0]}/", b"{}", ())).delivered
            assert (await hasty.post(f"http://127.0.0.1:{ports[1]}/", b"{}", ())).words == "timeout"

    play(scene)
